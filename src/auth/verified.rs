//! Tokens whose signature has been checked already, by their digest.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use ring::digest::{SHA256, digest};

use crate::auth::jwks::Key;
use crate::domain::principal::Principal;

/// SHA-256 of a token. The token itself is not kept.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// Of a token.
    pub fn of(token: &str) -> Self {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(digest(&SHA256, token.as_bytes()).as_ref());
        Self(bytes)
    }
}

/// A token that was found to be good.
#[derive(Clone)]
pub struct Entry {
    /// Whose it is.
    pub principal: Arc<Principal>,
    /// Until when, in seconds since 1970.
    pub until: u64,
    /// The key that it is signed with.
    pub key: Arc<Key>,
}

/// A bounded number of checked tokens. When it is full, those that were not used for longest make room, about half of them at
/// once.
pub struct Verified {
    half: usize,
    entries: Mutex<Halves>,
}

#[derive(Default)]
struct Halves {
    recent: HashMap<Digest, Entry>,
    older: HashMap<Digest, Entry>,
}

impl Verified {
    /// Keeps at most `most`.
    pub fn new(most: usize) -> Self {
        Self { half: (most / 2).max(1), entries: Mutex::default() }
    }

    /// Whose token it is, if it was checked before and still holds.
    pub fn find(&self, digest: &Digest, now: u64) -> Option<Arc<Principal>> {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let holds = |entry: &Entry| now < entry.until && !entry.key.is_withdrawn();
        if let Some(entry) = entries.recent.get(digest) {
            if holds(entry) {
                return Some(Arc::clone(&entry.principal));
            }
            entries.recent.remove(digest);
            return None;
        }
        let entry = entries.older.remove(digest).filter(holds)?;
        let principal = Arc::clone(&entry.principal);
        self.put(&mut entries, *digest, entry);
        Some(principal)
    }

    /// Keeps a token that was found to be good.
    pub fn keep(&self, digest: Digest, entry: Entry) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        self.put(&mut entries, digest, entry);
    }

    fn put(&self, entries: &mut Halves, digest: Digest, entry: Entry) {
        if entries.recent.len() >= self.half {
            entries.older = std::mem::take(&mut entries.recent);
        }
        entries.recent.insert(digest, entry);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::auth::jwks::KeySet;

    fn keys() -> KeySet {
        let half = "A".repeat(43);
        let jwks = json!({"keys": [{"kty": "EC", "kid": "k", "crv": "P-256", "x": half, "y": half}]});
        KeySet::parse(jwks.to_string().as_bytes()).unwrap()
    }

    fn entry(keys: &KeySet, until: u64) -> Entry {
        Entry { principal: Arc::default(), until, key: keys.find("k").unwrap() }
    }

    #[test]
    fn tokens_hold_until_they_expire_or_their_key_is_withdrawn() {
        let (verified, keys, token) = (Verified::new(10), keys(), Digest::of("a"));
        verified.keep(token, entry(&keys, 100));
        assert!(verified.find(&token, 99).is_some() && verified.find(&Digest::of("b"), 99).is_none());
        assert!(verified.find(&token, 100).is_none() && verified.find(&token, 99).is_none(), "it is forgotten");
        verified.keep(token, entry(&keys, 100));
        let _next = KeySet::default().following(&keys);
        assert!(verified.find(&token, 50).is_none());
    }

    #[test]
    fn their_number_is_bounded_and_what_is_used_stays() {
        let (verified, keys) = (Verified::new(100), keys());
        let used = Digest::of("used");
        verified.keep(used, entry(&keys, 100));
        for number in 0..1000 {
            verified.keep(Digest::of(&number.to_string()), entry(&keys, 100));
            assert!(verified.find(&used, 0).is_some(), "{number}");
            let entries = verified.entries.lock().unwrap();
            assert!(entries.recent.len() + entries.older.len() <= 100);
        }
        assert!(verified.find(&Digest::of("0"), 0).is_none());
    }
}
