//! What hangs on things: each kind of child is read once for all things of a page and grouped by thing.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::db::schema::{
    aquifer_system, aquifer_type, contact, group, group_thing_association as member, location,
    location_thing_association as place, measuring_point_history as point, monitoring_frequency_history as frequency,
    permission_history as permission, status_history as status, thing_aquifer_association as aquifer,
    thing_contact_association as contact_link, thing_id_link as link, well_casing_material as material, well_purpose,
};
use crate::db::{Connection, one_of};
use crate::domain::group::Group;
use crate::domain::location::VERTICAL_DATUM;
use crate::domain::note::Note;
use crate::domain::thing::{
    Aquifer, Feet, LocationGeoJson, LocationProperties, MonitoringFrequency, PERMISSION_TYPES, Permission,
    PointGeometry, ThingIdLink, UtmCoordinates, WellContactSummary, feet,
};
use crate::domain::time::UtcDateTime;
use crate::store::group::GroupRow;
use crate::store::{note, provenance};

use super::TABLE;
use super::rows::{ContactRow, LinkRow, PlaceRow};

/// Children by the id of their thing.
pub(super) type ByThing<T> = HashMap<i32, T>;

fn grouped<T>(rows: impl IntoIterator<Item = (i32, T)>) -> ByThing<Vec<T>> {
    let mut by_thing: ByThing<Vec<T>> = HashMap::new();
    for (thing, child) in rows {
        by_thing.entry(thing).or_default().push(child);
    }
    by_thing
}

/// Where things are now: of a thing's places the one that it came to last, unless it has left that one too. Three queries.
pub(super) fn locations(conn: &mut Connection, things: &[i32]) -> QueryResult<ByThing<LocationGeoJson>> {
    let rows: Vec<(i32, Option<UtcDateTime>, PlaceRow)> = place::table
        .inner_join(location::table)
        .filter(one_of(place::thing_id, things))
        .order((place::effective_start, place::id))
        .select((place::thing_id, place::effective_end, PlaceRow::as_select()))
        .load(conn)?;
    let mut last = HashMap::with_capacity(things.len());
    for (thing, left, row) in rows {
        last.insert(thing, left.is_none().then_some(row));
    }
    let ids: Vec<i32> = last.values().flatten().map(|row| row.id).collect();
    let notes = note::of(conn, "location", &ids)?;
    let provenance = provenance::of(conn, "location", &ids)?;
    let current = last.into_iter().filter_map(|(thing, row)| Some((thing, row?)));
    Ok(current
        .map(|(thing, row)| {
            let method = provenance::about(provenance.get(&row.id), "elevation")
                .and_then(|record| record.collection_method.clone());
            // Copied, because several things may be at one place.
            let notes = notes.get(&row.id).cloned().unwrap_or_default();
            (thing, feature(row, method, notes))
        })
        .collect())
}

fn feature(row: PlaceRow, elevation_method: Option<String>, notes: Vec<Note>) -> LocationGeoJson {
    LocationGeoJson {
        kind: "Feature",
        release_status: row.release_status,
        geometry: PointGeometry { kind: "Point", coordinates: [row.longitude, row.latitude, row.elevation] },
        properties: LocationProperties {
            elevation: feet(row.elevation),
            elevation_unit: Feet::Feet,
            vertical_datum: VERTICAL_DATUM,
            elevation_method,
            county: row.county,
            state: row.state,
            quad_name: row.quad_name,
            utm_coordinates: UtmCoordinates::of(row.longitude, row.latitude),
            notes,
            nma_location_notes: row.nma_notes_location,
            nma_data_reliability: None,
            nma_date_created: row.nma_date_created,
            nma_site_date: row.nma_site_date,
        },
    }
}

