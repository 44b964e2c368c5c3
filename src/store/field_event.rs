//! Visits to things.

mod details;

use diesel::prelude::*;
use diesel::result::OptionalEmptyChangesetExtension;

use crate::db::schema::field_event;
use crate::db::{Backend, Connection};
use crate::domain::actor::Actor;
use crate::domain::field_event::{CreateFieldEvent, FieldEvent, UpdateFieldEvent};
use crate::domain::form::Parsed;
use crate::domain::list::ListRequest;
use crate::domain::paging::Page;
use crate::domain::time::UtcDateTime;

use super::list::{Column, Listing};
use super::page::load_page;
use super::{StoreError, require_parent, thing, vocabulary};

pub use details::details_of;
pub(super) use details::participating_contacts;

/// The resource's name in messages.
pub const MODEL: &str = "FieldEvent";

/// A row of the table, as samples embed it.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = field_event, check_for_backend(Backend))]
pub(super) struct FieldEventRow {
    id: i32,
    created_at: UtcDateTime,
    release_status: Option<String>,
    thing_id: i32,
    event_date: UtcDateTime,
    notes: Option<String>,
}

impl From<FieldEventRow> for FieldEvent {
    fn from(row: FieldEventRow) -> Self {
        let FieldEventRow { id, created_at, release_status, thing_id, event_date, notes } = row;
        Self { id, created_at, release_status, thing_id, event_date: event_date.exact(), notes }
    }
}

static LISTING: Listing<field_event::table> = Listing {
    model: MODEL,
    columns: &[
        Column::integer("id", || Box::new(field_event::id.nullable())).not_null(),
        Column::time("created_at", || Box::new(field_event::created_at.nullable())).not_null(),
        Column::text("release_status", || Box::new(field_event::release_status)),
        Column::integer("thing_id", || Box::new(field_event::thing_id.nullable())).not_null(),
        Column::time("event_date", || Box::new(field_event::event_date.nullable())).not_null(),
        Column::text("notes", || Box::new(field_event::notes)),
    ],
};

/// A page of visits, of one thing or of all.
pub fn list(
    conn: &mut Connection,
    request: &ListRequest,
    thing_id: Option<i32>,
) -> Result<Page<FieldEvent>, StoreError> {
    let plan = LISTING.plan(request)?;
    let (rows, extent) = load_page!(
        conn, plan, field_event::table, FieldEventRow, field_event::id,
        extra: |query| {
            if let Some(thing) = thing_id {
                query = query.filter(field_event::thing_id.eq(thing));
            }
            query
        },
        default: |query| query.order(field_event::id.asc())
    );
    Ok(Page::new(rows.into_iter().map(FieldEvent::from).collect(), extent))
}

/// One visit.
pub fn get(conn: &mut Connection, id: i32) -> Result<FieldEvent, StoreError> {
    let row: Option<FieldEventRow> =
        field_event::table.find(id).select(FieldEventRow::as_select()).first(conn).optional()?;
    row.map(FieldEvent::from).ok_or_else(|| StoreError::not_found(MODEL, id))
}

/// True when the row exists.
pub fn exists(conn: &mut Connection, id: i32) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(field_event::table.find(id))).get_result(conn)
}

fn require_thing(conn: &mut Connection, sent: i64) -> Result<i32, StoreError> {
    require_parent(conn, "thing_id", thing::MODEL, sent, thing::exists)
}

/// Stores a visit.
pub fn create(conn: &mut Connection, body: Parsed<CreateFieldEvent>, actor: &Actor) -> Result<FieldEvent, StoreError> {
    let new = vocabulary::settle(conn, body)?;
    let row = (
        field_event::thing_id.eq(require_thing(conn, new.thing_id)?),
        field_event::event_date.eq(new.event_date),
        field_event::notes.eq(&new.notes),
        field_event::release_status.eq(&new.release_status),
        field_event::created_by_id.eq(&actor.id),
        field_event::created_by_name.eq(&actor.name),
    );
    let id = diesel::insert_into(field_event::table).values(row).returning(field_event::id).get_result(conn)?;
    get(conn, id)
}

#[derive(AsChangeset)]
#[diesel(table_name = field_event)]
struct FieldEventChange {
    thing_id: Option<i32>,
    event_date: Option<UtcDateTime>,
    notes: Option<Option<String>>,
    release_status: Option<Option<String>>,
    updated_by_id: Option<String>,
    updated_by_name: Option<String>,
}

/// Changes what was sent.
pub fn update(
    conn: &mut Connection,
    id: i32,
    body: Parsed<UpdateFieldEvent>,
    actor: &Actor,
) -> Result<FieldEvent, StoreError> {
    if !exists(conn, id)? {
        return Err(StoreError::not_found(MODEL, id));
    }
    let patch = vocabulary::settle(conn, body)?;
    let change = FieldEventChange {
        thing_id: patch.thing_id.map(|sent| require_thing(conn, sent)).transpose()?,
        event_date: patch.event_date,
        notes: patch.notes.into_change(),
        release_status: patch.release_status.into_change(),
        updated_by_id: actor.id.clone(),
        updated_by_name: actor.name.clone(),
    };
    diesel::update(field_event::table.find(id)).set(change).execute(conn).optional_empty_changeset()?;
    get(conn, id)
}

/// Removes a visit with its activities, participants, samples and observations.
pub fn delete(conn: &mut Connection, id: i32) -> Result<(), StoreError> {
    match diesel::delete(field_event::table.find(id)).execute(conn)? {
        0 => Err(StoreError::not_found(MODEL, id)),
        _ => Ok(()),
    }
}
