//! Water levels from field sheets: each row is checked, and the good ones are stored as a visit with its crew, an activity, a
//! sample and an observation, or overwrite those of an earlier upload. Everything is looked up for the whole file at once.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::db::prelude::*;
use crate::db::schema::{
    field_activity, field_event, field_event_participant as participant, lexicon_category, lexicon_term,
    lexicon_term_category_association as link, measuring_point_history as measuring_point, observation, sample, thing,
};
use crate::db::{Lock, Session, WriteSession, locked, one_of, one_of_texts, rows};
use crate::domain::draft;
use crate::domain::measure::time::UtcDateTime;
use crate::domain::observation::upload::{
    CATEGORIES, KnownWell, Reading, Sheet, UploadSummary, UploadedLevel, Vocabulary, WaterLevelBulkUpload, read,
};
use crate::domain::principal::Principal;
use crate::domain::thing::WATER_WELL;
use crate::store::field_activity::NewFieldActivity;
use crate::store::field_event::{FieldEventChange, NewFieldEvent};
use crate::store::field_event_participant::NewParticipant;
use crate::store::import::{begin_chunk, ids, parameter, staff};
use crate::store::observation::manual::{NewObservation, ObservationChange};
use crate::store::sample::{NewSample, SampleChange};
use crate::store::{StoreError, field_activity as activities, field_event as events, observation::manual};
use crate::store::{field_event_participant as participants, sample as samples, thing as things};

const UNIT: &str = "ft";
const ACTIVITY: &str = "groundwater level";

/// Stores the good rows of a file and says what is wrong with the others.
pub fn load(session: &mut WriteSession<'_>, sheet: &Sheet) -> Result<WaterLevelBulkUpload, StoreError> {
    let mut outcome = WaterLevelBulkUpload::default();
    outcome.summary.total_rows_processed = sheet.rows.len();
    if !sheet.header.problems().is_empty() {
        outcome.validation_errors = sheet.header.problems().to_vec();
        outcome.summary.validation_errors_or_warnings = outcome.validation_errors.len();
        return Ok(outcome);
    }
    begin_chunk(session)?;
    let vocabulary = vocabulary(session)?;
    let wells = wells(session, sheet)?;
    let mut readings: Vec<(usize, Reading)> = Vec::new();
    let mut problems: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for (at, cells) in sheet.rows.iter().enumerate() {
        let named = cells.well().and_then(|name| wells.get(name)).map_or(&[][..], Vec::as_slice);
        match read(at + 1, cells, named, &vocabulary) {
            Ok(reading) => readings.push((at + 1, reading)),
            Err(wrong) => {
                problems.insert(at + 1, wrong);
            }
        }
    }
    let mut stored = Stored::look_up(session, &readings)?;
    readings.retain(|(number, reading)| match stored.refusal(reading) {
        None => true,
        Some(message) => {
            problems.insert(*number, vec![format!("Row {number}:  - Value error, {message}")]);
            false
        }
    });
    stored.keep(session, &readings)?;
    outcome.water_levels = readings.iter().filter_map(|(_, reading)| stored.shown(reading)).collect();
    outcome.summary = UploadSummary {
        total_rows_imported: outcome.water_levels.len(),
        validation_errors_or_warnings: problems.len(),
        ..outcome.summary
    };
    outcome.validation_errors = problems.into_values().flatten().collect();
    note_heights(&readings);
    Ok(outcome)
}

/// Heights that differ from the recorded one are used for the reading alone.
fn note_heights(readings: &[(usize, Reading)]) {
    for (number, reading) in readings {
        if let (Some(used), Some(own)) = (reading.measuring_point_height, reading.well.measuring_point_height)
            && (used - own).abs() > 1e-9
        {
            log::info!("water levels, row {number}: the height of the measuring point is {used}, recorded is {own}");
        }
    }
}

fn vocabulary(session: &mut Session<'_>) -> QueryResult<Vocabulary> {
    let names = CATEGORIES.map(|(name, _)| name.to_owned());
    let terms = lexicon_term::table
        .inner_join(link::table.inner_join(lexicon_category::table))
        .filter(one_of_texts(lexicon_category::name, &names))
        .select((lexicon_category::name, lexicon_term::term))
        .load::<(String, String)>(session)?;
    Ok(Vocabulary::of(terms.into_iter()))
}

