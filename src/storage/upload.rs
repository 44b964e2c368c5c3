//! A file on its way into the storage. What its name will be is only known with its last byte, so it is written under a name of its own
//! first. Little files have their name at once.

use bytes::Bytes;
use object_store::path::Path;
use object_store::{MultipartUpload, ObjectStoreExt as _};

use crate::storage::{INCOMING, Storage, StorageError};

/// Bytes of a piece for a folder.
const OF_A_FOLDER: usize = 1024 * 1024;
/// For a bucket: the least that S3 takes.
const OF_A_BUCKET: usize = 5 * 1024 * 1024;

/// A file of several pieces that is being written.
pub struct Incoming {
    parts: Box<dyn MultipartUpload>,
    object: Path,
}

impl Storage {
    /// Bytes of each piece of a file but the last one.
    pub fn piece_size(&self) -> usize {
        if self.blocks() { OF_A_FOLDER } else { OF_A_BUCKET }
    }

    /// Begins a file of several pieces.
    pub async fn begin(&self) -> Result<Incoming, StorageError> {
        let object = self.object(&format!("{INCOMING}/{}", uuid::Uuid::new_v4().simple()));
        let parts = self.store()?.put_multipart(&object).await?;
        Ok(Incoming { parts, object })
    }

    /// Writes a file of a single piece under its name.
    pub async fn put(&self, name: String, bytes: Bytes) -> Result<(), StorageError> {
        self.store()?.put(&self.object(&name), bytes.into()).await?;
        Ok(())
    }

    /// Gives a file that is complete its name. A file of that name has the same content.
    pub async fn complete(&self, mut incoming: Incoming, name: String) -> Result<(), StorageError> {
        incoming.parts.complete().await?;
        self.store()?.rename(&incoming.object, &self.object(&name)).await?;
        Ok(())
    }
}

impl Incoming {
    /// Writes the next piece: the future does not borrow from this.
    pub fn write(&mut self, bytes: Bytes) -> impl Future<Output = Result<(), StorageError>> + use<> {
        let part = self.parts.put_part(bytes.into());
        async move { Ok(part.await?) }
    }

    /// Removes what was written.
    pub async fn abort(mut self) -> Result<(), StorageError> {
        Ok(self.parts.abort().await?)
    }
}
