//! All that was measured at a thing, by hand and by recorders, in one series.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::measure::time::{ExactDateTime, UtcDateTime};
use crate::domain::thing::Feet;

/// Which part of a series is asked for; all conditions must hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TimeSeriesSearch {
    /// Of this parameter.
    pub parameter_id: Option<i32>,
    /// At this time or later.
    pub start_time: Option<UtcDateTime>,
    /// At this time or earlier.
    pub end_time: Option<UtcDateTime>,
}

/// How a value was measured. What was measured by hand goes before what a recorder read at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// By hand, or in a laboratory.
    Manual,
    /// By a sensor left in place.
    Recorder,
}

/// A value of a series.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct TimeSeriesPoint {
    /// When it was measured.
    #[schema(value_type = String, format = DateTime)]
    pub time: ExactDateTime,
    /// In `unit`. Of a groundwater level it is the depth to water below ground, which is null where the height of the measuring
    /// point is not known.
    pub value: Option<f64>,
    /// Term of `unit`.
    pub unit: String,
    /// Where the water stands, feet above `vertical_datum`: of groundwater levels in feet, at a thing whose place is known.
    pub water_elevation: Option<f64>,
    /// Always `ft`.
    pub water_elevation_unit: Feet,
    /// What `water_elevation` refers to; a term of `vertical_datum`.
    pub vertical_datum: Option<String>,
    /// How it was measured.
    pub source: Source,
    /// The sample's method, or the type of the sensor.
    pub method: Option<String>,
    /// What was measured.
    pub parameter_id: i32,
    /// Its name.
    pub parameter_name: String,
    /// Of a reading the review status of its block.
    pub review_status: Option<String>,
    /// Of a reading its data maturity.
    pub data_maturity: Option<String>,
    /// Of what was measured by hand its data quality.
    pub data_quality: Option<String>,
    /// Key of the observation, or of the reading.
    pub observation_id: i32,
    /// The sample of what was measured by hand.
    pub sample_id: Option<i32>,
    /// The block of a reading.
    pub block_id: Option<i32>,
}

/// A series, by time.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct TimeSeries {
    /// The values, the oldest first.
    pub items: Vec<TimeSeriesPoint>,
}

/// The ground at a thing: feet above a vertical datum.
#[derive(Clone, Debug, PartialEq)]
pub struct Ground {
    /// Feet.
    pub elevation: f64,
    /// What they refer to.
    pub vertical_datum: String,
}

impl Ground {
    /// Where water of this depth stands, to a millionth of a foot.
    pub fn less(&self, depth: f64) -> f64 {
        ((self.elevation - depth) * 1e6).round() / 1e6
    }
}