/// The wells that the rows name, by name; they stay until the transaction ends.
fn wells(session: &mut WriteSession<'_>, sheet: &Sheet) -> QueryResult<HashMap<String, Vec<KnownWell>>> {
    let names: HashSet<&str> = sheet.rows.iter().filter_map(|cells| cells.well()).collect();
    let names: Vec<String> = names.into_iter().filter(|name| !name.contains('\0')).map(str::to_owned).collect();
    let found = thing::table
        .filter(one_of_texts(thing::name, &names))
        .filter(thing::thing_type.eq(WATER_WELL))
        .order(thing::id)
        .select((thing::id, thing::name, thing::well_depth))
        .load::<(i32, String, Option<f64>)>(session)?;
    let keys: Vec<i32> = found.iter().map(|(id, _, _)| *id).collect();
    let still: HashSet<i32> =
        session.read(rows::<i32, _>(locked(things::TABLE.name, &keys, Lock::Stay)))?.into_iter().collect();
    let heights = measuring_point::table
        .filter(one_of(measuring_point::thing_id, &keys))
        .filter(measuring_point::measuring_point_height.is_not_null())
        .order((measuring_point::start_date, measuring_point::id))
        .select((measuring_point::thing_id, measuring_point::measuring_point_height.assume_not_null()))
        .load::<(i32, f64)>(session)?;
    // The newest comes last.
    let heights: HashMap<i32, f64> = heights.into_iter().collect();
    let mut wells: HashMap<String, Vec<KnownWell>> = HashMap::new();
    for (id, name, depth) in found.into_iter().filter(|(id, _, _)| still.contains(id)) {
        let measuring_point_height = heights.get(&id).copied();
        wells.entry(name).or_default().push(KnownWell { id, depth, measuring_point_height });
    }
    Ok(wells)
}

/// What is stored under a sample's name.
#[derive(Clone, Debug)]
struct Known {
    thing: i32,
    event: i32,
    event_date: UtcDateTime,
    activity: i32,
    activity_type: String,
    sample: i32,
    method: String,
    sample_date: UtcDateTime,
    participant: Option<i32>,
    notes: Option<String>,
    observation: Option<Value>,
}

/// A stored observation.
#[derive(Clone, Debug)]
struct Value {
    id: i32,
    time: UtcDateTime,
    value: Option<f64>,
    height: Option<f64>,
    reason: Option<String>,
    quality: Option<String>,
}

/// A sample, what was done, and the visit.
type Found = ((i32, String, String, UtcDateTime, Option<i32>, Option<String>), (i32, String), (i32, i32, UtcDateTime));

/// All that is stored under the names of a file's readings.
struct Stored {
    parameter: i32,
    known: HashMap<String, Known>,
    /// By visit and contact.
    crew: HashMap<(i32, i32), i32>,
}

impl Stored {
    fn look_up(session: &mut WriteSession<'_>, readings: &[(usize, Reading)]) -> Result<Self, StoreError> {
        let parameter = parameter(session, ACTIVITY)?;
        let names: HashSet<&str> = readings.iter().map(|(_, reading)| reading.sample_name.as_str()).collect();
        let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
        let found = sample::table
            .inner_join(field_activity::table.inner_join(field_event::table))
            .filter(one_of_texts(sample::sample_name, &names))
            .select((
                (
                    sample::id,
                    sample::sample_name,
                    sample::sample_method,
                    sample::sample_date,
                    sample::field_event_participant_id,
                    sample::notes,
                ),
                (field_activity::id, field_activity::activity_type),
                (field_event::id, field_event::thing_id, field_event::event_date),
            ))
            .load::<Found>(session)?;
        let keys: Vec<i32> = found.iter().map(|found| found.0.0).collect();
        let visits: Vec<i32> = found.iter().map(|found| found.2.0).collect();
        let mut values: HashMap<i32, Value> = HashMap::new();
        let observations = observation::table
            .filter(one_of(observation::sample_id, &keys))
            .filter(observation::parameter_id.eq(parameter))
            .order(observation::id)
            .select((
                observation::sample_id,
                observation::id,
                observation::observation_datetime,
                observation::value,
                observation::measuring_point_height,
                observation::groundwater_level_reason,
                observation::nma_data_quality,
            ))
            .load::<(i32, i32, UtcDateTime, Option<f64>, Option<f64>, Option<String>, Option<String>)>(session)?;
        for (sample, id, time, value, height, reason, quality) in observations {
            values.entry(sample).or_insert(Value { id, time, value, height, reason, quality });
        }
        let crew = participant::table
            .filter(one_of(participant::field_event_id, &visits))
            .order(participant::id.desc())
            .select((participant::field_event_id, participant::contact_id, participant::id))
            .load::<(i32, i32, i32)>(session)?;
        let known = found.into_iter().map(|((sample, name, method, sample_date, participant, notes), does, visit)| {
            let (activity, activity_type) = does;
            let (event, thing, event_date) = visit;
            let observation = values.remove(&sample);
            let known = Known {
                thing,
                event,
                event_date,
                activity,
                activity_type,
                sample,
                method,
                sample_date,
                participant,
                notes,
                observation,
            };
            (name, known)
        });
        let crew = crew.into_iter().map(|(event, contact, id)| ((event, contact), id));
        Ok(Self { parameter, known: known.collect(), crew: crew.collect() })
    }

