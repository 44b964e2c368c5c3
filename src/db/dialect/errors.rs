//! The one form in which constraint violations of both databases are reported.
//!
//! PostgreSQL names the constraint. SQLite names the columns of a unique constraint, the name of a check, and nothing
//! for a foreign key; unique constraints are therefore named `<table>_<column>_..._key` on both sides, so that the name can
//! be derived from the columns.

use diesel::result::{DatabaseErrorKind, Error};

/// A constraint that a statement violated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Which kind of constraint.
    pub kind: ViolationKind,
    /// The constraint's name, where the database tells it.
    pub constraint: Option<String>,
    /// The column, for not-null violations.
    pub column: Option<String>,
}

/// The kinds of constraint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ViolationKind {
    /// Two rows with the same key.
    Unique,
    /// A reference to a row that does not exist, or the removal of a row still referred to.
    ForeignKey,
    /// A check refused the row.
    Check,
    /// A required column was null.
    NotNull,
}

/// Reads a violation out of a Diesel error; `None` when the error is of another sort.
pub fn classify(error: &Error) -> Option<Violation> {
    let Error::DatabaseError(kind, info) = error else {
        return None;
    };
    let kind = match kind {
        DatabaseErrorKind::UniqueViolation => ViolationKind::Unique,
        DatabaseErrorKind::ForeignKeyViolation => ViolationKind::ForeignKey,
        DatabaseErrorKind::CheckViolation => ViolationKind::Check,
        DatabaseErrorKind::NotNullViolation => ViolationKind::NotNull,
        // PostgreSQL's own length check of varchar(n); a named check on SQLite.
        DatabaseErrorKind::Unknown if info.message().starts_with("value too long for type") => ViolationKind::Check,
        _ => return None,
    };
    let reported = info.constraint_name().map(str::to_owned);
    let tail = info.message().strip_prefix(sqlite_prefix(kind)).map(str::trim);
    Some(match kind {
        ViolationKind::NotNull => Violation {
            kind,
            constraint: None,
            column: info
                .column_name()
                .map(str::to_owned)
                .or_else(|| tail.and_then(|tail| tail.rsplit('.').next()).map(str::to_owned)),
        },
        ViolationKind::Unique => {
            Violation { kind, constraint: reported.or_else(|| tail.map(unique_name)), column: None }
        }
        ViolationKind::Check => {
            Violation { kind, constraint: reported.or_else(|| tail.map(str::to_owned)), column: None }
        }
        ViolationKind::ForeignKey => Violation { kind, constraint: reported, column: None },
    })
}

fn sqlite_prefix(kind: ViolationKind) -> &'static str {
    match kind {
        ViolationKind::Unique => "UNIQUE constraint failed:",
        ViolationKind::Check => "CHECK constraint failed:",
        ViolationKind::NotNull => "NOT NULL constraint failed:",
        ViolationKind::ForeignKey => "FOREIGN KEY constraint failed",
    }
}

/// `sample.sample_name` -> `sample_sample_name_key`; `index 'x'` -> `x`.
fn unique_name(columns: &str) -> String {
    if let Some(index) = columns.strip_prefix("index '").and_then(|rest| rest.strip_suffix('\'')) {
        return index.to_owned();
    }
    let mut name = String::new();
    for (at, column) in columns.split(',').map(str::trim).enumerate() {
        let (table, column) = column.rsplit_once('.').unwrap_or(("", column));
        if at == 0 {
            name.push_str(table);
        }
        name.push('_');
        name.push_str(column);
    }
    name + "_key"
}

/// True when the error says that the connection is gone, so that it must not go back to the pool.
pub fn is_closed(error: &Error) -> bool {
    match error {
        Error::DatabaseError(DatabaseErrorKind::ClosedConnection, _) | Error::BrokenTransactionManager => true,
        // libpq reports some losses of the link without a result, hence without a kind.
        Error::DatabaseError(DatabaseErrorKind::Unknown | DatabaseErrorKind::UnableToSendCommand, info) => {
            let text = info.message();
            text.contains("server closed the connection")
                || text.contains("no connection to the server")
                || text.contains("connection to server")
                || text.contains("could not receive data from server")
                || text.contains("could not send data to server")
                || text.contains("terminating connection")
        }
        Error::RollbackErrorOnCommit { rollback_error, commit_error } => {
            is_closed(rollback_error) || is_closed(commit_error)
        }
        _ => false,
    }
}

/// True when the transaction met another one and may be repeated: a serialisation failure or a deadlock.
pub fn is_collision(error: &Error) -> bool {
    match error {
        Error::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => true,
        // Diesel has no kind for deadlocks and does not pass the SQLSTATE on.
        Error::DatabaseError(DatabaseErrorKind::Unknown, info) => info.message().contains("deadlock detected"),
        Error::RollbackErrorOnCommit { commit_error, .. } => is_collision(commit_error),
        _ => false,
    }
}

/// True when the statement was ended by its time limit. Diesel does not pass the SQLSTATE on and the text is
/// translated by some servers, so a generic error that came as late as the limit counts too.
pub fn is_cancelled(error: &Error, late: bool) -> bool {
    match error {
        Error::DatabaseError(DatabaseErrorKind::Unknown, info) => {
            let text = info.message();
            late || text == "interrupted" || text.contains("statement timeout") || text.contains("canceling statement")
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unique_names_follow_the_columns() {
        assert_eq!(unique_name("sample.sample_name"), "sample_sample_name_key");
        assert_eq!(unique_name("contact.name, contact.organization"), "contact_name_organization_key");
        assert_eq!(unique_name("index 'group_name_group_type_key'"), "group_name_group_type_key");
    }
}
