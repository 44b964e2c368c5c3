//! From rows and children to the shapes that clients see. All of it is one read; everything is moved, so that a page
//! exists once in memory.

use std::collections::HashMap;
use std::mem::take;
use std::sync::Arc;

use crate::db::prelude::*;
use crate::db::schema::thing;
use crate::db::{Ids, Read, among, columns, rows};
use crate::domain::group::Group;
use crate::domain::note::Note;
use crate::domain::principal::Sight;
use crate::domain::thing::{
    Feet, Inches, LocationGeoJson, Permission, SITE_NAME_ORGANIZATION, Spring, Thing, ThingBase, ThingIdLink,
    WATER_WELL, Well, WellContactSummary, WellFields,
};
use crate::store::provenance::Provenance;
use crate::store::query::visibility::{THING, visible};
use crate::store::thing::children::ByThing;
use crate::store::thing::facts::Facts;
use crate::store::thing::rows::ThingRow;
use crate::store::thing::{CLOSED, OPEN, TABLE, children, facts};
use crate::store::{note, provenance};

/// Things as wells, by id. Ids without a row are left out.
pub fn wells(sight: Sight, ids: impl Ids) -> impl Read<Output = Vec<Well>> {
    assembled(sight, ids, true, |mut row, children| {
        let mut rest = Rest::default();
        Well { base: children.base(&mut row, &mut rest), well: children.fields(row, rest) }
    })
}

/// Things as springs, by id. Ids without a row are left out.
pub fn springs(sight: Sight, ids: impl Ids) -> impl Read<Output = Vec<Spring>> {
    assembled(sight, ids, false, |mut row, children| Spring {
        base: children.base(&mut row, &mut Rest::default()),
        spring_type: row.spring_type,
    })
}

/// Things in the shape of all types, by id. Ids without a row are left out.
pub fn things(sight: Sight, ids: impl Ids) -> impl Read<Output = Vec<Thing>> {
    assembled(sight, ids, true, |mut row, children| {
        let mut rest = Rest::default();
        Thing {
            base: children.base(&mut row, &mut rest),
            spring_type: row.spring_type.take(),
            well: children.fields(row, rest),
        }
    })
}

fn assembled<T>(
    sight: Sight,
    ids: impl Ids,
    as_wells: bool,
    assemble: fn(ThingRow, &mut Children) -> T,
) -> impl Read<Output = Vec<T>> {
    let things = thing::table.filter(among(thing::id, ids.clone())).filter(visible(sight, &THING)).order(thing::id);
    let things = rows::<ThingRow, _>(things.select(columns::<ThingRow>()));
    (things, Children::read(sight, ids, as_wells))
        .giving(move |(rows, mut children)| rows.into_iter().map(|row| assemble(row, &mut children)).collect())
}

/// Children of things.
struct Children {
    locations: ByThing<LocationGeoJson>,
    facts: ByThing<Facts>,
    groups: HashMap<i32, Arc<Group>>,
    links: ByThing<Vec<ThingIdLink>>,
    notes: ByThing<Vec<Note>>,
    provenance: ByThing<Vec<Provenance>>,
    contacts: ByThing<Vec<WellContactSummary>>,
}

/// What was read for all things but belongs to the fields of wells.
#[derive(Default)]
struct Rest {
    facts: Facts,
    water_notes: Vec<Note>,
    construction_notes: Vec<Note>,
    historical: Vec<String>,
    access: Vec<String>,
}

impl Children {
    /// `as_wells` asks for what only wells show, too.
    fn read(sight: Sight, things: impl Ids, as_wells: bool) -> impl Read<Output = Self> {
        let locations = children::current_locations(sight, things.clone());
        let of_wells = as_wells
            .then(|| (provenance::of(sight, TABLE.name, things.clone()), children::contacts(sight, things.clone())));
        let of_things = (
            facts::read(sight, things.clone()),
            children::groups(sight, things.clone()),
            children::links(sight, things.clone()),
            note::of(sight, TABLE.name, things),
        );
        (locations, of_wells, of_things).giving(|(locations, of_wells, of_things)| {
            let (provenance, contacts) = of_wells.unwrap_or_default();
            let (facts, groups, links, notes) = of_things;
            Self { locations, facts, groups, links, notes, provenance, contacts }
        })
    }

