//! What owners agreed to.

use chrono::{NaiveDate, Utc};
use diesel::query_builder::{QueryFragment, QueryId};
use serde_json::json;

use crate::db::prelude::*;
use crate::db::schema::{destination, publication_consent};
use crate::db::{Backend, Numbers, Session, WriteSession, among, row, rows};
use crate::domain::access::consent::{Consent, CreateConsent};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::principal::Sight;
use crate::domain::request::form::Parsed;
use crate::domain::request::list::ListRequest;
use crate::domain::request::paging::Found;
use crate::store::access::destination::missing;
use crate::store::access::name_of;
use crate::store::query::check::{self, Named, Table, check_new, lock_row};
use crate::store::query::find::{Listed as _, Search, in_order, listed};
use crate::store::query::listing::{Column, Listing};
use crate::store::query::visibility::{DESTINATION, PUBLICATION_CONSENT, visible};
use crate::store::{StoreError, contact, thing};

/// The table, and the resource's name in messages.
pub const TABLE: Table = Table { name: "publication_consent", model: "Consent" };

#[derive(Queryable)]
struct ConsentRow {
    id: i32,
    created_at: UtcDateTime,
    thing_id: i32,
    destination_slug: String,
    data_type: String,
    contact_id: Option<i32>,
    recorded_by: Option<String>,
    notes: Option<String>,
    starts_at: NaiveDate,
    ends_at: Option<NaiveDate>,
    revoked_at: Option<UtcDateTime>,
    revoked_by: Option<String>,
}

impl From<ConsentRow> for Consent {
    fn from(row: ConsentRow) -> Self {
        Self {
            id: row.id,
            created_at: row.created_at,
            thing_id: row.thing_id,
            destination_slug: row.destination_slug,
            data_type: row.data_type,
            contact_id: row.contact_id,
            recorded_by: row.recorded_by,
            notes: row.notes,
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            revoked_at: row.revoked_at,
            revoked_by: row.revoked_by,
        }
    }
}

/// A row to be stored.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = publication_consent, treat_none_as_default_value = false)]
struct NewConsent {
    id: i32,
    created_by_id: Option<String>,
    created_by_name: Option<String>,
    thing_id: i32,
    destination_id: i32,
    data_type: String,
    contact_id: Option<i32>,
    recorded_by: Option<String>,
    notes: Option<String>,
    starts_at: NaiveDate,
    ends_at: Option<NaiveDate>,
}

crate::insertable!(NewConsent => publication_consent);

listed!(publication_consent);

static LISTING: Listing<publication_consent::table> = Listing {
    model: TABLE.model,
    rule: &PUBLICATION_CONSENT,
    columns: &[
        Column::of(publication_consent::id),
        Column::of(publication_consent::created_at),
        Column::of(publication_consent::thing_id),
        Column::of(publication_consent::destination_id),
        Column::of(publication_consent::data_type),
        Column::of(publication_consent::contact_id),
        Column::of(publication_consent::recorded_by),
        Column::of(publication_consent::notes),
        Column::of(publication_consent::starts_at),
        Column::of(publication_consent::ends_at),
        Column::of(publication_consent::revoked_at),
        Column::of(publication_consent::revoked_by),
    ],
};

/// A page of consents, those that ended or were revoked included.
pub fn find(session: &mut Session<'_>, request: &ListRequest, (): &()) -> Result<Found, StoreError> {
    let narrow = || Ok(Vec::new());
    let (found, ()) = publication_consent::table::find_page(session, &LISTING, request, Search::new(&narrow))?;
    Ok(found)
}

/// The consents with these ids, in their order.
pub fn load(session: &mut Session<'_>, ids: &[i32]) -> Result<Vec<Consent>, StoreError> {
    let sight = session.sight();
    let found = publication_consent::table
        .inner_join(destination::table)
        .filter(among(publication_consent::id, Numbers::new(ids)))
        .filter(visible(sight, &PUBLICATION_CONSENT))
        .filter(visible(sight, &DESTINATION))
        .select((
            publication_consent::id,
            publication_consent::created_at,
            publication_consent::thing_id,
            destination::slug,
            publication_consent::data_type,
            publication_consent::contact_id,
            publication_consent::recorded_by,
            publication_consent::notes,
            publication_consent::starts_at,
            publication_consent::ends_at,
            publication_consent::revoked_at,
            publication_consent::revoked_by,
        ));
    let found: Vec<ConsentRow> = session.read_fixed(rows(found))?;
    Ok(in_order(found.into_iter().map(Consent::from).collect(), ids, |consent| consent.id))
}

