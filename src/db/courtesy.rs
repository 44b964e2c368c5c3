//! Heavy jobs give way to light ones.
//!
//! Permits bound how many heavy jobs there are, but even two of them can keep two cores busy. So while there is light work
//! about, half of the heavy jobs stay back, and those that run look before each of their statements whether light jobs are
//! under way and let them go first. Both for a bounded time: heavy work takes all of the machine while nobody else wants it,
//! goes slower while others do, and never starves.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The longest pause before one statement.
const LONGEST_PAUSE: Duration = Duration::from_millis(4);
/// The longest wait for another heavy job.
const LONGEST_STAY: Duration = Duration::from_millis(50);
/// How long after a light job another one is expected.
const LIGHT_ABOUT: Duration = Duration::from_millis(100);

/// Who is under way. Shared by all lanes of an executor.
pub(super) struct Courtesy {
    light: Mutex<Light>,
    none_left: Condvar,
    heavy: Arc<Semaphore>,
}

#[derive(Default)]
struct Light {
    under_way: usize,
    last_ended: Option<Instant>,
}

/// A light job under way, until dropped.
pub(super) struct UnderWay(Arc<Courtesy>);

impl Courtesy {
    /// For so many heavy jobs at once.
    pub(super) fn new(heavy_permits: usize) -> Self {
        let half = (heavy_permits / 2).max(1);
        Self { light: Mutex::default(), none_left: Condvar::new(), heavy: Arc::new(Semaphore::new(half)) }
    }

    /// Notes that a light job is under way, from the moment that it was asked for.
    pub(super) fn light_job(self: &Arc<Self>) -> UnderWay {
        self.light.lock().unwrap_or_else(PoisonError::into_inner).under_way += 1;
        UnderWay(Arc::clone(self))
    }

    /// Before a heavy job begins: while there is light work about, it stays back as long as half of the heavy jobs that there
    /// may be are running, but not for long. To be held while it runs.
    pub(super) async fn stay_back(&self) -> Option<OwnedSemaphorePermit> {
        if !self.is_light_about() {
            return None;
        }
        let turn = Arc::clone(&self.heavy).acquire_owned();
        tokio::time::timeout(LONGEST_STAY, turn).await.ok()?.ok()
    }

    fn is_light_about(&self) -> bool {
        let light = self.light.lock().unwrap_or_else(PoisonError::into_inner);
        light.under_way > 0 || light.last_ended.is_some_and(|ended| ended.elapsed() < LIGHT_ABOUT)
    }

    /// Waits until no light job is under way, but not for long. Blocking.
    pub(super) fn give_way(&self) {
        let light = self.light.lock().unwrap_or_else(PoisonError::into_inner);
        if light.under_way > 0 {
            drop(self.none_left.wait_timeout_while(light, LONGEST_PAUSE, |light| light.under_way > 0));
        }
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut light = self.0.light.lock().unwrap_or_else(PoisonError::into_inner);
        light.under_way -= 1;
        light.last_ended = Some(Instant::now());
        if light.under_way == 0 {
            self.0.none_left.notify_all();
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn heavy_statements_wait_for_light_jobs_but_not_for_ever() {
        let courtesy = Arc::new(Courtesy::new(2));
        courtesy.give_way();
        let (one, other) = (courtesy.light_job(), courtesy.light_job());
        drop(one);
        let began = Instant::now();
        courtesy.give_way();
        assert!(began.elapsed() >= LONGEST_PAUSE);
        drop(other);
        assert_eq!(courtesy.light.lock().unwrap().under_way, 0);
    }

    #[tokio::test]
    async fn half_of_the_heavy_jobs_stay_back_while_light_work_is_about() {
        let courtesy = Arc::new(Courtesy::new(4));
        assert!(courtesy.stay_back().await.is_none(), "nobody is there");
        let light = courtesy.light_job();
        let turns = (courtesy.stay_back().await, courtesy.stay_back().await);
        assert!(turns.0.is_some() && turns.1.is_some());
        let began = Instant::now();
        assert!(courtesy.stay_back().await.is_none(), "the third goes on without a turn");
        assert!(began.elapsed() >= LONGEST_STAY);
        drop(light);
        assert!(courtesy.is_light_about(), "another light job may follow");
    }
}
