//! Time and space.

pub mod geometry;
pub mod time;
pub mod utm;