    /// What the thing has in common with all others; `rest` takes what only wells show.
    fn base(&mut self, row: &mut ThingRow, rest: &mut Rest) -> ThingBase {
        let id = row.id;
        rest.facts = self.facts.remove(&id).unwrap_or_default();
        let groups = rest.facts.groups.iter().filter_map(|key| self.groups.get(key).map(Arc::clone)).collect();
        let alternate_ids = self.links.remove(&id).unwrap_or_default();
        let site_name = alternate_ids
            .iter()
            .find(|link| link.alternate_organization == SITE_NAME_ORGANIZATION)
            .map(|link| link.alternate_id.clone());
        let mut base = ThingBase {
            id,
            created_at: row.created_at,
            release_status: row.release_status.take(),
            release_at: row.release_at,
            name: take(&mut row.name),
            site_name,
            // Wells have a field that only wells fill: the type is looked at again.
            thing_type: row.thing_type.clone(),
            current_location: self.locations.remove(&id),
            first_visit_date: row.first_visit_date,
            groups,
            monitoring_status: rest.facts.statuses.monitoring.take(),
            alternate_ids,
            monitoring_frequencies: take(&mut rest.facts.frequencies),
            general_notes: Vec::new(),
            sampling_procedure_notes: Vec::new(),
            site_notes: Vec::new(),
        };
        for note in self.notes.remove(&id).unwrap_or_default() {
            match note.note_type.as_str() {
                "General" => base.general_notes.push(note),
                "Sampling Procedure" => base.sampling_procedure_notes.push(note),
                "Site Notes (legacy)" => base.site_notes.push(note),
                "Water" => rest.water_notes.push(note),
                "Construction" => rest.construction_notes.push(note),
                "Historical" => rest.historical.push(note.content),
                "Access" => rest.access.push(note.content),
                _ => {}
            }
        }
        base
    }

    /// What only wells show.
    fn fields(&mut self, row: ThingRow, rest: Rest) -> WellFields {
        let id = row.id;
        let provenance = self.provenance.remove(&id);
        let about = |field| provenance::about(provenance.as_ref(), field);
        let origin_type = |field| about(field).and_then(|record| record.origin_type.clone());
        let facts = rest.facts;
        let point = Some(facts.measuring_point).filter(|_| row.thing_type == WATER_WELL);
        let (measuring_point_height, measuring_point_description) = point.unwrap_or_default();
        WellFields {
            well_purposes: facts.purposes,
            well_depth: row.well_depth,
            well_depth_unit: Feet::Feet,
            well_depth_source: origin_type("well_depth"),
            historic_depth_to_water: rest.historical,
            hole_depth: row.hole_depth,
            hole_depth_unit: Feet::Feet,
            well_casing_diameter: row.well_casing_diameter,
            well_casing_diameter_unit: Inches::Inches,
            well_casing_depth: row.well_casing_depth,
            well_casing_depth_unit: Feet::Feet,
            well_casing_materials: facts.materials,
            well_completion_date: row.well_completion_date,
            well_completion_date_source: origin_type("well_completion_date"),
            well_driller_name: row.well_driller_name,
            well_construction_method: row.well_construction_method,
            // The one field whose source is the citation, not its kind.
            well_construction_method_source: about("well_construction_method")
                .and_then(|record| record.origin_source.clone().or_else(|| record.origin_type.clone())),
            well_pump_type: row.well_pump_type,
            well_pump_depth: row.well_pump_depth,
            well_pump_depth_unit: Feet::Feet,
            well_status: facts.statuses.well,
            open_status: match facts.statuses.open.as_deref() {
                Some(OPEN) => Some(true),
                Some(CLOSED) => Some(false),
                _ => None,
            },
            datalogger_suitability_status: facts.statuses.datalogger,
            measuring_point_height,
            measuring_point_height_unit: Feet::Feet,
            measuring_point_description,
            aquifers: facts.aquifers,
            water_notes: rest.water_notes,
            construction_notes: rest.construction_notes,
            contacts: self.contacts.remove(&id).unwrap_or_default(),
            permissions: facts.permissions.unwrap_or_else(Permission::unknown),
            formation_completion_code: row.formation_completion_code,
            nma_formation_zone: row.nma_formation_zone,
            well_location_note: rest.access,
        }
    }
}
