//! The command line.

mod args;
mod commands;
mod import;
mod output;

pub use args::Cli;
pub use commands::run;
