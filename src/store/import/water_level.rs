//! Water levels of a field crew's spreadsheet: for each row a visit with who was there, its activity, a sample and the observation. The
//! sample's name is the natural key: a row that is sent again finds its rows, and changes what differs.

use std::collections::{BTreeSet, HashMap};

use crate::db::prelude::*;
use crate::db::schema::{
    field_activity as activity, field_event as event, field_event_participant as participant,
    measuring_point_history as point, observation, sample, thing,
};
use crate::db::{Lock, Numbers, Session, WriteSession, among, locked, one_of_texts, rows};
use crate::domain::draft;
use crate::domain::measure::time::UtcDateTime;
use crate::domain::observation::level_sheet::{LevelRow, StoredLevel, Vocabulary};
use crate::domain::principal::Principal;
use crate::store::field_activity::NewFieldActivity;
use crate::store::field_event::NewFieldEvent;
use crate::store::field_event_participant::NewParticipant;
use crate::store::import::{begin_chunk, ids, parameter, staff};
use crate::store::observation::manual;
use crate::store::query::vocabulary::terms_of;
use crate::store::sample::NewSample;
use crate::store::{StoreError, field_activity, field_event, field_event_participant, sample as samples};

const ACTIVITY: &str = "groundwater level";

/// The words that rows may use.
pub fn vocabulary(session: &mut Session<'_>) -> Result<Vocabulary, StoreError> {
    let methods = terms_of(session, "sample_method")?;
    let statuses = terms_of(session, "groundwater_level_reason")?;
    Ok(Vocabulary::new(methods, statuses, terms_of(session, "data_quality")?))
}

/// A well that rows name.
struct Well {
    id: i32,
    /// Another one has the same name, so nobody can tell which is meant.
    namesake: bool,
    depth: Option<f64>,
    height: Option<f64>,
}

/// The wells of these names, locked so that they stay.
fn wells(session: &mut WriteSession<'_>, names: &BTreeSet<&str>) -> Result<HashMap<String, Well>, StoreError> {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let found: Vec<(i32, String, Option<f64>)> = thing::table
        .filter(one_of_texts(thing::name, &names))
        .filter(thing::thing_type.eq("water well"))
        .order(thing::id)
        .select((thing::id, thing::name, thing::well_depth))
        .load(session)?;
    let these: BTreeSet<i32> = found.iter().map(|(id, ..)| *id).collect();
    let these: Vec<i32> = these.into_iter().collect();
    let here: BTreeSet<i32> = session.read(rows::<i32, _>(locked("thing", &these, Lock::Stay)))?.into_iter().collect();
    let heights: HashMap<i32, f64> = point::table
        .filter(among(point::thing_id, Numbers::new(&these)))
        .filter(point::measuring_point_height.is_not_null())
        .order((point::start_date, point::id))
        .select((point::thing_id, point::measuring_point_height.assume_not_null()))
        .load::<(i32, f64)>(session)?
        .into_iter()
        .collect();
    let mut wells = HashMap::new();
    for (id, name, depth) in found.into_iter().filter(|(id, ..)| here.contains(id)) {
        let well = Well { id, namesake: false, depth, height: heights.get(&id).copied() };
        wells.entry(name).and_modify(|known: &mut Well| known.namesake = true).or_insert(well);
    }
    Ok(wells)
}

/// What is there of a row that was sent before.
#[derive(Clone, Debug)]
struct Known {
    thing_id: i32,
    activity_type: String,
    event: (i32, UtcDateTime, Option<String>),
    activity_id: i32,
    sample: (i32, UtcDateTime, String, Option<String>, Option<i32>),
    observation: Option<(i32, Measured)>,
}

/// What an observation says.
#[derive(Clone, Debug, PartialEq)]
struct Measured {
    time: UtcDateTime,
    value: Option<f64>,
    height: Option<f64>,
    reason: Option<String>,
    quality: Option<String>,
    notes: Option<String>,
}

/// The columns of an observation as they are read.
type MeasuredRow = (i32, i32, UtcDateTime, Option<f64>, Option<f64>, Option<String>, Option<String>, Option<String>);
/// The columns of a sample with its activity and its visit as they are read.
type SampleRow = (
    (i32, String, UtcDateTime, String, Option<String>, Option<i32>),
    (i32, String),
    (i32, i32, UtcDateTime, Option<String>),
);

