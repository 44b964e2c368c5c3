//! Sensors.

use diesel::result::OptionalEmptyChangesetExtension as _;
use serde_json::json;

use crate::db::prelude::*;
use crate::db::schema::{deployment, observation, sensor};
use crate::db::{Backend, Ids, Numbers, Read, Session, WriteSession, among, columns, rows};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::principal::Sight;
use crate::domain::request::form::{Parsed, Patch};
use crate::domain::request::list::ListRequest;
use crate::domain::request::paging::Found;
use crate::domain::request::problem::Problem;
use crate::domain::sensor::{CreateSensor, Sensor, SensorSearch, UpdateSensor};
use crate::store::StoreError;
use crate::store::query::check::{Table, check_change, check_new, lock_row};
use crate::store::query::find::{Listed as _, Search, in_order, listed};
use crate::store::query::listing::{Column, Condition, Listing};
use crate::store::query::stored::{row, stored};
use crate::store::query::subquery::in_query;
use crate::store::query::visibility::{DEPLOYMENT, OBSERVATION, SENSOR, visible};

/// The table, and the resource's name in messages.
pub const TABLE: Table = Table { name: "sensor", model: "Sensor" };

row! {
    /// A row of the table.
    struct SensorRow of sensor as Sensor {
        id: i32,
        created_at: UtcDateTime,
        release_status: Option<String>,
        release_at: Option<chrono::NaiveDate>,
        name: String,
        sensor_type: String,
        model: Option<String>,
        serial_no: Option<String>,
        pcn_number: Option<String>,
        owner_agency: Option<String>,
        sensor_status: Option<String>,
        notes: Option<String>,
    }
}

stored! {
    sensor: NewSensor from CreateSensor, SensorChange from UpdateSensor;
    taken {
        name: String,
        sensor_type: String,
        model?: String,
        serial_no?: String,
        pcn_number?: String,
        owner_agency?: String,
        sensor_status?: String,
        notes?: String
    }
}

listed!(sensor);

static LISTING: Listing<sensor::table> = Listing {
    model: TABLE.model,
    rule: &SENSOR,
    columns: &[
        Column::of(sensor::id),
        Column::of(sensor::created_at),
        Column::of(sensor::release_status),
        Column::of(sensor::release_at),
        Column::of(sensor::name),
        Column::of(sensor::sensor_type),
        Column::of(sensor::model),
        Column::of(sensor::serial_no),
        Column::of(sensor::pcn_number),
        Column::of(sensor::owner_agency),
        Column::of(sensor::sensor_status),
        Column::of(sensor::notes),
        Column::of(sensor::nma_pk_equipment),
    ],
};

/// A page of sensors, each once however often it was deployed.
pub fn find(session: &mut Session<'_>, request: &ListRequest, search: &SensorSearch) -> Result<Found, StoreError> {
    let sight = session.sight();
    let narrow = || {
        let mut all: Vec<Condition<sensor::table>> = Vec::new();
        if let Some(thing) = search.thing_id {
            all.push(Box::new(in_query(sensor::id, deployed(sight, thing))));
        }
        if let Some(parameter) = search.parameter_id {
            // Not a look-up from each sensor: without statistics SQLite would walk the parameter's index for each.
            let measured = observation::table
                .filter(observation::parameter_id.eq(parameter))
                .filter(observation::sensor_id.is_not_null())
                .filter(visible(sight, &OBSERVATION))
                .select(observation::sensor_id);
            all.push(Box::new(in_query(sensor::id, measured)));
        }
        Ok(all)
    };
    let (found, ()) = sensor::table::find_page(session, &LISTING, request, Search::new(&narrow))?;
    Ok(found)
}

/// The sensors with these ids, in their order.
pub fn load(session: &mut Session<'_>, ids: &[i32]) -> Result<Vec<Sensor>, StoreError> {
    let sensors = session.read_fixed(read(session.sight(), Numbers::new(ids)))?;
    Ok(in_order(sensors, ids, |sensor| sensor.id))
}

/// The sensors with these ids, by id.
pub fn read(sight: Sight, ids: impl Ids) -> impl Read<Output = Vec<Sensor>> {
    let sensors = sensor::table.filter(among(sensor::id, ids)).filter(visible(sight, &SENSOR)).order(sensor::id);
    rows::<SensorRow, _>(sensors.select(columns::<SensorRow>())).giving(move |rows| {
        let hidden = SENSOR.hides(sight, "pcn_number");
        let shown = |row: SensorRow| {
            let pcn_number = row.pcn_number.clone().filter(|_| !hidden);
            Sensor { pcn_number, ..row.into() }
        };
        rows.into_iter().map(shown).collect()
    })
}

