//! What was done during a visit: a water level, a chemistry sample, an inventory.

use serde::Serialize;
use utoipa::ToSchema;

use super::form::{Form, FromForm, Patch};
use super::read;
use super::time::UtcDateTime;

/// An activity as clients see it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FieldActivity {
    /// Key.
    pub id: i32,
    /// When it was stored.
    #[schema(value_type = String)]
    pub created_at: UtcDateTime,
    /// Term of `release_status`.
    pub release_status: Option<String>,
    /// The visit.
    pub field_event_id: i32,
    /// Term of `activity_type`; it is also the type of the observations made in it.
    pub activity_type: String,
    /// Free text.
    pub notes: Option<String>,
}

/// Body of `POST /field-activity`.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct CreateFieldActivity {
    /// The visit; it must exist.
    pub field_event_id: i64,
    /// Term of `activity_type`.
    pub activity_type: String,
    /// Free text.
    pub notes: Option<String>,
    /// Term of `release_status`; `draft` when absent.
    #[schema(required = false)]
    pub release_status: String,
}

impl FromForm for CreateFieldActivity {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let field_event_id = form.required("field_event_id", read::integer);
        let activity_type = form.required("activity_type", read::term("activity_type"));
        let notes = form.optional("notes", read::text);
        let release_status = form.or("release_status", super::draft(), read::release_status);
        Some(Self {
            field_event_id: field_event_id?,
            activity_type: activity_type?,
            notes: notes?,
            release_status: release_status?,
        })
    }
}

/// Body of `PATCH /field-activity/{field_activity_id}`; every field may be absent.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct UpdateFieldActivity {
    /// The visit; it must exist.
    pub field_event_id: Option<i64>,
    /// Term of `activity_type`.
    pub activity_type: Option<String>,
    /// Free text.
    #[schema(value_type = Option<String>)]
    pub notes: Patch<String>,
    /// Term of `release_status`.
    #[schema(value_type = Option<String>)]
    pub release_status: Patch<String>,
}

impl FromForm for UpdateFieldActivity {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let field_event_id = form.patch_required("field_event_id", read::integer);
        let activity_type = form.patch_required("activity_type", read::term("activity_type"));
        let notes = form.patch("notes", read::text);
        let release_status = form.patch("release_status", read::release_status);
        Some(Self {
            field_event_id: field_event_id?,
            activity_type: activity_type?,
            notes: notes?,
            release_status: release_status?,
        })
    }
}
