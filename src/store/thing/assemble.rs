//! From rows and children to the shapes that clients see. Everything is moved: a page exists once in memory.

use std::collections::HashMap;
use std::mem::take;
use std::sync::Arc;

use diesel::prelude::*;

use crate::db::Connection;
use crate::domain::group::Group;
use crate::domain::note::Note;
use crate::domain::thing::{
    Feet, Inches, LocationGeoJson, Permission, SITE_NAME_ORGANIZATION, Spring, Thing, ThingBase, ThingIdLink,
    WATER_WELL, Well, WellContactSummary, WellFields,
};
use crate::store::location::TABLE as PLACE;
use crate::store::provenance::{self, Provenance};
use crate::store::{StoreError, note};

use super::children::{self, ByThing};
use super::rows::ThingRow;
use super::small::{self, Small};
use super::{CLOSED, OPEN, TABLE};

/// Rows as wells, in their order.
pub(super) fn wells(conn: &mut Connection, rows: Vec<ThingRow>) -> Result<Vec<Well>, StoreError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids = ids(&rows);
    let mut children = Children::load(conn, &ids)?;
    Ok(rows
        .into_iter()
        .map(|mut row| {
            let mut rest = Rest::default();
            Well { base: children.base(&mut row, &mut rest), well: children.fields(row, rest) }
        })
        .collect())
}

/// Rows as springs, in their order.
pub(super) fn springs(conn: &mut Connection, rows: Vec<ThingRow>) -> Result<Vec<Spring>, StoreError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut children = Children::load(conn, &ids(&rows))?;
    Ok(rows
        .into_iter()
        .map(|mut row| Spring { base: children.base(&mut row, &mut Rest::default()), spring_type: row.spring_type })
        .collect())
}

/// Rows in the shape of all types, in their order.
pub(super) fn things(conn: &mut Connection, rows: Vec<ThingRow>) -> Result<Vec<Thing>, StoreError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids = ids(&rows);
    let mut children = Children::load(conn, &ids)?;
    Ok(rows
        .into_iter()
        .map(|mut row| {
            let mut rest = Rest::default();
            Thing {
                base: children.base(&mut row, &mut rest),
                spring_type: row.spring_type.take(),
                well: children.fields(row, rest),
            }
        })
        .collect())
}

fn ids(rows: &[ThingRow]) -> Vec<i32> {
    rows.iter().map(|row| row.id).collect()
}

/// Children of things.
struct Children {
    locations: ByThing<LocationGeoJson>,
    small: ByThing<Small>,
    groups: HashMap<i32, Arc<Group>>,
    links: ByThing<Vec<ThingIdLink>>,
    notes: ByThing<Vec<Note>>,
    provenance: ByThing<Vec<Provenance>>,
    contacts: ByThing<Vec<WellContactSummary>>,
}

/// What was read for all things but belongs to the fields of wells.
#[derive(Default)]
struct Rest {
    small: Small,
    water_notes: Vec<Note>,
    construction_notes: Vec<Note>,
    historical: Vec<String>,
    access: Vec<String>,
}

impl Children {
    /// Six queries, seven with groups.
    fn load(conn: &mut Connection, things: &[i32]) -> QueryResult<Self> {
        let places = children::places(conn, things)?;
        let place_ids: Vec<i32> = places.values().map(|row| row.id).collect();
        let [notes, notes_of_places] = note::of_each(conn, [(TABLE, things), (PLACE, &place_ids)])?;
        let [provenance, provenance_of_places] = provenance::of_each(conn, [(TABLE, things), (PLACE, &place_ids)])?;
        let small = small::of(conn, things)?;
        Ok(Self {
            locations: children::locations(places, &notes_of_places, &provenance_of_places),
            groups: children::groups(conn, small.values().flat_map(|small| &small.groups))?,
            small,
            links: children::links(conn, things)?,
            notes,
            provenance,
            contacts: children::contacts(conn, things)?,
        })
    }

    /// What the thing has in common with all others; `rest` takes what only wells show.
    fn base(&mut self, row: &mut ThingRow, rest: &mut Rest) -> ThingBase {
        let id = row.id;
        rest.small = self.small.remove(&id).unwrap_or_default();
        let groups = rest.small.groups.iter().filter_map(|key| self.groups.get(key).map(Arc::clone)).collect();
        let alternate_ids = self.links.remove(&id).unwrap_or_default();
        let site_name = alternate_ids
            .iter()
            .find(|link| link.alternate_organization == SITE_NAME_ORGANIZATION)
            .map(|link| link.alternate_id.clone());
        let mut base = ThingBase {
            id,
            created_at: row.created_at,
            release_status: row.release_status.take(),
            name: take(&mut row.name),
            site_name,
            // Wells have a field that only wells fill: the type is looked at again.
            thing_type: row.thing_type.clone(),
            current_location: self.locations.remove(&id),
            first_visit_date: row.first_visit_date,
            groups,
            monitoring_status: rest.small.statuses.monitoring.take(),
            alternate_ids,
            monitoring_frequencies: take(&mut rest.small.frequencies),
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
        let small = rest.small;
        let point = Some(small.measuring_point).filter(|_| row.thing_type == WATER_WELL);
        let (measuring_point_height, measuring_point_description) = point.unwrap_or_default();
        WellFields {
            well_purposes: small.purposes,
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
            well_casing_materials: small.materials,
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
            well_status: small.statuses.well,
            open_status: match small.statuses.open.as_deref() {
                Some(OPEN) => Some(true),
                Some(CLOSED) => Some(false),
                _ => None,
            },
            datalogger_suitability_status: small.statuses.datalogger,
            measuring_point_height,
            measuring_point_height_unit: Feet::Feet,
            measuring_point_description,
            aquifers: small.aquifers,
            water_notes: rest.water_notes,
            construction_notes: rest.construction_notes,
            contacts: self.contacts.remove(&id).unwrap_or_default(),
            permissions: small.permissions.unwrap_or_else(Permission::unknown),
            formation_completion_code: row.formation_completion_code,
            nma_formation_zone: row.nma_formation_zone,
            well_location_note: rest.access,
        }
    }
}
