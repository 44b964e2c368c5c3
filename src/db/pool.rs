//! A lane: a pool of connections with exactly as many permits, and a bounded queue in front.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use diesel::connection::{Connection as _, InstrumentationEvent};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, TryAcquireError};

use crate::db::cancel::Canceller;
use crate::db::dialect;
use crate::db::dialect::{Access, Connection, SessionLimits, Target};
use crate::db::priority::Priority;
use crate::db::refusal::Refusal;

/// How long a connection may lie idle before it is asked for a sign of life at checkout.
const IDLE_BEFORE_PING: Duration = Duration::from_secs(5);

/// A connection with what the pool must know of it.
pub(in crate::db) struct Tracked {
    pub(in crate::db) conn: Connection,
    /// Set when an error showed that the link is gone.
    pub(in crate::db) broken: bool,
    /// The server's process, on PostgreSQL.
    pub(in crate::db) process: Option<i32>,
    last_used: Instant,
    queries: Arc<AtomicU64>,
    yields: Arc<AtomicBool>,
}

impl Tracked {
    /// Says whether light jobs go first before each of the next statements.
    pub(in crate::db) fn set_yielding(&self, yields: bool) {
        self.yields.store(yields, Ordering::Relaxed);
    }

    /// Statements run over this connection so far.
    pub(in crate::db) fn queries(&self) -> u64 {
        self.queries.load(Ordering::Relaxed)
    }
}

/// Opens and judges the connections of one pool.
pub(in crate::db) struct Manager {
    target: Target,
    access: Access,
    limits: SessionLimits,
    suspicion: Suspicion,
    priority: Arc<Priority>,
}

/// When a connection was last found dead. Those used before that moment are asked for a sign of life at their next
/// checkout: when a server restarts, all of them die at once.
#[derive(Clone, Default)]
struct Suspicion(Arc<Mutex<Option<Instant>>>);

impl Suspicion {
    fn raise(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    fn covers(&self, last_used: Instant) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_some_and(|raised| last_used <= raised)
    }
}

impl r2d2::ManageConnection for Manager {
    type Connection = Tracked;
    type Error = diesel::r2d2::Error;

    fn connect(&self) -> Result<Tracked, Self::Error> {
        let mut conn =
            dialect::open(&self.target, self.access, &self.limits).map_err(diesel::r2d2::Error::ConnectionError)?;
        let process = dialect::server_process(&mut conn).map_err(diesel::r2d2::Error::QueryError)?;
        let queries = Arc::new(AtomicU64::new(0));
        let yields = Arc::new(AtomicBool::new(false));
        let (counter, yielding, priority) = (Arc::clone(&queries), Arc::clone(&yields), Arc::clone(&self.priority));
        conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::StartQuery { .. } = event {
                counter.fetch_add(1, Ordering::Relaxed);
                if yielding.load(Ordering::Relaxed) {
                    priority.let_light_work_go_first();
                }
                dialect::statement_begins();
            }
        });
        Ok(Tracked { conn, broken: false, process, last_used: Instant::now(), queries, yields })
    }

    fn is_valid(&self, tracked: &mut Tracked) -> Result<(), Self::Error> {
        // Called at every checkout: a round trip only for those that lay idle or may have died with another.
        if tracked.last_used.elapsed() < IDLE_BEFORE_PING && !self.suspicion.covers(tracked.last_used) {
            return Ok(());
        }
        dialect::ping(&mut tracked.conn).map_err(diesel::r2d2::Error::QueryError)
    }

    fn has_broken(&self, tracked: &mut Tracked) -> bool {
        use diesel::r2d2::R2D2Connection;
        if tracked.broken {
            self.suspicion.raise();
        }
        tracked.last_used = Instant::now();
        // The sign of life at the next checkout belongs to another job.
        tracked.set_yielding(false);
        tracked.broken || std::thread::panicking() || tracked.conn.is_broken()
    }
}

/// r2d2 reports every failed attempt to connect; one line each is enough.
#[derive(Debug)]
struct ReportErrors;

impl r2d2::HandleError<diesel::r2d2::Error> for ReportErrors {
    fn handle_error(&self, error: diesel::r2d2::Error) {
        log::warn!("database connection: {error}");
    }
}

/// What all lanes have in common.
#[derive(Clone)]
pub(in crate::db) struct Rules {
    pub(in crate::db) limits: SessionLimits,
    pub(in crate::db) queue_limit: usize,
    pub(in crate::db) priority: Arc<Priority>,
}

