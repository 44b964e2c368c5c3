//! The executor: the only way to the database, and the only caller of `web::block`.
//!
//! A handler says `executor.read(ask, prepare, |session, ...| ..., render)`. The call takes a permit (or is refused, at once or after
//! a bounded wait), moves it into the closure, and runs the job on a blocking thread with a connection of its own.
//! Holding a permit guarantees a thread and a connection: see [`crate::db::Sizing`].

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::db::cancel::Waiting;
use crate::db::dialect;
use crate::db::dialect::{Access, Connection, Doing, NoConnection, SessionLimits, Target};
use crate::db::link::Link;
use crate::db::pool::{Gate, Lane, LaneState, Rules};
use crate::db::priority::Priority;
use crate::db::refusal::{JobError, Refusal};
use crate::db::session::{Asker, Session, WriteSession};
use crate::db::sizing::Sizing;
use crate::db::task::{Done, Task, Timing, Work, guarded, on_blocking_thread, reading, writing};
use crate::domain::request::id::OnThread;

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

/// What a job is, and for whom.
#[derive(Clone, Debug)]
pub struct Ask {
    /// The operation's name, for metrics.
    pub operation: &'static str,
    /// How heavy it is.
    pub weight: Weight,
    /// On whose behalf.
    pub asker: Asker,
    /// A read that must see everything that was committed before, and so never runs on a replica.
    pub current: bool,
}

/// What is known of the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DatabaseHealth {
    /// It answers, or did a moment ago.
    Ok,
    /// It does not answer.
    Unavailable,
    /// It answers, but some of its pages turned out to be damaged.
    Corrupt,
}

/// How long a running read may still come to its end once the database is known to be gone.
const GRACE: Duration = Duration::from_millis(250);

/// How long idle and busy connections are given to be closed at the end.
const CLOSING: Duration = Duration::from_secs(2);

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
    /// For reads that must see what was committed last: not those of a replica.
    current: Arc<Lane>,
    heavy: Arc<Semaphore>,
    heavy_gate: Gate,
    extra: Arc<Semaphore>,
    extra_gate: Gate,
    priority: Arc<Priority>,
    sizing: Sizing,
    /// Without permits; it only tells those who wait that it is closed.
    closing: Semaphore,
    observer: Box<dyn Observer>,
}

impl Executor {
    /// Makes the pools. No connection is needed yet: [`Self::self_test`] asks for them.
    pub fn new(primary: &Target, replica: Option<&Target>, sizing: &Sizing, observer: Box<dyn Observer>) -> Self {
        let limits =
            SessionLimits { statement_timeout: sizing.statement_timeout, connect_timeout: sizing.checkout_timeout };
        let priority = Arc::new(Priority::default());
        let rules = Rules {
            queue_limit: sizing.queue_limit,
            doubt_after: sizing.checkout_timeout.min(sizing.statement_timeout),
            stalled_after: sizing.statement_timeout,
            priority: Arc::clone(&priority),
        };
        let lane = |name, link: &_, access, size| Arc::new(Lane::new(name, link, access, size, rules.clone()));
        let link = Link::new(primary, limits);
        let writes = lane("write", &link, Access::Write, sizing.write_permits);
        let reads = if sizing.lanes_split {
            let link = replica.map_or(link, |replica| Link::new(replica, limits));
            lane("read", &link, Access::Read, sizing.read_permits)
        } else {
            Arc::clone(&writes)
        };
        let current = Arc::clone(if replica.is_some() { &writes } else { &reads });
        Self {
            inner: Arc::new(Inner {
                current,
                reads,
                writes,
                heavy: Arc::new(Semaphore::new(sizing.heavy_permits)),
                heavy_gate: Gate::new(sizing.queue_limit),
                extra: Arc::new(Semaphore::new(sizing.extra_permits)),
                extra_gate: Gate::new(sizing.queue_limit),
                priority,
                sizing: sizing.clone(),
                closing: Semaphore::new(0),
                observer,
            }),
        }
    }

    /// Makes the first connection to each database. Blocking; nothing else works before. The error names the database.
    pub fn reach(&self) -> Result<(), (Target, NoConnection)> {
        for lane in self.inner.lanes() {
            let link = lane.link();
            link.reach().map_err(|cause| (link.target().clone(), cause))?;
        }
        Ok(())
    }

    /// Closes all connections, and brings what SQLite keeps beside its file into it. Blocking, for a bounded time; jobs find
    /// no connection afterwards.
    pub fn finish(&self) {
        self.inner.finish();
    }

