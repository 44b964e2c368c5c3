//! Publishing: a block and its readings in one go.

use std::collections::HashSet;

use chrono::NaiveDate;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Integer, Nullable};
use serde_json::json;

use crate::db::schema::{deployment, transducer_observation as reading, transducer_observation_block as block};
use crate::db::{Connection, one_of};
use crate::domain::actor::Actor;
use crate::domain::form::Parsed;
use crate::domain::problem::{LocPart, Problem};
use crate::domain::time::UtcDateTime;
use crate::domain::transducer::{CreateTransducerBlock, Measurement, PublishedBlock, TransducerBlock, maturity};

use super::{BlockRow, owner, row};
use crate::store::transducer::{NewReading, add_readings, lock};
use crate::store::{StoreError, deployment as deployments, parameter, require_parent, thing as things, vocabulary};

/// Where and when a new block is.
struct Place {
    thing: i32,
    parameter: i32,
    first: UtcDateTime,
    last: UtcDateTime,
}

/// Stores a block with its readings. Blocks of the thing and parameter that overlap it are refused, or, with `replace`,
/// removed together with the readings that belong to them.
pub fn publish(
    conn: &mut Connection,
    body: Parsed<CreateTransducerBlock>,
    replace: bool,
    actor: &Actor,
) -> Result<PublishedBlock, StoreError> {
    let new = vocabulary::settle(conn, body)?;
    let thing = require_parent(conn, "thing_id", things::MODEL, new.thing_id, things::exists)?;
    let parameter = require_parent(conn, "parameter_id", parameter::MODEL, new.parameter_id, parameter::exists)?;
    let (Some(Measurement { observation_datetime: first, .. }), Some(Measurement { observation_datetime: last, .. })) =
        (new.measurements.first(), new.measurements.last())
    else {
        return Err(StoreError::conflict("measurements", "There are no measurements.", json!([])));
    };
    let place = Place { thing, parameter, first: *first, last: *last };
    lock(conn, thing)?;
    let deployment_id = deployment_for(conn, &new, &place)?;
    make_room(conn, &place, replace)?;
    require_new(conn, deployment_id, &place, &new.measurements)?;
    let provenance = new.provenance.unwrap_or_default();
    let corrections = (!provenance.corrections.is_empty()).then(|| json!(provenance.corrections).to_string());
    let values = (
        block::thing_id.eq(thing),
        block::parameter_id.eq(parameter),
        block::review_status.eq(&new.review_status),
        block::start_datetime.eq(place.first),
        block::end_datetime.eq(place.last),
        block::release_status.eq(&new.release_status),
        block::comment.eq(provenance.notes),
        block::source_file.eq(provenance.source_file),
        block::source_kind.eq(provenance.source_kind),
        block::corrections.eq(corrections),
        block::created_by_id.eq(&actor.id),
        block::created_by_name.eq(&actor.name),
    );
    let id = diesel::insert_into(block::table).values(values).returning(block::id).get_result(conn)?;
    let rows: Vec<NewReading<'_>> = new
        .measurements
        .iter()
        .map(|measurement| NewReading {
            created_by_name: actor.name.as_deref(),
            created_by_id: actor.id.as_deref(),
            release_status: &new.release_status,
            parameter_id: parameter,
            deployment_id,
            observation_datetime: measurement.observation_datetime,
            value: measurement.value,
            note: measurement.note.as_deref(),
            data_maturity: maturity(&new.review_status),
        })
        .collect();
    add_readings(conn, &rows)?;
    let block = row(conn, id)?.into();
    Ok(PublishedBlock { block, observation_count: rows.len(), thing_id: thing, deployment_id })
}

