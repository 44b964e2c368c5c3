//! Ends what nobody waits for any more. A client that hangs up leaves a statement behind that may run for seconds more, with a
//! permit and a connection.
//!
//! SQLite asks for the flag ([`crate::db::dialect::Watched`]). PostgreSQL must be told over another connection; that is done by
//! a thread of the lane's own, which has the connection only while there is somebody to cancel.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::db::dialect::{self, Access, SessionLimits, Target};

/// How long the connection is kept after it was used.
const KEPT: Duration = Duration::from_secs(5);
/// Statements that wait to be cancelled. Those beyond end by themselves, at the latest after `statement_timeout`.
const WAITING: usize = 1000;

/// A job that reads: whether somebody waits for it, and where it runs.
#[derive(Default)]
pub(in crate::db) struct Reader {
    abandoned: Arc<AtomicBool>,
    process: Mutex<Option<i32>>,
}

impl Reader {
    /// Set once nobody waits any more.
    pub(in crate::db) fn abandoned(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.abandoned)
    }

    /// The job begins on a connection to this server process. False when nobody waits any more.
    pub(in crate::db) fn begins(&self, process: Option<i32>) -> bool {
        *self.process.lock().unwrap_or_else(PoisonError::into_inner) = process;
        !self.abandoned.load(Ordering::SeqCst)
    }

    /// The job has ended. Waits while it is being cancelled, so that no cancellation meets the next job of the connection.
    pub(in crate::db) fn ends(&self) {
        *self.process.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// Somebody waits for a reader. Dropped with the request's future, also when the client hangs up.
pub(in crate::db) struct Waiting<'a> {
    pub(in crate::db) reader: Arc<Reader>,
    canceller: Option<&'a Canceller>,
}

impl<'a> Waiting<'a> {
    pub(in crate::db) fn new(canceller: Option<&'a Canceller>) -> Self {
        Self { reader: Arc::default(), canceller }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.reader.abandoned.store(true, Ordering::SeqCst);
        if let Some(canceller) = self.canceller
            && self.reader.process.lock().unwrap_or_else(PoisonError::into_inner).is_some()
        {
            // When too many wait, this one ends by itself.
            let _full = canceller.0.try_send(Arc::clone(&self.reader));
        }
    }
}

/// Cancels statements on one PostgreSQL server.
pub(in crate::db) struct Canceller(SyncSender<Arc<Reader>>);

impl Canceller {
    /// Starts the thread; it ends with the canceller. `None` for SQLite.
    pub(in crate::db) fn start(target: &Target, limits: SessionLimits) -> Option<Self> {
        if !target.cancels_from_outside() {
            return None;
        }
        let (sender, readers) = sync_channel(WAITING);
        let target = target.clone();
        let thread = std::thread::Builder::new().name("cancel".to_owned());
        match thread.spawn(move || run(&target, limits, &readers)) {
            Ok(_detached) => Some(Self(sender)),
            Err(error) => {
                log::warn!("statements whose clients have left will not be cancelled: {error}");
                None
            }
        }
    }
}

fn run(target: &Target, limits: SessionLimits, readers: &Receiver<Arc<Reader>>) {
    while let Ok(mut reader) = readers.recv() {
        // It may have ended while others were cancelled.
        if reader.process.lock().unwrap_or_else(PoisonError::into_inner).is_none() {
            continue;
        }
        let mut conn = match dialect::connect(target, Access::Read, &limits) {
            Ok(conn) => conn,
            Err(error) => {
                log::warn!("cannot cancel a statement: {error}");
                continue;
            }
        };
        loop {
            let process = reader.process.lock().unwrap_or_else(PoisonError::into_inner);
            let cancelled = process.map_or(Ok(()), |process| dialect::cancel(&mut conn, process));
            drop(process);
            if let Err(error) = cancelled {
                log::warn!("cannot cancel a statement: {error}");
                break;
            }
            match readers.recv_timeout(KEPT) {
                Ok(next) => reader = next,
                Err(_nobody) => break,
            }
        }
    }
}
