//! Observations: by hand, and the series of sensors left in place with the blocks that they are reviewed in.

pub mod block;
pub mod manual;
pub mod transducer;
