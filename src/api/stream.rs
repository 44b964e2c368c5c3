//! Long answers, sent in pieces: each piece is a job of its own, which is asked for only when the client has taken the piece
//! before. So neither a permit nor a thread nor a connection waits for a slow client, and the memory is that of a piece.
//!
//! The first piece is there before the answer begins, so what goes wrong until then is answered like anywhere else. Later, all
//! that is left is to end the connection without a proper end. The pieces are read one after the other, not on one snapshot.

use std::future::{Future, ready};
use std::io::{self, Read};
use std::iter;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix_web::body::SizedStream;
use actix_web::http::header::{CONTENT_DISPOSITION, ContentDisposition};
use actix_web::{HttpResponse, HttpResponseBuilder};
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, TryStreamExt as _, stream};

use crate::db::{Connection, Done, Executor, Refusal, Weight};
use crate::store::StoreError;

use super::slices::next_slice;
use super::{Answer, ApiError, Db};

/// A piece of a long answer.
pub struct Piece<S> {
    /// What is sent; may be empty.
    pub bytes: Vec<u8>,
    /// Where the next piece begins; `None` after the last one.
    pub next: Option<S>,
}

/// How often, and after which pause, a piece is asked for again that is refused because others come first: the client has
/// taken half of the answer already.
const PATIENCE: usize = 20;
const PAUSE: Duration = Duration::from_millis(500);

/// The largest piece of a file.
const FILE_PIECE: u64 = 128 * 1024;

impl Db {
    /// 200 with a body that comes in pieces: `read` reads what belongs to a state, `render` makes a piece of it.
    pub async fn stream<S, T>(
        &self,
        operation: &'static str,
        content_type: &'static str,
        first: S,
        read: impl Fn(&mut Connection, &S) -> Result<T, StoreError> + Send + Sync + 'static,
        render: impl Fn(T) -> io::Result<Piece<S>> + Send + Sync + 'static,
    ) -> Answer
    where
        S: Clone + Send + 'static,
        T: 'static,
    {
        let source = Arc::new(Source { executor: self.executor.clone(), operation, read, render });
        let mut at = first;
        let piece = loop {
            let done = source.piece(at, Weight::Heavy).await;
            self.context.add(&done.timing);
            match done.result?? {
                Piece { bytes, next: Some(next) } if bytes.is_empty() => at = next,
                piece => break piece,
            }
        };
        let mut response = HttpResponse::Ok();
        response.content_type(content_type);
        if piece.next.is_none() {
            return Ok(response.body(piece.bytes));
        }
        let pieces = pieces(operation, piece, move |at| {
            let source = Arc::clone(&source);
            async move { Ok(source.piece(at, Weight::Continued).await.result??) }
        });
        Ok(response.streaming(pieces))
    }

    /// Collects what comes in pieces before there is an answer: `read` reads what belongs to a state, `add` adds it to the
    /// collection and gives the next state.
    pub async fn collect<S, T, A>(
        &self,
        operation: &'static str,
        first: S,
        mut all: A,
        read: impl Fn(&mut Connection, &S) -> Result<T, StoreError> + Send + Sync + 'static,
        add: impl Fn(&mut A, T) -> io::Result<Option<S>> + Send + Sync + 'static,
    ) -> Result<A, ApiError>
    where
        S: Send + 'static,
        T: 'static,
        A: Send + 'static,
    {
        let (read, add) = (Arc::new(read), Arc::new(add));
        let mut next = Some(first);
        while let Some(at) = next {
            let (read, add) = (Arc::clone(&read), Arc::clone(&add));
            let add = move |part| {
                let next = add(&mut all, part)?;
                Ok::<_, io::Error>((all, next))
            };
            let done = self.executor.read(operation, Weight::Heavy, move |conn| read(conn, &at), add).await;
            self.context.add(&done.timing);
            (all, next) = done.result??;
        }
        Ok(all)
    }

