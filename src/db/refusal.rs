//! Why the database floor did not run a job.

use std::time::Duration;

/// A job was not run, or its outcome is not known to be good. Every variant is answered without the cause.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Too many requests are waiting already.
    #[error("overloaded: the queue is full")]
    QueueFull,
    /// The wait for a permit took too long.
    #[error("overloaded: waited {} ms for a free connection", .0.as_millis())]
    QueueTimeout(Duration),
    /// No connection could be had although a permit was: the database is down.
    #[error("the database is unavailable")]
    Unavailable,
    /// A statement ran into its time limit.
    #[error("the statement ran into its time limit")]
    Deadline,
    /// The transaction met another one, twice.
    #[error("another change happened at the same time")]
    Collision,
    /// The server is going down and takes no further work.
    #[error("shutting down")]
    ShuttingDown,
    /// The job panicked. The connection was thrown away, the permit came back.
    #[error("the job panicked")]
    Panicked,
}

impl Refusal {
    /// All that [`Self::reason`] says, for metrics that exist from the start.
    pub const REASONS: [&str; 7] =
        ["queue_full", "queue_timeout", "database_unavailable", "deadline", "collision", "shutting_down", "panicked"];

    /// A short word for metrics and logs.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::QueueFull => "queue_full",
            Self::QueueTimeout(_) => "queue_timeout",
            Self::Unavailable => "database_unavailable",
            Self::Deadline => "deadline",
            Self::Collision => "collision",
            Self::ShuttingDown => "shutting_down",
            Self::Panicked => "panicked",
        }
    }
}

/// What a job's error must offer to the executor.
pub trait JobError: From<diesel::result::Error> + From<Refusal> + Send + 'static {
    /// The database error inside, if that is what it is.
    fn database_error(&self) -> Option<&diesel::result::Error>;
}
