//! API keys: who holds one, when it was last used.
//!
//! A key that was looked up is believed for one second, so that a revocation is obeyed by all instances within it. One that is in
//! constant use is looked up again before that second is over, while requests go on: none of them waits. However many ask at
//! once, there is one look-up of a key at a time. Who invents keys is held up at a small gate of his own, and what was invented is
//! remembered for a while.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures_util::future::LocalBoxFuture;
use tokio::sync::{Semaphore, watch};

use crate::auth::{Denied, KeyCheck};
use crate::db::{Ask, Asker, Executor, Refusal, Session, Weight, WriteSession};
use crate::domain::api_key::{Digest, Usable};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::principal::Principal;
use crate::store::{StoreError, api_key};

/// How long what was looked up is believed.
const BELIEVED: Duration = Duration::from_secs(1);

/// From when on it is looked up again, while it is still believed.
const REFRESHED: Duration = Duration::from_millis(500);

/// How long it is remembered that there is no such key. Nobody can know a key before it is made.
const REFUSED: Duration = Duration::from_secs(30);

/// The most keys that are remembered, and as many that do not exist.
const MOST: usize = 10_000;

/// The most look-ups under way of keys that were never seen.
const MOST_LOOK_UPS: usize = 1_000;

/// How often it is looked whether uses are to be noted.
const NOTED_EVERY: Duration = Duration::from_secs(5);

/// How often the use of one key is noted at most.
const NOTED_AGAIN: Duration = Duration::from_secs(60);

/// The most keys whose use is noted in one transaction.
const NOTED_TOGETHER: usize = 200;

/// What a look-up found, and when.
#[derive(Clone)]
struct Found {
    /// Who holds the key, until when.
    holder: Option<(Arc<Principal>, UtcDateTime)>,
    at: Instant,
}

impl Found {
    fn of(usable: Option<Usable>, at: Instant) -> Self {
        let holder = usable.map(|key| (Arc::new(key.principal()), key.expires_at));
        Self { holder, at }
    }

    /// Who holds the key now.
    fn now(&self, now: UtcDateTime) -> Option<Arc<Principal>> {
        self.holder.as_ref().filter(|(_, until)| now < *until).map(|(principal, _)| Arc::clone(principal))
    }
}

type Outcome = Result<Found, Refusal>;

/// Receives what a look-up found; nothing when it was given up.
type LookUp = watch::Receiver<Option<Outcome>>;

/// A key that exists.
struct Known {
    found: Found,
    /// The last use that is not noted yet.
    used: Option<UtcDateTime>,
    /// When a use was last noted.
    noted: Option<Instant>,
}

/// What is remembered.
#[derive(Default)]
struct Seen {
    known: HashMap<Digest, Known>,
    /// Keys that do not exist, and since when that is known.
    refused: HashMap<Digest, Instant>,
    under_way: HashMap<Digest, LookUp>,
}

/// What is to be done about a key.
enum Next {
    /// It is known well enough.
    Answer(Option<Arc<Principal>>),
    /// It has to be waited for.
    Wait(LookUp),
}

/// Knows who holds which key. Cheap to clone.
#[derive(Clone)]
pub struct Keys {
    inner: Arc<Inner>,
}

struct Inner {
    executor: Executor,
    seen: Mutex<Seen>,
    /// Look-ups of keys that were never seen: guessing must not take the connections away from those who have one.
    strangers: Semaphore,
}

impl Keys {
    /// Looks keys up through an executor.
    pub fn new(executor: Executor) -> Self {
        let strangers = Semaphore::new((executor.sizing().read_permits / 4).max(1));
        Self { inner: Arc::new(Inner { executor, seen: Mutex::default(), strangers }) }
    }

