//! Errors that are about the state of the database rather than about the statement: no room, no lock, a damaged page.
//!
//! Diesel passes neither SQLite's result code nor most of PostgreSQL's SQLSTATEs on, so they are known by their text. SQLite's texts
//! are constants of its source. PostgreSQL's are in the language of the server's messages, which each session sets to English
//! where its role may (see [`super::postgres`]); elsewhere such an error remains one without an answer of its own.

use diesel::result::{DatabaseErrorKind, Error};

use crate::db::refusal::Refusal;

/// Texts of SQLite (the whole message) and what they mean.
const SQLITE: [(&str, Trouble); 11] = [
    // SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL
    ("database is locked", Trouble::Busy),
    ("database table is locked", Trouble::Busy),
    ("locking protocol", Trouble::Busy),
    // SQLITE_FULL
    ("database or disk is full", Trouble::Full),
    // SQLITE_READONLY
    ("attempt to write a readonly database", Trouble::ReadOnly),
    // SQLITE_IOERR, SQLITE_CANTOPEN: the file, its log or its directory went away
    ("disk I/O error", Trouble::Disk),
    ("unable to open database file", Trouble::Disk),
    // SQLITE_NOMEM, also PostgreSQL's 53200
    ("out of memory", Trouble::Memory),
    // SQLITE_CORRUPT, SQLITE_NOTADB
    ("database disk image is malformed", Trouble::Corrupt),
    ("malformed database schema", Trouble::Corrupt),
    ("file is not a database", Trouble::Corrupt),
];

/// Parts of PostgreSQL's texts and what they mean.
const POSTGRES: [(&str, Trouble); 16] = [
    // 53100 disk_full
    ("No space left on device", Trouble::Full),
    ("Disk quota exceeded", Trouble::Full),
    // 53200 out_of_memory
    ("out of shared memory", Trouble::Memory),
    ("could not resize shared memory segment", Trouble::Memory),
    // 58030 io_error
    ("Input/output error", Trouble::Disk),
    ("Read-only file system", Trouble::Disk),
    // XX001 data_corrupted
    ("invalid page in block", Trouble::Corrupt),
    ("missing chunk number", Trouble::Corrupt),
    ("unexpected chunk number", Trouble::Corrupt),
    ("could not access status of transaction", Trouble::Corrupt),
    ("compressed pglz data is corrupt", Trouble::Corrupt),
    ("found xmin", Trouble::Corrupt),
    (": read only ", Trouble::Corrupt),
    // XX002 index_corrupted
    ("contains unexpected zero page", Trouble::Corrupt),
    ("contains corrupted page", Trouble::Corrupt),
    ("is not a btree", Trouble::Corrupt),
];

/// What a job does, for those errors that mean something else to a reader than to a writer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// It reads.
    Reading,
    /// It writes.
    Writing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trouble {
    Busy,
    Full,
    ReadOnly,
    Memory,
    Disk,
    Corrupt,
}

/// What the error says of the database's state; `None` when it is about the statement.
pub fn trouble(error: &Error, doing: Doing) -> Option<Refusal> {
    let found = match error {
        Error::DatabaseError(DatabaseErrorKind::Unknown, info) => by_text(info.message())?,
        Error::DatabaseError(DatabaseErrorKind::ReadOnlyTransaction, _) => Trouble::ReadOnly,
        Error::RollbackErrorOnCommit { commit_error, .. } => return trouble(commit_error, doing),
        _ => return None,
    };
    Some(match found {
        Trouble::Busy => Refusal::Busy,
        Trouble::Full => Refusal::Full,
        // A reader that writes is a defect of the program.
        Trouble::ReadOnly if doing == Doing::Reading => return None,
        Trouble::ReadOnly => Refusal::ReadOnly,
        Trouble::Memory => Refusal::OutOfMemory,
        Trouble::Disk => Refusal::Disk,
        Trouble::Corrupt => Refusal::Corrupt,
    })
}

fn by_text(message: &str) -> Option<Trouble> {
    let whole = SQLITE.iter().find(|(text, _)| message == *text || message.starts_with(&format!("{text} ")));
    let part = || POSTGRES.iter().find(|(text, _)| message.contains(text));
    whole.or_else(part).map(|(_, trouble)| *trouble)
}

/// True when a standby cancelled a statement to keep up with its primary. It may be repeated.
pub fn is_recovery_conflict(error: &Error) -> bool {
    match error {
        // 40001 or 40P01, whichever resource was wanted.
        Error::DatabaseError(DatabaseErrorKind::SerializationFailure | DatabaseErrorKind::Unknown, info) => {
            info.message().contains("conflict with recovery")
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(message: &str, doing: Doing) -> Option<&'static str> {
        let error = Error::DatabaseError(DatabaseErrorKind::Unknown, Box::new(message.to_owned()));
        trouble(&error, doing).map(|refusal| refusal.reason())
    }

    #[test]
    fn the_state_of_the_database_is_told_from_the_statement() {
        for (message, reason) in [
            ("database is locked", "database_busy"),
            ("database or disk is full", "database_full"),
            ("attempt to write a readonly database", "database_read_only"),
            ("disk I/O error", "database_disk"),
            ("database disk image is malformed", "database_corrupt"),
            ("could not extend file \"base/16384/2619\": No space left on device", "database_full"),
            ("out of memory", "database_out_of_memory"),
            ("out of shared memory", "database_out_of_memory"),
            ("could not read block 7 in file \"base/1/2\": Input/output error", "database_disk"),
            ("could not read block 7 in file \"base/1/2\": read only 0 of 8192 bytes", "database_corrupt"),
            ("invalid page in block 3 of relation base/16384/2619", "database_corrupt"),
            ("index \"thing_pkey\" contains unexpected zero page at block 1", "database_corrupt"),
        ] {
            assert_eq!(told(message, Doing::Writing), Some(reason), "{message}");
        }
        assert_eq!(told("attempt to write a readonly database", Doing::Reading), None);
        for message in ["no such table: disk", "relation \"x\" does not exist", "division by zero"] {
            assert_eq!(told(message, Doing::Writing), None, "{message}");
        }
    }
}
