//! A bucket as storage. Its credentials are those of the environment, as its own tools find them.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use object_store::aws::AmazonS3Builder;
use object_store::gcp::GoogleCloudStorageBuilder;
use object_store::path::Path;
use object_store::signer::{Method, Signer};
use object_store::{ObjectStore, RetryConfig};
use rustls::crypto::ring;

use crate::config::{Bucket as Named, ConfigError};
use crate::storage::StorageError;
use crate::storage::signing::LIFETIME;

/// How long it may take to sign a URL: the credentials may have to be fetched.
const PATIENCE: Duration = Duration::from_secs(2);

/// How often, and for how long, a request is sent again: clients wait meanwhile.
const RETRIES: usize = 3;
const RETRYING: Duration = Duration::from_secs(20);

/// See the module.
pub(super) struct Bucket {
    pub(super) store: Arc<dyn ObjectStore>,
    pub(super) prefix: String,
    signer: Arc<dyn Signer>,
}

impl Bucket {
    /// Of S3, or of what speaks its protocol (`AWS_ENDPOINT_URL`).
    pub(super) fn s3(named: &Named) -> Result<Self, StorageError> {
        install();
        let builder = AmazonS3Builder::from_env().with_bucket_name(&named.name).with_retry(retry());
        let store = Arc::new(builder.build()?);
        Ok(Self { store: Arc::clone(&store) as _, prefix: named.prefix.clone(), signer: store })
    }

    /// Of Google Cloud Storage. URLs are signed with the key of a service account: without it, each would be a request to Google.
    pub(super) fn gcs(named: &Named, key: Option<&str>) -> Result<Self, ConfigError> {
        install();
        let wrong = |reason: &str| ConfigError::Value { key: "assets.service_account_key", reason: reason.to_owned() };
        let mut builder = GoogleCloudStorageBuilder::from_env().with_bucket_name(&named.name).with_retry(retry());
        match key.map(str::trim) {
            Some(key) if key.starts_with('{') => builder = builder.with_service_account_key(key),
            Some(key) => {
                let json = BASE64_STANDARD.decode(key).ok().and_then(|bytes| String::from_utf8(bytes).ok());
                let json = json.ok_or_else(|| wrong("neither JSON nor the base64 of it"))?;
                builder = builder.with_service_account_key(json);
            }
            None if ["GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_SERVICE_ACCOUNT", "GOOGLE_SERVICE_ACCOUNT_KEY"]
                .iter()
                .all(|name| std::env::var_os(name).is_none()) =>
            {
                return Err(wrong("needed for gs://, or GOOGLE_APPLICATION_CREDENTIALS"));
            }
            None => {}
        }
        // The error may repeat what is in the key.
        let store = builder.build().map_err(|_unsaid| wrong("not the key of a service account"))?;
        let store = Arc::new(store);
        Ok(Self { store: Arc::clone(&store) as _, prefix: named.prefix.clone(), signer: store })
    }

    /// A URL of an object, for a while.
    pub(super) async fn signed(&self, object: &Path) -> Result<String, StorageError> {
        let signing = self.signer.signed_url(Method::GET, object, LIFETIME);
        let signed = tokio::time::timeout(PATIENCE, signing).await;
        Ok(signed.map_err(|_elapsed| StorageError::Late)??.to_string())
    }
}

fn retry() -> RetryConfig {
    RetryConfig { max_retries: RETRIES, retry_timeout: RETRYING, ..RetryConfig::default() }
}

/// The client has no TLS of its own.
fn install() {
    // Only the first call of a process does anything.
    let _already_there = ring::default_provider().install_default();
}
