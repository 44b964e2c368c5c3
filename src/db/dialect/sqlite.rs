//! SQLite: connections, pragmas and the SQL functions that PostgreSQL has by itself.

use std::path::Path;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use crate::db::dialect::{Access, SessionLimits, interrupt};
use crate::db::functions;

/// Opens the file (creating it for a writer) with the service's pragmas and functions.
#[expect(clippy::disallowed_methods, reason = "the one place for SQLite")]
pub(in crate::db) fn open(path: &Path, access: Access, limits: &SessionLimits) -> ConnectionResult<SqliteConnection> {
    keep_private(path);
    let path = path.to_str().ok_or_else(|| ConnectionError::BadConnection("the path is not UTF-8".to_owned()))?;
    interrupt::watch_new_connections();
    let mut conn = SqliteConnection::establish(path)?;
    setup(&mut conn, access, limits).map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(conn)
}

/// Opens an existing file for a look, without a setting that would change it.
#[expect(clippy::disallowed_methods, reason = "the one place for SQLite")]
pub(in crate::db::dialect) fn open_as_it_is(path: &Path) -> ConnectionResult<SqliteConnection> {
    let path = path.to_str().ok_or_else(|| ConnectionError::BadConnection("the path is not UTF-8".to_owned()))?;
    let mut conn = SqliteConnection::establish(path)?;
    conn.batch_execute("PRAGMA busy_timeout = 2000").map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(conn)
}

fn setup(conn: &mut SqliteConnection, access: Access, limits: &SessionLimits) -> QueryResult<()> {
    conn.batch_execute(&format!("PRAGMA busy_timeout = {}", limits.connect_timeout.as_millis()))?;
    write_ahead(conn, Instant::now() + limits.connect_timeout)?;
    conn.batch_execute(
        "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
         PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8192; PRAGMA mmap_size = 67108864",
    )?;
    functions::register(conn)?;
    match access {
        Access::Read => conn.batch_execute("PRAGMA query_only = ON"),
        // Waiting for another program's write counts as the statement's own time, as it does on PostgreSQL.
        Access::Write => conn.batch_execute(&format!("PRAGMA busy_timeout = {}", limits.statement_timeout.as_millis())),
    }
}

/// A new file is its owner's alone; SQLite gives its log the same permissions. An existing one is left as it is, and is not even
/// opened: closing it would drop the locks that SQLite holds on it in this process.
fn keep_private(path: &Path) {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    if let Err(error) = options.open(path)
        && error.kind() != std::io::ErrorKind::AlreadyExists
    {
        // SQLite says what it thinks of it.
        log::debug!("{} was not created: {error}", path.display());
    }
}

/// One table after the other: each takes the write lock for itself, and others may write in between.
pub(in crate::db::dialect) fn analyze(conn: &mut SqliteConnection) -> QueryResult<()> {
    #[derive(QueryableByName)]
    struct Table {
        #[diesel(sql_type = diesel::sql_types::Text)]
        name: String,
    }
    let tables: Vec<Table> = diesel::sql_query(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    )
    .load(conn)?;
    tables.iter().try_for_each(|table| conn.batch_execute(&format!("ANALYZE \"{}\"", table.name)))
}

/// Switches the file to a write-ahead log, which needs the file alone for a moment. Of two that open a new file at once one
/// may be refused without any waiting, whatever `busy_timeout` says (waiting could be a deadlock), so this tries again.
fn write_ahead(conn: &mut SqliteConnection, until: Instant) -> QueryResult<()> {
    loop {
        match conn.batch_execute("PRAGMA journal_mode = WAL") {
            Err(error) if error.to_string() == "database is locked" && Instant::now() < until => {
                std::thread::sleep(Duration::from_millis(5));
            }
            outcome => return outcome,
        }
    }
}
