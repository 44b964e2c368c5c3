//! Ages of rocks.

use diesel::result::OptionalEmptyChangesetExtension as _;

use crate::db::functions::{fold, replace};
use crate::db::prelude::*;
use crate::db::schema::geochronology_age;
use crate::db::{Numbers, Session, WriteSession, among, columns, rows};
use crate::domain::geochronology::{AgeSearch, CreateGeochronologyAge, GeochronologyAge, UpdateGeochronologyAge};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::request::form::Parsed;
use crate::domain::request::list::ListRequest;
use crate::domain::request::paging::Found;
use crate::store::query::check::{self, Named, Table, check_change, check_new};
use crate::store::query::find::{Listed as _, Search, in_order, listed};
use crate::store::query::listing::{Column, Condition, Listing};
use crate::store::query::stored::{row, stored};
use crate::store::query::visibility::{GEOCHRONOLOGY_AGE, visible};
use crate::store::{StoreError, location};

/// The table, and the resource's name in messages.
pub const TABLE: Table = Table { name: "geochronology_age", model: "GeochronologyAge" };

row! {
    /// A row of the table.
    struct AgeRow of geochronology_age as GeochronologyAge {
        id: i32,
        created_at: UtcDateTime,
        release_status: Option<String>,
        release_at: Option<chrono::NaiveDate>,
        location_id: i32,
        age: f64,
        age_error: Option<f64>,
        method: Option<String>,
    }
}

stored! {
    geochronology_age: NewAge from CreateGeochronologyAge, AgeChange from UpdateGeochronologyAge;
    taken { age: f64, age_error?: f64, method?: String }
    given { location_id: i32 }
}

listed!(geochronology_age);

static LISTING: Listing<geochronology_age::table> = Listing {
    model: TABLE.model,
    rule: &GEOCHRONOLOGY_AGE,
    columns: &[
        Column::of(geochronology_age::id),
        Column::of(geochronology_age::created_at),
        Column::of(geochronology_age::release_status),
        Column::of(geochronology_age::release_at),
        Column::of(geochronology_age::location_id),
        Column::of(geochronology_age::age),
        Column::of(geochronology_age::age_error),
        Column::of(geochronology_age::method),
    ],
};

/// A page of ages.
pub fn find(session: &mut Session<'_>, request: &ListRequest, search: &AgeSearch) -> Result<Found, StoreError> {
    let narrow = || {
        let mut all: Vec<Condition<geochronology_age::table>> = Vec::new();
        if let Some(method) = &search.method {
            // Clients spell `Ar/Ar` as `arar`.
            let plainly = |text| replace(fold(text), "/", "");
            all.push(Box::new(replace(fold(geochronology_age::method), "/", "").eq(plainly(Some(method.clone())))));
        }
        if let Some(location) = search.location_id {
            all.push(Box::new(geochronology_age::location_id.eq(location).nullable()));
        }
        Ok(all)
    };
    let (found, ()) = geochronology_age::table::find_page(session, &LISTING, request, Search::new(&narrow))?;
    Ok(found)
}

/// The ages with these ids, in their order.
pub fn load(session: &mut Session<'_>, ids: &[i32]) -> Result<Vec<GeochronologyAge>, StoreError> {
    let found = geochronology_age::table
        .filter(among(geochronology_age::id, Numbers::new(ids)))
        .filter(visible(session.sight(), &GEOCHRONOLOGY_AGE))
        .select(columns::<AgeRow>());
    let found: Vec<AgeRow> = session.read_fixed(rows(found))?;
    Ok(in_order(found.into_iter().map(GeochronologyAge::from).collect(), ids, |age| age.id))
}

/// One age.
pub fn get(session: &mut Session<'_>, id: i32) -> Result<GeochronologyAge, StoreError> {
    load(session, &[id])?.pop().ok_or_else(|| StoreError::not_found(TABLE.model, id))
}

/// Stores an age.
pub fn create(
    session: &mut WriteSession<'_>,
    form: Parsed<CreateGeochronologyAge>,
) -> Result<GeochronologyAge, StoreError> {
    let names = |form: &CreateGeochronologyAge| vec![Named::new(location::TABLE, "location_id", form.location_id)];
    let checked = check_new(session, TABLE.name, vec![form], names)?;
    let by = session.principal();
    let row = |(id, form): (i32, CreateGeochronologyAge)| {
        let location = check::id(form.location_id);
        NewAge::of(id, form, by, location)
    };
    let rows: Vec<NewAge> = checked.into_iter().map(row).collect();
    session.insert(&[&rows])?;
    get(session, rows.first().map_or(0, |row| row.id))
}

/// Changes what was sent.
pub fn update(
    session: &mut WriteSession<'_>,
    id: i32,
    form: Parsed<UpdateGeochronologyAge>,
) -> Result<GeochronologyAge, StoreError> {
    let patch = check_change(session, (TABLE, id), form, |form| {
        Vec::from_iter(Named::optional(location::TABLE, "location_id", form.location_id))
    })?;
    let location = patch.location_id.map(check::id);
    let change = AgeChange::of(patch, session.principal(), location);
    diesel::update(geochronology_age::table.find(id)).set(change).execute(session).optional_empty_changeset()?;
    get(session, id)
}

/// Removes an age.
pub fn delete(session: &mut WriteSession<'_>, id: i32) -> Result<(), StoreError> {
    match diesel::delete(geochronology_age::table.find(id)).execute(session)? {
        0 => Err(StoreError::not_found(TABLE.model, id)),
        _ => Ok(()),
    }
}
