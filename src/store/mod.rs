//! Queries: `fn(&mut Connection, ...) -> Result<T, StoreError>`. Knows no HTTP and no pool.

mod constraint;
mod error;
pub mod group;
pub mod lexicon;
pub(crate) mod list;
pub mod location;
pub mod note;
pub mod parameter;
pub mod provenance;
mod query;
mod related;
pub mod seed;
pub mod transducer;
pub mod transducer_block;
pub mod triple;
pub mod vocabulary;

pub use constraint::answer;
pub use error::{StoreError, require_parent};
