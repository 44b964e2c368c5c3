//! One job on its way over a blocking thread: prepare, checkout, run, judge the error, render, hand the answer over.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use r2d2::PooledConnection;
use tokio::sync::oneshot;

use super::cancel::Reader;
use super::dialect::{self, Connection, Doing, FileWriter};
use super::pool::{Lane, Manager};
use super::priority::Priority;
use super::refusal::{JobError, Refusal};
use super::session::{Asker, Session, WriteSession};
use super::sizing::Sizing;
use crate::domain::request::id::OnThread;

/// How long the parts of a job took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timing {
    /// Waiting for permits.
    pub wait: Duration,
    /// Taking the connection.
    pub checkout: Duration,
    /// The job's own time with the connection; of a heavy read, also its pauses for light jobs.
    pub query: Duration,
    /// Reading the request and turning the result into the answer's bytes.
    pub serialise: Duration,
    /// Statements sent before the answer was there.
    pub queries: u64,
}

/// A job's result with its timing; the timing is there for refused jobs too.
#[derive(Debug)]
pub struct Done<R> {
    /// What was made of the job's result, or why it was not run.
    pub result: Result<R, Refusal>,
    /// How long it took.
    pub timing: Timing,
}

/// A connection after the job, and whether a transaction is left to be ended.
struct Left {
    tracked: PooledConnection<Manager>,
    open: bool,
}

/// What goes to the blocking thread.
pub(super) struct Task {
    pub(super) lane: Arc<Lane>,
    pub(super) sizing: Sizing,
    pub(super) heavy: bool,
    pub(super) priority: Arc<Priority>,
    pub(super) asker: Asker,
    pub(super) reader: Arc<Reader>,
}

/// A job in its steps, behind a pointer: the executor is compiled once for each sort of answer and not for each job.
pub(super) trait Work<R>: Send {
    /// Whether it reads or writes. What only reads lets light jobs go first between its statements, and ends when its client
    /// leaves.
    fn doing(&self) -> Doing;
    /// Reads the request; false when that failed.
    fn prepare(&mut self) -> bool;
    /// Runs the job on a connection once; true when a transaction is left open.
    fn attempt(&mut self, conn: &mut Connection, writer: &FileWriter, asker: &Asker) -> bool;
    /// The database error that the job ended with.
    fn error(&self) -> Option<&diesel::result::Error>;
    /// True when the job may be tried again after this end.
    fn again(&self, refusal: &Refusal) -> bool;
    /// Makes the answer of what came out.
    fn render(self: Box<Self>) -> Result<R, Refusal>;
}

/// The steps of a job, with what one leaves for the next.
pub(super) struct Steps<P, T, E, Prepare, Job, Render> {
    prepare: Prepare,
    job: Job,
    render: Render,
    prepared: Option<P>,
    result: Option<Result<T, E>>,
}

impl<P, T, E: JobError, Prepare, Job, Render> Steps<P, T, E, Prepare, Job, Render>
where
    Prepare: Fn() -> Result<P, E>,
{
    fn new(prepare: Prepare, job: Job, render: Render) -> Self {
        Self { prepare, job, render, prepared: None, result: None }
    }

    fn prepare(&mut self) -> bool {
        match (self.prepare)() {
            Ok(prepared) => {
                self.prepared = Some(prepared);
                true
            }
            Err(error) => {
                self.result = Some(Err(error));
                false
            }
        }
    }

    fn error(&self) -> Option<&diesel::result::Error> {
        self.result.as_ref()?.as_ref().err()?.database_error()
    }
}

/// A job that reads: may be run once more when its connection is gone, and lets light jobs go first when it is heavy.
pub(super) struct Reading<S>(S);

/// A job that writes. It is run once more only where nothing was committed: when the database chose it to end a deadlock.
pub(super) struct Writing<S>(S);

