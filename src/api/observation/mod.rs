//! `/observation`

pub mod manual;
pub mod transducer;
pub mod upload;
