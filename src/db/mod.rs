//! Connections, the executor, migrations. The only floor that names r2d2 or a backend.

mod dialect;
mod executor;
pub mod functions;
pub mod migrate;
mod pool;
mod refusal;
pub mod schema;
mod sizing;

pub use dialect::{
    Access, Backend, Connection, ConnectionBudget, Target, TargetError, Violation, ViolationKind, checkpoint, classify,
    connection_budget, full_text, near_box, near_point, one_of, similar, transaction_lock, unindexed,
};
pub use executor::{Done, Executor, Observer, Timing, Weight};
pub use pool::LaneState;
pub use refusal::{JobError, Refusal};
pub use sizing::{Sizing, SizingError};
