//! How often things are to be measured.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::result::OptionalEmptyChangesetExtension;

use crate::db::schema::monitoring_frequency_history as frequency;
use crate::db::{Backend, Connection};
use crate::domain::actor::Actor;
use crate::domain::form::Parsed;
use crate::domain::list::ListRequest;
use crate::domain::paging::Page;
use crate::domain::thing_history::{
    CreateMonitoringFrequencyHistory, MonitoringFrequencyHistory, UpdateMonitoringFrequencyHistory,
};
use crate::domain::time::UtcDateTime;
use crate::store::list::{Column, Listing};
use crate::store::page::load_page;
use crate::store::{StoreError, vocabulary};

use super::{require_period, require_thing};

/// The resource's name in messages.
pub const MODEL: &str = "MonitoringFrequencyHistory";

#[derive(Queryable, Selectable)]
#[diesel(table_name = frequency, check_for_backend(Backend))]
struct FrequencyRow {
    id: i32,
    created_at: UtcDateTime,
    release_status: Option<String>,
    thing_id: i32,
    monitoring_frequency: String,
    start_date: NaiveDate,
    end_date: Option<NaiveDate>,
}

impl From<FrequencyRow> for MonitoringFrequencyHistory {
    fn from(row: FrequencyRow) -> Self {
        let FrequencyRow { id, created_at, release_status, thing_id, monitoring_frequency, start_date, end_date } = row;
        Self { id, created_at, release_status, thing_id, monitoring_frequency, start_date, end_date }
    }
}

static LISTING: Listing<frequency::table> = Listing {
    model: MODEL,
    columns: &[
        Column::integer("id", || Box::new(frequency::id.nullable())).not_null(),
        Column::time("created_at", || Box::new(frequency::created_at.nullable())).not_null(),
        Column::text("release_status", || Box::new(frequency::release_status)),
        Column::text("monitoring_frequency", || Box::new(frequency::monitoring_frequency.nullable())).not_null(),
        Column::date("start_date", || Box::new(frequency::start_date.nullable())).not_null(),
        Column::date("end_date", || Box::new(frequency::end_date)),
    ],
};

/// A page of a thing's monitoring frequencies, those that ended included.
pub fn list(
    conn: &mut Connection,
    thing_id: i32,
    request: &ListRequest,
) -> Result<Page<MonitoringFrequencyHistory>, StoreError> {
    if !request.is_continued() {
        require_thing(conn, thing_id)?;
    }
    let plan = LISTING.plan(request)?;
    let (rows, extent) = load_page!(
        conn, plan, frequency::table, FrequencyRow, frequency::id,
        extra: |query| query.filter(frequency::thing_id.eq(thing_id)),
        default: |query| query.order(frequency::id.asc())
    );
    Ok(Page::new(rows.into_iter().map(MonitoringFrequencyHistory::from).collect(), extent))
}

/// One monitoring frequency.
pub fn get(conn: &mut Connection, id: i32) -> Result<MonitoringFrequencyHistory, StoreError> {
    let row: Option<FrequencyRow> =
        frequency::table.find(id).select(FrequencyRow::as_select()).first(conn).optional()?;
    row.map(MonitoringFrequencyHistory::from).ok_or_else(|| StoreError::not_found(MODEL, id))
}

/// Appends a monitoring frequency to a thing's history.
pub fn create(
    conn: &mut Connection,
    thing_id: i32,
    body: Parsed<CreateMonitoringFrequencyHistory>,
    actor: &Actor,
) -> Result<MonitoringFrequencyHistory, StoreError> {
    require_thing(conn, thing_id)?;
    let new = vocabulary::settle(conn, body)?;
    let id = add(conn, thing_id, &new, actor)?;
    get(conn, id)
}

/// Writes a row for a thing that is there, with terms that were looked up.
pub(in crate::store) fn add(
    conn: &mut Connection,
    thing_id: i32,
    new: &CreateMonitoringFrequencyHistory,
    actor: &Actor,
) -> QueryResult<i32> {
    let row = (
        frequency::thing_id.eq(thing_id),
        frequency::monitoring_frequency.eq(&new.monitoring_frequency),
        frequency::start_date.eq(new.start_date),
        frequency::end_date.eq(new.end_date),
        frequency::release_status.eq(&new.release_status),
        frequency::created_by_id.eq(&actor.id),
        frequency::created_by_name.eq(&actor.name),
    );
    diesel::insert_into(frequency::table).values(row).returning(frequency::id).get_result(conn)
}

#[derive(AsChangeset)]
#[diesel(table_name = frequency)]
struct FrequencyChange {
    monitoring_frequency: Option<String>,
    start_date: Option<NaiveDate>,
    end_date: Option<Option<NaiveDate>>,
    release_status: Option<Option<String>>,
    updated_by_id: Option<String>,
    updated_by_name: Option<String>,
}

/// Changes what was sent.
pub fn update(
    conn: &mut Connection,
    id: i32,
    body: Parsed<UpdateMonitoringFrequencyHistory>,
    actor: &Actor,
) -> Result<MonitoringFrequencyHistory, StoreError> {
    let before = get(conn, id)?;
    let patch = vocabulary::settle(conn, body)?;
    require_period((before.start_date, before.end_date), patch.start_date, &patch.end_date)?;
    let change = FrequencyChange {
        monitoring_frequency: patch.monitoring_frequency,
        start_date: patch.start_date,
        end_date: patch.end_date.into_change(),
        release_status: patch.release_status.into_change(),
        updated_by_id: actor.id.clone(),
        updated_by_name: actor.name.clone(),
    };
    diesel::update(frequency::table.find(id)).set(change).execute(conn).optional_empty_changeset()?;
    get(conn, id)
}

/// Removes a row.
pub fn delete(conn: &mut Connection, id: i32) -> Result<(), StoreError> {
    match diesel::delete(frequency::table.find(id)).execute(conn)? {
        0 => Err(StoreError::not_found(MODEL, id)),
        _ => Ok(()),
    }
}
