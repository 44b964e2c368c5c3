//! What a list request asks for, the same for every resource.

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
