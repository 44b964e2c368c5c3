//! Sites: a thing with its place, what another organization calls it, and where the numbers come from.

use std::collections::HashSet;

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::bulk_insert;
use crate::db::schema::{data_provenance, location, location_thing_association, thing, thing_id_link};
use crate::db::{Connection, one_of_texts, reserve_ids};
use crate::store::{StoreError, location as place, thing as things};

use super::PUBLIC;

/// How the link says that two names mean one site.
const SAME_AS: &str = "same_as";

/// The type of origin of what is taken over from elsewhere.
const OTHER_AGENCY: &str = "Reported by another agency";

/// A site to be stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Site {
    /// The organization's name for it: the natural key.
    pub id: String,
    /// Not unique.
    pub name: String,
    /// Term of `thing_type`.
    pub thing_type: &'static str,
    /// Degrees.
    pub longitude: f64,
    /// Degrees.
    pub latitude: f64,
    /// Metres.
    pub elevation: f64,
    /// Where the elevation comes from.
    pub elevation_source: Source,
    /// Where the coordinates come from.
    pub coordinate_source: Source,
    /// Where it lies.
    pub county: Option<String>,
    /// Where it lies.
    pub state: Option<String>,
    /// Feet below ground.
    pub well_depth: Option<f64>,
    /// Feet below ground.
    pub hole_depth: Option<f64>,
    /// When it was finished.
    pub completion_date: Option<NaiveDate>,
    /// Said of a completion date that is known only in part.
    pub completion_citation: Option<String>,
}

/// Where a number comes from and how exact it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Source {
    /// In words.
    pub citation: String,
    /// Term of `collection_method`, where one fits.
    pub method: Option<&'static str>,
    /// Metres.
    pub accuracy: Option<f64>,
}

/// What an organization's sites are called, with their things.
pub fn known(conn: &mut Connection, organization: &str) -> QueryResult<Vec<(String, i32)>> {
    let rows: Vec<(String, Option<i32>)> = thing_id_link::table
        .filter(thing_id_link::alternate_organization.eq(organization))
        .filter(thing_id_link::relation.eq(SAME_AS))
        .filter(thing_id_link::thing_id.is_not_null())
        .order(thing_id_link::id.desc())
        .select((thing_id_link::alternate_id, thing_id_link::thing_id))
        .load(conn)?;
    Ok(rows.into_iter().filter_map(|(id, thing)| thing.map(|thing| (id, thing))).collect())
}

#[derive(Insertable)]
#[diesel(table_name = thing, treat_none_as_default_value = false)]
struct NewThing<'a> {
    id: i32,
    release_status: &'a str,
    name: &'a str,
    thing_type: &'a str,
    well_depth: Option<f64>,
    hole_depth: Option<f64>,
    well_completion_date: Option<NaiveDate>,
}

#[derive(Insertable)]
#[diesel(table_name = location, treat_none_as_default_value = false)]
struct NewLocation<'a> {
    id: i32,
    release_status: &'a str,
    longitude: f64,
    latitude: f64,
    elevation: f64,
    county: Option<&'a str>,
    state: Option<&'a str>,
}

#[derive(Insertable)]
#[diesel(table_name = location_thing_association, treat_none_as_default_value = false)]
struct NewPlace {
    location_id: i32,
    thing_id: i32,
}

#[derive(Insertable)]
#[diesel(table_name = thing_id_link, treat_none_as_default_value = false)]
struct NewLink<'a> {
    release_status: &'a str,
    thing_id: i32,
    relation: &'a str,
    alternate_id: &'a str,
    alternate_organization: &'a str,
}

#[derive(Insertable)]
#[diesel(table_name = data_provenance, treat_none_as_default_value = false)]
struct NewProvenance<'a> {
    release_status: &'a str,
    target_table: &'a str,
    target_id: i32,
    field_name: &'a str,
    origin_type: &'a str,
    origin_source: &'a str,
    collection_method: Option<&'a str>,
    accuracy_value: Option<f64>,
    accuracy_unit: Option<&'a str>,
}

