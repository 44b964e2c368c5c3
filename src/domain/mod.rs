//! What the words mean: resource types, validation, units, coordinates, time. Imports nothing from the floors above.

pub mod api_key;
pub mod asset;
pub mod contact;
pub mod deployment;
pub mod field_activity;
pub mod field_event;
pub mod geospatial;
pub mod group;
pub mod history;
pub mod lexicon;
pub mod location;
pub mod measure;
pub mod note;
pub mod observation;
pub mod parameter;
pub mod principal;
pub mod request;
pub mod sample;
pub mod sensor;
pub mod thing;

/// The release status of a record that says nothing of its own.
pub const DRAFT: &str = "draft";

/// The release status of what everybody may see.
pub const PUBLIC: &str = "public";
/// The release status of what everybody may see from a day on.
pub const EMBARGOED: &str = "embargoed";

/// [`DRAFT`], owned.
pub(crate) fn draft() -> String {
    DRAFT.to_owned()
}
