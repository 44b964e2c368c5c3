//! Pages of lists. A small page is one job and one answer. A large one is sent in pieces: first the total and the keys of its
//! rows, which fix the page, then some rows at a time, each piece when the client has taken the one before. So the memory for
//! a page of 10,000 rows is that of a piece. Rows that are removed meanwhile are left out.

use std::io;
use std::sync::Arc;

use serde::Serialize;

use crate::db::{Connection, Weight};
use crate::domain::list::ListRequest;
use crate::domain::paging::{Page, Part};
use crate::export::array::Frame;
use crate::store::StoreError;

use super::stream::Piece;
use super::{Answer, Db};

/// Rows of the first piece; later ones have as many as fill [`PIECE_BYTES`].
const ROWS: usize = 250;
/// The most rows of a piece.
const MOST_ROWS: usize = 2000;
/// The size of a piece.
const PIECE_BYTES: usize = 512 * 1024;
/// Bytes that an item is expected to need, before any was seen.
const ITEM_BYTES: usize = 1024;
/// How every page begins; see [`Page`].
const HEAD: &str = r#"{"items":["#;

/// How far a large page is.
#[derive(Clone)]
struct Progress {
    envelope: Page<()>,
    keys: Arc<[i32]>,
    /// Keys whose rows have been read.
    read: usize,
    /// Rows of the next piece.
    rows: usize,
    /// Bytes of an item, as far as is known.
    item_bytes: usize,
    /// True when an item was written.
    begun: bool,
}

impl Progress {
    fn new<T>(page: Page<T>) -> Self {
        let (envelope, keys) = page.into_envelope();
        Self { envelope, keys: keys.into(), read: 0, rows: ROWS, item_bytes: ITEM_BYTES, begun: false }
    }

    /// What follows the items.
    fn tail(&self) -> serde_json::Result<String> {
        let empty = serde_json::to_string(&self.envelope)?;
        Ok(empty.strip_prefix(HEAD).unwrap_or_default().to_owned())
    }

    fn piece<T: Serialize>(self, items: &[T]) -> io::Result<Piece<Option<Self>>> {
        let read = self.keys.len().min(self.read + self.rows);
        let tail = if read == self.keys.len() { Some(self.tail()?) } else { None };
        let frame = Frame {
            head: (self.read == 0).then_some(HEAD),
            tail: tail.as_deref(),
            begun: self.begun,
            item_bytes: self.item_bytes,
        };
        let bytes = frame.around(items)?;
        let next = tail.is_none().then(|| {
            let item_bytes = (bytes.len() / items.len().max(1)).max(1);
            let rows = (PIECE_BYTES / item_bytes).clamp(ROWS, MOST_ROWS);
            Some(Self { read, rows, item_bytes, begun: self.begun || !items.is_empty(), ..self })
        });
        Ok(Piece { bytes, next })
    }
}

impl Db {
    /// 200 with a page of a list. Large pages take the heavy lane.
    pub async fn page<T: Serialize + 'static>(
        &self,
        operation: &'static str,
        request: ListRequest,
        job: impl Fn(&mut Connection, &ListRequest) -> Result<Page<T>, StoreError> + Send + Sync + 'static,
    ) -> Answer {
        self.page_of_weight(operation, Weight::Light, request, job).await
    }

    /// As [`Self::page`], where small pages have a weight too.
    pub async fn page_of_weight<T: Serialize + 'static>(
        &self,
        operation: &'static str,
        weight: Weight,
        request: ListRequest,
        job: impl Fn(&mut Connection, &ListRequest) -> Result<Page<T>, StoreError> + Send + Sync + 'static,
    ) -> Answer {
        if !request.page.is_heavy() {
            return self.read(operation, weight, move |conn| job(conn, &request)).await;
        }
        let read = move |conn: &mut Connection, at: &Option<Progress>| {
            let progress = match at {
                Some(progress) => progress.clone(),
                None => Progress::new(job(conn, &request.with_part(Part::Keys))?),
            };
            let keys: Vec<i32> = progress.keys.iter().skip(progress.read).take(progress.rows).copied().collect();
            let items =
                if keys.is_empty() { Vec::new() } else { job(conn, &request.with_part(Part::Rows(keys)))?.items };
            Ok((progress, items))
        };
        let render = |(progress, items): (Progress, Vec<T>)| progress.piece(&items);
        self.stream(operation, "application/json", None, read, render).await
    }
}
