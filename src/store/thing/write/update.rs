//! Changing a thing. A missing row, or one of another type than the path says, comes before anything wrong with the
//! body.

use chrono::NaiveDate;
use diesel::result::OptionalEmptyChangesetExtension as _;

use crate::db::prelude::*;
use crate::db::schema::{notes, thing};
use crate::db::{AlsoRun, InsertRows, WriteSession};
use crate::domain::draft;
use crate::domain::note::CreateNote;
use crate::domain::principal::Principal;
use crate::domain::request::form::{FromForm, Parsed, Patch};
use crate::domain::thing::write::{UpdateSpring, UpdateThing, UpdateWell};
use crate::domain::thing::{SPRING, Spring, WATER_WELL, Well};
use crate::store::note::NewNote;
use crate::store::query::check::check_change;
use crate::store::thing::history::{measuring_point, require_thing};
use crate::store::thing::write::terms;
use crate::store::thing::{TABLE, expect_kind, get_spring, get_well, there};
use crate::store::{StoreError, note};

const CONSTRUCTION: &str = "Construction";

#[derive(AsChangeset, Default)]
#[diesel(table_name = thing)]
struct ThingChange {
    release_status: Option<Option<String>>,
    release_at: Option<Option<NaiveDate>>,
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
    fn of(patch: UpdateThing, by: &Principal) -> Self {
        Self {
            release_status: patch.release_status.into_change(),
            release_at: patch.release_at.into_change(),
            name: patch.name,
            first_visit_date: patch.first_visit_date.into_change(),
            updated_by_id: by.id.clone(),
            updated_by_name: by.name.clone(),
            ..Self::default()
        }
    }

    fn write(self, session: &mut WriteSession<'_>, id: i32) -> QueryResult<()> {
        diesel::update(thing::table.find(id)).set(self).execute(session).optional_empty_changeset().map(drop)
    }
}

/// Locks a thing of the type that the path says, and checks the form of its change. The type never changes, so it can
/// be looked at before the lock.
fn check<T: FromForm>(session: &mut WriteSession<'_>, id: i32, wanted: &str, form: Parsed<T>) -> Result<T, StoreError> {
    let sight = session.sight();
    let kind = require_thing(id, session.read(there(sight, id))?)?;
    expect_kind(id, wanted, &kind)?;
    check_change(session, (TABLE, id), form, |_| Vec::new())
}

/// Changes what was sent of a water well.
pub fn update_well(session: &mut WriteSession<'_>, id: i32, form: Parsed<UpdateWell>) -> Result<Well, StoreError> {
    let patch = check(session, id, WATER_WELL, form)?;
    let by = session.principal();
    let purposes = terms::purposes(by, id, patch.well_purposes);
    let materials = terms::materials(by, id, patch.well_casing_materials);
    let (old_notes, notes) = replace_construction_notes(by, id, patch.well_construction_notes);
    let (open_points, points) = measuring_point::set_height(session, id, patch.measuring_point_height)?;
    let change = ThingChange {
        well_depth: patch.well_depth.into_change(),
        hole_depth: patch.hole_depth.into_change(),
        well_casing_diameter: patch.well_casing_diameter.into_change(),
        well_casing_depth: patch.well_casing_depth.into_change(),
        well_pump_depth: patch.well_pump_depth.into_change(),
        nma_formation_zone: patch.nma_formation_zone.into_change(),
        ..ThingChange::of(patch.thing, by)
    };
    change.write(session, id)?;
    session.insert(&[
        &terms::replace_purposes(id, &purposes),
        &purposes,
        &terms::replace_materials(id, &materials),
        &materials,
        &old_notes,
        &notes,
        &open_points,
        &points,
    ])?;
    get_well(session, id)
}

/// Changes what was sent of a spring.
pub fn update_spring(
    session: &mut WriteSession<'_>,
    id: i32,
    form: Parsed<UpdateSpring>,
) -> Result<Spring, StoreError> {
    let patch = check(session, id, SPRING, form)?;
    let by = session.principal();
    let change = ThingChange { spring_type: patch.spring_type.into_change(), ..ThingChange::of(patch.thing, by) };
    change.write(session, id)?;
    get_spring(session, id)
}

/// The removal of the old construction notes, and the new one.
fn replace_construction_notes(by: &Principal, id: i32, sent: Patch<String>) -> (impl InsertRows + use<>, Vec<NewNote>) {
    let old = notes::table
        .filter(notes::target_table.eq(TABLE.name))
        .filter(notes::target_id.eq(id))
        .filter(notes::note_type.eq(CONSTRUCTION));
    let removal = AlsoRun(sent.is_sent().then(|| diesel::delete(old)));
    let new = sent.value().filter(|content| !content.trim().is_empty()).map(|content| CreateNote {
        note_type: CONSTRUCTION.to_owned(),
        content,
        release_status: draft(),
        release_at: None,
    });
    (removal, note::new_rows(by, TABLE.name, id, new.as_slice()))
}
