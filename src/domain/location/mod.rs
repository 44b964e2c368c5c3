//! Locations: points (WGS84) with an elevation above a vertical datum.

pub mod query;

use std::ops::RangeInclusive;

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::measure::geometry::Point;
use crate::domain::measure::region::Region;
use crate::domain::measure::time::UtcDateTime;
use crate::domain::note::{CreateNote, Note};
use crate::domain::request::fields as read;
use crate::domain::request::form::{Form, FromForm, Patch, object};

/// A location as clients see it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Location {
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
    pub release_at: Option<NaiveDate>,
    /// All notes.
    pub notes: Vec<Note>,
    /// WKT, `POINT (lon lat)`, degrees.
    pub point: String,
    /// Metres above the vertical datum.
    pub elevation: Option<f64>,
    /// Always `WGS84`.
    pub horizontal_datum: &'static str,
    /// What the elevation refers to; a term of `vertical_datum`.
    pub vertical_datum: String,
    /// How the elevation was found; a term of `elevation_method`.
    pub elevation_method: Option<String>,
    /// State's name.
    pub state: Option<String>,
    /// County's name.
    pub county: Option<String>,
    /// Name of the topographic quadrangle.
    pub quad_name: Option<String>,
    /// Of the old database.
    pub nma_location_notes: Option<String>,
    /// Of the old database.
    pub nma_data_reliability: Option<String>,
    /// Of the old database.
    #[schema(value_type = Option<String>, format = Date)]
    pub nma_date_created: Option<NaiveDate>,
    /// Of the old database.
    #[schema(value_type = Option<String>, format = Date)]
    pub nma_site_date: Option<NaiveDate>,
}

/// Metres that are an elevation: below the Dead Sea, above Mount Everest.
pub const ELEVATIONS: RangeInclusive<f64> = -500.0..=9000.0;

/// Horizontal datum of every location.
pub const HORIZONTAL_DATUM: &str = "WGS84";
/// Vertical datum of a location that says nothing of its own.
pub const NAVD88: &str = "NAVD88";
/// The vertical datum before it. Nothing is converted from one to the other: that needs a model of the country.
pub const NGVD29: &str = "NGVD29";

/// The vertical datum of a stored row.
pub(crate) fn vertical_datum(stored: Option<String>) -> String {
    stored.unwrap_or_else(|| NAVD88.to_owned())
}

/// Body of `POST /location`.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct CreateLocation {
    /// WKT, `POINT (lon lat)`, degrees.
    #[schema(value_type = String, example = "POINT (-106.91 34.07)")]
    pub point: Point,
    /// Metres above the vertical datum.
    #[schema(minimum = -500, maximum = 9000)]
    pub elevation: f64,
    /// Term of `vertical_datum`; `NAVD88` when absent.
    #[schema(required = false)]
    pub vertical_datum: String,
    /// Notes to store with it.
    #[schema(required = false)]
    pub notes: Vec<CreateNote>,
    /// Term of `release_status`; `draft` when absent.
    #[schema(required = false)]
    pub release_status: String,
    /// The day from which on it is public, for the status `embargoed`.
    #[schema(value_type = Option<String>, format = Date)]
    pub release_at: Option<NaiveDate>,
}

impl FromForm for CreateLocation {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let point = form.required("point", read::point);
        let elevation = form.required("elevation", read::between(ELEVATIONS));
        let vertical_datum = form.or("vertical_datum", NAVD88.to_owned(), read::term("vertical_datum"));
        let notes = form.or("notes", Vec::new(), read::list(object));
        let (release_status, release_at) = form.release();
        Some(Self {
            point: point?,
            elevation: elevation?,
            vertical_datum: vertical_datum?,
            notes: notes?,
            release_status: release_status?,
            release_at: release_at?,
        })
    }
}

/// Body of `PATCH /location/{location_id}`; every field may be absent.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct UpdateLocation {
    /// WKT, `POINT (lon lat)`, degrees.
    #[schema(value_type = Option<String>, nullable = false)]
    pub point: Option<Point>,
    /// Metres above the vertical datum.
    #[schema(minimum = -500, maximum = 9000, nullable = false)]
    pub elevation: Option<f64>,
    /// Term of `vertical_datum`. It says what the elevation refers to; nothing is converted.
    #[schema(nullable = false)]
    pub vertical_datum: Option<String>,
    /// Metres.
    #[schema(value_type = Option<f64>)]
    pub elevation_accuracy: Patch<f64>,
    /// Term of `elevation_method`.
    #[schema(value_type = Option<String>)]
    pub elevation_method: Patch<String>,
    /// Metres.
    #[schema(value_type = Option<f64>)]
    pub coordinate_accuracy: Patch<f64>,
    /// Term of `coordinate_method`.
    #[schema(value_type = Option<String>)]
    pub coordinate_method: Patch<String>,
    /// Replaces the complete set of notes.
    #[schema(value_type = Option<Vec<CreateNote>>)]
    pub notes: Patch<Vec<CreateNote>>,
    /// Term of `release_status`.
    #[schema(value_type = Option<String>)]
    pub release_status: Patch<String>,
    /// The day from which on it is public, for the status `embargoed`. Absent with another status: cleared.
    #[schema(value_type = Option<String>, format = Date)]
    pub release_at: Patch<NaiveDate>,
}

impl FromForm for UpdateLocation {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let point = form.patch_required("point", read::point);
        let elevation = form.patch_required("elevation", read::between(ELEVATIONS));
        let vertical_datum = form.patch_required("vertical_datum", read::term("vertical_datum"));
        let elevation_accuracy = form.patch("elevation_accuracy", read::not_negative);
        let elevation_method = form.patch("elevation_method", read::term("elevation_method"));
        let coordinate_accuracy = form.patch("coordinate_accuracy", read::not_negative);
        let coordinate_method = form.patch("coordinate_method", read::term("coordinate_method"));
        let notes = form.patch("notes", read::list(object));
        let (release_status, release_at) = form.release_change();
        Some(Self {
            point: point?,
            elevation: elevation?,
            vertical_datum: vertical_datum?,
            elevation_accuracy: elevation_accuracy?,
            elevation_method: elevation_method?,
            coordinate_accuracy: coordinate_accuracy?,
            coordinate_method: coordinate_method?,
            notes: notes?,
            release_status: release_status?,
            release_at: release_at?,
        })
    }
}

/// Which locations a list is about; all conditions must hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LocationSearch {
    /// The small grammar of [`crate::domain::location::query`].
    pub query: Option<query::LocationQuery>,
    /// Where they are.
    pub region: Region,
}