    /// Who holds a key; `None` when nobody does.
    pub async fn holder(&self, secret: &str) -> Result<Option<Arc<Principal>>, Refusal> {
        let Some(digest) = Digest::of(secret) else { return Ok(None) };
        let asked = Instant::now();
        let mut look_up = match self.next(digest) {
            Next::Answer(answer) => return Ok(answer),
            Next::Wait(look_up) => look_up,
        };
        let mut found = ended(&mut look_up).await?;
        // One that had begun long before may have seen what is no longer true.
        if found.at < asked && found.at.elapsed() >= BELIEVED {
            match self.next(digest) {
                Next::Answer(answer) => return Ok(answer),
                Next::Wait(mut look_up) => found = ended(&mut look_up).await?,
            }
        }
        let now = UtcDateTime::now();
        let holder = found.now(now);
        if holder.is_some()
            && let Some(known) = self.seen().known.get_mut(&digest)
        {
            known.used = Some(now);
        }
        Ok(holder)
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.inner.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is remembered of a key; begins a look-up where that is not enough, or will not be for long.
    fn next(&self, digest: Digest) -> Next {
        let mut seen = self.seen();
        let (next, begun) = seen.next(digest, self);
        drop(seen);
        // Outside of the lock: a worker that is going down drops what it is given, and that takes the lock again.
        if let Some(begun) = begun {
            actix_web::rt::spawn(begun.run());
        }
        next
    }

    async fn look_up(&self, digest: Digest, stranger: bool) -> Outcome {
        let executor = &self.inner.executor;
        let longest = executor.sizing().queue_timeout;
        let _gate = if stranger {
            let entering = tokio::time::timeout(longest, self.inner.strangers.acquire());
            entering.await.map_err(|_too_long| Refusal::QueueTimeout(longest))?.ok()
        } else {
            None
        };
        let job = move |session: &mut Session<'_>, ()| {
            // Before it is read: what is committed from now on may not be seen.
            let at = Instant::now();
            Ok::<_, StoreError>(Found::of(api_key::usable(session, &digest)?, at))
        };
        let done = executor.read(ask("check_api_key"), || Ok(()), job, |found| found).await;
        match done.result? {
            Ok(found) => Ok(found),
            Err(StoreError::Refused(refusal)) => Err(refusal),
            Err(error) => {
                log::error!("an API key could not be looked up: {error}");
                Err(Refusal::Unavailable)
            }
        }
    }

    /// Notes from time to time when keys were used, for as long as the server runs.
    pub async fn note_uses(self) {
        while !self.inner.executor.is_closing() {
            tokio::time::sleep(NOTED_EVERY).await;
            self.note().await;
        }
    }

    /// Notes the uses that are due. One that cannot be noted is forgotten: the next one will be.
    pub async fn note(&self) {
        let due = self.seen().take_due();
        for some in due.chunks(NOTED_TOGETHER) {
            let some = some.to_vec();
            let job = move |session: &mut WriteSession<'_>, ()| Ok::<_, StoreError>(api_key::note_use(session, &some)?);
            let executor = &self.inner.executor;
            let done = executor.write(ask("note_api_key_use"), || Ok(()), job, |noted| noted).await;
            if let Err(error) = done.result.map_err(StoreError::from).flatten() {
                log::warn!("the use of API keys could not be noted: {error}");
            }
        }
    }
}

impl KeyCheck for Keys {
    fn check<'a>(&'a self, secret: &'a str) -> LocalBoxFuture<'a, Result<Option<Arc<Principal>>, Denied>> {
        Box::pin(async move {
            self.holder(secret).await.map_err(|refusal| {
                log::debug!("an API key cannot be looked up: {refusal}");
                Denied::Unavailable
            })
        })
    }
}

fn ask(operation: &'static str) -> Ask {
    // A key that was revoked a moment ago must not pass because a replica has not heard of it.
    Ask { operation, weight: Weight::Light, asker: Asker::program("api keys"), current: true }
}

/// Waits for the end of a look-up. One is given up only when its worker goes down.
async fn ended(look_up: &mut LookUp) -> Outcome {
    match look_up.wait_for(Option::is_some).await {
        Ok(outcome) => outcome.clone().unwrap_or(Err(Refusal::ShuttingDown)),
        Err(_given_up) => Err(Refusal::ShuttingDown),
    }
}

impl Seen {
    /// What is to be done about a key, and the look-up that is to be begun.
    fn next(&mut self, digest: Digest, keys: &Keys) -> (Next, Option<UnderWay>) {
        if let Some(known) = self.known.get_mut(&digest) {
            let age = known.found.at.elapsed();
            if age < BELIEVED {
                let now = UtcDateTime::now();
                let holder = known.found.now(now);
                if holder.is_some() {
                    known.used = Some(now);
                }
                let again = age >= REFRESHED && !self.under_way.contains_key(&digest);
                let begun = if again { self.begin(digest, keys).1 } else { None };
                return (Next::Answer(holder), begun);
            }
        } else if self.refused.get(&digest).is_some_and(|since| since.elapsed() < REFUSED) {
            return (Next::Answer(None), None);
        }
        if let Some(under_way) = self.under_way.get(&digest) {
            return (Next::Wait(under_way.clone()), None);
        }
        let (look_up, begun) = self.begin(digest, keys);
        (Next::Wait(look_up), begun)
    }

    /// Look-ups under way of keys that were never seen. Those of the others are few: one for each that is in use.
    fn strangers(&self) -> usize {
        self.under_way.keys().filter(|digest| !self.known.contains_key(digest)).count()
    }

