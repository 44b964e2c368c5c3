//! Cutting a range of time into equal slices.

use diesel::QueryResult;
use diesel::query_builder::{AstPass, QueryFragment};

use crate::db::dialect::Backend;
use crate::db::dialect::connection::MultiBackend;

/// See [`slices`].
#[derive(Clone, Copy, Debug)]
pub struct Slices {
    count: u32,
}

/// The columns `since` (inclusive) and `until` (exclusive) of the slice with a `number` from 0, one of `count` that the time
/// from `earliest` to `latest` is cut into. The last one has no end. All of these names are columns of the query around it.
pub fn slices(count: u32) -> Slices {
    Slices { count }
}

impl QueryFragment<Backend> for Slices {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        let Self { count } = self;
        let postgres = matches!(out.backend(), MultiBackend::Postgres(_));
        // Any cut does, so long as the end of a slice is the very beginning of the next. SQLite compares times as texts, and
        // a colon comes after all digits.
        let cut = |number: &str| {
            if postgres {
                format!("earliest + (latest - earliest) * ({number} / {count}.0)")
            } else {
                let day =
                    format!("julianday(earliest) + (julianday(latest) - julianday(earliest)) * {number} / {count}.0");
                format!("strftime('%Y-%m-%d %H:%M:%f', {day})")
            }
        };
        let never = if postgres { "CAST('infinity' AS timestamptz)" } else { "':'" };
        let (since, until) = (cut("number"), cut("(number + 1)"));
        out.push_sql(&format!(
            "CASE WHEN number = 0 THEN earliest ELSE {since} END AS since, \
             CASE WHEN number + 1 = {count} THEN {never} ELSE {until} END AS until"
        ));
        Ok(())
    }
}
