//! `[assets]`: where the files of assets are kept, and how much of them is taken.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;

use crate::config::{ConfigError, source};

/// `[assets]`
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Assets {
    /// A folder, `s3://BUCKET/PREFIX` or `gs://BUCKET/PREFIX`; with `GCS_BUCKET_NAME` in the environment that bucket. Several instances
    /// need the same one. S3 takes its credentials, its region and the rest from the usual `AWS_*` variables. Default: the folder
    /// `<name>-assets` beside a SQLite database `<name>.db`, `ocotillo-assets` in the current directory otherwise.
    pub url: Option<String>,
    /// For `gs://`: the key of a service account, as JSON or as the base64 of it; also read from `GCS_SERVICE_ACCOUNT_KEY`, or the file that
    /// `GOOGLE_APPLICATION_CREDENTIALS` names. It signs the URLs of files.
    pub service_account_key: Option<String>,
    /// For a folder: what the URLs of files are signed with, at least 32 characters. Default: a key that is made once and kept in the
    /// folder.
    pub signing_key: Option<String>,
    /// How clients reach the server, such as `https://data.example.org/ocotillo`: the beginning of the URLs of files in a folder.
    /// Default: as the request came, which is right unless there is a proxy in between.
    pub public_url: Option<String>,
    /// Largest file in bytes; more is answered 400. Default 250 MiB.
    pub size_limit: u64,
    /// Longest time for a whole upload; `server.body_pause` counts as well. Default `15m`.
    #[serde(deserialize_with = "source::duration")]
    pub upload_timeout: Duration,
}

impl Default for Assets {
    fn default() -> Self {
        Self {
            url: None,
            service_account_key: None,
            signing_key: None,
            public_url: None,
            size_limit: 250 * 1024 * 1024,
            upload_timeout: Duration::from_secs(15 * 60),
        }
    }
}

/// Without the keys.
impl std::fmt::Debug for Assets {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { url, public_url, size_limit, upload_timeout, .. } = self;
        write!(out, "Assets({url:?}, {public_url:?}, {size_limit}, {upload_timeout:?})")
    }
}

/// Where files are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AssetPlace {
    /// A folder. `chosen` when the configuration names it.
    Folder {
        /// Its path.
        path: PathBuf,
        /// Whether it is the configured one, not the default.
        chosen: bool,
    },
    /// A bucket of S3 or of what speaks its protocol.
    S3(Bucket),
    /// A bucket of Google Cloud Storage.
    Gcs(Bucket),
}

/// A bucket, and the beginning of all names in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// The bucket.
    pub name: String,
    /// The beginning, without slashes around it; may be empty.
    pub prefix: String,
}

impl Bucket {
    fn parse(rest: &str) -> Option<Self> {
        let (name, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
        let prefix = prefix.strip_suffix('/').unwrap_or(prefix);
        let usable = |part: &str| !part.is_empty() && !part.trim_matches('.').is_empty() && plain(part);
        let prefix_usable = prefix.is_empty() || prefix.split('/').all(usable);
        (usable(name) && prefix_usable).then(|| Self { name: name.to_owned(), prefix: prefix.to_owned() })
    }
}

/// The folder where nothing else is said.
const FOLDER: &str = "ocotillo-assets";

/// More than 2 GiB are no size that a record can have.
const MOST: u64 = i32::MAX as u64;

impl Assets {
    /// Where files are kept, beside a database file if there is one.
    pub fn place(&self, database: Option<&Path>) -> Result<AssetPlace, ConfigError> {
        let Some(url) = self.url.as_deref().map(str::trim) else {
            let beside = |database: &Path| {
                let stem = database.file_stem().unwrap_or_default().to_string_lossy();
                database.with_file_name(format!("{stem}-assets"))
            };
            let path = database.map_or_else(|| PathBuf::from(FOLDER), beside);
            return Ok(AssetPlace::Folder { path, chosen: false });
        };
        let wrong = |reason: &str| ConfigError::Value { key: "assets.url", reason: reason.to_owned() };
        match url.split_once("://") {
            Some(("s3", rest)) => Bucket::parse(rest).map(AssetPlace::S3),
            Some(("gs", rest)) => Bucket::parse(rest).map(AssetPlace::Gcs),
            Some(_) => return Err(wrong("a folder, s3://BUCKET/PREFIX or gs://BUCKET/PREFIX")),
            None => {
                let path = url.strip_prefix("file:").unwrap_or(url);
                (!path.is_empty()).then(|| AssetPlace::Folder { path: path.into(), chosen: true })
            }
        }
        .ok_or_else(|| wrong("the name of the bucket, or its prefix, or the folder cannot be read"))
    }

