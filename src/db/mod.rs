//! Connections, the executor, migrations. The only floor that names r2d2 or a backend.

mod courtesy;
mod dialect;
mod executor;
pub mod functions;
pub mod migrate;
mod pool;
mod refusal;
pub mod schema;
mod sizing;
mod task;

pub(crate) use dialect::with_native;
pub use dialect::{
    Access, Backend, Connection, ConnectionBudget, Numbers, Target, TargetError, Violation, ViolationKind, analyze,
    checkpoint, classify, connection_budget, constant, full_text, near_box, near_point, one_of, one_of_texts, raw,
    reserve_ids, similar, stay_small, transaction_lock, unindexed,
};
pub use executor::{Done, Executor, Observer, Timing, Weight};
pub use pool::LaneState;
pub use refusal::{JobError, Refusal};
pub use sizing::{Sizing, SizingError};
