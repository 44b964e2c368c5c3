//! Time and space.

pub mod decimals;
pub mod geometry;
pub mod local_time;
pub mod region;
pub mod time;
pub mod utm;