    fn begin(&mut self, digest: Digest, keys: &Keys) -> (LookUp, Option<UnderWay>) {
        let (send, receive) = watch::channel(None);
        let stranger = !self.known.contains_key(&digest);
        // Keys that exist are bounded by what is remembered: whoever invents some takes no place of theirs.
        if stranger && self.strangers() >= MOST_LOOK_UPS {
            send.send_replace(Some(Err(Refusal::QueueFull)));
            return (receive, None);
        }
        self.under_way.insert(digest, receive.clone());
        (receive, Some(UnderWay { keys: keys.clone(), digest, stranger, outcome: None, send }))
    }

    fn remember(&mut self, digest: Digest, found: &Found) {
        if found.holder.is_none() {
            self.known.remove(&digest);
            make_room(&mut self.refused, |since| since.elapsed() < REFUSED);
            self.refused.insert(digest, found.at);
            return;
        }
        self.refused.remove(&digest);
        if let Some(known) = self.known.get_mut(&digest) {
            known.found = found.clone();
            return;
        }
        make_room(&mut self.known, |known| known.found.at.elapsed() < BELIEVED);
        self.known.insert(digest, Known { found: found.clone(), used: None, noted: None });
    }

    /// The uses that are to be noted now, by the ids of the keys.
    fn take_due(&mut self) -> Vec<(i32, UtcDateTime)> {
        let mut due = Vec::new();
        for known in self.known.values_mut() {
            if known.noted.is_some_and(|noted| noted.elapsed() < NOTED_AGAIN) {
                continue;
            }
            let key = known.found.holder.as_ref().and_then(|(principal, _)| principal.api_key);
            if let (Some(key), Some(at)) = (key, known.used.take()) {
                known.noted = Some(Instant::now());
                due.push((key, at));
            }
        }
        // Always in the same order: other instances note uses of the same keys.
        due.sort_unstable_by_key(|(key, _)| *key);
        due
    }
}

/// Forgets what is not of use any more when there is no room, and everything when that is not enough.
fn make_room<T>(remembered: &mut HashMap<Digest, T>, of_use: impl Fn(&T) -> bool) {
    if remembered.len() >= MOST {
        remembered.retain(|_, what| of_use(what));
    }
    if remembered.len() >= MOST {
        remembered.clear();
    }
}

/// A look-up under way. It goes on when whoever asked for it has left: others may wait for it. However it ends, the next one
/// may begin.
struct UnderWay {
    keys: Keys,
    digest: Digest,
    /// The key was not known before.
    stranger: bool,
    outcome: Option<Outcome>,
    send: watch::Sender<Option<Outcome>>,
}

impl UnderWay {
    async fn run(mut self) {
        self.outcome = Some(self.keys.look_up(self.digest, self.stranger).await);
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let outcome = self.outcome.take();
        let mut seen = self.keys.seen();
        if let Some(Ok(found)) = &outcome {
            seen.remember(self.digest, found);
        }
        seen.under_way.remove(&self.digest);
        drop(seen);
        if outcome.is_some() {
            self.send.send_replace(outcome);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::domain::api_key::{Scope, Secret};

    fn found(at: Instant) -> Found {
        let usable = Usable {
            id: 7,
            name: "k".to_owned(),
            owner_id: None,
            scope: Scope::ogc_internal(),
            expires_at: UtcDateTime::LAST,
        };
        Found::of(Some(usable), at)
    }

    fn digest() -> Digest {
        Secret::generate().unwrap().digest()
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let (mut seen, now) = (Seen::default(), Instant::now());
        for _ in 0..MOST + 10 {
            seen.remember(digest(), &Found { holder: None, at: now });
            seen.remember(digest(), &found(now));
        }
        assert!(seen.refused.len() <= MOST && seen.known.len() <= MOST);
        let revoked = digest();
        seen.remember(revoked, &found(now));
        seen.remember(revoked, &Found { holder: None, at: now });
        assert!(!seen.known.contains_key(&revoked) && seen.refused.contains_key(&revoked));
    }

    #[test]
    fn a_use_is_noted_once_a_minute() {
        let (mut seen, digest, used) = (Seen::default(), digest(), UtcDateTime::now());
        seen.remember(digest, &found(Instant::now()));
        assert_eq!(seen.take_due(), []);
        seen.known.get_mut(&digest).unwrap().used = Some(used);
        assert_eq!(seen.take_due(), [(7, used)]);
        seen.known.get_mut(&digest).unwrap().used = Some(used);
        assert_eq!(seen.take_due(), [], "not again so soon");
        seen.known.get_mut(&digest).unwrap().noted = Instant::now().checked_sub(NOTED_AGAIN);
        assert_eq!(seen.take_due(), [(7, used)]);
    }

    #[test]
    fn an_expired_key_has_no_holder_though_it_is_believed() {
        let mut found = found(Instant::now());
        assert!(found.now(UtcDateTime::now()).is_some());
        found.holder.as_mut().unwrap().1 = UtcDateTime::FIRST;
        assert!(found.now(UtcDateTime::now()).is_none());
    }
}
