//! What owners allow, over time: consent to field work at a thing or a location.

use chrono::NaiveDate;
use diesel::result::OptionalEmptyChangesetExtension as _;

use crate::db::prelude::*;
use crate::db::schema::permission_history;
use crate::db::{Numbers, Session, WriteSession, among};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::permission_history::{
    CreatePermissionHistory, PermissionHistory, PermissionHistorySearch, UpdatePermissionHistory,
};
use crate::domain::request::form::Parsed;
use crate::domain::request::list::ListRequest;
use crate::domain::request::paging::Found;
use crate::store::query::check::{self, Named, Table, check_change, check_new};
use crate::store::query::find::{Listed as _, Search, in_order, listed};
use crate::store::query::listing::{Column, Condition, Listing};
use crate::store::query::stored::{row, stored};
use crate::store::query::visibility::{PERMISSION, visible};
use crate::store::thing::history::require_period;
use crate::store::{StoreError, contact, target};

/// The table, and the resource's name in messages.
pub const TABLE: Table = Table { name: "permission_history", model: "PermissionHistory" };

row! {
    /// A row of the table.
    struct PermissionHistoryRow of permission_history as PermissionHistory {
        id: i32,
        created_at: UtcDateTime,
        release_status: Option<String>,
        release_at: Option<NaiveDate>,
        contact_id: i32,
        permission_type: String,
        permission_allowed: bool,
        start_date: NaiveDate,
        end_date: Option<NaiveDate>,
        notes: Option<String>,
        target_table: String,
        target_id: i32,
    }
}

stored! {
    permission_history: NewPermissionHistory from CreatePermissionHistory, PermissionHistoryChange from UpdatePermissionHistory;
    taken {
        permission_type: String,
        permission_allowed: bool,
        start_date: NaiveDate,
        end_date?: NaiveDate,
        notes?: String,
        target_table: String
    }
    given { contact_id: i32, target_id: i32 }
}

listed!(permission_history);

static LISTING: Listing<permission_history::table> = Listing {
    model: TABLE.model,
    rule: &PERMISSION,
    columns: &[
        Column::of(permission_history::id),
        Column::of(permission_history::created_at),
        Column::of(permission_history::release_status),
        Column::of(permission_history::release_at),
        Column::of(permission_history::contact_id),
        Column::of(permission_history::permission_type),
        Column::of(permission_history::permission_allowed),
        Column::of(permission_history::start_date),
        Column::of(permission_history::end_date),
        Column::of(permission_history::notes),
        Column::of(permission_history::target_table),
        Column::of(permission_history::target_id),
    ],
};

/// A page of permissions.
pub fn find(
    session: &mut Session<'_>,
    request: &ListRequest,
    search: &PermissionHistorySearch,
) -> Result<Found, StoreError> {
    let narrow = || {
        let mut all: Vec<Condition<permission_history::table>> = Vec::new();
        if let Some(contact_id) = search.contact_id {
            all.push(Box::new(permission_history::contact_id.eq(contact_id).nullable()));
        }
        if let Some(target_table) = &search.target_table {
            all.push(Box::new(permission_history::target_table.eq(target_table.clone()).nullable()));
        }
        if let Some(target_id) = search.target_id {
            all.push(Box::new(permission_history::target_id.eq(target_id).nullable()));
        }
        Ok(all)
    };
    let (found, ()) = permission_history::table::find_page(session, &LISTING, request, Search::new(&narrow))?;
    Ok(found)
}

/// The permissions with these ids, in their order.
pub fn load(session: &mut Session<'_>, ids: &[i32]) -> Result<Vec<PermissionHistory>, StoreError> {
    let asked = permission_history::table
        .filter(among(permission_history::id, Numbers::new(ids)))
        .filter(visible(session.sight(), &PERMISSION));
    let rows: Vec<PermissionHistoryRow> = asked.select(PermissionHistoryRow::as_select()).load(session)?;
    Ok(in_order(rows.into_iter().map(PermissionHistory::from).collect(), ids, |row| row.id))
}

/// One permission.
pub fn get(session: &mut Session<'_>, id: i32) -> Result<PermissionHistory, StoreError> {
    load(session, &[id])?.pop().ok_or_else(|| StoreError::not_found(TABLE.model, id))
}

/// Checks a chunk of forms and makes rows of them.
pub fn check(
    session: &mut WriteSession<'_>,
    forms: Vec<Parsed<CreatePermissionHistory>>,
) -> Result<Vec<NewPermissionHistory>, StoreError> {
    let checked = check_new(session, TABLE.name, forms, |form| {
        [
            Some(Named::new(contact::TABLE, "contact_id", form.contact_id)),
            target::named(&form.target_table, form.target_id),
        ]
        .into_iter()
        .flatten()
        .collect()
    })?;
    let by = session.principal();
    let row = |(id, form): (i32, CreatePermissionHistory)| {
        let contact_id = check::id(form.contact_id);
        let target_id = check::id(form.target_id);
        NewPermissionHistory::of(id, form, by, contact_id, target_id)
    };
    Ok(checked.into_iter().map(row).collect())
}

/// Stores a permission.
pub fn create(
    session: &mut WriteSession<'_>,
    form: Parsed<CreatePermissionHistory>,
) -> Result<PermissionHistory, StoreError> {
    let rows = check(session, vec![form])?;
    session.insert(&[&rows])?;
    get(session, rows.first().map_or(0, |row| row.id))
}

/// Changes what was sent.
pub fn update(
    session: &mut WriteSession<'_>,
    id: i32,
    form: Parsed<UpdatePermissionHistory>,
) -> Result<PermissionHistory, StoreError> {
    let patch = check_change(session, (TABLE, id), form, |form| {
        [
            Named::optional(contact::TABLE, "contact_id", form.contact_id),
            target::patched(form.target_table.as_deref(), form.target_id),
        ]
        .into_iter()
        .flatten()
        .collect()
    })?;
    target::require_whole(patch.target_table.as_deref(), patch.target_id)?;
    require_period(patch.start_date, &patch.end_date, || {
        permission_history::table
            .find(id)
            .select((permission_history::start_date, permission_history::end_date))
            .first(session)
    })?;
    let contact_id = patch.contact_id.map(check::id);
    let target_id = patch.target_id.map(check::id);
    let change = PermissionHistoryChange::of(patch, session.principal(), contact_id, target_id);
    diesel::update(permission_history::table.find(id)).set(change).execute(session).optional_empty_changeset()?;
    get(session, id)
}

/// Removes a permission.
pub fn delete(session: &mut WriteSession<'_>, id: i32) -> Result<(), StoreError> {
    match diesel::delete(permission_history::table.find(id)).execute(session)? {
        0 => Err(StoreError::not_found(TABLE.model, id)),
        _ => Ok(()),
    }
}