    pub(in crate::config) fn check(&self, pause: Duration) -> Result<(), ConfigError> {
        self.place(None)?;
        let is_base = |url: &str| {
            let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
            rest.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_graphic()))
                && !url.contains(['?', '#', '"'])
        };
        let wrong = [
            (self.size_limit == 0 || self.size_limit > MOST, "assets.size_limit", "from 1 to 2147483647 bytes"),
            (self.upload_timeout < pause, "assets.upload_timeout", "at least server.body_pause"),
            (
                self.signing_key.as_ref().is_some_and(|key| key.len() < 32),
                "assets.signing_key",
                "at least 32 characters",
            ),
            (
                self.public_url.as_deref().is_some_and(|url| !is_base(url)),
                "assets.public_url",
                "how clients reach the server, such as https://data.example.org",
            ),
        ];
        match wrong.into_iter().find(|(wrong, ..)| *wrong) {
            Some((_, key, reason)) => Err(ConfigError::Value { key, reason: reason.to_owned() }),
            None => Ok(()),
        }
    }

    /// The effective settings, for people.
    pub fn table(&self, database: Option<&Path>) -> Vec<(String, String)> {
        let place = match self.place(database) {
            Ok(AssetPlace::Folder { path, .. }) => path.display().to_string(),
            Ok(AssetPlace::S3(Bucket { name, prefix })) => format!("s3://{name}/{prefix}"),
            Ok(AssetPlace::Gcs(Bucket { name, prefix })) => format!("gs://{name}/{prefix}"),
            Err(error) => error.to_string(),
        };
        [
            ("assets.url", place),
            ("assets.public_url", self.public_url.clone().unwrap_or_else(|| "as requests come".to_owned())),
            ("assets.size_limit", self.size_limit.to_string()),
            ("assets.upload_timeout", format!("{:?}", self.upload_timeout)),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn place(url: &str) -> Result<AssetPlace, ConfigError> {
        Assets { url: Some(url.to_owned()), ..Assets::default() }.place(None)
    }

    #[test]
    fn places_are_folders_and_buckets() {
        let folder = |path: &str| AssetPlace::Folder { path: path.into(), chosen: true };
        assert_eq!(place("files").unwrap(), folder("files"));
        assert_eq!(place("file:/var/files").unwrap(), folder("/var/files"));
        let bucket = |name: &str, prefix: &str| Bucket { name: name.to_owned(), prefix: prefix.to_owned() };
        assert_eq!(place("s3://b").unwrap(), AssetPlace::S3(bucket("b", "")));
        assert_eq!(place("gs://b/p/q/").unwrap(), AssetPlace::Gcs(bucket("b", "p/q")));
        for wrong in ["", "file:", "s3://", "gs:///x", "s3://b/../c", "gs://b//c", "ftp://x", "s3://b?x"] {
            assert!(place(wrong).unwrap_err().to_string().contains("assets.url"), "{wrong}");
        }
        let beside = Assets::default().place(Some(Path::new("/data/wells.db"))).unwrap();
        assert_eq!(beside, AssetPlace::Folder { path: "/data/wells-assets".into(), chosen: false });
    }

    #[test]
    fn keys_are_not_printed() {
        let secret = Some("tops3cret-tops3cret-tops3cret-tops3cret".to_owned());
        let assets = Assets { signing_key: secret.clone(), service_account_key: secret, ..Assets::default() };
        assert!(!format!("{assets:?} {:?}", assets.table(None)).contains("s3cret"));
    }
}
