//! Where files are kept: a folder, or a bucket of S3 or of Google Cloud Storage. Knows neither HTTP nor the database.
//!
//! Its futures run on the caller's event loop. What a folder needs the file system for is done by `object_store` on blocking threads of
//! the same runtime: whoever calls holds one of the few permits that those threads are counted by. See [`Storage::blocks`].

mod bucket;
mod folder;
pub mod signing;
mod upload;

use std::path::Path as FsPath;
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use futures_util::TryStreamExt as _;
use futures_util::stream::{BoxStream, StreamExt as _};
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _};

use crate::config::{AssetPlace, Assets, ConfigError};
use crate::domain::asset::file::UPLOADS;

use bucket::Bucket;
use folder::Folder;

pub use upload::Incoming;

/// Where files are before they have their name.
const INCOMING: &str = "incoming";

/// Why the storage did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// There is no such file.
    #[error("there is no such file")]
    Missing,
    /// The folder cannot be used.
    #[error("{folder}: {cause}")]
    Folder {
        /// The folder, or the file in it.
        folder: String,
        /// The operating system's reason.
        cause: std::io::Error,
    },
    /// The storage does not do it.
    #[error(transparent)]
    Failed(object_store::Error),
    /// It took too long.
    #[error("the storage did not answer in time")]
    Late,
    /// No name could be made up.
    #[error("the operating system gives no random numbers")]
    NoRandomness,
}

impl From<object_store::Error> for StorageError {
    fn from(error: object_store::Error) -> Self {
        match error {
            object_store::Error::NotFound { .. } => Self::Missing,
            other => Self::Failed(other),
        }
    }
}

/// The storage of files. Cheap to clone.
#[derive(Clone)]
pub struct Storage {
    place: Arc<Place>,
}

enum Place {
    Folder(Folder),
    Bucket(Bucket),
}

/// What is known of a file.
#[derive(Clone, Debug)]
pub struct FileState {
    /// Its name in the storage.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// When it was written last.
    pub modified: SystemTime,
    /// Changes when the file does.
    pub tag: Option<String>,
}

impl Storage {
    /// The configured one. A folder that is configured must be usable at once; the usual one is made when it is needed.
    pub fn open(assets: &Assets, database: Option<&FsPath>) -> Result<Self, ConfigError> {
        let wrong = |error: StorageError| ConfigError::Value { key: "assets.url", reason: error.to_string() };
        let place = match assets.place(database)? {
            AssetPlace::Folder { path, chosen } => {
                let folder = Folder::new(path, assets.signing_key.as_deref());
                if chosen {
                    folder.opened().map_err(wrong)?;
                }
                Place::Folder(folder)
            }
            AssetPlace::S3(bucket) => Place::Bucket(Bucket::s3(&bucket).map_err(wrong)?),
            AssetPlace::Gcs(bucket) => Place::Bucket(Bucket::gcs(&bucket, assets.service_account_key.as_deref())?),
        };
        Ok(Self { place: Arc::new(place) })
    }

    /// True when its work is done on blocking threads.
    pub fn blocks(&self) -> bool {
        matches!(*self.place, Place::Folder(_))
    }

    /// Makes ready what is to be made ready on a blocking thread before anything else is asked.
    pub fn prepare(&self) -> Result<(), StorageError> {
        match &*self.place {
            Place::Folder(folder) => folder.opened().map(drop),
            Place::Bucket(_) => Ok(()),
        }
    }

    fn store(&self) -> Result<Arc<dyn ObjectStore>, StorageError> {
        match &*self.place {
            Place::Folder(folder) => Ok(folder.opened()?.store),
            Place::Bucket(bucket) => Ok(Arc::clone(&bucket.store)),
        }
    }

    /// The object of a name. A name that no upload has is encoded so that it is one of an object, and never leads out.
    fn object(&self, name: &str) -> Path {
        let prefix = match &*self.place {
            Place::Folder(_) => "",
            Place::Bucket(bucket) => &bucket.prefix,
        };
        let whole = if prefix.is_empty() { name.to_owned() } else { format!("{prefix}/{name}") };
        Path::parse(&whole).unwrap_or_else(|_no_path| Path::from(whole))
    }

    /// The name of an object.
    fn name(&self, object: &Path) -> String {
        let prefix = match &*self.place {
            Place::Folder(_) => "",
            Place::Bucket(bucket) => &bucket.prefix,
        };
        let rest = object.as_ref().strip_prefix(prefix).unwrap_or(object.as_ref());
        rest.trim_start_matches('/').to_owned()
    }

    /// What is known of a file.
    pub async fn state(&self, name: String) -> Result<FileState, StorageError> {
        let meta = self.store()?.head(&self.object(&name)).await?;
        Ok(self.described(meta))
    }

    fn described(&self, meta: object_store::ObjectMeta) -> FileState {
        let path = self.name(&meta.location);
        FileState { path, size: meta.size, modified: meta.last_modified.into(), tag: meta.e_tag }
    }

    /// Some bytes of a file.
    pub async fn read(&self, name: String, range: std::ops::Range<u64>) -> Result<Bytes, StorageError> {
        let length = range.end.saturating_sub(range.start);
        let bytes = self.store()?.get_range(&self.object(&name), range).await?;
        // A file that has become shorter meanwhile.
        if bytes.len() as u64 == length { Ok(bytes) } else { Err(StorageError::Missing) }
    }

    /// Removes a file; one that is not there is removed already.
    pub async fn remove(&self, name: String) -> Result<(), StorageError> {
        let (store, object) = (self.store()?, self.object(&name));
        let removed = match &*self.place {
            // What is no file, but a folder of them, is none that could be removed.
            Place::Folder(_) => match store.head(&object).await {
                Ok(_file) => store.delete(&object).await,
                Err(error) => Err(error),
            },
            Place::Bucket(_) => store.delete(&object).await,
        };
        match removed.map_err(StorageError::from) {
            Err(StorageError::Missing) => Ok(()),
            done => done,
        }
    }

    /// Where a file is, for the record.
    pub async fn uri(&self, name: &str) -> Result<String, StorageError> {
        match &*self.place {
            Place::Folder(_) => Ok(format!("file:{name}")),
            Place::Bucket(bucket) => {
                let signed = bucket.signed(&self.object(name)).await?;
                Ok(signed.split('?').next().unwrap_or_default().to_owned())
            }
        }
    }

    /// All files that were uploaded, and those whose upload came to no end.
    pub fn all(&self) -> Result<BoxStream<'static, Result<FileState, StorageError>>, StorageError> {
        let store = self.store()?;
        let storage = self.clone();
        let lists = [INCOMING, UPLOADS].map(|folder| store.list(Some(&self.object(folder))));
        let [incoming, uploads] = lists;
        let described = move |meta| storage.described(meta);
        Ok(incoming.chain(uploads).map_ok(described).map_err(StorageError::from).boxed())
    }

    /// Removes the beginnings of files whose upload came to no end before a time, which [`Self::all`] does not list: gives their number.
    /// A bucket has rules for those of its own. Blocking.
    pub fn remove_beginnings(&self, before: SystemTime, dry_run: bool) -> Result<usize, StorageError> {
        match &*self.place {
            Place::Folder(folder) => folder.remove_beginnings(before, dry_run),
            Place::Bucket(_) => Ok(0),
        }
    }
}
