//! What was done during visits.

use diesel::prelude::*;
use diesel::result::OptionalEmptyChangesetExtension;

use crate::db::schema::field_activity;
use crate::db::{Backend, Connection};
use crate::domain::actor::Actor;
use crate::domain::field_activity::{CreateFieldActivity, FieldActivity, UpdateFieldActivity};
use crate::domain::form::Parsed;
use crate::domain::list::ListRequest;
use crate::domain::paging::Page;
use crate::domain::sample::SampleActivity;
use crate::domain::time::UtcDateTime;

use super::list::{Column, Listing};
use super::page::load_page;
use super::{StoreError, field_event, require_parent, vocabulary};

/// The resource's name in messages.
pub const MODEL: &str = "FieldActivity";

/// A row of the table, as visits and samples embed it.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = field_activity, check_for_backend(Backend))]
pub(super) struct FieldActivityRow {
    pub(super) id: i32,
    pub(super) created_at: UtcDateTime,
    pub(super) release_status: Option<String>,
    pub(super) field_event_id: i32,
    pub(super) activity_type: String,
    pub(super) notes: Option<String>,
}

impl From<FieldActivityRow> for FieldActivity {
    fn from(row: FieldActivityRow) -> Self {
        let FieldActivityRow { id, created_at, release_status, field_event_id, activity_type, notes } = row;
        Self { id, created_at, release_status, field_event_id, activity_type, notes }
    }
}

impl From<FieldActivityRow> for SampleActivity {
    fn from(row: FieldActivityRow) -> Self {
        let FieldActivityRow { id, created_at, release_status, field_event_id, activity_type, .. } = row;
        Self { id, created_at, release_status, field_event_id, activity_type }
    }
}

static LISTING: Listing<field_activity::table> = Listing {
    model: MODEL,
    columns: &[
        Column::integer("id", || Box::new(field_activity::id.nullable())).not_null(),
        Column::time("created_at", || Box::new(field_activity::created_at.nullable())).not_null(),
        Column::text("release_status", || Box::new(field_activity::release_status)),
        Column::integer("field_event_id", || Box::new(field_activity::field_event_id.nullable())).not_null(),
        Column::text("activity_type", || Box::new(field_activity::activity_type.nullable())).not_null(),
        Column::text("notes", || Box::new(field_activity::notes)),
    ],
};

/// A page of activities, of one visit or of all.
pub fn list(
    conn: &mut Connection,
    request: &ListRequest,
    field_event_id: Option<i32>,
) -> Result<Page<FieldActivity>, StoreError> {
    let plan = LISTING.plan(request)?;
    let (rows, extent) = load_page!(
        conn, plan, field_activity::table, FieldActivityRow, field_activity::id,
        extra: |query| {
            if let Some(event) = field_event_id {
                query = query.filter(field_activity::field_event_id.eq(event));
            }
            query
        },
        default: |query| query.order(field_activity::id.asc())
    );
    Ok(Page::new(rows.into_iter().map(FieldActivity::from).collect(), extent))
}

/// One activity.
pub fn get(conn: &mut Connection, id: i32) -> Result<FieldActivity, StoreError> {
    let row: Option<FieldActivityRow> =
        field_activity::table.find(id).select(FieldActivityRow::as_select()).first(conn).optional()?;
    row.map(FieldActivity::from).ok_or_else(|| StoreError::not_found(MODEL, id))
}

/// True when the row exists.
pub fn exists(conn: &mut Connection, id: i32) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(field_activity::table.find(id))).get_result(conn)
}

fn require_event(conn: &mut Connection, sent: i64) -> Result<i32, StoreError> {
    require_parent(conn, "field_event_id", field_event::MODEL, sent, field_event::exists)
}

/// Stores an activity.
pub fn create(
    conn: &mut Connection,
    body: Parsed<CreateFieldActivity>,
    actor: &Actor,
) -> Result<FieldActivity, StoreError> {
    let new = vocabulary::settle(conn, body)?;
    let row = (
        field_activity::field_event_id.eq(require_event(conn, new.field_event_id)?),
        field_activity::activity_type.eq(&new.activity_type),
        field_activity::notes.eq(&new.notes),
        field_activity::release_status.eq(&new.release_status),
        field_activity::created_by_id.eq(&actor.id),
        field_activity::created_by_name.eq(&actor.name),
    );
    let id = diesel::insert_into(field_activity::table).values(row).returning(field_activity::id).get_result(conn)?;
    get(conn, id)
}

#[derive(AsChangeset)]
#[diesel(table_name = field_activity)]
struct FieldActivityChange {
    field_event_id: Option<i32>,
    activity_type: Option<String>,
    notes: Option<Option<String>>,
    release_status: Option<Option<String>>,
    updated_by_id: Option<String>,
    updated_by_name: Option<String>,
}

/// Changes what was sent.
pub fn update(
    conn: &mut Connection,
    id: i32,
    body: Parsed<UpdateFieldActivity>,
    actor: &Actor,
) -> Result<FieldActivity, StoreError> {
    if !exists(conn, id)? {
        return Err(StoreError::not_found(MODEL, id));
    }
    let patch = vocabulary::settle(conn, body)?;
    let change = FieldActivityChange {
        field_event_id: patch.field_event_id.map(|sent| require_event(conn, sent)).transpose()?,
        activity_type: patch.activity_type,
        notes: patch.notes.into_change(),
        release_status: patch.release_status.into_change(),
        updated_by_id: actor.id.clone(),
        updated_by_name: actor.name.clone(),
    };
    diesel::update(field_activity::table.find(id)).set(change).execute(conn).optional_empty_changeset()?;
    get(conn, id)
}

/// Removes an activity with its samples and observations.
pub fn delete(conn: &mut Connection, id: i32) -> Result<(), StoreError> {
    match diesel::delete(field_activity::table.find(id)).execute(conn)? {
        0 => Err(StoreError::not_found(MODEL, id)),
        _ => Ok(()),
    }
}
