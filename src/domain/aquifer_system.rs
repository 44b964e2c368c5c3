//! Aquifer systems, with their outlines.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::geospatial::MultiPolygonGeometry;
use crate::domain::measure::geometry::MultiPolygon;
use crate::domain::measure::time::UtcDateTime;
use crate::domain::request::bodies::bodies;
use crate::domain::request::fields as read;

/// An aquifer system as clients see it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct AquiferSystem {
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
    /// What it is called; unique.
    pub name: String,
    /// Free text.
    pub description: Option<String>,
    /// Term of `aquifer_type`.
    pub primary_aquifer_type: String,
    /// Term of `geographic_scale`.
    pub geographic_scale: String,
    /// The outline, as GeoJSON.
    pub boundary: Option<MultiPolygonGeometry>,
}

bodies! {
    /// Body of `POST /aquifer-system`.
    CreateAquiferSystem;
    /// Body of `PATCH /aquifer-system/{aquifer_system_id}`; every field may be absent.
    UpdateAquiferSystem;
    {
        /// What it is called; unique.
        name: String = read::name(255),
        /// Free text.
        description?: String = read::text,
        /// Term of `aquifer_type`.
        primary_aquifer_type: String = read::term("aquifer_type"),
        /// Term of `geographic_scale`.
        geographic_scale: String = read::term("geographic_scale"),
        /// The outline: WKT `MULTIPOLYGON (((lon lat, ...)))`, degrees.
        boundary?: MultiPolygon = read::multi_polygon
    }
}
