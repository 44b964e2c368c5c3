//! Bringing data in from files: reading them row by row, saying of every row that cannot be used why not, and storing the
//! rest through [`crate::store::import`] in chunks, so that an import can be stopped and repeated at any time.

pub mod demo;
mod progress;
mod report;
mod sort;
mod source;
pub mod usgs;
pub mod water_levels;

use std::io;
use std::path::PathBuf;

use crate::db::{JobError, Refusal};
use crate::store::StoreError;

pub use report::Skipped;

/// Why an import stopped. What was stored until then stays; a repeated import goes on from there.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A file cannot be read, or the report not be written.
    #[error("{}: {cause}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The operating system's reason.
        cause: io::Error,
    },
    /// A file has not a single line.
    #[error("{}: the file is empty; its first line must name the columns", .0.display())]
    Empty(PathBuf),
    /// A file lacks columns.
    #[error(
        "{}: no column {}; the first line must name the columns (it has: {})",
        path.display(), missing.join(", "), found.join(", ")
    )]
    Columns {
        /// The file.
        path: PathBuf,
        /// Columns that it must have.
        missing: Vec<String>,
        /// Columns that it has.
        found: Vec<String>,
    },
    /// Rows could not be put in order on the disk.
    #[error("temporary file: {0}")]
    Sort(io::Error),
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The executor refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The database refused.
    #[error(transparent)]
    Database(#[from] diesel::result::Error),
}

impl JobError for ImportError {
    fn database_error(&self) -> Option<&diesel::result::Error> {
        match self {
            Self::Database(error) => Some(error),
            Self::Store(error) => error.database_error(),
            _ => None,
        }
    }
}