fn known(
    session: &mut WriteSession<'_>,
    names: &[String],
    parameter: i32,
) -> Result<HashMap<String, Known>, StoreError> {
    let found: Vec<SampleRow> = sample::table
        .inner_join(activity::table.inner_join(event::table))
        .filter(one_of_texts(sample::sample_name, names))
        .select((
            (
                sample::id,
                sample::sample_name,
                sample::sample_date,
                sample::sample_method,
                sample::notes,
                sample::field_event_participant_id,
            ),
            (activity::id, activity::activity_type),
            (event::id, event::thing_id, event::event_date, event::notes),
        ))
        .load(session)?;
    let samples: Vec<i32> = found.iter().map(|((id, ..), ..)| *id).collect();
    let mut measured: HashMap<i32, (i32, Measured)> = HashMap::new();
    let observed: Vec<MeasuredRow> = observation::table
        .filter(among(observation::sample_id, Numbers::new(&samples)))
        .filter(observation::parameter_id.eq(parameter))
        .order(observation::id)
        .select((
            observation::id,
            observation::sample_id,
            observation::observation_datetime,
            observation::value,
            observation::measuring_point_height,
            observation::groundwater_level_reason,
            observation::nma_data_quality,
            observation::notes,
        ))
        .load(session)?;
    for (id, sample, time, value, height, reason, quality, notes) in observed {
        measured.entry(sample).or_insert((id, Measured { time, value, height, reason, quality, notes }));
    }
    let known = found.into_iter().map(|((id, name, date, method, notes, taker), of_activity, of_event)| {
        let (event_id, thing_id, event_date, event_notes) = of_event;
        let known = Known {
            thing_id,
            activity_type: of_activity.1,
            event: (event_id, event_date, event_notes),
            activity_id: of_activity.0,
            sample: (id, date, method, notes, taker),
            observation: measured.remove(&id),
        };
        (name, known)
    });
    Ok(known.collect())
}

/// The last row of a name, and what it becomes.
struct Level<'r> {
    row: &'r LevelRow,
    name: String,
    thing_id: i32,
    height: Option<f64>,
    known: Option<Known>,
    event: i32,
    activity: i32,
    sample: i32,
    observation: i32,
}

impl Level<'_> {
    fn measured(&self) -> Measured {
        let LevelRow { measured, depth, status, quality, notes, .. } = self.row;
        Measured {
            time: *measured,
            value: *depth,
            height: self.height,
            reason: status.clone(),
            quality: quality.clone(),
            notes: notes.clone(),
        }
    }

    fn stored(&self, row: &LevelRow) -> StoredLevel {
        StoredLevel {
            well_name_point_id: row.well.clone(),
            field_event_id: self.event,
            field_activity_id: self.activity,
            sample_id: self.sample,
            observation_id: self.observation,
            measurement_date_time: row.measured_sent.clone(),
            level_status: row.status.clone(),
            data_quality: row.quality.clone(),
        }
    }
}

/// Stores a chunk of rows. Gives for each what it became, or why it is not stored; every other row is.
pub fn store(
    session: &mut WriteSession<'_>,
    rows: &[LevelRow],
) -> Result<Vec<Result<StoredLevel, String>>, StoreError> {
    begin_chunk(session)?;
    let parameter = parameter(session, ACTIVITY)?;
    let wells = wells(session, &rows.iter().map(|row| row.well.as_str()).collect())?;
    let names: Vec<String> = rows.iter().map(LevelRow::sample_name).collect();
    let mut known = known(session, &names, parameter)?;
    let mut levels: Vec<Level<'_>> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut outcomes: Vec<Result<usize, String>> = Vec::with_capacity(rows.len());
    for (row, name) in rows.iter().zip(&names) {
        outcomes.push(wells.get(&row.well).ok_or_else(|| unknown(row)).and_then(|well| {
            if well.namesake {
                return Err(ambiguous(row));
            }
            let height = row.height.or(well.height);
            row.check_depth(height, well.depth)?;
            if let Some(place) = places.get(name.as_str()).copied() {
                if let Some(level) = levels.get_mut(place) {
                    (level.row, level.height) = (row, height);
                }
                return Ok(place);
            }
            let known = match known.remove(name) {
                Some(known) if known.thing_id != well.id || known.activity_type != ACTIVITY => {
                    return Err(taken(row, name));
                }
                known => known,
            };
            if let (Some(sent), Some(own)) = (row.height, well.height)
                && (sent - own).abs() > f64::EPSILON
            {
                log::info!("row {}: measuring point at {sent} ft, recorded at {own} ft", row.number);
            }
            places.insert(name, levels.len());
            let (thing_id, name) = (well.id, name.clone());
            let none = 0;
            levels.push(Level {
                row,
                name,
                thing_id,
                height,
                known,
                event: none,
                activity: none,
                sample: none,
                observation: none,
            });
            Ok(levels.len() - 1)
        }));
    }
    number(session, &mut levels)?;
    write(session, &levels, parameter)?;
    let stored = rows.iter().zip(outcomes).map(|(row, outcome)| {
        let level = outcome?;
        levels.get(level).map(|level| level.stored(row)).ok_or_else(|| unknown(row))
    });
    Ok(stored.collect())
}

fn unknown(row: &LevelRow) -> String {
    format!("Row {}: Unknown well_name_point_id '{}'", row.number, row.well)
}

