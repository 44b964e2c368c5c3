//! Queries: `fn(&mut Connection, ...) -> Result<T, StoreError>`. Knows no HTTP and no pool.

pub mod analysis_method;
pub mod api_key;
pub mod aquifer_system;
pub mod aquifer_type;
pub mod chemistry;
pub mod contact;
pub mod data_provenance;
pub mod deployment;
pub mod field_activity;
pub mod field_event;
pub mod geologic_formation;
pub mod geospatial;
pub mod group;
pub mod history;
pub mod import;
pub mod lexicon;
pub mod location;
pub mod note;
pub mod observation;
pub mod parameter;
pub mod permission_history;
pub mod provenance;
pub mod query;
pub mod regulatory_limit;
pub mod sample;
pub mod seed;
pub mod sensor;
pub mod target;
pub mod thing;
pub mod thing_aquifer_association;
pub mod thing_geologic_formation_association;

pub use query::constraint::answer;
pub use query::error::StoreError;
