//! Rows that are named by `target_table` and `target_id`. No foreign key ties them to their records: what a body names is looked up
//! and locked like any other row that it names.

use serde_json::json;

use crate::domain::request::problem::Problem;
use crate::store::query::check::{Named, Table};
use crate::store::{StoreError, location, thing};

const FIELD: &str = "target_id";

fn table(name: &str) -> Option<Table> {
    [location::TABLE, thing::TABLE].into_iter().find(|table| table.name == name)
}

/// The row that a new record is about.
pub fn named(target_table: &str, target_id: i64) -> Option<Named> {
    table(target_table).map(|table| Named::new(table, FIELD, target_id))
}

/// The row that a changed record is about from now on.
pub fn patched(target_table: Option<&str>, target_id: Option<i64>) -> Option<Named> {
    named(target_table?, target_id?)
}

/// Refuses a change of one half of what a record is about: the other half would name another row than was meant.
pub fn require_whole(target_table: Option<&str>, target_id: Option<i64>) -> Result<(), StoreError> {
    let missing = match (target_table, target_id) {
        (Some(_), None) => FIELD,
        (None, Some(_)) => "target_table",
        _ => return Ok(()),
    };
    let sent = json!({ "target_table": target_table, FIELD: target_id });
    Err(StoreError::invalid(Problem::new("missing", vec!["body".into(), missing.into()], "Field required", sent)))
}
