//! What hangs on things and is more than a value or two: each kind of child is read once for all things of a page and grouped
//! by thing. The rest is in [`super::small`].

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use diesel::prelude::*;

use crate::db::schema::{
    contact, group, location, location_thing_association as place, thing_contact_association as contact_link,
    thing_id_link as link,
};
use crate::db::{Connection, one_of};
use crate::domain::group::Group;
use crate::domain::location::VERTICAL_DATUM;
use crate::domain::note::Note;
use crate::domain::thing::{
    Feet, LocationGeoJson, LocationProperties, PointGeometry, ThingIdLink, UtmCoordinates, WellContactSummary, feet,
};
use crate::domain::time::UtcDateTime;
use crate::store::group::GroupRow;
use crate::store::provenance::{self, Provenance};

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

/// Where things are now: of a thing's places the one that it came to last, unless it has left that one too.
pub(super) fn places(conn: &mut Connection, things: &[i32]) -> QueryResult<ByThing<PlaceRow>> {
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
    Ok(last.into_iter().filter_map(|(thing, row)| Some((thing, row?))).collect())
}

/// Places as features, with their own notes and provenance.
pub(super) fn locations(
    places: ByThing<PlaceRow>,
    notes: &HashMap<i32, Vec<Note>>,
    provenance: &HashMap<i32, Vec<Provenance>>,
) -> ByThing<LocationGeoJson> {
    let as_feature = |row: PlaceRow| {
        let method =
            provenance::about(provenance.get(&row.id), "elevation").and_then(|record| record.collection_method.clone());
        // Copied, because several things may be at one place.
        let notes = notes.get(&row.id).cloned().unwrap_or_default();
        feature(row, method, notes)
    };
    places.into_iter().map(|(thing, row)| (thing, as_feature(row))).collect()
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

/// Groups by key. A query of its own, so that the area of a group is read once and not once for each member; none without
/// groups.
pub(super) fn groups<'a>(
    conn: &mut Connection,
    keys: impl Iterator<Item = &'a i32>,
) -> QueryResult<HashMap<i32, Arc<Group>>> {
    let ids: Vec<i32> = keys.copied().collect::<BTreeSet<i32>>().into_iter().collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<GroupRow> = group::table.filter(one_of(group::id, &ids)).select(GroupRow::as_select()).load(conn)?;
    Ok(rows.into_iter().map(|row| row.with_wells(0)).map(|group| (group.id, Arc::new(group))).collect())
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
