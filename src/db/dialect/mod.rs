//! What differs between the two databases. The only place that matches on the backend.

mod also_run;
mod bulk;
mod connection;
mod constant;
mod degrees;
mod errors;
mod file_writer;
pub(in crate::db) mod history;
mod index_hint;
mod interrupt;
mod keys;
pub mod maintenance;
mod outdated;
mod postgres;
mod reach;
mod search;
mod slice;
mod sort_key;
mod space;
mod sqlite;
mod target;
mod terms;
mod trouble;
mod url;
mod written;

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::{ConnectionResult, PgConnection, QueryResult, RunQueryDsl, SqliteConnection};

pub use also_run::AlsoRun;
pub(in crate::db) use bulk::insert;
pub use bulk::{InsertRows, Lock, locked, new_ids, stay_small};
pub use connection::AnyConnection;
pub use constant::{NotKept, constant, raw};
pub use degrees::rounded;
pub use errors::{Violation, ViolationKind, classify};
pub(in crate::db) use errors::{is_cancelled, is_closed, is_collision};
pub(in crate::db) use file_writer::FileWriter;
pub(in crate::db) use history::Actor;
pub use index_hint::unindexed;
pub(in crate::db) use interrupt::{Watched, statement_begins};
pub use keys::{Ids, Numbers, SharedIds, among, in_list, one_of, one_of_texts, selected};
pub use outdated::outdated;
pub use postgres::{ConnectionBudget, connection_budget};
pub use reach::{NoConnection, explained};
pub(in crate::db) use reach::{connect, first};
pub use search::{full_text, similar};
pub use slice::slices;
pub use sort_key::{Moment, TextOf, moment, text_of};
pub use space::located;
pub use target::{Target, TargetError};
pub use terms::{SearchTerms, holding};
pub(in crate::db) use trouble::{Doing, is_recovery_conflict, trouble};
pub use url::PostgresUrl;
pub(in crate::db) use written::{Written, written};

/// A connection to either database. It exists only inside the closures that
/// [`crate::db::Executor`] runs; nothing above the `db` floor can open one.
pub type Connection = AnyConnection;

/// The backend of [`Connection`], for the types of boxed queries.
pub type Backend = connection::MultiBackend;

/// What a connection will be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Reads only; the database itself refuses writes.
    Read,
    /// Reads and writes.
    Write,
}

/// Opens a connection and sets it up for the service: UTC, time-outs, pragmas, SQL functions.
fn open(target: &Target, access: Access, limits: &SessionLimits) -> ConnectionResult<Connection> {
    match target {
        Target::Postgres(url) => postgres::open(url, access, limits).map(Connection::Postgres),
        Target::Sqlite(path) => sqlite::open(path, access, limits).map(Connection::Sqlite),
    }
}

/// The time limits that every connection carries.
#[derive(Clone, Copy, Debug)]
pub struct SessionLimits {
    /// Longest run of one statement.
    pub statement_timeout: std::time::Duration,
    /// Longest wait to establish a connection or for another process' lock.
    pub connect_timeout: std::time::Duration,
}

/// Runs `job` in a transaction that holds the write lock from its start.
///
/// SQLite: `BEGIN IMMEDIATE`, because a deferred transaction that reads first and writes later is refused
/// with `SQLITE_BUSY` as soon as another one wrote in between, and no time-out helps.
///
/// What is changed is kept with its author, unless nobody is named (by migrations).
pub(in crate::db) fn write_transaction<T, E>(
    conn: &mut Connection,
    writer: &FileWriter,
    actor: Option<Actor<'_>>,
    job: impl FnOnce(&mut Connection) -> Result<T, E>,
) -> Result<T, E>
where
    E: From<diesel::result::Error>,
{
    let turn = writer.turn();
    match conn {
        Connection::Postgres(inner) => {
            let begun = AnsiTransactionManager::begin_transaction_sql(inner, &history::begin_on_postgres(actor));
            if let Err(error) = begun {
                // It may have begun, and ended with what follows BEGIN; a connection that cannot do this is broken.
                if let Err(rollback) = inner.batch_execute("ROLLBACK") {
                    log::debug!("nothing to roll back: {rollback}");
                }
                return Err(error.into());
            }
        }
        Connection::Sqlite(inner) => AnsiTransactionManager::begin_transaction_sql(inner, "BEGIN IMMEDIATE")?,
    }
    drop(turn);
    finish_transaction(conn, |conn| {
        history::enter(conn, actor)?;
        let done = job(conn)?;
        history::leave(conn, actor)?;
        Ok(done)
    })
}

