//! A thing's time series: what was measured by hand and what recorders read, merged by time, a part at a time.
//!
//! The readings of a deployment and parameter are one range of the index on deployment, parameter and time. From each range that
//! has begun a part takes as many readings as it may need; it ends where the next range begins, so that ranges that follow
//! each other are not all read from their start. The next part goes on after the last value of this one.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::db::prelude::*;
use crate::db::schema::{
    deployment, field_activity as activity, field_event as event, location, location_thing_association as place,
    observation, parameter, sample, sensor, transducer_observation as reading, transducer_observation_block as block,
};
use crate::db::{Backend, Read, Session, row, rows, unindexed};
use crate::domain::location::vertical_datum;
use crate::domain::measure::time::UtcDateTime;
use crate::domain::observation::manual::ObservationKind;
use crate::domain::principal::Sight;
use crate::domain::thing::time_series::{Ground, Source, TimeSeriesPoint, TimeSeriesSearch};
use crate::domain::thing::{FEET, Feet, feet};
use crate::store::StoreError;
use crate::store::observation::block::rows::{BlockRow, of_thing};
use crate::store::observation::manual::depth;
use crate::store::query::subquery::in_query;
use crate::store::query::visibility::{BLOCK, DEPLOYMENT, OBSERVATION, READING, current_place, visible};
use crate::store::thing::{TABLE, there};

/// Values of one part.
const ROWS: usize = 2000;
const ROW_LIMIT: i64 = 2000;

/// The readings of a deployment and parameter.
#[derive(Clone, Debug)]
struct Series {
    deployment_id: i32,
    method: String,
    parameter_id: i32,
    parameter_name: String,
    /// The time of the first one that is asked for.
    first: UtcDateTime,
}

/// A place in the order of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    time: UtcDateTime,
    source: Source,
    id: i32,
}

impl Place {
    /// Before all that was measured at this time.
    fn before(time: UtcDateTime) -> Self {
        Self { time, source: Source::Manual, id: i32::MIN }
    }

    /// The id after which rows of this source go on that have this very time.
    fn bound(self, source: Source) -> i32 {
        match self.source.cmp(&source) {
            Ordering::Less => i32::MIN,
            Ordering::Equal => self.id,
            Ordering::Greater => i32::MAX,
        }
    }
}

/// How far a series has been read.
#[derive(Clone, Debug)]
pub struct Progress {
    thing_id: i32,
    search: TimeSeriesSearch,
    series: Arc<[Series]>,
    ground: Option<Arc<Ground>>,
    after: Place,
}

/// A part of a series.
#[derive(Debug)]
pub struct Part {
    /// The values, by time.
    pub points: Vec<TimeSeriesPoint>,
    /// Where the next part begins; `None` for the last one.
    pub next: Option<Progress>,
}

/// The beginning of a thing's series.
pub fn begin(session: &mut Session<'_>, thing_id: i32, search: TimeSeriesSearch) -> Result<Progress, StoreError> {
    let sight = session.sight();
    let here =
        place::table.inner_join(location::table).filter(place::thing_id.eq(thing_id)).filter(current_place(sight));
    let here = row::<(f64, Option<String>), _>(here.select((location::elevation, location::vertical_datum)));
    let deployments = deployment::table
        .inner_join(sensor::table)
        .filter(deployment::thing_id.eq(thing_id))
        .filter(visible(sight, &DEPLOYMENT))
        .select((deployment::id, sensor::sensor_type));
    let blocks = block::table.filter(block::thing_id.eq(thing_id)).filter(visible(sight, &BLOCK));
    let mut parameters = parameter::table
        .into_boxed::<Backend>()
        .filter(in_query(parameter::id, blocks.select(block::parameter_id)))
        .select((parameter::id, parameter::parameter_name));
    if let Some(only) = search.parameter_id {
        parameters = parameters.filter(parameter::id.eq(only));
    }
    let (thing, here, deployments, parameters) = session.read((
        there(sight, thing_id),
        here,
        rows::<(i32, String), _>(deployments),
        rows::<(i32, String), _>(parameters),
    ))?;
    thing.ok_or_else(|| StoreError::not_found(TABLE.model, thing_id))?;
    let ground = here.map(|(elevation, datum)| {
        Arc::new(Ground { elevation: feet(elevation), vertical_datum: vertical_datum(datum) })
    });
    let start = search.start_time.unwrap_or(UtcDateTime::FIRST);
    let series = series(session, &deployments, &parameters, start)?;
    Ok(Progress { thing_id, search, series: series.into(), ground, after: Place::before(start) })
}

