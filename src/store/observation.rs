//! Observations. The type of one is the type of its sample's activity; its thing is that of the activity's visit.

use std::collections::HashMap;

use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::result::OptionalEmptyChangesetExtension;

use crate::db::schema::{
    field_activity as activity, field_event as event, observation, parameter as parameters, sample,
};
use crate::db::{Backend, Connection, one_of};
use crate::domain::actor::Actor;
use crate::domain::form::{FromForm, Parsed, Patch};
use crate::domain::list::ListRequest;
use crate::domain::observation::{
    NewObservation, Observation, ObservationKind, ObservationSearch, UpdateGroundwaterLevel,
};
use crate::domain::paging::Page;
use crate::domain::parameter::Parameter;
use crate::domain::problem::Problem;
use crate::domain::time::UtcDateTime;

use super::list::{Column, Listing};
use super::page::load_page;
use super::parameter::ParameterRow;
use super::related::in_query;
use super::{StoreError, parameter, require_parent, sample as samples, sensor, vocabulary};

/// The resource's name in messages.
pub const MODEL: &str = "Observation";

#[derive(Queryable, Selectable)]
#[diesel(table_name = observation, check_for_backend(Backend))]
struct ObservationRow {
    id: i32,
    created_at: UtcDateTime,
    release_status: Option<String>,
    sample_id: i32,
    sensor_id: Option<i32>,
    parameter_id: i32,
    observation_datetime: UtcDateTime,
    value: Option<f64>,
    unit: String,
    nma_data_quality: Option<String>,
    measuring_point_height: Option<f64>,
    groundwater_level_reason: Option<String>,
}

static LISTING: Listing<observation::table> = Listing {
    model: MODEL,
    columns: &[
        Column::integer("id", || Box::new(observation::id.nullable())).not_null(),
        Column::time("created_at", || Box::new(observation::created_at.nullable())).not_null(),
        Column::text("release_status", || Box::new(observation::release_status)),
        Column::integer("sample_id", || Box::new(observation::sample_id.nullable())).not_null(),
        Column::integer("sensor_id", || Box::new(observation::sensor_id)),
        Column::integer("analysis_method_id", || Box::new(observation::analysis_method_id)),
        Column::integer("parameter_id", || Box::new(observation::parameter_id.nullable())).not_null(),
        Column::time("observation_datetime", || Box::new(observation::observation_datetime.nullable())).not_null(),
        Column::float("value", || Box::new(observation::value)),
        Column::text("unit", || Box::new(observation::unit.nullable())).not_null(),
        Column::text("notes", || Box::new(observation::notes)),
        Column::float("measuring_point_height", || Box::new(observation::measuring_point_height)),
        Column::text("groundwater_level_reason", || Box::new(observation::groundwater_level_reason)),
        Column::text("nma_data_quality", || Box::new(observation::nma_data_quality)),
        Column::text("nma_pk_waterlevels", || Box::new(observation::nma_pk_waterlevels)),
    ],
};

/// A page of observations, newest first unless a sort is asked for.
pub fn list<T: From<Observation>>(
    conn: &mut Connection,
    request: &ListRequest,
    search: ObservationSearch,
) -> Result<Page<T>, StoreError> {
    let plan = LISTING.plan(request)?;
    let (rows, extent) = load_page!(
        conn, plan, observation::table, ObservationRow, observation::id,
        extra: |query| {
            if let Some(thing) = search.thing_id {
                let of_thing = sample::table
                    .inner_join(activity::table.inner_join(event::table))
                    .filter(event::thing_id.eq(thing))
                    .select(sample::id);
                query = query.filter(in_query(observation::sample_id, of_thing));
            }
            if let Some(kind) = search.kind {
                // A look-up from each candidate, not a set of samples: half of all samples are of the type, and no index
                // on it may be preferred to the index that finds the thing, the sensor or the newest.
                let of_kind = sample::table
                    .inner_join(activity::table)
                    .filter(sample::id.eq(observation::sample_id))
                    .filter(activity::activity_type.eq(kind.activity_type()));
                query = query.filter(exists(of_kind));
            }
            if let Some(sensor) = search.sensor_id {
                query = query.filter(observation::sensor_id.eq(sensor));
            }
            if let Some(sample) = search.sample_id {
                query = query.filter(observation::sample_id.eq(sample));
            }
            if let Some(start) = search.start_time {
                query = query.filter(observation::observation_datetime.ge(start));
            }
            if let Some(end) = search.end_time {
                query = query.filter(observation::observation_datetime.le(end));
            }
            query
        },
        default: |query| query.order((observation::observation_datetime.desc(), observation::id.desc()))
    );
    let items = complete(conn, rows)?.into_iter().map(T::from).collect();
    Ok(Page::new(items, extent))
}