/// Begins a transaction in which all statements see one snapshot.
pub(in crate::db) fn begin_snapshot(conn: &mut Connection) -> QueryResult<()> {
    match conn {
        Connection::Postgres(inner) => {
            AnsiTransactionManager::begin_transaction_sql(inner, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        }
        Connection::Sqlite(inner) => AnsiTransactionManager::begin_transaction_sql(inner, "BEGIN"),
    }
}

/// Ends a transaction that only read.
pub(in crate::db) fn end_snapshot(conn: &mut Connection) -> QueryResult<()> {
    Connection::commit_transaction(conn)
}

/// True where several queries can travel as one statement, false where each is a function call away.
pub(in crate::db) fn reads_together(conn: &Connection) -> bool {
    matches!(conn, Connection::Postgres(_))
}

fn finish_transaction<T, E>(conn: &mut Connection, job: impl FnOnce(&mut Connection) -> Result<T, E>) -> Result<T, E>
where
    E: From<diesel::result::Error>,
{
    match job(conn) {
        Ok(value) => {
            Connection::commit_transaction(conn)?;
            Ok(value)
        }
        Err(error) => {
            // The caller needs the first error; a connection whose rollback fails is found broken by the pool.
            if let Err(rollback) = Connection::rollback_transaction(conn) {
                log::warn!("rollback failed: {rollback}");
            }
            Err(error)
        }
    }
}

/// The server's process behind a connection; `None` on SQLite.
pub(in crate::db) fn server_process(conn: &mut Connection) -> QueryResult<Option<i32>> {
    match conn {
        Connection::Postgres(inner) => diesel::select(postgres::pg_backend_pid()).get_result(inner).map(Some),
        Connection::Sqlite(_) => Ok(None),
    }
}

/// Cancels the statement that a process of the same server and user is running, if any.
pub(in crate::db) fn cancel(conn: &mut Connection, process: i32) -> QueryResult<()> {
    match conn {
        Connection::Postgres(inner) => {
            diesel::select(postgres::pg_cancel_backend(process)).get_result::<bool>(inner).map(|_sent| ())
        }
        Connection::Sqlite(_) => Ok(()),
    }
}

/// Asks the database for a sign of life.
pub(in crate::db) fn ping(conn: &mut Connection) -> QueryResult<()> {
    conn.batch_execute("SELECT 1")
}

/// Serialises the callers that take the same `key` until the transaction ends. SQLite has one writer, so there
/// is nothing to do.
pub(in crate::db) fn transaction_locks(conn: &mut Connection, keys: &[i64]) -> QueryResult<()> {
    match conn {
        Connection::Postgres(inner) => {
            // Taken in the order in which they are asked for.
            diesel::sql_query("SELECT pg_advisory_xact_lock(key) FROM unnest($1) AS keys (key)")
                .bind::<diesel::sql_types::Array<diesel::sql_types::BigInt>, _>(keys)
                .execute(inner)?;
        }
        Connection::Sqlite(_) => {}
    }
    Ok(())
}

/// Runs one of two jobs with the native connection: for migrations and for `insertable!`, nothing else.
pub(crate) fn with_native<T>(
    conn: &mut Connection,
    postgres: impl FnOnce(&mut PgConnection) -> T,
    sqlite: impl FnOnce(&mut SqliteConnection) -> T,
) -> T {
    match conn {
        Connection::Postgres(inner) => postgres(inner),
        Connection::Sqlite(inner) => sqlite(inner),
    }
}

#[derive(diesel::QueryableByName)]
struct Setting {
    #[diesel(sql_type = diesel::sql_types::Text)]
    value: String,
}

/// Runs `job` while no other process migrates the same database.
pub(in crate::db) fn migration_lock<T, E>(
    conn: &mut Connection,
    key: i64,
    job: impl FnOnce(&mut Connection) -> Result<T, E>,
) -> Result<T, E>
where
    E: From<diesel::result::Error>,
{
    match conn {
        Connection::Postgres(inner) => {
            // Migrations may take longer than any request, and so may waiting for another instance's.
            let limit: Setting =
                diesel::sql_query("SELECT current_setting('statement_timeout') AS value").get_result(inner)?;
            inner.batch_execute("SET statement_timeout = 0")?;
            diesel::sql_query(format!("SELECT pg_advisory_lock({key})")).execute(inner)?;
            let result = job(conn);
            if let Connection::Postgres(inner) = conn {
                // The connection goes back to the pool: neither the lock nor the missing limit may outlive this call.
                diesel::sql_query(format!("SELECT pg_advisory_unlock({key})")).execute(inner)?;
                diesel::sql_query("SELECT set_config('statement_timeout', $1, false)")
                    .bind::<diesel::sql_types::Text, _>(limit.value)
                    .execute(inner)?;
            }
            result
        }
        // What is pending must be read under the lock too; each migration becomes a savepoint in this transaction.
        Connection::Sqlite(_) => write_transaction(conn, &FileWriter::none(), None, job),
    }
}

/// Lets the planner count the rows anew: after an import it would go by tables that were empty.
pub fn analyze(conn: &mut Connection) -> QueryResult<()> {
    match conn {
        Connection::Postgres(inner) => inner.batch_execute("ANALYZE"),
        Connection::Sqlite(inner) => sqlite::analyze(inner),
    }
}
