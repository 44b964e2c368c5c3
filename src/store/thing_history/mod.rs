//! What changes over a thing's time: statuses, measuring points, monitoring frequencies. Rows are appended and corrected one
//! by one; what holds now is for the reader to tell.

pub mod frequency;
pub mod measuring_point;
pub mod status;

use chrono::NaiveDate;

use crate::db::Connection;
use crate::domain::form::Patch;
use crate::domain::thing_history::period_problem;

use super::{StoreError, thing};

/// 404 for a thing that is not there.
pub(super) fn require_thing(conn: &mut Connection, id: i32) -> Result<(), StoreError> {
    if thing::exists(conn, id)? { Ok(()) } else { Err(StoreError::not_found(thing::MODEL, id)) }
}

/// Refuses a change that would let a row end before it starts. A change of other fields is not held back by old dates.
fn require_period(
    before: (NaiveDate, Option<NaiveDate>),
    start: Option<NaiveDate>,
    end: &Patch<NaiveDate>,
) -> Result<(), StoreError> {
    if start.is_none() && !end.is_sent() {
        return Ok(());
    }
    let end = match end {
        Patch::Absent => before.1,
        Patch::Null => None,
        Patch::Value(end) => Some(*end),
    };
    period_problem(start.unwrap_or(before.0), end).map_or(Ok(()), |problem| Err(StoreError::invalid(problem)))
}
