//! Storing, changing and removing things, with all that hangs on them.

mod create;
mod terms;
mod update;

pub use create::{create_spring, create_well};
pub use update::{update_spring, update_well};

use diesel::prelude::*;

use crate::db::Connection;
use crate::db::schema::thing;

use super::thing::{MODEL, TABLE};
use super::thing_history::status;
use super::{StoreError, note};

/// Removes a thing. Most of what hangs on it goes with it by the database's keys; its notes and statuses have none.
/// Permissions and provenance stay, as a record.
pub fn delete(conn: &mut Connection, id: i32) -> Result<(), StoreError> {
    if diesel::delete(thing::table.find(id)).execute(conn)? == 0 {
        return Err(StoreError::not_found(MODEL, id));
    }
    note::clear(conn, TABLE, id)?;
    status::clear(conn, id)?;
    Ok(())
}
