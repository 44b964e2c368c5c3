//! What is known of the link to one database: whether it is there, and whether its pages are sound.
//!
//! While it is gone, requests are refused at once and the pool opens nothing; one thread keeps trying, and what it finds is
//! known to all at once. A link that swallows what it is given breaks no connection, so it is also tried when all
//! permits are held and no statement has come back for a while.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::watch;

use crate::db::dialect::{self, Access, Connection, FileWriter, NoConnection, SessionLimits, Target};

/// Between two attempts to find the database again.
const BETWEEN_ATTEMPTS: Duration = Duration::from_millis(200);

/// Longest attempt to find it again: packets that were lost on the way are not waited for much longer than they are worth.
const LONGEST_ATTEMPT: Duration = Duration::from_secs(1);

/// What is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Nobody has tried yet.
    Unknown,
    Found,
    Gone,
    /// No connection is wanted any more.
    Closed,
}

/// The link to one database. All lanes to it share it.
pub(in crate::db) struct Link {
    target: Target,
    limits: SessionLimits,
    state: watch::Sender<State>,
    damaged: AtomicBool,
    /// Connections of the pools.
    open: AtomicUsize,
    last_cause: Mutex<Option<NoConnection>>,
    trial: Mutex<Trial>,
}

#[derive(Default)]
struct Trial {
    under_way: bool,
    last: Option<Instant>,
}

/// Counts a pool's connection from the attempt to open it for as long as it lives.
pub(in crate::db) struct Counted(Arc<Link>);