fn ambiguous(row: &LevelRow) -> String {
    format!("Row {}: well_name_point_id - Value error, several wells are called '{}'", row.number, row.well)
}

fn taken(row: &LevelRow, name: &str) -> String {
    format!("Row {}: well_name_point_id - Value error, the sample {name} belongs to something else", row.number)
}

/// Ids for what is new; those that are known for the rest.
fn number(session: &mut WriteSession<'_>, levels: &mut [Level<'_>]) -> QueryResult<()> {
    let new = levels.iter().filter(|level| level.known.is_none()).count();
    let unmeasured =
        levels.iter().filter(|level| level.known.as_ref().is_none_or(|known| known.observation.is_none())).count();
    let (events, activities, samples, observations) = session.read((
        ids(field_event::TABLE, new),
        ids(field_activity::TABLE, new),
        ids(samples::TABLE, new),
        ids(manual::TABLE, unmeasured),
    ))?;
    let mut new = events.into_iter().zip(activities).zip(samples);
    let mut observations = observations.into_iter();
    for level in levels {
        let observed = level.known.as_ref().and_then(|known| known.observation.as_ref()).map(|(id, _)| *id);
        level.observation = observed.or_else(|| observations.next()).unwrap_or_default();
        (level.event, level.activity, level.sample) = match &level.known {
            Some(known) => (known.event.0, known.activity_id, known.sample.0),
            None => new.next().map_or((0, 0, 0), |((event, activity), sample)| (event, activity, sample)),
        };
    }
    Ok(())
}

/// What is stored of a chunk.
#[derive(Default)]
struct Rows {
    events: Vec<NewFieldEvent>,
    participants: Vec<NewParticipant>,
    activities: Vec<NewFieldActivity>,
    samples: Vec<NewSample>,
    observations: Vec<NewLevel>,
}

/// An observation to be stored.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = observation, treat_none_as_default_value = false)]
struct NewLevel {
    id: i32,
    release_status: String,
    created_by_id: Option<String>,
    created_by_name: Option<String>,
    sample_id: i32,
    parameter_id: i32,
    observation_datetime: UtcDateTime,
    value: Option<f64>,
    unit: &'static str,
    measuring_point_height: Option<f64>,
    groundwater_level_reason: Option<String>,
    nma_data_quality: Option<String>,
    notes: Option<String>,
}

crate::insertable!(NewLevel => observation);

fn write(session: &mut WriteSession<'_>, levels: &[Level<'_>], parameter: i32) -> Result<(), StoreError> {
    let takers = takers(session, levels)?;
    let mut new = Rows { participants: takers.new, ..Rows::default() };
    let by = session.principal().clone();
    let takers = || levels.iter().zip(takers.of.iter().copied());
    for (level, taker) in takers() {
        if level.known.is_none() {
            new.add(level, taker, &by);
        }
        if level.known.as_ref().is_none_or(|known| known.observation.is_none()) {
            new.observe(level, parameter, &by);
        }
    }
    let Rows { events, participants, activities, samples, observations } = &new;
    session.insert(&[events, participants, activities, samples, observations])?;
    // After the participants, whom samples name.
    for (level, taker) in takers() {
        if let Some(known) = &level.known {
            change(session, level, known, taker, &by)?;
        }
    }
    Ok(())
}

/// Who was there.
struct Takers {
    /// Participants to be stored.
    new: Vec<NewParticipant>,
    /// For each level the participant who measured.
    of: Vec<i32>,
}

fn takers(session: &mut WriteSession<'_>, levels: &[Level<'_>]) -> Result<Takers, StoreError> {
    let names: Vec<String> = levels.iter().flat_map(|level| level.row.staff.iter().cloned()).collect();
    let contacts = staff::named(session, &names)?;
    let visited: Vec<i32> = levels.iter().filter(|level| level.known.is_some()).map(|level| level.event).collect();
    let there: HashMap<(i32, i32), i32> = participant::table
        .filter(among(participant::field_event_id, Numbers::new(&visited)))
        .select((participant::field_event_id, participant::contact_id, participant::id))
        .load::<(i32, i32, i32)>(session)?
        .into_iter()
        .map(|(event, contact, id)| ((event, contact), id))
        .collect();
    let contact = |name: &String| contacts.get(name).copied().unwrap_or_default();
    let all = || levels.iter().flat_map(|level| level.row.staff.iter().map(move |name| (level, name)));
    let missing = all().filter(|(level, name)| !there.contains_key(&(level.event, contact(name)))).count();
    let mut free = session.read(ids(field_event_participant::TABLE, missing))?.into_iter();
    let by = session.principal();
    let mut takers = Takers { new: Vec::with_capacity(missing), of: Vec::with_capacity(levels.len()) };
    for level in levels {
        let mut own = Vec::with_capacity(level.row.staff.len());
        for (place, name) in level.row.staff.iter().enumerate() {
            let contact_id = contact(name);
            let id = there.get(&(level.event, contact_id)).copied();
            own.push(id.unwrap_or_else(|| {
                let id = free.next().unwrap_or_default();
                takers.new.push(NewParticipant {
                    id,
                    release_status: draft(),
                    release_at: None,
                    created_by_id: by.id.clone(),
                    created_by_name: by.name.clone(),
                    participant_role: if place == 0 { "Lead" } else { "Participant" }.to_owned(),
                    field_event_id: level.event,
                    contact_id,
                });
                id
            }));
        }
        takers.of.push(own.get(level.row.measured_by).copied().unwrap_or_default());
    }
    Ok(takers)
}

