//! Observations: by hand, and the series of sensors left in place.

pub mod manual;
pub mod transducer;
pub mod upload;
