//! Long bodies, handed to the connection in slices.
//!
//! The HTTP layer copies what it is given into the connection's buffer, and keeps that buffer as long as the connection lives.
//! Given a slice at a time, the event loop never allocates for a page, whatever its size, and an idle connection stays small.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, MessageBody};
use bytes::Bytes;

/// As much as the HTTP layer gathers before it writes to the socket.
const SLICE: usize = 32 * 1024;

/// The next slice of `rest`; `None` when nothing is left. Copies nothing.
pub(super) fn next_slice(rest: &mut Bytes) -> Option<Bytes> {
    (!rest.is_empty()).then(|| rest.split_to(rest.len().min(SLICE)))
}

/// A body of known length, in slices.
pub(super) struct Slices(Bytes);

impl Slices {
    pub(super) fn new(bytes: impl Into<Bytes>) -> Self {
        Self(bytes.into())
    }
}

impl MessageBody for Slices {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.0.len() as u64)
    }

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, Infallible>>> {
        Poll::Ready(next_slice(&mut self.get_mut().0).map(Ok))
    }

    fn try_into_bytes(self) -> Result<Bytes, Self> {
        Ok(self.0)
    }
}
