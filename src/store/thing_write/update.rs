//! Changing a thing. A missing row, or one of another type than the path says, comes before anything wrong with the body.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::result::OptionalEmptyChangesetExtension;

use crate::db::Connection;
use crate::db::schema::{notes, thing};
use crate::domain::actor::Actor;
use crate::domain::draft;
use crate::domain::form::{Parsed, Patch};
use crate::domain::note::CreateNote;
use crate::domain::thing::{SPRING, Spring, WATER_WELL, Well};
use crate::domain::update_thing::{UpdateSpring, UpdateThing, UpdateWell};
use crate::store::thing::{TABLE, get_spring, get_well, require_kind};
use crate::store::thing_history::measuring_point;
use crate::store::{StoreError, note, vocabulary};

use super::terms;

const CONSTRUCTION: &str = "Construction";

#[derive(AsChangeset, Default)]
#[diesel(table_name = thing)]
struct ThingChange {
    release_status: Option<Option<String>>,
    name: Option<String>,
    first_visit_date: Option<Option<NaiveDate>>,
    well_depth: Option<Option<f64>>,
    hole_depth: Option<Option<f64>>,
    well_casing_diameter: Option<Option<f64>>,
    well_casing_depth: Option<Option<f64>>,
    well_pump_depth: Option<Option<f64>>,
    nma_formation_zone: Option<Option<String>>,
    spring_type: Option<Option<String>>,
    updated_by_id: Option<String>,
    updated_by_name: Option<String>,
}

impl ThingChange {
    fn new(patch: UpdateThing, actor: &Actor) -> Self {
        Self {
            release_status: patch.release_status.into_change(),
            name: patch.name,
            first_visit_date: patch.first_visit_date.into_change(),
            updated_by_id: actor.id.clone(),
            updated_by_name: actor.name.clone(),
            ..Self::default()
        }
    }

    fn write(self, conn: &mut Connection, id: i32) -> QueryResult<()> {
        diesel::update(thing::table.find(id)).set(self).execute(conn).optional_empty_changeset().map(drop)
    }
}

/// Changes what was sent of a water well.
pub fn update_well(
    conn: &mut Connection,
    id: i32,
    body: Parsed<UpdateWell>,
    actor: &Actor,
) -> Result<Well, StoreError> {
    require_kind(conn, id, WATER_WELL)?;
    let patch = vocabulary::settle(conn, body)?;
    let change = ThingChange {
        well_depth: patch.well_depth.into_change(),
        hole_depth: patch.hole_depth.into_change(),
        well_casing_diameter: patch.well_casing_diameter.into_change(),
        well_casing_depth: patch.well_casing_depth.into_change(),
        well_pump_depth: patch.well_pump_depth.into_change(),
        nma_formation_zone: patch.nma_formation_zone.into_change(),
        ..ThingChange::new(patch.thing, actor)
    };
    change.write(conn, id)?;
    terms::replace_purposes(conn, id, &patch.well_purposes, actor)?;
    terms::replace_materials(conn, id, &patch.well_casing_materials, actor)?;
    replace_construction_notes(conn, id, patch.well_construction_notes, actor)?;
    measuring_point::set_height(conn, id, patch.measuring_point_height, actor)?;
    get_well(conn, id)
}

/// Changes what was sent of a spring.
pub fn update_spring(
    conn: &mut Connection,
    id: i32,
    body: Parsed<UpdateSpring>,
    actor: &Actor,
) -> Result<Spring, StoreError> {
    require_kind(conn, id, SPRING)?;
    let patch = vocabulary::settle(conn, body)?;
    let change = ThingChange { spring_type: patch.spring_type.into_change(), ..ThingChange::new(patch.thing, actor) };
    change.write(conn, id)?;
    get_spring(conn, id)
}

fn replace_construction_notes(conn: &mut Connection, id: i32, sent: Patch<String>, actor: &Actor) -> QueryResult<()> {
    if !sent.is_sent() {
        return Ok(());
    }
    let old = notes::table
        .filter(notes::target_table.eq(TABLE))
        .filter(notes::target_id.eq(id))
        .filter(notes::note_type.eq(CONSTRUCTION));
    diesel::delete(old).execute(conn)?;
    match sent.value().filter(|content| !content.trim().is_empty()) {
        Some(content) => {
            let new = CreateNote { note_type: CONSTRUCTION.to_owned(), content, release_status: draft() };
            note::add(conn, TABLE, id, &[new], actor)
        }
        None => Ok(()),
    }
}
