//! `/observation`

mod block;
mod manual;
mod transducer;
