//! Storing rows: all rows of all tables of a request as one statement on PostgreSQL, many of one table by `COPY`; on SQLite one
//! prepared statement run over and over. Constraints, triggers and durability are those of any other insert.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Integer, Text};

use super::connection::MultiBackend;
use super::{Backend, Connection};

/// From how many rows of one table on `COPY` is used: below, another way to the database costs more than the parsing.
const COPIED: usize = 200;

/// Rows of one table that can be stored. Declared by `insertable!`.
pub trait InsertRows {
    /// How many.
    fn count(&self) -> usize;
    /// `INSERT INTO ... VALUES ...` of all rows.
    fn statement(&self) -> Box<dyn QueryFragment<Pg> + '_>;
    /// All rows by `COPY`.
    fn copy(&self, conn: &mut PgConnection) -> QueryResult<()>;
    /// Each row by itself.
    fn one_by_one(&self, conn: &mut SqliteConnection) -> QueryResult<()>;
}

/// Declares rows as storable: `insertable!(NewNote => notes);`
///
/// The rows must send their nulls: `#[diesel(treat_none_as_default_value = false)]` keeps the list of columns the same for every
/// row, without which there is neither a `COPY` nor a statement of several rows.
#[macro_export]
#[doc(hidden)]
macro_rules! insertable {
    ($($row:ty => $table:ident),+ $(,)?) => {$(
        impl $crate::db::InsertRows for Vec<$row> {
            fn count(&self) -> usize {
                self.len()
            }

            fn statement(&self) -> Box<dyn diesel::query_builder::QueryFragment<diesel::pg::Pg> + '_> {
                Box::new(diesel::insert_into($table::table).values(self))
            }

            fn copy(&self, conn: &mut diesel::PgConnection) -> diesel::QueryResult<()> {
                let copied = diesel::copy_from($table::table).from_insertable(self);
                diesel::ExecuteCopyFromDsl::execute(copied, conn).map(drop)
            }

            fn one_by_one(&self, conn: &mut diesel::SqliteConnection) -> diesel::QueryResult<()> {
                self.iter().try_for_each(|row| {
                    diesel::RunQueryDsl::execute(diesel::insert_into($table::table).values(row), conn).map(drop)
                })
            }
        }
    )+};
}

/// Stores rows of several tables, parents before their children.
pub(in crate::db) fn insert(conn: &mut Connection, all: &[&dyn InsertRows]) -> QueryResult<()> {
    match conn {
        Connection::Sqlite(inner) => all.iter().try_for_each(|rows| rows.one_by_one(inner)),
        Connection::Postgres(inner) => {
            let mut few: Vec<&dyn InsertRows> = Vec::new();
            for rows in all.iter().filter(|rows| rows.count() > 0) {
                if rows.count() < COPIED {
                    few.push(*rows);
                    continue;
                }
                insert_together(inner, &few)?;
                few.clear();
                rows.copy(inner)?;
            }
            insert_together(inner, &few)
        }
    }
}

fn insert_together(conn: &mut PgConnection, all: &[&dyn InsertRows]) -> QueryResult<()> {
    if all.is_empty() {
        return Ok(());
    }
    let statements = all.iter().map(|rows| rows.statement()).collect();
    Together(statements).execute(conn).map(drop)
}

/// Several `INSERT` statements as one. Foreign keys between their rows are looked at when all are stored.
struct Together<'a>(Vec<Box<dyn QueryFragment<Pg> + 'a>>);

impl QueryFragment<Pg> for Together<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let Some((last, first)) = self.0.split_last() else {
            return Ok(());
        };
        for (at, statement) in first.iter().enumerate() {
            out.push_sql(if at == 0 { "WITH " } else { ", " });
            out.push_sql(&format!("rows_{at} AS ("));
            statement.walk_ast(out.reborrow())?;
            out.push_sql(")");
        }
        out.push_sql(" ");
        last.walk_ast(out)
    }
}

