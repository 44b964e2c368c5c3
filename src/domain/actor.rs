//! Who does it, for the audit columns.

/// The caller as the token tells; both empty while authentication is disabled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Actor {
    /// The token's `sub`.
    pub id: Option<String>,
    /// The token's `name`.
    pub name: Option<String>,
}
