//! Measurements by hand: for each a visit, who went there, its activity, a sample and the observation.

use std::collections::HashSet;
use std::iter::repeat;

use crate::db::prelude::*;
use crate::db::schema::sample;
use crate::db::{WriteSession, one_of_texts};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::principal::Principal;
use crate::store::field_activity::NewFieldActivity;
use crate::store::field_event::NewFieldEvent;
use crate::store::field_event_participant::NewParticipant;
use crate::store::import::{PUBLIC, ids};
use crate::store::observation::manual;
use crate::store::observation::manual::NewObservation;
use crate::store::sample::NewSample;
use crate::store::{StoreError, field_activity, field_event, field_event_participant, sample as samples};

/// What is measured, and how.
#[derive(Clone, Copy, Debug)]
pub struct Kind<'a> {
    /// The parameter.
    pub parameter_id: i32,
    /// Term of `unit`.
    pub unit: &'a str,
    /// Term of `activity_type`.
    pub activity_type: &'a str,
    /// Term of `sample_method`.
    pub sample_method: &'a str,
    /// The contact who measured, where it is known.
    pub taker: Option<i32>,
}

impl Kind<'static> {
    /// Water levels in feet, of which nobody says how they were measured.
    pub fn water_level(parameter_id: i32) -> Self {
        Self { parameter_id, unit: "ft", activity_type: "groundwater level", sample_method: "Unknown", taker: None }
    }
}

/// A measurement to be stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Measurement {
    /// Where.
    pub thing_id: i32,
    /// The natural key. No two of one call may be equal.
    pub sample_name: String,
    /// When.
    pub time: UtcDateTime,
    /// In the unit of the kind.
    pub value: Option<f64>,
    /// Term of `groundwater_level_reason`: why there is no value, or what it suffers from.
    pub reason: Option<String>,
    /// Feet above ground. With 0 a water level is the depth below ground itself.
    pub measuring_point_height: Option<f64>,
}

/// Stores the measurements whose sample is not there yet. Returns how many were added.
pub fn add(session: &mut WriteSession<'_>, kind: Kind<'_>, measurements: &[Measurement]) -> Result<usize, StoreError> {
    let names: Vec<String> = measurements.iter().map(|measurement| measurement.sample_name.clone()).collect();
    let there: HashSet<String> = sample::table
        .filter(one_of_texts(sample::sample_name, &names))
        .select(sample::sample_name)
        .load::<String>(session)?
        .into_iter()
        .collect();
    let new: Vec<&Measurement> =
        measurements.iter().filter(|measurement| !there.contains(&measurement.sample_name)).collect();
    if new.is_empty() {
        return Ok(0);
    }
    let mut rows = Rows::default();
    for (measurement, ids) in new.iter().zip(Ids::take(session, new.len(), kind.taker.is_some())?) {
        rows.add(session.principal(), kind, measurement, &ids);
    }
    session.insert(&[&rows.events, &rows.participants, &rows.activities, &rows.samples, &rows.observations])?;
    Ok(new.len())
}

/// The ids of one measurement's rows.
struct Ids {
    event: i32,
    participant: Option<i32>,
    activity: i32,
    sample: i32,
    observation: i32,
}

impl Ids {
    /// Ids for so many measurements, with participants or without.
    fn take(
        session: &mut WriteSession<'_>,
        count: usize,
        taken: bool,
    ) -> QueryResult<impl Iterator<Item = Self> + use<>> {
        let (events, participants, activities, samples, observations) = session.read((
            ids(field_event::TABLE, count),
            ids(field_event_participant::TABLE, if taken { count } else { 0 }),
            ids(field_activity::TABLE, count),
            ids(samples::TABLE, count),
            ids(manual::TABLE, count),
        ))?;
        let participants = participants.into_iter().map(Some).chain(repeat(None));
        let all = events.into_iter().zip(participants).zip(activities).zip(samples).zip(observations);
        Ok(all.map(|((((event, participant), activity), sample), observation)| Self {
            event,
            participant,
            activity,
            sample,
            observation,
        }))
    }
}

/// What is stored of a chunk.
#[derive(Default)]
struct Rows {
    events: Vec<NewFieldEvent>,
    participants: Vec<NewParticipant>,
    activities: Vec<NewFieldActivity>,
    samples: Vec<NewSample>,
    observations: Vec<NewObservation>,
}

impl Rows {
    fn add(&mut self, by: &Principal, kind: Kind<'_>, measurement: &Measurement, ids: &Ids) {
        let (created_by_id, created_by_name) = (&by.id, &by.name);
        self.events.push(NewFieldEvent {
            id: ids.event,
            release_status: PUBLIC.to_owned(),
            release_at: None,
            created_by_id: created_by_id.clone(),
            created_by_name: created_by_name.clone(),
            thing_id: measurement.thing_id,
            event_date: measurement.time,
            notes: None,
        });
        self.participants.extend(ids.participant.zip(kind.taker).map(|(id, contact_id)| NewParticipant {
            id,
            release_status: PUBLIC.to_owned(),
            release_at: None,
            created_by_id: created_by_id.clone(),
            created_by_name: created_by_name.clone(),
            participant_role: "Lead".to_owned(),
            field_event_id: ids.event,
            contact_id,
        }));
        self.activities.push(NewFieldActivity {
            id: ids.activity,
            release_status: PUBLIC.to_owned(),
            release_at: None,
            created_by_id: created_by_id.clone(),
            created_by_name: created_by_name.clone(),
            field_event_id: ids.event,
            activity_type: kind.activity_type.to_owned(),
            notes: None,
        });
        self.samples.push(NewSample {
            id: ids.sample,
            release_status: PUBLIC.to_owned(),
            release_at: None,
            created_by_id: created_by_id.clone(),
            created_by_name: created_by_name.clone(),
            field_activity_id: ids.activity,
            field_event_participant_id: ids.participant,
            sample_date: measurement.time,
            sample_name: measurement.sample_name.clone(),
            sample_matrix: "groundwater".to_owned(),
            sample_method: kind.sample_method.to_owned(),
            qc_type: "Normal".to_owned(),
            depth_top: None,
            depth_bottom: None,
            notes: None,
        });
        self.observations.push(NewObservation {
            id: ids.observation,
            release_status: PUBLIC.to_owned(),
            release_at: None,
            created_by_id: created_by_id.clone(),
            created_by_name: created_by_name.clone(),
            sample_id: ids.sample,
            sensor_id: None,
            parameter_id: kind.parameter_id,
            observation_datetime: measurement.time,
            value: measurement.value,
            unit: kind.unit.to_owned(),
            measuring_point_height: measurement.measuring_point_height,
            groundwater_level_reason: measurement.reason.clone(),
            nma_data_quality: None,
        });
    }
}
