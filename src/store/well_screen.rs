//! Screens of wells.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::result::OptionalEmptyChangesetExtension;

use crate::db::schema::{aquifer_system, geologic_formation, well_screen};
use crate::db::{Backend, Connection, one_of};
use crate::domain::actor::Actor;
use crate::domain::form::{Parsed, Patch};
use crate::domain::list::ListRequest;
use crate::domain::paging::Page;
use crate::domain::thing::{Feet, WATER_WELL};
use crate::domain::time::UtcDateTime;
use crate::domain::well_screen::{CreateWellScreen, UpdateWellScreen, WellScreen, WellScreenBase};

use super::list::Listing;
use super::page::load_page;
use super::{StoreError, require_parent, thing, vocabulary};

/// The resource's name in messages.
pub const MODEL: &str = "WellScreen";

const SCREEN_TYPE: &str = "screen_type";

#[derive(Queryable, Selectable)]
#[diesel(table_name = well_screen, check_for_backend(Backend))]
struct ScreenRow {
    id: i32,
    created_at: UtcDateTime,
    release_status: Option<String>,
    thing_id: i32,
    aquifer_system_id: Option<i32>,
    geologic_formation_id: Option<i32>,
    screen_depth_top: Option<f64>,
    screen_depth_bottom: Option<f64>,
    screen_type: Option<String>,
    screen_description: Option<String>,
}

/// The lists of screens are neither sorted nor filtered by column.
static LISTING: Listing<well_screen::table> = Listing { model: MODEL, columns: &[] };

/// A page of screens: of one thing, or of all.
pub fn list(
    conn: &mut Connection,
    thing_id: Option<i32>,
    request: &ListRequest,
) -> Result<Page<WellScreen>, StoreError> {
    let plan = LISTING.plan(request)?;
    let (rows, extent) = load_page!(
        conn, plan, well_screen::table, ScreenRow, well_screen::id,
        extra: |query| match thing_id {
            Some(thing_id) => query.filter(well_screen::thing_id.eq(thing_id)),
            None => query,
        },
        default: |query| query.order(well_screen::id.asc())
    );
    let screens = complete(conn, rows)?;
    Ok(Page::new(with_wells(conn, screens)?, extent))
}

/// A page of a water well's screens.
pub fn list_of(conn: &mut Connection, thing_id: i32, request: &ListRequest) -> Result<Page<WellScreen>, StoreError> {
    if !request.is_continued() {
        thing::require_kind(conn, thing_id, WATER_WELL)?;
    }
    list(conn, Some(thing_id), request)
}

/// All screens of a well without the well itself, from the top down.
pub fn base_of(conn: &mut Connection, thing_id: i32) -> Result<Vec<WellScreenBase>, StoreError> {
    let rows: Vec<ScreenRow> = well_screen::table
        .filter(well_screen::thing_id.eq(thing_id))
        .order((
            well_screen::screen_depth_top.is_null().asc(),
            well_screen::screen_depth_top.asc(),
            well_screen::id.asc(),
        ))
        .select(ScreenRow::as_select())
        .load(conn)?;
    complete(conn, rows)
}

/// One screen.
pub fn get(conn: &mut Connection, id: i32) -> Result<WellScreen, StoreError> {
    let row: Option<ScreenRow> = well_screen::table.find(id).select(ScreenRow::as_select()).first(conn).optional()?;
    let screens = complete(conn, row.into_iter().collect())?;
    with_wells(conn, screens)?.pop().ok_or_else(|| StoreError::not_found(MODEL, id))
}

fn exists(conn: &mut Connection, id: i32) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(well_screen::table.find(id))).get_result(conn)
}

/// Adds the names of aquifers and formations: two queries, however many rows.
fn complete(conn: &mut Connection, rows: Vec<ScreenRow>) -> Result<Vec<WellScreenBase>, StoreError> {
    let systems = keys(rows.iter().filter_map(|row| row.aquifer_system_id));
    let systems: HashMap<i32, (String, String)> = aquifer_system::table
        .filter(one_of(aquifer_system::id, &systems))
        .select((aquifer_system::id, (aquifer_system::name, aquifer_system::primary_aquifer_type)))
        .load(conn)?
        .into_iter()
        .collect();
    let formations = keys(rows.iter().filter_map(|row| row.geologic_formation_id));
    let formations: HashMap<i32, Option<String>> = geologic_formation::table
        .filter(one_of(geologic_formation::id, &formations))
        .select((geologic_formation::id, geologic_formation::formation_code))
        .load(conn)?
        .into_iter()
        .collect();
    Ok(rows
        .into_iter()
        .map(|row| {
            let system = row.aquifer_system_id.and_then(|id| systems.get(&id)).cloned();
            let (aquifer_system, aquifer_type) = system.unzip();
            WellScreenBase {
                id: row.id,
                created_at: row.created_at,
                release_status: row.release_status,
                thing_id: row.thing_id,
                aquifer_system_id: row.aquifer_system_id,
                aquifer_system,
                aquifer_type,
                geologic_formation_id: row.geologic_formation_id,
                geologic_formation: row.geologic_formation_id.and_then(|id| formations.get(&id).cloned().flatten()),
                screen_depth_bottom: row.screen_depth_bottom,
                screen_depth_bottom_unit: Feet::Feet,
                screen_depth_top: row.screen_depth_top,
                screen_depth_top_unit: Feet::Feet,
                screen_type: row.screen_type,
                screen_description: row.screen_description,
            }
        })
        .collect())
}

