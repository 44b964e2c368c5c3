//! Why a query or a change was not done, by what the caller can do about it.
//!
//! Use `NotFound` for a row that the path names, `Conflict` for a row that the body names or that is already there,
//! `Invalid` for a body or parameter that could never work, `BadRequest` for a filter. A `Database` error that no function
//! here foresaw is read by [`crate::store::query::constraint`]; what is left is a 500 whose cause goes to the log alone.

use serde_json::Value;

use crate::db::{JobError, Refusal};
use crate::domain::api_key::NoRandomness;
use crate::domain::request::filter::FilterError;
use crate::domain::request::problem::Problem;

/// A failed query or change.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The row that the path names does not exist.
    #[error("{model} with ID {id} not found.")]
    NotFound {
        /// The resource's name.
        model: &'static str,
        /// The id asked for.
        id: String,
    },
    /// The row exists, but is of another kind than the path says.
    #[error("{}", .0.msg)]
    WrongKind(Box<Problem>),
    /// Something other than a row named by its id is not there; the text is for the client.
    #[error("{0}")]
    Missing(String),
    /// The request could never work; all its problems.
    #[error("invalid request")]
    Invalid(Vec<Problem>),
    /// The request contradicts what is stored.
    #[error("{}", .0.msg)]
    Conflict(Box<Problem>),
    /// As `Conflict`, where the contract answers with a bare text.
    #[error("{0}")]
    ConflictText(String),
    /// A filter that cannot be used.
    #[error(transparent)]
    Filter(#[from] FilterError),
    /// The executor did not run the job.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// No secret could be made.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// The database refused a statement.
    #[error(transparent)]
    Database(#[from] diesel::result::Error),
}

impl JobError for StoreError {
    fn database_error(&self) -> Option<&diesel::result::Error> {
        match self {
            Self::Database(error) => Some(error),
            _ => None,
        }
    }
}

impl StoreError {
    /// 404 for a row named by the path.
    pub fn not_found(model: &'static str, id: i32) -> Self {
        Self::NotFound { model, id: id.to_string() }
    }

    /// 409 at a field of the body.
    pub fn conflict(field: &'static str, message: impl Into<String>, sent: impl Into<Value>) -> Self {
        Self::Conflict(Box::new(Problem::conflict("body", field, message, sent)))
    }

    /// 422 with a single problem.
    pub fn invalid(problem: Problem) -> Self {
        Self::Invalid(vec![problem])
    }
}
