//! Samples.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::result::OptionalEmptyChangesetExtension;
use serde_json::json;

use crate::db::schema::{field_activity as activity, field_event as event, field_event_participant, sample};
use crate::db::{Backend, Connection, one_of};
use crate::domain::actor::Actor;
use crate::domain::field_event::FieldEvent;
use crate::domain::form::{Parsed, Patch};
use crate::domain::list::ListRequest;
use crate::domain::paging::Page;
use crate::domain::sample::{CreateSample, Sample, SampleActivity, UpdateSample};
use crate::domain::time::UtcDateTime;

use super::field_activity::FieldActivityRow;
use super::field_event::{FieldEventRow, participating_contacts};
use super::list::{Column, Listing};
use super::page::load_page;
use super::related::in_query;
use super::{StoreError, field_activity, require_parent, thing, vocabulary};

/// The resource's name in messages.
pub const MODEL: &str = "Sample";

/// A row of the table, as visits embed it.
#[derive(Queryable, Selectable)]
#[diesel(table_name = sample, check_for_backend(Backend))]
pub(super) struct SampleRow {
    pub(super) id: i32,
    pub(super) created_at: UtcDateTime,
    pub(super) release_status: Option<String>,
    pub(super) field_activity_id: i32,
    pub(super) field_event_participant_id: Option<i32>,
    pub(super) sample_date: UtcDateTime,
    pub(super) sample_name: String,
    pub(super) sample_matrix: String,
    pub(super) sample_method: String,
    pub(super) qc_type: String,
    pub(super) depth_top: Option<f64>,
    pub(super) depth_bottom: Option<f64>,
    pub(super) notes: Option<String>,
}

static LISTING: Listing<sample::table> = Listing {
    model: MODEL,
    columns: &[
        Column::integer("id", || Box::new(sample::id.nullable())).not_null(),
        Column::time("created_at", || Box::new(sample::created_at.nullable())).not_null(),
        Column::text("release_status", || Box::new(sample::release_status)),
        Column::integer("field_activity_id", || Box::new(sample::field_activity_id.nullable())).not_null(),
        Column::integer("field_event_participant_id", || Box::new(sample::field_event_participant_id)),
        Column::time("sample_date", || Box::new(sample::sample_date.nullable())).not_null(),
        Column::text("sample_name", || Box::new(sample::sample_name.nullable())).not_null(),
        Column::text("sample_matrix", || Box::new(sample::sample_matrix.nullable())).not_null(),
        Column::text("sample_method", || Box::new(sample::sample_method.nullable())).not_null(),
        Column::text("qc_type", || Box::new(sample::qc_type.nullable())).not_null(),
        Column::float("depth_top", || Box::new(sample::depth_top)),
        Column::float("depth_bottom", || Box::new(sample::depth_bottom)),
        Column::text("notes", || Box::new(sample::notes)),
        Column::text("nma_pk_waterlevels", || Box::new(sample::nma_pk_waterlevels)),
    ],
};

/// A page of samples, of one thing or of all.
pub fn list(conn: &mut Connection, request: &ListRequest, thing_id: Option<i32>) -> Result<Page<Sample>, StoreError> {
    let plan = LISTING.plan(request)?;
    let (rows, extent) = load_page!(
        conn, plan, sample::table, SampleRow, sample::id,
        extra: |query| {
            if let Some(thing) = thing_id {
                let of_thing = activity::table
                    .inner_join(event::table)
                    .filter(event::thing_id.eq(thing))
                    .select(activity::id);
                query = query.filter(in_query(sample::field_activity_id, of_thing));
            }
            query
        },
        default: |query| query.order(sample::id.asc())
    );
    Ok(Page::new(complete(conn, rows)?, extent))
}

/// The samples taken during visits, by key. One query.
pub(super) fn of_events(conn: &mut Connection, events: &[i32]) -> QueryResult<Vec<SampleRow>> {
    sample::table
        .inner_join(activity::table)
        .filter(one_of(activity::field_event_id, events))
        .order(sample::id)
        .select(SampleRow::as_select())
        .load(conn)
}

/// Adds where the samples come from: a fixed number of queries, however many rows.
fn complete(conn: &mut Connection, rows: Vec<SampleRow>) -> Result<Vec<Sample>, StoreError> {
    let mut ids: Vec<i32> = rows.iter().map(|row| row.field_activity_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let origins: HashMap<i32, (SampleActivity, FieldEvent)> = activity::table
        .inner_join(event::table)
        .filter(one_of(activity::id, &ids))
        .select((FieldActivityRow::as_select(), FieldEventRow::as_select()))
        .load::<(FieldActivityRow, FieldEventRow)>(conn)?
        .into_iter()
        .map(|(activity, event)| (activity.id, (activity.into(), event.into())))
        .collect();
    let mut ids: Vec<i32> = origins.values().map(|(_, event)| event.thing_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let things = thing::things(conn, &ids)?;
    let takers = participating_contacts(conn, rows.iter().filter_map(|row| row.field_event_participant_id))?;
    // The keys see to it that every sample has an activity, that a visit, and that a thing.
    let with_origin = |row: SampleRow| {
        let (field_activity, field_event) = origins.get(&row.field_activity_id)?.clone();
        Some(Sample {
            id: row.id,
            created_at: row.created_at,
            release_status: row.release_status,
            thing: things.get(&field_event.thing_id)?.clone(),
            field_event,
            field_activity,
            contact: row.field_event_participant_id.and_then(|taker| takers.get(&taker).cloned()),
            sample_date: row.sample_date,
            sample_name: row.sample_name,
            sample_matrix: row.sample_matrix,
            sample_method: row.sample_method,
            qc_type: row.qc_type,
            notes: row.notes,
            depth_top: row.depth_top,
            depth_bottom: row.depth_bottom,
        })
    };
    Ok(rows.into_iter().filter_map(with_origin).collect())
}

/// One sample.
pub fn get(conn: &mut Connection, id: i32) -> Result<Sample, StoreError> {
    let row: Option<SampleRow> = sample::table.find(id).select(SampleRow::as_select()).first(conn).optional()?;
    complete(conn, row.into_iter().collect())?.pop().ok_or_else(|| StoreError::not_found(MODEL, id))
}

/// True when the row exists.
pub fn exists(conn: &mut Connection, id: i32) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(sample::table.find(id))).get_result(conn)
}

