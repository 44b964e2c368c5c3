//! What all commands print with.

use std::error::Error;
use std::io::Write as _;

/// A command's end; the error's text is for the terminal.
pub(in crate::cli) type Outcome = Result<(), Box<dyn Error>>;

/// Prints to standard output, and says so when that is gone.
pub(in crate::cli) fn print(text: &str) -> Outcome {
    std::io::stdout().lock().write_all(text.as_bytes())?;
    Ok(())
}
