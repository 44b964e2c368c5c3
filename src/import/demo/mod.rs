//! A small example for a first look: made-up wells and springs with everything that hangs on them. Loaded only into a
//! database that has no things.

mod file;
mod levels;

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::db::{Connection, JobError, Refusal};
use crate::domain::actor::Actor;
use crate::domain::form::{FromForm, Parsed};
use crate::store::import::measurement::{self, Kind};
use crate::store::import::series::{self, Recorder};
use crate::store::import::{begin_chunk, hydrogeology, parameter};
use crate::store::{
    StoreError, deployment, group, group_member, location, sensor, thing, thing_history, thing_write, well_screen,
};

use self::file::{Aquifer, DemoThing, File};

const DEMO: &str = include_str!("../../../seed/demo.json");

const RECORDERS: series::Kind = series::Kind { owner_agency: "NMBGMR", comment: "Example readings" };

/// Why the example could not be loaded. Nothing of it is stored then.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The embedded file contradicts itself or the model: a defect of the build.
    #[error("example data: {0}")]
    Data(String),
    /// The database refused.
    #[error(transparent)]
    Store(StoreError),
    /// The database refused.
    #[error(transparent)]
    Database(#[from] diesel::result::Error),
    /// The executor refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

impl From<StoreError> for DemoError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Invalid(problems) => Self::Data(format!("{problems:?}")),
            other => Self::Store(other),
        }
    }
}

impl JobError for DemoError {
    fn database_error(&self) -> Option<&diesel::result::Error> {
        match self {
            Self::Database(error) => Some(error),
            Self::Store(error) => error.database_error(),
            _ => None,
        }
    }
}

/// Loads the example unless there are things already. Returns how many were added.
pub fn load(conn: &mut Connection) -> Result<usize, DemoError> {
    // Instances that start together take turns: the second one finds the things of the first.
    begin_chunk(conn)?;
    if thing::any(conn)? {
        return Ok(0);
    }
    let file: File = serde_json::from_str(DEMO).map_err(|error| DemoError::Data(error.to_string()))?;
    let names = Names::store(conn, &file)?;
    for thing in &file.things {
        store_thing(conn, thing, &names)?;
    }
    Ok(file.things.len())
}

/// Keys of what things refer to by name.
struct Names {
    groups: HashMap<String, i32>,
    systems: HashMap<String, i32>,
    formations: HashMap<String, i32>,
    sensors: HashMap<String, i32>,
}

fn of(known: &HashMap<String, i32>, name: &str) -> Result<i32, DemoError> {
    known.get(name).copied().ok_or_else(|| DemoError::Data(format!("'{name}' is unknown")))
}

/// A body for the API, published and completed with what only the database knows.
fn body<T: FromForm>(sent: &Value, more: &[(&str, i32)]) -> Parsed<T> {
    let mut sent = sent.clone();
    if let Some(fields) = sent.as_object_mut() {
        fields.entry("release_status").or_insert_with(|| json!("public"));
        fields.extend(more.iter().map(|(name, id)| ((*name).to_owned(), json!(id))));
    }
    Parsed::read(&sent)
}

fn text<'a>(sent: &'a Value, key: &str) -> &'a str {
    sent.get(key).and_then(Value::as_str).unwrap_or("")
}

impl Names {
    fn store(conn: &mut Connection, file: &File) -> Result<Self, DemoError> {
        let actor = Actor::default();
        let mut groups = HashMap::new();
        for sent in &file.groups {
            let parent = match text(sent, "parent") {
                "" => vec![],
                parent => vec![("parent_group_id", of(&groups, parent)?)],
            };
            let stored = group::create(conn, body(sent, &parent), &actor)?;
            groups.insert(stored.name, stored.id);
        }
        let mut systems = HashMap::new();
        for Aquifer { name, description, primary_aquifer_type, geographic_scale } in &file.aquifer_systems {
            let id = hydrogeology::system(conn, name, description, primary_aquifer_type, geographic_scale)?;
            systems.insert(name.clone(), id);
        }
        let mut formations = HashMap::new();
        for formation in &file.formations {
            let code = &formation.formation_code;
            let id = hydrogeology::formation(conn, code, &formation.description, &formation.lithology)?;
            formations.insert(code.clone(), id);
        }
        let mut sensors = HashMap::new();
        for sent in &file.sensors {
            let stored = sensor::create(conn, body(sent, &[]), &actor)?;
            sensors.insert(stored.name, stored.id);
        }
        Ok(Self { groups, systems, formations, sensors })
    }
}

fn store_thing(conn: &mut Connection, demo: &DemoThing, names: &Names) -> Result<(), DemoError> {
    let actor = Actor::default();
    let place = location::create(conn, body(&demo.location, &[]), &actor)?.id;
    location::update(conn, place, body(&demo.accuracy, &[]), &actor)?;
    let at = [("location_id", place)];
    let name = text(&demo.thing, "name");
    let id = match demo.kind.as_str() {
        "spring" => thing_write::create_spring(conn, body(&demo.thing, &at), &actor)?.base.id,
        _ => thing_write::create_well(conn, body(&demo.thing, &at), &actor)?.base.id,
    };
    for group in &demo.groups {
        group_member::create(conn, of(&names.groups, group)?, id, &actor)?;
    }
    for sent in &demo.measuring_points {
        thing_history::measuring_point::create(conn, id, body(sent, &[]), &actor)?;
    }
    if let Some(aquifer) = &demo.aquifer {
        let system = of(&names.systems, &aquifer.system)?;
        hydrogeology::draw_from(conn, id, system, &aquifer.types)?;
        for sent in &demo.screens {
            well_screen::create(conn, body(sent, &[("thing_id", id), ("aquifer_system_id", system)]), &actor)?;
        }
    }
    for passed in &demo.formations {
        let formation = of(&names.formations, &passed.formation_code)?;
        hydrogeology::pass(conn, id, formation, passed.top_depth, passed.bottom_depth)?;
    }
    let water_level = parameter(conn, "groundwater level")?;
    if let Some(levels) = &demo.water_levels {
        let kind = Kind { sample_method: "Steel-tape measurement", ..Kind::water_level(water_level) };
        measurement::add(conn, kind, &levels::by_hand(id, name, levels)?)?;
    }
    if let Some(sent) = &demo.deployment {
        let sensor = text(sent, "sensor");
        let more = [("thing_id", id), ("sensor_id", of(&names.sensors, sensor)?)];
        deployment::create(conn, body(sent, &more), &actor)?;
        if let (Some(recorded), Some(levels)) = (&demo.recorded, &demo.water_levels) {
            let readings = levels::recorded(recorded, levels)?;
            let recorder = Recorder { thing_id: id, name: sensor.to_owned(), readings };
            series::add(conn, water_level, RECORDERS, &[recorder])?;
        }
    }
    if let Some(chemistry) = &demo.chemistry {
        for (found, value) in &chemistry.results {
            let kind = Kind {
                parameter_id: parameter(conn, found)?,
                unit: if found == "pH" { "dimensionless" } else { "mg/L" },
                activity_type: "water chemistry",
                sample_method: &chemistry.method,
            };
            measurement::add(conn, kind, &[levels::sampled(id, name, chemistry, found, *value)?])?;
        }
    }
    Ok(())
}
