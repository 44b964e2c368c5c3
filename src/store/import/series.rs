//! Series of recorders: for each a sensor, its deployment, the readings, and blocks that cover them.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;

use crate::db::prelude::*;
use crate::db::schema::{deployment, sensor, transducer_observation as reading, transducer_observation_block as block};
use crate::db::{Backend, Lock, Read, WriteSession, columns, locked, one_of, one_of_texts, rows};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::observation::transducer::maturity;
use crate::domain::principal::Principal;
use crate::store::deployment::NewDeployment;
use crate::store::import::cover::{Span, cover};
use crate::store::import::{PUBLIC, ids};
use crate::store::observation::block as blocks;
use crate::store::observation::block::NewBlock;
use crate::store::observation::transducer::NewReading;
use crate::store::observation::transducer::rows::lock_all;
use crate::store::query::find::by_parent;
use crate::store::sensor::NewSensor;
use crate::store::{StoreError, deployment as deployments, sensor as sensors, thing};

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

/// Stores the readings that are not there yet, with sensors, deployments and blocks where they are missing.
pub fn add(
    session: &mut WriteSession<'_>,
    parameter_id: i32,
    kind: Kind,
    recorders: &[Recorder],
) -> Result<Added, StoreError> {
    if recorders.is_empty() {
        return Ok(Added::default());
    }
    let things: Vec<i32> = recorders.iter().map(|recorder| recorder.thing_id).collect();
    // As everybody who moves readings or blocks: the rows of the things first, then the locks of their series.
    session.read(rows::<i32, _>(locked(thing::TABLE.name, &things, Lock::Stay)))?;
    lock_all(session, &things)?;
    let mut new = Rows::default();
    let deployed = deploy(session, kind, recorders, &mut new)?;
    let (there, spans) = session.read((times(parameter_id, &deployed), spans(parameter_id, kind, &things)))?;
    let mut new_times: BTreeMap<i32, Vec<UtcDateTime>> = BTreeMap::new();
    for Deployed { recorder, id, .. } in deployed {
        for (time, value) in recorder.readings.iter().filter(|(time, _)| !there.contains(&(id, *time))) {
            new.readings.push(reading_row(session.principal(), parameter_id, id, *time, *value));
            new_times.entry(recorder.thing_id).or_default().push(*time);
        }
    }
    cover_with_blocks(session, parameter_id, kind, &spans, &new_times, &mut new)?;
    session.insert(&[&new.sensors, &new.deployments, &new.readings, &new.blocks])?;
    Ok(Added { sensors: new.sensors.len(), blocks: new.blocks.len(), readings: new.readings.len() })
}

/// What is stored of a chunk.
#[derive(Default)]
struct Rows {
    sensors: Vec<NewSensor>,
    deployments: Vec<NewDeployment>,
    readings: Vec<NewReading>,
    blocks: Vec<NewBlock>,
}

/// A recorder with its deployment.
struct Deployed<'a> {
    recorder: &'a Recorder,
    id: i32,
    /// It has no readings yet.
    fresh: bool,
}

type Key = (i32, String);

fn key(recorder: &Recorder) -> Key {
    (recorder.thing_id, recorder.name.clone())
}

/// Deployments with the days of installation.
type Deployments = HashMap<Key, (i32, Option<NaiveDate>)>;

/// What is there of recorders: deployments, and sensors by their names.
fn known(session: &mut WriteSession<'_>, recorders: &[Recorder]) -> QueryResult<(Deployments, HashMap<String, i32>)> {
    let (things, names): (Vec<i32>, Vec<String>) = recorders.iter().map(key).unzip();
    // Of several the oldest comes last and stays.
    let deployments = deployment::table
        .inner_join(sensor::table)
        .filter(one_of(deployment::thing_id, &things))
        .order(deployment::id.desc())
        .select((deployment::thing_id, sensor::name, deployment::id, deployment::installation_date));
    let sensors = sensor::table
        .filter(one_of_texts(sensor::name, &names))
        .order(sensor::id.desc())
        .select((sensor::name, sensor::id));
    let (deployments, sensors) = session
        .read((rows::<(i32, String, i32, Option<NaiveDate>), _>(deployments), rows::<(String, i32), _>(sensors)))?;
    let deployments = deployments.into_iter().map(|(thing, name, id, installed)| ((thing, name), (id, installed)));
    Ok((deployments.collect(), sensors.into_iter().collect()))
}

