//! The executor: the only way to the database, and the only caller of `web::block`.
//!
//! A handler says `executor.read("list_locations", |conn| ...)`. The call takes a permit (or is refused, at once or after
//! a bounded wait), moves it into the closure, and runs the closure on a blocking thread with a connection of its own.
//! Holding a permit guarantees a thread and a connection: see [`super::Sizing`].

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::courtesy::Courtesy;
use super::dialect::{self, Access, Connection, SessionLimits, Target};
use super::pool::{Gate, Lane, LaneState, Rules};
use super::refusal::{JobError, Refusal};
use super::sizing::Sizing;
use super::task::{Failure, Kind, Task, guarded, on_blocking_thread};

/// How heavy a job is: heavy ones pass a second, smaller gate first, so that they never hold every connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// An ordinary request.
    Light,
    /// A large page, an export, an import.
    Heavy,
    /// As heavy: more of an answer that has begun. It is admitted even while shutting down.
    Continued,
}

/// How long the parts of a job took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timing {
    /// Waiting for permits.
    pub wait: Duration,
    /// Taking the connection.
    pub checkout: Duration,
    /// The job's own time with the connection; of a heavy read, also its pauses for light jobs.
    pub query: Duration,
    /// Turning the result into the answer's bytes.
    pub serialise: Duration,
    /// Statements sent.
    pub queries: u64,
}

/// A job's result with its timing; the timing is there for failed jobs too.
#[derive(Debug)]
pub struct Done<T, E> {
    /// What the job returned, or why it was not run.
    pub result: Result<T, E>,
    /// How long it took.
    pub timing: Timing,
}

