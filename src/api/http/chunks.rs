//! Long bodies, handed to the connection in chunks.
//!
//! The HTTP layer copies what it is given into the connection's buffer, and keeps that buffer as long as the connection lives.
//! Given a chunk at a time, the event loop never allocates for a page, whatever its size, and an idle connection stays small.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use bytes::Bytes;

/// As much as the HTTP layer gathers before it writes to the socket.
const CHUNK: usize = 32 * 1024;

/// The next chunk of `rest`; `None` when nothing is left. Copies nothing.
pub fn next_chunk(rest: &mut Bytes) -> Option<Bytes> {
    (!rest.is_empty()).then(|| rest.split_to(rest.len().min(CHUNK)))
}

/// A body of known length, in chunks.
struct Chunks(Bytes);

/// A long body in chunks; any other as it is.
pub fn chunked(body: BoxBody) -> BoxBody {
    match body.size() {
        BodySize::Sized(length) if length > CHUNK as u64 => match body.try_into_bytes() {
            Ok(bytes) => BoxBody::new(Chunks(bytes)),
            Err(body) => body,
        },
        _ => body,
    }
}

impl MessageBody for Chunks {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.0.len() as u64)
    }

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, Infallible>>> {
        Poll::Ready(next_chunk(&mut self.get_mut().0).map(Ok))
    }

    // Not as one piece of bytes, although it could be: it would be sent as one.
    fn try_into_bytes(self) -> Result<Bytes, Self> {
        Err(self)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn only_long_bodies_are_cut() {
        let short = chunked(BoxBody::new(vec![1; CHUNK]));
        assert_eq!(short.try_into_bytes().unwrap().len(), CHUNK);
        let long = chunked(BoxBody::new(vec![1; CHUNK + 1]));
        assert_eq!(long.size(), BodySize::Sized(CHUNK as u64 + 1));
        assert!(long.try_into_bytes().is_err());
        let mut rest = Bytes::from(vec![1; 2 * CHUNK + 1]);
        let lengths: Vec<usize> = std::iter::from_fn(|| next_chunk(&mut rest)).map(|chunk| chunk.len()).collect();
        assert_eq!(lengths, [CHUNK, CHUNK, 1]);
    }
}
