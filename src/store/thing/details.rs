//! Everything about a well in one answer: one statement, and a second one for what was done during the visits.

use std::collections::HashMap;

use crate::db::prelude::*;
use crate::db::schema::thing_contact_association as contact_link;
use crate::db::{Numbers, Session, sharing};
use crate::domain::contact::Contact;
use crate::domain::deployment::Deployment;
use crate::domain::sensor::Sensor;
use crate::domain::thing::details::{WellDetails, WellExport};
use crate::domain::thing::{Well, WellContactSummary};
use crate::store::query::visibility::{THING_CONTACT, visible};
use crate::store::thing::{the_well, well_screen, wells};
use crate::store::{StoreError, contact, deployment, field_event};

/// A well with all that is known about it, with its newest `field_event_limit` visits.
pub fn details(session: &mut Session<'_>, id: i32, field_event_limit: i64) -> Result<WellDetails, StoreError> {
    // The visits and what was done during them must agree.
    session.snapshot()?;
    let sight = session.sight();
    let (found, deployments, well_screens, visits) = session.read_fixed((
        wells(sight, Numbers::new(&[id])),
        deployment::of_thing(sight, id),
        well_screen::base_of(sight, id),
        field_event::visits(sight, id, field_event_limit),
    ))?;
    let well = the_well(id, found)?;
    // Most wells have no contacts; then nothing is read of them.
    let contacts: Vec<i32> = well.well.contacts.iter().map(|short| short.id).collect();
    let contacts = (!contacts.is_empty()).then(|| contact::read(sight, Numbers::new(&contacts)));
    let (contacts, (field_events, first_field_event)) =
        session.read_fixed((contacts, field_event::details(sight, &visits)))?;
    let contacts = in_short_order(&well.well.contacts, contacts.unwrap_or_default());
    let sensors = sensors(&deployments);
    Ok(WellDetails { well, contacts, sensors, deployments, well_screens, field_events, first_field_event })
}

/// A well with its contacts and instruments.
pub fn export(session: &mut Session<'_>, id: i32) -> Result<WellExport, StoreError> {
    let sight = session.sight();
    let links = contact_link::table.filter(contact_link::thing_id.eq(id)).filter(visible(sight, &THING_CONTACT));
    let contacts = sharing("well_contacts", links.select(contact_link::contact_id), |ids| contact::read(sight, ids));
    let (found, contacts, deployments): (Vec<Well>, _, _) =
        session.read_fixed((wells(sight, Numbers::new(&[id])), contacts, deployment::of_thing(sight, id)))?;
    let well = the_well(id, found)?;
    let contacts = in_short_order(&well.well.contacts, contacts);
    Ok(WellExport { sensors: sensors(&deployments), well, contacts, deployments })
}

/// Contacts in the order in which the well has them in short.
fn in_short_order(short: &[WellContactSummary], mut contacts: HashMap<i32, Contact>) -> Vec<Contact> {
    short.iter().filter_map(|short| contacts.remove(&short.id)).collect()
}

/// The sensors of deployments, by id, each once.
fn sensors(deployments: &[Deployment]) -> Vec<Sensor> {
    let mut sensors: Vec<Sensor> = deployments.iter().map(|deployment| deployment.sensor.clone()).collect();
    sensors.sort_by_key(|sensor| sensor.id);
    sensors.dedup_by_key(|sensor| sensor.id);
    sensors
}
