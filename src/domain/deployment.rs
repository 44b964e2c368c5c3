//! A sensor left in a thing for a time.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::form::{Form, FromForm, Patch};
use super::read;
use super::sensor::Sensor;
use super::time::UtcDateTime;

/// A deployment as clients see it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Deployment {
    /// Key.
    pub id: i32,
    /// When it was stored.
    #[schema(value_type = String)]
    pub created_at: UtcDateTime,
    /// Term of `release_status`.
    pub release_status: Option<String>,
    /// Where the sensor is.
    pub thing_id: i32,
    /// The sensor itself.
    pub sensor: Sensor,
    /// First day.
    #[schema(value_type = Option<String>)]
    pub installation_date: Option<NaiveDate>,
    /// Last day; null while it is there.
    #[schema(value_type = Option<String>)]
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

/// Body of `POST /deployment`.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct CreateDeployment {
    /// Where the sensor is; it must exist.
    pub thing_id: i64,
    /// The sensor; it must exist.
    pub sensor_id: i64,
    /// First day.
    #[schema(value_type = Option<String>)]
    pub installation_date: Option<NaiveDate>,
    /// Last day; null while it is there.
    #[schema(value_type = Option<String>)]
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
    /// Term of `release_status`; `draft` when absent.
    #[schema(required = false)]
    pub release_status: String,
}

impl FromForm for CreateDeployment {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let thing_id = form.required("thing_id", read::integer);
        let sensor_id = form.required("sensor_id", read::integer);
        let installation_date = form.optional("installation_date", read::date);
        let removal_date = form.optional("removal_date", read::date);
        let recording_interval = form.optional("recording_interval", read::small_integer(i32::MIN));
        let recording_interval_units = form.optional("recording_interval_units", read::term("unit"));
        let hanging_cable_length = form.optional("hanging_cable_length", read::float);
        let hanging_point_height = form.optional("hanging_point_height", read::float);
        let hanging_point_description = form.optional("hanging_point_description", read::text);
        let notes = form.optional("notes", read::text);
        let release_status = form.or("release_status", super::draft(), read::release_status);
        Some(Self {
            thing_id: thing_id?,
            sensor_id: sensor_id?,
            installation_date: installation_date?,
            removal_date: removal_date?,
            recording_interval: recording_interval?,
            recording_interval_units: recording_interval_units?,
            hanging_cable_length: hanging_cable_length?,
            hanging_point_height: hanging_point_height?,
            hanging_point_description: hanging_point_description?,
            notes: notes?,
            release_status: release_status?,
        })
    }
}

/// Body of `PATCH /deployment/{deployment_id}`; every field may be absent.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct UpdateDeployment {
    /// Where the sensor is; it must exist.
    pub thing_id: Option<i64>,
    /// The sensor; it must exist.
    pub sensor_id: Option<i64>,
    /// First day.
    #[schema(value_type = Option<String>)]
    pub installation_date: Patch<NaiveDate>,
    /// Last day; null while it is there.
    #[schema(value_type = Option<String>)]
    pub removal_date: Patch<NaiveDate>,
    /// Time between readings, in `recording_interval_units`.
    #[schema(value_type = Option<i32>)]
    pub recording_interval: Patch<i32>,
    /// Term of `unit`.
    #[schema(value_type = Option<String>)]
    pub recording_interval_units: Patch<String>,
    /// Feet.
    #[schema(value_type = Option<f64>)]
    pub hanging_cable_length: Patch<f64>,
    /// Feet.
    #[schema(value_type = Option<f64>)]
    pub hanging_point_height: Patch<f64>,
    /// What the cable hangs from.
    #[schema(value_type = Option<String>)]
    pub hanging_point_description: Patch<String>,
    /// Free text.
    #[schema(value_type = Option<String>)]
    pub notes: Patch<String>,
    /// Term of `release_status`.
    #[schema(value_type = Option<String>)]
    pub release_status: Patch<String>,
}

impl FromForm for UpdateDeployment {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let thing_id = form.patch_required("thing_id", read::integer);
        let sensor_id = form.patch_required("sensor_id", read::integer);
        let installation_date = form.patch("installation_date", read::date);
        let removal_date = form.patch("removal_date", read::date);
        let recording_interval = form.patch("recording_interval", read::small_integer(i32::MIN));
        let recording_interval_units = form.patch("recording_interval_units", read::term("unit"));
        let hanging_cable_length = form.patch("hanging_cable_length", read::float);
        let hanging_point_height = form.patch("hanging_point_height", read::float);
        let hanging_point_description = form.patch("hanging_point_description", read::text);
        let notes = form.patch("notes", read::text);
        let release_status = form.patch("release_status", read::release_status);
        Some(Self {
            thing_id: thing_id?,
            sensor_id: sensor_id?,
            installation_date: installation_date?,
            removal_date: removal_date?,
            recording_interval: recording_interval?,
            recording_interval_units: recording_interval_units?,
            hanging_cable_length: hanging_cable_length?,
            hanging_point_height: hanging_point_height?,
            hanging_point_description: hanging_point_description?,
            notes: notes?,
            release_status: release_status?,
        })
    }
}
