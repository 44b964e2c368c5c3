//! The first connection to a database, and why there is none: one line with the cause and the remedy.

use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use crate::db::dialect::{Access, Connection, SessionLimits, Target, open, ping, sqlite};

/// Why there is no connection. One line: the cause, and what to do about it where that is known.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{}", explained(.cause))]
pub struct NoConnection {
    cause: String,
}

/// Texts of both databases and of libpq, and what to do about them. The first that fits counts.
const REMEDIES: [(&[&str], &str); 21] = [
    (&["password authentication failed"], "check user and password in database.url"),
    (&["no password supplied"], "put the password into database.url, PGPASSWORD or a password file"),
    (&["no pg_hba.conf entry"], "allow this user, database and address in the server's pg_hba.conf"),
    (&["role \"", "does not exist"], "check the user in database.url, or create the role"),
    (&["database \"", "does not exist"], "create the database, or check its name in database.url"),
    (&["could not translate host name"], "check the host in database.url"),
    (&["Connection refused"], "start PostgreSQL there, or check host and port in database.url"),
    (&["timeout expired"], "check host and port in database.url, and whether a firewall lets this machine through"),
    (&["too many clients"], "lower concurrency.pool_size, or raise max_connections of the server"),
    (&["remaining connection slots"], "lower concurrency.pool_size, or raise max_connections of the server"),
    (&["too many connections for"], "lower concurrency.pool_size, or raise the limit of the role or database"),
    (&["SSL"], "check sslmode in database.url; TLS needs a build with the feature postgres-tls"),
    (&["permission denied to create extension"], "let a superuser run CREATE EXTENSION postgis and pg_trgm here once"),
    (&["extension \"", "is not available"], "install PostGIS and the contrib extensions on the database server"),
    (&["could not open extension control file"], "install PostGIS and the contrib extensions on the database server"),
    (
        &["permission denied for"],
        "let the owner of the tables run `ocotillo migrate up` and `ocotillo seed`, grant this role what it needs, and start with \
         database.migrate_on_start = false",
    ),
    (&["must be owner of"], "let the owner of the tables run `ocotillo migrate up`"),
    (&["file is not a database"], "the file is not SQLite's, or is encrypted: name another one in database.url"),
    (&["readonly database"], "let this user write to the file and to its directory"),
    (&["unable to open database file"], "let this user read and write the file and its directory"),
    (&["database is locked"], "end the other program that writes to the file, or wait for it"),
];

/// A text of the database as one line, with the remedy where one is known.
pub fn explained(text: &str) -> String {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("unknown reason");
    let fits = |words: &&[&str]| words.iter().all(|word| line.contains(word));
    match REMEDIES.iter().find(|(words, _)| fits(words)) {
        Some((_, remedy)) => format!("{line}: {remedy}"),
        None => line.to_owned(),
    }
}

impl NoConnection {
    pub(in crate::db) fn new(cause: impl Into<String>) -> Self {
        Self { cause: cause.into() }
    }

    /// True when a server said so itself: it is there, but does not let this connection in.
    pub(in crate::db) fn is_refusal(&self) -> bool {
        (self.cause.contains("FATAL:") && !self.is_moment()) || self.cause == "database is locked"
    }

    /// True when the reason may go away by itself: nobody there yet, starting, full.
    pub(in crate::db) fn may_heal(&self) -> bool {
        let passing = [
            "Connection refused",
            "timeout expired",
            "too many",
            "remaining connection slots",
            "server closed the connection",
            "could not receive data",
            "No route to host",
            "Network is unreachable",
            "Connection reset",
            "Temporary failure in name resolution",
            "database is locked",
        ];
        self.is_moment() || passing.iter().any(|text| self.cause.contains(text))
    }

    fn is_moment(&self) -> bool {
        ["starting up", "shutting down", "in recovery mode", "not accepting connections", "not yet accepting"]
            .iter()
            .any(|text| self.cause.contains(text))
    }
}

/// Opens a connection; the reason otherwise, without a secret.
pub(in crate::db) fn connect(
    target: &Target,
    access: Access,
    limits: &SessionLimits,
) -> Result<Connection, NoConnection> {
    open(target, access, limits).map_err(|error| match error {
        ConnectionError::BadConnection(text) => NoConnection::new(text),
        // Its own text tells nothing.
        ConnectionError::CouldntSetupConfiguration(cause) => NoConnection::new(cause.to_string()),
        other => NoConnection::new(other.to_string()),
    })
}

