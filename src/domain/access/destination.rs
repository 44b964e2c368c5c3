//! Where others show data.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::measure::time::UtcDateTime;
use crate::domain::request::fields as read;
use crate::domain::request::form::{Form, FromForm, Slot};

/// Kinds of destinations.
pub const KINDS: &[&str] = &["data_portal", "map_service", "web_page", "document"];

/// A destination as clients see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Destination {
    /// Key.
    pub id: i32,
    /// When it was stored.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: UtcDateTime,
    /// What it is called in paths; unique.
    pub slug: String,
    /// What it is called.
    pub name: String,
    /// `data_portal`, `map_service`, `web_page` or `document`.
    pub destination_kind: String,
    /// Free text.
    pub description: Option<String>,
    /// Whether anything is shown there.
    pub active: bool,
}

/// Body of `POST /access/destination`.
#[derive(Clone, Debug, PartialEq, Eq, ToSchema)]
pub struct CreateDestination {
    /// What it is called in paths: lower-case letters, digits, hyphens and underscores; unique.
    pub slug: String,
    /// What it is called.
    pub name: String,
    /// `data_portal`, `map_service`, `web_page` or `document`.
    pub destination_kind: String,
    /// Free text.
    pub description: Option<String>,
    /// Whether anything is shown there; true when absent.
    #[schema(required = false)]
    pub active: bool,
}

impl FromForm for CreateDestination {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let slug = form.required("slug", slug);
        let name = form.required("name", read::name(255));
        let destination_kind = form.required("destination_kind", read::one_of(KINDS));
        let description = form.optional("description", read::text);
        let active = form.or("active", true, read::boolean);
        Some(Self {
            slug: slug?,
            name: name?,
            destination_kind: destination_kind?,
            description: description?,
            active: active?,
        })
    }
}

/// What can stand in a path as it is.
fn slug(slug: &mut Slot<'_>) -> Option<String> {
    let text = read::name(50)(slug)?;
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte);
    if text.bytes().all(plain) {
        return Some(text);
    }
    slug.refuse_value("A slug is made of lower-case letters, digits, hyphens and underscores")
}
