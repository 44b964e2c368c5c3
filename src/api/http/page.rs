//! Lists: `find` gives the ids of a page in order and their total, `load` the items of some ids; which of them runs when, and
//! in which form the items are sent, is decided here.
//!
//! A small page is one job and one answer. A large one is sent in pieces: first the ids, which fix the page, then some items
//! at a time, each piece when the client has taken the one before. So the memory for a page of 10,000 rows is that of a piece.
//! Rows that are removed meanwhile are left out.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, LINK};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::Answer;
use crate::api::http::db::Db;
use crate::api::http::format::{Shape, describe};
use crate::api::http::params::Params;
use crate::api::http::related::{PageOf, links};
use crate::api::http::stream::Piece;
use crate::db::{Session, Weight};
use crate::domain::request::list::ListRequest;
use crate::domain::request::paging::{Found, Page};
use crate::export::array::Frame;
use crate::store::StoreError;

/// Items of the first piece; later ones have as many as fill [`PIECE_BYTES`].
const ITEMS: usize = 250;
/// The most items of a piece.
const MOST_ITEMS: usize = 2000;
/// The size of a piece.
const PIECE_BYTES: usize = 512 * 1024;
/// Bytes that an item is expected to need, before any was seen.
const ITEM_BYTES: usize = 1024;
/// How every page begins; see [`Page`].
const HEAD: &str = r#"{"items":["#;

/// How far a large page is.
#[derive(Clone)]
struct Progress<K> {
    shape: Shape,
    envelope: Page<()>,
    ids: Arc<[K]>,
    /// Ids whose items have been sent.
    sent: usize,
    /// Items of the next piece.
    items: usize,
    /// Bytes of an item, as far as is known.
    item_bytes: usize,
    /// True when an item was written.
    begun: bool,
}

impl<K> Progress<K> {
    fn new(shape: Shape, envelope: Page<()>, found: Found<K>) -> Self {
        Self { shape, envelope, ids: found.ids.into(), sent: 0, items: ITEMS, item_bytes: ITEM_BYTES, begun: false }
    }

    /// The ids of the next piece.
    fn next(&self) -> &[K] {
        let rest = self.ids.get(self.sent..).unwrap_or_default();
        rest.get(..self.items).unwrap_or(rest)
    }

    fn piece<T: Serialize>(self, items: &[T]) -> io::Result<Piece<Self>> {
        let sent = self.ids.len().min(self.sent + self.items);
        let tail = if sent == self.ids.len() { Some(tail(&self.envelope)?) } else { None };
        let frame = Frame {
            head: (self.sent == 0).then_some(HEAD),
            tail: tail.as_deref(),
            begun: self.begun,
            item_bytes: self.item_bytes,
        };
        let bytes = self.shape.piece(items, frame)?;
        let next = tail.is_none().then(|| {
            let item_bytes = (bytes.len() / items.len().max(1)).max(1);
            let more = (PIECE_BYTES / item_bytes).clamp(ITEMS, MOST_ITEMS);
            Self { sent, items: more, item_bytes, begun: self.begun || !items.is_empty(), ..self }
        });
        Ok(Piece { bytes, next })
    }
}

/// What follows the items of a page, as JSON has it.
fn tail(envelope: &Page<()>) -> serde_json::Result<String> {
    let empty = serde_json::to_string(envelope)?;
    Ok(empty.strip_prefix(HEAD).unwrap_or_default().to_owned())
}

/// The bytes of a small page.
fn whole<T: Serialize>((shape, items, envelope): (Shape, Vec<T>, Page<()>)) -> io::Result<Vec<u8>> {
    let tail = tail(&envelope)?;
    let frame = Frame { head: Some(HEAD), tail: Some(&tail), begun: false, item_bytes: ITEM_BYTES };
    shape.piece(&items, frame)
}

