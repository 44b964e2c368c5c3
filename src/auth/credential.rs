//! What a request shows to say who asks.

use std::fmt::{self, Debug};

use actix_web::http::header::{AUTHORIZATION, HeaderMap};

/// What a request shows. Its `Debug` never tells the secret.
#[derive(Clone, Default, PartialEq, Eq)]
pub enum Credential {
    /// Nothing.
    #[default]
    None,
    /// `Authorization: Bearer TOKEN`.
    Bearer(String),
    /// `Authorization: Basic` with a name and a password.
    Basic {
        /// The name, as it was given.
        name: String,
        /// The password.
        password: String,
    },
    /// Something that nobody can make sense of: another scheme, no text, or more than one.
    Unusable,
}

impl Credential {
    /// Reads the headers of a request.
    pub fn of(headers: &HeaderMap) -> Self {
        let mut all = headers.get_all(AUTHORIZATION);
        match (all.next(), all.next()) {
            (None, _) => Self::None,
            (Some(only), None) => only.to_str().ok().and_then(Self::parse).unwrap_or(Self::Unusable),
            (Some(_), Some(_)) => Self::Unusable,
        }
    }

    fn parse(header: &str) -> Option<Self> {
        let (scheme, rest) = header.split_once(' ')?;
        let rest = rest.trim_matches(' ');
        if scheme.eq_ignore_ascii_case("bearer") && !rest.is_empty() && !rest.contains(' ') {
            return Some(Self::Bearer(rest.to_owned()));
        }
        None
    }
}

impl Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "None",
            Self::Bearer(_) => "Bearer(..)",
            Self::Basic { .. } => "Basic(..)",
            Self::Unusable => "Unusable",
        })
    }
}
