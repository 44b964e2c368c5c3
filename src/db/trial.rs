//! Write transactions that are tried, and not kept.

use crate::db::{JobError, Refusal};

/// Why a transaction is not kept.
pub enum Undone<T, E> {
    /// It was a trial, which came to this.
    Tried(T),
    /// It failed.
    Failed(E),
}

impl<T, E: From<diesel::result::Error>> From<diesel::result::Error> for Undone<T, E> {
    fn from(error: diesel::result::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl<T, E: From<Refusal>> From<Refusal> for Undone<T, E> {
    fn from(refusal: Refusal) -> Self {
        Self::Failed(refusal.into())
    }
}

impl<T: Send + 'static, E: JobError> JobError for Undone<T, E> {
    fn database_error(&self) -> Option<&diesel::result::Error> {
        match self {
            Self::Tried(_) => None,
            Self::Failed(error) => error.database_error(),
        }
    }
}

impl<T, E> Undone<T, E> {
    /// What a job ends with: in a trial what it came to is an error, so that nothing of it is kept.
    pub fn unless_kept(done: Result<T, E>, trial: bool) -> Result<T, Self> {
        match done {
            Ok(value) if trial => Err(Self::Tried(value)),
            Ok(value) => Ok(value),
            Err(error) => Err(Self::Failed(error)),
        }
    }

    /// What the job came to, kept or not.
    pub fn result(done: Result<T, Self>) -> Result<T, E> {
        match done {
            Ok(value) | Err(Self::Tried(value)) => Ok(value),
            Err(Self::Failed(error)) => Err(error),
        }
    }
}
