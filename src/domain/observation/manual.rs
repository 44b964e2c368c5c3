//! Measured values. The type of an observation is the type of the activity that its sample was taken in.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::measure::region::Region;
use crate::domain::measure::time::UtcDateTime;
use crate::domain::parameter::Parameter;
use crate::domain::request::fields as read;
use crate::domain::request::form::{Form, FromForm, Patch, Slot};

/// An observation of any type; the last three fields are null unless it is a groundwater level.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Observation {
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
    /// The sample that was measured.
    pub sample_id: i32,
    /// The sensor that measured.
    pub sensor_id: Option<i32>,
    /// When it was measured.
    #[schema(value_type = String, format = DateTime)]
    pub observation_datetime: UtcDateTime,
    /// What was measured.
    pub parameter: Parameter,
    /// In `unit`.
    pub value: Option<f64>,
    /// Term of `unit`.
    pub unit: String,
    /// Term of `data_quality`.
    pub nma_data_quality: Option<String>,
    /// `value` less `measuring_point_height`; null when either is.
    pub depth_to_water_bgs: Option<f64>,
    /// Feet above ground, as used for this reading.
    pub measuring_point_height: Option<f64>,
    /// Term of `groundwater_level_reason`.
    pub groundwater_level_reason: Option<String>,
}

/// A groundwater level; the shape is that of any observation.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct GroundwaterLevelObservation(pub Observation);

/// A water chemistry result.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct WaterChemistryObservation {
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
    /// The sample that was measured.
    pub sample_id: i32,
    /// The sensor that measured.
    pub sensor_id: Option<i32>,
    /// When it was measured.
    #[schema(value_type = String, format = DateTime)]
    pub observation_datetime: UtcDateTime,
    /// What was measured.
    pub parameter: Parameter,
    /// In `unit`.
    pub value: Option<f64>,
    /// Term of `unit`.
    pub unit: String,
    /// Term of `data_quality`.
    pub nma_data_quality: Option<String>,
}

impl From<Observation> for GroundwaterLevelObservation {
    fn from(observation: Observation) -> Self {
        Self(observation)
    }
}

impl From<Observation> for WaterChemistryObservation {
    fn from(any: Observation) -> Self {
        Self {
            id: any.id,
            created_at: any.created_at,
            release_status: any.release_status,
            release_at: any.release_at,
            sample_id: any.sample_id,
            sensor_id: any.sensor_id,
            observation_datetime: any.observation_datetime,
            parameter: any.parameter,
            value: any.value,
            unit: any.unit,
            nma_data_quality: any.nma_data_quality,
        }
    }
}

/// The types of observation that have routes of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObservationKind {
    /// `/observation/groundwater-level`
    GroundwaterLevel,
    /// `/observation/water-chemistry`
    WaterChemistry,
}

impl ObservationKind {
    /// The term of `activity_type`.
    pub fn activity_type(self) -> &'static str {
        match self {
            Self::GroundwaterLevel => "groundwater level",
            Self::WaterChemistry => "water chemistry",
        }
    }
}

/// Which observations a list is about; all conditions must hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ObservationSearch {
    /// Those of this type.
    pub kind: Option<ObservationKind>,
    /// Those made at this thing.
    pub thing_id: Option<i32>,
    /// Those of this sensor.
    pub sensor_id: Option<i32>,
    /// Those of this sample.
    pub sample_id: Option<i32>,
    /// Those at this time or later.
    pub start_time: Option<UtcDateTime>,
    /// Those at this time or earlier.
    pub end_time: Option<UtcDateTime>,
    /// Where their things are now.
    pub region: Region,
}

/// What is to be stored of an observation, whatever its type.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateObservation {
    /// What was measured.
    pub parameter_id: i64,
    /// When.
    pub observation_datetime: UtcDateTime,
    /// The sample.
    pub sample_id: i64,
    /// The sensor.
    pub sensor_id: i64,
    /// In `unit`.
    pub value: Option<f64>,
    /// Term of `unit`; the parameter's own when not given.
    pub unit: Option<String>,
    /// Feet above ground.
    pub measuring_point_height: Option<f64>,
    /// Term of `groundwater_level_reason`.
    pub groundwater_level_reason: Option<String>,
    /// Term of `release_status`.
    pub release_status: String,
    /// The day from which on it is public, for the status `embargoed`.
    pub release_at: Option<chrono::NaiveDate>,
}