/// Each key once.
fn keys(keys: impl Iterator<Item = i32>) -> Vec<i32> {
    let mut keys: Vec<i32> = keys.collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// Adds the wells, each loaded once.
fn with_wells(conn: &mut Connection, screens: Vec<WellScreenBase>) -> Result<Vec<WellScreen>, StoreError> {
    let ids = keys(screens.iter().map(|screen| screen.thing_id));
    let wells = thing::wells(conn, &ids)?;
    Ok(screens
        .into_iter()
        .filter_map(|base| wells.get(&base.thing_id).cloned().map(|thing| WellScreen { base, thing }))
        .collect())
}

fn system_exists(conn: &mut Connection, id: i32) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(aquifer_system::table.find(id))).get_result(conn)
}

fn formation_exists(conn: &mut Connection, id: i32) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(geologic_formation::table.find(id))).get_result(conn)
}

fn require_system(conn: &mut Connection, sent: i64) -> Result<i32, StoreError> {
    require_parent(conn, "aquifer_system_id", "AquiferSystem", sent, system_exists)
}

fn require_formation(conn: &mut Connection, sent: i64) -> Result<i32, StoreError> {
    require_parent(conn, "geologic_formation_id", "GeologicFormation", sent, formation_exists)
}

/// Stores a screen of a water well.
pub fn create(conn: &mut Connection, body: Parsed<CreateWellScreen>, actor: &Actor) -> Result<WellScreen, StoreError> {
    let new = vocabulary::settle(conn, body)?;
    let thing_id = require_parent(conn, "thing_id", thing::MODEL, new.thing_id, thing::exists)?;
    let kind = thing::kind(conn, thing_id)?;
    if kind != WATER_WELL {
        return Err(StoreError::conflict("thing_id", thing::wrong_kind(thing_id, WATER_WELL, &kind), new.thing_id));
    }
    let system = new.aquifer_system_id.map(|sent| require_system(conn, sent)).transpose()?;
    let formation = new.geologic_formation_id.map(|sent| require_formation(conn, sent)).transpose()?;
    let row = (
        well_screen::thing_id.eq(thing_id),
        well_screen::aquifer_system_id.eq(system),
        well_screen::geologic_formation_id.eq(formation),
        well_screen::screen_depth_top.eq(new.screen_depth_top),
        well_screen::screen_depth_bottom.eq(new.screen_depth_bottom),
        well_screen::screen_type.eq(&new.screen_type),
        well_screen::screen_description.eq(&new.screen_description),
        well_screen::release_status.eq(&new.release_status),
        well_screen::created_by_id.eq(&actor.id),
        well_screen::created_by_name.eq(&actor.name),
    );
    let id = diesel::insert_into(well_screen::table).values(row).returning(well_screen::id).get_result(conn)?;
    get(conn, id)
}

#[derive(AsChangeset)]
#[diesel(table_name = well_screen)]
struct ScreenChange {
    release_status: Option<Option<String>>,
    aquifer_system_id: Option<Option<i32>>,
    geologic_formation_id: Option<Option<i32>>,
    screen_depth_top: Option<Option<f64>>,
    screen_depth_bottom: Option<Option<f64>>,
    screen_type: Option<Option<String>>,
    screen_description: Option<Option<String>>,
    updated_by_id: Option<String>,
    updated_by_name: Option<String>,
}

/// Changes what was sent.
pub fn update(
    conn: &mut Connection,
    id: i32,
    body: Parsed<UpdateWellScreen>,
    actor: &Actor,
) -> Result<WellScreen, StoreError> {
    if !exists(conn, id)? {
        return Err(StoreError::not_found(MODEL, id));
    }
    let patch = vocabulary::settle(conn, body)?;
    let change = ScreenChange {
        release_status: patch.release_status.into_change(),
        aquifer_system_id: parent(&patch.aquifer_system_id, |sent| require_system(conn, sent))?,
        geologic_formation_id: parent(&patch.geologic_formation_id, |sent| require_formation(conn, sent))?,
        screen_depth_top: patch.screen_depth_top.into_change(),
        screen_depth_bottom: patch.screen_depth_bottom.into_change(),
        screen_type: screen_type(conn, patch.screen_type)?,
        screen_description: patch.screen_description.into_change(),
        updated_by_id: actor.id.clone(),
        updated_by_name: actor.name.clone(),
    };
    diesel::update(well_screen::table.find(id)).set(change).execute(conn).optional_empty_changeset()?;
    get(conn, id)
}

#[expect(clippy::option_option, reason = "Diesel's own form: outer = write, inner = nullable value")]
fn parent(
    sent: &Patch<i64>,
    require: impl FnOnce(i64) -> Result<i32, StoreError>,
) -> Result<Option<Option<i32>>, StoreError> {
    Ok(match sent {
        Patch::Absent => None,
        Patch::Null => Some(None),
        Patch::Value(sent) => Some(Some(require(*sent)?)),
    })
}

/// The reference leaves an unknown type in a change to its database, whose answer is a conflict that lists the types.
#[expect(clippy::option_option, reason = "Diesel's own form: outer = write, inner = nullable value")]
fn screen_type(conn: &mut Connection, sent: Patch<String>) -> Result<Option<Option<String>>, StoreError> {
    if let Patch::Value(sent) = &sent {
        let types = vocabulary::terms_of(conn, SCREEN_TYPE)?;
        if !types.contains(sent) {
            let message = format!("{sent} is an invalid screen type. Valid types are: {}.", types.join(" | "));
            return Err(StoreError::conflict(SCREEN_TYPE, message, sent.as_str()));
        }
    }
    Ok(sent.into_change())
}

/// Removes a screen.
pub fn delete(conn: &mut Connection, id: i32) -> Result<(), StoreError> {
    match diesel::delete(well_screen::table.find(id)).execute(conn)? {
        0 => Err(StoreError::not_found(MODEL, id)),
        _ => Ok(()),
    }
}
