//! Large imports: many rows in one transaction, found again by their natural keys, so that a repeated or resumed import
//! adds only what is missing. The rows are those of the resources.

mod cover;
pub mod hydrogeology;
pub mod measurement;
pub mod series;
pub mod site;
pub mod staff;
pub mod water_level;

use crate::db::prelude::*;
use crate::db::schema::parameter;
use crate::db::{Read, Session, WriteSession, new_ids, rows, transaction_lock};
// What is imported comes from public sources.
use crate::domain::PUBLIC;
use crate::store::StoreError;
use crate::store::query::check::Table;

/// Imports into one database take turns, chunk by chunk (any constant would do): between looking for a key and
/// storing it nobody else may store it.
const LOCK: i64 = 0x0c07_1035;

/// Begins a chunk. To be called first in its transaction.
pub fn begin_chunk(session: &mut WriteSession<'_>) -> QueryResult<()> {
    transaction_lock(session, LOCK)
}

/// Ids for so many rows of a table, if any.
fn ids(table: Table, count: usize) -> impl Read<Output = Vec<i32>> {
    (count > 0).then(|| rows::<i32, _>(new_ids(table.name, count))).giving(Option::unwrap_or_default)
}

/// A parameter of groundwater, by its name.
pub fn parameter(session: &mut Session<'_>, name: &str) -> Result<i32, StoreError> {
    let id = parameter::table
        .filter(parameter::parameter_name.eq(name))
        .filter(parameter::matrix.eq("groundwater"))
        .select(parameter::id)
        .first(session)
        .optional()?;
    let missing = || format!("the parameter '{name}' of groundwater is missing: run `ocotillo seed`");
    id.ok_or_else(|| StoreError::Missing(missing()))
}