fn get(session: &mut Session<'_>, id: i32) -> Result<Consent, StoreError> {
    load(session, &[id])?.pop().ok_or_else(|| StoreError::not_found(TABLE.model, id))
}

/// The ids of the things of which something may be shown at a destination today, as a query: a consent is in force, and the
/// destination is active.
pub(in crate::store) fn shown_at(sight: Sight, slug: &str) -> impl QueryFragment<Backend> + QueryId + use<> {
    let today = Utc::now().date_naive();
    publication_consent::table
        .inner_join(destination::table)
        .filter(destination::slug.eq(slug.to_owned()))
        .filter(destination::active)
        .filter(publication_consent::revoked_at.is_null())
        .filter(publication_consent::starts_at.le(today))
        .filter(publication_consent::ends_at.is_null().or(publication_consent::ends_at.ge(today)))
        .filter(visible(sight, &PUBLICATION_CONSENT))
        .filter(visible(sight, &DESTINATION))
        .select(publication_consent::thing_id)
}

/// Stores a consent: one at a time for the same data at the same destination.
pub fn create(session: &mut WriteSession<'_>, form: Parsed<CreateConsent>) -> Result<Consent, StoreError> {
    let names = |form: &CreateConsent| {
        let of = Named::new(thing::TABLE, "thing_id", form.thing_id);
        let by = Named::optional(contact::TABLE, "contact_id", form.contact_id);
        [of].into_iter().chain(by).collect()
    };
    let mut checked = check_new(session, TABLE.name, vec![form], names)?;
    let (id, form) = checked.pop().ok_or_else(|| StoreError::not_found(TABLE.model, 0))?;
    let destination_id = require_new(session, &form)?;
    let by = session.principal();
    let row = NewConsent {
        id,
        created_by_id: by.id.clone(),
        created_by_name: by.name.clone(),
        thing_id: check::id(form.thing_id),
        destination_id,
        data_type: form.data_type,
        contact_id: form.contact_id.map(check::id),
        recorded_by: name_of(by),
        notes: form.notes,
        starts_at: form.starts_at,
        ends_at: form.ends_at,
    };
    session.insert(&[&vec![row]])?;
    get(session, id)
}

/// The destination's id; refuses one that is not there, and a second consent that is not revoked.
fn require_new(session: &mut Session<'_>, form: &CreateConsent) -> Result<i32, StoreError> {
    let slug = &form.destination_slug;
    let there = destination::table.filter(destination::slug.eq(slug.clone())).select(destination::id);
    let same = publication_consent::table
        .inner_join(destination::table)
        .filter(destination::slug.eq(slug.clone()))
        .filter(publication_consent::thing_id.eq(check::id(form.thing_id)))
        .filter(publication_consent::data_type.eq(form.data_type.clone()))
        .filter(publication_consent::revoked_at.is_null())
        .select(publication_consent::id);
    let (there, same) = session.read((row::<i32, _>(there), row::<i32, _>(same)))?;
    let Some(destination) = there else {
        return Err(StoreError::conflict("destination_slug", missing(slug), json!(slug)));
    };
    let Some(same) = same else { return Ok(destination) };
    let message =
        format!("Consent with ID {same} is for the same thing, destination and data_type and is not revoked.");
    Err(StoreError::conflict("data_type", message, json!(form.data_type)))
}

/// Revokes a consent. The first time counts.
pub fn revoke(session: &mut WriteSession<'_>, id: i32) -> Result<Consent, StoreError> {
    lock_row(session, TABLE, id)?;
    let by = session.principal();
    let change = (
        publication_consent::revoked_at.eq(Some(UtcDateTime::now())),
        publication_consent::revoked_by.eq(name_of(by)),
        publication_consent::updated_by_id.eq(by.id.clone()),
        publication_consent::updated_by_name.eq(by.name.clone()),
    );
    let unrevoked = publication_consent::table.filter(publication_consent::id.eq(id));
    diesel::update(unrevoked.filter(publication_consent::revoked_at.is_null())).set(change).execute(session)?;
    get(session, id)
}
