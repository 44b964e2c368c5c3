//! Sites: a thing with its place, what another organization calls it, and where the numbers come from.

use std::collections::HashSet;

use chrono::NaiveDate;

use crate::db::prelude::*;
use crate::db::schema::thing_id_link;
use crate::db::{Session, WriteSession, one_of_texts};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::principal::Principal;
use crate::store::import::{PUBLIC, ids};
use crate::store::location::NewLocation;
use crate::store::provenance::NewProvenance;
use crate::store::query::check::Table;
use crate::store::thing::id_link;
use crate::store::thing::id_link::NewLink;
use crate::store::thing::write::{NewPlace, NewThing};
use crate::store::{StoreError, location as locations, thing as things};

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
    /// Metres above the vertical datum.
    pub elevation: f64,
    /// Term of `vertical_datum`.
    pub vertical_datum: &'static str,
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
pub fn known(session: &mut Session<'_>, organization: &str) -> QueryResult<Vec<(String, i32)>> {
    let rows: Vec<(String, Option<i32>)> = thing_id_link::table
        .filter(thing_id_link::alternate_organization.eq(organization))
        .filter(thing_id_link::relation.eq(SAME_AS))
        .filter(thing_id_link::thing_id.is_not_null())
        .order(thing_id_link::id.desc())
        .select((thing_id_link::alternate_id, thing_id_link::thing_id))
        .load(session)?;
    Ok(rows.into_iter().filter_map(|(id, thing)| thing.map(|thing| (id, thing))).collect())
}

/// Stores the sites that are not there yet; those that are stay as they are. Returns how many were added.
pub fn add(session: &mut WriteSession<'_>, organization: &str, sites: &[Site]) -> Result<usize, StoreError> {
    let ids: Vec<String> = sites.iter().map(|site| site.id.clone()).collect();
    let there: HashSet<String> = thing_id_link::table
        .filter(one_of_texts(thing_id_link::alternate_id, &ids))
        .filter(thing_id_link::alternate_organization.eq(organization))
        .filter(thing_id_link::relation.eq(SAME_AS))
        .filter(thing_id_link::thing_id.is_not_null())
        .select(thing_id_link::alternate_id)
        .load::<String>(session)?
        .into_iter()
        .collect();
    let new: Vec<&Site> = sites.iter().filter(|site| !there.contains(&site.id)).collect();
    if new.is_empty() {
        return Ok(0);
    }
    let mut rows = Rows::default();
    for (site, ids) in new.iter().zip(Ids::take(session, new.len())?) {
        rows.add(session.principal(), organization, site, &ids);
    }
    session.insert(&[&rows.things, &rows.locations, &rows.places, &rows.links, &rows.provenance])?;
    Ok(new.len())
}

/// The ids of one site's rows.
struct Ids {
    thing: i32,
    location: i32,
    link: i32,
}

impl Ids {
    /// Ids for so many sites.
    fn take(session: &mut WriteSession<'_>, count: usize) -> QueryResult<impl Iterator<Item = Self> + use<>> {
        let tables = (ids(things::TABLE, count), ids(locations::TABLE, count), ids(id_link::TABLE, count));
        let (things, locations, links) = session.read(tables)?;
        let all = things.into_iter().zip(locations).zip(links);
        Ok(all.map(|((thing, location), link)| Self { thing, location, link }))
    }
}

/// What is stored of a chunk.
#[derive(Default)]
struct Rows {
    things: Vec<NewThing>,
    locations: Vec<NewLocation>,
    places: Vec<NewPlace>,
    links: Vec<NewLink>,
    provenance: Vec<NewProvenance>,
}

impl Rows {
    fn add(&mut self, by: &Principal, organization: &str, site: &Site, ids: &Ids) {
        self.things.push(thing_row(by, site, ids.thing));
        self.locations.push(location_row(by, site, ids.location));
        self.places.push(NewPlace {
            location_id: ids.location,
            thing_id: ids.thing,
            effective_start: UtcDateTime::now(),
            created_by_id: by.id.clone(),
            created_by_name: by.name.clone(),
        });
        self.links.push(NewLink {
            id: ids.link,
            release_status: PUBLIC.to_owned(),
            release_at: None,
            thing_id: ids.thing,
            relation: SAME_AS.to_owned(),
            alternate_id: site.id.clone(),
            alternate_organization: organization.to_owned(),
            created_by_id: by.id.clone(),
            created_by_name: by.name.clone(),
        });
        let of_location = |field, source| source_row(by, (locations::TABLE, ids.location), field, source);
        self.provenance.push(of_location("elevation", &site.elevation_source));
        self.provenance.push(of_location("coordinates", &site.coordinate_source));
        if let Some(citation) = &site.completion_citation {
            let source = Source { citation: citation.clone(), ..Source::default() };
            self.provenance.push(source_row(by, (things::TABLE, ids.thing), "well_completion_date", &source));
        }
    }
}

fn thing_row(by: &Principal, site: &Site, id: i32) -> NewThing {
    NewThing {
        id,
        name: site.name.clone(),
        thing_type: site.thing_type,
        release_status: PUBLIC.to_owned(),
        release_at: None,
        well_depth: site.well_depth,
        hole_depth: site.hole_depth,
        well_completion_date: site.completion_date,
        created_by_id: by.id.clone(),
        created_by_name: by.name.clone(),
        ..NewThing::default()
    }
}

fn location_row(by: &Principal, site: &Site, id: i32) -> NewLocation {
    NewLocation {
        id,
        release_status: PUBLIC.to_owned(),
        release_at: None,
        created_by_id: by.id.clone(),
        created_by_name: by.name.clone(),
        longitude: site.longitude,
        latitude: site.latitude,
        elevation: site.elevation,
        vertical_datum: site.vertical_datum.to_owned(),
        county: site.county.clone(),
        state: site.state.clone(),
    }
}

fn source_row(by: &Principal, target: (Table, i32), field: &str, source: &Source) -> NewProvenance {
    let (table, target_id) = target;
    NewProvenance {
        release_status: Some(PUBLIC.to_owned()),
        release_at: None,
        target_table: table.name,
        target_id,
        field_name: Some(field.to_owned()),
        origin_type: Some(OTHER_AGENCY.to_owned()),
        origin_source: Some(source.citation.clone()),
        collection_method: source.method.map(ToOwned::to_owned),
        accuracy_value: source.accuracy,
        accuracy_unit: source.accuracy.map(|_| "m".to_owned()),
        ..NewProvenance::by(by)
    }
}
