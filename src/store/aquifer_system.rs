//! Aquifer systems, with their outlines.

use chrono::NaiveDate;
use diesel::result::OptionalEmptyChangesetExtension as _;

use crate::db::prelude::*;
use crate::db::schema::aquifer_system;
use crate::db::{Backend, Numbers, Session, WriteSession, among};
use crate::domain::aquifer_system::{AquiferSystem, CreateAquiferSystem, UpdateAquiferSystem};
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
use crate::store::query::visibility::{AQUIFER_SYSTEM, visible};

/// The table, and the resource's name in messages.
pub const TABLE: Table = Table { name: "aquifer_system", model: "AquiferSystem" };

#[derive(Queryable, Selectable)]
#[diesel(table_name = aquifer_system, check_for_backend(Backend))]
struct AquiferSystemRow {
    id: i32,
    created_at: UtcDateTime,
    release_status: Option<String>,
    release_at: Option<NaiveDate>,
    name: String,
    description: Option<String>,
    primary_aquifer_type: String,
    geographic_scale: String,
    boundary: Option<String>,
}

impl AquiferSystemRow {
    /// The wire form, with the outline as GeoJSON.
    fn shown(self) -> QueryResult<AquiferSystem> {
        let boundary = self.boundary.map(|text| stored_area(&text, TABLE.name, self.id)).transpose()?;
        Ok(AquiferSystem {
            id: self.id,
            created_at: self.created_at,
            release_status: self.release_status,
            release_at: self.release_at,
            name: self.name,
            description: self.description,
            primary_aquifer_type: self.primary_aquifer_type,
            geographic_scale: self.geographic_scale,
            boundary,
        })
    }
}

stored! {
    aquifer_system: NewAquiferSystem from CreateAquiferSystem, AquiferSystemChange from UpdateAquiferSystem;
    taken { name: String, description?: String, primary_aquifer_type: String, geographic_scale: String }
    given { boundary?: String }
}

listed!(aquifer_system);

static LISTING: Listing<aquifer_system::table> = Listing {
    model: TABLE.model,
    rule: &AQUIFER_SYSTEM,
    columns: &[
        Column::of(aquifer_system::id),
        Column::of(aquifer_system::created_at),
        Column::of(aquifer_system::release_status),
        Column::of(aquifer_system::release_at),
        Column::of(aquifer_system::name),
        Column::of(aquifer_system::description),
        Column::of(aquifer_system::primary_aquifer_type),
        Column::of(aquifer_system::geographic_scale),
    ],
};

/// A page of aquifer systems.
pub fn find(session: &mut Session<'_>, request: &ListRequest, (): &()) -> Result<Found, StoreError> {
    let narrow = || Ok(Vec::new());
    let (found, ()) = aquifer_system::table::find_page(session, &LISTING, request, Search::new(&narrow))?;
    Ok(found)
}

/// The aquifer systems with these ids, in their order.
pub fn load(session: &mut Session<'_>, ids: &[i32]) -> Result<Vec<AquiferSystem>, StoreError> {
    let asked = aquifer_system::table
        .filter(among(aquifer_system::id, Numbers::new(ids)))
        .filter(visible(session.sight(), &AQUIFER_SYSTEM));
    let rows: Vec<AquiferSystemRow> = asked.select(AquiferSystemRow::as_select()).load(session)?;
    let shown = rows.into_iter().map(AquiferSystemRow::shown).collect::<QueryResult<Vec<_>>>()?;
    Ok(in_order(shown, ids, |row| row.id))
}

/// One aquifer system.
pub fn get(session: &mut Session<'_>, id: i32) -> Result<AquiferSystem, StoreError> {
    load(session, &[id])?.pop().ok_or_else(|| StoreError::not_found(TABLE.model, id))
}

/// Checks a chunk of forms and makes rows of them.
pub fn check(
    session: &mut WriteSession<'_>,
    forms: Vec<Parsed<CreateAquiferSystem>>,
) -> Result<Vec<NewAquiferSystem>, StoreError> {
    let checked = check_new(session, TABLE.name, forms, |_| Vec::new())?;
    for (_, form) in &checked {
        require_unique(session, Some(&form.name), None)?;
    }
    let by = session.principal();
    let row = |(id, form): (i32, CreateAquiferSystem)| {
        let boundary = form.boundary.as_ref().map(ToString::to_string);
        NewAquiferSystem::of(id, form, by, boundary)
    };
    Ok(checked.into_iter().map(row).collect())
}

/// Stores an aquifer system.
pub fn create(session: &mut WriteSession<'_>, form: Parsed<CreateAquiferSystem>) -> Result<AquiferSystem, StoreError> {
    let rows = check(session, vec![form])?;
    session.insert(&[&rows])?;
    get(session, rows.first().map_or(0, |row| row.id))
}

/// Changes what was sent.
pub fn update(
    session: &mut WriteSession<'_>,
    id: i32,
    form: Parsed<UpdateAquiferSystem>,
) -> Result<AquiferSystem, StoreError> {
    let patch = check_change(session, (TABLE, id), form, |_| Vec::new())?;
    require_unique(session, patch.name.as_deref(), Some(id))?;
    let boundary = patch.boundary.clone().map(|area| area.to_string()).into_change();
    let change = AquiferSystemChange::of(patch, session.principal(), boundary);
    diesel::update(aquifer_system::table.find(id)).set(change).execute(session).optional_empty_changeset()?;
    get(session, id)
}

/// Refuses a name that another one has.
fn require_unique(session: &mut Session<'_>, sent: Option<&str>, but: Option<i32>) -> Result<(), StoreError> {
    let Some(sent) = sent else { return Ok(()) };
    let same = aquifer_system::table
        .filter(aquifer_system::name.eq(sent))
        .filter(aquifer_system::id.ne(but.unwrap_or(0)))
        .select(aquifer_system::id);
    if same.load::<i32>(session)?.is_empty() {
        return Ok(());
    }
    let message = format!("{} with name {sent} already exists.", TABLE.model);
    Err(StoreError::conflict("name", message, sent))
}

/// Removes an aquifer system with its associations; screens in it lose it.
pub fn delete(session: &mut WriteSession<'_>, id: i32) -> Result<(), StoreError> {
    match diesel::delete(aquifer_system::table.find(id)).execute(session)? {
        0 => Err(StoreError::not_found(TABLE.model, id)),
        _ => Ok(()),
    }
}
