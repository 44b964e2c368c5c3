//! Notes on a thing, a location or a contact.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::measure::time::UtcDateTime;
use crate::domain::request::fields as read;
use crate::domain::request::form::{Form, FromForm};

/// A note as clients see it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Note {
    /// Key.
    pub id: i32,
    /// When it was stored.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: UtcDateTime,
    /// Term of `release_status`.
    pub release_status: Option<String>,
    /// The day from which on it is public, for the status `embargoed`. Left out with any other.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub release_at: Option<chrono::NaiveDate>,
    /// Term of `note_type`.
    pub note_type: String,
    /// The text.
    pub content: String,
    /// Key of the row that the note is about.
    pub target_id: i32,
    /// Its table: `thing`, `location` or `contact`.
    pub target_table: String,
}

/// A note to be stored with its parent.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct CreateNote {
    /// Term of `note_type`.
    pub note_type: String,
    /// The text.
    pub content: String,
    /// Term of `release_status`; `draft` when absent.
    #[schema(required = false)]
    pub release_status: String,
    /// The day from which on it is public, for the status `embargoed`.
    #[schema(value_type = Option<String>, format = Date)]
    pub release_at: Option<chrono::NaiveDate>,
}

impl FromForm for CreateNote {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let note_type = form.required("note_type", read::term("note_type"));
        let content = form.required("content", read::text);
        let (release_status, release_at) = form.release();
        Some(Self {
            note_type: note_type?,
            content: content?,
            release_status: release_status?,
            release_at: release_at?,
        })
    }
}
