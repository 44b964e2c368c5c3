//! `/asset`: records of files, and the files themselves.

pub mod file;
pub mod record;
