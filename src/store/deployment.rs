//! Deployments.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::result::OptionalEmptyChangesetExtension;

use crate::db::schema::deployment;
use crate::db::{Backend, Connection};
use crate::domain::actor::Actor;
use crate::domain::deployment::{CreateDeployment, Deployment, DeploymentSearch, UpdateDeployment};
use crate::domain::form::Parsed;
use crate::domain::list::ListRequest;
use crate::domain::paging::Page;
use crate::domain::time::UtcDateTime;

use super::list::{Column, Listing};
use super::page::load_page;
use super::{StoreError, require_parent, sensor, thing, vocabulary};

/// The resource's name in messages.
pub const MODEL: &str = "Deployment";

#[derive(Queryable, Selectable)]
#[diesel(table_name = deployment, check_for_backend(Backend))]
struct DeploymentRow {
    id: i32,
    created_at: UtcDateTime,
    release_status: Option<String>,
    thing_id: i32,
    sensor_id: i32,
    installation_date: Option<NaiveDate>,
    removal_date: Option<NaiveDate>,
    recording_interval: Option<i32>,
    recording_interval_units: Option<String>,
    hanging_cable_length: Option<f64>,
    hanging_point_height: Option<f64>,
    hanging_point_description: Option<String>,
    notes: Option<String>,
}

static LISTING: Listing<deployment::table> = Listing {
    model: MODEL,
    columns: &[
        Column::integer("id", || Box::new(deployment::id.nullable())).not_null(),
        Column::time("created_at", || Box::new(deployment::created_at.nullable())).not_null(),
        Column::text("release_status", || Box::new(deployment::release_status)),
        Column::integer("thing_id", || Box::new(deployment::thing_id.nullable())).not_null(),
        Column::integer("sensor_id", || Box::new(deployment::sensor_id.nullable())).not_null(),
        Column::date("installation_date", || Box::new(deployment::installation_date)),
        Column::date("removal_date", || Box::new(deployment::removal_date)),
        Column::integer("recording_interval", || Box::new(deployment::recording_interval)),
        Column::text("recording_interval_units", || Box::new(deployment::recording_interval_units)),
        Column::float("hanging_cable_length", || Box::new(deployment::hanging_cable_length)),
        Column::float("hanging_point_height", || Box::new(deployment::hanging_point_height)),
        Column::text("hanging_point_description", || Box::new(deployment::hanging_point_description)),
        Column::text("notes", || Box::new(deployment::notes)),
    ],
};

/// A page of deployments.
pub fn list(
    conn: &mut Connection,
    request: &ListRequest,
    search: DeploymentSearch,
) -> Result<Page<Deployment>, StoreError> {
    let plan = LISTING.plan(request)?;
    let (rows, extent) = load_page!(
        conn, plan, deployment::table, DeploymentRow, deployment::id,
        extra: |query| {
            if let Some(thing) = search.thing_id {
                query = query.filter(deployment::thing_id.eq(thing));
            }
            if let Some(sensor) = search.sensor_id {
                query = query.filter(deployment::sensor_id.eq(sensor));
            }
            query
        },
        default: |query| query.order(deployment::id.asc())
    );
    Ok(Page::new(complete(conn, rows)?, extent))
}

/// A page of a thing's deployments; 404 for an unknown thing.
pub fn list_of_thing(
    conn: &mut Connection,
    request: &ListRequest,
    thing_id: i32,
) -> Result<Page<Deployment>, StoreError> {
    if !request.is_continued() && !thing::exists(conn, thing_id)? {
        return Err(StoreError::not_found(thing::MODEL, thing_id));
    }
    list(conn, request, DeploymentSearch { thing_id: Some(thing_id), sensor_id: None })
}

/// All deployments at a thing, latest installation first. Two queries.
pub fn of_thing(conn: &mut Connection, thing_id: i32) -> Result<Vec<Deployment>, StoreError> {
    let rows: Vec<DeploymentRow> = deployment::table
        .filter(deployment::thing_id.eq(thing_id))
        // The databases disagree about where nulls go when left alone.
        .order((deployment::installation_date.is_null(), deployment::installation_date.desc(), deployment::id))
        .select(DeploymentRow::as_select())
        .load(conn)?;
    complete(conn, rows)
}

