//! Series of recorders: for each a sensor, its deployment, the readings, and blocks that cover them.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::bulk_insert;
use crate::db::schema::{deployment, sensor, transducer_observation as reading, transducer_observation_block as block};
use crate::db::{Backend, Connection, one_of, one_of_texts, reserve_ids};
use crate::domain::time::UtcDateTime;
use crate::store::StoreError;

use super::PUBLIC;
use super::cover::{Span, cover};

/// What the source says nothing about has not been reviewed here.
const NOT_REVIEWED: &str = "not reviewed";

/// The readings of one recorder, by ascending time, each time once.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorder {
    /// Where it hangs.
    pub thing_id: i32,
    /// Its name: the natural key, together with the thing.
    pub name: String,
    /// Time and depth to water in feet below ground.
    pub readings: Vec<(UtcDateTime, f64)>,
}

/// What the recorders of an import have in common.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// Term of `organization`: whose they are.
    pub owner_agency: &'static str,
    /// Marks the blocks that the import made, and may therefore extend.
    pub comment: &'static str,
}

/// What was added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Added {
    /// Sensors.
    pub sensors: usize,
    /// Blocks.
    pub blocks: usize,
    /// Readings.
    pub readings: usize,
}

#[derive(Insertable)]
#[diesel(table_name = sensor, treat_none_as_default_value = false)]
struct NewSensor<'a> {
    id: i32,
    release_status: &'a str,
    name: &'a str,
    sensor_type: &'a str,
    owner_agency: &'a str,
}

#[derive(Insertable)]
#[diesel(table_name = deployment, treat_none_as_default_value = false)]
struct NewDeployment<'a> {
    id: i32,
    release_status: &'a str,
    thing_id: i32,
    sensor_id: i32,
    installation_date: Option<NaiveDate>,
}

#[derive(Insertable)]
#[diesel(table_name = block, treat_none_as_default_value = false)]
struct NewBlock<'a> {
    release_status: &'a str,
    thing_id: i32,
    parameter_id: i32,
    review_status: &'a str,
    start_datetime: UtcDateTime,
    end_datetime: UtcDateTime,
    comment: &'a str,
    source_kind: &'a str,
}

#[derive(Insertable)]
#[diesel(table_name = reading, treat_none_as_default_value = false)]
struct NewReading<'a> {
    release_status: &'a str,
    parameter_id: i32,
    deployment_id: i32,
    observation_datetime: UtcDateTime,
    value: f64,
}

