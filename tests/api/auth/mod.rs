//! API keys. Tokens: which are accepted, what becomes of the issuer's keys, and what is told about whom.

mod jwks;
mod keys;
mod limits;
mod log;
mod roles;
mod tokens;

use std::time::{Duration, Instant};

use crate::support::issuer::Issuer;
use crate::support::*;

/// A server that believes an issuer.
pub fn start(db: Database, issuer: &Issuer) -> App {
    let auth = issuer.auth();
    db.start_with(|config| config.auth = auth, |_| {})
}

/// Somebody unknown is sent away, and never told why.
#[track_caller]
pub fn refused(reply: &Reply, what: &str) {
    let bearer = reply.header("www-authenticate");
    assert_eq!((reply.status, bearer), (401, Some("Bearer error=\"invalid_token\"")), "{what}: {}", reply.text());
    assert_eq!((reply.text().as_str(), reply.queries()), ("{\"detail\":\"Not authenticated\"}", 0), "{what}");
}

/// Waits until something is so.
#[track_caller]
pub fn until(longest: Duration, what: &str, mut so: impl FnMut() -> bool) -> Duration {
    let begun = Instant::now();
    while !so() {
        assert!(begun.elapsed() < longest, "not within {longest:?}: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
    begun.elapsed()
}
