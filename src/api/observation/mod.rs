//! `/observation`

pub mod manual;
pub mod transducer;
