//! What the words mean: resource types, validation, units, coordinates, time. Imports nothing from the floors above.

pub mod actor;
pub mod filter;
pub mod form;
pub mod geometry;
pub mod list;
pub mod location_query;
pub mod paging;
pub mod problem;
pub mod read;
pub mod time;
pub mod utm;