/// A pool, its permits, and the queue in front of them.
pub(in crate::db) struct Lane {
    name: &'static str,
    pool: r2d2::Pool<Manager>,
    canceller: Option<Canceller>,
    permits: Arc<Semaphore>,
    size: usize,
    gate: Gate,
}

/// What a lane looks like at the moment, for metrics and tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LaneState {
    /// `read`, `write` or `heavy`.
    pub name: &'static str,
    /// Permits in all.
    pub size: usize,
    /// Permits in use.
    pub in_use: usize,
    /// Requests waiting.
    pub waiting: usize,
}

impl Lane {
    pub(in crate::db) fn new(name: &'static str, target: &Target, access: Access, size: usize, rules: Rules) -> Self {
        let Rules { limits, queue_limit, priority } = rules;
        let manager = Manager { target: target.clone(), access, limits, suspicion: Suspicion::default(), priority };
        let pool = r2d2::Pool::builder()
            .max_size(u32::try_from(size).unwrap_or(u32::MAX))
            .min_idle(Some(1))
            .test_on_check_out(true)
            // Also bounds r2d2's back-off between attempts, and so how soon a restarted database is found.
            .connection_timeout(limits.connect_timeout)
            .idle_timeout(Some(Duration::from_secs(600)))
            .max_lifetime(Some(Duration::from_secs(3600)))
            .error_handler(Box::new(ReportErrors))
            .build_unchecked(manager);
        let canceller = Canceller::start(target, limits);
        Self { name, pool, canceller, permits: Arc::new(Semaphore::new(size)), size, gate: Gate::new(queue_limit) }
    }

    /// Takes a permit, waiting in the bounded queue when there is none.
    pub(in crate::db) async fn admit(&self, longest: Duration) -> Result<OwnedSemaphorePermit, Refusal> {
        self.gate.enter(&self.permits, longest).await
    }

    /// Takes a permit if one is free.
    pub(in crate::db) fn try_admit(&self) -> Result<OwnedSemaphorePermit, TryAcquireError> {
        Arc::clone(&self.permits).try_acquire_owned()
    }

    /// Takes a connection. Only who holds a permit may call this, so it never waits for another job.
    pub(in crate::db) fn checkout(&self, longest: Duration) -> Result<r2d2::PooledConnection<Manager>, Refusal> {
        self.pool.get_timeout(longest).map_err(|error| {
            log::warn!("no connection for the {} lane: {error}", self.name);
            Refusal::Unavailable
        })
    }

    /// Who cancels statements of this lane, on PostgreSQL.
    pub(in crate::db) fn canceller(&self) -> Option<&Canceller> {
        self.canceller.as_ref()
    }

    pub(in crate::db) fn state(&self) -> LaneState {
        let in_use = self.size.saturating_sub(self.permits.available_permits());
        LaneState { name: self.name, size: self.size, in_use, waiting: self.gate.waiting() }
    }

    pub(in crate::db) fn size(&self) -> usize {
        self.size
    }
}

/// A bounded queue in front of a semaphore.
pub(in crate::db) struct Gate {
    waiting: AtomicUsize,
    limit: usize,
}

impl Gate {
    pub(in crate::db) fn new(limit: usize) -> Self {
        Self { waiting: AtomicUsize::new(0), limit }
    }

    pub(in crate::db) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// A permit now; or a place in the queue for at most `longest`; or a refusal.
    pub(in crate::db) async fn enter(
        &self,
        permits: &Arc<Semaphore>,
        longest: Duration,
    ) -> Result<OwnedSemaphorePermit, Refusal> {
        match Arc::clone(permits).try_acquire_owned() {
            Ok(permit) => return Ok(permit),
            Err(TryAcquireError::Closed) => return Err(Refusal::ShuttingDown),
            Err(TryAcquireError::NoPermits) => {}
        }
        let _place = Place::take(self).ok_or(Refusal::QueueFull)?;
        match tokio::time::timeout(longest, Arc::clone(permits).acquire_owned()).await {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(_closed)) => Err(Refusal::ShuttingDown),
            Err(_elapsed) => Err(Refusal::QueueTimeout(longest)),
        }
    }
}

/// A place in a queue, given back however the wait ends: a client that hangs up drops the waiting future.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(gate: &'a Gate) -> Option<Self> {
        gate.waiting
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, |waiting| (waiting < gate.limit).then_some(waiting + 1))
            .ok()
            .map(|_| Self(&gate.waiting))
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}