/// What each of the deployments read of each of the parameters from `start` on, where there is any of it.
fn series(
    session: &mut Session<'_>,
    deployments: &[(i32, String)],
    parameters: &[(i32, String)],
    start: UtcDateTime,
) -> Result<Vec<Series>, StoreError> {
    let sight = session.sight();
    let mut candidates = Vec::new();
    for (deployment_id, method) in deployments {
        for (parameter_id, parameter_name) in parameters {
            let (method, parameter_name) = (method.clone(), parameter_name.clone());
            let (deployment_id, parameter_id) = (*deployment_id, *parameter_id);
            candidates.push(Series { deployment_id, method, parameter_id, parameter_name, first: start });
        }
    }
    if candidates.is_empty() {
        return Ok(candidates);
    }
    let first = |series: &Series| {
        let all = readings(sight, series).filter(reading::observation_datetime.ge(start));
        row::<UtcDateTime, _>(all.order(reading::observation_datetime).limit(1).select(reading::observation_datetime))
    };
    let firsts = session.read(candidates.iter().map(first).collect::<Vec<_>>())?;
    let begun = candidates.into_iter().zip(firsts);
    Ok(begun.filter_map(|(series, first)| Some(Series { first: first?, ..series })).collect())
}

fn readings(sight: Sight, series: &Series) -> reading::BoxedQuery<'static, Backend> {
    reading::table
        .filter(reading::deployment_id.eq(series.deployment_id))
        .filter(reading::parameter_id.eq(series.parameter_id))
        .filter(visible(sight, &READING))
        .into_boxed()
}

/// A row of `transducer_observation`.
#[derive(Queryable)]
struct ReadingRow {
    id: i32,
    time: UtcDateTime,
    value: f64,
    data_maturity: Option<String>,
}

/// An observation with its surroundings.
#[derive(Queryable)]
struct ManualRow {
    id: i32,
    time: UtcDateTime,
    value: Option<f64>,
    unit: String,
    height: Option<f64>,
    quality: Option<String>,
    sample_id: i32,
    method: String,
    kind: String,
    parameter_id: i32,
    parameter_name: String,
}

/// A row of either table.
enum Row<'s> {
    Manual(ManualRow),
    Recorder(&'s Series, ReadingRow),
}

