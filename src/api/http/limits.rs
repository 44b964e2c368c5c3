//! How much one caller may ask for: a bucket of tokens for each, which fills again at a fixed rate, and of which each request takes
//! one. Who finds none is told when there will be one (429).
//!
//! A caller is who he says he is, or, as long as he does not say, where he comes from. What comes with a token or a key that is not
//! accepted is counted by address too: who guesses is held up before the guess is looked at.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, Hash, RandomState};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The most callers that are remembered in each way.
const MOST: usize = 100_000;

/// Requests a second, and how many at once.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    /// Tokens a second.
    pub per_second: f64,
    /// Tokens that a full bucket holds.
    pub burst: f64,
}

/// All buckets of a server. Cheap to clone.
#[derive(Clone)]
pub struct Limits {
    inner: Arc<Inner>,
}

struct Inner {
    callers: Option<Buckets>,
    addresses: Option<Buckets>,
    refused: Option<Buckets>,
}

/// He has asked for too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMuch {
    /// Until there is a token again.
    pub wait: Duration,
}

impl Limits {
    /// Full buckets for everybody; `None` limits nobody.
    pub fn new(callers: Option<Rate>, addresses: Option<Rate>, refused: Option<Rate>) -> Self {
        let [callers, addresses, refused] = [callers, addresses, refused].map(|rate| rate.map(Buckets::new));
        Self { inner: Arc::new(Inner { callers, addresses, refused }) }
    }

    /// Somebody asks who says that he is `id`, and is.
    pub fn caller(&self, id: &str) -> Result<(), TooMuch> {
        take(&self.inner.callers, id)
    }

    /// Somebody asks who does not say who he is.
    pub fn stranger(&self, address: IpAddr) -> Result<(), TooMuch> {
        take(&self.inner.addresses, class(address))
    }

    /// What is shown from this address may be looked at.
    pub fn may_show(&self, address: IpAddr) -> Result<(), TooMuch> {
        self.inner.refused.as_ref().map_or(Ok(()), |buckets| buckets.look(class(address), Instant::now()))
    }

    /// What was shown is not accepted.
    pub fn refused(&self, address: IpAddr) {
        // It is too late to send anybody away: the next one is.
        let _counted = take(&self.inner.refused, class(address));
    }
}

fn take(buckets: &Option<Buckets>, of: impl Hash) -> Result<(), TooMuch> {
    buckets.as_ref().map_or(Ok(()), |buckets| buckets.take(of, Instant::now()))
}

/// Who has an IPv6 address has all of its network's: they count as one.
fn class(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let mut octets = address.octets();
            octets[8..].fill(0);
            octets.into()
        }
        address @ IpAddr::V4(_) => address,
    }
}

#[derive(Clone, Copy)]
struct Bucket {
    tokens: f64,
    at: Instant,
}

struct Buckets {
    rate: Rate,
    /// By a hash that nobody outside can foresee: two callers share a bucket once in a very long while.
    all: Mutex<HashMap<u64, Bucket>>,
    hasher: RandomState,
}

impl Buckets {
    fn new(rate: Rate) -> Self {
        Self { rate, all: Mutex::default(), hasher: RandomState::new() }
    }

    /// What the bucket holds by now.
    fn filled(&self, bucket: Bucket, now: Instant) -> f64 {
        let since = now.saturating_duration_since(bucket.at).as_secs_f64();
        since.mul_add(self.rate.per_second, bucket.tokens).min(self.rate.burst)
    }

    fn too_much(&self, tokens: f64) -> TooMuch {
        TooMuch { wait: Duration::from_secs_f64(((1.0 - tokens) / self.rate.per_second).clamp(0.0, 3600.0)) }
    }

    fn look(&self, of: impl Hash, now: Instant) -> Result<(), TooMuch> {
        let key = self.hasher.hash_one(of);
        let tokens = self.lock().get(&key).map_or(self.rate.burst, |bucket| self.filled(*bucket, now));
        if tokens < 1.0 { Err(self.too_much(tokens)) } else { Ok(()) }
    }

    fn take(&self, of: impl Hash, now: Instant) -> Result<(), TooMuch> {
        let key = self.hasher.hash_one(of);
        let mut all = self.lock();
        if all.len() >= MOST && !all.contains_key(&key) {
            self.make_room(&mut all, now);
        }
        let bucket = all.entry(key).or_insert(Bucket { tokens: self.rate.burst, at: now });
        let tokens = self.filled(*bucket, now);
        let enough = tokens >= 1.0;
        *bucket = Bucket { tokens: if enough { tokens - 1.0 } else { tokens }, at: now };
        if enough { Ok(()) } else { Err(self.too_much(tokens)) }
    }

    /// A full bucket need not be remembered. Where nearly all are in use, all are forgiven: memory is bounded before anything else.
    fn make_room(&self, all: &mut HashMap<u64, Bucket>, now: Instant) {
        all.retain(|_, bucket| self.filled(*bucket, now) < self.rate.burst);
        if all.len() >= MOST - MOST / 10 {
            log::warn!("more than {MOST} callers at once: their limits begin anew");
            all.clear();
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<u64, Bucket>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn buckets(per_second: f64, burst: f64) -> Buckets {
        Buckets::new(Rate { per_second, burst })
    }

    #[test]
    fn a_bucket_empties_and_fills() {
        let buckets = buckets(2.0, 3.0);
        let start = Instant::now();
        for _ in 0..3 {
            buckets.take("ana", start).unwrap();
        }
        assert_eq!(buckets.take("ana", start).unwrap_err().wait, Duration::from_millis(500));
        assert!(buckets.look("ana", start).is_err());
        buckets.take("ben", start).unwrap();
        let later = start + Duration::from_millis(500);
        buckets.look("ana", later).unwrap();
        buckets.take("ana", later).unwrap();
        assert!(buckets.take("ana", later).is_err());
        // However long nobody asks, a bucket holds no more than it can.
        let much_later = start + Duration::from_secs(3600);
        assert_eq!((0..10).filter(|_| buckets.take("ana", much_later).is_ok()).count(), 3);
    }

    #[test]
    fn memory_is_bounded() {
        let buckets = buckets(1.0, 1.0);
        let now = Instant::now();
        for who in 0..MOST + 1000 {
            buckets.take(who, now).unwrap();
        }
        assert!(buckets.lock().len() <= MOST);
        let later = now + Duration::from_secs(2);
        for who in 0..MOST {
            buckets.take(who, later).unwrap();
        }
        assert!(buckets.lock().len() <= MOST);
    }

    #[test]
    fn a_network_is_one_address() {
        let class_of = |text: &str| class(text.parse().unwrap());
        assert_eq!(class_of("2001:db8::1"), class_of("2001:db8::ffff:0:0:2"));
        assert_ne!(class_of("2001:db8::1"), class_of("2001:db8:0:1::1"));
        assert_ne!(class_of("192.0.2.1"), class_of("192.0.2.2"));
        assert_eq!(class_of("::ffff:192.0.2.1"), class_of("192.0.2.1"));
    }
}
