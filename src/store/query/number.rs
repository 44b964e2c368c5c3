//! Ids for rows that are stored along with others. (Those of the rows that forms are about come with their check.)

use crate::db::{Read, new_ids, rows};
use crate::store::query::check::Table;

/// Ids for so many rows of a table, if any.
pub fn ids(table: Table, count: usize) -> Option<impl Read<Output = Vec<i32>>> {
    (count > 0).then(|| rows::<i32, _>(new_ids(table.name, count)))
}

/// Gives the rows their ids.
pub fn number<T>(rows: &mut [T], ids: Option<Vec<i32>>, own: impl Fn(&mut T) -> &mut i32) {
    for (row, id) in rows.iter_mut().zip(ids.unwrap_or_default()) {
        *own(row) = id;
    }
}
