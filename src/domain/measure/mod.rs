//! Time and space.

pub mod decimals;
pub mod geometry;
pub mod region;
pub mod time;
pub mod utm;
