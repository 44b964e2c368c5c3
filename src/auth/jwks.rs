//! An issuer's public keys, as it publishes them.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use serde_json::Value;

/// Most keys of an issuer that are looked at.
const MOST_KEYS: usize = 100;
/// Longest name of a key, and of one that a token may ask for.
pub const LONGEST_KID: usize = 256;
/// Sizes of RSA keys: shorter ones can be broken, longer ones cost more than they are worth.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;

/// A public key.
pub struct Key {
    /// Its name, as tokens say it.
    pub kid: String,
    /// The one algorithm that it is used with.
    pub algorithm: Algorithm,
    /// What signatures are checked with.
    pub decoding: DecodingKey,
    /// The key itself, to tell it from another of the same name.
    material: (Vec<u8>, Vec<u8>),
    withdrawn: AtomicBool,
}

impl Key {
    /// True once the issuer has published its keys without this one.
    pub fn is_withdrawn(&self) -> bool {
        self.withdrawn.load(Ordering::Acquire)
    }

    fn is_the_same(&self, other: &Self) -> bool {
        self.kid == other.kid && self.algorithm == other.algorithm && self.material == other.material
    }
}

/// The keys of an issuer at one time, by name.
#[derive(Default)]
pub struct KeySet(HashMap<String, Arc<Key>>);

/// The answer is no set of keys.
#[derive(Debug, thiserror::Error)]
#[error("the answer is no set of keys")]
pub struct NoKeySet;

/// A key as it is published. What it is used for besides signatures makes no difference here.
#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: String,
    #[serde(rename = "use")]
    used_for: Option<String>,
    key_ops: Option<Vec<String>>,
    alg: Option<String>,
    n: Option<String>,
    e: Option<String>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

impl KeySet {
    /// Reads an issuer's answer. Keys that cannot be used (other kinds, too short, for encryption) are left out; so is a second one
    /// of a name, since a token could not say which it means.
    pub fn parse(answer: &[u8]) -> Result<Self, NoKeySet> {
        #[derive(Deserialize)]
        struct Published {
            keys: Vec<Value>,
        }
        let published: Published = serde_json::from_slice(answer).map_err(|_unreadable| NoKeySet)?;
        let mut keys = HashMap::new();
        for value in published.keys.into_iter().take(MOST_KEYS) {
            let key = serde_json::from_value(value).ok().and_then(|jwk: Jwk| usable(&jwk));
            if let Some(key) = key {
                keys.entry(key.kid.clone()).or_insert_with(|| Arc::new(key));
            }
        }
        Ok(Self(keys))
    }

