//! What changes over a thing's time: statuses, measuring points, monitoring frequencies. Rows are appended and
//! corrected one by one; what holds now is for the reader to tell.

pub mod frequency;
pub mod measuring_point;
pub mod status;

use chrono::NaiveDate;

use crate::db::prelude::*;
use crate::domain::request::form::Patch;
use crate::domain::thing::history::period_problem;
use crate::store::StoreError;
use crate::store::thing::TABLE;

/// The type of a thing that was looked for by [`crate::store::thing::there`]; 404 when it is not there.
pub(in crate::store) fn require_thing(id: i32, kind: Option<String>) -> Result<String, StoreError> {
    kind.ok_or_else(|| StoreError::not_found(TABLE.model, id))
}

/// Refuses a change that would let a row end before it starts. A change of other fields is not held back by old dates,
/// which are not even read for it.
pub(in crate::store) fn require_period(
    start: Option<NaiveDate>,
    end: &Patch<NaiveDate>,
    before: impl FnOnce() -> QueryResult<(NaiveDate, Option<NaiveDate>)>,
) -> Result<(), StoreError> {
    if start.is_none() && !end.is_sent() {
        return Ok(());
    }
    let (old_start, old_end) = before()?;
    let end = match end {
        Patch::Absent => old_end,
        Patch::Null => None,
        Patch::Value(end) => Some(*end),
    };
    period_problem(start.unwrap_or(old_start), end).map_or(Ok(()), |problem| Err(StoreError::invalid(problem)))
}
