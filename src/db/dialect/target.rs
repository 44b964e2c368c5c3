//! Which database a URL names.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::db::dialect::url::PostgresUrl;

/// The database that a URL names. Its `Display` never shows a password.
#[derive(Clone, PartialEq, Eq)]
pub enum Target {
    /// A PostgreSQL server and one of its databases.
    Postgres(PostgresUrl),
    /// The file of an embedded database.
    Sqlite(PathBuf),
}

/// A URL that names no database we know.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// The part before the colon is unknown. A typo must never create a database file.
    #[error("unknown database URL scheme{}: use sqlite:PATH or postgres://USER@HOST/DATABASE", quoted(.0))]
    Scheme(String),
    /// A character that would end the user or the password is not percent-encoded. What it is cannot be shown.
    #[error(
        "the host, port or database name cannot be read: in user and password, characters such as @ : / ? # must be \
         percent-encoded (@ is %40, / is %2F)"
    )]
    Unescaped,
    /// A percent sign that encodes nothing.
    #[error("a % must be followed by two hexadecimal digits (a % itself is %25)")]
    Percent,
    /// What follows the question mark.
    #[error("an option after the ? is not of the form NAME=VALUE with a NAME that libpq knows")]
    Option,
    /// Something else.
    #[error("{0}")]
    Malformed(&'static str),
    /// `sqlite:` without a path.
    #[error("the database URL has no path: use sqlite:PATH")]
    NoPath,
    /// An in-memory database would be a different one for every connection of the pool.
    #[error("an in-memory SQLite database cannot be shared by a pool: use `serve --ephemeral`")]
    InMemory,
}

fn quoted(scheme: &str) -> String {
    if scheme.is_empty() { String::new() } else { format!(" '{scheme}'") }
}

impl Target {
    /// The file of an embedded database.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::Sqlite(path) => Some(path),
            Self::Postgres(_) => None,
        }
    }

    /// The file of an embedded database that does not exist yet.
    pub fn missing_file(&self) -> Option<&Path> {
        match self {
            Self::Sqlite(path) if !path.exists() => Some(path),
            _ => None,
        }
    }

    /// True where a statement is cancelled over another connection.
    pub(in crate::db) fn cancels_from_outside(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }

    /// Reads `sqlite:PATH`, `sqlite://PATH` or `postgres://...` (`postgresql://...` alike).
    pub fn parse(url: &str) -> Result<Self, TargetError> {
        let Some((scheme, rest)) = url.split_once(':') else {
            return Err(TargetError::Scheme(String::new()));
        };
        match scheme {
            "postgres" | "postgresql" => rest.parse().map(Self::Postgres),
            "sqlite" => {
                let path = rest.strip_prefix("//").unwrap_or(rest);
                if path.is_empty() {
                    return Err(TargetError::NoPath);
                }
                if path.contains(":memory:") || path.starts_with("file:") || path.contains('?') {
                    return Err(TargetError::InMemory);
                }
                Ok(Self::Sqlite(PathBuf::from(path)))
            }
            // A short word is a typo that helps to be seen; anything else may be a piece of a password.
            other if other.len() <= 12 && other.bytes().all(|byte| byte.is_ascii_lowercase()) => {
                Err(TargetError::Scheme(other.to_owned()))
            }
            _ => Err(TargetError::Scheme(String::new())),
        }
    }

    /// `postgres` or `sqlite`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Postgres(_) => "postgres",
            Self::Sqlite(_) => "sqlite",
        }
    }

    /// True where all writes go through a single connection.
    pub fn single_writer(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }
}

impl fmt::Display for Target {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(out, "sqlite:{}", path.display()),
            Self::Postgres(url) => fmt::Display::fmt(url, out),
        }
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_schemes_are_taken() {
        assert_eq!(Target::parse("sqlite:a.db"), Ok(Target::Sqlite("a.db".into())));
        assert_eq!(Target::parse("sqlite:///tmp/a.db"), Ok(Target::Sqlite("/tmp/a.db".into())));
        assert!(matches!(Target::parse("postgres://u@h/d"), Ok(Target::Postgres(_))));
        for bad in ["postgre://u@h/d", "mysql://h/d", "a.db", ""] {
            assert!(matches!(Target::parse(bad), Err(TargetError::Scheme(_))), "{bad}");
        }
        assert!(Target::parse("postgres:h").is_err());
        assert_eq!(Target::parse("sqlite:"), Err(TargetError::NoPath));
        assert_eq!(Target::parse("sqlite::memory:"), Err(TargetError::InMemory));
    }

    #[test]
    fn no_password_is_printed() {
        let shown = Target::parse("postgres://ana:s3cret@db.example:5432/wells?sslmode=require").map(|t| t.to_string());
        assert_eq!(shown.as_deref(), Ok("postgres://ana@db.example:5432/wells"));
    }
}
