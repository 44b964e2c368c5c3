//! The shape of the example's file. Bodies are those of the API, and refer to others by name.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    /// Bodies of groups, with the `parent`'s name; parents first.
    pub(super) groups: Vec<Value>,
    pub(super) aquifer_systems: Vec<Aquifer>,
    pub(super) formations: Vec<Formation>,
    /// Bodies of sensors.
    pub(super) sensors: Vec<Value>,
    pub(super) things: Vec<DemoThing>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Aquifer {
    pub(super) name: String,
    pub(super) description: String,
    pub(super) primary_aquifer_type: String,
    pub(super) geographic_scale: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Formation {
    pub(super) formation_code: String,
    pub(super) description: String,
    pub(super) lithology: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DemoThing {
    /// `water well` or `spring`.
    pub(super) kind: String,
    /// Body of a location.
    pub(super) location: Value,
    /// Change of the location: methods and accuracy.
    pub(super) accuracy: Value,
    /// Body of a well or a spring.
    pub(super) thing: Value,
    pub(super) groups: Vec<String>,
    /// Bodies of measuring points.
    #[serde(default)]
    pub(super) measuring_points: Vec<Value>,
    pub(super) aquifer: Option<DrawnFrom>,
    #[serde(default)]
    pub(super) formations: Vec<Passed>,
    /// Bodies of screens.
    #[serde(default)]
    pub(super) screens: Vec<Value>,
    pub(super) water_levels: Option<Levels>,
    /// Body of a deployment, with the `sensor`'s name.
    pub(super) deployment: Option<Value>,
    pub(super) recorded: Option<Recorded>,
    pub(super) chemistry: Option<Chemistry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DrawnFrom {
    pub(super) system: String,
    pub(super) types: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Passed {
    pub(super) formation_code: String,
    pub(super) top_depth: f64,
    pub(super) bottom_depth: f64,
}

/// How the water table goes up and down.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Levels {
    /// First year.
    pub(super) from: i32,
    /// Last year.
    pub(super) to: i32,
    /// Mean depth in the first year, feet below ground.
    pub(super) depth: f64,
    /// Height of the measuring point, feet above ground.
    pub(super) height: f64,
    /// From the mean to the deepest of a year, feet.
    pub(super) swing: f64,
    /// Feet deeper each year.
    pub(super) trend: f64,
    /// A visit while the well was being pumped.
    pub(super) pumped: Option<String>,
    /// A visit that found no water.
    pub(super) dry: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Recorded {
    /// First day.
    pub(super) from: String,
    /// How many.
    pub(super) days: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Chemistry {
    pub(super) time: String,
    /// Term of `sample_method`.
    pub(super) method: String,
    /// Values by parameter: mg/L, or without dimension for pH.
    pub(super) results: BTreeMap<String, f64>,
}