/// The groups of things. Two queries, so that the area of a group is read once and not once for each member.
pub(super) fn groups(conn: &mut Connection, things: &[i32]) -> QueryResult<ByThing<Vec<Arc<Group>>>> {
    let members: Vec<(i32, i32)> = member::table
        .filter(one_of(member::thing_id, things))
        .order(member::group_id)
        .select((member::thing_id, member::group_id))
        .load(conn)?;
    if members.is_empty() {
        return Ok(ByThing::new());
    }
    let mut ids: Vec<i32> = members.iter().map(|(_, group)| *group).collect();
    ids.dedup();
    let rows: Vec<GroupRow> = group::table.filter(one_of(group::id, &ids)).select(GroupRow::as_select()).load(conn)?;
    let groups: HashMap<i32, Arc<Group>> =
        rows.into_iter().map(|row| row.with_wells(0)).map(|group| (group.id, Arc::new(group))).collect();
    Ok(grouped(members.into_iter().filter_map(|(thing, group)| Some((thing, Arc::clone(groups.get(&group)?))))))
}

/// What others call things, oldest first.
pub(super) fn links(conn: &mut Connection, things: &[i32]) -> QueryResult<ByThing<Vec<ThingIdLink>>> {
    let rows: Vec<(Option<i32>, LinkRow)> = link::table
        .filter(one_of(link::thing_id, things))
        .order(link::id)
        .select((link::thing_id, LinkRow::as_select()))
        .load(conn)?;
    Ok(grouped(rows.into_iter().filter_map(|(thing, row)| Some((thing?, row.of_thing(thing?))))))
}

/// How often things are measured now.
pub(super) fn frequencies(conn: &mut Connection, things: &[i32]) -> QueryResult<ByThing<Vec<MonitoringFrequency>>> {
    let rows: Vec<(i32, String, NaiveDate)> = frequency::table
        .filter(one_of(frequency::thing_id, things))
        .filter(frequency::end_date.is_null())
        .order(frequency::id)
        .select((frequency::thing_id, frequency::monitoring_frequency, frequency::start_date))
        .load(conn)?;
    Ok(grouped(rows.into_iter().map(|(thing, monitoring_frequency, start_date)| {
        (thing, MonitoringFrequency { monitoring_frequency, start_date, end_date: None })
    })))
}

/// The newest open status of each type.
#[derive(Default)]
pub(super) struct Statuses {
    pub monitoring: Option<String>,
    pub well: Option<String>,
    pub open: Option<String>,
    pub datalogger: Option<String>,
}

/// The statuses of things.
pub(super) fn statuses(conn: &mut Connection, things: &[i32]) -> QueryResult<ByThing<Statuses>> {
    let rows: Vec<(i32, String, String)> = status::table
        .filter(status::target_table.eq(TABLE))
        .filter(one_of(status::target_id, things))
        .filter(status::end_date.is_null())
        .order((status::start_date, status::id))
        .select((status::target_id, status::status_type, status::status_value))
        .load(conn)?;
    let mut by_thing: ByThing<Statuses> = HashMap::new();
    for (thing, kind, value) in rows {
        let statuses = by_thing.entry(thing).or_default();
        // Newer ones come later and take the place of older ones.
        match kind.as_str() {
            super::MONITORING_STATUS => statuses.monitoring = Some(value),
            super::WELL_STATUS => statuses.well = Some(value),
            super::OPEN_STATUS => statuses.open = Some(value),
            super::DATALOGGER_STATUS => statuses.datalogger = Some(value),
            _ => {}
        }
    }
    Ok(by_thing)
}

/// The newest measuring point with a height: feet above ground, and which point it is. Where no height was ever taken, the
/// newest description stands alone.
pub(super) fn measuring_points(
    conn: &mut Connection,
    things: &[i32],
) -> QueryResult<ByThing<(Option<f64>, Option<String>)>> {
    let rows: Vec<(i32, Option<f64>, Option<String>)> = point::table
        .filter(one_of(point::thing_id, things))
        .order((point::start_date, point::id))
        .select((point::thing_id, point::measuring_point_height, point::measuring_point_description))
        .load(conn)?;
    let mut by_thing: ByThing<(Option<f64>, Option<String>)> = HashMap::new();
    for (thing, height, description) in rows {
        let newest = by_thing.entry(thing).or_default();
        if height.is_some() || (newest.0.is_none() && description.is_some()) {
            *newest = (height, description);
        }
    }
    Ok(by_thing)
}

