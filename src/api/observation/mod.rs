//! `/observation`

pub mod level_sheet;
pub mod manual;
pub mod transducer;