bulk_insert! {
    fn add_sensors(NewSensor<'_>) into sensor::table;
    fn add_deployments(NewDeployment<'_>) into deployment::table;
    fn add_blocks(NewBlock<'_>) into block::table;
    fn add_readings(NewReading<'_>) into reading::table;
}

/// Stores the readings that are not there yet, with sensors, deployments and blocks where they are missing.
pub fn add(conn: &mut Connection, parameter_id: i32, kind: Kind, recorders: &[Recorder]) -> Result<Added, StoreError> {
    let mut added = Added::default();
    if recorders.is_empty() {
        return Ok(added);
    }
    let deployments = deployments(conn, kind, recorders, &mut added)?;
    let mut rows = Vec::new();
    let mut new_times: HashMap<i32, Vec<UtcDateTime>> = HashMap::new();
    for (recorder, deployment) in recorders.iter().zip(&deployments) {
        let there = if deployment.fresh { HashSet::new() } else { times(conn, parameter_id, deployment.id, recorder)? };
        for (time, value) in recorder.readings.iter().filter(|(time, _)| !there.contains(time)) {
            rows.push(NewReading {
                release_status: PUBLIC,
                parameter_id,
                deployment_id: deployment.id,
                observation_datetime: *time,
                value: *value,
            });
            new_times.entry(recorder.thing_id).or_default().push(*time);
        }
    }
    add_readings(conn, &rows)?;
    added.readings = rows.len();
    cover_with_blocks(conn, parameter_id, kind, &new_times, &mut added)?;
    Ok(added)
}

struct Deployment {
    id: i32,
    fresh: bool,
}

/// The deployments of the recorders, in their order; made where there is none.
fn deployments(
    conn: &mut Connection,
    kind: Kind,
    recorders: &[Recorder],
    added: &mut Added,
) -> Result<Vec<Deployment>, StoreError> {
    let things: Vec<i32> = recorders.iter().map(|recorder| recorder.thing_id).collect();
    let rows: Vec<(i32, String, i32, Option<NaiveDate>)> = deployment::table
        .inner_join(sensor::table)
        .filter(one_of(deployment::thing_id, &things))
        .order(deployment::id.desc())
        .select((deployment::thing_id, sensor::name, deployment::id, deployment::installation_date))
        .load(conn)?;
    // The oldest comes last and stays.
    let there: HashMap<(i32, String), (i32, Option<NaiveDate>)> =
        rows.into_iter().map(|(thing, name, id, date)| ((thing, name), (id, date))).collect();
    let key = |recorder: &Recorder| (recorder.thing_id, recorder.name.clone());
    let missing: Vec<&Recorder> = recorders.iter().filter(|recorder| !there.contains_key(&key(recorder))).collect();
    let sensors = sensors(conn, kind, &missing, added)?;
    let ids = reserve_ids(conn, "deployment", missing.len())?;
    let first_day = |recorder: &Recorder| recorder.readings.first().map(|(time, _)| time.date());
    let rows: Vec<_> = missing
        .iter()
        .zip(sensors)
        .zip(&ids)
        .map(|((recorder, sensor_id), id)| NewDeployment {
            id: *id,
            release_status: PUBLIC,
            thing_id: recorder.thing_id,
            sensor_id,
            installation_date: first_day(recorder),
        })
        .collect();
    add_deployments(conn, &rows)?;
    let fresh: HashMap<(i32, String), i32> = missing.iter().map(|recorder| key(recorder)).zip(ids).collect();
    let mut found = Vec::with_capacity(recorders.len());
    for recorder in recorders {
        if let Some((id, installed)) = there.get(&key(recorder)) {
            // An older stretch of the series came later.
            if let (Some(installed), Some(first)) = (installed, first_day(recorder))
                && first < *installed
            {
                diesel::update(deployment::table.find(id))
                    .set(deployment::installation_date.eq(first))
                    .execute(conn)?;
            }
            found.push(Deployment { id: *id, fresh: false });
        } else if let Some(id) = fresh.get(&key(recorder)) {
            found.push(Deployment { id: *id, fresh: true });
        }
    }
    Ok(found)
}

/// The sensors of recorders, in their order; made where there is none of that name.
fn sensors(
    conn: &mut Connection,
    kind: Kind,
    recorders: &[&Recorder],
    added: &mut Added,
) -> Result<Vec<i32>, StoreError> {
    let names: Vec<String> = recorders.iter().map(|recorder| recorder.name.clone()).collect();
    let mut known: HashMap<String, i32> = sensor::table
        .filter(one_of_texts(sensor::name, &names))
        .order(sensor::id.desc())
        .select((sensor::name, sensor::id))
        .load(conn)?
        .into_iter()
        .collect();
    let missing: Vec<&String> = names.iter().filter(|name| !known.contains_key(*name)).collect();
    let ids = reserve_ids(conn, "sensor", missing.len())?;
    let rows: Vec<_> = missing
        .iter()
        .zip(&ids)
        .map(|(name, id)| NewSensor {
            id: *id,
            release_status: PUBLIC,
            name,
            sensor_type: "Pressure Transducer",
            owner_agency: kind.owner_agency,
        })
        .collect();
    add_sensors(conn, &rows)?;
    added.sensors += rows.len();
    known.extend(missing.into_iter().cloned().zip(ids));
    Ok(names.iter().filter_map(|name| known.get(name).copied()).collect())
}

/// Times of a deployment's readings within the span of a recorder's.
fn times(
    conn: &mut Connection,
    parameter_id: i32,
    deployment_id: i32,
    recorder: &Recorder,
) -> QueryResult<HashSet<UtcDateTime>> {
    let (Some((first, _)), Some((last, _))) = (recorder.readings.first(), recorder.readings.last()) else {
        return Ok(HashSet::new());
    };
    let times = reading::table
        .filter(reading::deployment_id.eq(deployment_id))
        .filter(reading::parameter_id.eq(parameter_id))
        .filter(reading::observation_datetime.between(*first, *last))
        .select(reading::observation_datetime)
        .load::<UtcDateTime>(conn)?;
    Ok(times.into_iter().collect())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = block, check_for_backend(Backend))]
struct BlockRow {
    id: i32,
    thing_id: i32,
    review_status: String,
    start_datetime: UtcDateTime,
    end_datetime: UtcDateTime,
    comment: Option<String>,
}

/// Sees to it that each new reading lies in a block. Blocks that somebody reviewed or made otherwise are left alone.
fn cover_with_blocks(
    conn: &mut Connection,
    parameter_id: i32,
    kind: Kind,
    new_times: &HashMap<i32, Vec<UtcDateTime>>,
    added: &mut Added,
) -> Result<(), StoreError> {
    let mut things: Vec<i32> = new_times.keys().copied().collect();
    things.sort_unstable();
    let rows: Vec<BlockRow> = block::table
        .filter(one_of(block::thing_id, &things))
        .filter(block::parameter_id.eq(parameter_id))
        .order((block::start_datetime.asc(), block::id.asc()))
        .select(BlockRow::as_select())
        .load(conn)?;
    let mut there: HashMap<i32, Vec<Span>> = HashMap::new();
    for row in rows {
        let ours = row.review_status == NOT_REVIEWED && row.comment.as_deref() == Some(kind.comment);
        there.entry(row.thing_id).or_default().push(Span {
            id: Some(row.id),
            start: row.start_datetime,
            end: row.end_datetime,
            extendable: ours,
        });
    }
    let mut new = Vec::new();
    for thing_id in things {
        let spans = there.get(&thing_id).map_or(&[][..], Vec::as_slice);
        for span in cover(spans, new_times.get(&thing_id).map_or(&[][..], Vec::as_slice)) {
            match span.id {
                Some(id) => {
                    diesel::update(block::table.find(id))
                        .set((block::start_datetime.eq(span.start), block::end_datetime.eq(span.end)))
                        .execute(conn)?;
                }
                None => new.push(NewBlock {
                    release_status: PUBLIC,
                    thing_id,
                    parameter_id,
                    review_status: NOT_REVIEWED,
                    start_datetime: span.start,
                    end_datetime: span.end,
                    comment: kind.comment,
                    source_kind: "depth_to_water",
                }),
            }
        }
    }
    add_blocks(conn, &new)?;
    added.blocks += new.len();
    Ok(())
}
