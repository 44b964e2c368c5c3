//! How an aquifer behaves at a thing: one record for each type.

use chrono::NaiveDate;
use diesel::result::OptionalEmptyChangesetExtension as _;

use crate::db::prelude::*;
use crate::db::schema::aquifer_type;
use crate::db::{Backend, Numbers, Session, WriteSession, among};
use crate::domain::aquifer_type::{AquiferType, AquiferTypeSearch, CreateAquiferType, UpdateAquiferType};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::request::form::Parsed;
use crate::domain::request::list::ListRequest;
use crate::domain::request::paging::Found;
use crate::store::query::check::{self, Named, Table, check_change, check_new};
use crate::store::query::find::{Listed as _, Search, in_order, listed};
use crate::store::query::listing::{Column, Condition, Listing};
use crate::store::query::stored::stored;
use crate::store::query::visibility::{AQUIFER_TYPE, visible};
use crate::store::{StoreError, thing_aquifer_association};

/// The table, and the resource's name in messages.
pub const TABLE: Table = Table { name: "aquifer_type", model: "AquiferType" };

#[derive(Queryable, Selectable)]
#[diesel(table_name = aquifer_type, check_for_backend(Backend))]
struct AquiferTypeRow {
    id: i32,
    created_at: UtcDateTime,
    release_status: Option<String>,
    release_at: Option<NaiveDate>,
    thing_aquifer_association_id: i32,
    aquifer_type_: String,
}

impl From<AquiferTypeRow> for AquiferType {
    fn from(row: AquiferTypeRow) -> Self {
        Self {
            id: row.id,
            created_at: row.created_at,
            release_status: row.release_status,
            release_at: row.release_at,
            thing_aquifer_association_id: row.thing_aquifer_association_id,
            aquifer_type: row.aquifer_type_,
        }
    }
}

stored! {
    aquifer_type: NewAquiferType from CreateAquiferType, AquiferTypeChange from UpdateAquiferType;
    taken { }
    given { thing_aquifer_association_id: i32, aquifer_type_: String }
}

listed!(aquifer_type);

static LISTING: Listing<aquifer_type::table> = Listing {
    model: TABLE.model,
    rule: &AQUIFER_TYPE,
    columns: &[
        Column::of(aquifer_type::id),
        Column::of(aquifer_type::created_at),
        Column::of(aquifer_type::release_status),
        Column::of(aquifer_type::release_at),
        Column::of(aquifer_type::thing_aquifer_association_id),
        Column::of(aquifer_type::aquifer_type_),
    ],
};

/// A page of aquifer types.
pub fn find(session: &mut Session<'_>, request: &ListRequest, search: &AquiferTypeSearch) -> Result<Found, StoreError> {
    let narrow = || {
        let mut all: Vec<Condition<aquifer_type::table>> = Vec::new();
        if let Some(thing_aquifer_association_id) = search.thing_aquifer_association_id {
            all.push(Box::new(aquifer_type::thing_aquifer_association_id.eq(thing_aquifer_association_id).nullable()));
        }
        Ok(all)
    };
    let (found, ()) = aquifer_type::table::find_page(session, &LISTING, request, Search::new(&narrow))?;
    Ok(found)
}

/// The aquifer types with these ids, in their order.
pub fn load(session: &mut Session<'_>, ids: &[i32]) -> Result<Vec<AquiferType>, StoreError> {
    let asked = aquifer_type::table
        .filter(among(aquifer_type::id, Numbers::new(ids)))
        .filter(visible(session.sight(), &AQUIFER_TYPE));
    let rows: Vec<AquiferTypeRow> = asked.select(AquiferTypeRow::as_select()).load(session)?;
    Ok(in_order(rows.into_iter().map(AquiferType::from).collect(), ids, |row| row.id))
}

/// One aquifer type.
pub fn get(session: &mut Session<'_>, id: i32) -> Result<AquiferType, StoreError> {
    load(session, &[id])?.pop().ok_or_else(|| StoreError::not_found(TABLE.model, id))
}

/// Checks a chunk of forms and makes rows of them.
pub fn check(
    session: &mut WriteSession<'_>,
    forms: Vec<Parsed<CreateAquiferType>>,
) -> Result<Vec<NewAquiferType>, StoreError> {
    let checked = check_new(session, TABLE.name, forms, |form| {
        [Some(Named::new(
            thing_aquifer_association::TABLE,
            "thing_aquifer_association_id",
            form.thing_aquifer_association_id,
        ))]
        .into_iter()
        .flatten()
        .collect()
    })?;
    let by = session.principal();
    let row = |(id, form): (i32, CreateAquiferType)| {
        let association = check::id(form.thing_aquifer_association_id);
        let kind = form.aquifer_type.clone();
        NewAquiferType::of(id, form, by, association, kind)
    };
    Ok(checked.into_iter().map(row).collect())
}

/// Stores an aquifer type.
pub fn create(session: &mut WriteSession<'_>, form: Parsed<CreateAquiferType>) -> Result<AquiferType, StoreError> {
    let rows = check(session, vec![form])?;
    session.insert(&[&rows])?;
    get(session, rows.first().map_or(0, |row| row.id))
}

/// Changes what was sent.
pub fn update(
    session: &mut WriteSession<'_>,
    id: i32,
    form: Parsed<UpdateAquiferType>,
) -> Result<AquiferType, StoreError> {
    let patch = check_change(session, (TABLE, id), form, |form| {
        [Named::optional(
            thing_aquifer_association::TABLE,
            "thing_aquifer_association_id",
            form.thing_aquifer_association_id,
        )]
        .into_iter()
        .flatten()
        .collect()
    })?;
    let (association, kind) = (patch.thing_aquifer_association_id.map(check::id), patch.aquifer_type.clone());
    let change = AquiferTypeChange::of(patch, session.principal(), association, kind);
    diesel::update(aquifer_type::table.find(id)).set(change).execute(session).optional_empty_changeset()?;
    get(session, id)
}

/// Removes an aquifer type.
pub fn delete(session: &mut WriteSession<'_>, id: i32) -> Result<(), StoreError> {
    match diesel::delete(aquifer_type::table.find(id)).execute(session)? {
        0 => Err(StoreError::not_found(TABLE.model, id)),
        _ => Ok(()),
    }
}
