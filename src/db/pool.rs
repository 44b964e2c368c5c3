//! A lane: a pool of connections with exactly as many permits, and a bounded queue in front.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use diesel::connection::{Connection as _, InstrumentationEvent};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, TryAcquireError};

use super::courtesy::Courtesy;
use super::dialect::{self, Access, Connection, SessionLimits, Target};
use super::refusal::Refusal;

/// How long a connection may lie idle before it is asked for a sign of life at checkout.
const IDLE_BEFORE_PING: Duration = Duration::from_secs(5);

/// A connection with what the pool must know of it.
pub(super) struct Tracked {
    pub(super) conn: Connection,
    /// Set when an error showed that the link is gone.
    pub(super) broken: bool,
    last_used: Instant,
    queries: Arc<AtomicU64>,
    gives_way: Arc<AtomicBool>,
}

impl Tracked {
    /// Says whether the next statements give way to light jobs.
    pub(super) fn set_giving_way(&self, gives_way: bool) {
        self.gives_way.store(gives_way, Ordering::Relaxed);
    }

    /// Statements run over this connection so far.
    pub(super) fn queries(&self) -> u64 {
        self.queries.load(Ordering::Relaxed)
    }
}

/// Opens and judges the connections of one pool.
pub(super) struct Manager {
    target: Target,
    access: Access,
    limits: SessionLimits,
    suspicion: Suspicion,
    courtesy: Arc<Courtesy>,
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
        let queries = Arc::new(AtomicU64::new(0));
        let gives_way = Arc::new(AtomicBool::new(false));
        let (counter, polite, courtesy) = (Arc::clone(&queries), Arc::clone(&gives_way), Arc::clone(&self.courtesy));
        conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::StartQuery { .. } = event {
                counter.fetch_add(1, Ordering::Relaxed);
                if polite.load(Ordering::Relaxed) {
                    courtesy.give_way();
                }
            }
        });
        Ok(Tracked { conn, broken: false, last_used: Instant::now(), queries, gives_way })
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
        tracked.set_giving_way(false);
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
pub(super) struct Rules {
    pub(super) limits: SessionLimits,
    pub(super) queue_limit: usize,
    pub(super) courtesy: Arc<Courtesy>,
}

/// A pool, its permits, and the queue in front of them.
pub(super) struct Lane {
    name: &'static str,
    pool: r2d2::Pool<Manager>,
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
    pub(super) fn new(name: &'static str, target: &Target, access: Access, size: usize, rules: Rules) -> Self {
        let Rules { limits, queue_limit, courtesy } = rules;
        let manager = Manager { target: target.clone(), access, limits, suspicion: Suspicion::default(), courtesy };
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
        Self { name, pool, permits: Arc::new(Semaphore::new(size)), size, gate: Gate::new(queue_limit) }
    }

    /// Takes a permit, waiting in the bounded queue when there is none.
    pub(super) async fn admit(&self, longest: Duration) -> Result<OwnedSemaphorePermit, Refusal> {
        self.gate.enter(&self.permits, longest).await
    }

    /// Takes a permit if one is free.
    pub(super) fn try_admit(&self) -> Result<OwnedSemaphorePermit, TryAcquireError> {
        Arc::clone(&self.permits).try_acquire_owned()
    }

    /// Takes a connection. Only who holds a permit may call this, so it never waits for another job.
    pub(super) fn checkout(&self, longest: Duration) -> Result<r2d2::PooledConnection<Manager>, Refusal> {
        self.pool.get_timeout(longest).map_err(|error| {
            log::warn!("no connection for the {} lane: {error}", self.name);
            Refusal::Unavailable
        })
    }

    pub(super) fn state(&self) -> LaneState {
        let in_use = self.size.saturating_sub(self.permits.available_permits());
        LaneState { name: self.name, size: self.size, in_use, waiting: self.gate.waiting() }
    }

    pub(super) fn size(&self) -> usize {
        self.size
    }
}

/// A bounded queue in front of a semaphore.
pub(super) struct Gate {
    waiting: AtomicUsize,
    limit: usize,
}

impl Gate {
    pub(super) fn new(limit: usize) -> Self {
        Self { waiting: AtomicUsize::new(0), limit }
    }

    pub(super) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// A permit now; or a place in the queue for at most `longest`; or a refusal.
    pub(super) async fn enter(
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
