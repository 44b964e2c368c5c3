//! Things: one table, several shapes. A page is the rows, their total, and six queries for all that hangs on them
//! ([`children`], [`small`]; seven when any is in a group), put together in memory ([`assemble`]).

mod assemble;
mod children;
mod derived;
mod list;
mod rows;
mod search;
mod small;

use std::collections::HashMap;

use diesel::prelude::*;

use crate::db::schema::thing;
use crate::db::{Connection, one_of};
use crate::domain::problem::Problem;
use crate::domain::thing::{SPRING, Spring, Thing, WATER_WELL, Well};

use self::rows::ThingRow;
use super::StoreError;

pub use list::{springs as list_springs, things as list_things, wells as list_wells};

/// The resource's name in messages.
pub const MODEL: &str = "Thing";
/// The value of `target_table` in notes, statuses, permissions and provenance.
pub const TABLE: &str = "thing";

/// Status type of `monitoring_status`.
pub const MONITORING_STATUS: &str = "Monitoring Status";
/// Status type of `well_status`.
pub const WELL_STATUS: &str = "Well Status";
/// Status type of `open_status`.
pub const OPEN_STATUS: &str = "Open Status";
/// Status type of `datalogger_suitability_status`.
pub const DATALOGGER_STATUS: &str = "Datalogger Suitability Status";
/// The [`OPEN_STATUS`] that is true in `open_status`.
pub const OPEN: &str = "Open";
/// The [`OPEN_STATUS`] that is false in `open_status`.
pub const CLOSED: &str = "Closed";

/// True when the row exists.
pub fn exists(conn: &mut Connection, id: i32) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(thing::table.find(id))).get_result(conn)
}

/// True when there is a thing at all.
pub fn any(conn: &mut Connection) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(thing::table.select(thing::id))).get_result(conn)
}

/// The `thing_type` of a thing that the path names.
pub fn kind(conn: &mut Connection, id: i32) -> Result<String, StoreError> {
    let kind = thing::table.find(id).select(thing::thing_type).first(conn).optional()?;
    kind.ok_or_else(|| StoreError::not_found(MODEL, id))
}

/// Checks that a thing that the path names exists and is of the type `wanted`.
pub fn require_kind(conn: &mut Connection, id: i32, wanted: &str) -> Result<(), StoreError> {
    let kind = kind(conn, id)?;
    expect_kind(id, wanted, &kind)
}

fn expect_kind(id: i32, wanted: &str, kind: &str) -> Result<(), StoreError> {
    if kind == wanted {
        return Ok(());
    }
    let problem = Problem::conflict("path", "thing_id", wrong_kind(id, wanted, kind), id);
    Err(StoreError::WrongKind(Box::new(problem)))
}

/// The sentence about a thing of another type than is needed.
pub fn wrong_kind(id: i32, wanted: &str, kind: &str) -> String {
    format!("Thing with ID {id} is not a {wanted} Thing. It is a {kind} Thing.")
}

/// Things as wells, by id. Ids without a row are left out.
pub fn wells(conn: &mut Connection, ids: &[i32]) -> Result<HashMap<i32, Well>, StoreError> {
    let rows = rows(conn, ids)?;
    Ok(assemble::wells(conn, rows)?.into_iter().map(|well| (well.base.id, well)).collect())
}

/// Things in the shape of all types, by id. Ids without a row are left out.
pub fn things(conn: &mut Connection, ids: &[i32]) -> Result<HashMap<i32, Thing>, StoreError> {
    let rows = rows(conn, ids)?;
    Ok(assemble::things(conn, rows)?.into_iter().map(|thing| (thing.base.id, thing)).collect())
}

fn rows(conn: &mut Connection, ids: &[i32]) -> QueryResult<Vec<ThingRow>> {
    thing::table.filter(one_of(thing::id, ids)).select(ThingRow::as_select()).load(conn)
}

/// One water well.
pub fn get_well(conn: &mut Connection, id: i32) -> Result<Well, StoreError> {
    one(conn, id, Some(WATER_WELL), assemble::wells)
}

/// One spring.
pub fn get_spring(conn: &mut Connection, id: i32) -> Result<Spring, StoreError> {
    one(conn, id, Some(SPRING), assemble::springs)
}

/// One thing of any type.
pub fn get_thing(conn: &mut Connection, id: i32) -> Result<Thing, StoreError> {
    one(conn, id, None, assemble::things)
}

fn one<T>(
    conn: &mut Connection,
    id: i32,
    wanted: Option<&str>,
    assemble: fn(&mut Connection, Vec<ThingRow>) -> Result<Vec<T>, StoreError>,
) -> Result<T, StoreError> {
    let missing = || StoreError::not_found(MODEL, id);
    let row: ThingRow =
        thing::table.find(id).select(ThingRow::as_select()).first(conn).optional()?.ok_or_else(missing)?;
    if let Some(wanted) = wanted {
        expect_kind(id, wanted, &row.thing_type)?;
    }
    assemble(conn, vec![row])?.pop().ok_or_else(missing)
}
