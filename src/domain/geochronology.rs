//! How old the rocks of a place are.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::measure::time::UtcDateTime;
use crate::domain::request::bodies::bodies;
use crate::domain::request::fields as read;

/// An age as clients see it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct GeochronologyAge {
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
    /// The place.
    pub location_id: i32,
    /// The age, as a number of the unit that its method is reported in.
    pub age: f64,
    /// How far the age may be off, in the same unit.
    pub age_error: Option<f64>,
    /// Term of `geochronology`.
    pub method: Option<String>,
}

/// Which ages a list is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgeSearch {
    /// Those found by this method: its term, whatever its case and with or without slashes.
    pub method: Option<String>,
    /// Those of this place.
    pub location_id: Option<i32>,
}

bodies! {
    /// Body of `POST /geochronology/age`.
    CreateGeochronologyAge;
    /// Body of `PATCH /geochronology/age/{geochronology_age_id}`; every field may be absent.
    UpdateGeochronologyAge;
    {
        /// The place; it must exist.
        location_id: i64 = read::integer,
        /// The age, as a number of the unit that its method is reported in.
        age: f64 = read::not_negative,
        /// How far the age may be off, in the same unit.
        age_error?: f64 = read::not_negative,
        /// Term of `geochronology`.
        method?: String = read::term("geochronology")
    }
}
