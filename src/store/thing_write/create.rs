//! Storing a thing: its row and everything else that its body says, in the one transaction of the request.

use chrono::{NaiveDate, Utc};
use diesel::prelude::*;

use crate::db::Connection;
use crate::db::schema::{location_thing_association as place, thing};
use crate::domain::actor::Actor;
use crate::domain::create_thing::{CreateSpring, CreateThing, CreateWell};
use crate::domain::form::Parsed;
use crate::domain::thing::{SPRING, Spring, WATER_WELL, Well};
use crate::domain::thing_history::{CreateMonitoringFrequencyHistory, CreateStatusHistory};
use crate::domain::time::UtcDateTime;
use crate::domain::{DRAFT, draft};
use crate::store::provenance::{self, NewProvenance};
use crate::store::thing::{
    CLOSED, DATALOGGER_STATUS, MONITORING_STATUS, OPEN, OPEN_STATUS, TABLE, WELL_STATUS, get_spring, get_well,
};
use crate::store::thing_history::{frequency, measuring_point, status};
use crate::store::{StoreError, group, group_member, id_link, location, note, require_parent, vocabulary};

use super::terms;

#[derive(Default, Insertable)]
#[diesel(table_name = thing)]
struct NewThing<'a> {
    name: &'a str,
    thing_type: &'a str,
    release_status: &'a str,
    first_visit_date: Option<NaiveDate>,
    well_depth: Option<f64>,
    hole_depth: Option<f64>,
    well_casing_depth: Option<f64>,
    well_pump_depth: Option<f64>,
    well_casing_diameter: Option<f64>,
    well_completion_date: Option<NaiveDate>,
    well_driller_name: Option<&'a str>,
    well_construction_method: Option<&'a str>,
    well_pump_type: Option<&'a str>,
    formation_completion_code: Option<&'a str>,
    spring_type: Option<&'a str>,
    nma_formation_zone: Option<&'a str>,
    created_by_id: Option<&'a str>,
    created_by_name: Option<&'a str>,
}

impl<'a> NewThing<'a> {
    fn new(thing_type: &'a str, new: &'a CreateThing, actor: &'a Actor) -> Self {
        Self {
            name: &new.name,
            thing_type,
            release_status: &new.release_status,
            first_visit_date: new.first_visit_date,
            created_by_id: actor.id.as_deref(),
            created_by_name: actor.name.as_deref(),
            ..Self::default()
        }
    }
}

/// Stores a water well.
pub fn create_well(conn: &mut Connection, body: Parsed<CreateWell>, actor: &Actor) -> Result<Well, StoreError> {
    let new = vocabulary::settle(conn, body)?;
    let parents = Parents::require(conn, &new.thing)?;
    let row = NewThing {
        well_depth: new.well_depth,
        hole_depth: new.hole_depth,
        well_casing_depth: new.well_casing_depth,
        well_pump_depth: new.well_pump_depth,
        well_casing_diameter: new.well_casing_diameter,
        well_completion_date: new.well_completion_date,
        well_driller_name: new.well_driller_name.as_deref(),
        well_construction_method: new.well_construction_method.as_deref(),
        well_pump_type: new.well_pump_type.as_deref(),
        formation_completion_code: new.formation_completion_code.as_deref(),
        nma_formation_zone: new.nma_formation_zone.as_deref(),
        ..NewThing::new(WATER_WELL, &new.thing, actor)
    };
    let id = insert(conn, row)?;
    add_surroundings(conn, id, &new.thing, &parents, actor)?;
    terms::add_purposes(conn, id, &new.well_purposes, actor)?;
    terms::add_materials(conn, id, &new.well_casing_materials, actor)?;
    if new.measuring_point_height.is_some() || new.measuring_point_description.is_some() {
        let description = new.measuring_point_description.clone();
        measuring_point::open(conn, id, new.measuring_point_height, description, actor)?;
    }
    add_statuses(conn, id, &new, actor)?;
    add_sources(conn, id, &new, actor)?;
    get_well(conn, id)
}

/// Stores a spring.
pub fn create_spring(conn: &mut Connection, body: Parsed<CreateSpring>, actor: &Actor) -> Result<Spring, StoreError> {
    let new = vocabulary::settle(conn, body)?;
    let parents = Parents::require(conn, &new.thing)?;
    let row = NewThing { spring_type: new.spring_type.as_deref(), ..NewThing::new(SPRING, &new.thing, actor) };
    let id = insert(conn, row)?;
    add_surroundings(conn, id, &new.thing, &parents, actor)?;
    get_spring(conn, id)
}

