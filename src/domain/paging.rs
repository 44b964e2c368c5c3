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
    /// Pages beyond this size take the heavy lane.
    pub const HEAVY: i64 = 500;

    /// Rows to skip. A page number too large to have rows saturates.
    pub fn offset(self) -> i64 {
        (self.page - 1).saturating_mul(self.size)
    }

    /// True when the page is large enough to count as heavy work.
    pub fn is_heavy(self) -> bool {
        self.size > Self::HEAVY
    }
}

impl Default for PageRequest {
    fn default() -> Self {
        Self { page: 1, size: Self::USUAL }
    }
}

/// How much of a page is read at once. A large page is read in parts: first the keys of its rows, then some rows at a time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// The whole page.
    #[default]
    Whole,
    /// What there is, and the keys of the page's rows in their order; no rows.
    Keys,
    /// The rows of these keys, in their order. Those that are gone by now are left out.
    Rows(Vec<i32>),
}

/// What a list holds beside the rows that were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extent {
    /// Which page was asked for.
    pub page: PageRequest,
    /// Items in all pages; 0 where only the rows of known keys were asked for.
    pub total: i64,
    /// The keys of the page's rows, where they were asked for.
    pub keys: Vec<i32>,
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
    /// The keys of the page's rows, where [`Part::Keys`] was asked for.
    #[serde(skip)]
    pub keys: Vec<i32>,
}

impl<T> Page<T> {
    /// The envelope around `items`.
    pub fn new(items: Vec<T>, extent: Extent) -> Self {
        let Extent { page: PageRequest { page, size }, total, keys } = extent;
        let pages = total / size + i64::from(total % size != 0);
        Self { items, total, page, size, pages, keys }
    }

    /// The page without its items and keys, and its keys.
    pub fn into_envelope(self) -> (Page<()>, Vec<i32>) {
        let Self { total, page, size, pages, keys, .. } = self;
        (Page { items: Vec::new(), total, page, size, pages, keys: Vec::new() }, keys)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_counted_up() {
        let pages = |total, size| {
            let extent = Extent { page: PageRequest { page: 1, size }, total, keys: vec![] };
            Page::<()>::new(vec![], extent).pages
        };
        assert_eq!((pages(0, 25), pages(1, 25), pages(25, 25), pages(26, 25)), (0, 1, 1, 2));
    }

    #[test]
    fn a_page_far_out_does_not_overflow() {
        assert_eq!(PageRequest { page: i64::MAX, size: 10_000 }.offset(), i64::MAX);
    }
}