    /// Why a reading cannot have its sample's name.
    fn refusal(&self, reading: &Reading) -> Option<String> {
        let known = self.known.get(&reading.sample_name)?;
        if known.thing != reading.well.id {
            return Some(format!("the sample '{}' is of another well", reading.sample_name));
        }
        (known.activity_type != ACTIVITY)
            .then(|| format!("the sample '{}' is not from a {ACTIVITY} activity", reading.sample_name))
    }

    /// Stores the readings. Of several with the same name the last one counts.
    fn keep(&mut self, session: &mut WriteSession<'_>, readings: &[(usize, Reading)]) -> Result<(), StoreError> {
        let last: HashMap<&str, usize> =
            readings.iter().enumerate().map(|(at, (_, reading))| (reading.sample_name.as_str(), at)).collect();
        let counts = |at: &usize, reading: &Reading| last.get(reading.sample_name.as_str()) == Some(at);
        let readings: Vec<&Reading> = readings
            .iter()
            .enumerate()
            .filter(|(at, (_, reading))| counts(at, reading))
            .map(|(_, (_, reading))| reading)
            .collect();
        if readings.is_empty() {
            return Ok(());
        }
        let names: HashSet<&String> = readings.iter().flat_map(|reading| &reading.staff).collect();
        let names: Vec<String> = names.into_iter().cloned().collect();
        let contacts = staff::named(session, &names)?;
        let mut rows = Rows::default();
        let mut ids = NewIds::take(session, self, &readings, &contacts)?;
        for reading in readings {
            self.add(session.principal(), reading, &contacts, &mut ids, &mut rows);
        }
        rows.write(session)
    }

