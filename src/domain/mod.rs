//! What the words mean: resource types, validation, units, coordinates, time. Imports nothing from the floors above.

pub mod actor;
pub mod contact;
pub mod create_thing;
pub mod deployment;
pub mod details;
pub mod field_activity;
pub mod field_event;
pub mod filter;
pub mod form;
pub mod geometry;
pub mod group;
pub mod group_member;
pub mod id_link;
pub mod lexicon;
pub mod list;
pub mod location;
pub mod location_query;
pub mod note;
pub mod observation;
pub mod paging;
pub mod parameter;
pub mod problem;
pub mod read;
pub mod sample;
pub mod search;
pub mod sensor;
pub mod thing;
pub mod thing_history;
pub mod time;
pub mod transducer;
pub mod update_thing;
pub mod utm;
pub mod well_screen;

/// The release status of a record that says nothing of its own.
pub const DRAFT: &str = "draft";

/// [`DRAFT`], owned.
pub(crate) fn draft() -> String {
    DRAFT.to_owned()
}
