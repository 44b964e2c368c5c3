//! The command line.

mod args;
mod commands;
mod import;

pub use args::Cli;
pub use commands::run;