    /// Adds a reading to what is to be written, and to what is known.
    fn add(
        &mut self,
        by: &Principal,
        reading: &Reading,
        contacts: &HashMap<String, i32>,
        ids: &mut NewIds,
        rows: &mut Rows,
    ) {
        let found = self.known.get(&reading.sample_name).cloned();
        let (event, activity, sample) = match &found {
            Some(known) => (known.event, known.activity, known.sample),
            None => (take(&mut ids.events), take(&mut ids.activities), take(&mut ids.samples)),
        };
        if found.is_none() {
            rows.events.push(NewFieldEvent {
                id: event,
                release_status: draft(),
                release_at: None,
                created_by_id: by.id.clone(),
                created_by_name: by.name.clone(),
                thing_id: reading.well.id,
                event_date: reading.event_date,
                notes: None,
            });
            rows.activities.push(NewFieldActivity {
                id: activity,
                release_status: draft(),
                release_at: None,
                created_by_id: by.id.clone(),
                created_by_name: by.name.clone(),
                field_event_id: event,
                activity_type: ACTIVITY.to_owned(),
                notes: None,
            });
        }
        let mut measured_by = None;
        for (at, name) in reading.staff.iter().enumerate() {
            let Some(contact) = contacts.get(name) else { continue };
            let participant = *self.crew.entry((event, *contact)).or_insert_with(|| {
                let id = take(&mut ids.participants);
                rows.participants.push(NewParticipant {
                    id,
                    release_status: draft(),
                    release_at: None,
                    created_by_id: by.id.clone(),
                    created_by_name: by.name.clone(),
                    participant_role: if at == 0 { "Lead" } else { "Participant" }.to_owned(),
                    field_event_id: event,
                    contact_id: *contact,
                });
                id
            });
            if *name == reading.measuring_person {
                measured_by = Some(participant);
            }
        }
        match &found {
            None => rows.samples.push(NewSample {
                id: sample,
                release_status: draft(),
                release_at: None,
                created_by_id: by.id.clone(),
                created_by_name: by.name.clone(),
                field_activity_id: activity,
                field_event_participant_id: measured_by,
                sample_date: reading.time,
                sample_name: reading.sample_name.clone(),
                sample_matrix: "groundwater".to_owned(),
                sample_method: reading.sample_method.clone(),
                qc_type: "Normal".to_owned(),
                depth_top: None,
                depth_bottom: None,
                notes: reading.notes.clone(),
            }),
            Some(known) => rows.overwrite(by, known, reading, measured_by),
        }
        let value = found.and_then(|known| known.observation);
        let id = match &value {
            Some(value) => {
                rows.overwrite_value(by, value, reading);
                value.id
            }
            None => {
                let id = take(&mut ids.observations);
                rows.observations.push(NewObservation {
                    id,
                    release_status: draft(),
                    release_at: None,
                    created_by_id: by.id.clone(),
                    created_by_name: by.name.clone(),
                    sample_id: sample,
                    sensor_id: None,
                    parameter_id: self.parameter,
                    observation_datetime: reading.time,
                    value: reading.depth_to_water,
                    unit: UNIT.to_owned(),
                    measuring_point_height: reading.measuring_point_height,
                    groundwater_level_reason: reading.level_status.clone(),
                    nma_data_quality: reading.data_quality.clone(),
                });
                id
            }
        };
        self.known.insert(
            reading.sample_name.clone(),
            Known {
                thing: reading.well.id,
                event,
                event_date: reading.event_date,
                activity,
                activity_type: ACTIVITY.to_owned(),
                sample,
                method: reading.sample_method.clone(),
                sample_date: reading.time,
                participant: measured_by,
                notes: reading.notes.clone(),
                observation: Some(Value {
                    id,
                    time: reading.time,
                    value: reading.depth_to_water,
                    height: reading.measuring_point_height,
                    reason: reading.level_status.clone(),
                    quality: reading.data_quality.clone(),
                }),
            },
        );
    }

    /// What is answered for a stored reading.
    fn shown(&self, reading: &Reading) -> Option<UploadedLevel> {
        let known = self.known.get(&reading.sample_name)?;
        let (well, _) = reading.sample_name.rsplit_once("-WL-")?;
        Some(UploadedLevel {
            well_name_point_id: well.to_owned(),
            field_event_id: known.event,
            field_activity_id: known.activity,
            sample_id: known.sample,
            observation_id: known.observation.as_ref()?.id,
            measurement_date_time: reading.sent_time.clone(),
            level_status: reading.level_status.clone(),
            data_quality: reading.data_quality.clone(),
        })
    }
}

/// Ids for all rows that are to be added.
struct NewIds {
    events: std::vec::IntoIter<i32>,
    participants: std::vec::IntoIter<i32>,
    activities: std::vec::IntoIter<i32>,
    samples: std::vec::IntoIter<i32>,
    observations: std::vec::IntoIter<i32>,
}

