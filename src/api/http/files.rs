//! The handlers' way to the storage of files.
//!
//! Where files are in a folder, each step holds one of the permits for work that blocks: see [`Executor::extra`]. A step runs to its end
//! when its client has gone, and holds the permit until then.

use std::future::{Ready, ready};
use std::ops::Range;

use actix_web::body::SizedStream;
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    ACCEPT_RANGES, CONTENT_DISPOSITION, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue, IF_NONE_MATCH,
};
use actix_web::{FromRequest, HttpRequest, HttpResponse, HttpResponseBuilder, web};

use crate::api::Answer;
use crate::api::http::context::RequestContext;
use crate::api::http::db::Db;
use crate::api::http::error::{ApiError, Busy, text};
use crate::api::http::ranges::{Asked, asked, names};
use crate::api::http::state::AppState;
use crate::api::http::stream::{Broken, Piece, pieces};
use crate::db::{Ask, Executor, Weight};
use crate::storage::{FileState, Storage, StorageError};

/// The largest piece of a file that is sent.
const PIECE: u64 = 256 * 1024;

const NO_PART: &str = "The file has no such part";

/// The storage, bound to one request. Cheap to clone.
#[derive(Clone)]
pub struct Files {
    /// The storage itself, for what needs no waiting.
    pub storage: Storage,
    executor: Executor,
    state: web::Data<AppState>,
    context: RequestContext,
}

impl FromRequest for Files {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let state = request.app_data::<web::Data<AppState>>();
        let files = state.zip(RequestContext::of(request)).map(|(state, context)| Self {
            storage: state.files.storage.clone(),
            executor: state.executor.clone(),
            state: state.clone(),
            context,
        });
        ready(files.ok_or(ApiError::Unreadable))
    }
}

impl Files {
    fn ask(&self, operation: &'static str, weight: Weight) -> Ask {
        Ask { operation, weight, asker: self.context.asker(), current: true }
    }

    /// One step of the storage. `None`: there is no such file.
    pub async fn step<T: 'static>(
        &self,
        operation: &'static str,
        weight: Weight,
        step: impl Future<Output = Result<T, StorageError>> + 'static,
    ) -> Result<Option<T>, ApiError> {
        let permit =
            if self.storage.blocks() { Some(self.executor.extra(&self.ask(operation, weight)).await?) } else { None };
        let running = actix_web::rt::spawn(async move {
            let _permit = permit;
            step.await
        });
        match running.await {
            Ok(Ok(value)) => Ok(Some(value)),
            Ok(Err(StorageError::Missing)) => Ok(None),
            Ok(Err(error)) => Err(self.unavailable(operation, &error)),
            Err(error) => Err(self.unavailable(operation, &error)),
        }
    }

    /// As [`Self::step`], where a file that is not there is an error of the storage.
    pub async fn must<T: 'static>(
        &self,
        operation: &'static str,
        step: impl Future<Output = Result<T, StorageError>> + 'static,
    ) -> Result<T, ApiError> {
        let done = self.step(operation, Weight::Light, step).await?;
        done.ok_or_else(|| self.unavailable(operation, &StorageError::Missing))
    }

    /// Work that takes its time but waits for nothing, such as hashing.
    pub async fn work<T: Send + 'static>(
        &self,
        operation: &'static str,
        job: impl FnOnce() -> Result<T, ApiError> + Send + 'static,
    ) -> Result<T, ApiError> {
        self.executor.blocking(self.ask(operation, Weight::Light), job).await
    }

    /// Makes the storage ready.
    pub async fn prepare(&self, operation: &'static str) -> Result<(), ApiError> {
        let storage = self.storage.clone();
        let prepared = self.work(operation, move || Ok(storage.prepare())).await?;
        prepared.map_err(|error| self.unavailable(operation, &error))
    }

    fn unavailable(&self, operation: &str, error: &dyn std::error::Error) -> ApiError {
        log::error!("{operation}: {error}");
        let error = ApiError::Busy(Busy::Storage);
        self.state.note_busy(&error);
        error
    }

    /// A file as the request wants it: the whole, or a part; or nothing, when the client has it already.
    pub async fn send(
        &self,
        db: &Db,
        operation: &'static str,
        file: FileState,
        headers: &HeaderMap,
        (kind, disposition): (&'static str, String),
    ) -> Answer {
        let tag = file.tag.as_deref().map(|tag| format!("\"{}\"", tag.trim_matches('"')));
        let describe = |mut response: HttpResponseBuilder| {
            response.insert_header((ACCEPT_RANGES, "bytes"));
            if let Some(tag) = &tag {
                response.insert_header((ETAG, tag.as_str()));
            }
            response
        };
        if tag.as_deref().is_some_and(|tag| names(headers.get(IF_NONE_MATCH), tag)) {
            return Ok(describe(HttpResponse::NotModified()).finish());
        }
        let size = file.size;
        let (status, range) = match asked(headers, size, tag.as_deref()) {
            Asked::Whole => (StatusCode::OK, 0..size),
            Asked::Part(range) => (StatusCode::PARTIAL_CONTENT, range),
            Asked::Impossible => {
                let mut refused = HttpResponse::from(text(StatusCode::RANGE_NOT_SATISFIABLE, NO_PART));
                if let Ok(whole) = HeaderValue::from_str(&format!("bytes */{size}")) {
                    refused.headers_mut().insert(CONTENT_RANGE, whole);
                }
                return Ok(refused);
            }
        };
        let mut response = describe(HttpResponseBuilder::new(status));
        response.insert_header((CONTENT_TYPE, kind)).insert_header((CONTENT_DISPOSITION, disposition));
        if status == StatusCode::PARTIAL_CONTENT {
            let last = range.end.saturating_sub(1);
            response.insert_header((CONTENT_RANGE, format!("bytes {}-{last}/{size}", range.start)));
        }
        let length = range.end - range.start;
        if length == 0 {
            return Ok(response.body(Vec::new()));
        }
        let place = db.place()?;
        let first = self.piece(operation, file.path.clone(), range.clone(), Weight::Light).await?;
        let files = self.clone();
        let next = move |left: Range<u64>| {
            // Held for as long as the answer may be asked for more.
            let _place = &place;
            let (files, path) = (files.clone(), file.path.clone());
            async move { files.piece(operation, path, left, Weight::Continued).await.map_err(Broken::from) }
        };
        let body = pieces(operation, self.context.asker(), first, next);
        Ok(response.body(SizedStream::new(length, body)))
    }

    async fn piece(
        &self,
        operation: &'static str,
        path: String,
        left: Range<u64>,
        weight: Weight,
    ) -> Result<Piece<Range<u64>>, ApiError> {
        let end = left.end.min(left.start + PIECE);
        let (storage, range) = (self.storage.clone(), left.start..end);
        let read = self.step(operation, weight, async move { storage.read(path, range).await }).await?;
        let bytes = read.ok_or_else(|| self.unavailable(operation, &StorageError::Missing))?;
        Ok(Piece { bytes: bytes.into(), next: (end < left.end).then_some(end..left.end) })
    }
}
