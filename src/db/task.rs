//! One job on its way over a blocking thread: checkout, run, judge the error, render.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::courtesy::Courtesy;
use super::dialect::{self, Connection};
use super::executor::{Done, Timing, Weight};
use super::pool::Lane;
use super::refusal::{JobError, Refusal};
use super::sizing::Sizing;

/// What a job does to the database.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// May be run once more when its connection is gone, and gives way to light jobs when it is heavy.
    Read,
    /// Neither: it may have been committed, and it holds locks.
    Write,
}

/// The job's own error, or the executor's.
pub(super) enum Failure<E> {
    Job(E),
    Refused(Refusal),
}

/// What goes to the blocking thread.
pub(super) struct Task {
    pub(super) lane: Arc<Lane>,
    pub(super) sizing: Sizing,
    pub(super) weight: Weight,
    pub(super) courtesy: Arc<Courtesy>,
    pub(super) kind: Kind,
}

impl Task {
    pub(super) fn run<T, R, E: JobError>(
        self,
        mut job: impl FnMut(&mut Connection) -> Result<T, E>,
        render: impl FnOnce(T) -> R,
    ) -> Done<R, Failure<E>> {
        let mut timing = Timing::default();
        let mut result = self.attempt(&mut job, &mut timing);
        if self.kind == Kind::Read
            && matches!(result, Err(Failure::Refused(Refusal::Unavailable)) if timing.queries > 0)
        {
            result = self.attempt(&mut job, &mut timing);
        }
        if self.gives_way() {
            self.courtesy.give_way();
        }
        let started = Instant::now();
        let result = result.and_then(|value| guarded(|| render(value)).map_err(Failure::Refused));
        timing.serialise = started.elapsed();
        Done { result, timing }
    }

    /// Where heavy jobs may hold every connection, the light ones wait for them, and a pause would be for nobody's good.
    fn gives_way(&self) -> bool {
        self.kind == Kind::Read && self.weight != Weight::Light && self.sizing.heavy_permits < self.lane.size()
    }

    fn attempt<T, E: JobError>(
        &self,
        job: &mut impl FnMut(&mut Connection) -> Result<T, E>,
        timing: &mut Timing,
    ) -> Result<T, Failure<E>> {
        let started = Instant::now();
        let mut tracked = self.lane.checkout(self.sizing.checkout_timeout).map_err(Failure::Refused)?;
        timing.checkout += started.elapsed();
        tracked.set_giving_way(self.gives_way());
        let before = tracked.queries();
        let started = Instant::now();
        let result = guarded(|| job(&mut tracked.conn));
        let took = started.elapsed();
        timing.query += took;
        timing.queries += tracked.queries() - before;
        match result {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => {
                let refusal = self.verdict(&error, took);
                tracked.broken = matches!(refusal, Some(Refusal::Unavailable));
                Err(refusal.map_or(Failure::Job(error), Failure::Refused))
            }
            Err(refusal) => {
                // Nobody knows what the panic left half done on this connection.
                tracked.broken = true;
                Err(Failure::Refused(refusal))
            }
        }
    }

    /// Errors that are about the database's state rather than about the job.
    fn verdict<E: JobError>(&self, error: &E, took: Duration) -> Option<Refusal> {
        let error = error.database_error()?;
        if dialect::is_closed(error) {
            log::warn!("connection lost: {error}");
            return Some(Refusal::Unavailable);
        }
        if dialect::is_cancelled(error, took >= self.sizing.statement_timeout) {
            log::warn!("statement cancelled after {} ms: {error}", took.as_millis());
            return Some(Refusal::Deadline);
        }
        None
    }
}

/// Turns a panic into a refusal; its message goes to the log by the panic hook.
pub(super) fn guarded<T>(job: impl FnOnce() -> T) -> Result<T, Refusal> {
    catch_unwind(AssertUnwindSafe(job)).map_err(|_payload| Refusal::Panicked)
}

/// The one place that uses the blocking pool.
#[expect(clippy::disallowed_methods, reason = "this is the executor that all others must use")]
pub(super) async fn on_blocking_thread<T: Send + 'static>(
    job: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Refusal> {
    // The thread pool refuses only when the runtime goes down.
    actix_web::web::block(job).await.map_err(|_cancelled| Refusal::ShuttingDown)
}
