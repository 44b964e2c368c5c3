//! What a list request asks for, the same for every resource.

use super::filter::Filter;
use super::paging::{PageRequest, Part};

/// Page, sort and filters of a list request.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListRequest {
    /// Which page.
    pub page: PageRequest,
    /// The column to sort by and the direction; `None` takes the resource's default.
    pub sort: Option<Sort>,
    /// Conditions that must all hold.
    pub filters: Vec<Filter>,
    /// How much of the page.
    pub part: Part,
}

impl ListRequest {
    /// True for the later parts of a page: what had to be checked has been checked.
    pub fn is_continued(&self) -> bool {
        matches!(self.part, Part::Rows(_))
    }

    /// The same request for another part of its page.
    #[must_use]
    pub fn with_part(&self, part: Part) -> Self {
        Self { part, ..self.clone() }
    }
}

/// A requested order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sort {
    /// Column or virtual sort.
    pub column: String,
    /// Direction.
    pub direction: Direction,
}

/// Ascending or descending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}
