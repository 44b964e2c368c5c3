//! Queries: `fn(&mut Connection, ...) -> Result<T, StoreError>`. Knows no HTTP and no pool.

mod constraint;
mod error;
pub(crate) mod list;
pub mod vocabulary;

pub use constraint::answer;
pub use error::{StoreError, require_parent};