/// The deployment that the body names, which must be at the thing. Without one: the thing's only deployment, or the only
/// one whose dates cover the measurements.
fn deployment_for(conn: &mut Connection, new: &CreateTransducerBlock, place: &Place) -> Result<i32, StoreError> {
    let refuse = |message: String| {
        let loc = vec!["body".into(), "deployment_id".into()];
        StoreError::invalid(Problem::value_error(loc, message, json!(new.deployment_id)))
    };
    let thing = place.thing;
    if let Some(sent) = new.deployment_id {
        let id = require_parent(conn, "deployment_id", deployments::MODEL, sent, deployments::exists)?;
        let stands_at: i32 = deployment::table.find(id).select(deployment::thing_id).first(conn)?;
        if stands_at != thing {
            return Err(refuse(format!("Deployment with ID {sent} is not at Thing with ID {thing}.")));
        }
        return Ok(id);
    }
    let all: Vec<(i32, Option<NaiveDate>, Option<NaiveDate>)> = deployment::table
        .filter(deployment::thing_id.eq(thing))
        .order(deployment::id)
        .select((deployment::id, deployment::installation_date, deployment::removal_date))
        .load(conn)?;
    if let [(id, ..)] = all.as_slice() {
        return Ok(*id);
    }
    let (first, last) = (place.first.date(), place.last.date());
    let covers = |from: Option<NaiveDate>, to: Option<NaiveDate>| {
        from.is_none_or(|from| from <= first) && to.is_none_or(|to| to >= last)
    };
    let covering: Vec<i32> = all.iter().filter(|(_, from, to)| covers(*from, *to)).map(|(id, _, _)| *id).collect();
    match covering.as_slice() {
        [id] => Ok(*id),
        [] if all.is_empty() => Err(refuse(format!("Thing with ID {thing} has no deployment."))),
        [] => Err(refuse(format!("No deployment of Thing with ID {thing} covers the measurements."))),
        _ => {
            let ids = list_of(&covering);
            Err(refuse(format!("Deployments {ids} of Thing with ID {thing} cover the measurements; name one of them.")))
        }
    }
}

fn list_of(ids: &[i32]) -> String {
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// Refuses or removes the blocks that overlap.
fn make_room(conn: &mut Connection, place: &Place, replace: bool) -> Result<(), StoreError> {
    let overlapping: Vec<BlockRow> = block::table
        .filter(block::thing_id.eq(place.thing))
        .filter(block::parameter_id.eq(place.parameter))
        .filter(block::start_datetime.le(place.last))
        .filter(block::end_datetime.ge(place.first))
        .order(block::id)
        .select(BlockRow::as_select())
        .load(conn)?;
    if overlapping.is_empty() {
        return Ok(());
    }
    let ids: Vec<i32> = overlapping.iter().map(|row| row.id).collect();
    if !replace {
        let blocks: Vec<TransducerBlock> = overlapping.into_iter().map(TransducerBlock::from).collect();
        let message = format!("Time span overlaps existing block(s) {}.", list_of(&ids));
        let loc = vec!["body".into(), "measurements".into()];
        let problem = Problem::new("value_error", loc, message, json!({ "overlapping_blocks": blocks }));
        return Err(StoreError::Conflict(Box::new(problem)));
    }
    let starts = overlapping.iter().map(|row| row.start_datetime);
    let ends = overlapping.iter().map(|row| row.end_datetime);
    let (first, last) = (starts.fold(place.first, Ord::min), ends.fold(place.last, Ord::max));
    let at_thing = deployment::table.filter(deployment::thing_id.eq(place.thing)).select(deployment::id);
    let readings = reading::table
        .filter(reading::deployment_id.eq_any(at_thing))
        .filter(reading::parameter_id.eq(place.parameter))
        .filter(reading::observation_datetime.between(first, last))
        .filter(sql::<Nullable<Integer>>(&owner(Some(place.thing))).eq_any(&ids));
    diesel::delete(readings).execute(conn)?;
    diesel::delete(block::table.filter(one_of(block::id, &ids))).execute(conn)?;
    Ok(())
}

/// Refuses a measurement at a time at which there is a reading already.
fn require_new(
    conn: &mut Connection,
    deployment_id: i32,
    place: &Place,
    measurements: &[Measurement],
) -> Result<(), StoreError> {
    let taken: HashSet<UtcDateTime> = reading::table
        .filter(reading::deployment_id.eq(deployment_id))
        .filter(reading::parameter_id.eq(place.parameter))
        .filter(reading::observation_datetime.between(place.first, place.last))
        .select(reading::observation_datetime)
        .load::<UtcDateTime>(conn)?
        .into_iter()
        .collect();
    match measurements.iter().enumerate().find(|(_, new)| taken.contains(&new.observation_datetime)) {
        None => Ok(()),
        Some((at, new)) => {
            let field = "observation_datetime";
            let loc = vec!["body".into(), "measurements".into(), LocPart::Index(at), field.into()];
            let time = json!(new.observation_datetime.exact());
            let shown = time.as_str().unwrap_or_default();
            let message = format!("Deployment with ID {deployment_id} already has a reading at {shown}.");
            let problem = Problem::new("value_error", loc, message, json!({ field: time }));
            Err(StoreError::Conflict(Box::new(problem)))
        }
    }
}
