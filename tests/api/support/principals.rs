//! Who asks, in tests of access: a token that is a principal's name.

use std::sync::Arc;

use futures_util::future::{LocalBoxFuture, ready};
use ocotillo::auth::{Authenticator, Credential, Denied, Grants, Principal, Role, Sight};

/// May do and see everything.
pub const EVERYTHING: &str = "everything";

/// May do everything, but sees public rows only.
pub const PUBLIC: &str = "public";

/// Those who hold one role each, and are called after it.
pub const HOLDERS: [(&str, Role); 8] = [
    ("viewer", Role::Viewer),
    ("editor", Role::Editor),
    ("admin", Role::Admin),
    ("amp viewer", Role::AmpViewer),
    ("amp editor", Role::AmpEditor),
    ("amp admin", Role::AmpAdmin),
    ("lexicon editor", Role::LexiconEditor),
    ("ogc internal", Role::OgcInternal),
];

/// The token that names somebody.
pub fn token(principal: &str) -> String {
    principal.replace(' ', "-")
}

/// Takes the token's word for it. Without one nobody knows who asks.
pub struct ByName;

impl ByName {
    fn principal(shown: &Credential) -> Result<Arc<Principal>, Denied> {
        let Credential::Bearer(token) = shown else { return Err(Denied::Unauthenticated) };
        let name = token.replace('-', " ");
        let (grants, sight) = match name.as_str() {
            EVERYTHING => (Grants::All, Sight::Everything),
            PUBLIC => (Grants::All, Sight::PublicRows),
            name => {
                let held = HOLDERS.iter().find(|(holder, _)| *holder == name).ok_or(Denied::Unauthenticated)?;
                (Grants::Some(vec![held.1]), Sight::Everything)
            }
        };
        Ok(Arc::new(Principal { id: Some(id(&name)), name: Some(name), grants, sight, ..Principal::default() }))
    }
}

impl Authenticator for ByName {
    fn authenticate<'a>(&'a self, shown: &'a Credential) -> LocalBoxFuture<'a, Result<Arc<Principal>, Denied>> {
        Box::pin(ready(Self::principal(shown)))
    }

    /// Groups are called after the role that they give.
    fn grants_of(&self, groups: &[String]) -> Grants {
        let held = HOLDERS.iter().filter(|(holder, _)| groups.iter().any(|group| group == holder));
        Grants::Some(held.map(|(_, role)| *role).collect())
    }
}

/// What stands in the audit columns as somebody's id.
pub fn id(name: &str) -> String {
    format!("id of {name}")
}
