//! What all commands print with.

use std::error::Error;
use std::io::Write as _;

/// A command's end; the error's text is for the terminal.
pub(super) type Outcome = Result<(), Box<dyn Error>>;

/// Prints to standard output, and says so when that is gone.
pub(super) fn print(text: &str) -> Outcome {
    std::io::stdout().lock().write_all(text.as_bytes())?;
    Ok(())
}
