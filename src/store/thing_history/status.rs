//! The statuses of things.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::result::OptionalEmptyChangesetExtension;

use crate::db::schema::status_history;
use crate::db::{Backend, Connection};
use crate::domain::actor::Actor;
use crate::domain::form::Parsed;
use crate::domain::list::ListRequest;
use crate::domain::paging::Page;
use crate::domain::thing_history::{CreateStatusHistory, StatusHistory, UpdateStatusHistory};
use crate::domain::time::UtcDateTime;
use crate::store::list::{Column, Listing};
use crate::store::page::load_page;
use crate::store::thing::TABLE;
use crate::store::{StoreError, vocabulary};

use super::{require_period, require_thing};

/// The resource's name in messages.
pub const MODEL: &str = "StatusHistory";

#[derive(Queryable, Selectable)]
#[diesel(table_name = status_history, check_for_backend(Backend))]
struct StatusRow {
    id: i32,
    created_at: UtcDateTime,
    release_status: Option<String>,
    status_type: String,
    status_value: String,
    start_date: NaiveDate,
    end_date: Option<NaiveDate>,
    reason: Option<String>,
    target_id: i32,
    target_table: String,
}

impl From<StatusRow> for StatusHistory {
    fn from(row: StatusRow) -> Self {
        let StatusRow { id, created_at, release_status, status_type, status_value, start_date, end_date, .. } = row;
        Self {
            id,
            created_at,
            release_status,
            status_type,
            status_value,
            start_date,
            end_date,
            reason: row.reason,
            target_id: row.target_id,
            target_table: row.target_table,
        }
    }
}

static LISTING: Listing<status_history::table> = Listing {
    model: MODEL,
    columns: &[
        Column::integer("id", || Box::new(status_history::id.nullable())).not_null(),
        Column::time("created_at", || Box::new(status_history::created_at.nullable())).not_null(),
        Column::text("release_status", || Box::new(status_history::release_status)),
        Column::text("status_type", || Box::new(status_history::status_type.nullable())).not_null(),
        Column::text("status_value", || Box::new(status_history::status_value.nullable())).not_null(),
        Column::date("start_date", || Box::new(status_history::start_date.nullable())).not_null(),
        Column::date("end_date", || Box::new(status_history::end_date)),
        Column::text("reason", || Box::new(status_history::reason)),
    ],
};

/// A page of a thing's statuses.
pub fn list(conn: &mut Connection, thing_id: i32, request: &ListRequest) -> Result<Page<StatusHistory>, StoreError> {
    if !request.is_continued() {
        require_thing(conn, thing_id)?;
    }
    let plan = LISTING.plan(request)?;
    let (rows, extent) = load_page!(
        conn, plan, status_history::table, StatusRow, status_history::id,
        extra: |query| query
            .filter(status_history::target_table.eq(TABLE))
            .filter(status_history::target_id.eq(thing_id)),
        default: |query| query.order(status_history::id.asc())
    );
    Ok(Page::new(rows.into_iter().map(StatusHistory::from).collect(), extent))
}

/// One status of a thing.
pub fn get(conn: &mut Connection, id: i32) -> Result<StatusHistory, StoreError> {
    let row: Option<StatusRow> = status_history::table
        .find(id)
        .filter(status_history::target_table.eq(TABLE))
        .select(StatusRow::as_select())
        .first(conn)
        .optional()?;
    row.map(StatusHistory::from).ok_or_else(|| StoreError::not_found(MODEL, id))
}

/// Appends a status to a thing's history.
pub fn create(
    conn: &mut Connection,
    thing_id: i32,
    body: Parsed<CreateStatusHistory>,
    actor: &Actor,
) -> Result<StatusHistory, StoreError> {
    require_thing(conn, thing_id)?;
    let new = vocabulary::settle(conn, body)?;
    let id = add(conn, thing_id, &new, actor)?;
    get(conn, id)
}

/// Writes a row for a thing that is there, with terms that were looked up.
pub(in crate::store) fn add(
    conn: &mut Connection,
    thing_id: i32,
    new: &CreateStatusHistory,
    actor: &Actor,
) -> QueryResult<i32> {
    let row = (
        status_history::target_table.eq(TABLE),
        status_history::target_id.eq(thing_id),
        status_history::status_type.eq(&new.status_type),
        status_history::status_value.eq(&new.status_value),
        status_history::start_date.eq(new.start_date),
        status_history::end_date.eq(new.end_date),
        status_history::reason.eq(&new.reason),
        status_history::release_status.eq(&new.release_status),
        status_history::created_by_id.eq(&actor.id),
        status_history::created_by_name.eq(&actor.name),
    );
    diesel::insert_into(status_history::table).values(row).returning(status_history::id).get_result(conn)
}

#[derive(AsChangeset)]
#[diesel(table_name = status_history)]
struct StatusChange {
    status_type: Option<String>,
    status_value: Option<String>,
    start_date: Option<NaiveDate>,
    end_date: Option<Option<NaiveDate>>,
    reason: Option<Option<String>>,
    release_status: Option<Option<String>>,
    updated_by_id: Option<String>,
    updated_by_name: Option<String>,
}

/// Changes what was sent.
pub fn update(
    conn: &mut Connection,
    id: i32,
    body: Parsed<UpdateStatusHistory>,
    actor: &Actor,
) -> Result<StatusHistory, StoreError> {
    let before = get(conn, id)?;
    let patch = vocabulary::settle(conn, body)?;
    require_period((before.start_date, before.end_date), patch.start_date, &patch.end_date)?;
    let change = StatusChange {
        status_type: patch.status_type,
        status_value: patch.status_value,
        start_date: patch.start_date,
        end_date: patch.end_date.into_change(),
        reason: patch.reason.into_change(),
        release_status: patch.release_status.into_change(),
        updated_by_id: actor.id.clone(),
        updated_by_name: actor.name.clone(),
    };
    diesel::update(status_history::table.find(id)).set(change).execute(conn).optional_empty_changeset()?;
    get(conn, id)
}

/// Removes a row.
pub fn delete(conn: &mut Connection, id: i32) -> Result<(), StoreError> {
    let row = status_history::table.find(id).filter(status_history::target_table.eq(TABLE));
    match diesel::delete(row).execute(conn)? {
        0 => Err(StoreError::not_found(MODEL, id)),
        _ => Ok(()),
    }
}

/// Removes all rows of a thing, with the thing: no key of the database ties them.
pub(in crate::store) fn clear(conn: &mut Connection, thing_id: i32) -> QueryResult<()> {
    let of_thing = status_history::table
        .filter(status_history::target_table.eq(TABLE))
        .filter(status_history::target_id.eq(thing_id));
    diesel::delete(of_thing).execute(conn).map(drop)
}