/// The recorders with their deployments, made where there is none, with a sensor where there is none of that name.
fn deploy<'a>(
    session: &mut WriteSession<'_>,
    kind: Kind,
    recorders: &'a [Recorder],
    new: &mut Rows,
) -> QueryResult<Vec<Deployed<'a>>> {
    let (there, mut sensors) = known(session, recorders)?;
    let missing: Vec<&Recorder> = recorders.iter().filter(|recorder| !there.contains_key(&key(recorder))).collect();
    let unnamed: Vec<&Recorder> =
        missing.iter().copied().filter(|recorder| !sensors.contains_key(&recorder.name)).collect();
    let tables = (ids(sensors::TABLE, unnamed.len()), ids(deployments::TABLE, missing.len()));
    let (sensor_ids, deployment_ids) = session.read(tables)?;
    for (recorder, id) in unnamed.into_iter().zip(sensor_ids) {
        new.sensors.push(sensor_row(session.principal(), kind, recorder, id));
        sensors.insert(recorder.name.clone(), id);
    }
    let mut deployed = Vec::with_capacity(recorders.len());
    for (recorder, id) in missing.into_iter().zip(deployment_ids) {
        if let Some(sensor_id) = sensors.get(&recorder.name) {
            new.deployments.push(deployment_row(session.principal(), recorder, id, *sensor_id));
            deployed.push(Deployed { recorder, id, fresh: true });
        }
    }
    for recorder in recorders {
        if let Some((id, installed)) = there.get(&key(recorder)) {
            install_earlier(session, recorder, *id, *installed)?;
            deployed.push(Deployed { recorder, id: *id, fresh: false });
        }
    }
    Ok(deployed)
}

fn first_day(recorder: &Recorder) -> Option<NaiveDate> {
    recorder.readings.first().map(|(time, _)| time.date())
}

/// Corrects the day of installation where an older stretch of the series came later.
fn install_earlier(
    session: &mut WriteSession<'_>,
    recorder: &Recorder,
    id: i32,
    installed: Option<NaiveDate>,
) -> QueryResult<()> {
    if let (Some(installed), Some(first)) = (installed, first_day(recorder))
        && first < installed
    {
        diesel::update(deployment::table.find(id)).set(deployment::installation_date.eq(first)).execute(session)?;
    }
    Ok(())
}

/// Deployments and times of the readings that are there within the spans of the recorders'.
fn times(parameter_id: i32, deployed: &[Deployed<'_>]) -> impl Read<Output = HashSet<(i32, UtcDateTime)>> + use<> {
    let of = |deployed: &Deployed<'_>| {
        let ((first, _), (last, _)) = (deployed.recorder.readings.first()?, deployed.recorder.readings.last()?);
        let there = reading::table
            .filter(reading::deployment_id.eq(deployed.id))
            .filter(reading::parameter_id.eq(parameter_id))
            .filter(reading::observation_datetime.between(*first, *last))
            .select((reading::deployment_id, reading::observation_datetime));
        Some(rows::<(i32, UtcDateTime), _>(there))
    };
    let parts: Vec<_> = deployed.iter().filter(|deployed| !deployed.fresh).filter_map(of).collect();
    parts.giving(|found| found.into_iter().flatten().collect())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = block, check_for_backend(Backend))]
struct SpanRow {
    id: i32,
    thing_id: i32,
    review_status: String,
    start_datetime: UtcDateTime,
    end_datetime: UtcDateTime,
    comment: Option<String>,
}

