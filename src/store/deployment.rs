//! Deployments.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::result::OptionalEmptyChangesetExtension as _;

use crate::db::prelude::*;
use crate::db::schema::deployment;
use crate::db::{Backend, Ids, Numbers, Read, Session, WriteSession, among, columns, rows, selected};
use crate::domain::deployment::{CreateDeployment, Deployment, DeploymentSearch, UpdateDeployment};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::principal::Sight;
use crate::domain::request::form::Parsed;
use crate::domain::request::list::ListRequest;
use crate::domain::request::paging::Found;
use crate::domain::sensor::Sensor;
use crate::store::query::check::{self, Named, Table, check_change, check_new};
use crate::store::query::find::{Listed as _, Search, in_order, listed};
use crate::store::query::listing::{Column, Condition, Listing};
use crate::store::query::stored::stored;
use crate::store::query::visibility::{DEPLOYMENT, visible};
use crate::store::{StoreError, sensor, thing};

/// The table, and the resource's name in messages.
pub const TABLE: Table = Table { name: "deployment", model: "Deployment" };

#[derive(Queryable, Selectable)]
#[diesel(table_name = deployment, check_for_backend(Backend))]
struct DeploymentRow {
    id: i32,
    created_at: UtcDateTime,
    release_status: Option<String>,
    release_at: Option<NaiveDate>,
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

impl DeploymentRow {
    fn with(self, sensor: Sensor) -> Deployment {
        Deployment {
            id: self.id,
            created_at: self.created_at,
            release_status: self.release_status,
            release_at: self.release_at,
            thing_id: self.thing_id,
            sensor,
            installation_date: self.installation_date,
            removal_date: self.removal_date,
            recording_interval: self.recording_interval,
            recording_interval_units: self.recording_interval_units,
            hanging_cable_length: self.hanging_cable_length,
            hanging_point_height: self.hanging_point_height,
            hanging_point_description: self.hanging_point_description,
            notes: self.notes,
        }
    }
}

stored! {
    deployment: NewDeployment from CreateDeployment, DeploymentChange from UpdateDeployment;
    taken {
        installation_date?: NaiveDate,
        removal_date?: NaiveDate,
        recording_interval?: i32,
        recording_interval_units?: String,
        hanging_cable_length?: f64,
        hanging_point_height?: f64,
        hanging_point_description?: String,
        notes?: String
    }
    given { thing_id: i32, sensor_id: i32 }
}

listed!(deployment);

static LISTING: Listing<deployment::table> = Listing {
    model: TABLE.model,
    rule: &DEPLOYMENT,
    columns: &[
        Column::of(deployment::id),
        Column::of(deployment::created_at),
        Column::of(deployment::release_status),
        Column::of(deployment::release_at),
        Column::of(deployment::thing_id),
        Column::of(deployment::sensor_id),
        Column::of(deployment::installation_date),
        Column::of(deployment::removal_date),
        Column::of(deployment::recording_interval),
        Column::of(deployment::recording_interval_units),
        Column::of(deployment::hanging_cable_length),
        Column::of(deployment::hanging_point_height),
        Column::of(deployment::hanging_point_description),
        Column::of(deployment::notes),
    ],
};

fn at(thing: i32) -> Condition<deployment::table> {
    Box::new(deployment::thing_id.eq(thing).nullable())
}

/// A page of deployments.
pub fn find(session: &mut Session<'_>, request: &ListRequest, search: &DeploymentSearch) -> Result<Found, StoreError> {
    let of = |sensor| -> Condition<deployment::table> { Box::new(deployment::sensor_id.eq(sensor).nullable()) };
    let narrow = || Ok(search.thing_id.map(at).into_iter().chain(search.sensor_id.map(of)).collect());
    let (found, ()) = deployment::table::find_page(session, &LISTING, request, Search::new(&narrow))?;
    Ok(found)
}

/// A page of a thing's deployments; 404 for an unknown thing.
pub fn find_of_thing(session: &mut Session<'_>, request: &ListRequest, thing: &i32) -> Result<Found, StoreError> {
    let narrow = || Ok(vec![at(*thing)]);
    let search = Search::new(&narrow).with(thing::there(session.sight(), *thing));
    let (found, there) = deployment::table::find_page(session, &LISTING, request, search)?;
    there.map(|_| found).ok_or_else(|| StoreError::not_found(thing::TABLE.model, *thing))
}

/// The deployments with these ids, in their order.
pub fn load(session: &mut Session<'_>, ids: &[i32]) -> Result<Vec<Deployment>, StoreError> {
    let deployments = session.read_fixed(read(session.sight(), Numbers::new(ids)))?;
    Ok(in_order(deployments, ids, |deployment| deployment.id))
}

/// The deployments with these ids, by id.
pub fn read(sight: Sight, ids: impl Ids) -> impl Read<Output = Vec<Deployment>> {
    let these = || deployment::table.filter(among(deployment::id, ids.clone())).filter(visible(sight, &DEPLOYMENT));
    let rows = rows::<DeploymentRow, _>(these().order(deployment::id).select(columns::<DeploymentRow>()));
    (rows, sensor::read(sight, selected(these().select(deployment::sensor_id)))).giving(with_sensors)
}

/// All deployments at a thing, latest installation first.
pub fn of_thing(sight: Sight, thing: i32) -> impl Read<Output = Vec<Deployment>> {
    let these = || deployment::table.filter(deployment::thing_id.eq(thing)).filter(visible(sight, &DEPLOYMENT));
    // The databases disagree about where nulls go when left alone.
    let order = (deployment::installation_date.is_null(), deployment::installation_date.desc(), deployment::id);
    let rows = rows::<DeploymentRow, _>(these().order(order).select(columns::<DeploymentRow>()));
    (rows, sensor::read(sight, selected(these().select(deployment::sensor_id)))).giving(with_sensors)
}

fn with_sensors((rows, sensors): (Vec<DeploymentRow>, Vec<Sensor>)) -> Vec<Deployment> {
    let sensors: HashMap<i32, Sensor> = sensors.into_iter().map(|sensor| (sensor.id, sensor)).collect();
    // Every deployment has its sensor: one that is deployed cannot be deleted.
    let with_sensor = |row: DeploymentRow| sensors.get(&row.sensor_id).cloned().map(|sensor| row.with(sensor));
    rows.into_iter().filter_map(with_sensor).collect()
}

/// One deployment.
pub fn get(session: &mut Session<'_>, id: i32) -> Result<Deployment, StoreError> {
    load(session, &[id])?.pop().ok_or_else(|| StoreError::not_found(TABLE.model, id))
}

/// Checks a chunk of forms and makes rows of them.
pub fn check(
    session: &mut WriteSession<'_>,
    forms: Vec<Parsed<CreateDeployment>>,
) -> Result<Vec<NewDeployment>, StoreError> {
    let checked = check_new(session, TABLE.name, forms, |form| {
        let thing = Named::new(thing::TABLE, "thing_id", form.thing_id);
        vec![thing, Named::new(sensor::TABLE, "sensor_id", form.sensor_id)]
    })?;
    let by = session.principal();
    let row = |(id, form): (i32, CreateDeployment)| {
        let (thing, sensor) = (check::id(form.thing_id), check::id(form.sensor_id));
        NewDeployment::of(id, form, by, thing, sensor)
    };
    Ok(checked.into_iter().map(row).collect())
}

/// Stores checked rows.
pub fn insert(session: &mut WriteSession<'_>, rows: &Vec<NewDeployment>) -> QueryResult<()> {
    session.insert(&[rows])
}

/// Stores a deployment.
pub fn create(session: &mut WriteSession<'_>, form: Parsed<CreateDeployment>) -> Result<Deployment, StoreError> {
    let rows = check(session, vec![form])?;
    insert(session, &rows)?;
    get(session, rows.first().map_or(0, |row| row.id))
}

/// Changes what was sent.
pub fn update(
    session: &mut WriteSession<'_>,
    id: i32,
    form: Parsed<UpdateDeployment>,
) -> Result<Deployment, StoreError> {
    let patch = check_change(session, (TABLE, id), form, |form| {
        let thing = Named::optional(thing::TABLE, "thing_id", form.thing_id);
        let sensor = Named::optional(sensor::TABLE, "sensor_id", form.sensor_id);
        thing.into_iter().chain(sensor).collect()
    })?;
    let (thing, sensor) = (patch.thing_id.map(check::id), patch.sensor_id.map(check::id));
    let change = DeploymentChange::of(patch, session.principal(), thing, sensor);
    diesel::update(deployment::table.find(id)).set(change).execute(session).optional_empty_changeset()?;
    get(session, id)
}

/// Removes a deployment with its readings.
pub fn delete(session: &mut WriteSession<'_>, id: i32) -> Result<(), StoreError> {
    match diesel::delete(deployment::table.find(id)).execute(session)? {
        0 => Err(StoreError::not_found(TABLE.model, id)),
        _ => Ok(()),
    }
}