/// The ids of the sensors that were ever deployed at a thing, as a query.
pub fn deployed(sight: Sight, thing: i32) -> deployment::BoxedQuery<'static, Backend, diesel::sql_types::Integer> {
    deployment::table
        .filter(deployment::thing_id.eq(thing))
        .filter(visible(sight, &DEPLOYMENT))
        .select(deployment::sensor_id)
        .into_boxed()
}

/// One sensor.
pub fn get(session: &mut Session<'_>, id: i32) -> Result<Sensor, StoreError> {
    load(session, &[id])?.pop().ok_or_else(|| StoreError::not_found(TABLE.model, id))
}

/// Refuses a number that another sensor has.
fn require_unique(
    session: &mut Session<'_>,
    serial_no: Option<&str>,
    pcn_number: Option<&str>,
    but: Option<i32>,
) -> Result<(), StoreError> {
    let others = || sensor::table.filter(sensor::id.ne(but.unwrap_or(0))).select(sensor::id);
    let same_serial = serial_no.map(|number| rows::<i32, _>(others().filter(sensor::serial_no.eq(number.to_owned()))));
    let same_pcn = pcn_number.map(|number| rows::<i32, _>(others().filter(sensor::pcn_number.eq(number.to_owned()))));
    let (same_serial, same_pcn) = session.read((same_serial, same_pcn))?;
    let taken = |field, number: Option<&str>| {
        let number = number.unwrap_or_default();
        StoreError::conflict(field, format!("Sensor with {field} {number} already exists."), json!(number))
    };
    if same_serial.is_some_and(|same| !same.is_empty()) {
        return Err(taken("serial_no", serial_no));
    }
    if same_pcn.is_some_and(|same| !same.is_empty()) {
        return Err(taken("pcn_number", pcn_number));
    }
    Ok(())
}

/// Checks a chunk of forms and makes rows of them.
pub fn check(session: &mut WriteSession<'_>, forms: Vec<Parsed<CreateSensor>>) -> Result<Vec<NewSensor>, StoreError> {
    let checked = check_new(session, TABLE.name, forms, |_| Vec::new())?;
    for (_, form) in &checked {
        require_unique(session, form.serial_no.as_deref(), form.pcn_number.as_deref(), None)?;
    }
    let by = session.principal();
    Ok(checked.into_iter().map(|(id, form)| NewSensor::of(id, form, by)).collect())
}

/// Stores checked rows.
pub fn insert(session: &mut WriteSession<'_>, rows: &Vec<NewSensor>) -> QueryResult<()> {
    session.insert(&[rows])
}

/// Stores a sensor.
pub fn create(session: &mut WriteSession<'_>, form: Parsed<CreateSensor>) -> Result<Sensor, StoreError> {
    let rows = check(session, vec![form])?;
    insert(session, &rows)?;
    get(session, rows.first().map_or(0, |row| row.id))
}

/// Changes what was sent.
pub fn update(session: &mut WriteSession<'_>, id: i32, form: Parsed<UpdateSensor>) -> Result<Sensor, StoreError> {
    let patch = check_change(session, (TABLE, id), form, |_| Vec::new())?;
    let sent = |number: &Patch<String>| number.clone().value();
    require_unique(session, sent(&patch.serial_no).as_deref(), sent(&patch.pcn_number).as_deref(), Some(id))?;
    let change = SensorChange::of(patch, session.principal());
    diesel::update(sensor::table.find(id)).set(change).execute(session).optional_empty_changeset()?;
    get(session, id)
}

/// Removes a sensor with its observations, unless it was ever deployed.
pub fn delete(session: &mut WriteSession<'_>, id: i32) -> Result<(), StoreError> {
    lock_row(session, TABLE, id)?;
    let deployments = deployment::table.filter(deployment::sensor_id.eq(id)).select(deployment::id).limit(1);
    if !deployments.load::<i32>(session)?.is_empty() {
        let message = format!("Sensor with ID {id} has deployments and cannot be deleted.");
        return Err(StoreError::Conflict(Box::new(Problem::conflict("path", "sensor_id", message, id))));
    }
    diesel::delete(sensor::table.find(id)).execute(session)?;
    Ok(())
}
