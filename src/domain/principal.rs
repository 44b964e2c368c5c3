//! Who asks, what he may do, and what he may see.

use crate::domain::measure::decimals::Decimals;

/// What a principal may do. Each level of a family includes the ones below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Reads.
    Viewer,
    /// Changes records.
    Editor,
    /// Creates and removes records.
    Admin,
    /// Reads observations and contacts.
    AmpViewer,
    /// Changes observations and contacts.
    AmpEditor,
    /// Creates and removes observations and contacts.
    AmpAdmin,
    /// Writes the vocabulary.
    LexiconEditor,
    /// Reads what is not released through OGC API, and makes API keys of his own for that.
    OgcInternal,
}

/// Which rows a principal may see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sight {
    /// All of them.
    #[default]
    Everything,
    /// Rows that are public (or embargoed until a day that has come), and whose parents are public too; no contacts, no internal
    /// columns.
    PublicRows,
    /// As [`Self::PublicRows`], with the coordinates of places rounded.
    PublicRounded(Decimals),
}

impl Sight {
    /// True for who sees public rows only.
    pub fn is_public(self) -> bool {
        self != Self::Everything
    }

    /// To what the coordinates of places are rounded, if they are.
    pub fn decimals(self) -> Option<Decimals> {
        match self {
            Self::PublicRounded(decimals) => Some(decimals),
            Self::Everything | Self::PublicRows => None,
        }
    }

    /// Degrees as they are shown.
    pub fn degrees(self, exact: f64) -> f64 {
        self.decimals().map_or(exact, |decimals| decimals.round(exact))
    }
}

/// Which roles a principal holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Grants {
    /// Every role.
    #[default]
    All,
    /// These, and what they include.
    Some(Vec<Role>),
}

impl Grants {
    /// True when `role` is among them, or included in one of them.
    pub fn include(&self, role: Role) -> bool {
        match self {
            Self::All => true,
            Self::Some(held) => held.iter().any(|held| held.includes(role)),
        }
    }
}

impl Role {
    fn includes(self, other: Self) -> bool {
        let level = |role| match role {
            Self::Viewer => (0, 0),
            Self::Editor => (0, 1),
            Self::Admin => (0, 2),
            Self::AmpViewer => (1, 0),
            Self::AmpEditor => (1, 1),
            Self::AmpAdmin => (1, 2),
            Self::LexiconEditor => (2, 0),
            Self::OgcInternal => (3, 0),
        };
        let ((family, own), (wanted_family, wanted)) = (level(self), level(other));
        family == wanted_family && own >= wanted
    }
}

/// Who asks. While authentication is disabled everybody is the same nameless principal who may do and see everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Principal {
    /// The token's `sub`, for the audit columns.
    pub id: Option<String>,
    /// The token's `name`, for the audit columns.
    pub name: Option<String>,
    /// What he may do.
    pub grants: Grants,
    /// What he may see.
    pub sight: Sight,
    /// The API key that he showed, when it was not a token.
    pub api_key: Option<i32>,
    /// Who made that key for himself: what he asks for by all his keys counts as his.
    pub owner: Option<String>,
}

impl Principal {
    /// Under which name his requests are counted, when he says who he is.
    pub fn counted_as(&self) -> Option<&str> {
        self.owner.as_deref().or(self.id.as_deref())
    }

    /// Somebody who does not say who he is: no roles, and public rows only, with coordinates rounded where that is asked for.
    pub fn anonymous(decimals: Option<Decimals>) -> Self {
        Self { grants: Grants::Some(Vec::new()), sight: Self::public(decimals), ..Self::default() }
    }

    /// The same person, who sees what anybody sees.
    #[must_use]
    pub fn as_anybody(&self, decimals: Option<Decimals>) -> Self {
        Self { sight: Self::public(decimals), ..self.clone() }
    }

    /// True for who may read observations, those that he sees, along with what they were made at.
    pub fn reads_observations(&self) -> bool {
        self.grants.include(Role::AmpViewer)
    }

    fn public(decimals: Option<Decimals>) -> Sight {
        decimals.map_or(Sight::PublicRows, Sight::PublicRounded)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_includes_the_ones_below_it_in_its_family() {
        let editor = Grants::Some(vec![Role::Editor]);
        assert!(editor.include(Role::Viewer) && editor.include(Role::Editor));
        assert!(!editor.include(Role::Admin) && !editor.include(Role::AmpViewer));
        assert!(Grants::All.include(Role::LexiconEditor));
    }
}
