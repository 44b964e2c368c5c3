//! How often things are to be measured.

use chrono::NaiveDate;
use diesel::result::OptionalEmptyChangesetExtension as _;

use crate::db::prelude::*;
use crate::db::schema::monitoring_frequency_history as frequency;
use crate::db::{Numbers, Session, WriteSession, among};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::request::form::Parsed;
use crate::domain::request::list::ListRequest;
use crate::domain::request::paging::Found;
use crate::domain::thing::history::{
    CreateMonitoringFrequencyHistory, MonitoringFrequencyHistory, UpdateMonitoringFrequencyHistory,
};
use crate::store::StoreError;
use crate::store::query::check::{Table, check_change, check_new_below};
use crate::store::query::find::{Listed as _, Search, in_order, listed};
use crate::store::query::listing::{Column, Condition, Listing};
use crate::store::query::stored::{row, stored};
use crate::store::query::visibility::{MONITORING_FREQUENCY, visible};
use crate::store::thing;
use crate::store::thing::history::{require_period, require_thing};

/// The table, and the resource's name in messages.
pub const TABLE: Table = Table { name: "monitoring_frequency_history", model: "MonitoringFrequencyHistory" };

row! {
    /// A row of the table.
    struct FrequencyRow of frequency as MonitoringFrequencyHistory {
        id: i32,
        created_at: UtcDateTime,
        release_status: Option<String>,
        release_at: Option<NaiveDate>,
        thing_id: i32,
        monitoring_frequency: String,
        start_date: NaiveDate,
        end_date: Option<NaiveDate>,
    }
}

stored! {
    frequency:
        NewFrequency from CreateMonitoringFrequencyHistory,
        FrequencyChange from UpdateMonitoringFrequencyHistory;
    taken { monitoring_frequency: String, start_date: NaiveDate, end_date?: NaiveDate }
    given { thing_id: i32 }
}

listed!(frequency);

static LISTING: Listing<frequency::table> = Listing {
    model: TABLE.model,
    rule: &MONITORING_FREQUENCY,
    columns: &[
        Column::of(frequency::id),
        Column::of(frequency::created_at),
        Column::of(frequency::release_status),
        Column::of(frequency::release_at),
        Column::of(frequency::monitoring_frequency),
        Column::of(frequency::start_date),
        Column::of(frequency::end_date),
    ],
};

/// A page of a thing's monitoring frequencies, those that ended included.
pub fn find(session: &mut Session<'_>, request: &ListRequest, thing_id: &i32) -> Result<Found, StoreError> {
    let thing_id = *thing_id;
    let narrow = || {
        let of_thing: Condition<frequency::table> = Box::new(frequency::thing_id.eq(thing_id).nullable());
        Ok(vec![of_thing])
    };
    let search = Search::new(&narrow).with(thing::there(session.sight(), thing_id));
    let (found, kind) = frequency::table::find_page(session, &LISTING, request, search)?;
    require_thing(thing_id, kind)?;
    Ok(found)
}

/// The monitoring frequencies with these ids, in their order.
pub fn load(session: &mut Session<'_>, ids: &[i32]) -> Result<Vec<MonitoringFrequencyHistory>, StoreError> {
    let asked = frequency::table
        .filter(among(frequency::id, Numbers::new(ids)))
        .filter(visible(session.sight(), &MONITORING_FREQUENCY));
    let rows: Vec<FrequencyRow> = asked.select(FrequencyRow::as_select()).load(session)?;
    Ok(in_order(rows.into_iter().map(MonitoringFrequencyHistory::from).collect(), ids, |row| row.id))
}

/// One monitoring frequency.
pub fn get(session: &mut Session<'_>, id: i32) -> Result<MonitoringFrequencyHistory, StoreError> {
    load(session, &[id])?.pop().ok_or_else(|| StoreError::not_found(TABLE.model, id))
}

/// Checks a chunk of forms that belong to a thing, and makes rows of them.
pub fn check(
    session: &mut WriteSession<'_>,
    thing_id: i32,
    forms: Vec<Parsed<CreateMonitoringFrequencyHistory>>,
) -> Result<Vec<NewFrequency>, StoreError> {
    let checked = check_new_below(session, TABLE.name, (thing::TABLE, thing_id), forms)?;
    let by = session.principal();
    Ok(checked.into_iter().map(|(id, form)| NewFrequency::of(id, form, by, thing_id)).collect())
}

/// Appends a monitoring frequency to a thing's history.
pub fn create(
    session: &mut WriteSession<'_>,
    thing_id: i32,
    form: Parsed<CreateMonitoringFrequencyHistory>,
) -> Result<MonitoringFrequencyHistory, StoreError> {
    let rows = check(session, thing_id, vec![form])?;
    session.insert(&[&rows])?;
    get(session, rows.first().map_or(0, |row| row.id))
}

/// Changes what was sent.
pub fn update(
    session: &mut WriteSession<'_>,
    id: i32,
    form: Parsed<UpdateMonitoringFrequencyHistory>,
) -> Result<MonitoringFrequencyHistory, StoreError> {
    let patch = check_change(session, (TABLE, id), form, |_| Vec::new())?;
    require_period(patch.start_date, &patch.end_date, || {
        frequency::table.find(id).select((frequency::start_date, frequency::end_date)).first(session)
    })?;
    let change = FrequencyChange::of(patch, session.principal(), None);
    diesel::update(frequency::table.find(id)).set(change).execute(session).optional_empty_changeset()?;
    get(session, id)
}

/// Removes a row.
pub fn delete(session: &mut WriteSession<'_>, id: i32) -> Result<(), StoreError> {
    match diesel::delete(frequency::table.find(id)).execute(session)? {
        0 => Err(StoreError::not_found(TABLE.model, id)),
        _ => Ok(()),
    }
}
