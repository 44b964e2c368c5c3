//! Everything about a well in one answer.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::contact::Contact;
use crate::domain::deployment::Deployment;
use crate::domain::field_event::FieldEventDetails;
use crate::domain::sensor::Sensor;
use crate::domain::thing::Well;
use crate::domain::thing::well_screen::WellScreenBase;

/// A well with all that is known about it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct WellDetails {
    /// The well itself.
    pub well: Well,
    /// Its contacts, by id.
    pub contacts: Vec<Contact>,
    /// Every sensor that was ever deployed in it, by id.
    pub sensors: Vec<Sensor>,
    /// Its deployments, the latest installation first.
    pub deployments: Vec<Deployment>,
    /// Its screens, from the top down.
    pub well_screens: Vec<WellScreenBase>,
    /// The visits to it, newest first, as many as were asked for.
    pub field_events: Vec<FieldEventDetails>,
    /// The first visit of all.
    pub first_field_event: Option<FieldEventDetails>,
}

/// A well with its contacts and instruments.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct WellExport {
    /// The well itself.
    pub well: Well,
    /// Its contacts, by id.
    pub contacts: Vec<Contact>,
    /// Every sensor that was ever deployed in it, by id.
    pub sensors: Vec<Sensor>,
    /// Its deployments, the latest installation first.
    pub deployments: Vec<Deployment>,
}
