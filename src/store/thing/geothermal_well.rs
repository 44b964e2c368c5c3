//! Geothermal wells. They are named by a UUID of older records; what the key of their row is does not concern clients.

use chrono::NaiveDate;
use diesel::result::OptionalEmptyChangesetExtension as _;
use uuid::Uuid;

use crate::db::functions::fold;
use crate::db::prelude::*;
use crate::db::schema::{geothermal_well, thing as things};
use crate::db::{Backend, Numbers, Session, WriteSession, among};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::principal::Sight;
use crate::domain::request::filter::{Operator, like_pattern};
use crate::domain::request::form::Parsed;
use crate::domain::request::list::{Direction, ListRequest};
use crate::domain::request::paging::Found;
use crate::domain::request::problem::Problem;
use crate::domain::thing::geothermal_well::{
    CreateGeothermalWell, GeothermalWell, GeothermalWellSearch, UpdateGeothermalWell,
};
use crate::store::query::check::{self, Named, Table, check_change, check_new, lock_row};
use crate::store::query::find::{Listed as _, Search, in_order, listed};
use crate::store::query::listing::{Column, Condition, Listing};
use crate::store::query::stored::stored;
use crate::store::query::subquery::in_query;
use crate::store::query::visibility::{GEOTHERMAL_WELL, THING, visible};
use crate::store::{StoreError, thing};

/// The table, and the resource's name in messages.
pub const TABLE: Table = Table { name: "geothermal_well", model: "GeothermalWell" };

const KEY: &str = "well_data_id";

/// A geothermal well with its thing.
#[derive(Queryable, Selectable)]
#[diesel(table_name = geothermal_well, check_for_backend(Backend))]
struct WellRow {
    id: i32,
    created_at: UtcDateTime,
    release_status: Option<String>,
    release_at: Option<NaiveDate>,
    well_data_id: String,
    // Of the joined row: one that is hidden is not named by its id either.
    #[diesel(select_expression = things::id.nullable())]
    thing_id: Option<i32>,
    api: Option<String>,
    name: String,
    well_number: Option<String>,
    well_class: Option<String>,
    well_type: Option<String>,
    status: Option<String>,
    operator: Option<String>,
    owner: Option<String>,
    total_depth: Option<f64>,
    completion_date: Option<NaiveDate>,
    has_geothermal_data: bool,
    county: Option<String>,
    state: Option<String>,
    latitude: Option<f64>,
    longitude: Option<f64>,
}

impl WellRow {
    fn shown(self, sight: Sight) -> GeothermalWell {
        let degrees = |exact: Option<f64>| exact.map(|exact| sight.degrees(exact));
        GeothermalWell {
            well_data_id: self.well_data_id,
            created_at: self.created_at,
            release_status: self.release_status,
            release_at: self.release_at,
            thing_id: self.thing_id,
            api: self.api,
            name: self.name,
            well_number: self.well_number,
            well_class: self.well_class,
            well_type: self.well_type,
            status: self.status,
            operator: self.operator,
            owner: self.owner,
            total_depth: self.total_depth,
            completion_date: self.completion_date,
            has_geothermal_data: self.has_geothermal_data,
            county: self.county,
            state: self.state,
            latitude: degrees(self.latitude),
            longitude: degrees(self.longitude),
        }
    }
}

stored! {
    geothermal_well: NewWell from CreateGeothermalWell, WellChange from UpdateGeothermalWell;
    taken {
        api?: String,
        name: String,
        well_number?: String,
        well_class?: String,
        well_type?: String,
        status?: String,
        operator?: String,
        owner?: String,
        total_depth?: f64,
        completion_date?: NaiveDate,
        has_geothermal_data: bool,
        county?: String,
        state?: String,
        latitude?: f64,
        longitude?: f64
    }
    given { well_data_id: String, thing_id?: i32 }
}

listed!(geothermal_well);

/// The contract's list is sorted by name and takes no other order.
static LISTING: Listing<geothermal_well::table> =
    Listing { model: TABLE.model, rule: &GEOTHERMAL_WELL, columns: &[Column::of(geothermal_well::name)] };

/// Rows in which a word is in one of the columns that are searched.
fn has(word: &str) -> Condition<geothermal_well::table> {
    let pattern = || fold(like_pattern(Operator::Contains, word));
    let name = fold(geothermal_well::name.nullable()).like(pattern()).escape('\\');
    let api = fold(geothermal_well::api).like(pattern()).escape('\\');
    let number = fold(geothermal_well::well_number).like(pattern()).escape('\\');
    let operator = fold(geothermal_well::operator).like(pattern()).escape('\\');
    let county = fold(geothermal_well::county).like(pattern()).escape('\\');
    Box::new(name.or(api).or(number).or(operator).or(county))
}

/// A page of geothermal wells, by name.
pub fn find(
    session: &mut Session<'_>,
    request: &ListRequest,
    search: &GeothermalWellSearch,
) -> Result<Found, StoreError> {
    let narrow = || {
        let mut all: Vec<Condition<geothermal_well::table>> = search.words.iter().map(|word| has(word)).collect();
        if let Some(county) = &search.county {
            all.push(Box::new(geothermal_well::county.eq(county.clone())));
        }
        if let Some(part) = &search.name_contains {
            let pattern = like_pattern(Operator::Contains, part);
            all.push(Box::new(fold(geothermal_well::name.nullable()).like(fold(pattern)).escape('\\')));
        }
        Ok(all)
    };
    let search = Search::new(&narrow).by("name", Direction::Ascending);
    let (found, ()) = geothermal_well::table::find_page(session, &LISTING, request, search)?;
    Ok(found)
}