/// Makes the first connection of a program, and looks whether the database can be ours before anything is changed.
pub(in crate::db) fn first(target: &Target, limits: &SessionLimits) -> Result<(), NoConnection> {
    let failed = |error: diesel::result::Error| NoConnection::new(error.to_string());
    let new = match target {
        Target::Sqlite(path) => FileBefore::look(path)?.check()?,
        Target::Postgres(_) => false,
    };
    let mut conn = connect(target, Access::Write, limits)?;
    ping(&mut conn).map_err(failed)?;
    // From its first moment a file can be told to be ours.
    if new { conn.batch_execute(MIGRATIONS_TABLE).map_err(failed) } else { Ok(()) }
}

/// As Diesel makes it.
const MIGRATIONS_TABLE: &str = "CREATE TABLE IF NOT EXISTS __diesel_schema_migrations (version VARCHAR(50) PRIMARY KEY NOT NULL, \
     run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)";

/// A SQLite file before it was opened: opening one creates what is missing.
struct FileBefore {
    path: PathBuf,
    has_content: bool,
    has_log: bool,
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = diesel::sql_types::Text)]
    name: String,
}

impl FileBefore {
    fn look(path: &Path) -> Result<Self, NoConnection> {
        let shown = path.display();
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        if let Some(parent) = parent.filter(|parent| !parent.exists()) {
            let parent = parent.display();
            return Err(NoConnection::new(format!(
                "the directory {parent} does not exist: create it, or name another file in database.url"
            )));
        }
        if path.is_dir() {
            return Err(NoConnection::new(format!("{shown} is a directory: name a file in it in database.url")));
        }
        let size = |path: &Path| std::fs::metadata(path).map_or(0, |file| file.len());
        let log = log_of(path);
        let (has_content, has_log) = (size(path) > 0, log.exists());
        if !has_content && size(&log) > 0 {
            // SQLite would remove the log.
            return Err(NoConnection::new(format!(
                "{shown} is {}, but {} beside it is not: put the database that it belongs to in place, or remove it",
                if path.exists() { "empty" } else { "missing" },
                log.display()
            )));
        }
        Ok(Self { path: path.to_owned(), has_content, has_log })
    }

    /// Refuses what is not ours, over a connection that changes nothing. True for a file that nothing is in yet.
    fn check(&self) -> Result<bool, NoConnection> {
        if !self.has_content {
            return Ok(true);
        }
        let mut conn = sqlite::open_as_it_is(&self.path).map_err(|error| NoConnection::new(error.to_string()))?;
        let tables: Vec<Name> = diesel::sql_query("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
            .load(&mut conn)
            .map_err(|error| NoConnection::new(error.to_string()))?;
        let path = self.path.display();
        match tables.first() {
            // Another instance is at it.
            None if self.has_log => Ok(false),
            None => Err(NoConnection::new(format!(
                "{path} has no tables, and no {path}-wal lies beside it: it was probably copied without that; copy both, or remove \
                 the file to begin anew"
            ))),
            Some(_) if tables.iter().any(|table| table.name == "__diesel_schema_migrations") => Ok(false),
            Some(other) => Err(NoConnection::new(format!(
                "{path} is the database of another program (it has the table '{}'): name another file in database.url",
                other.name
            ))),
        }
    }
}

/// The write-ahead log of a SQLite file.
pub(in crate::db) fn log_of(path: &Path) -> PathBuf {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    PathBuf::from(log)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_one_line_with_its_remedy() {
        let text =
            "connection to server at \"127.0.0.1\", port 1 failed: Connection refused\n\tIs the server running?\n";
        let refused = NoConnection::new(text);
        assert_eq!(
            refused.to_string(),
            "connection to server at \"127.0.0.1\", port 1 failed: Connection refused: start PostgreSQL there, or check \
             host and port in database.url"
        );
        assert!(refused.may_heal() && !refused.is_refusal());
        let wrong = NoConnection::new("failed: FATAL:  password authentication failed for user \"u\"");
        assert!(!wrong.may_heal() && wrong.is_refusal());
        let starting = NoConnection::new("failed: FATAL:  the database system is starting up");
        assert!(starting.may_heal() && !starting.is_refusal());
    }
}
