//! URLs by which a file can be had for a while without a token. Those of a bucket lead there, and are signed as the bucket wants it;
//! those of a folder lead to a route of this server, and are signed with a key that all instances share.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ring::hmac;
use tokio::runtime::Handle;

use crate::domain::hex::hex;
use crate::storage::{Place, Storage, StorageError};

/// How long a URL is good for.
pub const LIFETIME: Duration = Duration::from_secs(15 * 60);

/// Signs URLs in a job on a blocking thread, for one request.
#[derive(Clone)]
pub struct Signing {
    storage: Storage,
    /// How the client reaches this server.
    base: Arc<str>,
    runtime: Handle,
}

/// What a signed URL of a folder's file says, beside the asset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Until when it is good: seconds since 1970.
    pub expires: u64,
    /// The signature, as hexadecimal digits.
    pub digits: String,
}

impl Storage {
    /// What signs for a client that reaches this server at `base`. Waits for a bucket's credentials, should they have to be fetched: the
    /// job would hold a connection meanwhile.
    pub async fn signing(&self, base: &str) -> Signing {
        if let Place::Bucket(bucket) = &*self.place
            && let Err(error) = bucket.signed(&self.object("x")).await
        {
            log::warn!("signing: {error}");
        }
        Signing { storage: self.clone(), base: base.into(), runtime: Handle::current() }
    }

    /// True when this server signed the URL, and it is still good.
    pub fn verifies(&self, asset: i32, signature: &Signature, now: SystemTime) -> Result<bool, StorageError> {
        let Place::Folder(folder) = &*self.place else { return Ok(false) };
        let Some(tag) = bytes(&signature.digits) else { return Ok(false) };
        let key = folder.opened()?.key;
        let genuine = hmac::verify(&key, message(asset, signature.expires).as_bytes(), &tag).is_ok();
        Ok(genuine && seconds(now) < signature.expires)
    }
}

impl Signing {
    /// The URL of an asset's file; it is not looked whether the file is there. None when there is no signing at the moment, which is
    /// logged: the record can be read nevertheless.
    pub fn url(&self, asset: i32, name: &str) -> Option<String> {
        let signed = match &*self.storage.place {
            Place::Folder(folder) => folder.opened().map(|folder| {
                let expires = seconds(SystemTime::now()) + LIFETIME.as_secs();
                let tag = hmac::sign(&folder.key, message(asset, expires).as_bytes());
                let base = &self.base;
                format!("{base}/asset/{asset}/content?expires={expires}&signature={}", hex(tag.as_ref()))
            }),
            Place::Bucket(bucket) => self.runtime.block_on(bucket.signed(&self.storage.object(name))),
        };
        signed.inspect_err(|error| log::error!("a URL cannot be signed: {error}")).ok()
    }
}

fn message(asset: i32, expires: u64) -> String {
    format!("asset {asset} until {expires}")
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

fn bytes(digits: &str) -> Option<Vec<u8>> {
    if digits.len() != 64 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok()).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::config::Assets;

    #[test]
    fn a_url_is_good_for_its_asset_and_for_a_while() {
        let scratch = tempfile::tempdir().unwrap();
        let url = Some(scratch.path().display().to_string());
        let storage = Storage::open(&Assets { url, ..Assets::default() }, None).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let signing = runtime.block_on(storage.signing("http://x"));
        let url = signing.url(7, "uploads/a").unwrap();
        let rest = url.strip_prefix("http://x/asset/7/content?expires=").unwrap();
        let (expires, digits) = rest.split_once("&signature=").unwrap();
        let signature = Signature { expires: expires.parse().unwrap(), digits: digits.to_owned() };
        let now = SystemTime::now();
        let verifies = |asset, signature: &Signature, now| storage.verifies(asset, signature, now).unwrap();
        assert!(verifies(7, &signature, now));
        assert!(!verifies(8, &signature, now));
        assert!(!verifies(7, &signature, now + LIFETIME + Duration::from_secs(1)));
        assert!(!verifies(7, &Signature { expires: signature.expires + 1, ..signature.clone() }, now));
        for wrong in [String::new(), "0".repeat(64), "\u{e9}".repeat(32), format!("{digits}00")] {
            assert!(!verifies(7, &Signature { digits: wrong, ..signature.clone() }, now));
        }
    }
}
