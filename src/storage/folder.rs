//! A folder as storage: the files in `objects`, and beside it the key that the URLs of files are signed with, where no name of a file
//! leads to.

use std::io::{ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use object_store::local::LocalFileSystem;
use ring::hmac;
use ring::rand::{SecureRandom as _, SystemRandom};

use crate::domain::hex::hex;
use crate::storage::{INCOMING, StorageError};

const OBJECTS: &str = "objects";
const KEY: &str = "signing-key";

/// Of a key that is made: 256 bits, as hexadecimal digits.
const KEY_BYTES: usize = 32;

/// See the module.
pub(super) struct Folder {
    path: PathBuf,
    configured_key: Option<hmac::Key>,
    opened: Mutex<Option<Opened>>,
}

/// A folder that is there.
#[derive(Clone)]
pub(super) struct Opened {
    pub(super) store: Arc<LocalFileSystem>,
    pub(super) key: Arc<hmac::Key>,
}

impl Folder {
    pub(super) fn new(path: PathBuf, key: Option<&str>) -> Self {
        let configured_key = key.map(|key| hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes()));
        Self { path, configured_key, opened: Mutex::new(None) }
    }

    /// Makes what is missing of it. Blocking, the first time.
    pub(super) fn opened(&self) -> Result<Opened, StorageError> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(opened) = &*opened {
            return Ok(opened.clone());
        }
        let objects = self.path.join(OBJECTS);
        std::fs::create_dir_all(objects.join(INCOMING)).map_err(at(&objects))?;
        let key = match &self.configured_key {
            Some(key) => key.clone(),
            None => hmac::Key::new(hmac::HMAC_SHA256, &self.kept_key()?),
        };
        // A file that is recorded survives the machine, as its record does.
        let store = Arc::new(LocalFileSystem::new_with_prefix(&objects)?.with_fsync(true));
        let now = Opened { store, key: Arc::new(key) };
        *opened = Some(now.clone());
        Ok(now)
    }

    /// The key in the folder. Instances that start together agree on one: whose key is there first, wins.
    fn kept_key(&self) -> Result<Vec<u8>, StorageError> {
        let path = self.path.join(KEY);
        let read = || -> std::io::Result<Vec<u8>> {
            let mut key = Vec::new();
            std::fs::File::open(&path)?.take(4096).read_to_end(&mut key)?;
            let key = key.trim_ascii().to_vec();
            let usable = key.len() >= KEY_BYTES;
            if usable { Ok(key) } else { Err(std::io::Error::new(ErrorKind::InvalidData, "too short for a key")) }
        };
        match read() {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            done => return done.map_err(at(&path)),
        }
        let mut bytes = [0; KEY_BYTES];
        SystemRandom::new().fill(&mut bytes).map_err(|_unspecified| StorageError::NoRandomness)?;
        let digits = hex(&bytes);
        let make = || -> std::io::Result<()> {
            // Only for its owner, as all temporary files are.
            let mut file = tempfile::NamedTempFile::new_in(&self.path)?;
            file.write_all(digits.as_bytes())?;
            file.as_file().sync_all()?;
            match file.persist_noclobber(&path) {
                Err(failed) if failed.error.kind() != ErrorKind::AlreadyExists => Err(failed.error),
                _ => Ok(()),
            }
        };
        make().and_then(|()| read()).map_err(at(&path))
    }

    /// Removes what an upload left behind when the program or the machine stopped.
    pub(super) fn remove_beginnings(&self, before: SystemTime, dry_run: bool) -> Result<usize, StorageError> {
        let mut removed = 0;
        for folder in [INCOMING, crate::domain::asset::file::UPLOADS] {
            let folder = self.path.join(OBJECTS).join(folder);
            let entries = match std::fs::read_dir(&folder) {
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                entries => entries.map_err(at(&folder))?,
            };
            for entry in entries {
                let entry = entry.map_err(at(&folder))?;
                // No name of a file that is complete has this sign.
                if !entry.file_name().to_string_lossy().contains('#') {
                    continue;
                }
                let modified = entry.metadata().and_then(|meta| meta.modified()).map_err(at(&entry.path()))?;
                if modified < before {
                    if !dry_run {
                        std::fs::remove_file(entry.path()).map_err(at(&entry.path()))?;
                    }
                    removed += 1;
                }
            }
        }
        Ok(removed)
    }
}

fn at(path: &Path) -> impl FnOnce(std::io::Error) -> StorageError {
    let folder = path.display().to_string();
    move |cause| StorageError::Folder { folder, cause }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn instances_that_start_together_agree_on_a_key() {
        let scratch = tempfile::tempdir().unwrap();
        let threads: Vec<_> = (0..8)
            .map(|_| {
                let path = scratch.path().join("files");
                std::thread::spawn(move || {
                    let opened = Folder::new(path, None).opened().unwrap();
                    hmac::sign(&opened.key, b"x").as_ref().to_vec()
                })
            })
            .collect();
        let signatures: Vec<Vec<u8>> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
        assert!(signatures.windows(2).all(|pair| pair[0] == pair[1]));
    }

    #[test]
    fn a_key_that_is_too_short_is_refused() {
        let scratch = tempfile::tempdir().unwrap();
        std::fs::write(scratch.path().join(KEY), "short").unwrap();
        let refused = Folder::new(scratch.path().to_owned(), None).opened().err().unwrap().to_string();
        assert!(refused.contains(KEY) && refused.contains("too short"), "{refused}");
    }
}
