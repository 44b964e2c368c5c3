//! The secret of an API key: `ocot_` and 256 random bits. It exists while it is made and while it is shown; what is kept is its
//! digest. A digest without salt or stretching is enough: nobody can try 256 random bits.

use std::fmt::{self, Debug};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom as _, SystemRandom};
use subtle::ConstantTimeEq as _;

use crate::domain::hex::hex;

/// What every key begins with, so that it is known for one wherever it turns up.
pub const PREFIX: &str = "ocot_";

/// Random bytes of a key.
const RANDOM: usize = 32;

/// Characters that they are written with.
const WRITTEN: usize = 43;

/// Characters of a key that are shown in lists.
const PREVIEWED: usize = PREFIX.len() + 6;

/// A new key, to be shown once.
pub struct Secret(String);

/// The operating system gave no random numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the operating system gave no random numbers")]
pub struct NoRandomness;

impl Secret {
    /// Makes one.
    pub fn generate() -> Result<Self, NoRandomness> {
        let mut bytes = [0; RANDOM];
        SystemRandom::new().fill(&mut bytes).map_err(|_unspecified| NoRandomness)?;
        Ok(Self(PREFIX.to_owned() + &URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// The key itself: for whoever asked for it, and for nobody else.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Its first characters, by which its owner knows it again.
    pub fn preview(&self) -> &str {
        self.0.get(..PREVIEWED).unwrap_or_default()
    }

    /// What is kept of it.
    pub fn digest(&self) -> Digest {
        Digest::of_text(&self.0)
    }
}

impl Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// SHA-256 of a key. Comparing digests tells nobody anything about keys: one bit of a key changes all of its digest.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// Of what somebody says is a key; `None` for what cannot be one, which needs no look-up.
    pub fn of(text: &str) -> Option<Self> {
        let written = text.strip_prefix(PREFIX)?;
        let usable = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        (written.len() == WRITTEN && written.bytes().all(usable)).then(|| Self::of_text(text))
    }

    fn of_text(text: &str) -> Self {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(digest(&SHA256, text.as_bytes()).as_ref());
        Self(bytes)
    }

    /// As it is stored.
    pub fn hex(&self) -> String {
        hex(&self.0)
    }

    /// Compares with a stored digest, in the same time wherever they differ.
    pub fn is(&self, stored: &str) -> bool {
        self.hex().as_bytes().ct_eq(stored.as_bytes()).into()
    }
}

impl Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digest(..)")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_a_prefix_and_256_bits() {
        let (one, other) = (Secret::generate().unwrap(), Secret::generate().unwrap());
        assert_ne!(one.reveal(), other.reveal());
        assert_eq!(one.reveal().len(), 48);
        assert!(one.reveal().starts_with(one.preview()) && one.preview().len() == 11);
        assert_eq!(format!("{one:?} {:?}", one.digest()), "Secret(..) Digest(..)");
        let digest = Digest::of(one.reveal()).unwrap();
        assert!(digest == one.digest() && digest.is(&one.digest().hex()) && !digest.is(&other.digest().hex()));
        assert!(!digest.is(""));
    }

    #[test]
    fn the_digest_is_sha_256() {
        let key = format!("{PREFIX}{}", "A".repeat(43));
        let expected = "03355227ca2586270be1d103b03fdddc44edf5a7466a9e46e7ce6d8f992ee26f";
        assert_eq!(Digest::of(&key).unwrap().hex(), expected);
    }

    #[test]
    fn what_cannot_be_a_key_is_none() {
        let good = format!("{PREFIX}{}", "A".repeat(43));
        assert!(Digest::of(&good).is_some());
        let bad = [
            String::new(),
            PREFIX.to_owned(),
            format!("{good}A"),
            good.replacen("ocot_", "OCOT_", 1),
            good.replacen("AA", "A=", 1),
            good.replacen("AA", "A+", 1),
            good.replacen("AA", "é", 1),
            good.replacen("AA", "A\0", 1),
            format!(" {good}"),
        ];
        assert!(bad.iter().all(|text| Digest::of(text).is_none()));
    }
}
