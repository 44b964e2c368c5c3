//! Long bodies, handed to the connection in slices.
//!
//! The HTTP layer copies what it is given into the connection's buffer, and keeps that buffer as long as the connection lives.
//! Given a slice at a time, the event loop never allocates for a page, whatever its size, and an idle connection stays small.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use bytes::Bytes;

/// As much as the HTTP layer gathers before it writes to the socket.
const SLICE: usize = 32 * 1024;

/// The next slice of `rest`; `None` when nothing is left. Copies nothing.
pub(super) fn next_slice(rest: &mut Bytes) -> Option<Bytes> {
    (!rest.is_empty()).then(|| rest.split_to(rest.len().min(SLICE)))
}

/// A body of known length, in slices.
struct Slices(Bytes);

/// A long body in slices; any other as it is.
pub(super) fn sliced(body: BoxBody) -> BoxBody {
    match body.size() {
        BodySize::Sized(length) if length > SLICE as u64 => match body.try_into_bytes() {
            Ok(bytes) => BoxBody::new(Slices(bytes)),
            Err(body) => body,
        },
        _ => body,
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
        let short = sliced(BoxBody::new(vec![1; SLICE]));
        assert_eq!(short.try_into_bytes().unwrap().len(), SLICE);
        let long = sliced(BoxBody::new(vec![1; SLICE + 1]));
        assert_eq!(long.size(), BodySize::Sized(SLICE as u64 + 1));
        assert!(long.try_into_bytes().is_err());
        let mut rest = Bytes::from(vec![1; 2 * SLICE + 1]);
        let lengths: Vec<usize> = std::iter::from_fn(|| next_slice(&mut rest)).map(|slice| slice.len()).collect();
        assert_eq!(lengths, [SLICE, SLICE, 1]);
    }
}
