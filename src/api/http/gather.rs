//! The bytes of request bodies: how many each may have, how many all together, and how long they may take.

use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Payload;
use futures_util::StreamExt as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::error::Elapsed;
use tokio::time::timeout;

use crate::api::http::error::{ApiError, Busy};

/// What bodies may take.
#[derive(Clone, Copy, Debug)]
pub struct BodyLimits {
    /// Bytes of one body.
    pub size: usize,
    /// Bytes of all bodies that the server holds at one moment.
    pub memory: usize,
    /// Longest wait for more of a body.
    pub pause: Duration,
    /// Longest time for a whole body.
    pub whole: Duration,
}

/// Gathers bodies within their limits. Cheap to clone.
#[derive(Clone)]
pub struct Bodies {
    limits: BodyLimits,
    memory: Arc<Semaphore>,
}

/// The bytes of a body. They count until dropped, also while the request waits for its turn.
#[derive(Default)]
pub struct Gathered {
    bytes: Vec<u8>,
    memory: Option<OwnedSemaphorePermit>,
}

impl Bodies {
    /// None gathered yet.
    pub fn new(limits: BodyLimits) -> Self {
        let memory = Arc::new(Semaphore::new(limits.memory.min(Semaphore::MAX_PERMITS)));
        Self { limits, memory }
    }

    /// Bytes that bodies hold at the moment.
    pub fn held(&self) -> usize {
        self.limits.memory.saturating_sub(self.memory.available_permits())
    }

    /// Room for a body that is handed on in pieces, until it is dropped.
    pub fn reserve(&self, bytes: usize) -> Result<OwnedSemaphorePermit, ApiError> {
        let count = u32::try_from(bytes.min(self.limits.memory)).unwrap_or(u32::MAX);
        let counted = Arc::clone(&self.memory).try_acquire_many_owned(count);
        counted.map_err(|_none_left| ApiError::Busy(Busy::Bodies))
    }

    /// Longest time for a whole body.
    pub fn longest(&self) -> Duration {
        self.limits.whole
    }

    /// Longest wait for more of a body.
    pub fn pause(&self) -> Duration {
        self.limits.pause
    }

    /// Gathers a body, of which so many bytes were announced.
    pub async fn gather(&self, mut payload: Payload, announced: Option<usize>) -> Result<Gathered, ApiError> {
        let most = self.limits.size;
        if announced.is_some_and(|length| length > most) {
            return Err(ApiError::TooLarge(most));
        }
        let most_useful = announced.unwrap_or(most);
        let gathering = async {
            let mut body = Gathered::default();
            while let Some(chunk) = timeout(self.limits.pause, payload.next()).await.map_err(stalled)? {
                let chunk = chunk.map_err(|error| {
                    log::debug!("request body: {error}");
                    ApiError::Unreadable
                })?;
                if body.bytes.len() + chunk.len() > most {
                    return Err(ApiError::TooLarge(most));
                }
                self.make_room(&mut body, chunk.len(), most_useful)?;
                body.bytes.extend_from_slice(&chunk);
            }
            Ok(body)
        };
        timeout(self.limits.whole, gathering).await.map_err(stalled)?
    }

    /// Doubles the room, as far as it is useful, and counts it.
    fn make_room(&self, body: &mut Gathered, more: usize, most_useful: usize) -> Result<(), ApiError> {
        let (length, room) = (body.bytes.len(), body.bytes.capacity());
        let needed = length + more;
        if needed <= room {
            return Ok(());
        }
        let wanted = needed.max((2 * room).min(most_useful));
        let count =
            u32::try_from(wanted - room).map_err(|_more_than_any_limit| ApiError::TooLarge(self.limits.size))?;
        let counted = Arc::clone(&self.memory).try_acquire_many_owned(count);
        let counted = counted.map_err(|_none_left| ApiError::Busy(Busy::Bodies))?;
        match &mut body.memory {
            Some(memory) => memory.merge(counted),
            None => body.memory = Some(counted),
        }
        body.bytes.reserve_exact(wanted - length);
        Ok(())
    }
}

fn stalled(_: Elapsed) -> ApiError {
    ApiError::Stalled
}

impl std::ops::Deref for Gathered {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}
