//! Why the database floor did not run a job.

use std::time::Duration;

/// A job was not run, or its outcome is not known to be good. Every variant is answered without the cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
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
    /// A replica took what a read was reading away to keep up with its primary, twice.
    #[error("the replica changed what was being read")]
    Recovery,
    /// Another program held the write lock of an embedded database for too long.
    #[error("another program is writing to the database")]
    Busy,
    /// There is no room left where the database is.
    #[error("the database has no room left")]
    Full,
    /// The database takes no writes: its file is read-only, or the server is a standby.
    #[error("the database does not take writes at the moment")]
    ReadOnly,
    /// The database has run out of memory or of locks.
    #[error("the database has run out of memory")]
    OutOfMemory,
    /// The disk under the database failed.
    #[error("the database could not be read or written")]
    Disk,
    /// A page of the database is damaged.
    #[error("the database is damaged")]
    Corrupt,
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
            Self::Recovery => "replica_conflict",
            Self::Busy => "database_busy",
            Self::Full => "database_full",
            Self::ReadOnly => "database_read_only",
            Self::OutOfMemory => "database_out_of_memory",
            Self::Disk => "database_disk",
            Self::Corrupt => "database_corrupt",
            Self::ShuttingDown => "shutting_down",
            Self::Panicked => "panicked",
        }
    }

    /// After how many seconds it is worth asking again; `None` where no time would help.
    pub fn retry_after(&self) -> Option<&'static str> {
        match self {
            Self::QueueFull | Self::QueueTimeout(_) | Self::Collision | Self::Recovery | Self::Busy => Some("1"),
            Self::Unavailable => Some("2"),
            Self::Deadline | Self::ShuttingDown | Self::OutOfMemory | Self::Disk => Some("5"),
            // Somebody has to do something first.
            Self::Full | Self::ReadOnly | Self::Corrupt => Some("60"),
            Self::Panicked => None,
        }
    }
}

/// What a job's error must offer to the executor.
pub trait JobError: From<diesel::result::Error> + From<Refusal> + Send + 'static {
    /// The database error inside, if that is what it is.
    fn database_error(&self) -> Option<&diesel::result::Error>;
}
