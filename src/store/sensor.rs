//! Sensors.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::result::OptionalEmptyChangesetExtension;
use serde_json::json;

use crate::db::schema::{deployment, observation, sensor};
use crate::db::{Backend, Connection, one_of};
use crate::domain::actor::Actor;
use crate::domain::form::{Parsed, Patch};
use crate::domain::list::ListRequest;
use crate::domain::paging::Page;
use crate::domain::problem::Problem;
use crate::domain::sensor::{CreateSensor, Sensor, SensorSearch, UpdateSensor};
use crate::domain::time::UtcDateTime;

use super::list::{Column, Listing};
use super::page::load_page;
use super::related::in_query;
use super::{StoreError, vocabulary};

/// The resource's name in messages.
pub const MODEL: &str = "Sensor";

#[derive(Queryable, Selectable)]
#[diesel(table_name = sensor, check_for_backend(Backend))]
struct SensorRow {
    id: i32,
    created_at: UtcDateTime,
    release_status: Option<String>,
    name: String,
    sensor_type: String,
    model: Option<String>,
    serial_no: Option<String>,
    pcn_number: Option<String>,
    owner_agency: Option<String>,
    sensor_status: Option<String>,
    notes: Option<String>,
}

impl From<SensorRow> for Sensor {
    fn from(row: SensorRow) -> Self {
        Self {
            id: row.id,
            created_at: row.created_at,
            release_status: row.release_status,
            name: row.name,
            sensor_type: row.sensor_type,
            model: row.model,
            serial_no: row.serial_no,
            pcn_number: row.pcn_number,
            owner_agency: row.owner_agency,
            sensor_status: row.sensor_status,
            notes: row.notes,
        }
    }
}

static LISTING: Listing<sensor::table> = Listing {
    model: MODEL,
    columns: &[
        Column::integer("id", || Box::new(sensor::id.nullable())).not_null(),
        Column::time("created_at", || Box::new(sensor::created_at.nullable())).not_null(),
        Column::text("release_status", || Box::new(sensor::release_status)),
        Column::text("name", || Box::new(sensor::name.nullable())).not_null(),
        Column::text("sensor_type", || Box::new(sensor::sensor_type.nullable())).not_null(),
        Column::text("model", || Box::new(sensor::model)),
        Column::text("serial_no", || Box::new(sensor::serial_no)),
        Column::text("pcn_number", || Box::new(sensor::pcn_number)),
        Column::text("owner_agency", || Box::new(sensor::owner_agency)),
        Column::text("sensor_status", || Box::new(sensor::sensor_status)),
        Column::text("notes", || Box::new(sensor::notes)),
        Column::text("nma_pk_equipment", || Box::new(sensor::nma_pk_equipment)),
    ],
};

/// A page of sensors, each once however often it was deployed.
pub fn list(conn: &mut Connection, request: &ListRequest, search: SensorSearch) -> Result<Page<Sensor>, StoreError> {
    let plan = LISTING.plan(request)?;
    let (rows, extent) = load_page!(
        conn, plan, sensor::table, SensorRow, sensor::id,
        extra: |query| {
            if let Some(thing) = search.thing_id {
                let deployed = deployment::table.filter(deployment::thing_id.eq(thing)).select(deployment::sensor_id);
                query = query.filter(in_query(sensor::id, deployed));
            }
            if let Some(parameter) = search.parameter_id {
                // Not a look-up from each sensor: without statistics SQLite would walk the parameter's index for each.
                let measured = observation::table
                    .filter(observation::parameter_id.eq(parameter))
                    .filter(observation::sensor_id.is_not_null())
                    .select(observation::sensor_id);
                query = query.filter(in_query(sensor::id, measured));
            }
            query
        },
        default: |query| query.order(sensor::id.asc())
    );
    Ok(Page::new(rows.into_iter().map(Sensor::from).collect(), extent))
}

/// The sensors with these keys. One query.
pub fn load(conn: &mut Connection, ids: &[i32]) -> QueryResult<HashMap<i32, Sensor>> {
    let rows: Vec<SensorRow> =
        sensor::table.filter(one_of(sensor::id, ids)).select(SensorRow::as_select()).load(conn)?;
    Ok(rows.into_iter().map(|row| (row.id, row.into())).collect())
}

/// The sensors ever deployed at a thing, each once, by key. One query.
pub fn of_thing(conn: &mut Connection, thing_id: i32) -> Result<Vec<Sensor>, StoreError> {
    let deployed = deployment::table.filter(deployment::thing_id.eq(thing_id)).select(deployment::sensor_id);
    let rows: Vec<SensorRow> = sensor::table
        .filter(in_query(sensor::id, deployed))
        .order(sensor::id)
        .select(SensorRow::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(Sensor::from).collect())
}

