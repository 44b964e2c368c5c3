//! Visits with everything that was done during them: a fixed number of queries, however many visits.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::db::schema::{field_activity, field_event, field_event_participant};
use crate::db::{Backend, Connection, one_of};
use crate::domain::contact::Contact;
use crate::domain::field_event::{FieldActivityDetails, FieldEventDetails, FieldEventParticipant, SampleDetails};
use crate::domain::time::UtcDateTime;

use super::super::field_activity::FieldActivityRow;
use super::super::{StoreError, contact, observation, sample};
use super::FieldEventRow;

#[derive(Queryable, Selectable)]
#[diesel(table_name = field_event_participant, check_for_backend(Backend))]
struct ParticipantRow {
    id: i32,
    created_at: UtcDateTime,
    release_status: Option<String>,
    field_event_id: i32,
    contact_id: i32,
    participant_role: String,
}

/// The newest `limit` visits to a thing, newest first, and its first visit of all.
pub fn details_of(
    conn: &mut Connection,
    thing_id: i32,
    limit: i64,
) -> Result<(Vec<FieldEventDetails>, Option<FieldEventDetails>), StoreError> {
    let newest: Vec<FieldEventRow> = field_event::table
        .filter(field_event::thing_id.eq(thing_id))
        .order((field_event::event_date.desc(), field_event::id.desc()))
        .limit(limit)
        .select(FieldEventRow::as_select())
        .load(conn)?;
    let first: Option<FieldEventRow> = field_event::table
        .filter(field_event::thing_id.eq(thing_id))
        .order((field_event::event_date, field_event::id))
        .select(FieldEventRow::as_select())
        .first(conn)
        .optional()?;
    let mut ids: Vec<i32> = newest.iter().chain(&first).map(|event| event.id).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut participants = participants(conn, &ids)?;
    let mut activities = activities(conn, &ids)?;
    let first_id = first.as_ref().map(|event| event.id);
    let mut with_children = |event: FieldEventRow| FieldEventDetails {
        id: event.id,
        created_at: event.created_at,
        release_status: event.release_status,
        thing_id: event.thing_id,
        event_date: event.event_date,
        notes: event.notes,
        field_event_participants: participants.remove(&event.id).unwrap_or_default(),
        field_activities: activities.remove(&event.id).unwrap_or_default(),
    };
    let newest: Vec<FieldEventDetails> = newest.into_iter().map(&mut with_children).collect();
    // The first visit may be one of the newest.
    let first = match newest.iter().find(|event| Some(event.id) == first_id) {
        Some(event) => Some(event.clone()),
        None => first.map(with_children),
    };
    Ok((newest, first))
}

/// The participants of visits, by visit.
fn participants(conn: &mut Connection, events: &[i32]) -> Result<HashMap<i32, Vec<FieldEventParticipant>>, StoreError> {
    let rows: Vec<ParticipantRow> = field_event_participant::table
        .filter(one_of(field_event_participant::field_event_id, events))
        .order(field_event_participant::id)
        .select(ParticipantRow::as_select())
        .load(conn)?;
    let contacts = contacts(conn, rows.iter().map(|row| row.contact_id))?;
    let mut by_event: HashMap<i32, Vec<FieldEventParticipant>> = HashMap::new();
    for row in rows {
        // The key to the contact sees to it that there is one.
        let Some(participant) = contacts.get(&row.contact_id).cloned() else { continue };
        by_event.entry(row.field_event_id).or_default().push(FieldEventParticipant {
            id: row.id,
            created_at: row.created_at,
            release_status: row.release_status,
            field_event_id: row.field_event_id,
            contact_id: row.contact_id,
            participant_role: row.participant_role,
            participant,
        });
    }
    Ok(by_event)
}

/// The activities of visits with their samples and observations, by visit.
fn activities(conn: &mut Connection, events: &[i32]) -> Result<HashMap<i32, Vec<FieldActivityDetails>>, StoreError> {
    let rows: Vec<FieldActivityRow> = field_activity::table
        .filter(one_of(field_activity::field_event_id, events))
        .order(field_activity::id)
        .select(FieldActivityRow::as_select())
        .load(conn)?;
    let mut samples = samples(conn, events)?;
    let mut by_event: HashMap<i32, Vec<FieldActivityDetails>> = HashMap::new();
    for row in rows {
        by_event.entry(row.field_event_id).or_default().push(FieldActivityDetails {
            id: row.id,
            created_at: row.created_at,
            release_status: row.release_status,
            field_event_id: row.field_event_id,
            activity_type: row.activity_type,
            notes: row.notes,
            samples: samples.remove(&row.id).unwrap_or_default(),
        });
    }
    Ok(by_event)
}

/// The samples of visits with their observations, by activity.
fn samples(conn: &mut Connection, events: &[i32]) -> Result<HashMap<i32, Vec<SampleDetails>>, StoreError> {
    let rows = sample::of_events(conn, events)?;
    let takers = participating_contacts(conn, rows.iter().filter_map(|row| row.field_event_participant_id))?;
    let mut observations = observation::of_events(conn, events)?;
    let mut by_activity: HashMap<i32, Vec<SampleDetails>> = HashMap::new();
    for row in rows {
        by_activity.entry(row.field_activity_id).or_default().push(SampleDetails {
            id: row.id,
            created_at: row.created_at,
            release_status: row.release_status,
            contact: row.field_event_participant_id.and_then(|taker| takers.get(&taker).cloned()),
            sample_date: row.sample_date,
            sample_name: row.sample_name,
            sample_matrix: row.sample_matrix,
            sample_method: row.sample_method,
            qc_type: row.qc_type,
            notes: row.notes,
            depth_top: row.depth_top,
            depth_bottom: row.depth_bottom,
            observations: observations.remove(&row.id).unwrap_or_default(),
        });
    }
    Ok(by_activity)
}

/// The contacts behind participants, by participant.
pub(in crate::store) fn participating_contacts(
    conn: &mut Connection,
    participants: impl Iterator<Item = i32>,
) -> Result<HashMap<i32, Contact>, StoreError> {
    let ids = distinct(participants);
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let links: Vec<(i32, i32)> = field_event_participant::table
        .filter(one_of(field_event_participant::id, &ids))
        .select((field_event_participant::id, field_event_participant::contact_id))
        .load(conn)?;
    let contacts = contacts(conn, links.iter().map(|(_, contact)| *contact))?;
    Ok(links.into_iter().filter_map(|(id, contact)| Some((id, contacts.get(&contact)?.clone()))).collect())
}

fn contacts(conn: &mut Connection, ids: impl Iterator<Item = i32>) -> Result<HashMap<i32, Contact>, StoreError> {
    let ids = distinct(ids);
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    contact::load(conn, &ids)
}

fn distinct(ids: impl Iterator<Item = i32>) -> Vec<i32> {
    let mut ids: Vec<i32> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}
