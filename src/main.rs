//! The `ocotillo` program. Everything is in the library.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;
use ocotillo::cli::{Cli, run};

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // The cause is the last line: what threads in the background would still log is not the reason.
            log::set_max_level(log::LevelFilter::Off);
            // Nothing is left to tell when standard error is gone too.
            let _unwritable = writeln!(std::io::stderr(), "ocotillo: {error}");
            ExitCode::FAILURE
        }
    }
}