/// One sensor.
pub fn get(conn: &mut Connection, id: i32) -> Result<Sensor, StoreError> {
    let row: Option<SensorRow> = sensor::table.find(id).select(SensorRow::as_select()).first(conn).optional()?;
    row.map(Sensor::from).ok_or_else(|| StoreError::not_found(MODEL, id))
}

/// True when the row exists.
pub fn exists(conn: &mut Connection, id: i32) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(sensor::table.find(id))).get_result(conn)
}

/// Refuses a number that another sensor has.
fn require_unique(
    conn: &mut Connection,
    serial_no: Option<&str>,
    pcn_number: Option<&str>,
    but: Option<i32>,
) -> Result<(), StoreError> {
    let others = || {
        let all = sensor::table.into_boxed::<Backend>();
        match but {
            Some(id) => all.filter(sensor::id.ne(id)),
            None => all,
        }
    };
    let taken = |field, number: &str| {
        StoreError::conflict(field, format!("Sensor with {field} {number} already exists."), json!(number))
    };
    if let Some(number) = serial_no {
        let same = others().filter(sensor::serial_no.eq(number.to_owned()));
        if same.count().get_result::<i64>(conn)? > 0 {
            return Err(taken("serial_no", number));
        }
    }
    if let Some(number) = pcn_number {
        let same = others().filter(sensor::pcn_number.eq(number.to_owned()));
        if same.count().get_result::<i64>(conn)? > 0 {
            return Err(taken("pcn_number", number));
        }
    }
    Ok(())
}

/// Stores a sensor.
pub fn create(conn: &mut Connection, body: Parsed<CreateSensor>, actor: &Actor) -> Result<Sensor, StoreError> {
    let new = vocabulary::settle(conn, body)?;
    require_unique(conn, new.serial_no.as_deref(), new.pcn_number.as_deref(), None)?;
    let row = (
        sensor::name.eq(&new.name),
        sensor::sensor_type.eq(&new.sensor_type),
        sensor::model.eq(&new.model),
        sensor::serial_no.eq(&new.serial_no),
        sensor::pcn_number.eq(&new.pcn_number),
        sensor::owner_agency.eq(&new.owner_agency),
        sensor::sensor_status.eq(&new.sensor_status),
        sensor::notes.eq(&new.notes),
        sensor::release_status.eq(&new.release_status),
        sensor::created_by_id.eq(&actor.id),
        sensor::created_by_name.eq(&actor.name),
    );
    let id = diesel::insert_into(sensor::table).values(row).returning(sensor::id).get_result(conn)?;
    get(conn, id)
}

#[derive(AsChangeset)]
#[diesel(table_name = sensor)]
struct SensorChange {
    name: Option<String>,
    sensor_type: Option<String>,
    model: Option<Option<String>>,
    serial_no: Option<Option<String>>,
    pcn_number: Option<Option<String>>,
    owner_agency: Option<Option<String>>,
    sensor_status: Option<Option<String>>,
    notes: Option<Option<String>>,
    release_status: Option<Option<String>>,
    updated_by_id: Option<String>,
    updated_by_name: Option<String>,
}

/// Changes what was sent.
pub fn update(conn: &mut Connection, id: i32, body: Parsed<UpdateSensor>, actor: &Actor) -> Result<Sensor, StoreError> {
    if !exists(conn, id)? {
        return Err(StoreError::not_found(MODEL, id));
    }
    let patch = vocabulary::settle(conn, body)?;
    let sent = |number: &Patch<String>| number.clone().value();
    require_unique(conn, sent(&patch.serial_no).as_deref(), sent(&patch.pcn_number).as_deref(), Some(id))?;
    let change = SensorChange {
        name: patch.name,
        sensor_type: patch.sensor_type,
        model: patch.model.into_change(),
        serial_no: patch.serial_no.into_change(),
        pcn_number: patch.pcn_number.into_change(),
        owner_agency: patch.owner_agency.into_change(),
        sensor_status: patch.sensor_status.into_change(),
        notes: patch.notes.into_change(),
        release_status: patch.release_status.into_change(),
        updated_by_id: actor.id.clone(),
        updated_by_name: actor.name.clone(),
    };
    diesel::update(sensor::table.find(id)).set(change).execute(conn).optional_empty_changeset()?;
    get(conn, id)
}

/// Removes a sensor with its observations, unless it was ever deployed.
pub fn delete(conn: &mut Connection, id: i32) -> Result<(), StoreError> {
    if !exists(conn, id)? {
        return Err(StoreError::not_found(MODEL, id));
    }
    let deployed = deployment::table.filter(deployment::sensor_id.eq(id));
    if diesel::select(diesel::dsl::exists(deployed)).get_result(conn)? {
        let message = format!("Sensor with ID {id} has deployments and cannot be deleted.");
        return Err(StoreError::Conflict(Box::new(Problem::conflict("path", "sensor_id", message, id))));
    }
    diesel::delete(sensor::table.find(id)).execute(conn)?;
    Ok(())
}
