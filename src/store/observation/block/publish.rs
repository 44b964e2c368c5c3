//! Publishing: a block and its readings in one go.

use std::collections::HashSet;

use chrono::NaiveDate;
use diesel::dsl::sql;
use diesel::sql_types::Bool;
use serde_json::json;

use crate::db::prelude::*;
use crate::db::schema::{deployment, transducer_observation as reading, transducer_observation_block as block};
use crate::db::{AlsoRun, Session, WriteSession, columns, rows};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::observation::transducer::{
    CreateTransducerBlock, Measurement, PublishedBlock, TransducerBlock, maturity,
};
use crate::domain::principal::Principal;
use crate::domain::request::form::Parsed;
use crate::domain::request::problem::{LocPart, Problem};
use crate::store::observation::block::row;
use crate::store::observation::block::rows::{BlockRow, NewBlock, TABLE, owner};
use crate::store::observation::transducer::rows::{NewReading, lock};
use crate::store::query::check::{self, Named, check_new};
use crate::store::query::subquery::in_query;
use crate::store::query::visibility::{DEPLOYMENT, visible};
use crate::store::{StoreError, deployment as deployments, parameter, thing as things};

/// Where and when a new block is.
struct Place {
    thing: i32,
    parameter: i32,
    first: UtcDateTime,
    last: UtcDateTime,
}

impl Place {
    fn of(new: &CreateTransducerBlock) -> Result<Self, StoreError> {
        let (Some(first), Some(last)) = (new.measurements.first(), new.measurements.last()) else {
            return Err(no_measurements());
        };
        Ok(Self {
            thing: check::id(new.thing_id),
            parameter: check::id(new.parameter_id),
            first: first.observation_datetime,
            last: last.observation_datetime,
        })
    }
}

/// What no body that was read is without.
fn no_measurements() -> StoreError {
    StoreError::conflict("measurements", "There are no measurements.", json!([]))
}

/// Stores a block with its readings. Blocks of the thing and parameter that overlap it are refused, or, with `replace`,
/// removed together with the readings that belong to them.
pub fn publish(
    session: &mut WriteSession<'_>,
    form: Parsed<CreateTransducerBlock>,
    replace: bool,
) -> Result<PublishedBlock, StoreError> {
    let names = |new: &CreateTransducerBlock| {
        let thing = Named::new(things::TABLE, "thing_id", new.thing_id);
        let parameter = Named::new(parameter::TABLE, "parameter_id", new.parameter_id);
        let deployment = Named::optional(deployments::TABLE, "deployment_id", new.deployment_id);
        [thing, parameter].into_iter().chain(deployment).collect()
    };
    let (id, new) = check_new(session, TABLE.name, vec![form], names)?.pop().ok_or_else(no_measurements)?;
    let place = Place::of(&new)?;
    lock(session, place.thing)?;
    let there = There::find(session, &place)?;
    let deployment_id = deployment_for(&there.deployments, &new, &place)?;
    make_room(session, &place, there.overlapping, replace)?;
    require_new(&there.loose, deployment_id, &new.measurements)?;
    let (block, readings) = new_rows((id, deployment_id), new, &place, session.principal());
    session.insert(&[&vec![block], &readings])?;
    let block = row(session, id)?.into();
    Ok(PublishedBlock { block, observation_count: readings.len(), thing_id: place.thing, deployment_id })
}

fn new_rows(
    (id, deployment_id): (i32, i32),
    new: CreateTransducerBlock,
    place: &Place,
    by: &Principal,
) -> (NewBlock, Vec<NewReading>) {
    let reading = |measurement: Measurement| NewReading {
        created_by_name: by.name.clone(),
        created_by_id: by.id.clone(),
        release_status: new.release_status.clone(),
        release_at: new.release_at,
        parameter_id: place.parameter,
        deployment_id,
        observation_datetime: measurement.observation_datetime,
        value: measurement.value,
        note: measurement.note,
        data_maturity: maturity(&new.review_status).to_owned(),
    };
    let readings = new.measurements.into_iter().map(reading).collect();
    let provenance = new.provenance.unwrap_or_default();
    let block = NewBlock {
        id,
        release_status: new.release_status,
        release_at: new.release_at,
        created_by_id: by.id.clone(),
        created_by_name: by.name.clone(),
        thing_id: place.thing,
        parameter_id: place.parameter,
        review_status: new.review_status,
        start_datetime: place.first,
        end_datetime: place.last,
        comment: provenance.notes,
        source_file: provenance.source_file,
        source_kind: provenance.source_kind,
        corrections: (!provenance.corrections.is_empty()).then(|| json!(provenance.corrections).to_string()),
    };
    (block, readings)
}

