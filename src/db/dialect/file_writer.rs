//! What a lane that writes to a SQLite file minds beside its statements: whose turn it is, and how long the log has grown.

use std::fs::{self, File, TryLockError};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use diesel::SqliteConnection;
use diesel::connection::SimpleConnection;

use crate::db::dialect::reach::log_of;
use crate::db::dialect::{Connection, SessionLimits, Target};

/// A longer log is brought into the file as soon as no reader needs it.
const LONG_LOG: u64 = 8 << 20;

/// Beyond this each write first waits for the readers, so the log stays about this size.
const TOO_LONG_LOG: u64 = 64 << 20;

/// How long the readers of the moment are waited for when the log is long, and when it is too long.
const PATIENCE: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(2));

/// Between two attempts while the log is only long.
const BETWEEN_ATTEMPTS: Duration = Duration::from_millis(500);

/// Between two looks whether it is one's turn.
const LOOK: Duration = Duration::from_millis(2);

/// The writer of a SQLite file; nothing on PostgreSQL.
pub struct FileWriter(Option<Embedded>);

struct Embedded {
    /// The directory of the file, which programs lock to take turns. A file of its own would lie about, and closing a second
    /// handle of the database would drop SQLite's own locks.
    directory: Option<File>,
    log: PathBuf,
    limits: SessionLimits,
    last_attempt: Mutex<Option<Instant>>,
}

/// It is one's turn, until dropped.
pub struct Turn<'a>(&'a File);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if let Err(error) = self.0.unlock() {
            log::warn!("the turn to write could not be given back: {error}");
        }
    }
}

impl FileWriter {
    pub(in crate::db) fn new(target: &Target, limits: SessionLimits) -> Self {
        let Target::Sqlite(path) = target else { return Self::none() };
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        let directory = File::open(parent.unwrap_or(".".as_ref()))
            .inspect_err(|error| log::debug!("programs that write to {} take no turns: {error}", path.display()))
            .ok();
        Self(Some(Embedded { directory, log: log_of(path), limits, last_attempt: Mutex::new(None) }))
    }

    pub(in crate::db) fn none() -> Self {
        Self(None)
    }

    /// Waits until no other program waits for the write lock. To be held while waiting for the lock, and no longer: SQLite
    /// gives it to whoever asks at the right moment, and an import that asks again at once would have it nearly always.
    pub(in crate::db) fn turn(&self) -> Option<Turn<'_>> {
        let Embedded { directory, limits, .. } = self.0.as_ref()?;
        let directory = directory.as_ref()?;
        let until = Instant::now() + limits.statement_timeout;
        loop {
            match directory.try_lock() {
                Ok(()) => return Some(Turn(directory)),
                Err(TryLockError::WouldBlock) if Instant::now() < until => std::thread::sleep(LOOK),
                // The lock itself decides then; some file systems know no other.
                Err(_) => return None,
            }
        }
    }

    /// Keeps the log short. To be called after a write, when nobody waits for the connection.
    pub(in crate::db) fn tidy(&self, conn: &mut Connection) {
        let (Some(embedded), Connection::Sqlite(conn)) = (&self.0, conn) else { return };
        let size = embedded.log_size();
        if size < LONG_LOG {
            return;
        }
        let mut last = embedded.last_attempt.lock().unwrap_or_else(PoisonError::into_inner);
        let too_long = size >= TOO_LONG_LOG;
        if !too_long && last.is_some_and(|last| last.elapsed() < BETWEEN_ATTEMPTS) {
            return;
        }
        let patience = if too_long { PATIENCE.1 } else { PATIENCE.0 };
        if let Err(error) = embedded.empty_log(conn, patience) {
            log::warn!("the write-ahead log could not be emptied: {error}");
        }
        *last = Some(Instant::now());
    }

    /// Brings all of the log into the file, at the end.
    pub(in crate::db) fn finish(&self, conn: &mut Connection) {
        let (Some(embedded), Connection::Sqlite(conn)) = (&self.0, conn) else { return };
        if let Err(error) = embedded.empty_log(conn, PATIENCE.1) {
            log::warn!("the write-ahead log could not be emptied: {error}");
        }
    }

    /// To be called when all connections are closed: tells when something is left in the log.
    pub(in crate::db) fn report(&self) {
        if let Some(embedded) = &self.0
            && embedded.log_size() > 0
        {
            log::warn!("{} is still in use and belongs to the database: copy both or none", embedded.log.display());
        }
    }
}

impl Embedded {
    fn log_size(&self) -> u64 {
        fs::metadata(&self.log).map_or(0, |log| log.len())
    }

    /// A checkpoint that waits for the readers of the moment. Those who begin while it runs read the file alone.
    fn empty_log(&self, conn: &mut SqliteConnection, patience: Duration) -> diesel::QueryResult<()> {
        conn.batch_execute(&format!(
            "PRAGMA busy_timeout = {}; PRAGMA wal_checkpoint(TRUNCATE); PRAGMA busy_timeout = {}",
            patience.as_millis(),
            self.limits.statement_timeout.as_millis(),
        ))
    }
}