/// The geothermal wells of which a condition holds.
fn read(
    session: &mut Session<'_>,
    which: Condition<geothermal_well::table>,
) -> QueryResult<Vec<(i32, GeothermalWell)>> {
    let sight = session.sight();
    let thing = geothermal_well::thing_id.eq(things::id.nullable());
    let found = geothermal_well::table
        .left_join(things::table.on(thing.and(visible(sight, &THING))))
        .filter(in_query(geothermal_well::id, geothermal_well::table.filter(which).select(geothermal_well::id)))
        .filter(visible(sight, &GEOTHERMAL_WELL));
    let rows: Vec<WellRow> = found.select(WellRow::as_select()).load(session)?;
    Ok(rows.into_iter().map(|row| (row.id, row.shown(sight))).collect())
}

/// The geothermal wells with these ids, in their order.
pub fn load(session: &mut Session<'_>, ids: &[i32]) -> Result<Vec<GeothermalWell>, StoreError> {
    let found = read(session, Box::new(among(geothermal_well::id, Numbers::new(ids))))?;
    Ok(in_order(found, ids, |(id, _)| *id).into_iter().map(|(_, well)| well).collect())
}

fn missing(key: Uuid) -> StoreError {
    let message = format!("Geothermal well with WellDataID {key} not found.");
    StoreError::WrongKind(Box::new(Problem::conflict("path", KEY, message, key.to_string())))
}

/// One geothermal well.
pub fn get(session: &mut Session<'_>, key: Uuid) -> Result<GeothermalWell, StoreError> {
    let found = read(session, Box::new(geothermal_well::well_data_id.eq(key.to_string()).nullable()))?;
    found.into_iter().next().map(|(_, well)| well).ok_or_else(|| missing(key))
}

/// Locks the row of a geothermal well for a change of it.
pub fn lock(session: &mut WriteSession<'_>, key: Uuid) -> Result<(), StoreError> {
    let id = row_of(session, key)?.ok_or_else(|| missing(key))?;
    lock_row(session, TABLE, id)
}

/// Stores a geothermal well, under a key of its own unless one is sent.
pub fn create(
    session: &mut WriteSession<'_>,
    form: Parsed<CreateGeothermalWell>,
) -> Result<GeothermalWell, StoreError> {
    let checked = check_new(session, TABLE.name, vec![form], |form| {
        Named::optional(thing::TABLE, "thing_id", form.thing_id).into_iter().collect()
    })?;
    let mut rows = Vec::with_capacity(checked.len());
    for (id, form) in checked {
        if let Some(key) = form.well_data_id {
            require_new(session, key)?;
        }
        let key = form.well_data_id.unwrap_or_else(Uuid::new_v4).to_string();
        let thing = form.thing_id.map(check::id);
        rows.push(NewWell::of(id, form, session.principal(), key, thing));
    }
    session.insert(&[&rows])?;
    let id = rows.first().map_or(0, |row| row.id);
    load(session, &[id])?.pop().ok_or_else(|| StoreError::not_found(TABLE.model, id))
}

/// Refuses a key that another well has.
fn require_new(session: &mut Session<'_>, key: Uuid) -> Result<(), StoreError> {
    if row_of(session, key)?.is_none() {
        return Ok(());
    }
    let message = format!("{} with {KEY} {key} already exists.", TABLE.model);
    Err(StoreError::conflict(KEY, message, key.to_string()))
}

/// The key of the row of a well.
fn row_of(session: &mut Session<'_>, key: Uuid) -> QueryResult<Option<i32>> {
    let row = geothermal_well::table.filter(geothermal_well::well_data_id.eq(key.to_string()));
    row.select(geothermal_well::id).first(session).optional()
}

/// Changes what was sent.
pub fn update(
    session: &mut WriteSession<'_>,
    key: Uuid,
    form: Parsed<UpdateGeothermalWell>,
) -> Result<GeothermalWell, StoreError> {
    let id = row_of(session, key)?.ok_or_else(|| missing(key))?;
    let checked = check_change(session, (TABLE, id), form, |form| {
        Named::patched(thing::TABLE, "thing_id", &form.thing_id).into_iter().collect()
    });
    // Removed meanwhile, it is missed by its own key.
    let patch = checked.map_err(|error| match error {
        StoreError::NotFound { .. } => missing(key),
        other => other,
    })?;
    let thing = patch.thing_id.clone().map(check::id).into_change();
    let change = WellChange::of(patch, session.principal(), None, thing);
    diesel::update(geothermal_well::table.find(id)).set(change).execute(session).optional_empty_changeset()?;
    get(session, key)
}

/// Removes a geothermal well.
pub fn delete(session: &mut WriteSession<'_>, key: Uuid) -> Result<(), StoreError> {
    let row = geothermal_well::table.filter(geothermal_well::well_data_id.eq(key.to_string()));
    match diesel::delete(row).execute(session)? {
        0 => Err(missing(key)),
        _ => Ok(()),
    }
}
