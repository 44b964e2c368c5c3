//! What the words mean: resource types, validation, units, coordinates, time. Imports nothing from the floors above.

pub mod actor;
pub mod filter;
pub mod form;
pub mod geometry;
pub mod group;
pub mod lexicon;
pub mod list;
pub mod location;
pub mod location_query;
pub mod note;
pub mod paging;
pub mod parameter;
pub mod problem;
pub mod read;
pub mod time;
pub mod transducer;
pub mod utm;

/// The release status of a record that says nothing of its own.
pub const DRAFT: &str = "draft";

/// [`DRAFT`], owned.
pub(crate) fn draft() -> String {
    DRAFT.to_owned()
}
