//! Pages of a list.

use serde::Serialize;
use utoipa::ToSchema;

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

/// What a list found: the ids of the page's rows in their order, and how many rows there are in all pages. Rows of several tables
/// have another type `K` of ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found<K = i32> {
    /// Ids, in order.
    pub ids: Vec<K>,
    /// Rows in all pages.
    pub total: i64,
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Page<T> {
    /// The items of this page.
    pub items: Vec<T>,
    /// Items in all pages.
    pub total: i64,
    /// This page, from 1.
    pub page: i64,
    /// Items a page.
    pub size: i64,
    /// Pages in all; 0 when there are no items.
    pub pages: i64,
}

impl<T> Page<T> {
    /// The envelope around `items`.
    pub fn new(items: Vec<T>, page: PageRequest, total: i64) -> Self {
        let PageRequest { page, size } = page;
        let pages = total / size + i64::from(total % size != 0);
        Self { items, total, page, size, pages }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_counted_up() {
        let pages = |total, size| Page::<()>::new(vec![], PageRequest { page: 1, size }, total).pages;
        assert_eq!((pages(0, 25), pages(1, 25), pages(25, 25), pages(26, 25)), (0, 1, 1, 2));
    }

    #[test]
    fn a_page_far_out_does_not_overflow() {
        assert_eq!(PageRequest { page: i64::MAX, size: 10_000 }.offset(), i64::MAX);
    }
}
