//! SQLite: connections, pragmas and the SQL functions that PostgreSQL has by itself.

use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use super::{Access, SessionLimits};
use crate::db::functions;

/// Opens the file (creating it for a writer) with the service's pragmas and functions.
#[expect(clippy::disallowed_methods, reason = "the one place for SQLite")]
pub(super) fn open(path: &Path, access: Access, limits: &SessionLimits) -> ConnectionResult<SqliteConnection> {
    let path = path.to_str().ok_or_else(|| ConnectionError::BadConnection("the path is not UTF-8".to_owned()))?;
    let mut conn = SqliteConnection::establish(path)?;
    setup(&mut conn, access, limits).map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(conn)
}

fn setup(conn: &mut SqliteConnection, access: Access, limits: &SessionLimits) -> QueryResult<()> {
    // busy_timeout first: switching to WAL needs a lock that another opener may hold.
    conn.batch_execute(&format!("PRAGMA busy_timeout = {}", limits.connect_timeout.as_millis()))?;
    conn.batch_execute(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
         PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8192; PRAGMA mmap_size = 67108864",
    )?;
    functions::register(conn)?;
    if access == Access::Read {
        conn.batch_execute("PRAGMA query_only = ON")?;
    }
    Ok(())
}

/// Brings the write-ahead log into the file, so that the file alone is the whole database.
pub fn checkpoint(conn: &mut super::Connection) -> QueryResult<()> {
    match conn {
        super::Connection::Sqlite(inner) => inner.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)"),
        super::Connection::Postgres(_) => Ok(()),
    }
}
