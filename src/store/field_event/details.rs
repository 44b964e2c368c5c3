//! Visits with everything that was done during them: one statement for the visits and one for the rest, however many.

use std::collections::HashMap;

use crate::db::prelude::*;
use crate::db::schema::{
    field_activity as activity, field_event, field_event_participant as participant, observation, sample,
};
use crate::db::{Ids, Numbers, Read, among, columns, row, rows, selected, sharing};
use crate::domain::contact::Contact;
use crate::domain::field_activity::FieldActivity;
use crate::domain::field_event::{FieldActivityDetails, FieldEvent, FieldEventDetails, SampleDetails};
use crate::domain::field_event_participant::FieldEventParticipant;
use crate::domain::observation::manual::Observation;
use crate::domain::principal::Sight;
use crate::store::field_event::{FieldEventRow, wire};
use crate::store::field_event_participant::{self as participants, ParticipantRow};
use crate::store::observation::manual as observations;
use crate::store::query::find::by_parent;
use crate::store::query::visibility::{
    FIELD_ACTIVITY, FIELD_EVENT, FIELD_EVENT_PARTICIPANT, OBSERVATION, SAMPLE, visible,
};
use crate::store::sample::{self as samples, SampleRow};
use crate::store::{contact, field_activity};

/// Some visits to a thing: see [`visits`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Visits {
    newest: Vec<FieldEvent>,
    first: Option<FieldEvent>,
}

/// The newest `limit` visits to a thing, newest first, and its first visit of all.
pub fn visits(sight: Sight, thing: i32, limit: i64) -> impl Read<Output = Visits> {
    let all = || field_event::table.filter(field_event::thing_id.eq(thing)).filter(visible(sight, &FIELD_EVENT));
    let newest = all().order((field_event::event_date.desc(), field_event::id.desc())).limit(limit);
    let first = all().order((field_event::event_date, field_event::id)).limit(1);
    let newest = rows::<FieldEventRow, _>(newest.select(columns::<FieldEventRow>()));
    let first = row::<FieldEventRow, _>(first.select(columns::<FieldEventRow>()));
    (newest, first).giving(|(newest, first)| Visits { newest: wire(newest), first: first.map(FieldEvent::from) })
}

/// The same visits with everything that was done during them.
pub fn details(
    sight: Sight,
    visits: &Visits,
) -> impl Read<Output = (Vec<FieldEventDetails>, Option<FieldEventDetails>)> + use<> {
    let Visits { newest, first } = visits.clone();
    let ids: Vec<i32> = newest.iter().chain(&first).map(|visit| visit.id).collect();
    let done = (!ids.is_empty()).then(|| done(sight, Numbers::new(&ids)));
    done.giving(move |done| {
        let mut done = done.unwrap_or_default();
        let first_id = first.as_ref().map(|visit| visit.id);
        let newest: Vec<FieldEventDetails> = newest.into_iter().map(|visit| done.details(visit)).collect();
        // The first visit may be one of the newest.
        let first = match newest.iter().find(|visit| Some(visit.id) == first_id) {
            Some(visit) => Some(visit.clone()),
            None => first.map(|visit| done.details(visit)),
        };
        (newest, first)
    })
}

/// Who took part in visits and what was done, by visit.
#[derive(Default)]
struct Done {
    participants: HashMap<i32, Vec<FieldEventParticipant>>,
    activities: HashMap<i32, Vec<FieldActivityDetails>>,
}

impl Done {
    fn details(&mut self, visit: FieldEvent) -> FieldEventDetails {
        FieldEventDetails {
            id: visit.id,
            created_at: visit.created_at,
            release_status: visit.release_status,
            release_at: visit.release_at,
            thing_id: visit.thing_id,
            event_date: visit.event_date,
            notes: visit.notes,
            field_event_participants: self.participants.remove(&visit.id).unwrap_or_default(),
            field_activities: self.activities.remove(&visit.id).unwrap_or_default(),
        }
    }
}

/// What belongs to the visits with these ids.
fn done(sight: Sight, visits: impl Ids) -> impl Read<Output = Done> {
    let participants = participants::rows_of_visits(sight, visits.clone());
    let activities = activity::table
        .filter(among(activity::field_event_id, visits.clone()))
        .filter(visible(sight, &FIELD_ACTIVITY))
        .select(activity::id);
    let work = sharing("visit_activities", activities, |activities| {
        let taken =
            sample::table.filter(among(sample::field_activity_id, activities.clone())).filter(visible(sight, &SAMPLE));
        let of_samples = sharing("visit_samples", taken.select(sample::id), |samples| {
            let measured = observation::table
                .filter(among(observation::sample_id, samples.clone()))
                .filter(visible(sight, &OBSERVATION))
                .select(observation::id);
            let measured = sharing("visit_observations", measured, |ids| observations::read(sight, ids));
            // Who took a sample need not have taken part in the same visit.
            let samplers = sample::table.filter(among(sample::id, samples.clone()));
            let samplers = selected(samplers.select(sample::field_event_participant_id));
            let contacts = participant::table
                .filter(among(participant::field_event_id, visits).or(among(participant::id, samplers)))
                .filter(visible(sight, &FIELD_EVENT_PARTICIPANT))
                .select(participant::contact_id);
            let contacts = sharing("visit_contacts", contacts, |ids| contact::read(sight, ids));
            (samples::rows_of(sight, samples), measured, contacts)
        });
        (field_activity::read(sight, activities), of_samples)
    });
    (participants, work).giving(|(participants, (activities, (samples, observations, contacts)))| Done {
        participants: by_visit(participants, &contacts),
        activities: with_samples(activities, samples_of(samples, observations, &contacts)),
    })
}

fn by_visit(rows: Vec<ParticipantRow>, contacts: &HashMap<i32, Contact>) -> HashMap<i32, Vec<FieldEventParticipant>> {
    let participants = participants::with_contacts(rows, contacts);
    by_parent(participants, |participant| participant.field_event_id, |participant| participant)
}

/// Samples with their observations, by activity.
fn samples_of(
    rows: Vec<SampleRow>,
    observations: Vec<Observation>,
    contacts: &HashMap<i32, Contact>,
) -> HashMap<i32, Vec<SampleDetails>> {
    let mut observations = by_parent(observations, |observation| observation.sample_id, |observation| observation);
    let mut by_activity: HashMap<i32, Vec<SampleDetails>> = HashMap::new();
    for row in rows {
        let observations = observations.remove(&row.id).unwrap_or_default();
        by_activity.entry(row.field_activity_id).or_default().push(row.details(contacts, observations));
    }
    by_activity
}

/// Activities with their samples, by visit.
fn with_samples(
    activities: Vec<FieldActivity>,
    mut samples: HashMap<i32, Vec<SampleDetails>>,
) -> HashMap<i32, Vec<FieldActivityDetails>> {
    let mut by_visit: HashMap<i32, Vec<FieldActivityDetails>> = HashMap::new();
    for activity in activities {
        by_visit.entry(activity.field_event_id).or_default().push(FieldActivityDetails {
            id: activity.id,
            created_at: activity.created_at,
            release_status: activity.release_status,
            release_at: activity.release_at,
            field_event_id: activity.field_event_id,
            activity_type: activity.activity_type,
            notes: activity.notes,
            samples: samples.remove(&activity.id).unwrap_or_default(),
        });
    }
    by_visit
}
