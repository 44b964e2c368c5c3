//! A small example for a first look: made-up wells and springs with everything that belongs to them. Loaded only into a
//! database that has no things.

mod file;
mod levels;

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::db::{JobError, Refusal, WriteSession};
use crate::domain::request::form::{FromForm, Parsed};
use crate::store::group::member as group_member;
use crate::store::import::measurement;
use crate::store::import::measurement::Kind;
use crate::store::import::series;
use crate::store::import::series::Recorder;
use crate::store::import::{begin_chunk, hydrogeology, parameter, staff};
use crate::store::thing::{geothermal_well, history as thing_history, well_screen, write as thing_write};
use crate::store::{
    StoreError, contact, deployment, geochronology, group, location, publication, regulatory_limit, sensor, thing,
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
pub fn load(session: &mut WriteSession<'_>) -> Result<usize, DemoError> {
    // Instances that start together take turns: the second one finds the things of the first.
    begin_chunk(session)?;
    if thing::any(session)? {
        return Ok(0);
    }
    let file: File = serde_json::from_str(DEMO).map_err(|error| DemoError::Data(error.to_string()))?;
    let mut names = Names::store(session, &file)?;
    for thing in &file.things {
        let id = store_thing(session, thing, &names)?;
        names.store_contacts(session, id, thing, &file.people)?;
    }
    for sent in &file.limits {
        let parameter_id = parameter(session, text(sent, "parameter"))?;
        regulatory_limit::create(session, body(sent, &[("parameter_id", parameter_id)]))?;
    }
    for sent in &file.geothermal_wells {
        geothermal_well::create(session, body(sent, &[]))?;
    }
    for sent in &file.publications {
        publication::create(session, body(sent, &[]))?;
    }
    Ok(file.things.len())
}

/// Keys of what things refer to by name.
struct Names {
    groups: HashMap<String, i32>,
    systems: HashMap<String, i32>,
    formations: HashMap<String, i32>,
    sensors: HashMap<String, i32>,
    staff: HashMap<String, i32>,
    /// Those people who are the contact for a thing already.
    contacts: HashMap<String, i32>,
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
    fn store(session: &mut WriteSession<'_>, file: &File) -> Result<Self, DemoError> {
        let mut groups = HashMap::new();
        for sent in &file.groups {
            let parent = match text(sent, "parent") {
                "" => vec![],
                parent => vec![("parent_group_id", of(&groups, parent)?)],
            };
            let stored = group::create(session, body(sent, &parent))?;
            groups.insert(stored.name, stored.id);
        }
        let mut systems = HashMap::new();
        for Aquifer { name, description, primary_aquifer_type, geographic_scale } in &file.aquifer_systems {
            let id = hydrogeology::system(session, name, description, primary_aquifer_type, geographic_scale)?;
            systems.insert(name.clone(), id);
        }
        let mut formations = HashMap::new();
        for formation in &file.formations {
            let code = &formation.code;
            let id = hydrogeology::formation(session, code, &formation.description, &formation.lithology)?;
            formations.insert(code.clone(), id);
        }
        let mut sensors = HashMap::new();
        for sent in &file.sensors {
            let stored = sensor::create(session, body(sent, &[]))?;
            sensors.insert(stored.name, stored.id);
        }
        let measured_by: Vec<String> = file.things.iter().map(|thing| thing.measured_by.clone()).collect();
        let staff = staff::named(session, &measured_by)?;
        Ok(Self { groups, systems, formations, sensors, staff, contacts: HashMap::new() })
    }

    /// Who is the contact for a thing: stored with the first of his things.
    fn store_contacts(
        &mut self,
        session: &mut WriteSession<'_>,
        thing_id: i32,
        thing: &DemoThing,
        people: &[Value],
    ) -> Result<(), DemoError> {
        let of_thing = [("thing_id", thing_id)];
        for name in &thing.contacts {
            if let Some(id) = self.contacts.get(name) {
                contact::update(session, *id, Parsed::read(&json!({ "thing_id": thing_id })))?;
                continue;
            }
            let unknown = || DemoError::Data(format!("'{name}' is unknown"));
            let sent = people.iter().find(|sent| text(sent, "name") == name).ok_or_else(unknown)?;
            let stored = contact::create(session, body(sent, &of_thing))?;
            self.contacts.insert(name.clone(), stored.id);
        }
        Ok(())
    }
}

/// Stores a thing with its measurements; gives its id.
fn store_thing(session: &mut WriteSession<'_>, demo: &DemoThing, names: &Names) -> Result<i32, DemoError> {
    let place = location::create(session, body(&demo.location, &[]))?.id;
    location::update(session, place, body(&demo.accuracy, &[]))?;
    let at = [("location_id", place)];
    if let Some(age) = &demo.age {
        geochronology::create(session, body(age, &at))?;
    }
    let name = text(&demo.thing, "name");
    let id = match demo.kind.as_str() {
        "spring" => thing_write::create_spring(session, body(&demo.thing, &at))?.base.id,
        _ => thing_write::create_well(session, body(&demo.thing, &at))?.base.id,
    };
    for group in &demo.groups {
        group_member::create(session, of(&names.groups, group)?, id)?;
    }
    for sent in &demo.measuring_points {
        thing_history::measuring_point::create(session, id, body(sent, &[]))?;
    }
    if let Some(aquifer) = &demo.aquifer {
        let system = of(&names.systems, &aquifer.system)?;
        hydrogeology::draw_from(session, id, system, &aquifer.types)?;
        for sent in &demo.screens {
            well_screen::create(session, body(sent, &[("thing_id", id), ("aquifer_system_id", system)]))?;
        }
    }
    for passed in &demo.formations {
        let formation = of(&names.formations, &passed.formation_code)?;
        hydrogeology::pass(session, id, formation, passed.top_depth, passed.bottom_depth)?;
    }
    let taker = Some(of(&names.staff, &demo.measured_by)?);
    let water_level = parameter(session, "groundwater level")?;
    if let Some(levels) = &demo.water_levels {
        let kind = Kind { sample_method: "Steel-tape measurement", taker, ..Kind::water_level(water_level) };
        measurement::add(session, kind, &levels::by_hand(id, name, levels)?)?;
    }
    if let Some(sent) = &demo.deployment {
        let sensor = text(sent, "sensor");
        let more = [("thing_id", id), ("sensor_id", of(&names.sensors, sensor)?)];
        deployment::create(session, body(sent, &more))?;
        if let (Some(recorded), Some(levels)) = (&demo.recorded, &demo.water_levels) {
            let readings = levels::recorded(recorded, levels)?;
            let recorder = Recorder { thing_id: id, name: sensor.to_owned(), readings };
            series::add(session, water_level, RECORDERS, &[recorder])?;
        }
    }
    if let Some(chemistry) = &demo.chemistry {
        for (found, value) in &chemistry.results {
            let kind = Kind {
                parameter_id: parameter(session, found)?,
                unit: if found == "pH" { "dimensionless" } else { "mg/L" },
                activity_type: "water chemistry",
                sample_method: &chemistry.method,
                taker,
            };
            measurement::add(session, kind, &[levels::sampled(id, name, chemistry, found, *value)?])?;
        }
    }
    Ok(id)
}
