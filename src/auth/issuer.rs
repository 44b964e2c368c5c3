//! The issuer's keys as this process knows them: fetched by a thread of their own, again and again.
//!
//! While the issuer does not answer, the keys known before go on being used. A token that names a key that is not known asks for
//! a fetch at once, but such tokens cost nothing to make: at most one fetch in [`Issuer`]'s pause is begun for them.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use crate::auth::fetch::{LONGEST, Source};
use crate::auth::jwks::{Key, KeySet};

/// Shortest time between two fetches that tokens with unknown keys ask for.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// Longest time between two attempts while the issuer does not answer; they begin a second apart.
const LONGEST_BACKOFF: Duration = Duration::from_secs(30);
/// Longest wait of a request for the first keys: discovery, then the keys, then some. For a new key it is shorter.
const LONGEST_WAIT: Duration = Duration::from_secs(LONGEST.as_secs() * 2 + 1);

/// Why there is no key for a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoKey {
    /// The issuer has published none of that name.
    Unknown,
    /// The issuer did not answer when it was last asked, so it may have published one since.
    Unavailable,
}

/// The issuer's keys. Dropping it ends the thread that fetches them.
pub struct Issuer {
    shared: Arc<Shared>,
    pause: Duration,
}

struct Shared {
    /// `None` until the issuer has answered once.
    keys: RwLock<Option<Arc<KeySet>>>,
    orders: Mutex<Orders>,
    ordered: Condvar,
    /// Told after every attempt whether the issuer answered.
    attempts: watch::Sender<bool>,
}

struct Orders {
    /// The thread is to fetch at once.
    fetch: bool,
    /// The thread is to end.
    end: bool,
    /// A fetch is on its way.
    under_way: bool,
    last_asked_for: Option<Instant>,
}

impl Issuer {
    /// Begins to fetch the keys, every `ttl` from now on.
    pub fn start(source: Source, ttl: Duration) -> std::io::Result<Self> {
        let orders = Orders { fetch: false, end: false, under_way: true, last_asked_for: None };
        let shared = Arc::new(Shared {
            keys: RwLock::new(None),
            orders: Mutex::new(orders),
            ordered: Condvar::new(),
            attempts: watch::Sender::new(false),
        });
        let worker = Arc::clone(&shared);
        std::thread::Builder::new().name("jwks".to_owned()).spawn(move || worker.work(&source, ttl))?;
        Ok(Self { shared, pause: ttl.min(LONGEST_PAUSE) })
    }

    /// The key of a name if it is known already.
    pub fn known(&self, kid: &str) -> Option<Arc<Key>> {
        self.shared.known()?.find(kid)
    }

    /// The key of a name; waits for a fetch when it is not known and one is under way or due.
    pub async fn key(&self, kid: &str) -> Result<Arc<Key>, NoKey> {
        if let Some(key) = self.known(kid) {
            return Ok(key);
        }
        let mut attempts = self.shared.attempts.subscribe();
        let mut in_time = true;
        if self.ask_for_fetch() {
            let longest = if self.shared.known().is_some() { LONGEST } else { LONGEST_WAIT };
            in_time = tokio::time::timeout(longest, attempts.changed()).await.is_ok();
        }
        // Only who has just been told all keys knows that there is none of that name.
        let told = in_time && *attempts.borrow();
        let keys = self.shared.known().ok_or(NoKey::Unavailable)?;
        keys.find(kid).ok_or(if told { NoKey::Unknown } else { NoKey::Unavailable })
    }

    /// Sees to it that a fetch is on its way, unless the last one was only just asked for. False when there is none to wait for.
    fn ask_for_fetch(&self) -> bool {
        let mut orders = self.shared.orders();
        if orders.under_way || orders.fetch {
            return true;
        }
        let now = Instant::now();
        if orders.last_asked_for.is_some_and(|last| now.duration_since(last) < self.pause) {
            return false;
        }
        orders.last_asked_for = Some(now);
        orders.fetch = true;
        self.shared.ordered.notify_all();
        true
    }
}

impl Drop for Issuer {
    fn drop(&mut self) {
        self.shared.orders().end = true;
        self.shared.ordered.notify_all();
    }
}

impl Shared {
    fn orders(&self) -> MutexGuard<'_, Orders> {
        self.orders.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn known(&self) -> Option<Arc<KeySet>> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn publish(&self, keys: KeySet) {
        let before = self.known().unwrap_or_default();
        let keys = keys.following(&before);
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(keys));
    }

    fn work(&self, source: &Source, ttl: Duration) {
        let mut failures = 0;
        loop {
            match source.fetch() {
                Ok(keys) => {
                    match keys.len() {
                        0 => log::warn!("the issuer publishes no usable key: all tokens are refused"),
                        number => log::debug!("the issuer's keys: {number}"),
                    }
                    self.publish(keys);
                    failures = 0;
                }
                Err(error) => {
                    failures += 1;
                    let known = self.known().map_or(0, |keys| keys.len());
                    log::warn!("the issuer's keys cannot be fetched ({known} are known from before): {error}");
                }
            }
            let pause = if failures == 0 { ttl } else { backoff(failures).min(ttl) };
            let mut orders = self.orders();
            orders.under_way = false;
            self.attempts.send_replace(failures == 0);
            let begun = Instant::now();
            while !orders.fetch && !orders.end {
                let Some(left) = pause.checked_sub(begun.elapsed()).filter(|left| !left.is_zero()) else { break };
                (orders, _) = self.ordered.wait_timeout(orders, left).unwrap_or_else(PoisonError::into_inner);
            }
            if orders.end {
                return;
            }
            (orders.fetch, orders.under_way) = (false, true);
        }
    }
}

/// One second, then twice as long each time.
fn backoff(failures: u32) -> Duration {
    Duration::from_secs(1 << (failures - 1).min(5)).min(LONGEST_BACKOFF)
}
