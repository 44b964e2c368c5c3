//! The command line.

mod args;
mod assets;
mod commands;
mod import;
mod interrupt;
mod key;
mod output;

pub use args::Cli;
pub use commands::run;
