//! Where the data of a thing or a location come from, and how exact they are.

use chrono::NaiveDate;
use diesel::result::OptionalEmptyChangesetExtension as _;

use crate::db::prelude::*;
use crate::db::schema::data_provenance;
use crate::db::{Numbers, Session, WriteSession, among};
use crate::domain::data_provenance::{
    CreateDataProvenance, DataProvenance, DataProvenanceSearch, UpdateDataProvenance,
};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::request::form::Parsed;
use crate::domain::request::list::ListRequest;
use crate::domain::request::paging::Found;
use crate::store::query::check::{self, Table, check_change, check_new};
use crate::store::query::find::{Listed as _, Search, in_order, listed};
use crate::store::query::listing::{Column, Condition, Listing};
use crate::store::query::stored::{row, stored};
use crate::store::query::visibility::{PROVENANCE, visible};
use crate::store::{StoreError, target};

/// The table, and the resource's name in messages.
pub const TABLE: Table = Table { name: "data_provenance", model: "DataProvenance" };

row! {
    /// A row of the table.
    struct DataProvenanceRow of data_provenance as DataProvenance {
        id: i32,
        created_at: UtcDateTime,
        release_status: Option<String>,
        release_at: Option<NaiveDate>,
        target_table: String,
        target_id: i32,
        field_name: Option<String>,
        origin_type: Option<String>,
        origin_source: Option<String>,
        collection_method: Option<String>,
        accuracy_value: Option<f64>,
        accuracy_unit: Option<String>,
    }
}

stored! {
    data_provenance: NewDataProvenance from CreateDataProvenance, DataProvenanceChange from UpdateDataProvenance;
    taken {
        target_table: String,
        field_name?: String,
        origin_type?: String,
        origin_source?: String,
        collection_method?: String,
        accuracy_value?: f64,
        accuracy_unit?: String
    }
    given { target_id: i32 }
}

listed!(data_provenance);

static LISTING: Listing<data_provenance::table> = Listing {
    model: TABLE.model,
    rule: &PROVENANCE,
    columns: &[
        Column::of(data_provenance::id),
        Column::of(data_provenance::created_at),
        Column::of(data_provenance::release_status),
        Column::of(data_provenance::release_at),
        Column::of(data_provenance::target_table),
        Column::of(data_provenance::target_id),
        Column::of(data_provenance::field_name),
        Column::of(data_provenance::origin_type),
        Column::of(data_provenance::origin_source),
        Column::of(data_provenance::collection_method),
        Column::of(data_provenance::accuracy_value),
        Column::of(data_provenance::accuracy_unit),
    ],
};

/// A page of provenances.
pub fn find(
    session: &mut Session<'_>,
    request: &ListRequest,
    search: &DataProvenanceSearch,
) -> Result<Found, StoreError> {
    let narrow = || {
        let mut all: Vec<Condition<data_provenance::table>> = Vec::new();
        if let Some(target_table) = &search.target_table {
            all.push(Box::new(data_provenance::target_table.eq(target_table.clone()).nullable()));
        }
        if let Some(target_id) = search.target_id {
            all.push(Box::new(data_provenance::target_id.eq(target_id).nullable()));
        }
        if let Some(field_name) = &search.field_name {
            all.push(Box::new(data_provenance::field_name.eq(field_name.clone())));
        }
        Ok(all)
    };
    let (found, ()) = data_provenance::table::find_page(session, &LISTING, request, Search::new(&narrow))?;
    Ok(found)
}

/// The provenances with these ids, in their order.
pub fn load(session: &mut Session<'_>, ids: &[i32]) -> Result<Vec<DataProvenance>, StoreError> {
    let asked = data_provenance::table
        .filter(among(data_provenance::id, Numbers::new(ids)))
        .filter(visible(session.sight(), &PROVENANCE));
    let rows: Vec<DataProvenanceRow> = asked.select(DataProvenanceRow::as_select()).load(session)?;
    Ok(in_order(rows.into_iter().map(DataProvenance::from).collect(), ids, |row| row.id))
}

/// One provenance.
pub fn get(session: &mut Session<'_>, id: i32) -> Result<DataProvenance, StoreError> {
    load(session, &[id])?.pop().ok_or_else(|| StoreError::not_found(TABLE.model, id))
}

/// Checks a chunk of forms and makes rows of them.
pub fn check(
    session: &mut WriteSession<'_>,
    forms: Vec<Parsed<CreateDataProvenance>>,
) -> Result<Vec<NewDataProvenance>, StoreError> {
    let checked = check_new(session, TABLE.name, forms, |form| {
        target::named(&form.target_table, form.target_id).into_iter().collect()
    })?;
    let by = session.principal();
    let row = |(id, form): (i32, CreateDataProvenance)| {
        let target_id = check::id(form.target_id);
        NewDataProvenance::of(id, form, by, target_id)
    };
    Ok(checked.into_iter().map(row).collect())
}

/// Stores a provenance.
pub fn create(
    session: &mut WriteSession<'_>,
    form: Parsed<CreateDataProvenance>,
) -> Result<DataProvenance, StoreError> {
    let rows = check(session, vec![form])?;
    session.insert(&[&rows])?;
    get(session, rows.first().map_or(0, |row| row.id))
}

/// Changes what was sent.
pub fn update(
    session: &mut WriteSession<'_>,
    id: i32,
    form: Parsed<UpdateDataProvenance>,
) -> Result<DataProvenance, StoreError> {
    let patch = check_change(session, (TABLE, id), form, |form| {
        target::patched(form.target_table.as_deref(), form.target_id).into_iter().collect()
    })?;
    target::require_whole(patch.target_table.as_deref(), patch.target_id)?;
    let target_id = patch.target_id.map(check::id);
    let change = DataProvenanceChange::of(patch, session.principal(), target_id);
    diesel::update(data_provenance::table.find(id)).set(change).execute(session).optional_empty_changeset()?;
    get(session, id)
}

/// Removes a provenance.
pub fn delete(session: &mut WriteSession<'_>, id: i32) -> Result<(), StoreError> {
    match diesel::delete(data_provenance::table.find(id)).execute(session)? {
        0 => Err(StoreError::not_found(TABLE.model, id)),
        _ => Ok(()),
    }
}
