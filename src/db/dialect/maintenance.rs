//! What is done to a whole SQLite file: copy it, check it, make it compact. By this program and not by the stock `sqlite3`, which
//! lacks the functions that some indexes are made of. PostgreSQL has its own tools for all of it.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use crate::db::dialect::{Connection, explained};
use crate::db::{JobError, Refusal};

/// Why it was not done.
#[derive(Debug, thiserror::Error)]
pub enum MaintenanceError {
    /// It is for SQLite alone.
    #[error("this is for SQLite; on PostgreSQL use {0}")]
    Postgres(&'static str),
    /// The copy would replace something.
    #[error("{0} exists already: name a new file")]
    Exists(PathBuf),
    /// The copy cannot be written.
    #[error("cannot write {path}: {cause}")]
    File {
        /// The copy.
        path: PathBuf,
        /// The operating system's reason.
        cause: std::io::Error,
    },
    /// The path cannot be handed to SQLite.
    #[error("the path of the copy is not UTF-8")]
    Path,
    /// The database did not do it.
    #[error("{}", explained(&.0.to_string()))]
    Database(#[from] diesel::result::Error),
    /// No connection.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

impl JobError for MaintenanceError {
    fn database_error(&self) -> Option<&diesel::result::Error> {
        match self {
            Self::Database(error) => Some(error),
            _ => None,
        }
    }
}

fn sqlite<'c>(conn: &'c mut Connection, instead: &'static str) -> Result<&'c mut SqliteConnection, MaintenanceError> {
    match conn {
        Connection::Sqlite(inner) => Ok(inner),
        Connection::Postgres(_) => Err(MaintenanceError::Postgres(instead)),
    }
}

/// Writes a consistent copy, compact and in one file, while others read and write. The copy has its name once it is complete
/// and on the disk. Returns its size.
pub fn backup(conn: &mut Connection, to: &Path) -> Result<u64, MaintenanceError> {
    let conn = sqlite(conn, "pg_dump --format=custom")?;
    if to.exists() {
        return Err(MaintenanceError::Exists(to.to_owned()));
    }
    let failed = |cause| MaintenanceError::File { path: to.to_owned(), cause };
    let directory = to.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(".".as_ref());
    // Its owner's alone, and removed if anything goes wrong.
    let unfinished = tempfile::Builder::new().prefix(".ocotillo-backup-").tempfile_in(directory).map_err(failed)?;
    let path = unfinished.path().to_str().ok_or(MaintenanceError::Path)?;
    diesel::sql_query("VACUUM INTO ?").bind::<Text, _>(path).execute(conn)?;
    unfinished.as_file().sync_all().map_err(failed)?;
    let size = unfinished.as_file().metadata().map_err(failed)?.len();
    unfinished.persist_noclobber(to).map_err(|error| failed(error.error))?;
    sync_directory(directory).map_err(failed)?;
    Ok(size)
}

/// The new name is only safe with its directory.
fn sync_directory(directory: &Path) -> std::io::Result<()> {
    if cfg!(unix) {
        File::open(directory)?.sync_all()
    } else {
        OpenOptions::new().read(true).open(directory).map(|_| ())
    }
}

/// Gives the room of removed rows back to the file system. Others read meanwhile, but do not write.
pub fn vacuum(conn: &mut Connection) -> Result<(), MaintenanceError> {
    let conn = sqlite(conn, "its own VACUUM, which runs by itself")?;
    Ok(conn.batch_execute("VACUUM; PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE)")?)
}

#[derive(QueryableByName)]
struct Finding {
    #[diesel(sql_type = Text)]
    integrity_check: String,
}

#[derive(QueryableByName)]
struct Orphan {
    #[diesel(sql_type = Text)]
    table: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    rowid: Option<i64>,
    #[diesel(sql_type = Text)]
    parent: String,
}

/// Reads every page, index and reference; returns what is wrong.
pub fn integrity(conn: &mut Connection) -> Result<Vec<String>, MaintenanceError> {
    let conn = sqlite(conn, "pg_amcheck")?;
    let findings: Vec<Finding> = diesel::sql_query("PRAGMA integrity_check").load(conn)?;
    let mut wrong: Vec<String> =
        findings.into_iter().map(|finding| finding.integrity_check).filter(|finding| finding != "ok").collect();
    let orphans: Vec<Orphan> = diesel::sql_query("PRAGMA foreign_key_check").load(conn)?;
    wrong.extend(orphans.into_iter().map(|orphan| {
        let row = orphan.rowid.map_or("a row".to_owned(), |id| format!("row {id}"));
        format!("{row} of {} refers to a row of {} that is not there", orphan.table, orphan.parent)
    }));
    Ok(wrong)
}
