//! Observations: by hand, and the series of sensors left in place.

pub mod level_sheet;
pub mod manual;
pub mod transducer;