/// The next part.
pub fn part(session: &mut Session<'_>, progress: &Progress) -> Result<Part, StoreError> {
    let (sight, after) = (session.sight(), progress.after);
    let begun: Vec<&Series> = progress.series.iter().filter(|series| series.first <= after.time).collect();
    let stop = progress.series.iter().map(|series| series.first).filter(|first| *first > after.time).min();
    let read: Vec<_> = begun.iter().map(|series| recorded(sight, progress, series, stop)).collect();
    let (manual, recorded, blocks) =
        session.read((manual(sight, progress, stop), read, of_thing(sight, progress.thing_id, after.time)))?;

    let mut found: Vec<(Place, Row<'_>)> = Vec::new();
    let place = |time, source, id| Place { time, source, id };
    found.extend(manual.into_iter().map(|row| (place(row.time, Source::Manual, row.id), Row::Manual(row))));
    for (series, rows) in begun.into_iter().zip(recorded) {
        let of_series = |row: ReadingRow| (place(row.time, Source::Recorder, row.id), Row::Recorder(series, row));
        found.extend(rows.into_iter().map(of_series));
    }
    found.sort_unstable_by_key(|(place, _)| *place);
    let next = if found.len() >= ROWS {
        found.truncate(ROWS);
        found.last().map(|(place, _)| *place)
    } else {
        stop.map(Place::before)
    };
    let ground = progress.ground.as_deref();
    let point = |(_, row)| match row {
        Row::Manual(row) => Some(of_sample(row, ground)),
        // As in the list of readings: one that belongs to no block is not published.
        Row::Recorder(series, row) => {
            let block = blocks.find(progress.thing_id, series.parameter_id, row.time)?;
            Some(of_block(series, row, block, ground))
        }
    };
    let points = found.into_iter().filter_map(point).collect();
    Ok(Part { points, next: next.map(|after| Progress { after, ..progress.clone() }) })
}

/// What a range of readings has for the next part, by time: no two of its readings have the same.
fn recorded(
    sight: Sight,
    progress: &Progress,
    series: &Series,
    stop: Option<UtcDateTime>,
) -> impl Read<Output = Vec<ReadingRow>> + use<> {
    let after = progress.after;
    let mut all = readings(sight, series)
        .filter(reading::observation_datetime.ge(after.time))
        .filter(reading::observation_datetime.gt(after.time).or(reading::id.gt(after.bound(Source::Recorder))));
    if let Some(stop) = stop {
        all = all.filter(reading::observation_datetime.lt(stop));
    }
    if let Some(end) = progress.search.end_time {
        all = all.filter(reading::observation_datetime.le(end));
    }
    let all = all.order(reading::observation_datetime).limit(ROW_LIMIT);
    rows::<ReadingRow, _>(all.select((
        reading::id,
        reading::observation_datetime,
        reading::value,
        reading::data_maturity,
    )))
}

/// What was measured by hand for the next part. A thing has few of these, found by its visits: the index on the time is that of all
/// things.
fn manual(sight: Sight, progress: &Progress, stop: Option<UtcDateTime>) -> impl Read<Output = Vec<ManualRow>> + use<> {
    let after = progress.after;
    let time = || unindexed(observation::observation_datetime);
    let mut all = observation::table
        .inner_join(sample::table.inner_join(activity::table.inner_join(event::table)))
        .inner_join(parameter::table)
        .into_boxed::<Backend>()
        .filter(event::thing_id.eq(progress.thing_id))
        .filter(visible(sight, &OBSERVATION))
        .filter(time().ge(after.time))
        .filter(time().gt(after.time).or(observation::id.gt(after.bound(Source::Manual))));
    if let Some(stop) = stop {
        all = all.filter(time().lt(stop));
    }
    if let Some(end) = progress.search.end_time {
        all = all.filter(time().le(end));
    }
    if let Some(only) = progress.search.parameter_id {
        all = all.filter(observation::parameter_id.eq(only));
    }
    let all = all.order((time(), observation::id)).limit(ROW_LIMIT);
    rows::<ManualRow, _>(all.select((
        observation::id,
        observation::observation_datetime,
        observation::value,
        observation::unit,
        observation::measuring_point_height,
        observation::nma_data_quality,
        sample::id,
        sample::sample_method,
        activity::activity_type,
        parameter::id,
        parameter::parameter_name,
    )))
}

fn of_sample(row: ManualRow, ground: Option<&Ground>) -> TimeSeriesPoint {
    let is_level = row.kind == ObservationKind::GroundwaterLevel.activity_type();
    let value = if is_level { depth(row.value, row.height) } else { row.value };
    let ground = ground.filter(|_| is_level && row.unit == FEET);
    TimeSeriesPoint {
        time: row.time.exact(),
        value,
        unit: row.unit,
        water_elevation: ground.zip(value).map(|(ground, depth)| ground.less(depth)),
        water_elevation_unit: Feet::Feet,
        vertical_datum: ground.filter(|_| value.is_some()).map(|ground| ground.vertical_datum.clone()),
        source: Source::Manual,
        method: Some(row.method),
        parameter_id: row.parameter_id,
        parameter_name: row.parameter_name,
        review_status: None,
        data_maturity: None,
        data_quality: row.quality,
        observation_id: row.id,
        sample_id: Some(row.sample_id),
        block_id: None,
    }
}

fn of_block(series: &Series, row: ReadingRow, block: &BlockRow, ground: Option<&Ground>) -> TimeSeriesPoint {
    TimeSeriesPoint {
        time: row.time.exact(),
        value: Some(row.value),
        unit: FEET.to_owned(),
        water_elevation: ground.map(|ground| ground.less(row.value)),
        water_elevation_unit: Feet::Feet,
        vertical_datum: ground.map(|ground| ground.vertical_datum.clone()),
        source: Source::Recorder,
        method: Some(series.method.clone()),
        parameter_id: series.parameter_id,
        parameter_name: series.parameter_name.clone(),
        review_status: Some(block.review_status.clone()),
        data_maturity: row.data_maturity,
        data_quality: None,
        observation_id: row.id,
        sample_id: None,
        block_id: Some(block.id),
    }
}
