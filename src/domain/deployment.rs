//! A sensor left in a thing for a time.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::measure::time::UtcDateTime;
use crate::domain::request::bodies::bodies;
use crate::domain::request::fields as read;
use crate::domain::sensor::Sensor;

/// A deployment as clients see it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Deployment {
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
    /// Where the sensor is.
    pub thing_id: i32,
    /// The sensor itself.
    pub sensor: Sensor,
    /// First day.
    #[schema(value_type = Option<String>, format = Date)]
    pub installation_date: Option<NaiveDate>,
    /// Last day; null while it is there.
    #[schema(value_type = Option<String>, format = Date)]
    pub removal_date: Option<NaiveDate>,
    /// Time between readings, in `recording_interval_units`.
    pub recording_interval: Option<i32>,
    /// Term of `unit`.
    pub recording_interval_units: Option<String>,
    /// Feet.
    pub hanging_cable_length: Option<f64>,
    /// Feet.
    pub hanging_point_height: Option<f64>,
    /// What the cable hangs from.
    pub hanging_point_description: Option<String>,
    /// Free text.
    pub notes: Option<String>,
}

/// Which deployments a list is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeploymentSearch {
    /// Those at this thing.
    pub thing_id: Option<i32>,
    /// Those of this sensor.
    pub sensor_id: Option<i32>,
}

bodies! {
    /// Body of `POST /deployment`.
    CreateDeployment;
    /// Body of `PATCH /deployment/{deployment_id}`; every field may be absent.
    UpdateDeployment;
    {
        /// Where the sensor is; it must exist.
        thing_id: i64 = read::integer,
        /// The sensor; it must exist.
        sensor_id: i64 = read::integer,
        /// First day.
        installation_date?: NaiveDate = read::date,
        /// Last day; null while it is there.
        removal_date?: NaiveDate = read::date,
        /// Time between readings, in `recording_interval_units`.
        recording_interval?: i32 = read::small_integer(i32::MIN),
        /// Term of `unit`.
        recording_interval_units?: String = read::term("unit"),
        /// Feet.
        hanging_cable_length?: f64 = read::float,
        /// Feet.
        hanging_point_height?: f64 = read::float,
        /// What the cable hangs from.
        hanging_point_description?: String = read::text,
        /// Free text.
        notes?: String = read::text
    }
}
