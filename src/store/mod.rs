//! Queries: `fn(&mut Connection, ...) -> Result<T, StoreError>`. Knows no HTTP and no pool.

pub mod api_key;
pub mod asset;
pub mod contact;
pub mod deployment;
pub mod field_activity;
pub mod field_event;
pub mod geospatial;
pub mod group;
pub mod history;
pub mod import;
pub mod lexicon;
pub mod location;
pub mod note;
pub mod observation;
pub mod parameter;
pub mod provenance;
pub mod query;
pub mod sample;
pub mod seed;
pub mod sensor;
pub mod thing;

pub use query::constraint::answer;
pub use query::error::StoreError;
