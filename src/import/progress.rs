//! How far an import is, drawn on standard error when that is a terminal.

use indicatif::{ProgressBar, ProgressStyle};

/// A progress bar; invisible when nobody watches.
#[derive(Clone)]
pub(in crate::import) struct Progress(ProgressBar);

impl Progress {
    /// Nothing under way yet.
    pub(in crate::import) fn new() -> Self {
        let bar = ProgressBar::new(0);
        if let Ok(style) = ProgressStyle::with_template("{msg:14} {wide_bar} {percent:>3} % {elapsed_precise}") {
            bar.set_style(style);
        }
        Self(bar)
    }

    /// Begins a stage with so many steps.
    pub(in crate::import) fn stage(&self, name: &'static str, steps: u64) {
        self.0.reset();
        self.0.set_message(name);
        self.0.set_length(steps);
    }

    /// So many more steps are done.
    pub(in crate::import) fn advance(&self, steps: u64) {
        self.0.inc(steps);
    }

    /// So many steps are done in all.
    pub(in crate::import) fn at(&self, step: u64) {
        self.0.set_position(step);
    }

    /// Runs `write` while the bar is out of its way.
    pub(in crate::import) fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        self.0.suspend(write)
    }

    /// Takes the bar away.
    pub(in crate::import) fn finish(&self) {
        self.0.finish_and_clear();
    }
}
