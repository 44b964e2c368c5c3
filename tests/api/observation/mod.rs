//! `/observation`

mod block;
pub mod level_sheet;
mod manual;
mod transducer;
