//! Who asks, in tests of access: a header names the principal.

use std::sync::Arc;

use actix_web::http::header::HeaderMap;
use ocotillo::auth::{Authenticator, Denied, Grants, Principal, Role, Sight};

/// The header. Without it nobody knows who asks.
pub const HEADER: &str = "x-test-principal";

/// May do and see everything.
pub const EVERYTHING: &str = "everything";

/// May do everything, but sees public rows only.
pub const PUBLIC: &str = "public";

/// Somebody whom the authenticator itself sends away.
pub const BANNED: &str = "banned";

/// Those who hold one role each, and are called after it.
pub const HOLDERS: [(&str, Role); 7] = [
    ("viewer", Role::Viewer),
    ("editor", Role::Editor),
    ("admin", Role::Admin),
    ("amp viewer", Role::AmpViewer),
    ("amp editor", Role::AmpEditor),
    ("amp admin", Role::AmpAdmin),
    ("lexicon editor", Role::LexiconEditor),
];

/// Takes the header's word for it.
pub struct ByHeader;

impl Authenticator for ByHeader {
    fn authenticate(&self, headers: &HeaderMap) -> Result<Arc<Principal>, Denied> {
        let name = headers.get(HEADER).and_then(|name| name.to_str().ok()).ok_or(Denied::Unauthenticated)?;
        let (grants, sight) = match name {
            EVERYTHING => (Grants::All, Sight::Everything),
            PUBLIC => (Grants::All, Sight::PublicRows),
            BANNED => return Err(Denied::Forbidden),
            name => {
                let held = HOLDERS.iter().find(|(holder, _)| *holder == name).ok_or(Denied::Unauthenticated)?;
                (Grants::Some(vec![held.1]), Sight::Everything)
            }
        };
        Ok(Arc::new(Principal { id: Some(id(name)), name: Some(name.to_owned()), grants, sight }))
    }
}

/// What stands in the audit columns as somebody's id.
pub fn id(name: &str) -> String {
    format!("id of {name}")
}
