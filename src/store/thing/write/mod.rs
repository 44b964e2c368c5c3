//! Storing, changing and removing things with the rows that belong to them.

mod create;
mod terms;
mod update;

pub use create::{NewPlace, NewThing, create_spring, create_well};
pub use update::{update_spring, update_well};

use crate::db::WriteSession;
use crate::db::prelude::*;
use crate::db::schema::thing;
use crate::store::query::check::lock_row;
use crate::store::thing::TABLE;
use crate::store::thing::history::status;
use crate::store::{StoreError, note};

/// Removes a thing. Most rows that belong to it are removed by the foreign keys; notes and statuses have none.
/// Permissions and provenance stay, as a record.
pub fn delete(session: &mut WriteSession<'_>, id: i32) -> Result<(), StoreError> {
    lock_row(session, TABLE, id)?;
    // The thing first: whoever is adding to it is waited for here, and what he added is removed below.
    diesel::delete(thing::table.find(id)).execute(session)?;
    note::clear(session, TABLE.name, id)?;
    status::clear(session, id)?;
    Ok(())
}