impl NewIds {
    fn take(
        session: &mut WriteSession<'_>,
        stored: &Stored,
        readings: &[&Reading],
        contacts: &HashMap<String, i32>,
    ) -> QueryResult<Self> {
        let known = |reading: &&&Reading| stored.known.get(&reading.sample_name);
        let new = readings.iter().filter(|reading| known(reading).is_none()).count();
        let unmeasured =
            readings.iter().filter(|reading| known(reading).is_none_or(|k| k.observation.is_none())).count();
        let absent = |reading: &&Reading| {
            let visit = stored.known.get(&reading.sample_name).map(|known| known.event);
            let there = |name: &&String| {
                visit
                    .zip(contacts.get(*name))
                    .is_some_and(|(event, contact)| stored.crew.contains_key(&(event, *contact)))
            };
            reading.staff.iter().filter(|name| !there(name)).count()
        };
        let crew = readings.iter().map(absent).sum();
        let (events, participants, activities, samples, observations) = session.read((
            ids(events::TABLE, new),
            ids(participants::TABLE, crew),
            ids(activities::TABLE, new),
            ids(samples::TABLE, new),
            ids(manual::TABLE, unmeasured),
        ))?;
        Ok(Self {
            events: events.into_iter(),
            participants: participants.into_iter(),
            activities: activities.into_iter(),
            samples: samples.into_iter(),
            observations: observations.into_iter(),
        })
    }
}

/// The next id. As many were taken as there are rows; a row without one would be refused by its foreign keys.
fn take(ids: &mut std::vec::IntoIter<i32>) -> i32 {
    ids.next().unwrap_or(0)
}

/// What is written of a file.
#[derive(Default)]
struct Rows {
    events: Vec<NewFieldEvent>,
    participants: Vec<NewParticipant>,
    activities: Vec<NewFieldActivity>,
    samples: Vec<NewSample>,
    observations: Vec<NewObservation>,
    changed_events: Vec<(i32, FieldEventChange)>,
    changed_samples: Vec<(i32, SampleChange)>,
    changed_observations: Vec<(i32, ObservationChange)>,
}

impl Rows {
    /// Overwrites a visit and a sample where the reading says something else: what is the same leaves no trace in the history.
    fn overwrite(&mut self, by: &Principal, known: &Known, reading: &Reading, participant: Option<i32>) {
        let (updated_by_id, updated_by_name) = (&by.id, &by.name);
        if known.event_date != reading.event_date {
            self.changed_events.push((
                known.event,
                FieldEventChange {
                    event_date: Some(reading.event_date),
                    updated_by_id: updated_by_id.clone(),
                    updated_by_name: updated_by_name.clone(),
                    ..FieldEventChange::default()
                },
            ));
        }
        let same = known.method == reading.sample_method
            && known.sample_date == reading.time
            && known.participant == participant
            && known.notes == reading.notes;
        if !same {
            self.changed_samples.push((
                known.sample,
                SampleChange {
                    sample_method: Some(reading.sample_method.clone()),
                    sample_date: Some(reading.time),
                    field_event_participant_id: Some(participant),
                    notes: Some(reading.notes.clone()),
                    updated_by_id: updated_by_id.clone(),
                    updated_by_name: updated_by_name.clone(),
                    ..SampleChange::default()
                },
            ));
        }
    }

    /// Overwrites an observation where the reading says something else.
    #[allow(clippy::float_cmp, reason = "the very number that was sent before")]
    fn overwrite_value(&mut self, by: &Principal, value: &Value, reading: &Reading) {
        let same = value.time == reading.time
            && value.value == reading.depth_to_water
            && value.height == reading.measuring_point_height
            && value.reason == reading.level_status
            && value.quality == reading.data_quality;
        if !same {
            self.changed_observations.push((
                value.id,
                ObservationChange {
                    observation_datetime: Some(reading.time),
                    value: Some(reading.depth_to_water),
                    unit: Some(UNIT.to_owned()),
                    measuring_point_height: Some(reading.measuring_point_height),
                    groundwater_level_reason: Some(reading.level_status.clone()),
                    nma_data_quality: Some(reading.data_quality.clone()),
                    updated_by_id: by.id.clone(),
                    updated_by_name: by.name.clone(),
                    ..ObservationChange::default()
                },
            ));
        }
    }

    fn write(self, session: &mut WriteSession<'_>) -> Result<(), StoreError> {
        session.insert(&[&self.events, &self.participants, &self.activities, &self.samples, &self.observations])?;
        for (id, change) in self.changed_events {
            diesel::update(field_event::table.find(id)).set(change).execute(session)?;
        }
        for (id, change) in self.changed_samples {
            diesel::update(sample::table.find(id)).set(change).execute(session)?;
        }
        for (id, change) in self.changed_observations {
            diesel::update(observation::table.find(id)).set(change).execute(session)?;
        }
        Ok(())
    }
}
