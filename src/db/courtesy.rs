//! Heavy jobs give way to light ones.
//!
//! Permits bound how many heavy jobs there are, but even two of them can keep two cores busy. So before each of its statements
//! a heavy job looks whether light jobs are under way, and lets them go first, for a bounded time: heavy work takes all of the
//! machine while nobody else wants it, goes slower while others do, and never starves.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// The longest pause before one statement.
const LONGEST_PAUSE: Duration = Duration::from_millis(4);

/// Who is under way. Shared by all lanes of an executor.
#[derive(Default)]
pub(super) struct Courtesy {
    light: Mutex<usize>,
    none_left: Condvar,
}

/// A light job under way, until dropped.
pub(super) struct UnderWay(Arc<Courtesy>);

impl Courtesy {
    /// Notes that a light job is under way, from the moment that it was asked for.
    pub(super) fn light_job(self: &Arc<Self>) -> UnderWay {
        *self.light.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        UnderWay(Arc::clone(self))
    }

    /// Waits until no light job is under way, but not for long. Blocking.
    pub(super) fn give_way(&self) {
        let light = self.light.lock().unwrap_or_else(PoisonError::into_inner);
        if *light > 0 {
            drop(self.none_left.wait_timeout_while(light, LONGEST_PAUSE, |light| *light > 0));
        }
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut light = self.0.light.lock().unwrap_or_else(PoisonError::into_inner);
        *light -= 1;
        if *light == 0 {
            self.0.none_left.notify_all();
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::time::Instant;

    use super::*;

    #[test]
    fn heavy_statements_wait_for_light_jobs_but_not_for_ever() {
        let courtesy = Arc::new(Courtesy::default());
        courtesy.give_way();
        let (one, other) = (courtesy.light_job(), courtesy.light_job());
        drop(one);
        let began = Instant::now();
        courtesy.give_way();
        assert!(began.elapsed() >= LONGEST_PAUSE);
        drop(other);
        assert_eq!(*courtesy.light.lock().unwrap(), 0);
    }
}
