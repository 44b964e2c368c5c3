//! Everything about a well in one answer: a bounded number of queries, however much there is.

use crate::db::Connection;
use crate::domain::contact::Contact;
use crate::domain::details::{WellDetails, WellExport};
use crate::domain::thing::Well;

use super::{StoreError, contact, deployment, field_event, sensor, thing, well_screen};

/// A well with all that is known about it, with its newest `field_event_limit` visits.
pub fn details(conn: &mut Connection, id: i32, field_event_limit: i64) -> Result<WellDetails, StoreError> {
    let WellExport { well, contacts, sensors, deployments } = export(conn, id)?;
    let (field_events, first_field_event) = field_event::details_of(conn, id, field_event_limit)?;
    Ok(WellDetails {
        well,
        contacts,
        sensors,
        deployments,
        well_screens: well_screen::base_of(conn, id)?,
        field_events,
        first_field_event,
    })
}

/// A well with its contacts and instruments.
pub fn export(conn: &mut Connection, id: i32) -> Result<WellExport, StoreError> {
    let well = thing::get_well(conn, id)?;
    Ok(WellExport {
        contacts: contacts(conn, &well)?,
        sensors: sensor::of_thing(conn, id)?,
        deployments: deployment::of_thing(conn, id)?,
        well,
    })
}

/// The contacts of a well in full, in the order in which the well has them in short: by id.
fn contacts(conn: &mut Connection, well: &Well) -> Result<Vec<Contact>, StoreError> {
    let ids: Vec<i32> = well.well.contacts.iter().map(|contact| contact.id).collect();
    let mut contacts = contact::load(conn, &ids)?;
    Ok(ids.iter().filter_map(|id| contacts.remove(id)).collect())
}
