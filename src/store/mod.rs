//! Queries: `fn(&mut Connection, ...) -> Result<T, StoreError>`. Knows no HTTP and no pool.

mod constraint;
pub mod contact;
pub mod deployment;
pub mod details;
mod error;
pub mod field_activity;
pub mod field_event;
pub mod geospatial;
pub mod group;
pub mod group_member;
pub mod id_link;
pub mod import;
pub mod lexicon;
pub(crate) mod list;
pub mod location;
pub mod note;
pub mod observation;
pub(crate) mod page;
pub mod parameter;
pub mod provenance;
mod query;
mod related;
pub mod sample;
pub mod seed;
pub mod sensor;
pub mod thing;
pub mod thing_history;
pub mod thing_write;
pub mod transducer;
pub mod transducer_block;
pub mod triple;
pub mod vocabulary;
pub mod well_screen;

pub use constraint::answer;
pub use error::{StoreError, require_parent};
