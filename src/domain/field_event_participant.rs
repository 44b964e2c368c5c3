//! Who took part in visits, and as what.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::contact::Contact;
use crate::domain::measure::time::UtcDateTime;
use crate::domain::request::bodies::bodies;
use crate::domain::request::fields as read;

/// A participant of a visit as clients see it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FieldEventParticipant {
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
    /// The contact's key.
    pub contact_id: i32,
    /// Term of `participant_role`.
    pub participant_role: String,
    /// The contact itself.
    pub participant: Contact,
}

bodies! {
    /// Body of `POST /field-event-participant`.
    CreateFieldEventParticipant;
    /// Body of `PATCH /field-event-participant/{field_event_participant_id}`; every field may be absent.
    UpdateFieldEventParticipant;
    {
        /// The visit; it must exist.
        field_event_id: i64 = read::integer,
        /// Who took part; the contact must exist.
        contact_id: i64 = read::integer,
        /// Term of `participant_role`.
        participant_role: String = read::term("participant_role")
    }
}
