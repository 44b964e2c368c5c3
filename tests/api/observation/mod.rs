//! `/observation`

mod block;
mod level_sheet;
mod manual;
mod transducer;
