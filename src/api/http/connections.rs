//! The clients' connections, and the end of those that make no progress.
//!
//! The framework ends a connection whose first request's head is slow, and one that is idle. It watches neither the head of a
//! later request nor an answer that nobody reads. For the first, every connection is on a list here, with the moment since when
//! no request of it was in work, and one task looks the list through. For the second, the operating system is told how long sent
//! bytes may wait to be taken (`TCP_USER_TIMEOUT`); it then breaks the connection, and with it goes all that the answer holds.

use std::any::Any;
use std::collections::HashMap;
use std::net::Shutdown;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use actix_tls::accept::rustls_0_23::TlsStream;
use actix_web::dev::Extensions;
use actix_web::rt::net::TcpStream;
use socket2::{SockRef, Socket};

/// How often the list is looked through.
const LEAST_PAUSE: Duration = Duration::from_millis(50);
const MOST_PAUSE: Duration = Duration::from_secs(1);

/// How long a connection may be without progress.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Between two requests.
    pub keep_alive: Duration,
    /// From the first byte of a request to the end of its head.
    pub head: Duration,
    /// Until the client takes more of an answer.
    pub send: Duration,
}

/// All connections of a server. Cheap to clone.
#[derive(Clone)]
pub struct Connections {
    inner: Arc<Inner>,
}

struct Inner {
    patience: Patience,
    began: Instant,
    numbers: AtomicU64,
    all: Mutex<HashMap<u64, Arc<Connection>>>,
}

struct Connection {
    /// A second handle: the framework keeps the first to itself.
    socket: Socket,
    /// Requests whose answers have not been handed over.
    in_work: AtomicUsize,
    /// Milliseconds from the server's start to the moment when the last of them was.
    quiet_since: AtomicU64,
}

/// A connection's place on the list. The framework keeps it for as long as the connection.
pub struct Listed {
    number: u64,
    connection: Arc<Connection>,
    all: Connections,
}

/// A request in work, until dropped.
pub struct InWork {
    connection: Arc<Connection>,
    all: Connections,
}

impl Connections {
    /// None yet.
    pub fn new(patience: Patience) -> Self {
        let inner = Inner { patience, began: Instant::now(), numbers: AtomicU64::new(0), all: Mutex::default() };
        Self { inner: Arc::new(inner) }
    }

    /// Notes a new connection. For the framework's `on_connect`.
    pub fn accept(&self, io: &dyn Any, data: &mut Extensions) {
        let secure = io.downcast_ref::<TlsStream<TcpStream>>().map(|tls| tls.get_ref().0);
        let Some(stream) = io.downcast_ref::<TcpStream>().or(secure) else { return };
        let socket = SockRef::from(stream);
        #[cfg(target_os = "linux")]
        if let Err(error) = socket.set_tcp_user_timeout(Some(self.inner.patience.send)) {
            log::warn!("a connection has no time-out for sending: {error}");
        }
        match socket.try_clone() {
            Ok(socket) => {
                data.insert(self.list(socket));
            }
            Err(error) => log::warn!("a connection is not watched: {error}"),
        }
    }

    fn list(&self, socket: Socket) -> Listed {
        let quiet_since = AtomicU64::new(self.now());
        let connection = Arc::new(Connection { socket, in_work: AtomicUsize::new(0), quiet_since });
        let number = self.inner.numbers.fetch_add(1, Ordering::Relaxed);
        self.lock().insert(number, Arc::clone(&connection));
        Listed { number, connection, all: self.clone() }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.lock().len()
    }

    /// Looks after them for ever.
    pub async fn watch(self) {
        let pause = (self.longest_quiet() / 8).clamp(LEAST_PAUSE, MOST_PAUSE);
        loop {
            tokio::time::sleep(pause).await;
            self.end_quiet_ones();
        }
    }

    fn longest_quiet(&self) -> Duration {
        self.inner.patience.keep_alive + self.inner.patience.head
    }

    fn end_quiet_ones(&self) {
        let Some(before) = self.now().checked_sub(millis(self.longest_quiet())) else { return };
        let all: Vec<Arc<Connection>> = self.lock().values().cloned().collect();
        for connection in all {
            let quiet = connection.in_work.load(Ordering::Acquire) == 0
                && connection.quiet_since.load(Ordering::Acquire) < before;
            if quiet && takes_more(&connection.socket) {
                log::debug!("a connection without a whole request for {:?} is ended", self.longest_quiet());
                if let Err(error) = connection.socket.shutdown(Shutdown::Both) {
                    log::debug!("it had ended before: {error}");
                }
            }
        }
    }

    fn now(&self) -> u64 {
        millis(self.inner.began.elapsed())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<u64, Arc<Connection>>> {
        self.inner.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// False while the operating system still has much of an answer to send: its own time-out goes for that.
#[cfg(unix)]
fn takes_more(socket: &Socket) -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let mut looked_at = [PollFd::new(socket, PollFlags::OUT)];
    poll(&mut looked_at, Some(&Timespec { tv_sec: 0, tv_nsec: 0 })).is_ok_and(|ready| ready > 0)
}

#[cfg(not(unix))]
fn takes_more(_: &Socket) -> bool {
    true
}

impl Listed {
    /// Notes that a request is in work.
    pub fn begin(&self) -> InWork {
        self.connection.in_work.fetch_add(1, Ordering::AcqRel);
        InWork { connection: Arc::clone(&self.connection), all: self.all.clone() }
    }
}

impl Drop for Listed {
    fn drop(&mut self) {
        self.all.lock().remove(&self.number);
    }
}

impl Drop for InWork {
    fn drop(&mut self) {
        self.connection.quiet_since.store(self.all.now(), Ordering::Release);
        self.connection.in_work.fetch_sub(1, Ordering::AcqRel);
    }
}