    /// Runs work that blocks, but needs no connection.
    pub async fn blocking<T: Send + 'static>(
        &self,
        operation: &'static str,
        job: impl FnOnce() -> io::Result<T> + Send + 'static,
    ) -> Result<T, ApiError> {
        self.executor.blocking(operation, Weight::Light, || Ok(job()?)).await
    }

    /// 200 with the rest of a file of which `length` bytes are left, to be saved under a name.
    pub async fn file(
        &self,
        operation: &'static str,
        content_type: &'static str,
        name: &'static str,
        (file, length): (std::fs::File, u64),
    ) -> Answer {
        let (file, executor) = (Arc::new(file), self.executor.clone());
        let read = move |left: u64, weight: Weight| {
            let (file, executor) = (Arc::clone(&file), executor.clone());
            async move { executor.blocking(operation, weight, move || Ok(read_piece(&file, left)?)).await }
        };
        let first = read(length, Weight::Light).await?;
        let read = move |left| read(left, Weight::Continued);
        let mut response = attachment(content_type, name);
        Ok(response.body(SizedStream::new(length, pieces(operation, first, read))))
    }
}

fn attachment(content_type: &'static str, name: &'static str) -> HttpResponseBuilder {
    let mut response = HttpResponse::Ok();
    response.content_type(content_type);
    response.insert_header((CONTENT_DISPOSITION, ContentDisposition::attachment(name)));
    response
}

/// The next piece of a file of which so many bytes are left.
fn read_piece(file: &std::fs::File, left: u64) -> io::Result<Piece<u64>> {
    let mut bytes = Vec::new();
    let read = file.take(left.min(FILE_PIECE)).read_to_end(&mut bytes)? as u64;
    if read == 0 && left > 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let left = left.saturating_sub(read);
    Ok(Piece { bytes, next: (left > 0).then_some(left) })
}

/// Where the pieces of an answer come from.
struct Source<R, V> {
    executor: Executor,
    operation: &'static str,
    read: R,
    render: V,
}

impl<R, V> Source<R, V> {
    async fn piece<S, T>(self: &Arc<Self>, at: S, weight: Weight) -> Done<io::Result<Piece<S>>, StoreError>
    where
        S: Send + 'static,
        T: 'static,
        R: Fn(&mut Connection, &S) -> Result<T, StoreError> + Send + Sync + 'static,
        V: Fn(T) -> io::Result<Piece<S>> + Send + Sync + 'static,
    {
        let (reader, renderer) = (Arc::clone(self), Arc::clone(self));
        let read = move |conn: &mut Connection| (reader.read)(conn, &at);
        self.executor.read(self.operation, weight, read, move |part| (renderer.render)(part)).await
    }
}

/// The bytes of the first piece and of all that follow it. An empty piece is not sent: it would be the end of the body.
fn pieces<S, N, F>(operation: &'static str, first: Piece<S>, next: N) -> impl Stream<Item = Result<Bytes, ApiError>>
where
    S: Clone + 'static,
    N: Fn(S) -> F + 'static,
    F: Future<Output = Result<Piece<S>, ApiError>> + 'static,
{
    let next = Rc::new(next);
    let later = stream::try_unfold(first.next, move |at| {
        let next = Rc::clone(&next);
        async move {
            let mut at = at;
            while let Some(from) = at {
                let piece = patiently(operation, || next(from.clone())).await?;
                if !piece.bytes.is_empty() {
                    return Ok(Some((Bytes::from(piece.bytes), piece.next)));
                }
                at = piece.next;
            }
            Ok(None)
        }
    });
    let whole = stream::once(ready(Ok::<_, ApiError>(Bytes::from(first.bytes)))).chain(later);
    whole.map_ok(|mut rest| stream::iter(iter::from_fn(move || next_slice(&mut rest).map(Ok)))).try_flatten()
}

/// Asks again when others come first; any other refusal is the end.
async fn patiently<T, F>(operation: &'static str, ask: impl Fn() -> F) -> Result<T, ApiError>
where
    F: Future<Output = Result<T, ApiError>>,
{
    let mut tries = 0;
    loop {
        match ask().await {
            Err(ApiError::Store(StoreError::Refused(Refusal::QueueFull | Refusal::QueueTimeout(_))))
                if tries < PATIENCE =>
            {
                tries += 1;
                tokio::time::sleep(PAUSE).await;
            }
            Err(error) => {
                log::warn!("{operation}: the answer was broken off: {error}");
                return Err(error);
            }
            Ok(piece) => return Ok(piece),
        }
    }
}
