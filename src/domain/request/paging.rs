//! Pages of a list.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::request::cursor::Position;
use crate::domain::request::list::{Count, ListRequest};

/// Which page is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// From 1.
    pub page: i64,
    /// Items a page, 1 to [`PageRequest::MOST`].
    pub size: i64,
}

impl PageRequest {
    /// Largest page.
    pub const MOST: i64 = 10_000;
    /// Page size when none is asked for.
    pub const USUAL: i64 = 25;
    /// Pages beyond this size are sent in pieces, and take the heavy lane.
    pub const LARGE: i64 = 500;

    /// Rows to skip. A page number too large to have rows saturates.
    pub fn offset(self) -> i64 {
        (self.page - 1).saturating_mul(self.size)
    }

    /// True when the page is large enough to be sent in pieces.
    pub fn is_large(self) -> bool {
        self.size > Self::LARGE
    }
}

impl Default for PageRequest {
    fn default() -> Self {
        Self { page: 1, size: Self::USUAL }
    }
}

/// How many rows there are in all pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Total {
    /// Nobody has counted.
    #[default]
    Unknown,
    /// So many.
    Exact(i64),
    /// So many and more.
    AtLeast(i64),
}

impl Total {
    /// Of rows that were counted up to one more than [`Count::BOUND`].
    pub fn bounded(counted: i64) -> Self {
        if counted > Count::BOUND { Self::AtLeast(Count::BOUND) } else { Self::Exact(counted) }
    }
}

/// What follows a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Next {
    /// Nothing.
    #[default]
    Nothing,
    /// Rows that are found by the number of the next page alone.
    Page,
    /// The rows behind this one.
    After(Position),
}

/// What a list found: the ids of the page's rows in their order, what follows, and how many rows there are in all pages. Rows of
/// several tables have another type `K` of ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found<K = i32> {
    /// Ids, in order.
    pub ids: Vec<K>,
    /// Rows in all pages.
    pub total: Total,
    /// What follows.
    pub next: Next,
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Page<T> {
    /// The items of this page.
    pub items: Vec<T>,
    /// Items in all pages. Null where they were not to be counted (`count=false`, `after`).
    #[schema(required = true)]
    pub total: Option<i64>,
    /// This page, from 1. Null where it was asked for by `after`.
    #[schema(required = true)]
    pub page: Option<i64>,
    /// Items a page.
    pub size: i64,
    /// Pages in all; 0 when there are no items. Null where `total` is, or is not exact.
    #[schema(required = true)]
    pub pages: Option<i64>,
    /// What `total` is when it is not exact (`count=bounded`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_is: Option<TotalIs>,
    /// What to send as `after` for the next page, where the request has `after` or `count`, and there is one that can be asked for
    /// in this way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// What a total is that is not exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub enum TotalIs {
    /// There are more items.
    #[serde(rename = "at least")]
    AtLeast,
}

impl<T> Page<T> {
    /// The envelope around `items` of a page by its number, all counted.
    pub fn new(items: Vec<T>, page: PageRequest, total: i64) -> Self {
        let PageRequest { page, size } = page;
        let pages = total / size + i64::from(total % size != 0);
        Self { items, total: Some(total), page: Some(page), size, pages: Some(pages), total_is: None, next: None }
    }

    /// The envelope around `items` that were found for a request.
    pub fn of<K>(items: Vec<T>, request: &ListRequest, found: &Found<K>) -> Self {
        let counted = |total| Self::new(Vec::new(), request.page, total);
        let envelope = match found.total {
            Total::Exact(total) => counted(total),
            Total::AtLeast(total) => Self { pages: None, total_is: Some(TotalIs::AtLeast), ..counted(total) },
            Total::Unknown => Self { total: None, pages: None, ..counted(0) },
        };
        let next = match &found.next {
            Next::After(position) if request.is_extended() => Some(request.scope.cursor(position)),
            _ => None,
        };
        let page = envelope.page.filter(|_| request.after.is_none());
        Self { items, page, next, ..envelope }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_counted_up() {
        let pages = |total, size| Page::<()>::new(vec![], PageRequest { page: 1, size }, total).pages;
        assert_eq!([pages(0, 25), pages(1, 25), pages(25, 25), pages(26, 25)], [0, 1, 1, 2].map(Some));
    }

    #[test]
    fn a_page_far_out_does_not_overflow() {
        assert_eq!(PageRequest { page: i64::MAX, size: 10_000 }.offset(), i64::MAX);
    }
}
