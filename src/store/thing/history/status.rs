//! The statuses of things.

use chrono::NaiveDate;
use diesel::result::OptionalEmptyChangesetExtension as _;

use crate::db::prelude::*;
use crate::db::schema::status_history;
use crate::db::{Numbers, Session, WriteSession, among, constant};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::request::form::Parsed;
use crate::domain::request::list::ListRequest;
use crate::domain::request::paging::Found;
use crate::domain::thing::history::{CreateStatusHistory, StatusHistory, UpdateStatusHistory};
use crate::store::StoreError;
use crate::store::query::check::{Table, check_change, check_new_below};
use crate::store::query::find::{Listed as _, Search, in_order, listed};
use crate::store::query::listing::{Column, Condition, Listing};
use crate::store::query::stored::{row, stored};
use crate::store::query::visibility::{STATUS, visible};
use crate::store::thing;
use crate::store::thing::history::{require_period, require_thing};

/// The table, and the resource's name in messages.
pub const TABLE: Table = Table { name: "status_history", model: "StatusHistory" };

row! {
    /// A row of the table.
    struct StatusRow of status_history as StatusHistory {
        id: i32,
        created_at: UtcDateTime,
        release_status: Option<String>,
        release_at: Option<NaiveDate>,
        status_type: String,
        status_value: String,
        start_date: NaiveDate,
        end_date: Option<NaiveDate>,
        reason: Option<String>,
        target_id: i32,
        target_table: String,
    }
}

stored! {
    status_history: NewStatus from CreateStatusHistory, StatusChange from UpdateStatusHistory;
    taken { status_type: String, status_value: String, start_date: NaiveDate, end_date?: NaiveDate, reason?: String }
    given { target_id: i32, target_table: String }
}

listed!(status_history);

static LISTING: Listing<status_history::table> = Listing {
    model: TABLE.model,
    rule: &STATUS,
    columns: &[
        Column::of(status_history::id),
        Column::of(status_history::created_at),
        Column::of(status_history::release_status),
        Column::of(status_history::release_at),
        Column::of(status_history::status_type),
        Column::of(status_history::status_value),
        Column::of(status_history::start_date),
        Column::of(status_history::end_date),
        Column::of(status_history::reason),
    ],
};

/// A page of a thing's statuses.
pub fn find(session: &mut Session<'_>, request: &ListRequest, thing_id: &i32) -> Result<Found, StoreError> {
    let thing_id = *thing_id;
    let narrow = || {
        let of_things = status_history::target_table.eq(constant(thing::TABLE.name));
        let of_thing = of_things.and(status_history::target_id.eq(thing_id)).nullable();
        let of_thing: Condition<status_history::table> = Box::new(of_thing);
        Ok(vec![of_thing])
    };
    let search = Search::new(&narrow).with(thing::there(session.sight(), thing_id));
    let (found, kind) = status_history::table::find_page(session, &LISTING, request, search)?;
    require_thing(thing_id, kind)?;
    Ok(found)
}

/// The statuses of things with these ids, in their order.
pub fn load(session: &mut Session<'_>, ids: &[i32]) -> Result<Vec<StatusHistory>, StoreError> {
    let asked = status_history::table
        .filter(among(status_history::id, Numbers::new(ids)))
        .filter(status_history::target_table.eq(constant(thing::TABLE.name)))
        .filter(visible(session.sight(), &STATUS));
    let rows: Vec<StatusRow> = asked.select(StatusRow::as_select()).load(session)?;
    Ok(in_order(rows.into_iter().map(StatusHistory::from).collect(), ids, |row| row.id))
}

/// One status of a thing.
pub fn get(session: &mut Session<'_>, id: i32) -> Result<StatusHistory, StoreError> {
    load(session, &[id])?.pop().ok_or_else(|| StoreError::not_found(TABLE.model, id))
}

/// Checks a chunk of forms that belong to a thing, and makes rows of them. No foreign key ties a status to its thing:
/// the lock that is taken here keeps the thing there.
pub fn check(
    session: &mut WriteSession<'_>,
    thing_id: i32,
    forms: Vec<Parsed<CreateStatusHistory>>,
) -> Result<Vec<NewStatus>, StoreError> {
    let checked = check_new_below(session, TABLE.name, (thing::TABLE, thing_id), forms)?;
    let by = session.principal();
    let row = |(id, form)| NewStatus::of(id, form, by, thing_id, thing::TABLE.name.to_owned());
    Ok(checked.into_iter().map(row).collect())
}

/// Appends a status to a thing's history.
pub fn create(
    session: &mut WriteSession<'_>,
    thing_id: i32,
    form: Parsed<CreateStatusHistory>,
) -> Result<StatusHistory, StoreError> {
    let rows = check(session, thing_id, vec![form])?;
    session.insert(&[&rows])?;
    get(session, rows.first().map_or(0, |row| row.id))
}

/// Changes what was sent.
pub fn update(
    session: &mut WriteSession<'_>,
    id: i32,
    form: Parsed<UpdateStatusHistory>,
) -> Result<StatusHistory, StoreError> {
    // The status of anything but a thing is not there, whatever the form says. What a status is about never changes.
    get(session, id)?;
    let patch = check_change(session, (TABLE, id), form, |_| Vec::new())?;
    require_period(patch.start_date, &patch.end_date, || {
        status_history::table.find(id).select((status_history::start_date, status_history::end_date)).first(session)
    })?;
    let change = StatusChange::of(patch, session.principal(), None, None);
    diesel::update(status_history::table.find(id)).set(change).execute(session).optional_empty_changeset()?;
    get(session, id)
}

/// Removes a row.
pub fn delete(session: &mut WriteSession<'_>, id: i32) -> Result<(), StoreError> {
    let row = status_history::table.find(id).filter(status_history::target_table.eq(thing::TABLE.name));
    match diesel::delete(row).execute(session)? {
        0 => Err(StoreError::not_found(TABLE.model, id)),
        _ => Ok(()),
    }
}

/// Removes all rows of a thing, with the thing: no key of the database ties them.
pub(in crate::store) fn clear(session: &mut WriteSession<'_>, thing_id: i32) -> QueryResult<()> {
    let of_thing = status_history::table
        .filter(status_history::target_table.eq(thing::TABLE.name))
        .filter(status_history::target_id.eq(thing_id));
    diesel::delete(of_thing).execute(session).map(drop)
}
