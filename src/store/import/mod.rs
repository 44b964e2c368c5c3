//! Large imports: many rows in one transaction, found again by their natural keys, so that a repeated or resumed import adds
//! only what is missing.

mod cover;
pub mod hydrogeology;
pub mod measurement;
pub mod series;
pub mod site;

use diesel::prelude::*;

use crate::db::schema::parameter;
use crate::db::{Connection, transaction_lock};

use super::StoreError;

/// Release status of what is imported from public sources.
const PUBLIC: &str = "public";

/// Imports into one database take turns, chunk by chunk (any constant would do): between looking for a key and
/// storing it nobody else may store it.
const LOCK: i64 = 0x0c07_1035;

/// Begins a chunk. To be called first in its transaction.
pub fn begin_chunk(conn: &mut Connection) -> QueryResult<()> {
    transaction_lock(conn, LOCK)
}

/// A parameter of groundwater, by its name.
pub fn parameter(conn: &mut Connection, name: &str) -> Result<i32, StoreError> {
    let id = parameter::table
        .filter(parameter::parameter_name.eq(name))
        .filter(parameter::matrix.eq("groundwater"))
        .select(parameter::id)
        .first(conn)
        .optional()?;
    let missing = || format!("the parameter '{name}' of groundwater is missing: run `ocotillo seed`");
    id.ok_or_else(|| StoreError::Missing(missing()))
}