/// Receives what the executor does, for metrics. Implemented by `telemetry`.
pub trait Observer: Send + Sync + 'static {
    /// A job ended.
    fn finished(&self, operation: &'static str, timing: &Timing);
    /// A job was refused or cut off.
    fn refused(&self, operation: &'static str, refusal: &Refusal);
}

/// Runs jobs on the database. Cheap to clone.
#[derive(Clone)]
pub struct Executor {
    inner: Arc<Inner>,
}

/// What a job holds while it runs.
struct Permits {
    _lane: OwnedSemaphorePermit,
    _heavy: Option<OwnedSemaphorePermit>,
}

struct Inner {
    reads: Arc<Lane>,
    writes: Arc<Lane>,
    heavy: Arc<Semaphore>,
    heavy_gate: Gate,
    extra: Arc<Semaphore>,
    extra_gate: Gate,
    courtesy: Arc<Courtesy>,
    sizing: Sizing,
    /// Without permits; it only tells those who wait that it is closed.
    closing: Semaphore,
    alive: AtomicBool,
    observer: Box<dyn Observer>,
}

impl Executor {
    /// Makes the pools. No connection is needed yet: [`Self::self_test`] asks for them.
    pub fn new(primary: &Target, replica: Option<&Target>, sizing: &Sizing, observer: Box<dyn Observer>) -> Self {
        let limits =
            SessionLimits { statement_timeout: sizing.statement_timeout, connect_timeout: sizing.checkout_timeout };
        let courtesy = Arc::new(Courtesy::default());
        let rules = Rules { limits, queue_limit: sizing.queue_limit, courtesy: Arc::clone(&courtesy) };
        let lane = |name, target, access, size| Arc::new(Lane::new(name, target, access, size, rules.clone()));
        let writes = lane("write", primary, Access::Write, sizing.write_permits);
        let reads = if sizing.lanes_split {
            lane("read", replica.unwrap_or(primary), Access::Read, sizing.read_permits)
        } else {
            Arc::clone(&writes)
        };
        Self {
            inner: Arc::new(Inner {
                reads,
                writes,
                heavy: Arc::new(Semaphore::new(sizing.heavy_permits)),
                heavy_gate: Gate::new(sizing.queue_limit),
                extra: Arc::new(Semaphore::new(sizing.extra_permits)),
                extra_gate: Gate::new(sizing.queue_limit),
                courtesy,
                sizing: sizing.clone(),
                closing: Semaphore::new(0),
                alive: AtomicBool::new(true),
                observer,
            }),
        }
    }

    /// Runs `job` on one snapshot of the database (the replica, if there is one), then `render` on its result
    /// after the connection went back. A job that finds its connection gone is run once more.
    pub async fn read<T, R, E>(
        &self,
        operation: &'static str,
        weight: Weight,
        job: impl Fn(&mut Connection) -> Result<T, E> + Send + 'static,
        render: impl FnOnce(T) -> R + Send + 'static,
    ) -> Done<R, E>
    where
        T: 'static,
        R: Send + 'static,
        E: JobError,
    {
        let attempt = move |conn: &mut Connection| dialect::read_transaction(conn, |conn| job(conn));
        self.run(operation, &self.inner.reads, weight, Kind::Read, attempt, render).await
    }

    /// Runs `job` in a write transaction: committed when it returns `Ok`, rolled back otherwise. Never repeated.
    pub async fn write<T, R, E>(
        &self,
        operation: &'static str,
        job: impl FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
        render: impl FnOnce(T) -> R + Send + 'static,
    ) -> Done<R, E>
    where
        T: 'static,
        R: Send + 'static,
        E: JobError,
    {
        self.run_write(operation, Weight::Light, job, render).await
    }

    /// As [`Self::write`], for imports and other large writes: takes the heavy lane.
    pub async fn bulk<T, R, E>(
        &self,
        operation: &'static str,
        job: impl FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
        render: impl FnOnce(T) -> R + Send + 'static,
    ) -> Done<R, E>
    where
        T: 'static,
        R: Send + 'static,
        E: JobError,
    {
        self.run_write(operation, Weight::Heavy, job, render).await
    }

    async fn run_write<T, R, E>(
        &self,
        operation: &'static str,
        weight: Weight,
        job: impl FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
        render: impl FnOnce(T) -> R + Send + 'static,
    ) -> Done<R, E>
    where
        T: 'static,
        R: Send + 'static,
        E: JobError,
    {
        let mut job = Some(job);
        let once = move |conn: &mut Connection| match job.take() {
            Some(job) => dialect::write_transaction(conn, job),
            None => Err(Refusal::Unavailable.into()),
        };
        self.run(operation, &self.inner.writes, weight, Kind::Write, once, render).await
    }

    /// Runs blocking work that needs no connection (files, hashing) on its own few permits.
    pub async fn blocking<T, E>(
        &self,
        operation: &'static str,
        weight: Weight,
        job: impl FnOnce() -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: JobError,
    {
        let entering = self.inner.extra_gate.enter(&self.inner.extra, self.inner.sizing.queue_timeout);
        let admitted = self.unless_closing(weight, entering).await;
        let outcome = match admitted {
            Err(refusal) => Err(refusal),
            Ok(permit) => on_blocking_thread(move || {
                let _permit = permit;
                guarded(job)
            })
            .await
            .and_then(|result| result),
        };
        outcome.unwrap_or_else(|refusal| {
            self.inner.observer.refused(operation, &refusal);
            Err(refusal.into())
        })
    }

    async fn run<T, R, E>(
        &self,
        operation: &'static str,
        lane: &Arc<Lane>,
        weight: Weight,
        kind: Kind,
        job: impl FnMut(&mut Connection) -> Result<T, E> + Send + 'static,
        render: impl FnOnce(T) -> R + Send + 'static,
    ) -> Done<R, E>
    where
        T: 'static,
        R: Send + 'static,
        E: JobError,
    {
        let asked = Instant::now();
        let under_way = (weight == Weight::Light).then(|| self.inner.courtesy.light_job());
        let admitted = self.unless_closing(weight, self.admit(lane, weight)).await;
        let wait = asked.elapsed();
        let outcome = match admitted {
            Err(refusal) => Err(refusal),
            Ok(permits) => {
                let courtesy = Arc::clone(&self.inner.courtesy);
                let task = Task { lane: Arc::clone(lane), sizing: self.inner.sizing.clone(), weight, courtesy, kind };
                on_blocking_thread(move || {
                    // Dropped last: whatever becomes of the request, the permit is held while the job runs.
                    let _permits = permits;
                    let _under_way = under_way;
                    task.run(job, render)
                })
                .await
            }
        };
        let mut done = match outcome {
            Ok(done) => done,
            Err(refusal) => Done { result: Err(Failure::Refused(refusal)), timing: Timing::default() },
        };
        done.timing.wait = wait;
        self.inner.observer.finished(operation, &done.timing);
        let result = done.result.map_err(|failure| match failure {
            Failure::Job(error) => error,
            Failure::Refused(refusal) => {
                self.inner.observer.refused(operation, &refusal);
                refusal.into()
            }
        });
        Done { result, timing: done.timing }
    }

    /// Waits for what `admitting` waits for, unless the server shuts down first and the answer has not begun.
    async fn unless_closing<T>(
        &self,
        weight: Weight,
        admitting: impl Future<Output = Result<T, Refusal>>,
    ) -> Result<T, Refusal> {
        if weight == Weight::Continued {
            return admitting.await;
        }
        tokio::select! {
            biased;
            _ = self.inner.closing.acquire() => Err(Refusal::ShuttingDown),
            admitted = admitting => admitted,
        }
    }

    async fn admit(&self, lane: &Lane, weight: Weight) -> Result<Permits, Refusal> {
        let longest = self.inner.sizing.queue_timeout;
        let heavy = match weight {
            Weight::Light => None,
            Weight::Heavy | Weight::Continued => Some(self.inner.heavy_gate.enter(&self.inner.heavy, longest).await?),
        };
        Ok(Permits { _lane: lane.admit(longest).await?, _heavy: heavy })
    }

    /// Asks the read connections for a sign of life without ever waiting for a permit: when all are busy, the database
    /// was alive a moment ago, and the last answer stands.
    pub async fn probe(&self) -> bool {
        let Ok(permit) = self.inner.reads.try_admit() else {
            return self.inner.alive.load(Ordering::Acquire);
        };
        let lane = Arc::clone(&self.inner.reads);
        let longest = self.inner.sizing.checkout_timeout;
        let answered = on_blocking_thread(move || {
            let _permit = permit;
            let mut conn = lane.checkout(longest)?;
            dialect::ping(&mut conn.conn).map_err(|error| {
                conn.broken = true;
                log::warn!("readiness: {error}");
                Refusal::Unavailable
            })
        })
        .await;
        let alive = matches!(answered, Ok(Ok(())));
        self.inner.alive.store(alive, Ordering::Release);
        alive
    }

    /// Refuses everybody who waits or comes from now on; running jobs and answers that have begun go on.
    pub fn close(&self) {
        self.inner.closing.close();
    }

    /// True once [`Self::close`] was called.
    pub fn is_closing(&self) -> bool {
        self.inner.closing.is_closed()
    }

    /// The lanes at this moment; one line where reads and writes share theirs.
    pub fn lanes(&self) -> Vec<LaneState> {
        let mut lanes = vec![self.inner.writes.state()];
        if self.inner.sizing.lanes_split {
            lanes.push(self.inner.reads.state());
        }
        let size = self.inner.sizing.heavy_permits;
        let in_use = size.saturating_sub(self.inner.heavy.available_permits());
        lanes.push(LaneState { name: "heavy", size, in_use, waiting: self.inner.heavy_gate.waiting() });
        lanes
    }

    /// The effective sizes.
    pub fn sizing(&self) -> &Sizing {
        &self.inner.sizing
    }

    /// Takes every connection of every lane at once, and so proves that as many jobs as permits can run together.
    /// Blocking: for the start, before there is an event loop.
    pub fn self_test(&self) -> Result<usize, Refusal> {
        let mut taken = Vec::new();
        let mut lanes = vec![&self.inner.writes];
        if self.inner.sizing.lanes_split {
            lanes.push(&self.inner.reads);
        }
        for lane in lanes {
            for _ in 0..lane.size() {
                let mut conn = lane.checkout(self.inner.sizing.checkout_timeout)?;
                dialect::ping(&mut conn.conn).map_err(|error| {
                    log::error!("self-test: {error}");
                    Refusal::Unavailable
                })?;
                taken.push(conn);
            }
        }
        Ok(taken.len())
    }

    /// As [`Self::admin_blocking`], on a connection for reads: the replica's, where there is one.
    pub fn read_blocking<T, E: JobError>(&self, job: impl FnOnce(&mut Connection) -> Result<T, E>) -> Result<T, E> {
        let mut conn = self.inner.reads.checkout(self.inner.sizing.checkout_timeout)?;
        job(&mut conn.conn)
    }

    /// Runs `job` in a write transaction on the calling thread: for the start and the command line, never for requests.
    pub fn write_blocking<T, E: JobError>(&self, job: impl FnOnce(&mut Connection) -> Result<T, E>) -> Result<T, E> {
        let mut conn = self.inner.writes.checkout(self.inner.sizing.checkout_timeout)?;
        dialect::write_transaction(&mut conn.conn, job)
    }

    /// Runs `job` on a bare connection on the calling thread: for migrations, which make their own transactions.
    pub fn admin_blocking<T, E: JobError>(&self, job: impl FnOnce(&mut Connection) -> Result<T, E>) -> Result<T, E> {
        let mut conn = self.inner.writes.checkout(self.inner.sizing.checkout_timeout)?;
        job(&mut conn.conn)
    }
}
