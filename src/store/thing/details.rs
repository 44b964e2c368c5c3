//! Everything about a well in one answer: one statement, and a second one for what was done during the visits.

use crate::db::prelude::*;
use crate::db::schema::{deployment as deployed, thing_contact_association as contact_link};
use crate::db::{Numbers, Read, Session, selected};
use crate::domain::principal::Sight;
use crate::domain::thing::details::{WellDetails, WellExport};
use crate::store::query::visibility::{DEPLOYMENT, THING_CONTACT, visible};
use crate::store::thing::{the_well, well_screen, wells};
use crate::store::{StoreError, contact, deployment, field_event, sensor};

/// A well with all that is known about it, with its newest `field_event_limit` visits.
pub fn details(session: &mut Session<'_>, id: i32, field_event_limit: i64) -> Result<WellDetails, StoreError> {
    // The visits and what was done during them must agree.
    session.snapshot()?;
    let sight = session.sight();
    let visits = field_event::visits(sight, id, field_event_limit);
    let (found, well_screens, visits) = session.read((exported(sight, id), well_screen::base_of(sight, id), visits))?;
    let WellExport { well, contacts, sensors, deployments } = found?;
    let (field_events, first_field_event) = session.read(field_event::details(sight, &visits))?;
    Ok(WellDetails { well, contacts, sensors, deployments, well_screens, field_events, first_field_event })
}

/// A well with its contacts and instruments.
pub fn export(session: &mut Session<'_>, id: i32) -> Result<WellExport, StoreError> {
    session.read(exported(session.sight(), id))?
}

fn exported(sight: Sight, id: i32) -> impl Read<Output = Result<WellExport, StoreError>> {
    let contacts = contact_link::table
        .filter(contact_link::thing_id.eq(id))
        .filter(visible(sight, &THING_CONTACT))
        .select(contact_link::contact_id);
    let sensors = deployed::table
        .filter(deployed::thing_id.eq(id))
        .filter(visible(sight, &DEPLOYMENT))
        .select(deployed::sensor_id);
    let all = (
        wells(sight, Numbers::new(&[id])),
        contact::read(sight, selected(contacts)),
        sensor::read(sight, selected(sensors)),
        deployment::of_thing(sight, id),
    );
    all.giving(move |(found, mut contacts, sensors, deployments)| {
        let well = the_well(id, found)?;
        // In the order in which the well has them in short.
        let contacts = well.well.contacts.iter().filter_map(|short| contacts.remove(&short.id)).collect();
        Ok(WellExport { well, contacts, sensors, deployments })
    })
}
