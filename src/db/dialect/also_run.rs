//! Removals and changes that are sent with an insert, in its one statement on PostgreSQL.

use diesel::pg::Pg;
use diesel::query_builder::{QueryFragment, QueryId};
use diesel::query_dsl::methods::ExecuteDsl;
use diesel::sqlite::Sqlite;
use diesel::{PgConnection, QueryResult, SqliteConnection};

use super::bulk::InsertRows;

/// A `DELETE` or `UPDATE` among the rows of [`crate::db::WriteSession::insert`], or none. It concerns rows that were
/// there before the insert: on PostgreSQL no part of a statement sees what another part has done, on SQLite it must
/// stand before the rows.
pub struct AlsoRun<S>(pub Option<S>);

impl<S> InsertRows for AlsoRun<S>
where
    S: QueryFragment<Pg> + QueryFragment<Sqlite> + QueryId,
{
    fn count(&self) -> usize {
        usize::from(self.0.is_some())
    }

    fn statement(&self) -> Box<dyn QueryFragment<Pg> + '_> {
        Box::new(&self.0)
    }

    fn copy(&self, conn: &mut PgConnection) -> QueryResult<()> {
        self.0.as_ref().map_or(Ok(()), |statement| ExecuteDsl::execute(statement, conn).map(drop))
    }

    fn one_by_one(&self, conn: &mut SqliteConnection) -> QueryResult<()> {
        self.0.as_ref().map_or(Ok(()), |statement| ExecuteDsl::execute(statement, conn).map(drop))
    }
}