/// Adds the sensors: one query, however many rows.
fn complete(conn: &mut Connection, rows: Vec<DeploymentRow>) -> Result<Vec<Deployment>, StoreError> {
    let mut ids: Vec<i32> = rows.iter().map(|row| row.sensor_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let sensors = sensor::load(conn, &ids)?;
    // Every deployment has its sensor: one that is deployed cannot be deleted.
    let with_sensor = |row: DeploymentRow| {
        let sensor = sensors.get(&row.sensor_id)?.clone();
        Some(Deployment {
            id: row.id,
            created_at: row.created_at,
            release_status: row.release_status,
            thing_id: row.thing_id,
            sensor,
            installation_date: row.installation_date,
            removal_date: row.removal_date,
            recording_interval: row.recording_interval,
            recording_interval_units: row.recording_interval_units,
            hanging_cable_length: row.hanging_cable_length,
            hanging_point_height: row.hanging_point_height,
            hanging_point_description: row.hanging_point_description,
            notes: row.notes,
        })
    };
    Ok(rows.into_iter().filter_map(with_sensor).collect())
}

/// One deployment.
pub fn get(conn: &mut Connection, id: i32) -> Result<Deployment, StoreError> {
    let row: Option<DeploymentRow> =
        deployment::table.find(id).select(DeploymentRow::as_select()).first(conn).optional()?;
    complete(conn, row.into_iter().collect())?.pop().ok_or_else(|| StoreError::not_found(MODEL, id))
}

/// True when the row exists.
pub fn exists(conn: &mut Connection, id: i32) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(deployment::table.find(id))).get_result(conn)
}

fn require_thing(conn: &mut Connection, sent: i64) -> Result<i32, StoreError> {
    require_parent(conn, "thing_id", thing::MODEL, sent, thing::exists)
}

fn require_sensor(conn: &mut Connection, sent: i64) -> Result<i32, StoreError> {
    require_parent(conn, "sensor_id", sensor::MODEL, sent, sensor::exists)
}

/// Stores a deployment.
pub fn create(conn: &mut Connection, body: Parsed<CreateDeployment>, actor: &Actor) -> Result<Deployment, StoreError> {
    let new = vocabulary::settle(conn, body)?;
    let (thing_id, sensor_id) = (require_thing(conn, new.thing_id)?, require_sensor(conn, new.sensor_id)?);
    let row = (
        deployment::thing_id.eq(thing_id),
        deployment::sensor_id.eq(sensor_id),
        deployment::installation_date.eq(new.installation_date),
        deployment::removal_date.eq(new.removal_date),
        deployment::recording_interval.eq(new.recording_interval),
        deployment::recording_interval_units.eq(&new.recording_interval_units),
        deployment::hanging_cable_length.eq(new.hanging_cable_length),
        deployment::hanging_point_height.eq(new.hanging_point_height),
        deployment::hanging_point_description.eq(&new.hanging_point_description),
        deployment::notes.eq(&new.notes),
        deployment::release_status.eq(&new.release_status),
        deployment::created_by_id.eq(&actor.id),
        deployment::created_by_name.eq(&actor.name),
    );
    let id = diesel::insert_into(deployment::table).values(row).returning(deployment::id).get_result(conn)?;
    get(conn, id)
}

#[derive(AsChangeset)]
#[diesel(table_name = deployment)]
struct DeploymentChange {
    thing_id: Option<i32>,
    sensor_id: Option<i32>,
    installation_date: Option<Option<NaiveDate>>,
    removal_date: Option<Option<NaiveDate>>,
    recording_interval: Option<Option<i32>>,
    recording_interval_units: Option<Option<String>>,
    hanging_cable_length: Option<Option<f64>>,
    hanging_point_height: Option<Option<f64>>,
    hanging_point_description: Option<Option<String>>,
    notes: Option<Option<String>>,
    release_status: Option<Option<String>>,
    updated_by_id: Option<String>,
    updated_by_name: Option<String>,
}

/// Changes what was sent.
pub fn update(
    conn: &mut Connection,
    id: i32,
    body: Parsed<UpdateDeployment>,
    actor: &Actor,
) -> Result<Deployment, StoreError> {
    if !exists(conn, id)? {
        return Err(StoreError::not_found(MODEL, id));
    }
    let patch = vocabulary::settle(conn, body)?;
    let change = DeploymentChange {
        thing_id: patch.thing_id.map(|sent| require_thing(conn, sent)).transpose()?,
        sensor_id: patch.sensor_id.map(|sent| require_sensor(conn, sent)).transpose()?,
        installation_date: patch.installation_date.into_change(),
        removal_date: patch.removal_date.into_change(),
        recording_interval: patch.recording_interval.into_change(),
        recording_interval_units: patch.recording_interval_units.into_change(),
        hanging_cable_length: patch.hanging_cable_length.into_change(),
        hanging_point_height: patch.hanging_point_height.into_change(),
        hanging_point_description: patch.hanging_point_description.into_change(),
        notes: patch.notes.into_change(),
        release_status: patch.release_status.into_change(),
        updated_by_id: actor.id.clone(),
        updated_by_name: actor.name.clone(),
    };
    diesel::update(deployment::table.find(id)).set(change).execute(conn).optional_empty_changeset()?;
    get(conn, id)
}

/// Removes a deployment with its readings.
pub fn delete(conn: &mut Connection, id: i32) -> Result<(), StoreError> {
    match diesel::delete(deployment::table.find(id)).execute(conn)? {
        0 => Err(StoreError::not_found(MODEL, id)),
        _ => Ok(()),
    }
}
