//! The removal of rows that have served their time, a few at a time, beside other writes.

use diesel::pg::Pg;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Timestamp};
use diesel::sqlite::Sqlite;
use diesel::{PgConnection, QueryResult, RunQueryDsl, SqliteConnection};

use crate::domain::measure::time::UtcDateTime;

/// See [`outdated`].
#[derive(Clone, Debug)]
pub struct Outdated {
    table: &'static str,
    before: UtcDateTime,
    most: i64,
}

/// The `DELETE` of rows of a table that were stored before a moment, the oldest first and not more than `most`. On PostgreSQL it
/// leaves those out that another transaction is removing, so that nobody waits for it.
pub fn outdated(table: &'static str, before: UtcDateTime, most: i64) -> Outdated {
    Outdated { table, before, most }
}

/// What both databases have in common; `after` ends the choice of the rows.
macro_rules! delete {
    ($database:ty, $connection:ty, $after:literal) => {
        impl QueryFragment<$database> for Outdated {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, $database>) -> QueryResult<()> {
                out.push_sql("DELETE FROM ");
                out.push_identifier(self.table)?;
                out.push_sql(" WHERE id IN (SELECT id FROM ");
                out.push_identifier(self.table)?;
                out.push_sql(" WHERE created_at < ");
                out.push_bind_param::<Timestamp, _>(&self.before)?;
                out.push_sql(" ORDER BY created_at LIMIT ");
                out.push_bind_param::<BigInt, _>(&self.most)?;
                out.push_sql($after);
                Ok(())
            }
        }

        impl RunQueryDsl<$connection> for Outdated {}
    };
}

delete!(Pg, PgConnection, " FOR UPDATE SKIP LOCKED)");
delete!(Sqlite, SqliteConnection, ")");

impl QueryId for Outdated {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}
