//! Geologic formations, with their outlines.

use chrono::NaiveDate;
use diesel::result::OptionalEmptyChangesetExtension as _;

use crate::db::prelude::*;
use crate::db::schema::geologic_formation;
use crate::db::{Backend, Numbers, Session, WriteSession, among};
use crate::domain::geologic_formation::{CreateGeologicFormation, GeologicFormation, UpdateGeologicFormation};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::request::form::Parsed;
use crate::domain::request::list::ListRequest;
use crate::domain::request::paging::Found;
use crate::store::StoreError;
use crate::store::geospatial::stored_area;
use crate::store::query::check::{Table, check_change, check_new};
use crate::store::query::find::{Listed as _, Search, in_order, listed};
use crate::store::query::listing::{Column, Listing};
use crate::store::query::stored::stored;
use crate::store::query::visibility::{GEOLOGIC_FORMATION, visible};

/// The table, and the resource's name in messages.
pub const TABLE: Table = Table { name: "geologic_formation", model: "GeologicFormation" };

#[derive(Queryable, Selectable)]
#[diesel(table_name = geologic_formation, check_for_backend(Backend))]
struct GeologicFormationRow {
    id: i32,
    created_at: UtcDateTime,
    release_status: Option<String>,
    release_at: Option<NaiveDate>,
    formation_code: Option<String>,
    description: Option<String>,
    lithology: Option<String>,
    boundary: Option<String>,
}

impl GeologicFormationRow {
    /// The wire form, with the outline as GeoJSON.
    fn shown(self) -> QueryResult<GeologicFormation> {
        let boundary = self.boundary.map(|text| stored_area(&text, TABLE.name, self.id)).transpose()?;
        Ok(GeologicFormation {
            id: self.id,
            created_at: self.created_at,
            release_status: self.release_status,
            release_at: self.release_at,
            formation_code: self.formation_code,
            description: self.description,
            lithology: self.lithology,
            boundary,
        })
    }
}

stored! {
    geologic_formation: NewGeologicFormation from CreateGeologicFormation, GeologicFormationChange from UpdateGeologicFormation;
    taken { formation_code?: String, description?: String, lithology?: String }
    given { boundary?: String }
}

listed!(geologic_formation);

static LISTING: Listing<geologic_formation::table> = Listing {
    model: TABLE.model,
    rule: &GEOLOGIC_FORMATION,
    columns: &[
        Column::of(geologic_formation::id),
        Column::of(geologic_formation::created_at),
        Column::of(geologic_formation::release_status),
        Column::of(geologic_formation::release_at),
        Column::of(geologic_formation::formation_code),
        Column::of(geologic_formation::description),
        Column::of(geologic_formation::lithology),
    ],
};

/// A page of geologic formations.
pub fn find(session: &mut Session<'_>, request: &ListRequest, (): &()) -> Result<Found, StoreError> {
    let narrow = || Ok(Vec::new());
    let (found, ()) = geologic_formation::table::find_page(session, &LISTING, request, Search::new(&narrow))?;
    Ok(found)
}

/// The geologic formations with these ids, in their order.
pub fn load(session: &mut Session<'_>, ids: &[i32]) -> Result<Vec<GeologicFormation>, StoreError> {
    let asked = geologic_formation::table
        .filter(among(geologic_formation::id, Numbers::new(ids)))
        .filter(visible(session.sight(), &GEOLOGIC_FORMATION));
    let rows: Vec<GeologicFormationRow> = asked.select(GeologicFormationRow::as_select()).load(session)?;
    let shown = rows.into_iter().map(GeologicFormationRow::shown).collect::<QueryResult<Vec<_>>>()?;
    Ok(in_order(shown, ids, |row| row.id))
}

/// One geologic formation.
pub fn get(session: &mut Session<'_>, id: i32) -> Result<GeologicFormation, StoreError> {
    load(session, &[id])?.pop().ok_or_else(|| StoreError::not_found(TABLE.model, id))
}

/// Checks a chunk of forms and makes rows of them.
pub fn check(
    session: &mut WriteSession<'_>,
    forms: Vec<Parsed<CreateGeologicFormation>>,
) -> Result<Vec<NewGeologicFormation>, StoreError> {
    let checked = check_new(session, TABLE.name, forms, |_| Vec::new())?;
    for (_, form) in &checked {
        require_unique(session, form.formation_code.as_deref(), None)?;
    }
    let by = session.principal();
    let row = |(id, form): (i32, CreateGeologicFormation)| {
        let boundary = form.boundary.as_ref().map(ToString::to_string);
        NewGeologicFormation::of(id, form, by, boundary)
    };
    Ok(checked.into_iter().map(row).collect())
}

/// Stores a geologic formation.
pub fn create(
    session: &mut WriteSession<'_>,
    form: Parsed<CreateGeologicFormation>,
) -> Result<GeologicFormation, StoreError> {
    let rows = check(session, vec![form])?;
    session.insert(&[&rows])?;
    get(session, rows.first().map_or(0, |row| row.id))
}

/// Changes what was sent.
pub fn update(
    session: &mut WriteSession<'_>,
    id: i32,
    form: Parsed<UpdateGeologicFormation>,
) -> Result<GeologicFormation, StoreError> {
    let patch = check_change(session, (TABLE, id), form, |_| Vec::new())?;
    require_unique(session, patch.formation_code.clone().value().as_deref(), Some(id))?;
    let boundary = patch.boundary.clone().map(|area| area.to_string()).into_change();
    let change = GeologicFormationChange::of(patch, session.principal(), boundary);
    diesel::update(geologic_formation::table.find(id)).set(change).execute(session).optional_empty_changeset()?;
    get(session, id)
}

/// Refuses a formation code that another one has.
fn require_unique(session: &mut Session<'_>, sent: Option<&str>, but: Option<i32>) -> Result<(), StoreError> {
    let Some(sent) = sent else { return Ok(()) };
    let same = geologic_formation::table
        .filter(geologic_formation::formation_code.eq(sent))
        .filter(geologic_formation::id.ne(but.unwrap_or(0)))
        .select(geologic_formation::id);
    if same.load::<i32>(session)?.is_empty() {
        return Ok(());
    }
    let message = format!("{} with formation_code {sent} already exists.", TABLE.model);
    Err(StoreError::conflict("formation_code", message, sent))
}

/// Removes a geologic formation; screens in it, and things that go through it, lose it.
pub fn delete(session: &mut WriteSession<'_>, id: i32) -> Result<(), StoreError> {
    match diesel::delete(geologic_formation::table.find(id)).execute(session)? {
        0 => Err(StoreError::not_found(TABLE.model, id)),
        _ => Ok(()),
    }
}