/// Body of `POST /observation/groundwater-level`. All keys but the last must be there; only value and unit may be null.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct CreateGroundwaterLevel {
    /// What was measured; it must exist.
    pub parameter_id: i64,
    /// When, with an offset; not in the future.
    #[schema(value_type = String, format = DateTime)]
    pub observation_datetime: UtcDateTime,
    /// The sample; it must exist and belong to a groundwater level activity.
    pub sample_id: i64,
    /// The sensor; it must exist.
    pub sensor_id: i64,
    /// In `unit`.
    #[schema(required = true)]
    pub value: Option<f64>,
    /// Term of `unit`; null stands for the parameter's default unit.
    #[schema(required = true)]
    pub unit: Option<String>,
    /// Feet above ground.
    pub measuring_point_height: f64,
    /// Term of `groundwater_level_reason`.
    pub groundwater_level_reason: String,
    /// Term of `release_status`; `draft` when absent.
    #[schema(required = false)]
    pub release_status: String,
    /// The day from which on it is public, for the status `embargoed`.
    #[schema(value_type = Option<String>, format = Date)]
    pub release_at: Option<chrono::NaiveDate>,
}

/// Body of `POST /observation/water-chemistry`. All keys but the last must be there; only value and unit may be null.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct CreateWaterChemistry {
    /// What was measured; it must exist.
    pub parameter_id: i64,
    /// When, with an offset; not in the future.
    #[schema(value_type = String, format = DateTime)]
    pub observation_datetime: UtcDateTime,
    /// The sample; it must exist and belong to a water chemistry activity.
    pub sample_id: i64,
    /// The sensor; it must exist.
    pub sensor_id: i64,
    /// In `unit`.
    #[schema(required = true)]
    pub value: Option<f64>,
    /// Term of `unit`; null stands for the parameter's default unit.
    #[schema(required = true)]
    pub unit: Option<String>,
    /// Term of `release_status`; `draft` when absent.
    #[schema(required = false)]
    pub release_status: String,
    /// The day from which on it is public, for the status `embargoed`.
    #[schema(value_type = Option<String>, format = Date)]
    pub release_at: Option<chrono::NaiveDate>,
}

/// A body with the fields of another one, which bodies of all types have, and with its own.
macro_rules! with_common {
    ($of:ident, $($field:ident: $value:expr),*) => {
        Self {
            parameter_id: $of.parameter_id,
            observation_datetime: $of.observation_datetime,
            sample_id: $of.sample_id,
            sensor_id: $of.sensor_id,
            value: $of.value,
            unit: $of.unit,
            release_status: $of.release_status,
            release_at: $of.release_at,
            $($field: $value),*
        }
    };
}

/// A key that must be there, but may be null.
fn nullable<T>(read: impl Fn(&mut Slot<'_>) -> Option<T>) -> impl Fn(&mut Slot<'_>) -> Option<Option<T>> {
    move |slot| if slot.value.is_null() { Some(None) } else { read(slot).map(Some) }
}

impl FromForm for CreateWaterChemistry {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let parameter_id = form.required("parameter_id", read::integer);
        let observation_datetime = form.required("observation_datetime", read::past_datetime);
        let sample_id = form.required("sample_id", read::integer);
        let sensor_id = form.required("sensor_id", read::integer);
        let value = form.required("value", nullable(read::float));
        let unit = form.required("unit", nullable(read::term("unit")));
        let (release_status, release_at) = form.release();
        Some(Self {
            parameter_id: parameter_id?,
            observation_datetime: observation_datetime?,
            sample_id: sample_id?,
            sensor_id: sensor_id?,
            value: value?,
            unit: unit?,
            release_status: release_status?,
            release_at: release_at?,
        })
    }
}

impl FromForm for CreateGroundwaterLevel {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let any = CreateWaterChemistry::from_form(form);
        let height = form.required("measuring_point_height", read::float);
        let reason = form.required("groundwater_level_reason", read::any_term);
        let any = any?;
        Some(with_common!(any, measuring_point_height: height?, groundwater_level_reason: reason?))
    }
}

impl From<CreateWaterChemistry> for CreateObservation {
    fn from(new: CreateWaterChemistry) -> Self {
        with_common!(new, measuring_point_height: None, groundwater_level_reason: None)
    }
}

impl From<CreateGroundwaterLevel> for CreateObservation {
    fn from(new: CreateGroundwaterLevel) -> Self {
        let (height, reason) = (Some(new.measuring_point_height), Some(new.groundwater_level_reason));
        with_common!(new, measuring_point_height: height, groundwater_level_reason: reason)
    }
}

/// Body of `PATCH /observation/water-chemistry/{observation_id}`; every field may be absent.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct UpdateWaterChemistry {
    /// What was measured; it must exist.
    #[schema(nullable = false)]
    pub parameter_id: Option<i64>,
    /// When, with an offset; not in the future.
    #[schema(value_type = Option<String>, format = DateTime, nullable = false)]
    pub observation_datetime: Option<UtcDateTime>,
    /// The sample; it must exist and belong to a water chemistry activity.
    #[schema(nullable = false)]
    pub sample_id: Option<i64>,
    /// The sensor; it must exist.
    #[schema(value_type = Option<i64>)]
    pub sensor_id: Patch<i64>,
    /// In `unit`.
    #[schema(value_type = Option<f64>)]
    pub value: Patch<f64>,
    /// Term of `unit`; null stands for the parameter's default unit.
    #[schema(value_type = Option<String>)]
    pub unit: Patch<String>,
    /// Term of `release_status`.
    #[schema(value_type = Option<String>)]
    pub release_status: Patch<String>,
    /// The day from which on it is public, for the status `embargoed`. Absent with another status: cleared.
    #[schema(value_type = Option<String>, format = Date)]
    pub release_at: Patch<chrono::NaiveDate>,
}