impl Rows {
    fn add(&mut self, level: &Level<'_>, taker: i32, by: &Principal) {
        let (release_status, release_at) = (draft(), None);
        let (created_by_id, created_by_name) = (by.id.clone(), by.name.clone());
        let (thing_id, event_date, notes) = (level.thing_id, level.row.visited, level.row.notes.clone());
        self.events.push(NewFieldEvent {
            id: level.event,
            release_status: release_status.clone(),
            release_at,
            created_by_id: created_by_id.clone(),
            created_by_name: created_by_name.clone(),
            thing_id,
            event_date,
            notes: notes.clone(),
        });
        self.activities.push(NewFieldActivity {
            id: level.activity,
            release_status: release_status.clone(),
            release_at,
            created_by_id: created_by_id.clone(),
            created_by_name: created_by_name.clone(),
            field_event_id: level.event,
            activity_type: ACTIVITY.to_owned(),
            notes: None,
        });
        self.samples.push(NewSample {
            id: level.sample,
            release_status,
            release_at,
            created_by_id,
            created_by_name,
            field_activity_id: level.activity,
            field_event_participant_id: Some(taker),
            sample_date: level.row.measured,
            sample_name: level.name.clone(),
            sample_matrix: "groundwater".to_owned(),
            sample_method: level.row.method.clone(),
            qc_type: "Normal".to_owned(),
            depth_top: None,
            depth_bottom: None,
            notes,
        });
    }

    fn observe(&mut self, level: &Level<'_>, parameter_id: i32, by: &Principal) {
        let Measured { time, value, height, reason, quality, notes } = level.measured();
        self.observations.push(NewLevel {
            id: level.observation,
            release_status: draft(),
            created_by_id: by.id.clone(),
            created_by_name: by.name.clone(),
            sample_id: level.sample,
            parameter_id,
            observation_datetime: time,
            value,
            unit: "ft",
            measuring_point_height: height,
            groundwater_level_reason: reason,
            nma_data_quality: quality,
            notes,
        });
    }
}

/// Changes what differs of the rows that are there: a row that is sent again as it was changes nothing.
fn change(
    session: &mut WriteSession<'_>,
    level: &Level<'_>,
    known: &Known,
    taker: i32,
    by: &Principal,
) -> QueryResult<()> {
    let LevelRow { visited, measured, method, notes, .. } = level.row;
    let (id, name) = (&by.id, &by.name);
    let (event_id, event_date, event_notes) = &known.event;
    if (event_date, event_notes) != (visited, notes) {
        let written = (event::updated_by_id.eq(id), event::updated_by_name.eq(name));
        let change = (event::event_date.eq(visited), event::notes.eq(notes), written);
        diesel::update(event::table.find(*event_id)).set(change).execute(session)?;
    }
    let (sample_id, sample_date, sample_method, sample_notes, sample_taker) = &known.sample;
    if (sample_date, sample_method, sample_notes, sample_taker) != (measured, method, notes, &Some(taker)) {
        let written = (sample::updated_by_id.eq(id), sample::updated_by_name.eq(name));
        let change = (
            sample::sample_date.eq(measured),
            sample::sample_method.eq(method),
            sample::notes.eq(notes),
            sample::field_event_participant_id.eq(taker),
            written,
        );
        diesel::update(sample::table.find(*sample_id)).set(change).execute(session)?;
    }
    let wanted = level.measured();
    if let Some((observation_id, _)) = known.observation.as_ref().filter(|(_, said)| *said != wanted) {
        let written = (observation::updated_by_id.eq(id), observation::updated_by_name.eq(name));
        let change = (
            observation::observation_datetime.eq(wanted.time),
            observation::value.eq(wanted.value),
            observation::measuring_point_height.eq(wanted.height),
            observation::groundwater_level_reason.eq(wanted.reason),
            observation::nma_data_quality.eq(wanted.quality),
            observation::notes.eq(wanted.notes),
            written,
        );
        diesel::update(observation::table.find(*observation_id)).set(change).execute(session)?;
    }
    Ok(())
}
