//! What the words mean: resource types, validation, units, coordinates, time. Imports nothing from the floors above.

pub mod access;
pub mod analysis_method;
pub mod api_key;
pub mod aquifer_system;
pub mod aquifer_type;
pub mod asset;
pub mod chemistry;
pub mod contact;
pub mod data_provenance;
pub mod deployment;
pub mod disclaimer;
pub mod feedback;
pub mod field_activity;
pub mod field_event;
pub mod field_event_participant;
pub mod geochronology;
pub mod geologic_formation;
pub mod geospatial;
pub mod group;
pub mod hex;
pub mod history;
pub mod lexicon;
pub mod location;
pub mod measure;
pub mod ngwmn;
pub mod note;
pub mod observation;
pub mod parameter;
pub mod permission_history;
pub mod principal;
pub mod publication;
pub mod regulatory_limit;
pub mod request;
pub mod sample;
pub mod search;
pub mod sensor;
pub mod sheet;
pub mod thing;
pub mod thing_aquifer_association;
pub mod thing_geologic_formation_association;

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
