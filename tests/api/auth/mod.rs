//! Who asks.

mod keys;
