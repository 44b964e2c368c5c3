//! What was done during a visit: a water level, a chemistry sample, an inventory.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::measure::time::UtcDateTime;
use crate::domain::request::bodies::bodies;
use crate::domain::request::fields as read;

/// An activity as clients see it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FieldActivity {
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
    /// The visit.
    pub field_event_id: i32,
    /// Term of `activity_type`; it is also the type of the observations made in it.
    pub activity_type: String,
    /// Free text.
    pub notes: Option<String>,
}

bodies! {
    /// Body of `POST /field-activity`.
    CreateFieldActivity;
    /// Body of `PATCH /field-activity/{field_activity_id}`; every field may be absent.
    UpdateFieldActivity;
    {
        /// The visit; it must exist.
        field_event_id: i64 = read::integer,
        /// Term of `activity_type`.
        activity_type: String = read::term("activity_type"),
        /// Free text.
        notes?: String = read::text
    }
}