bulk_insert! {
    fn add_things(NewThing<'_>) into thing::table;
    fn add_locations(NewLocation<'_>) into location::table;
    fn add_places(NewPlace) into location_thing_association::table;
    fn add_links(NewLink<'_>) into thing_id_link::table;
    fn add_provenance(NewProvenance<'_>) into data_provenance::table;
}

/// Stores the sites that are not there yet; those that are stay as they are. Returns how many were added.
pub fn add(conn: &mut Connection, organization: &str, sites: &[Site]) -> Result<usize, StoreError> {
    let ids: Vec<String> = sites.iter().map(|site| site.id.clone()).collect();
    let there: HashSet<String> = thing_id_link::table
        .filter(one_of_texts(thing_id_link::alternate_id, &ids))
        .filter(thing_id_link::alternate_organization.eq(organization))
        .filter(thing_id_link::relation.eq(SAME_AS))
        .filter(thing_id_link::thing_id.is_not_null())
        .select(thing_id_link::alternate_id)
        .load::<String>(conn)?
        .into_iter()
        .collect();
    let new: Vec<&Site> = sites.iter().filter(|site| !there.contains(&site.id)).collect();
    let thing_ids = reserve_ids(conn, "thing", new.len())?;
    let location_ids = reserve_ids(conn, "location", new.len())?;

    let (mut things, mut locations, mut places, mut links, mut provenance) = (vec![], vec![], vec![], vec![], vec![]);
    for ((site, thing_id), location_id) in new.iter().zip(thing_ids).zip(location_ids) {
        things.push(thing_row(site, thing_id));
        locations.push(location_row(site, location_id));
        places.push(NewPlace { location_id, thing_id });
        links.push(NewLink {
            release_status: PUBLIC,
            thing_id,
            relation: SAME_AS,
            alternate_id: &site.id,
            alternate_organization: organization,
        });
        provenance.push(provenance_row(place::TABLE, location_id, "elevation", &site.elevation_source));
        provenance.push(provenance_row(place::TABLE, location_id, "coordinates", &site.coordinate_source));
        if let Some(citation) = &site.completion_citation {
            provenance.push(NewProvenance {
                origin_source: citation,
                ..provenance_row(things::TABLE, thing_id, "well_completion_date", &EMPTY)
            });
        }
    }
    add_things(conn, &things)?;
    add_locations(conn, &locations)?;
    add_places(conn, &places)?;
    add_links(conn, &links)?;
    add_provenance(conn, &provenance)?;
    Ok(new.len())
}

static EMPTY: Source = Source { citation: String::new(), method: None, accuracy: None };

fn thing_row(site: &Site, id: i32) -> NewThing<'_> {
    NewThing {
        id,
        release_status: PUBLIC,
        name: &site.name,
        thing_type: site.thing_type,
        well_depth: site.well_depth,
        hole_depth: site.hole_depth,
        well_completion_date: site.completion_date,
    }
}

fn location_row(site: &Site, id: i32) -> NewLocation<'_> {
    NewLocation {
        id,
        release_status: PUBLIC,
        longitude: site.longitude,
        latitude: site.latitude,
        elevation: site.elevation,
        county: site.county.as_deref(),
        state: site.state.as_deref(),
    }
}

fn provenance_row<'a>(table: &'a str, id: i32, field: &'a str, source: &'a Source) -> NewProvenance<'a> {
    NewProvenance {
        release_status: PUBLIC,
        target_table: table,
        target_id: id,
        field_name: field,
        origin_type: OTHER_AGENCY,
        origin_source: &source.citation,
        collection_method: source.method,
        accuracy_value: source.accuracy,
        accuracy_unit: source.accuracy.map(|_| "m"),
    }
}