impl QueryId for Together<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl RunQueryDsl<PgConnection> for Together<'_> {}

/// Makes a connection modest for a long run of writes: the file is read through the page cache and not mapped, or the process
/// would seem to grow with the database. Outside of transactions only.
pub fn stay_small(conn: &mut Connection) -> QueryResult<()> {
    use diesel::connection::SimpleConnection as _;
    match conn {
        Connection::Sqlite(inner) => inner.batch_execute("PRAGMA mmap_size = 0"),
        Connection::Postgres(_) => Ok(()),
    }
}

/// See [`new_ids`].
#[derive(Clone, Copy, Debug)]
pub struct NewIds {
    table: &'static str,
    count: i64,
}

/// A query for ids of a table that nobody else will be given, ascending, so that rows can refer to each other before any is
/// stored. On a busy PostgreSQL not without gaps; on SQLite the ids are free as long as the write transaction lasts.
pub fn new_ids(table: &'static str, count: usize) -> NewIds {
    NewIds { table, count: i64::try_from(count).unwrap_or(i64::MAX) }
}

impl Query for NewIds {
    type SqlType = Integer;
}

impl QueryId for NewIds {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl RunQueryDsl<Connection> for NewIds {}

impl diesel::query_builder::SelectQuery for NewIds {
    type SqlType = Integer;
}

impl QueryFragment<Backend> for NewIds {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        if matches!(out.backend(), MultiBackend::Postgres(_)) {
            // The inner select is evaluated once, and not for every id.
            out.push_sql("SELECT nextval(s.name)::int4 AS id FROM (SELECT pg_get_serial_sequence('\"");
            out.push_sql(self.table);
            out.push_sql("\"', 'id')::regclass AS name OFFSET 0) s, generate_series(1, ");
            out.push_bind_param::<BigInt, _>(&self.count)?;
            out.push_sql(")");
            return Ok(());
        }
        out.push_sql("WITH RECURSIVE new(id, n) AS (SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = '");
        out.push_sql(self.table);
        out.push_sql("'), 0) + 1, 1 UNION ALL SELECT id + 1, n + 1 FROM new WHERE n < ");
        out.push_bind_param::<BigInt, _>(&self.count)?;
        out.push_sql(") SELECT id FROM new");
        Ok(())
    }
}

/// How a row is locked until the transaction ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lock {
    /// It must stay: a row is about to refer to it.
    Stay,
    /// Nobody else may change it or what belongs to it.
    Change,
}

/// See [`locked`].
#[derive(Clone, Debug)]
pub struct Locked {
    table: &'static str,
    ids: String,
    lock: Lock,
}

/// A query for those of the ids that have a row, which is locked until the transaction ends; in the order of the ids. SQLite has
/// one writer, so there is nothing to lock.
pub fn locked(table: &'static str, ids: &[i32], lock: Lock) -> Locked {
    let ids = ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    Locked { table, ids, lock }
}

impl Query for Locked {
    type SqlType = Integer;
}

impl QueryId for Locked {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl RunQueryDsl<Connection> for Locked {}

impl diesel::query_builder::SelectQuery for Locked {
    type SqlType = Integer;
}

impl QueryFragment<Backend> for Locked {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        let postgres = matches!(out.backend(), MultiBackend::Postgres(_));
        out.push_sql("SELECT id FROM ");
        out.push_identifier(self.table)?;
        out.push_sql(" WHERE id ");
        out.push_sql(if postgres { "= ANY(string_to_array(" } else { "IN (SELECT value FROM json_each('[' || " });
        out.push_bind_param::<Text, _>(&self.ids)?;
        out.push_sql(if postgres { ", ',')::int4[])" } else { " || ']'))" });
        out.push_sql(" ORDER BY id");
        if postgres {
            out.push_sql(match self.lock {
                Lock::Stay => " FOR KEY SHARE",
                Lock::Change => " FOR NO KEY UPDATE",
            });
        }
        Ok(())
    }
}