impl Counted {
    fn begin(link: &Arc<Link>) -> Self {
        link.open.fetch_add(1, Ordering::AcqRel);
        Self(Arc::clone(link))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Link {
    pub(in crate::db) fn new(target: &Target, limits: SessionLimits) -> Arc<Self> {
        Arc::new(Self {
            target: target.clone(),
            limits,
            state: watch::Sender::new(State::Unknown),
            damaged: AtomicBool::new(false),
            open: AtomicUsize::new(0),
            last_cause: Mutex::default(),
            trial: Mutex::default(),
        })
    }

    /// For the lane that writes.
    pub(in crate::db) fn writer(&self) -> FileWriter {
        FileWriter::new(&self.target, self.limits)
    }

    pub(in crate::db) fn target(&self) -> &Target {
        &self.target
    }

    pub(in crate::db) fn limits(&self) -> SessionLimits {
        self.limits
    }

    /// Makes the first connection. Tries again for as long as a connection may take, unless no time would help.
    pub(in crate::db) fn reach(&self) -> Result<(), NoConnection> {
        let until = Instant::now() + self.limits.connect_timeout;
        loop {
            match dialect::first(&self.target, &self.limits) {
                Ok(()) => {
                    self.state.send_replace(State::Found);
                    return Ok(());
                }
                Err(cause) if cause.may_heal() && Instant::now() < until => thread::sleep(BETWEEN_ATTEMPTS / 2),
                Err(cause) => return Err(cause),
            }
        }
    }

    /// A connection for a pool. While the database is gone the network is left in peace.
    pub(in crate::db) fn connect(
        self: &Arc<Self>,
        access: Access,
    ) -> Result<(Connection, Counted), Option<NoConnection>> {
        // Counted before the look: whoever closes the link waits for those that have looked before.
        let counted = Counted::begin(self);
        if *self.state.borrow() != State::Found {
            return Err(None);
        }
        match dialect::connect(&self.target, access, &self.limits) {
            Ok(conn) => Ok((conn, counted)),
            Err(cause) => {
                drop(counted);
                *self.last_cause.lock().unwrap_or_else(PoisonError::into_inner) = Some(cause.clone());
                // A server that lets no further connection in still answers those that are open.
                if !cause.is_refusal() || self.open.load(Ordering::Acquire) == 0 {
                    self.lost(&cause);
                }
                Err(Some(cause))
            }
        }
    }

    /// No connection of a pool is open, and none is being opened.
    pub(in crate::db) fn is_unused(&self) -> bool {
        self.open.load(Ordering::Acquire) == 0
    }

    /// Why the last attempt of a pool failed.
    pub(in crate::db) fn last_cause(&self) -> NoConnection {
        let last = self.last_cause.lock().unwrap_or_else(PoisonError::into_inner).clone();
        last.unwrap_or_else(|| NoConnection::new("no connection in time"))
    }

    /// From now on everybody is refused at once, until the database is found again.
    fn lost(self: &Arc<Self>, cause: &NoConnection) {
        let lost = self.state.send_if_modified(|state| {
            let was_there = *state == State::Found;
            if was_there {
                *state = State::Gone;
            }
            was_there
        });
        if lost {
            log::error!("{} is gone: {cause}", self.target);
            self.search();
        }
    }

    fn found(&self) {
        let back = self.state.send_if_modified(|state| {
            let was_gone = *state == State::Gone;
            if was_gone {
                *state = State::Found;
            }
            was_gone
        });
        if back {
            log::info!("{} is back", self.target);
        }
    }

    /// Refuses all further connections.
    pub(in crate::db) fn close(&self) {
        self.state.send_replace(State::Closed);
    }

    /// True while the database is known to be gone.
    pub(in crate::db) fn is_gone(&self) -> bool {
        *self.state.borrow() == State::Gone
    }

    /// Waits until the database is known to be gone.
    pub(in crate::db) async fn gone(&self) {
        let mut state = self.state.subscribe();
        if state.wait_for(|state| *state == State::Gone).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// A page turned out to be damaged.
    pub(in crate::db) fn mark_damaged(&self) {
        self.damaged.store(true, Ordering::Release);
    }

    pub(in crate::db) fn is_damaged(&self) -> bool {
        self.damaged.load(Ordering::Acquire)
    }

    /// Tries whether the database is there, in the background; at most once in `interval`.
    pub(in crate::db) fn doubt(self: &Arc<Self>, interval: Duration) {
        let last = self.trial.lock().unwrap_or_else(PoisonError::into_inner).last;
        if last.is_none_or(|last| last.elapsed() >= interval) {
            self.search();
        }
    }

    /// Starts the thread that tries until the database is found, unless it is at it.
    fn search(self: &Arc<Self>) {
        let mut trial = self.trial.lock().unwrap_or_else(PoisonError::into_inner);
        if trial.under_way {
            return;
        }
        trial.last = Some(Instant::now());
        let link = Arc::downgrade(self);
        match thread::Builder::new().name("database link".to_owned()).spawn(move || try_until_found(&link)) {
            Ok(_detached) => trial.under_way = true,
            Err(error) => log::error!("no thread to look for the database: {error}"),
        }
    }

    /// One attempt; true when there is nothing left to be tried.
    fn attempt(self: &Arc<Self>) -> bool {
        let limits = SessionLimits { connect_timeout: self.limits.connect_timeout.min(LONGEST_ATTEMPT), ..self.limits };
        let outcome = dialect::connect(&self.target, Access::Read, &limits);
        match outcome {
            Ok(_conn) => self.found(),
            // It is there and answers, with or without a connection to spare.
            Err(cause) if cause.is_refusal() && self.open.load(Ordering::Acquire) > 0 => self.found(),
            Err(cause) => self.lost(&cause),
        }
        let mut trial = self.trial.lock().unwrap_or_else(PoisonError::into_inner);
        trial.last = Some(Instant::now());
        let ended = *self.state.borrow() != State::Gone;
        trial.under_way = !ended;
        ended
    }
}

fn try_until_found(link: &Weak<Link>) {
    while let Some(link) = link.upgrade() {
        if link.attempt() {
            return;
        }
        drop(link);
        thread::sleep(BETWEEN_ATTEMPTS);
    }
}

/// When a lane last showed that its database is alive.
pub(in crate::db) struct Pulse {
    epoch: Instant,
    last: AtomicU64,
}

impl Pulse {
    pub(in crate::db) fn new() -> Self {
        Self { epoch: Instant::now(), last: AtomicU64::new(0) }
    }

    /// A statement came back, or a permit was free.
    pub(in crate::db) fn beat(&self) {
        let now = u64::try_from(self.epoch.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.last.fetch_max(now, Ordering::Relaxed);
    }

    pub(in crate::db) fn quiet_for(&self) -> Duration {
        self.epoch.elapsed().saturating_sub(Duration::from_millis(self.last.load(Ordering::Relaxed)))
    }
}
