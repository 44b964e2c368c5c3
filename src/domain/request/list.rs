//! What a list request asks for, the same for every resource.

use crate::domain::request::cursor::{Position, Scope};
use crate::domain::request::filter::Filter;
use crate::domain::request::paging::PageRequest;

/// Page, sort and filters of a list request.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListRequest {
    /// Which page.
    pub page: PageRequest,
    /// The column to sort by and the direction; `None` takes the resource's default.
    pub sort: Option<Sort>,
    /// Conditions that must all hold.
    pub filters: Vec<Filter>,
    /// The row that the page begins behind, instead of a page's number.
    pub after: Option<Position>,
    /// How the rows are to be counted, where that was said: see [`Self::counted`].
    pub count: Option<Count>,
    /// What cursors of this list are good for.
    pub scope: Scope,
}

impl ListRequest {
    /// How the rows of all pages are counted: where nothing is said, exactly for a page by its number, and not at all behind a row.
    pub fn counted(&self) -> Count {
        self.count.unwrap_or(if self.after.is_some() { Count::No } else { Count::Exact })
    }

    /// True when the envelope may have keys that the clients of the reference do not know.
    pub fn is_extended(&self) -> bool {
        self.after.is_some() || self.count.is_some()
    }

    /// Rows before the page, as far as that is known by the request.
    pub fn offset(&self) -> i64 {
        if self.after.is_some() { 0 } else { self.page.offset() }
    }

    /// The rows to look for: one more than fit the page tells whether there is another page.
    pub fn limit(&self) -> i64 {
        self.page.size + 1
    }
}

/// How the rows of all pages are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// All of them.
    Exact,
    /// Up to [`Count::BOUND`].
    Bounded,
    /// Not at all.
    No,
}

impl Count {
    /// Where a bounded count ends.
    pub const BOUND: i64 = 10_000;

    /// Reads the parameter.
    pub fn parse(text: &str) -> Result<Self, UnknownCount> {
        match text.to_ascii_lowercase().as_str() {
            "exact" => Ok(Self::Exact),
            "bounded" => Ok(Self::Bounded),
            "false" => Ok(Self::No),
            _ => Err(UnknownCount),
        }
    }
}

/// No way to count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("count must be 'exact', 'bounded' or 'false'")]
pub struct UnknownCount;

/// A requested order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sort {
    /// Column or virtual sort.
    pub column: String,
    /// Direction.
    pub direction: Direction,
}

impl Sort {
    /// By a column.
    pub fn by(column: &str, direction: Direction) -> Self {
        Self { column: column.to_owned(), direction }
    }
}

/// Ascending or descending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}