    /// The key of a name.
    pub fn find(&self, kid: &str) -> Option<Arc<Key>> {
        self.0.get(kid).cloned()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// This set after `before`: what is in both stays the same key, what is only in `before` is withdrawn.
    pub fn following(mut self, before: &Self) -> Self {
        for (kid, old) in &before.0 {
            match self.0.get_mut(kid).filter(|new| new.is_the_same(old)) {
                Some(new) => *new = Arc::clone(old),
                None => old.withdrawn.store(true, Ordering::Release),
            }
        }
        self
    }
}

fn usable(jwk: &Jwk) -> Option<Key> {
    if jwk.kid.is_empty() || jwk.kid.len() > LONGEST_KID {
        return None;
    }
    if jwk.used_for.as_ref().is_some_and(|used_for| used_for != "sig") {
        return None;
    }
    if jwk.key_ops.as_ref().is_some_and(|operations| !operations.iter().any(|one| one == "verify")) {
        return None;
    }
    let bytes = |text: &Option<String>| URL_SAFE_NO_PAD.decode(text.as_deref()?.trim_end_matches('=')).ok();
    let (algorithm, name, decoding, material) = match jwk.kty.as_str() {
        "RSA" => {
            let (n, e) = (without_zeros(bytes(&jwk.n)?), without_zeros(bytes(&jwk.e)?));
            let bits = n.len() * 8 - usize::try_from(n.first()?.leading_zeros()).ok()?;
            if !RSA_BITS.contains(&bits) {
                return None;
            }
            (Algorithm::RS256, "RS256", DecodingKey::from_rsa_raw_components(&n, &e), (n, e))
        }
        "EC" if jwk.crv.as_deref() == Some("P-256") => {
            let (x, y) = (bytes(&jwk.x)?, bytes(&jwk.y)?);
            if x.len() != 32 || y.len() != 32 {
                return None;
            }
            let point = [&[4], x.as_slice(), y.as_slice()].concat();
            (Algorithm::ES256, "ES256", DecodingKey::from_ec_der(&point), (x, y))
        }
        _ => return None,
    };
    if jwk.alg.as_ref().is_some_and(|alg| alg != name) {
        return None;
    }
    Some(Key { kid: jwk.kid.clone(), algorithm, decoding, material, withdrawn: AtomicBool::new(false) })
}

fn without_zeros(number: Vec<u8>) -> Vec<u8> {
    number.into_iter().skip_while(|byte| *byte == 0).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;

    fn rsa(kid: &str, bytes: usize) -> Value {
        let n = URL_SAFE_NO_PAD.encode(vec![0xC5; bytes]);
        json!({"kty": "RSA", "kid": kid, "use": "sig", "alg": "RS256", "n": n, "e": "AQAB"})
    }

    fn with(mut key: Value, name: &str, value: Value) -> Value {
        key.as_object_mut().unwrap().insert(name.to_owned(), value);
        key
    }

    fn set(keys: &[Value]) -> KeySet {
        KeySet::parse(json!({"keys": keys, "more": 1}).to_string().as_bytes()).unwrap()
    }

    #[test]
    fn only_keys_for_these_signatures_are_taken() {
        let half = URL_SAFE_NO_PAD.encode([7; 32]);
        let ec = json!({"kty": "EC", "kid": "e", "crv": "P-256", "x": half, "y": half});
        for good in [
            rsa("a", 256),
            rsa("a", 512),
            with(rsa("a", 256), "use", Value::Null),
            with(rsa("a", 256), "alg", Value::Null),
            with(rsa("a", 256), "key_ops", json!(["verify"])),
            ec.clone(),
        ] {
            assert_eq!(set(std::slice::from_ref(&good)).len(), 1, "{good}");
        }
        for bad in [
            rsa("a", 255),
            rsa("a", 128),
            rsa("a", 1025),
            rsa("a", 0),
            rsa("", 256),
            rsa(&"k".repeat(257), 256),
            with(rsa("a", 256), "use", json!("enc")),
            with(rsa("a", 256), "alg", json!("PS256")),
            with(rsa("a", 256), "alg", json!("HS256")),
            with(rsa("a", 256), "key_ops", json!(["encrypt"])),
            with(rsa("a", 256), "n", json!("not base64!")),
            with(rsa("a", 256), "kid", json!(7)),
            with(ec.clone(), "crv", json!("P-384")),
            with(ec.clone(), "x", json!("AQAB")),
            with(ec.clone(), "alg", json!("ES384")),
            json!({"kty": "oct", "kid": "o", "k": half}),
            json!({"kty": "OKP", "kid": "o", "crv": "Ed25519", "x": half}),
            json!({}),
            json!(null),
            json!("RSA"),
        ] {
            assert_eq!(set(&[bad.clone(), rsa("good", 256)]).len(), 1, "{bad}");
        }
        let many: Vec<Value> = (0..1000).map(|number| rsa(&number.to_string(), 256)).collect();
        assert_eq!(set(&many).len(), MOST_KEYS);
        for nothing in ["", "null", "[]", "{}", "{\"keys\": {}}", "<html>", "{\"keys\": null}"] {
            assert!(KeySet::parse(nothing.as_bytes()).is_err(), "{nothing}");
        }
        assert_eq!(set(&[]).len(), 0);
    }

    #[test]
    fn a_key_that_is_published_no_more_is_withdrawn() {
        let first = set(&[rsa("a", 256), rsa("b", 256), rsa("c", 256)]);
        let [a, b, c] = ["a", "b", "c"].map(|kid| first.find(kid).unwrap());
        let second = set(&[rsa("a", 256), rsa("b", 384), rsa("d", 256)]).following(&first);
        assert!(Arc::ptr_eq(&a, &second.find("a").unwrap()) && !a.is_withdrawn());
        assert!(b.is_withdrawn() && !second.find("b").unwrap().is_withdrawn(), "another key of the same name");
        assert!(c.is_withdrawn() && second.find("c").is_none());
    }
}