impl Db {
    /// 200 with a page of a list. `ask` reads the query string: the request, and what else narrows the list.
    pub async fn list<S, K, T>(
        &self,
        operation: &'static str,
        params: Params,
        ask: impl Fn(&mut Params) -> (ListRequest, S) + Send + Sync + 'static,
        find: impl Fn(&mut Session<'_>, &ListRequest, &S) -> Result<Found<K>, StoreError> + Send + Sync + 'static,
        load: impl Fn(&mut Session<'_>, &[K]) -> Result<Vec<T>, StoreError> + Send + Sync + 'static,
    ) -> Answer
    where
        S: Send + 'static,
        K: Clone + Send + Sync + 'static,
        T: Serialize + ToSchema + Send + 'static,
    {
        self.list_by_weight(operation, Weight::Light, params, ask, find, load).await
    }

    /// As [`Self::list`], where small pages have a weight too.
    pub async fn list_by_weight<S, K, T>(
        &self,
        operation: &'static str,
        weight: Weight,
        params: Params,
        ask: impl Fn(&mut Params) -> (ListRequest, S) + Send + Sync + 'static,
        find: impl Fn(&mut Session<'_>, &ListRequest, &S) -> Result<Found<K>, StoreError> + Send + Sync + 'static,
        load: impl Fn(&mut Session<'_>, &[K]) -> Result<Vec<T>, StoreError> + Send + Sync + 'static,
    ) -> Answer
    where
        S: Send + 'static,
        K: Clone + Send + Sync + 'static,
        T: Serialize + ToSchema + Send + 'static,
    {
        // The job notes where the page is among the others, for the answer's head.
        let place = Arc::new(Mutex::new(None));
        let noted = Arc::clone(&place);
        let note = move |page: PageOf| *noted.lock().unwrap_or_else(PoisonError::into_inner) = Some(page);
        let format = params.format();
        let mut response = self.list_answer(operation, weight, params, ask, find, load, note).await?;
        if response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED {
            describe(&mut response, format, operation.strip_prefix("list_").unwrap_or(operation));
        }
        let place = place.lock().unwrap_or_else(PoisonError::into_inner).take();
        let links = place.filter(|_| response.status().is_success()).and_then(|at| links(self.context.uri(), at));
        if let Some(links) = links.and_then(|links| HeaderValue::from_str(&links).ok()) {
            response.headers_mut().insert(LINK, links);
        }
        Ok(response)
    }

    #[expect(clippy::too_many_arguments, reason = "those of its only caller, and one more")]
    async fn list_answer<S, K, T>(
        &self,
        operation: &'static str,
        weight: Weight,
        params: Params,
        ask: impl Fn(&mut Params) -> (ListRequest, S) + Send + Sync + 'static,
        find: impl Fn(&mut Session<'_>, &ListRequest, &S) -> Result<Found<K>, StoreError> + Send + Sync + 'static,
        load: impl Fn(&mut Session<'_>, &[K]) -> Result<Vec<T>, StoreError> + Send + Sync + 'static,
        note: impl Fn(PageOf) + Send + Sync + 'static,
    ) -> Answer
    where
        S: Send + 'static,
        K: Clone + Send + Sync + 'static,
        T: Serialize + ToSchema + Send + 'static,
    {
        let (large, content_type) = (params.asks_for_a_large_page(), params.format().content_type());
        let weight = if weight == Weight::Light { params.weight() } else { weight };
        let ask = move || {
            params.read_list(|params| {
                let shape = params.shape::<T>();
                let (request, search) = ask(params);
                (request, (shape, search))
            })
        };
        if !large {
            let page = move |session: &mut Session<'_>, (request, (shape, search)): (ListRequest, (Shape, S))| {
                session.snapshot()?;
                let found = find(session, &request, &search)?;
                let items = if found.ids.is_empty() { Vec::new() } else { load(session, &found.ids)? };
                let envelope = Page::of(Vec::new(), &request, &found);
                note(PageOf::new(&envelope, &request, &found));
                Ok((shape, items, envelope))
            };
            return self.read_as((operation, weight, content_type), ask, page, whole).await;
        }
        let begin = move |session: &mut Session<'_>, (request, (shape, search)): (ListRequest, (Shape, S))| {
            let found = find(session, &request, &search)?;
            let envelope = Page::of(Vec::new(), &request, &found);
            note(PageOf::new(&envelope, &request, &found));
            Ok(Progress::new(shape, envelope, found))
        };
        let items = move |session: &mut Session<'_>, at: &Progress<K>| {
            let ids = at.next();
            if ids.is_empty() { Ok(Vec::new()) } else { load(session, ids) }
        };
        let render = |at: Progress<K>, items: Vec<T>| at.piece(&items);
        self.stream(operation, content_type, ask, begin, items, render).await
    }
}
