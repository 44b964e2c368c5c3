//! Grants, destinations and consents: nothing is removed, what no longer holds is revoked.

pub mod consent;
pub mod decision;
pub mod destination;
pub mod grant;

use crate::domain::principal::Principal;

/// Who does something, in words for people: the name, or the id where the token had none.
fn name_of(by: &Principal) -> Option<String> {
    by.name.clone().or_else(|| by.id.clone())
}