/// The activity that a body names. Its message has words of its own.
fn require_activity(conn: &mut Connection, sent: i64) -> Result<i32, StoreError> {
    if let Ok(id) = i32::try_from(sent)
        && field_activity::exists(conn, id)?
    {
        return Ok(id);
    }
    let message = format!("{} with ID {sent} does not exist.", field_activity::MODEL);
    Err(StoreError::conflict("field_activity_id", message, sent))
}

fn require_participant(conn: &mut Connection, sent: i64) -> Result<i32, StoreError> {
    require_parent(conn, "field_event_participant_id", "FieldEventParticipant", sent, |conn, id| {
        diesel::select(diesel::dsl::exists(field_event_participant::table.find(id))).get_result(conn)
    })
}

/// Refuses a second sample of the same name.
fn require_unique(conn: &mut Connection, name: &str, but: Option<i32>) -> Result<(), StoreError> {
    let mut same = sample::table.into_boxed::<Backend>().filter(sample::sample_name.eq(name.to_owned()));
    if let Some(id) = but {
        same = same.filter(sample::id.ne(id));
    }
    if same.count().get_result::<i64>(conn)? == 0 {
        return Ok(());
    }
    let message = format!("{MODEL} with sample_name {name} already exists.");
    Err(StoreError::conflict("sample_name", message, json!(name)))
}

/// Stores a sample.
pub fn create(conn: &mut Connection, body: Parsed<CreateSample>, actor: &Actor) -> Result<Sample, StoreError> {
    let new = vocabulary::settle(conn, body)?;
    let activity_id = require_activity(conn, new.field_activity_id)?;
    let participant = new.field_event_participant_id.map(|sent| require_participant(conn, sent)).transpose()?;
    require_unique(conn, &new.sample_name, None)?;
    let row = (
        sample::field_activity_id.eq(activity_id),
        sample::field_event_participant_id.eq(participant),
        sample::sample_date.eq(new.sample_date),
        sample::sample_name.eq(&new.sample_name),
        sample::sample_matrix.eq(&new.sample_matrix),
        sample::sample_method.eq(&new.sample_method),
        sample::qc_type.eq(&new.qc_type),
        sample::depth_top.eq(new.depth_top),
        sample::depth_bottom.eq(new.depth_bottom),
        sample::notes.eq(&new.notes),
        sample::release_status.eq(&new.release_status),
        sample::created_by_id.eq(&actor.id),
        sample::created_by_name.eq(&actor.name),
    );
    let id = diesel::insert_into(sample::table).values(row).returning(sample::id).get_result(conn)?;
    get(conn, id)
}

#[derive(AsChangeset)]
#[diesel(table_name = sample)]
struct SampleChange {
    field_activity_id: Option<i32>,
    field_event_participant_id: Option<Option<i32>>,
    sample_date: Option<UtcDateTime>,
    sample_name: Option<String>,
    sample_matrix: Option<String>,
    sample_method: Option<String>,
    qc_type: Option<String>,
    depth_top: Option<Option<f64>>,
    depth_bottom: Option<Option<f64>>,
    notes: Option<Option<String>>,
    release_status: Option<Option<String>>,
    updated_by_id: Option<String>,
    updated_by_name: Option<String>,
}

/// Changes what was sent.
pub fn update(conn: &mut Connection, id: i32, body: Parsed<UpdateSample>, actor: &Actor) -> Result<Sample, StoreError> {
    if !exists(conn, id)? {
        return Err(StoreError::not_found(MODEL, id));
    }
    let patch = vocabulary::settle(conn, body)?;
    let field_activity_id = patch.field_activity_id.map(|sent| require_activity(conn, sent)).transpose()?;
    let participant = match patch.field_event_participant_id {
        Patch::Absent => None,
        Patch::Null => Some(None),
        Patch::Value(sent) => Some(Some(require_participant(conn, sent)?)),
    };
    if let Some(name) = &patch.sample_name {
        require_unique(conn, name, Some(id))?;
    }
    let change = SampleChange {
        field_activity_id,
        field_event_participant_id: participant,
        sample_date: patch.sample_date,
        sample_name: patch.sample_name,
        sample_matrix: patch.sample_matrix,
        sample_method: patch.sample_method,
        qc_type: patch.qc_type,
        depth_top: patch.depth_top.into_change(),
        depth_bottom: patch.depth_bottom.into_change(),
        notes: patch.notes.into_change(),
        release_status: patch.release_status.into_change(),
        updated_by_id: actor.id.clone(),
        updated_by_name: actor.name.clone(),
    };
    diesel::update(sample::table.find(id)).set(change).execute(conn).optional_empty_changeset()?;
    get(conn, id)
}

/// Removes a sample with its observations.
pub fn delete(conn: &mut Connection, id: i32) -> Result<(), StoreError> {
    match diesel::delete(sample::table.find(id)).execute(conn)? {
        0 => Err(StoreError::not_found(MODEL, id)),
        _ => Ok(()),
    }
}
