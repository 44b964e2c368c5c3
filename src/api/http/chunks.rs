//! Long bodies, handed to the connection in chunks.
//!
//! The HTTP layer copies what it is given into the connection's buffer, and keeps that buffer as long as the connection lives.
//! Given a chunk at a time, the event loop never allocates for a page, whatever its size, and an idle connection stays small.

use std::convert::Infallible;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use bytes::Bytes;

use crate::api::http::coding::{Coding, Encoder};
use crate::api::http::connections::InWork;

/// As much as the HTTP layer gathers before it writes to the socket.
const CHUNK: usize = 32 * 1024;
const MOST_AT_ONCE: u64 = CHUNK as u64;

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

/// A body that is packed on the event loop, a chunk at a time.
struct Packing {
    rest: Bytes,
    encoder: Option<Encoder>,
    /// After each chunk others have their turn.
    pause: bool,
}

/// Packs a body that is there as a whole and was made on the event loop: at once when it is short, else in steps while it is
/// sent. Gives back what is no whole body, and what cannot be packed.
pub fn packed(body: BoxBody, coding: Coding) -> Result<BoxBody, BoxBody> {
    let rest = body.try_into_bytes()?;
    let short = rest.len() <= CHUNK;
    let pack = || {
        let Some(mut encoder) = Encoder::new(coding)? else { return Ok(None) };
        if !short {
            return Ok(Some(BoxBody::new(Packing { rest: rest.clone(), encoder: Some(encoder), pause: false })));
        }
        let mut packed = encoder.add(&rest)?;
        packed.extend(encoder.finish()?);
        Ok::<_, io::Error>(Some(BoxBody::new(packed)))
    };
    match pack() {
        Ok(Some(body)) => Ok(body),
        Ok(None) => Err(BoxBody::new(rest)),
        Err(error) => {
            log::error!("an answer could not be packed: {error}");
            Err(BoxBody::new(rest))
        }
    }
}

impl MessageBody for Packing {
    type Error = io::Error;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, io::Error>>> {
        let this = self.get_mut();
        loop {
            if std::mem::take(&mut this.pause) {
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            let Some(encoder) = &mut this.encoder else { return Poll::Ready(None) };
            let packed = match next_chunk(&mut this.rest) {
                Some(chunk) => encoder.add(&chunk),
                None => this.encoder.take().map_or_else(|| Ok(Vec::new()), Encoder::finish),
            };
            this.pause = true;
            match packed {
                // An empty chunk would be the end of the body.
                Ok(packed) if packed.is_empty() => {}
                packed => return Poll::Ready(Some(packed.map(Bytes::from))),
            }
        }
    }
}

/// A body that keeps its request in work until it has been handed over.
struct Watched {
    body: BoxBody,
    _in_work: Option<InWork>,
}

/// A long body with the request that it answers; a short one is as good as handed over.
pub fn watched(body: BoxBody, in_work: Option<InWork>) -> BoxBody {
    match body.size() {
        BodySize::None | BodySize::Sized(0..=MOST_AT_ONCE) => body,
        _ => BoxBody::new(Watched { body, _in_work: in_work }),
    }
}

impl MessageBody for Watched {
    type Error = Box<dyn std::error::Error>;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.get_mut().body).poll_next(context)
    }
}

/// The size of a body that is not sent: the answer to HEAD.
struct SizeOnly(BodySize);

/// A body that only has its size.
pub fn without_body(body: &BoxBody) -> BoxBody {
    BoxBody::new(SizeOnly(body.size()))
}

impl MessageBody for SizeOnly {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        self.0
    }

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, Infallible>>> {
        Poll::Ready(None)
    }

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
