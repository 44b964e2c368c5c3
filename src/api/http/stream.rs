//! Long answers, sent in pieces: each piece is a job of its own, which is asked for only when the client has taken the piece
//! before. So neither a permit nor a thread nor a connection waits for a slow client, and the memory is that of a piece.
//!
//! The first piece is there before the answer begins, so what goes wrong until then is answered like anywhere else. Later, all
//! that is left is to end the connection without a proper end. The pieces are read one after the other, not on one snapshot.

use std::future::{Future, ready};
use std::io::{self, Read};
use std::iter;
use std::rc::Rc;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use actix_web::body::SizedStream;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_ENCODING, ContentDisposition};
use actix_web::{HttpResponse, HttpResponseBuilder};
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, TryStreamExt as _, stream};
use tokio::sync::OwnedSemaphorePermit;

use crate::api::Answer;
use crate::api::http::answer::Rendered;
use crate::api::http::chunks::next_chunk;
use crate::api::http::coding::Packer;
use crate::api::http::db::Db;
use crate::api::http::error::{ApiError, render_refusal};
use crate::db::{Ask, Asker, Done, Refusal, Session, Weight};
use crate::domain::request::id::scope;
use crate::store::StoreError;

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
    /// 200 with a body that comes in pieces. `prepare` reads the request and `begin` makes the first state of it; `read` reads
    /// what belongs to a state, `render` makes a piece of it. The first piece is begun and read in one job.
    pub async fn stream<P, S, T>(
        &self,
        operation: &'static str,
        content_type: &'static str,
        prepare: impl Fn() -> Result<P, ApiError> + Send + 'static,
        begin: impl Fn(&mut Session<'_>, P) -> Result<S, StoreError> + Send + 'static,
        read: impl Fn(&mut Session<'_>, &S) -> Result<T, StoreError> + Send + Sync + 'static,
        render: impl Fn(S, T) -> io::Result<Piece<S>> + Send + Sync + 'static,
    ) -> Answer
    where
        P: Send + 'static,
        S: Clone + Send + 'static,
        T: Send + 'static,
    {
        let place = self.place()?;
        let packer = Mutex::new(Packer::new(self.context.accepts()));
        let source = Arc::new(Source { read, render, packer });
        let (from, to) = (Arc::clone(&source), Arc::clone(&source));
        let first = move |session: &mut Session<'_>, prepared| {
            let at = begin(session, prepared)?;
            let part = (from.read)(session, &at)?;
            Ok((at, part))
        };
        let render = move |result: Result<(S, T), ApiError>| to.piece(result);
        let done = self.executor.read(self.ask(operation, Weight::Heavy), prepare, first, render).await;
        self.context.add(&done.timing);
        let mut piece = match piece_or_refusal(done) {
            Ok(piece) => piece,
            Err(refused) => return Ok(refused.into()),
        };
        let origin = Arc::clone(&source);
        let next = {
            let (executor, ask) = (self.executor.clone(), self.ask(operation, Weight::Continued));
            move |at: S, weight: Weight| {
                let (from, to) = (Arc::clone(&source), Arc::clone(&source));
                let read = move |session: &mut Session<'_>, at: S| {
                    let part = (from.read)(session, &at)?;
                    Ok((at, part))
                };
                let render = move |result: Result<(S, T), ApiError>| to.piece(result);
                let (executor, ask) = (executor.clone(), Ask { weight, ..ask.clone() });
                async move { executor.read(ask, move || Ok(at.clone()), read, render).await }
            }
        };
        // An empty piece is no beginning of a body.
        while piece.bytes.is_empty()
            && let Some(at) = piece.next.take()
        {
            let done = next(at, Weight::Heavy).await;
            self.context.add(&done.timing);
            piece = match piece_or_refusal(done) {
                Ok(piece) => piece,
                Err(refused) => return Ok(refused.into()),
            };
        }
        let mut response = HttpResponse::Ok();
        response.content_type(content_type);
        if let Some(coding) = origin.packer().coding().name() {
            response.insert_header((CONTENT_ENCODING, coding));
        }
        if piece.next.is_none() {
            return Ok(response.body(piece.bytes));
        }
        let pieces = pieces(operation, self.context.asker(), piece, move |at| {
            // Held for as long as the answer may be asked for more.
            let _place = &place;
            let asked = next(at, Weight::Continued);
            async move {
                let done = asked.await;
                match done.result {
                    Ok(Ok(piece)) => Ok(piece),
                    Ok(Err(refused)) => Err(Broken::Answered(refused)),
                    Err(refusal) => Err(Broken::Refused(refusal)),
                }
            }
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
        read: impl Fn(&mut Session<'_>, &S) -> Result<T, StoreError> + Send + Sync + 'static,
        add: impl Fn(&mut A, T) -> io::Result<Option<S>> + Send + Sync + 'static,
    ) -> Result<A, ApiError>
    where
        S: Clone + Send + 'static,
        T: Send + 'static,
        A: Send + 'static,
    {
        let (read, add) = (Arc::new(read), Arc::new(add));
        let mut next = Some(first);
        while let Some(at) = next {
            let (read, add) = (Arc::clone(&read), Arc::clone(&add));
            let job = move |session: &mut Session<'_>, at: S| Ok(read(session, &at)?);
            let add = move |part: Result<T, ApiError>| {
                let next = add(&mut all, part?)?;
                Ok::<_, ApiError>((all, next))
            };
            let done = self.executor.read(self.ask(operation, Weight::Heavy), move || Ok(at.clone()), job, add).await;
            self.context.add(&done.timing);
            (all, next) = done.result??;
        }
        Ok(all)
    }

    /// A place among the long answers.
    pub(super) fn place(&self) -> Result<OwnedSemaphorePermit, ApiError> {
        let place = self.state.edge.answers.begin().map_err(ApiError::from);
        place.inspect_err(|error| self.state.note_busy(error))
    }

    /// Runs work that blocks, but needs no connection.
    pub async fn blocking<T: Send + 'static>(
        &self,
        operation: &'static str,
        job: impl FnOnce() -> Result<T, ApiError> + Send + 'static,
    ) -> Result<T, ApiError> {
        self.executor.blocking(self.ask(operation, Weight::Light), job).await
    }

    /// 200 with the rest of a file of which `length` bytes are left, to be saved under a name.
    pub async fn file(
        &self,
        operation: &'static str,
        content_type: &'static str,
        name: &'static str,
        (file, length): (std::fs::File, u64),
    ) -> Answer {
        let place = self.place()?;
        let (file, executor, asker) = (Arc::new(file), self.executor.clone(), self.context.asker());
        let read = move |left: u64, weight: Weight| {
            let (file, executor) = (Arc::clone(&file), executor.clone());
            let ask = Ask { operation, weight, asker: asker.clone(), current: false };
            async move { executor.blocking::<_, ApiError>(ask, move || Ok(read_piece(&file, left)?)).await }
        };
        let first = read(length, Weight::Light).await?;
        let next = move |left| {
            let _place = &place;
            let piece = read(left, Weight::Continued);
            async move { piece.await.map_err(Broken::from) }
        };
        let mut response = attachment(content_type, name);
        Ok(response.body(SizedStream::new(length, pieces(operation, self.context.asker(), first, next))))
    }
}

/// A piece, or the answer that says why there is none.
fn piece_or_refusal<S>(done: Done<Result<Piece<S>, Rendered>>) -> Result<Piece<S>, Rendered> {
    done.result.unwrap_or_else(|refusal| Err(render_refusal(&refusal)))
}

/// Why an answer that had begun could not go on.
#[derive(Debug, thiserror::Error)]
pub(super) enum Broken {
    /// The executor refused the next piece.
    #[error("{0}")]
    Refused(Refusal),
    /// The next piece came out as an error, which was logged.
    #[error("the next piece is answered {}", .0.status)]
    Answered(Rendered),
}

impl From<ApiError> for Broken {
    fn from(error: ApiError) -> Self {
        match error {
            ApiError::Store(StoreError::Refused(refusal)) => Self::Refused(refusal),
            other => Self::Answered(other.render()),
        }
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

/// Where the pieces of an answer come from, and what packs them.
struct Source<R, V> {
    read: R,
    render: V,
    /// One piece after the other goes through it, so nobody ever waits for it.
    packer: Mutex<Packer>,
}

impl<R, V> Source<R, V> {
    fn packer(&self) -> MutexGuard<'_, Packer> {
        self.packer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn piece<S, T>(&self, result: Result<(S, T), ApiError>) -> Result<Piece<S>, Rendered>
    where
        V: Fn(S, T) -> io::Result<Piece<S>>,
    {
        let rendered = result.and_then(|(at, part)| {
            let Piece { bytes, next } = (self.render)(at, part)?;
            let bytes = self.packer().piece(bytes, next.is_none())?;
            Ok(Piece { bytes, next })
        });
        rendered.map_err(|error| error.render().packed(self.packer().accepts()))
    }
}

/// The bytes of the first piece and of all that follow it. An empty piece is not sent: it would be the end of the body.
pub(super) fn pieces<S, N, F>(
    operation: &'static str,
    asker: Asker,
    first: Piece<S>,
    next: N,
) -> impl Stream<Item = Result<Bytes, Broken>>
where
    S: Clone + 'static,
    N: Fn(S) -> F + 'static,
    F: Future<Output = Result<Piece<S>, Broken>> + 'static,
{
    let next = Rc::new(next);
    let later = stream::try_unfold(first.next, move |at| {
        let next = Rc::clone(&next);
        let asker = asker.clone();
        // The answer is sent after the middleware has left, so log lines of its pieces need the request's id again.
        scope(asker.request_id, async move {
            let mut at = at;
            while let Some(from) = at {
                let piece = patiently(operation, || next(from.clone())).await?;
                if !piece.bytes.is_empty() {
                    return Ok(Some((Bytes::from(piece.bytes), piece.next)));
                }
                at = piece.next;
            }
            Ok(None)
        })
    });
    let whole = stream::once(ready(Ok::<_, Broken>(Bytes::from(first.bytes)))).chain(later);
    whole.map_ok(|mut rest| stream::iter(iter::from_fn(move || next_chunk(&mut rest).map(Ok)))).try_flatten()
}

/// Asks again when others come first; any other refusal is the end.
async fn patiently<T, F>(operation: &'static str, ask: impl Fn() -> F) -> Result<T, Broken>
where
    F: Future<Output = Result<T, Broken>>,
{
    let mut tries = 0;
    loop {
        match ask().await {
            Err(Broken::Refused(Refusal::QueueFull | Refusal::QueueTimeout(_))) if tries < PATIENCE => {
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