    /// Runs a job that reads (on the replica if there is one, unless it asks for what is current). `prepare` reads the
    /// request, before there is a connection; `render` makes the answer's bytes of what came out, whether good or bad. A job
    /// that finds its connection gone is run once more.
    pub fn read<P, T, R, E: JobError>(
        &self,
        ask: Ask,
        prepare: impl Fn() -> Result<P, E> + Send + 'static,
        job: impl Fn(&mut Session<'_>, P) -> Result<T, E> + Send + 'static,
        render: impl FnOnce(Result<T, E>) -> R + Send + 'static,
    ) -> impl Future<Output = Done<R>>
    where
        P: Send + 'static,
        T: Send + 'static,
        R: Send + 'static,
    {
        let lane = if ask.current { &self.inner.current } else { &self.inner.reads };
        self.run(lane, ask, reading(prepare, job, render))
    }

    /// Runs a job in a write transaction: committed when it returns `Ok`, rolled back otherwise. It is run once more only
    /// where the database ended it because it met another transaction.
    pub fn write<P, T, R, E: JobError>(
        &self,
        ask: Ask,
        prepare: impl Fn() -> Result<P, E> + Send + 'static,
        job: impl Fn(&mut WriteSession<'_>, P) -> Result<T, E> + Send + 'static,
        render: impl FnOnce(Result<T, E>) -> R + Send + 'static,
    ) -> impl Future<Output = Done<R>>
    where
        P: Send + 'static,
        T: Send + 'static,
        R: Send + 'static,
    {
        self.run(&self.inner.writes, ask, writing(prepare, job, render))
    }

    /// Runs blocking work that needs no connection (files, hashing) on its own few permits.
    pub async fn blocking<T, E>(&self, ask: Ask, job: impl FnOnce() -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: JobError,
    {
        let outcome = match self.enter_extra(ask.weight).await {
            Err(refusal) => Err(refusal),
            Ok(permit) => on_blocking_thread(move |answer| {
                let _permit = permit;
                let _on_behalf = OnThread::enter(ask.asker.request_id);
                // Nobody receives the answer when the client has gone.
                let _hung_up = answer.send(guarded(job));
            })
            .await
            .and_then(|result| result),
        };
        outcome.unwrap_or_else(|refusal| {
            self.inner.observer.refused(ask.operation, &refusal);
            Err(refusal.into())
        })
    }

    /// A permit for work that blocks a thread of its own accord, one at a time, as `object_store` does with files: it counts as
    /// [`Self::blocking`] work. To be held until the work has ended, whether or not anybody waits for it.
    pub async fn extra(&self, ask: &Ask) -> Result<OwnedSemaphorePermit, Refusal> {
        let admitted = self.enter_extra(ask.weight).await;
        admitted.inspect_err(|refusal| self.inner.observer.refused(ask.operation, refusal))
    }

    async fn enter_extra(&self, weight: Weight) -> Result<OwnedSemaphorePermit, Refusal> {
        let entering = self.inner.extra_gate.enter(&self.inner.extra, self.inner.sizing.queue_timeout);
        self.unless_closing(weight, entering).await
    }

    async fn run<R: Send + 'static>(&self, lane: &Arc<Lane>, ask: Ask, work: Box<dyn Work<R>>) -> Done<R> {
        let Ask { operation, weight, asker, current: _ } = ask;
        let asked = Instant::now();
        let heavy = weight != Weight::Light;
        let under_way = (!heavy).then(|| self.inner.priority.light_job());
        let admitted = self.unless_closing(weight, self.admit(lane, weight)).await;
        let wait = asked.elapsed();
        let waiting = Waiting::new(lane.canceller());
        let outcome = match admitted {
            Err(refusal) => Err(refusal),
            Ok(permits) => {
                let priority = Arc::clone(&self.inner.priority);
                let reads = work.doing() == Doing::Reading;
                let sizing = self.inner.sizing.clone();
                let reader = Arc::clone(&waiting.reader);
                let task = Task { lane: Arc::clone(lane), sizing, heavy, priority, asker, reader };
                let running = on_blocking_thread(move |answer| {
                    // Dropped last: whatever becomes of the request, the permit is held while the job runs.
                    let _permits = permits;
                    let _under_way = under_way;
                    task.run(work, answer);
                });
                if reads {
                    // It may hang for as long as the link takes to break, but nobody has to wait for that.
                    tokio::select! {
                        biased;
                        done = running => done,
                        () = stays_gone(lane.link()) => Err(Refusal::Unavailable),
                    }
                } else {
                    running.await
                }
            }
        };
        let mut done = outcome.unwrap_or_else(|refusal| Done { result: Err(refusal), timing: Timing::default() });
        done.timing.wait = wait;
        self.inner.observer.finished(operation, &done.timing);
        if let Err(refusal) = &done.result {
            self.inner.observer.refused(operation, refusal);
        }
        done
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

    /// Asks the read connections for a sign of life without ever waiting for a permit: when all are busy, it counts when
    /// a statement last came back.
    pub async fn probe(&self) -> DatabaseHealth {
        let lanes = self.inner.lanes();
        if lanes.iter().any(|lane| lane.link().is_damaged()) {
            return DatabaseHealth::Corrupt;
        }
        if lanes.iter().any(|lane| lane.is_stalled() || lane.link().is_gone()) {
            return DatabaseHealth::Unavailable;
        }
        let Ok(permit) = self.inner.reads.try_admit() else { return DatabaseHealth::Ok };
        let lane = Arc::clone(&self.inner.reads);
        let longest = self.inner.sizing.checkout_timeout;
        let asked = on_blocking_thread(move |answer| {
            let _permit = permit;
            let pinged = lane.checkout(longest).is_ok_and(|mut conn| match dialect::ping(&mut conn.conn) {
                Ok(()) => true,
                Err(error) => {
                    conn.broken = true;
                    log::warn!("readiness: {error}");
                    false
                }
            });
            let _hung_up = answer.send(pinged);
        });
        match tokio::time::timeout(longest, asked).await {
            Ok(Ok(true)) => DatabaseHealth::Ok,
            _ => DatabaseHealth::Unavailable,
        }
    }

    /// Refuses everybody who waits or comes from now on; running jobs and answers that have begun go on.
    pub fn close(&self) {
        self.inner.closing.close();
    }

    /// What closes this executor, from another thread, for as long as somebody uses it.
    pub fn closer(&self) -> impl FnOnce() + Send + 'static {
        let inner = Arc::downgrade(&self.inner);
        move || {
            if let Some(inner) = inner.upgrade() {
                inner.closing.close();
            }
        }
    }

    /// True once [`Self::close`] was called.
    pub fn is_closing(&self) -> bool {
        self.inner.closing.is_closed()
    }

    /// The lanes at this moment; one line where reads and writes share theirs.
    pub fn lanes(&self) -> Vec<LaneState> {
        let mut lanes: Vec<LaneState> = self.inner.lanes().iter().map(|lane| lane.state()).collect();
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
    pub fn self_test(&self) -> Result<usize, NoConnection> {
        let mut taken = Vec::new();
        for lane in self.inner.lanes() {
            for _ in 0..lane.size() {
                let checkout = lane.checkout(self.inner.sizing.checkout_timeout);
                let mut conn = checkout.map_err(|_refusal| lane.link().last_cause())?;
                dialect::ping(&mut conn.conn).map_err(|error| NoConnection::new(error.to_string()))?;
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

    /// Runs `job` in a write transaction on the calling thread: for the start and the command line, never for requests. None
    /// begins once [`Self::close`] was called.
    pub fn write_blocking<T, E: JobError>(
        &self,
        job: impl FnOnce(&mut WriteSession<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        if self.is_closing() {
            return Err(Refusal::ShuttingDown.into());
        }
        let mut conn = self.inner.writes.checkout(self.inner.sizing.checkout_timeout)?;
        let (asker, writer) = (Asker::program("program"), self.inner.writes.writer());
        let done = dialect::write_transaction(&mut conn.conn, writer, Some(asker.actor()), |conn| {
            job(&mut WriteSession::inside_transaction(conn, &asker))
        });
        writer.tidy(&mut conn.conn);
        done
    }

    /// Runs `job` on a bare connection on the calling thread: for migrations, which make their own transactions.
    pub fn admin_blocking<T, E: JobError>(&self, job: impl FnOnce(&mut Connection) -> Result<T, E>) -> Result<T, E> {
        let mut conn = self.inner.writes.checkout(self.inner.sizing.checkout_timeout)?;
        job(&mut conn.conn)
    }
}

impl Inner {
    /// Each lane once.
    fn lanes(&self) -> Vec<&Arc<Lane>> {
        let mut lanes = vec![&self.writes];
        if self.sizing.lanes_split {
            lanes.push(&self.reads);
        }
        lanes
    }

    fn finish(&self) {
        let lanes = self.lanes();
        for lane in &lanes {
            lane.link().close();
        }
        let until = Instant::now() + CLOSING;
        loop {
            // The readers first: what they read cannot leave SQLite's log before.
            for lane in lanes.iter().rev() {
                lane.close(CLOSING);
            }
            // A pool may have been opening one just now: it appears there in a moment.
            if lanes.iter().all(|lane| lane.link().is_unused()) || Instant::now() >= until {
                return;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}

impl Drop for Inner {
    /// The end of a command, however it came.
    fn drop(&mut self) {
        self.finish();
    }
}

/// Waits until the database is known to be gone, and stays so for a moment.
async fn stays_gone(link: &Link) {
    loop {
        link.gone().await;
        tokio::time::sleep(GRACE).await;
        if link.is_gone() {
            return;
        }
    }
}