/// The blocks of things, by thing. Those that somebody reviewed or made otherwise may not be extended.
fn spans(parameter_id: i32, kind: Kind, things: &[i32]) -> impl Read<Output = HashMap<i32, Vec<Span>>> + use<> {
    let blocks = block::table
        .filter(one_of(block::thing_id, things))
        .filter(block::parameter_id.eq(parameter_id))
        .order((block::start_datetime.asc(), block::id.asc()))
        .select(columns::<SpanRow>());
    let span = move |row: SpanRow| Span {
        id: Some(row.id),
        start: row.start_datetime,
        end: row.end_datetime,
        extendable: row.review_status == NOT_REVIEWED && row.comment.as_deref() == Some(kind.comment),
    };
    rows::<SpanRow, _>(blocks).giving(move |rows| by_parent(rows, |row| row.thing_id, span))
}

/// Sees to it that each new reading lies in a block.
fn cover_with_blocks(
    session: &mut WriteSession<'_>,
    parameter_id: i32,
    kind: Kind,
    there: &HashMap<i32, Vec<Span>>,
    new_times: &BTreeMap<i32, Vec<UtcDateTime>>,
    new: &mut Rows,
) -> QueryResult<()> {
    let mut missing = Vec::new();
    for (thing_id, times) in new_times {
        for span in cover(there.get(thing_id).map_or(&[][..], Vec::as_slice), times) {
            match span.id {
                Some(id) => {
                    diesel::update(block::table.find(id))
                        .set((block::start_datetime.eq(span.start), block::end_datetime.eq(span.end)))
                        .execute(session)?;
                }
                None => missing.push((*thing_id, span)),
            }
        }
    }
    let ids = session.read(ids(blocks::TABLE, missing.len()))?;
    for ((thing_id, span), id) in missing.into_iter().zip(ids) {
        new.blocks.push(block_row(session.principal(), parameter_id, kind, (id, thing_id), span));
    }
    Ok(())
}

fn sensor_row(by: &Principal, kind: Kind, recorder: &Recorder, id: i32) -> NewSensor {
    NewSensor {
        id,
        release_status: PUBLIC.to_owned(),
        release_at: None,
        created_by_id: by.id.clone(),
        created_by_name: by.name.clone(),
        name: recorder.name.clone(),
        sensor_type: "Pressure Transducer".to_owned(),
        model: None,
        serial_no: None,
        pcn_number: None,
        owner_agency: Some(kind.owner_agency.to_owned()),
        sensor_status: None,
        notes: None,
    }
}

fn deployment_row(by: &Principal, recorder: &Recorder, id: i32, sensor_id: i32) -> NewDeployment {
    NewDeployment {
        id,
        release_status: PUBLIC.to_owned(),
        release_at: None,
        created_by_id: by.id.clone(),
        created_by_name: by.name.clone(),
        thing_id: recorder.thing_id,
        sensor_id,
        installation_date: first_day(recorder),
        removal_date: None,
        recording_interval: None,
        recording_interval_units: None,
        hanging_cable_length: None,
        hanging_point_height: None,
        hanging_point_description: None,
        notes: None,
    }
}

fn reading_row(by: &Principal, parameter_id: i32, deployment_id: i32, time: UtcDateTime, value: f64) -> NewReading {
    NewReading {
        release_status: PUBLIC.to_owned(),
        release_at: None,
        created_by_id: by.id.clone(),
        created_by_name: by.name.clone(),
        parameter_id,
        deployment_id,
        observation_datetime: time,
        value,
        note: None,
        data_maturity: maturity(NOT_REVIEWED).to_owned(),
    }
}

fn block_row(by: &Principal, parameter_id: i32, kind: Kind, (id, thing_id): (i32, i32), span: Span) -> NewBlock {
    NewBlock {
        id,
        release_status: PUBLIC.to_owned(),
        release_at: None,
        created_by_id: by.id.clone(),
        created_by_name: by.name.clone(),
        thing_id,
        parameter_id,
        review_status: NOT_REVIEWED.to_owned(),
        start_datetime: span.start,
        end_datetime: span.end,
        comment: Some(kind.comment.to_owned()),
        source_file: None,
        source_kind: Some("depth_to_water".to_owned()),
        corrections: None,
    }
}
