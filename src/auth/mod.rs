//! Roles: what a route asks of its caller.
//!
//! Every route declares its role by the [`crate::api::Caller`] extractor. Until access control lands, the only mode is
//! `disabled`: everybody holds every role, and the server binds loopback addresses alone.

/// What a caller may do. Each level of a family includes the ones below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Reads.
    Viewer,
    /// Changes records.
    Editor,
    /// Creates and removes records.
    Admin,
    /// Reads contacts and observations.
    AmpViewer,
    /// Changes contacts and observations.
    AmpEditor,
    /// Creates and removes contacts and observations.
    AmpAdmin,
    /// Writes the vocabulary.
    LexiconEditor,
}

impl Role {
    /// The group's name in tokens.
    pub fn group(self) -> &'static str {
        match self {
            Self::Viewer | Self::AmpViewer => "AMP.Viewer",
            Self::Editor | Self::AmpEditor => "AMP.Editor",
            Self::Admin | Self::AmpAdmin => "AMP.Admin",
            Self::LexiconEditor => "Lexicon.Editor",
        }
    }
}

/// A role as a type, for the extractor.
pub trait Requirement: 'static {
    /// The role asked for.
    const ROLE: Role;
}

macro_rules! requirements {
    ($($name:ident),*) => {$(
        #[doc = concat!("See [`Role::", stringify!($name), "`].")]
        pub struct $name;
        impl Requirement for $name {
            const ROLE: Role = Role::$name;
        }
    )*};
}

requirements!(Viewer, Editor, Admin, AmpViewer, AmpEditor, AmpAdmin, LexiconEditor);