/// A job that reads, in its steps.
pub(super) fn reading<P, T, R, E: JobError>(
    prepare: impl Fn() -> Result<P, E> + Send + 'static,
    job: impl Fn(&mut Session<'_>, P) -> Result<T, E> + Send + 'static,
    render: impl FnOnce(Result<T, E>) -> R + Send + 'static,
) -> Box<dyn Work<R>>
where
    P: Send + 'static,
    T: Send + 'static,
{
    Box::new(Reading(Steps::new(prepare, job, render)))
}

/// A job that writes, in its steps.
pub(super) fn writing<P, T, R, E: JobError>(
    prepare: impl Fn() -> Result<P, E> + Send + 'static,
    job: impl Fn(&mut WriteSession<'_>, P) -> Result<T, E> + Send + 'static,
    render: impl FnOnce(Result<T, E>) -> R + Send + 'static,
) -> Box<dyn Work<R>>
where
    P: Send + 'static,
    T: Send + 'static,
{
    Box::new(Writing(Steps::new(prepare, job, render)))
}

macro_rules! common_steps {
    () => {
        fn prepare(&mut self) -> bool {
            self.0.prepare()
        }

        fn error(&self) -> Option<&diesel::result::Error> {
            self.0.error()
        }

        fn render(self: Box<Self>) -> Result<R, Refusal> {
            let Steps { render, result, .. } = self.0;
            result.map(render).ok_or(Refusal::Unavailable)
        }
    };
}

impl<P, T, R, E, Prepare, Job, Render> Work<R> for Reading<Steps<P, T, E, Prepare, Job, Render>>
where
    P: Send,
    T: Send,
    E: JobError,
    Prepare: Fn() -> Result<P, E> + Send,
    Job: Fn(&mut Session<'_>, P) -> Result<T, E> + Send,
    Render: FnOnce(Result<T, E>) -> R + Send,
{
    common_steps!();

    fn doing(&self) -> Doing {
        Doing::Reading
    }

    fn again(&self, refusal: &Refusal) -> bool {
        matches!(refusal, Refusal::Unavailable | Refusal::Recovery | Refusal::Collision)
    }

    fn attempt(&mut self, conn: &mut Connection, _writer: &FileWriter, asker: &Asker) -> bool {
        let Some(prepared) = self.0.prepared.take() else { return false };
        let mut session = match Session::begin(conn, asker) {
            Ok(session) => session,
            Err(error) => {
                self.0.result = Some(Err(error.into()));
                return false;
            }
        };
        self.0.result = Some((self.0.job)(&mut session, prepared));
        session.is_open()
    }
}

impl<P, T, R, E, Prepare, Job, Render> Work<R> for Writing<Steps<P, T, E, Prepare, Job, Render>>
where
    P: Send,
    T: Send,
    E: JobError,
    Prepare: Fn() -> Result<P, E> + Send,
    Job: Fn(&mut WriteSession<'_>, P) -> Result<T, E> + Send,
    Render: FnOnce(Result<T, E>) -> R + Send,
{
    common_steps!();

    fn doing(&self) -> Doing {
        Doing::Writing
    }

    fn again(&self, refusal: &Refusal) -> bool {
        matches!(refusal, Refusal::Collision)
    }

    fn attempt(&mut self, conn: &mut Connection, writer: &FileWriter, asker: &Asker) -> bool {
        let Some(prepared) = self.0.prepared.take() else { return false };
        let job = &self.0.job;
        let result = dialect::write_transaction(conn, writer, Some(asker.actor()), |conn| {
            job(&mut WriteSession::inside_transaction(conn, asker), prepared)
        });
        self.0.result = Some(result);
        false
    }
}

impl Task {
    /// Prepares, runs and renders; gives the answer away before what is left to be done with the connection.
    pub(super) fn run<R>(self, mut work: Box<dyn Work<R>>, answer: oneshot::Sender<Done<R>>) {
        let _on_behalf = OnThread::enter(Arc::clone(&self.asker.request_id));
        let mut timing = Timing::default();
        // Only reads let light jobs go first: a write holds locks.
        let yields = work.doing() == Doing::Reading && self.heavy && self.sizing.heavy_permits < self.lane.size();
        let mut left = None;
        let mut outcome = self.attempt(&mut *work, yields, &mut timing, &mut left);
        if let Err(refusal) = &outcome
            && timing.queries > 0
            && work.again(refusal)
        {
            log::info!("trying again: {refusal}");
            outcome = self.attempt(&mut *work, yields, &mut timing, &mut left);
        }
        if yields {
            self.priority.let_light_work_go_first();
        }
        let started = Instant::now();
        let result = outcome.and_then(|()| guarded(|| work.render()).and_then(|rendered| rendered));
        timing.serialise += started.elapsed();
        // Nobody receives the answer when the client has gone.
        let _hung_up = answer.send(Done { result, timing });
        if let Some(Left { mut tracked, open }) = left {
            if open && let Err(error) = dialect::end_snapshot(&mut tracked.conn) {
                log::warn!("a snapshot could not be ended: {error}");
                tracked.broken = true;
            }
            self.lane.writer().tidy(&mut tracked.conn);
        }
    }

    fn attempt<R>(
        &self,
        work: &mut dyn Work<R>,
        yields: bool,
        timing: &mut Timing,
        left: &mut Option<Left>,
    ) -> Result<(), Refusal> {
        let started = Instant::now();
        let prepared = guarded(|| work.prepare());
        timing.serialise += started.elapsed();
        if !prepared? {
            return Ok(());
        }
        let started = Instant::now();
        let mut tracked = self.lane.checkout(self.sizing.checkout_timeout)?;
        timing.checkout += started.elapsed();
        tracked.set_yielding(yields);
        let reader = (work.doing() == Doing::Reading).then_some(&self.reader);
        if let Some(reader) = reader
            && !reader.begins(tracked.process)
        {
            reader.ends();
            return Err(Refusal::Deadline);
        }
        let abandoned = reader.map_or_else(Arc::default, |reader| reader.abandoned());
        let watched = dialect::Watched::begin(self.sizing.statement_timeout, abandoned);
        let before = tracked.queries();
        let started = Instant::now();
        let open = guarded(|| work.attempt(&mut tracked.conn, self.lane.writer(), &self.asker));
        let took = started.elapsed();
        drop(watched);
        if let Some(reader) = reader {
            reader.ends();
        }
        timing.query += took;
        timing.queries += tracked.queries() - before;
        let Ok(open) = open else {
            // Nobody knows what the panic left half done on this connection.
            tracked.broken = true;
            return Err(Refusal::Panicked);
        };
        let refusal = work.error().and_then(|error| self.verdict(error, work.doing(), took));
        tracked.broken = matches!(refusal, Some(Refusal::Unavailable | Refusal::Disk));
        if !tracked.broken {
            *left = Some(Left { tracked, open });
        }
        refusal.map_or(Ok(()), Err)
    }

    /// Errors that are about the database's state rather than about the job.
    fn verdict(&self, error: &diesel::result::Error, doing: Doing, took: Duration) -> Option<Refusal> {
        if dialect::is_closed(error) {
            log::warn!("connection lost: {error}");
            return Some(Refusal::Unavailable);
        }
        if dialect::is_recovery_conflict(error) {
            log::warn!("the replica took away what was being read: {error}");
            return Some(Refusal::Recovery);
        }
        if let Some(refusal) = dialect::trouble(error, doing) {
            log::error!("{refusal}: {error}");
            if matches!(refusal, Refusal::Corrupt) {
                self.lane.link().mark_damaged();
            }
            return Some(refusal);
        }
        if dialect::is_collision(error) {
            log::warn!("met another transaction: {error}");
            return Some(Refusal::Collision);
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

/// The one place that uses the blocking pool. What the job gives away by the channel is there before the job has ended.
#[expect(clippy::disallowed_methods, reason = "this is the executor that all others must use")]
pub(super) async fn on_blocking_thread<T: Send + 'static>(
    job: impl FnOnce(oneshot::Sender<T>) + Send + 'static,
) -> Result<T, Refusal> {
    let (send, receive) = oneshot::channel();
    // Runs to its end whether or not anybody waits for it.
    let _running = actix_web::web::block(move || job(send));
    // The thread pool drops a job only when the runtime goes down.
    receive.await.map_err(|_dropped| Refusal::ShuttingDown)
}
