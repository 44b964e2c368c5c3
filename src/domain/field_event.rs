//! Visits to a thing, and everything that was done during them.

use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use crate::domain::contact::Contact;
use crate::domain::field_event_participant::FieldEventParticipant;
use crate::domain::measure::time::UtcDateTime;
use crate::domain::observation::manual::Observation;
use crate::domain::request::fields as read;
use crate::domain::request::form::{Form, FromForm, Patch};

/// A visit as clients see it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FieldEvent {
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
    /// The thing that was visited.
    pub thing_id: i32,
    /// When; with its fraction of a second where it has one.
    #[serde(serialize_with = "exact")]
    #[schema(value_type = String, format = DateTime)]
    pub event_date: UtcDateTime,
    /// Free text.
    pub notes: Option<String>,
}

fn exact<S: Serializer>(time: &UtcDateTime, serializer: S) -> Result<S::Ok, S::Error> {
    time.exact().serialize(serializer)
}

/// A visit with its participants and everything that was done, for the details of a well.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FieldEventDetails {
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
    /// The thing that was visited.
    pub thing_id: i32,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub event_date: UtcDateTime,
    /// Free text.
    pub notes: Option<String>,
    /// Who took part.
    pub field_event_participants: Vec<FieldEventParticipant>,
    /// What was done.
    pub field_activities: Vec<FieldActivityDetails>,
}

/// Something done during a visit, with its samples.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FieldActivityDetails {
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
    /// Term of `activity_type`.
    pub activity_type: String,
    /// Free text.
    pub notes: Option<String>,
    /// What was taken or measured.
    pub samples: Vec<SampleDetails>,
}

/// A sample with its observations.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SampleDetails {
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
    /// Who took it.
    pub contact: Option<Contact>,
    /// When it was taken.
    #[schema(value_type = String, format = DateTime)]
    pub sample_date: UtcDateTime,
    /// Unique.
    pub sample_name: String,
    /// Term of `sample_matrix`.
    pub sample_matrix: String,
    /// Term of `sample_method`.
    pub sample_method: String,
    /// Term of `qc_type`.
    pub qc_type: String,
    /// Free text.
    pub notes: Option<String>,
    /// Feet below ground.
    pub depth_top: Option<f64>,
    /// Feet below ground.
    pub depth_bottom: Option<f64>,
    /// What was measured.
    pub observations: Vec<Observation>,
}

/// Body of `POST /field-event`.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct CreateFieldEvent {
    /// The thing that was visited; it must exist.
    pub thing_id: i64,
    /// When, with an offset; not in the future.
    #[schema(value_type = String, format = DateTime)]
    pub event_date: UtcDateTime,
    /// Free text.
    pub notes: Option<String>,
    /// Term of `release_status`; `draft` when absent.
    #[schema(required = false)]
    pub release_status: String,
    /// The day from which on it is public, for the status `embargoed`.
    #[schema(value_type = Option<String>, format = Date)]
    pub release_at: Option<chrono::NaiveDate>,
}

impl FromForm for CreateFieldEvent {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let thing_id = form.required("thing_id", read::integer);
        let event_date = form.required("event_date", read::past_datetime);
        let notes = form.optional("notes", read::text);
        let (release_status, release_at) = form.release();
        Some(Self {
            thing_id: thing_id?,
            event_date: event_date?,
            notes: notes?,
            release_status: release_status?,
            release_at: release_at?,
        })
    }
}

/// Body of `PATCH /field-event/{field_event_id}`; every field may be absent.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct UpdateFieldEvent {
    /// The thing that was visited; it must exist.
    #[schema(nullable = false)]
    pub thing_id: Option<i64>,
    /// When, with an offset; not in the future.
    #[schema(value_type = Option<String>, format = DateTime, nullable = false)]
    pub event_date: Option<UtcDateTime>,
    /// Free text.
    #[schema(value_type = Option<String>)]
    pub notes: Patch<String>,
    /// Term of `release_status`.
    #[schema(value_type = Option<String>)]
    pub release_status: Patch<String>,
    /// The day from which on it is public, for the status `embargoed`. Absent with another status: cleared.
    #[schema(value_type = Option<String>, format = Date)]
    pub release_at: Patch<chrono::NaiveDate>,
}

impl FromForm for UpdateFieldEvent {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let thing_id = form.patch_required("thing_id", read::integer);
        let event_date = form.patch_required("event_date", read::past_datetime);
        let notes = form.patch("notes", read::text);
        let (release_status, release_at) = form.release_change();
        Some(Self {
            thing_id: thing_id?,
            event_date: event_date?,
            notes: notes?,
            release_status: release_status?,
            release_at: release_at?,
        })
    }
}
