//! Ends statements of SQLite that run for too long, or whose client has left.
//!
//! PostgreSQL has `statement_timeout`. SQLite calls a function of ours every so many steps of a statement, on the thread that
//! runs it, and ends the statement when that function says so. Diesel has no interface for it and does not give its connection
//! away, so the function is attached where SQLite itself hands the connection out: to an "automatic extension", which is called
//! for every connection that the program opens. The two calls that this takes are the only unsafe code of the program
//! (ADR 21). What the function looks at belongs to the thread, so nothing is shared and nothing is pointed to.

use std::cell::{Cell, RefCell};
use std::ffi::{c_char, c_int, c_void};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Once};
use std::time::{Duration, Instant};

use libsqlite3_sys as ffi;

/// Steps of SQLite's virtual machine between two looks: a fraction of a millisecond.
const STEPS: c_int = 4000;

/// What the job on this thread may take.
struct Watch {
    limit: Duration,
    until: Cell<Instant>,
    abandoned: Arc<AtomicBool>,
}

impl Watch {
    fn is_over(&self) -> bool {
        self.abandoned.load(Ordering::Relaxed) || Instant::now() >= self.until.get()
    }
}

thread_local! {
    static WATCH: RefCell<Option<Watch>> = const { RefCell::new(None) };
}

/// While it lives, every statement on this thread ends after a limit of time, or when its client has left.
pub(in crate::db) struct Watched(());

impl Watched {
    /// Watches the statements of a job: each may take `limit`, and none goes on once `abandoned` is set.
    pub(in crate::db) fn begin(limit: Duration, abandoned: Arc<AtomicBool>) -> Self {
        WATCH.set(Some(Watch { limit, until: Cell::new(Instant::now() + limit), abandoned }));
        Self(())
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        WATCH.set(None);
    }
}

/// To be called when a statement begins: its time starts.
pub(in crate::db) fn statement_begins() {
    WATCH.with_borrow(|watch| {
        if let Some(watch) = watch {
            watch.until.set(Instant::now() + watch.limit);
        }
    });
}

/// Has every connection to SQLite watched that is opened from now on.
pub(in crate::db) fn watch_new_connections() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: `attach` has the signature that SQLite asks for, and lives as long as the program.
        #[expect(unsafe_code, reason = "Diesel has no interface for it")]
        let registered = unsafe { ffi::sqlite3_auto_extension(Some(attach)) };
        if registered != ffi::SQLITE_OK {
            log::error!("statements of SQLite have no time limit: error {registered}");
        }
    });
}

#[expect(unsafe_code, reason = "Diesel has no interface for it")]
unsafe extern "C" fn attach(
    connection: *mut ffi::sqlite3,
    _message: *mut *mut c_char,
    _routines: *const ffi::sqlite3_api_routines,
) -> c_int {
    // SAFETY: SQLite calls this with the connection that it is just opening; `look` needs no data.
    unsafe { ffi::sqlite3_progress_handler(connection, STEPS, Some(look), std::ptr::null_mut()) };
    ffi::SQLITE_OK
}

/// Not zero when the statement is to end. Must not panic: it is called from C.
#[expect(unsafe_code, reason = "SQLite calls it")]
unsafe extern "C" fn look(_data: *mut c_void) -> c_int {
    let over = WATCH.try_with(|watch| watch.try_borrow().is_ok_and(|watch| watch.as_ref().is_some_and(Watch::is_over)));
    c_int::from(over.unwrap_or(false))
}
