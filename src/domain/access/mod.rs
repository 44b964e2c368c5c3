//! Who was given access to what, and which owner agreed to what being shown where: records, and what they come to.
//!
//! The words are the program's own, because it decides by them; they are no vocabulary that its keepers extend.

pub mod consent;
pub mod decision;
pub mod destination;
pub mod grant;

use chrono::{NaiveDate, Utc};

use crate::domain::request::fields as read;
use crate::domain::request::form::Form;

/// Who can be given access.
pub const PRINCIPAL_TYPES: &[&str] = &[USER, GROUP];
/// Somebody, by the `sub` of his tokens.
pub const USER: &str = "user";
/// Everybody in a group of the identity provider; or, as a scope, the things in a group of things.
pub const GROUP: &str = "group";

/// What somebody can be given leave to do. Each includes the ones before it.
pub const CAPABILITIES: &[&str] = &["view", "edit", "administer"];

/// What a grant is about.
pub const SCOPE_TYPES: &[&str] = &[ALL, GROUP, THING];
/// Everything: as a scope, and as a type of data.
pub const ALL: &str = "all";
/// One thing.
pub const THING: &str = "thing";

/// Types of data.
pub const DATA_TYPES: &[&str] = &[ALL, SITE, "water_level", "water_chemistry", CONTACT];
/// The things themselves, with all that is neither measured nor personal.
pub const SITE: &str = "site";
/// People.
pub const CONTACT: &str = "contact";

/// The first and the last day of something, when it may still be open. Without a first day it begins today.
fn days(form: &mut Form<'_>) -> (Option<NaiveDate>, Option<Option<NaiveDate>>) {
    let starts_at = form.or("starts_at", Utc::now().date_naive(), read::date);
    let ends_at = form.optional("ends_at", read::date);
    if let (Some(starts_at), Some(Some(ends_at))) = (starts_at, ends_at)
        && ends_at < starts_at
    {
        form.refuse_at("ends_at", "ends_at must not be before starts_at");
    }
    (starts_at, ends_at)
}