/// The observations made during visits, by sample, oldest key first. Two queries.
pub(super) fn of_events(conn: &mut Connection, events: &[i32]) -> Result<HashMap<i32, Vec<Observation>>, StoreError> {
    let rows: Vec<ObservationRow> = observation::table
        .inner_join(sample::table.inner_join(activity::table))
        .filter(one_of(activity::field_event_id, events))
        .order(observation::id)
        .select(ObservationRow::as_select())
        .load(conn)?;
    let mut by_sample: HashMap<i32, Vec<Observation>> = HashMap::new();
    for observation in complete(conn, rows)? {
        by_sample.entry(observation.sample_id).or_default().push(observation);
    }
    Ok(by_sample)
}

/// Adds the parameters: one query, however many rows.
fn complete(conn: &mut Connection, rows: Vec<ObservationRow>) -> Result<Vec<Observation>, StoreError> {
    let mut ids: Vec<i32> = rows.iter().map(|row| row.parameter_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let parameters: HashMap<i32, Parameter> = parameters::table
        .filter(one_of(parameters::id, &ids))
        .select(ParameterRow::as_select())
        .load::<ParameterRow>(conn)?
        .into_iter()
        .map(Parameter::from)
        .map(|parameter| (parameter.id, parameter))
        .collect();
    // Every observation has its parameter: one that is in use cannot be deleted.
    let with_parameter = |row: ObservationRow| {
        // Rounded to a millionth of a foot: 121.3 less 1.4 is 119.9 to whoever reads it.
        let depth =
            row.value.zip(row.measuring_point_height).map(|(value, height)| ((value - height) * 1e6).round() / 1e6);
        Some(Observation {
            id: row.id,
            created_at: row.created_at,
            release_status: row.release_status,
            sample_id: row.sample_id,
            sensor_id: row.sensor_id,
            observation_datetime: row.observation_datetime,
            parameter: parameters.get(&row.parameter_id)?.clone(),
            value: row.value,
            unit: row.unit,
            nma_data_quality: row.nma_data_quality,
            depth_to_water_bgs: depth,
            measuring_point_height: row.measuring_point_height,
            groundwater_level_reason: row.groundwater_level_reason,
        })
    };
    Ok(rows.into_iter().filter_map(with_parameter).collect())
}

/// One observation of any type.
pub fn get(conn: &mut Connection, id: i32) -> Result<Observation, StoreError> {
    let row: Option<ObservationRow> =
        observation::table.find(id).select(ObservationRow::as_select()).first(conn).optional()?;
    complete(conn, row.into_iter().collect())?.pop().ok_or_else(|| StoreError::not_found(MODEL, id))
}

/// One observation of the given type.
pub fn get_of<T: From<Observation>>(conn: &mut Connection, kind: ObservationKind, id: i32) -> Result<T, StoreError> {
    require_kind(conn, kind, id)?;
    get(conn, id).map(T::from)
}

/// 404 for a missing row and for one of another type than the path says.
fn require_kind(conn: &mut Connection, kind: ObservationKind, id: i32) -> Result<(), StoreError> {
    let found: Option<String> = observation::table
        .inner_join(sample::table.inner_join(activity::table))
        .filter(observation::id.eq(id))
        .select(activity::activity_type)
        .first(conn)
        .optional()?;
    let found = found.ok_or_else(|| StoreError::not_found(MODEL, id))?;
    let wanted = kind.activity_type();
    if found == wanted {
        return Ok(());
    }
    let message = format!("{MODEL} with ID {id} is not a {wanted} observation. It is a {found} observation.");
    Err(StoreError::WrongKind(Box::new(Problem::conflict("path", "observation_id", message, id))))
}

/// The sample that a body names. It must come from an activity of the type: the observation could otherwise never be read
/// by the route that stored it.
fn require_sample(conn: &mut Connection, kind: ObservationKind, sent: i64) -> Result<i32, StoreError> {
    let id = require_parent(conn, "sample_id", samples::MODEL, sent, samples::exists)?;
    let found: String = sample::table
        .inner_join(activity::table)
        .filter(sample::id.eq(id))
        .select(activity::activity_type)
        .first(conn)?;
    let wanted = kind.activity_type();
    if found == wanted {
        return Ok(id);
    }
    let message = format!("Sample with ID {id} is not from a {wanted} activity. It is from a {found} activity.");
    Err(StoreError::conflict("sample_id", message, sent))
}

fn require_parameter(conn: &mut Connection, sent: i64) -> Result<i32, StoreError> {
    require_parent(conn, "parameter_id", parameter::MODEL, sent, parameter::exists)
}

fn require_sensor(conn: &mut Connection, sent: i64) -> Result<i32, StoreError> {
    require_parent(conn, "sensor_id", sensor::MODEL, sent, sensor::exists)
}

/// The unit that stands for null: every stored value has one.
fn default_unit(conn: &mut Connection, parameter_id: i32) -> QueryResult<String> {
    parameters::table.find(parameter_id).select(parameters::default_unit).first(conn)
}

/// Stores an observation of the given type.
pub fn create<B, T>(
    conn: &mut Connection,
    kind: ObservationKind,
    body: Parsed<B>,
    actor: &Actor,
) -> Result<T, StoreError>
where
    B: FromForm + Into<NewObservation>,
    T: From<Observation>,
{
    let new: NewObservation = vocabulary::settle(conn, body)?.into();
    let parameter_id = require_parameter(conn, new.parameter_id)?;
    let sample_id = require_sample(conn, kind, new.sample_id)?;
    let sensor_id = require_sensor(conn, new.sensor_id)?;
    let unit = match new.unit {
        Some(unit) => unit,
        None => default_unit(conn, parameter_id)?,
    };
    let row = (
        observation::parameter_id.eq(parameter_id),
        observation::sample_id.eq(sample_id),
        observation::sensor_id.eq(sensor_id),
        observation::observation_datetime.eq(new.observation_datetime),
        observation::value.eq(new.value),
        observation::unit.eq(&unit),
        observation::measuring_point_height.eq(new.measuring_point_height),
        observation::groundwater_level_reason.eq(&new.groundwater_level_reason),
        observation::release_status.eq(&new.release_status),
        observation::created_by_id.eq(&actor.id),
        observation::created_by_name.eq(&actor.name),
    );
    let id = diesel::insert_into(observation::table).values(row).returning(observation::id).get_result(conn)?;
    get(conn, id).map(T::from)
}

#[derive(AsChangeset)]
#[diesel(table_name = observation)]
struct ObservationChange {
    parameter_id: Option<i32>,
    sample_id: Option<i32>,
    sensor_id: Option<Option<i32>>,
    observation_datetime: Option<UtcDateTime>,
    value: Option<Option<f64>>,
    unit: Option<String>,
    measuring_point_height: Option<Option<f64>>,
    groundwater_level_reason: Option<Option<String>>,
    release_status: Option<Option<String>>,
    updated_by_id: Option<String>,
    updated_by_name: Option<String>,
}

/// Changes what was sent of an observation of the given type. A PATCH of a groundwater level can say everything that one of
/// another type can.
pub fn update<B, T>(
    conn: &mut Connection,
    kind: ObservationKind,
    id: i32,
    body: Parsed<B>,
    actor: &Actor,
) -> Result<T, StoreError>
where
    B: FromForm + Into<UpdateGroundwaterLevel>,
    T: From<Observation>,
{
    require_kind(conn, kind, id)?;
    let patch: UpdateGroundwaterLevel = vocabulary::settle(conn, body)?.into();
    let parameter_id = patch.parameter_id.map(|sent| require_parameter(conn, sent)).transpose()?;
    let sample_id = patch.sample_id.map(|sent| require_sample(conn, kind, sent)).transpose()?;
    let sensor_id = match patch.sensor_id {
        Patch::Absent => None,
        Patch::Null => Some(None),
        Patch::Value(sent) => Some(Some(require_sensor(conn, sent)?)),
    };
    let unit = match patch.unit {
        Patch::Absent => None,
        Patch::Value(unit) => Some(unit),
        Patch::Null => {
            let parameter_id = match parameter_id {
                Some(changed) => changed,
                None => observation::table.find(id).select(observation::parameter_id).first(conn)?,
            };
            Some(default_unit(conn, parameter_id)?)
        }
    };
    let change = ObservationChange {
        parameter_id,
        sample_id,
        sensor_id,
        observation_datetime: patch.observation_datetime,
        value: patch.value.into_change(),
        unit,
        measuring_point_height: patch.measuring_point_height.into_change(),
        groundwater_level_reason: patch.groundwater_level_reason.into_change(),
        release_status: patch.release_status.into_change(),
        updated_by_id: actor.id.clone(),
        updated_by_name: actor.name.clone(),
    };
    diesel::update(observation::table.find(id)).set(change).execute(conn).optional_empty_changeset()?;
    get(conn, id).map(T::from)
}

/// Removes an observation of any type.
pub fn delete(conn: &mut Connection, id: i32) -> Result<(), StoreError> {
    match diesel::delete(observation::table.find(id)).execute(conn)? {
        0 => Err(StoreError::not_found(MODEL, id)),
        _ => Ok(()),
    }
}