fn insert(conn: &mut Connection, row: NewThing<'_>) -> QueryResult<i32> {
    diesel::insert_into(thing::table).values(row).returning(thing::id).get_result(conn)
}

/// The rows that the body refers to.
struct Parents {
    location: Option<i32>,
    group: Option<i32>,
}

impl Parents {
    fn require(conn: &mut Connection, new: &CreateThing) -> Result<Self, StoreError> {
        let require_location = |sent| require_parent(conn, "location_id", location::MODEL, sent, location::exists);
        let location = new.location_id.map(require_location).transpose()?;
        let require_group = |sent| require_parent(conn, "group_id", group::MODEL, sent, group::exists);
        let group = new.group_id.map(require_group).transpose()?;
        Ok(Self { location, group })
    }
}

/// What things of any type have around them.
fn add_surroundings(
    conn: &mut Connection,
    id: i32,
    new: &CreateThing,
    parents: &Parents,
    actor: &Actor,
) -> QueryResult<()> {
    if let Some(location) = parents.location {
        let row = (
            place::location_id.eq(location),
            place::thing_id.eq(id),
            place::effective_start.eq(new.first_visit_date.map_or_else(UtcDateTime::now, UtcDateTime::midnight)),
            place::created_by_id.eq(&actor.id),
            place::created_by_name.eq(&actor.name),
        );
        diesel::insert_into(place::table).values(row).execute(conn)?;
    }
    if let Some(group) = parents.group {
        group_member::add(conn, group, id, actor)?;
    }
    note::add(conn, TABLE, id, &new.notes, actor)?;
    for link in &new.alternate_ids {
        id_link::add(conn, id, &link.relation, &link.alternate_id, &link.alternate_organization, actor)?;
    }
    for sent in &new.monitoring_frequencies {
        let row = CreateMonitoringFrequencyHistory {
            monitoring_frequency: sent.monitoring_frequency.clone(),
            start_date: sent.start_date,
            end_date: sent.end_date,
            release_status: draft(),
        };
        frequency::add(conn, id, &row, actor)?;
    }
    Ok(())
}

/// The statuses hold from the first visit on, or from today.
fn add_statuses(conn: &mut Connection, id: i32, new: &CreateWell, actor: &Actor) -> QueryResult<()> {
    let datalogger = new
        .is_suitable_for_datalogger
        .map(|suitable| if suitable { "Datalogger can be installed" } else { "Datalogger cannot be installed" });
    let open = new.is_open.map(|open| if open { OPEN } else { CLOSED });
    let statuses = [
        (DATALOGGER_STATUS, datalogger),
        (OPEN_STATUS, open),
        (WELL_STATUS, new.well_status.as_deref()),
        (MONITORING_STATUS, new.monitoring_status.as_deref()),
    ];
    for (status_type, value) in statuses {
        let Some(value) = value else { continue };
        let row = CreateStatusHistory {
            status_type: status_type.to_owned(),
            status_value: value.to_owned(),
            start_date: new.thing.first_visit_date.unwrap_or_else(|| Utc::now().date_naive()),
            end_date: None,
            reason: None,
            release_status: draft(),
        };
        status::add(conn, id, &row, actor)?;
    }
    Ok(())
}

/// Where the depth, the completion date and the construction method are known from. The method's source is read back as a
/// citation, the others as a type of origin, so the method's is kept as both.
fn add_sources(conn: &mut Connection, id: i32, new: &CreateWell, actor: &Actor) -> QueryResult<()> {
    let method_source = new.well_construction_method_source.as_deref();
    let sources = [
        ("well_depth", new.well_depth_source.as_deref(), None),
        ("well_completion_date", new.well_completion_date_source.as_deref(), None),
        ("well_construction_method", method_source, method_source),
    ];
    for (field, origin_type, origin_source) in sources {
        if origin_type.is_none() {
            continue;
        }
        let row = NewProvenance {
            target_table: TABLE,
            target_id: id,
            field_name: Some(field),
            origin_type,
            origin_source,
            release_status: Some(DRAFT),
            created_by_id: actor.id.as_deref(),
            created_by_name: actor.name.as_deref(),
            ..NewProvenance::default()
        };
        provenance::add(conn, &row)?;
    }
    Ok(())
}
