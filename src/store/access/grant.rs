//! Access that was given to somebody.

use chrono::NaiveDate;

use crate::db::prelude::*;
use crate::db::schema::permission_grant;
use crate::db::{Numbers, Session, WriteSession, among, columns, rows};
use crate::domain::access::grant::{CreateGrant, Grant};
use crate::domain::access::{GROUP, THING};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::request::form::Parsed;
use crate::domain::request::list::ListRequest;
use crate::domain::request::paging::Found;
use crate::store::access::name_of;
use crate::store::query::check::{self, Named, Table, check_new, lock_row};
use crate::store::query::find::{Listed as _, Search, in_order, listed};
use crate::store::query::listing::{Column, Listing};
use crate::store::query::stored::row;
use crate::store::query::visibility::{PERMISSION_GRANT, visible};
use crate::store::{StoreError, group, thing};

/// The table, and the resource's name in messages.
pub const TABLE: Table = Table { name: "permission_grant", model: "Grant" };

row! {
    /// A row of the table.
    struct GrantRow of permission_grant as Grant {
        id: i32,
        created_at: UtcDateTime,
        principal_type: String,
        principal_id: String,
        capability: String,
        scope_type: String,
        scope_id: Option<i32>,
        data_type: String,
        starts_at: NaiveDate,
        ends_at: Option<NaiveDate>,
        granted_by: Option<String>,
        reason: Option<String>,
        revoked_at: Option<UtcDateTime>,
        revoked_by: Option<String>,
    }
}

/// A row to be stored.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = permission_grant, treat_none_as_default_value = false)]
struct NewGrant {
    id: i32,
    created_by_id: Option<String>,
    created_by_name: Option<String>,
    principal_type: String,
    principal_id: String,
    capability: String,
    scope_type: String,
    scope_id: Option<i32>,
    data_type: String,
    starts_at: NaiveDate,
    ends_at: Option<NaiveDate>,
    granted_by: Option<String>,
    reason: Option<String>,
}

crate::insertable!(NewGrant => permission_grant);

listed!(permission_grant);

static LISTING: Listing<permission_grant::table> = Listing {
    model: TABLE.model,
    rule: &PERMISSION_GRANT,
    columns: &[
        Column::of(permission_grant::id),
        Column::of(permission_grant::created_at),
        Column::of(permission_grant::principal_type),
        Column::of(permission_grant::principal_id),
        Column::of(permission_grant::capability),
        Column::of(permission_grant::scope_type),
        Column::of(permission_grant::scope_id),
        Column::of(permission_grant::data_type),
        Column::of(permission_grant::starts_at),
        Column::of(permission_grant::ends_at),
        Column::of(permission_grant::granted_by),
        Column::of(permission_grant::reason),
        Column::of(permission_grant::revoked_at),
        Column::of(permission_grant::revoked_by),
    ],
};

/// A page of grants, those that ended or were revoked included.
pub fn find(session: &mut Session<'_>, request: &ListRequest, (): &()) -> Result<Found, StoreError> {
    let narrow = || Ok(Vec::new());
    let (found, ()) = permission_grant::table::find_page(session, &LISTING, request, Search::new(&narrow))?;
    Ok(found)
}

/// The grants with these ids, in their order.
pub fn load(session: &mut Session<'_>, ids: &[i32]) -> Result<Vec<Grant>, StoreError> {
    let found = permission_grant::table
        .filter(among(permission_grant::id, Numbers::new(ids)))
        .filter(visible(session.sight(), &PERMISSION_GRANT))
        .select(columns::<GrantRow>());
    let found: Vec<GrantRow> = session.read_fixed(rows(found))?;
    Ok(in_order(found.into_iter().map(Grant::from).collect(), ids, |grant| grant.id))
}

fn get(session: &mut Session<'_>, id: i32) -> Result<Grant, StoreError> {
    load(session, &[id])?.pop().ok_or_else(|| StoreError::not_found(TABLE.model, id))
}

/// Stores a grant. What it is about must exist; whether the principal does only the identity provider knows.
pub fn create(session: &mut WriteSession<'_>, form: Parsed<CreateGrant>) -> Result<Grant, StoreError> {
    let about = |form: &CreateGrant| match form.scope_type.as_str() {
        THING => Vec::from_iter(Named::optional(thing::TABLE, "scope_id", form.scope_id)),
        GROUP => Vec::from_iter(Named::optional(group::TABLE, "scope_id", form.scope_id)),
        _ => Vec::new(),
    };
    let checked = check_new(session, TABLE.name, vec![form], about)?;
    let by = session.principal();
    let row = |(id, form): (i32, CreateGrant)| NewGrant {
        id,
        created_by_id: by.id.clone(),
        created_by_name: by.name.clone(),
        principal_type: form.principal_type,
        principal_id: form.principal_id,
        capability: form.capability,
        scope_type: form.scope_type,
        scope_id: form.scope_id.map(check::id),
        data_type: form.data_type,
        starts_at: form.starts_at,
        ends_at: form.ends_at,
        granted_by: name_of(by),
        reason: form.reason,
    };
    let rows: Vec<NewGrant> = checked.into_iter().map(row).collect();
    session.insert(&[&rows])?;
    get(session, rows.first().map_or(0, |row| row.id))
}

/// Revokes a grant. The first time counts.
pub fn revoke(session: &mut WriteSession<'_>, id: i32) -> Result<Grant, StoreError> {
    lock_row(session, TABLE, id)?;
    let by = session.principal();
    let change = (
        permission_grant::revoked_at.eq(Some(UtcDateTime::now())),
        permission_grant::revoked_by.eq(name_of(by)),
        permission_grant::updated_by_id.eq(by.id.clone()),
        permission_grant::updated_by_name.eq(by.name.clone()),
    );
    let unrevoked = permission_grant::table.filter(permission_grant::id.eq(id));
    diesel::update(unrevoked.filter(permission_grant::revoked_at.is_null())).set(change).execute(session)?;
    get(session, id)
}
