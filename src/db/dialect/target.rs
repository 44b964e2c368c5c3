//! Which database a URL names.

use std::fmt;
use std::path::PathBuf;

/// The database that a URL names. Its `Display` never shows a password.
#[derive(Clone, PartialEq, Eq)]
pub enum Target {
    /// A libpq connection URL.
    Postgres(String),
    /// The file of an embedded database.
    Sqlite(PathBuf),
}

/// A URL that names no database we know.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// The part before the colon is unknown. A typo must never create a database file.
    #[error("unknown database URL scheme '{0}': use sqlite:PATH or postgres://USER@HOST/DATABASE")]
    Scheme(String),
    /// `sqlite:` without a path.
    #[error("the database URL has no path: use sqlite:PATH")]
    NoPath,
    /// An in-memory database would be a different one for every connection of the pool.
    #[error("an in-memory SQLite database cannot be shared by a pool: use `serve --ephemeral`")]
    InMemory,
}

impl Target {
    /// Reads `sqlite:PATH`, `sqlite://PATH` or `postgres://...` (`postgresql://...` alike).
    pub fn parse(url: &str) -> Result<Self, TargetError> {
        let Some((scheme, rest)) = url.split_once(':') else {
            return Err(TargetError::Scheme(url.chars().take(20).collect()));
        };
        match scheme {
            "postgres" | "postgresql" if rest.starts_with("//") => Ok(Self::Postgres(url.to_owned())),
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
            other => Err(TargetError::Scheme(other.to_owned())),
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
            Self::Postgres(url) => {
                // postgres://user:password@host:port/database?options -> without password and options
                let rest = url.split_once("//").map_or("", |(_, rest)| rest);
                let rest = rest.split('?').next().unwrap_or("");
                match rest.rsplit_once('@') {
                    Some((user, host)) => {
                        write!(out, "postgres://{}@{host}", user.split(':').next().unwrap_or(""))
                    }
                    None => write!(out, "postgres://{rest}"),
                }
            }
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
        for bad in ["postgre://u@h/d", "mysql://h/d", "a.db", "", "postgres:h"] {
            assert!(matches!(Target::parse(bad), Err(TargetError::Scheme(_))), "{bad}");
        }
        assert_eq!(Target::parse("sqlite:"), Err(TargetError::NoPath));
        assert_eq!(Target::parse("sqlite::memory:"), Err(TargetError::InMemory));
    }

    #[test]
    fn no_password_is_printed() {
        let shown = Target::parse("postgres://ana:s3cret@db.example:5432/wells?sslmode=require").map(|t| t.to_string());
        assert_eq!(shown.as_deref(), Ok("postgres://ana@db.example:5432/wells"));
    }
}
