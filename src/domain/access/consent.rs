//! What an owner agreed to.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::access::{DATA_TYPES, days};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::request::fields as read;
use crate::domain::request::form::{Form, FromForm};

/// A consent as clients see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Consent {
    /// Key.
    pub id: i32,
    /// When it was stored.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: UtcDateTime,
    /// The thing whose data are meant.
    pub thing_id: i32,
    /// Where they may be shown.
    pub destination_slug: String,
    /// `all`, `site`, `water_level`, `water_chemistry` or `contact`.
    pub data_type: String,
    /// Who agreed; null when it is not known, or when the contact is gone.
    pub contact_id: Option<i32>,
    /// Who recorded it, by name; null when nobody proved who he was.
    pub recorded_by: Option<String>,
    /// Free text.
    pub notes: Option<String>,
    /// The first day.
    #[schema(value_type = String, format = Date)]
    pub starts_at: NaiveDate,
    /// The last day; null when there is none.
    #[schema(value_type = Option<String>, format = Date)]
    pub ends_at: Option<NaiveDate>,
    /// When it was revoked; null when it was not.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub revoked_at: Option<UtcDateTime>,
    /// Who revoked it.
    pub revoked_by: Option<String>,
}

/// Body of `POST /access/consent`.
#[derive(Clone, Debug, PartialEq, Eq, ToSchema)]
pub struct CreateConsent {
    /// The thing whose data are meant; it must exist.
    pub thing_id: i64,
    /// Where they may be shown; it must exist.
    pub destination_slug: String,
    /// `all`, `site`, `water_level`, `water_chemistry` or `contact`.
    pub data_type: String,
    /// The first day; today when absent.
    #[schema(required = false, value_type = String, format = Date)]
    pub starts_at: NaiveDate,
    /// The last day.
    #[schema(value_type = Option<String>, format = Date)]
    pub ends_at: Option<NaiveDate>,
    /// Who agreed; the contact must exist.
    pub contact_id: Option<i64>,
    /// Free text.
    pub notes: Option<String>,
}

impl FromForm for CreateConsent {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let thing_id = form.required("thing_id", read::integer);
        let destination_slug = form.required("destination_slug", read::name(50));
        let data_type = form.required("data_type", read::one_of(DATA_TYPES));
        let (starts_at, ends_at) = days(form);
        let contact_id = form.optional("contact_id", read::integer);
        let notes = form.optional("notes", read::text);
        Some(Self {
            thing_id: thing_id?,
            destination_slug: destination_slug?,
            data_type: data_type?,
            starts_at: starts_at?,
            ends_at: ends_at?,
            contact_id: contact_id?,
            notes: notes?,
        })
    }
}
