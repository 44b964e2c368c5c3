//! The shape of the example's file. Bodies are those of the API, and refer to others by name.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::import) struct File {
    /// Bodies of groups, with the `parent`'s name; parents first.
    pub(in crate::import) groups: Vec<Value>,
    pub(in crate::import) aquifer_systems: Vec<Aquifer>,
    pub(in crate::import) formations: Vec<Formation>,
    /// Bodies of sensors.
    pub(in crate::import) sensors: Vec<Value>,
    /// Bodies of contacts, but for the thing that they are for.
    pub(in crate::import) people: Vec<Value>,
    pub(in crate::import) things: Vec<DemoThing>,
    /// Bodies of limits, with the `parameter`'s name.
    pub(in crate::import) limits: Vec<Value>,
    /// Bodies of geothermal wells.
    pub(in crate::import) geothermal_wells: Vec<Value>,
    /// Bodies of publications.
    pub(in crate::import) publications: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::import) struct Aquifer {
    pub(in crate::import) name: String,
    pub(in crate::import) description: String,
    pub(in crate::import) primary_aquifer_type: String,
    pub(in crate::import) geographic_scale: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::import) struct Formation {
    pub(in crate::import) code: String,
    pub(in crate::import) description: String,
    pub(in crate::import) lithology: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::import) struct DemoThing {
    /// `water well` or `spring`.
    pub(in crate::import) kind: String,
    /// Body of a location.
    pub(in crate::import) location: Value,
    /// Change of the location: methods and accuracy.
    pub(in crate::import) accuracy: Value,
    /// Body of a well or a spring.
    pub(in crate::import) thing: Value,
    pub(in crate::import) groups: Vec<String>,
    /// Names of people.
    #[serde(default)]
    pub(in crate::import) contacts: Vec<String>,
    /// Name of somebody who measures for the survey.
    pub(in crate::import) measured_by: String,
    /// Bodies of measuring points.
    #[serde(default)]
    pub(in crate::import) measuring_points: Vec<Value>,
    pub(in crate::import) aquifer: Option<DrawnFrom>,
    #[serde(default)]
    pub(in crate::import) formations: Vec<Passed>,
    /// Bodies of screens.
    #[serde(default)]
    pub(in crate::import) screens: Vec<Value>,
    pub(in crate::import) water_levels: Option<Levels>,
    /// Body of a deployment, with the `sensor`'s name.
    pub(in crate::import) deployment: Option<Value>,
    pub(in crate::import) recorded: Option<Recorded>,
    pub(in crate::import) chemistry: Option<Chemistry>,
    /// Body of the age of the rocks at its place.
    pub(in crate::import) age: Option<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::import) struct DrawnFrom {
    pub(in crate::import) system: String,
    pub(in crate::import) types: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::import) struct Passed {
    pub(in crate::import) formation_code: String,
    pub(in crate::import) top_depth: f64,
    pub(in crate::import) bottom_depth: f64,
}

/// How the water table goes up and down.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::import) struct Levels {
    /// First year.
    pub(in crate::import) from: i32,
    /// Last year.
    pub(in crate::import) to: i32,
    /// Mean depth in the first year, feet below ground.
    pub(in crate::import) depth: f64,
    /// Height of the measuring point, feet above ground.
    pub(in crate::import) height: f64,
    /// From the mean to the deepest of a year, feet.
    pub(in crate::import) swing: f64,
    /// Feet deeper each year.
    pub(in crate::import) trend: f64,
    /// A visit while the well was being pumped.
    pub(in crate::import) pumped: Option<String>,
    /// A visit that found no water.
    pub(in crate::import) dry: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::import) struct Recorded {
    /// First day.
    pub(in crate::import) from: String,
    /// How many.
    pub(in crate::import) days: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::import) struct Chemistry {
    pub(in crate::import) time: String,
    /// Term of `sample_method`.
    pub(in crate::import) method: String,
    /// Values by parameter: mg/L, or without dimension for pH.
    pub(in crate::import) results: BTreeMap<String, f64>,
}