/// What wells are used for.
pub(super) fn purposes(conn: &mut Connection, things: &[i32]) -> QueryResult<ByThing<Vec<String>>> {
    let rows: Vec<(i32, String)> = well_purpose::table
        .filter(one_of(well_purpose::thing_id, things))
        .order(well_purpose::id)
        .select((well_purpose::thing_id, well_purpose::purpose))
        .load(conn)?;
    Ok(grouped(rows))
}

/// What the casings of wells are made of.
pub(super) fn materials(conn: &mut Connection, things: &[i32]) -> QueryResult<ByThing<Vec<String>>> {
    let rows: Vec<(i32, String)> = material::table
        .filter(one_of(material::thing_id, things))
        .order(material::id)
        .select((material::thing_id, material::material))
        .load(conn)?;
    Ok(grouped(rows))
}

/// The aquifers that wells draw from, with their types.
pub(super) fn aquifers(conn: &mut Connection, things: &[i32]) -> QueryResult<ByThing<Vec<Aquifer>>> {
    let rows: Vec<(i32, i32, String, Option<String>)> = aquifer::table
        .inner_join(aquifer_system::table)
        .left_join(aquifer_type::table)
        .filter(one_of(aquifer::thing_id, things))
        .order((aquifer::id, aquifer_type::id))
        .select((aquifer::thing_id, aquifer::id, aquifer_system::name, aquifer_type::aquifer_type_.nullable()))
        .load(conn)?;
    let mut by_thing: ByThing<Vec<Aquifer>> = HashMap::new();
    let mut before = None;
    for (thing, association, aquifer_system, kind) in rows {
        let aquifers = by_thing.entry(thing).or_default();
        if before != Some(association) {
            aquifers.push(Aquifer { aquifer_system, aquifer_types: Vec::new() });
        }
        before = Some(association);
        if let (Some(aquifer), Some(kind)) = (aquifers.last_mut(), kind) {
            aquifer.aquifer_types.push(kind);
        }
    }
    Ok(by_thing)
}

/// The contacts of wells, by id, each once.
pub(super) fn contacts(conn: &mut Connection, things: &[i32]) -> QueryResult<ByThing<Vec<WellContactSummary>>> {
    let rows: Vec<(i32, ContactRow)> = contact_link::table
        .inner_join(contact::table)
        .filter(one_of(contact_link::thing_id, things))
        .order((contact::id, contact_link::id))
        .select((contact_link::thing_id, ContactRow::as_select()))
        .load(conn)?;
    let mut by_thing = grouped(rows.into_iter().map(|(thing, row)| (thing, WellContactSummary::from(row))));
    for contacts in by_thing.values_mut() {
        contacts.dedup_by_key(|contact| contact.id);
    }
    Ok(by_thing)
}

/// What the owners of wells allow: the newest open consent of each kind.
pub(super) fn permissions(conn: &mut Connection, things: &[i32]) -> QueryResult<ByThing<[Permission; 3]>> {
    let rows: Vec<(i32, String, bool, NaiveDate)> = permission::table
        .filter(permission::target_table.eq(TABLE))
        .filter(one_of(permission::target_id, things))
        .filter(permission::end_date.is_null())
        .order((permission::start_date, permission::id))
        .select((
            permission::target_id,
            permission::permission_type,
            permission::permission_allowed,
            permission::start_date,
        ))
        .load(conn)?;
    let mut by_thing: ByThing<[Permission; 3]> = HashMap::new();
    for (thing, kind, allowed, start_date) in rows {
        let Some(permission_type) = PERMISSION_TYPES.into_iter().find(|known| *known == kind) else { continue };
        let newest = Permission {
            permission_type,
            permission_allowed: Some(allowed),
            start_date: Some(start_date),
            end_date: None,
        };
        for known in by_thing.entry(thing).or_insert_with(Permission::unknown) {
            if known.permission_type == permission_type {
                *known = newest;
            }
        }
    }
    Ok(by_thing)
}