/// A deployment with the days on which it began and ended.
type Deployed = (i32, Option<NaiveDate>, Option<NaiveDate>);

/// What is at the place already.
struct There {
    /// The thing's deployments.
    deployments: Vec<Deployed>,
    /// Blocks that overlap the new one.
    overlapping: Vec<BlockRow>,
    /// Deployments and times of the readings within the new block's span that belong to no block: what would be left of
    /// all readings there once the overlapping blocks were removed.
    loose: HashSet<(i32, UtcDateTime)>,
}

impl There {
    /// One statement.
    fn find(session: &mut Session<'_>, place: &Place) -> QueryResult<Self> {
        let of_thing = || deployment::table.filter(deployment::thing_id.eq(place.thing));
        let deployments = of_thing().filter(visible(session.sight(), &DEPLOYMENT)).order(deployment::id).select((
            deployment::id,
            deployment::installation_date,
            deployment::removal_date,
        ));
        let overlapping = block::table
            .filter(block::thing_id.eq(place.thing))
            .filter(block::parameter_id.eq(place.parameter))
            .filter(block::start_datetime.le(place.last))
            .filter(block::end_datetime.ge(place.first))
            .select(columns::<BlockRow>());
        let loose = reading::table
            .filter(in_query(reading::deployment_id, of_thing().select(deployment::id)))
            .filter(reading::parameter_id.eq(place.parameter))
            .filter(reading::observation_datetime.between(place.first, place.last))
            .filter(sql::<Bool>(&format!("{} IS NULL", owner(place.thing))))
            .select((reading::deployment_id, reading::observation_datetime));
        let (mut deployments, mut overlapping, loose) = session.read((
            rows::<Deployed, _>(deployments),
            rows::<BlockRow, _>(overlapping),
            rows::<(i32, UtcDateTime), _>(loose),
        ))?;
        deployments.sort_unstable();
        overlapping.sort_by_key(|row| row.id);
        Ok(Self { deployments, overlapping, loose: loose.into_iter().collect() })
    }
}

/// The deployment that the body names, which must be at the thing. Without one: the thing's only deployment, or the
/// only one whose dates cover the measurements.
fn deployment_for(all: &[Deployed], new: &CreateTransducerBlock, place: &Place) -> Result<i32, StoreError> {
    let refuse = |message: String| {
        let loc = vec!["body".into(), "deployment_id".into()];
        StoreError::invalid(Problem::value_error(loc, message, json!(new.deployment_id)))
    };
    let thing = place.thing;
    if let Some(sent) = new.deployment_id {
        let named = all.iter().find(|(id, _, _)| i64::from(*id) == sent);
        let elsewhere = || refuse(format!("Deployment with ID {sent} is not at Thing with ID {thing}."));
        return named.map(|(id, _, _)| *id).ok_or_else(elsewhere);
    }
    if let [(id, ..)] = all {
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
fn make_room(
    session: &mut WriteSession<'_>,
    place: &Place,
    overlapping: Vec<BlockRow>,
    replace: bool,
) -> Result<(), StoreError> {
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
        .filter(sql::<Bool>(&format!("{} IN ({})", owner(place.thing), list_of(&ids))));
    let blocks = block::table.filter(sql::<Bool>(&format!("transducer_observation_block.id IN ({})", list_of(&ids))));
    // Readings first: without the blocks nobody could tell which ones belong to them.
    session.insert(&[&AlsoRun(Some(diesel::delete(readings))), &AlsoRun(Some(diesel::delete(blocks)))])?;
    Ok(())
}

/// Refuses a measurement at a time at which there is a reading already.
fn require_new(
    loose: &HashSet<(i32, UtcDateTime)>,
    deployment_id: i32,
    measurements: &[Measurement],
) -> Result<(), StoreError> {
    let taken = |new: &Measurement| loose.contains(&(deployment_id, new.observation_datetime));
    let Some((at, new)) = measurements.iter().enumerate().find(|(_, new)| taken(new)) else {
        return Ok(());
    };
    let field = "observation_datetime";
    let loc = vec!["body".into(), "measurements".into(), LocPart::Index(at), field.into()];
    let time = json!(new.observation_datetime.exact());
    let shown = time.as_str().unwrap_or_default();
    let message = format!("Deployment with ID {deployment_id} already has a reading at {shown}.");
    Err(StoreError::Conflict(Box::new(Problem::new("value_error", loc, message, json!({ field: time })))))
}
