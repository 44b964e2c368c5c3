//! Light jobs go first.
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
pub(in crate::db) struct Priority {
    light: Mutex<usize>,
    none_left: Condvar,
}

/// A light job under way, until dropped.
pub(in crate::db) struct UnderWay(Arc<Priority>);

impl Priority {
    /// Notes that a light job is under way, from the moment that it was asked for.
    pub(in crate::db) fn light_job(self: &Arc<Self>) -> UnderWay {
        *self.light.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        UnderWay(Arc::clone(self))
    }

    /// Waits until no light job is under way, for a bounded time. Blocking.
    pub(in crate::db) fn let_light_work_go_first(&self) {
        self.wait_for_light_work(LONGEST_PAUSE);
    }

    fn wait_for_light_work(&self, longest: Duration) {
        let light = self.light.lock().unwrap_or_else(PoisonError::into_inner);
        if *light > 0 {
            drop(self.none_left.wait_timeout_while(light, longest, |light| *light > 0));
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
mod tests {
    use std::time::Instant;

    use super::*;

    #[test]
    fn a_heavy_job_does_not_wait_for_ever() {
        let priority = Arc::new(Priority::default());
        let _light = priority.light_job();
        let began = Instant::now();
        priority.let_light_work_go_first();
        assert!(began.elapsed() >= LONGEST_PAUSE);
    }

    #[test]
    fn a_heavy_job_goes_on_when_the_last_light_one_ends() {
        let priority = Arc::new(Priority::default());
        let (one, other) = (priority.light_job(), priority.light_job());
        let heavy = Arc::clone(&priority);
        let began = Instant::now();
        // Far longer than the test may take: only the notification ends it in time.
        let waiting = std::thread::spawn(move || heavy.wait_for_light_work(Duration::from_secs(60)));
        drop(one);
        assert!(!waiting.is_finished());
        drop(other);
        assert!(waiting.join().is_ok());
        assert!(began.elapsed() < Duration::from_secs(30));
    }
}