/// Body of `PATCH /observation/groundwater-level/{observation_id}`; every field may be absent.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct UpdateGroundwaterLevel {
    /// What was measured; it must exist.
    #[schema(nullable = false)]
    pub parameter_id: Option<i64>,
    /// When, with an offset; not in the future.
    #[schema(value_type = Option<String>, format = DateTime, nullable = false)]
    pub observation_datetime: Option<UtcDateTime>,
    /// The sample; it must exist and belong to a groundwater level activity.
    #[schema(nullable = false)]
    pub sample_id: Option<i64>,
    /// The sensor; it must exist.
    #[schema(value_type = Option<i64>)]
    pub sensor_id: Patch<i64>,
    /// In `unit`.
    #[schema(value_type = Option<f64>)]
    pub value: Patch<f64>,
    /// Term of `unit`; null stands for the parameter's default unit.
    #[schema(value_type = Option<String>)]
    pub unit: Patch<String>,
    /// Feet above ground.
    #[schema(value_type = Option<f64>)]
    pub measuring_point_height: Patch<f64>,
    /// Term of `groundwater_level_reason`.
    #[schema(value_type = Option<String>)]
    pub groundwater_level_reason: Patch<String>,
    /// Term of `release_status`.
    #[schema(value_type = Option<String>)]
    pub release_status: Patch<String>,
    /// The day from which on it is public, for the status `embargoed`. Absent with another status: cleared.
    #[schema(value_type = Option<String>, format = Date)]
    pub release_at: Patch<chrono::NaiveDate>,
}

impl FromForm for UpdateWaterChemistry {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let parameter_id = form.patch_required("parameter_id", read::integer);
        let observation_datetime = form.patch_required("observation_datetime", read::past_datetime);
        let sample_id = form.patch_required("sample_id", read::integer);
        let sensor_id = form.patch("sensor_id", read::integer);
        let value = form.patch("value", read::float);
        let unit = form.patch("unit", read::term("unit"));
        let (release_status, release_at) = form.release_change();
        Some(Self {
            parameter_id: parameter_id?,
            observation_datetime: observation_datetime?,
            sample_id: sample_id?,
            sensor_id: sensor_id?,
            value: value?,
            unit: unit?,
            release_status: release_status?,
            release_at: release_at?,
        })
    }
}

impl FromForm for UpdateGroundwaterLevel {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let any = UpdateWaterChemistry::from_form(form);
        let height = form.patch("measuring_point_height", read::float);
        let reason = form.patch("groundwater_level_reason", read::any_term);
        let any = any?;
        Some(with_common!(any, measuring_point_height: height?, groundwater_level_reason: reason?))
    }
}

impl From<UpdateWaterChemistry> for UpdateGroundwaterLevel {
    fn from(patch: UpdateWaterChemistry) -> Self {
        with_common!(patch, measuring_point_height: Patch::Absent, groundwater_level_reason: Patch::Absent)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::request::form::Parsed;

    #[test]
    fn every_key_must_be_there_and_null_is_for_value_and_unit() {
        let refused = |body: &serde_json::Value| -> Vec<(String, String)> {
            let resolved = Parsed::<CreateGroundwaterLevel>::read(body).resolve(|_| None);
            let place =
                |problem: &crate::domain::request::problem::Problem| json!(problem.loc[1]).as_str().map(str::to_owned);
            let problems = resolved.err().unwrap_or_default();
            problems.iter().map(|problem| (place(problem).unwrap_or_default(), problem.kind.to_string())).collect()
        };
        let keys = [
            "parameter_id",
            "observation_datetime",
            "sample_id",
            "sensor_id",
            "value",
            "unit",
            "measuring_point_height",
            "groundwater_level_reason",
        ];
        let missing: Vec<_> = keys.iter().map(|key| ((*key).to_owned(), "missing".to_owned())).collect();
        assert_eq!(refused(&json!({})), missing);
        let nulls: serde_json::Map<_, _> = keys.iter().map(|key| ((*key).to_owned(), json!(null))).collect();
        let refused: Vec<_> = refused(&json!(nulls)).into_iter().map(|(key, _)| key).collect();
        let wanted = ["parameter_id", "observation_datetime", "sample_id", "sensor_id"];
        assert_eq!(refused, [&wanted[..], &["measuring_point_height", "groundwater_level_reason"]].concat());
    }
}
