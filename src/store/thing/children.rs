//! Rows that belong to things and have more than a value or two, by thing. The rest is in [`crate::store::thing::facts`].

use std::collections::HashMap;
use std::sync::Arc;

use crate::db::prelude::*;

use crate::db::schema::{
    contact, group_thing_association as member, location, location_thing_association as place,
    thing_contact_association as contact_link, thing_id_link as link,
};
use crate::db::{Ids, Read, among, columns, rows, selected, sharing};
use crate::domain::group::Group;
use crate::domain::location::vertical_datum;
use crate::domain::note::Note;
use crate::domain::principal::Sight;
use crate::domain::thing::{
    Feet, LocationGeoJson, LocationProperties, PointGeometry, ThingIdLink, UtmCoordinates, WellContactSummary, feet,
};
use crate::store::provenance::{self, Provenance};
use crate::store::query::find::by_parent;
use crate::store::query::visibility::{
    CONTACT, GROUP_MEMBER, ID_LINK, LOCATION, THING_CONTACT, current_place, visible,
};
use crate::store::thing::rows::{ContactRow, LinkRow, PlaceRow};
use crate::store::{group, location as location_store, note};

/// Children by the id of their thing.
pub(in crate::store) type ByThing<T> = HashMap<i32, T>;

/// Where things are now.
fn places(sight: Sight, things: impl Ids) -> impl Read<Output = Vec<PlaceRow>> {
    let places =
        place::table.inner_join(location::table).filter(among(place::thing_id, things)).filter(current_place(sight));
    rows::<PlaceRow, _>(places.select(columns::<PlaceRow>()))
}

/// Where things are now, as features, with the locations' own notes and provenance.
pub(in crate::store) fn current_locations(
    sight: Sight,
    things: impl Ids,
) -> impl Read<Output = ByThing<LocationGeoJson>> {
    let here = place::table.filter(among(place::thing_id, things.clone())).filter(current_place(sight));
    let of_places = sharing("current_places", here.select(place::location_id), |ids| {
        (
            note::of(sight, location_store::TABLE.name, ids.clone()),
            provenance::of(sight, location_store::TABLE.name, ids),
        )
    });
    (places(sight, things), of_places)
        .giving(move |(places, (notes, provenance))| locations(sight, places, &notes, &provenance))
}

/// Places as features, with their own notes and provenance.
fn locations(
    sight: Sight,
    places: Vec<PlaceRow>,
    notes: &HashMap<i32, Vec<Note>>,
    provenance: &HashMap<i32, Vec<Provenance>>,
) -> ByThing<LocationGeoJson> {
    let as_feature = |row: PlaceRow| {
        let method =
            provenance::about(provenance.get(&row.id), "elevation").and_then(|record| record.collection_method.clone());
        // Copied, because several things may be at one place.
        let notes = notes.get(&row.id).cloned().unwrap_or_default();
        feature(sight, row, method, notes)
    };
    places.into_iter().map(|row| (row.thing_id, as_feature(row))).collect()
}

fn feature(sight: Sight, row: PlaceRow, elevation_method: Option<String>, notes: Vec<Note>) -> LocationGeoJson {
    let (longitude, latitude) = (sight.degrees(row.longitude), sight.degrees(row.latitude));
    LocationGeoJson {
        kind: "Feature",
        release_status: row.release_status,
        release_at: row.release_at,
        geometry: PointGeometry { kind: "Point", coordinates: [longitude, latitude, row.elevation] },
        properties: LocationProperties {
            elevation: feet(row.elevation),
            elevation_unit: Feet::Feet,
            vertical_datum: vertical_datum(row.vertical_datum),
            elevation_method,
            county: row.county,
            state: row.state,
            quad_name: row.quad_name,
            utm_coordinates: UtmCoordinates::of(longitude, latitude),
            notes,
            nma_location_notes: row.nma_notes_location.filter(|_| !LOCATION.hides(sight, "nma_notes_location")),
            nma_data_reliability: None,
            nma_date_created: row.nma_date_created,
            nma_site_date: row.nma_site_date,
        },
    }
}

/// The groups of things, by their own id: the area of a group is read once and not once for each member.
pub(in crate::store) fn groups(sight: Sight, things: impl Ids) -> impl Read<Output = HashMap<i32, Arc<Group>>> {
    let members = member::table.filter(among(member::thing_id, things)).filter(visible(sight, &GROUP_MEMBER));
    group::embedded(sight, selected(members.select(member::group_id)))
}

/// What others call things, oldest first.
pub(in crate::store) fn links(sight: Sight, things: impl Ids) -> impl Read<Output = ByThing<Vec<ThingIdLink>>> {
    let links = link::table.filter(among(link::thing_id, things)).filter(visible(sight, &ID_LINK)).order(link::id);
    rows::<LinkRow, _>(links.select(columns::<LinkRow>()))
        .giving(|rows| by_parent(rows, |row| row.thing_id, ThingIdLink::from))
}

/// The contacts of wells, by id, each once.
pub(in crate::store) fn contacts(
    sight: Sight,
    things: impl Ids,
) -> impl Read<Output = ByThing<Vec<WellContactSummary>>> {
    let contacts = contact_link::table
        .inner_join(contact::table)
        .filter(among(contact_link::thing_id, things))
        .filter(visible(sight, &THING_CONTACT))
        .filter(visible(sight, &CONTACT))
        .order((contact::id, contact_link::id));
    rows::<ContactRow, _>(contacts.select(columns::<ContactRow>())).giving(|rows| {
        let mut by_thing = by_parent(rows, |row| row.thing_id, WellContactSummary::from);
        for contacts in by_thing.values_mut() {
            contacts.dedup_by_key(|contact| contact.id);
        }
        by_thing
    })
}
