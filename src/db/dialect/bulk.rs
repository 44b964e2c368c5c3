//! Many rows at once: `COPY` on PostgreSQL, one prepared statement run over and over on SQLite. Constraints, triggers and
//! durability are those of any other insert.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::result::Error;
use diesel::sql_types::{BigInt, Text};

use super::Connection;

/// Declares a function that stores many rows of one table: `bulk_insert! { fn add_x(NewX<'_>) into x::table; }`.
///
/// The rows must send their nulls: `#[diesel(treat_none_as_default_value = false)]` keeps the list of columns the same for every
/// row, without which there is neither a `COPY` nor a prepared statement.
#[macro_export]
#[doc(hidden)]
macro_rules! bulk_insert {
    ($($(#[$meta:meta])* $visibility:vis fn $name:ident($row:ty) into $table:path;)*) => {$(
        $(#[$meta])*
        $visibility fn $name(conn: &mut $crate::db::Connection, rows: &[$row]) -> diesel::QueryResult<()> {
            if rows.is_empty() {
                return Ok(());
            }
            $crate::db::with_native(
                conn,
                |postgres| diesel::ExecuteCopyFromDsl::execute(diesel::copy_from($table).from_insertable(rows), postgres).map(drop),
                |sqlite| {
                    rows.iter().try_for_each(|row| {
                        diesel::RunQueryDsl::execute(diesel::insert_into($table).values(row), sqlite).map(drop)
                    })
                },
            )
        }
    )*};
}

/// Makes a connection modest for a long run of writes: the file is read through the page cache and not mapped, or the process
/// would seem to grow with the database. Outside of transactions only.
pub fn stay_small(conn: &mut Connection) -> QueryResult<()> {
    match conn {
        Connection::Sqlite(inner) => inner.batch_execute("PRAGMA mmap_size = 0"),
        Connection::Postgres(_) => Ok(()),
    }
}

/// Sets ids of a table aside that nobody else will be given, so that rows can refer to each other before any is stored.
/// Ascending; on a busy PostgreSQL not without gaps. On SQLite the ids are free as long as the write transaction lasts.
pub fn reserve_ids(conn: &mut Connection, table: &str, count: usize) -> QueryResult<Vec<i32>> {
    if count == 0 {
        return Ok(Vec::new());
    }
    let count = i64::try_from(count).map_err(too_many)?;
    match conn {
        Connection::Postgres(inner) => {
            // The inner select is evaluated once, and not for every id.
            let rows: Vec<Id> = diesel::sql_query(
                "SELECT nextval(s.name) AS id \
                 FROM (SELECT pg_get_serial_sequence($1, 'id')::regclass AS name OFFSET 0) s, generate_series(1, $2)",
            )
            .bind::<Text, _>(table)
            .bind::<BigInt, _>(count)
            .load(inner)?;
            rows.into_iter().map(|row| i32::try_from(row.id).map_err(too_many)).collect()
        }
        Connection::Sqlite(inner) => {
            let last: Id =
                diesel::sql_query("SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = $1), 0) AS id")
                    .bind::<Text, _>(table)
                    .get_result(inner)?;
            let first = i32::try_from(last.id + 1).map_err(too_many)?;
            let end = i32::try_from(last.id + count).map_err(too_many)?;
            Ok((first..=end).collect())
        }
    }
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

fn too_many(error: std::num::TryFromIntError) -> Error {
    Error::SerializationError(Box::new(error))
}
