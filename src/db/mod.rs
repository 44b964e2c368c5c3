//! Connections, the executor, migrations. The only floor that names r2d2 or a backend.

mod cancel;
mod dialect;
mod executor;
pub mod functions;
mod link;
pub mod migrate;
mod pool;
pub mod prelude;
mod priority;
mod refusal;
pub mod schema;
pub mod session;
mod sizing;
mod task;
mod together;
mod trial;

pub use dialect::maintenance;
pub use dialect::{
    Access, AlsoRun, Backend, Connection, ConnectionBudget, Ids, InsertRows, Lock, Moment, NoConnection, NotKept,
    Numbers, PostgresUrl, SearchTerms, Target, TargetError, TextOf, Violation, ViolationKind, among, analyze, classify,
    connection_budget, constant, explained, full_text, holding, in_list, located, locked, moment, new_ids, one_of,
    one_of_texts, outdated, raw, rounded, selected, similar, slices, stay_small, text_of, unindexed,
};
pub use executor::{Ask, DatabaseHealth, Executor, Observer, Weight};
pub use pool::LaneState;
pub use refusal::{JobError, Refusal};
pub use session::{Asker, Session, WriteSession, transaction_lock, transaction_locks};
pub use sizing::{Sizing, SizingError};
pub use task::{Done, Timing};
pub use together::{Read, Rows, columns, row, rows, sharing};
pub use trial::Undone;
