//! Geologic formations, with their outlines.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::geospatial::MultiPolygonGeometry;
use crate::domain::measure::geometry::MultiPolygon;
use crate::domain::measure::time::UtcDateTime;
use crate::domain::request::bodies::bodies;
use crate::domain::request::fields as read;

/// A geologic formation as clients see it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct GeologicFormation {
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
    /// Term of `formation_code`; unique.
    pub formation_code: Option<String>,
    /// Free text.
    pub description: Option<String>,
    /// Term of `lithology`.
    pub lithology: Option<String>,
    /// The outline, as GeoJSON.
    pub boundary: Option<MultiPolygonGeometry>,
}

bodies! {
    /// Body of `POST /geologic-formation`.
    CreateGeologicFormation;
    /// Body of `PATCH /geologic-formation/{geologic_formation_id}`; every field may be absent.
    UpdateGeologicFormation;
    {
        /// Term of `formation_code`; unique.
        formation_code?: String = read::term("formation_code"),
        /// Free text.
        description?: String = read::text,
        /// Term of `lithology`.
        lithology?: String = read::term("lithology"),
        /// The outline: WKT `MULTIPOLYGON (((lon lat, ...)))`, degrees.
        boundary?: MultiPolygon = read::multi_polygon
    }
}
