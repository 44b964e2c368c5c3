//! Things: one table, several shapes.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::db::Connection;
use crate::db::schema::thing;
use crate::domain::problem::Problem;
use crate::domain::thing::{SPRING, Spring, Thing, WATER_WELL, Well};

use super::StoreError;

/// The resource's name in messages.
pub const MODEL: &str = "Thing";
/// The value of `target_table` in notes, statuses, permissions and provenance.
pub const TABLE: &str = "thing";

/// True when the row exists.
pub fn exists(conn: &mut Connection, id: i32) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(thing::table.find(id))).get_result(conn)
}

/// The `thing_type` of a thing that the path names.
pub fn kind(conn: &mut Connection, id: i32) -> Result<String, StoreError> {
    let kind = thing::table.find(id).select(thing::thing_type).first(conn).optional()?;
    kind.ok_or_else(|| StoreError::not_found(MODEL, id))
}

/// Checks that a thing that the path names exists and is of the type `wanted`.
pub fn require_kind(conn: &mut Connection, id: i32, wanted: &str) -> Result<(), StoreError> {
    let kind = kind(conn, id)?;
    if kind == wanted {
        return Ok(());
    }
    let problem = Problem::conflict("path", "thing_id", wrong_kind(id, wanted, &kind), id);
    Err(StoreError::WrongKind(Box::new(problem)))
}

/// The sentence about a thing of another type than is needed.
pub fn wrong_kind(id: i32, wanted: &str, kind: &str) -> String {
    format!("Thing with ID {id} is not a {wanted} Thing. It is a {kind} Thing.")
}

/// Things as wells, by id. Ids without a row are left out.
pub fn wells(_conn: &mut Connection, _ids: &[i32]) -> Result<HashMap<i32, Well>, StoreError> {
    Ok(HashMap::new())
}

/// Things in the shape of all types, by id. Ids without a row are left out.
pub fn things(_conn: &mut Connection, _ids: &[i32]) -> Result<HashMap<i32, Thing>, StoreError> {
    Ok(HashMap::new())
}

/// One water well.
pub fn get_well(conn: &mut Connection, id: i32) -> Result<Well, StoreError> {
    require_kind(conn, id, WATER_WELL)?;
    wells(conn, &[id])?.remove(&id).ok_or_else(|| StoreError::not_found(MODEL, id))
}

/// One spring.
pub fn get_spring(conn: &mut Connection, id: i32) -> Result<Spring, StoreError> {
    require_kind(conn, id, SPRING)?;
    Err(StoreError::not_found(MODEL, id))
}

/// One thing of any type.
pub fn get_thing(conn: &mut Connection, id: i32) -> Result<Thing, StoreError> {
    things(conn, &[id])?.remove(&id).ok_or_else(|| StoreError::not_found(MODEL, id))
}
