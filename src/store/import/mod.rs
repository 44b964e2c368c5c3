//! Large imports: many rows in one transaction, found again by their natural keys, so that a repeated or resumed import adds
//! only what is missing.

mod cover;
pub mod level;
pub mod series;
pub mod site;

use diesel::prelude::*;

use crate::db::schema::parameter;
use crate::db::{Connection, transaction_lock};

use super::StoreError;

/// Release status of what is imported from public sources.
const PUBLIC: &str = "public";

/// Unit of water levels.
const FEET: &str = "ft";

/// Imports into one database take turns, chunk by chunk (any constant would do): between looking for a key and
/// storing it nobody else may store it.
const LOCK: i64 = 0x0c07_1035;

/// Begins a chunk. To be called first in its transaction.
pub fn begin_chunk(conn: &mut Connection) -> QueryResult<()> {
    transaction_lock(conn, LOCK)
}

/// The parameter of water levels.
pub fn groundwater_level(conn: &mut Connection) -> Result<i32, StoreError> {
    let id = parameter::table
        .filter(parameter::parameter_name.eq("groundwater level"))
        .filter(parameter::matrix.eq("groundwater"))
        .select(parameter::id)
        .first(conn)
        .optional()?;
    id.ok_or_else(|| {
        StoreError::Missing(
            "the parameter 'groundwater level' of groundwater is missing: run `ocotillo seed`".to_owned(),
        )
    })
}
