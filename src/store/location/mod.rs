//! Locations.

mod query;

use std::mem::take;

use chrono::NaiveDate;
use diesel::result::OptionalEmptyChangesetExtension as _;

use crate::db::prelude::*;
use crate::db::schema::{location, notes};
use crate::db::{Backend, Ids, Numbers, Read, Session, WriteSession, among, columns, constant, located, rows};
use crate::domain::location::query::LocationQuery;
use crate::domain::location::{
    CreateLocation, HORIZONTAL_DATUM, Location, LocationSearch, UpdateLocation, vertical_datum,
};
use crate::domain::measure::geometry::Point;
use crate::domain::measure::time::UtcDateTime;
use crate::domain::principal::Sight;
use crate::domain::request::form::Parsed;
use crate::domain::request::list::ListRequest;
use crate::domain::request::paging::Found;
use crate::store::note::NewNote;
use crate::store::provenance::Method;
use crate::store::query::check::{Table, check_change, check_new};
use crate::store::query::find::{Listed as _, Search, in_order, listed};
use crate::store::query::listing::{Column, Condition, Listing};
use crate::store::query::stored::stored;
use crate::store::query::subquery::in_query;
use crate::store::query::visibility::{LOCATION, NOTE, visible};
use crate::store::{StoreError, note, provenance};

/// The table, and the resource's name in messages.
pub const TABLE: Table = Table { name: "location", model: "Location" };

#[derive(Queryable, Selectable)]
#[diesel(table_name = location, check_for_backend(Backend))]
struct LocationRow {
    id: i32,
    created_at: UtcDateTime,
    release_status: Option<String>,
    release_at: Option<NaiveDate>,
    longitude: f64,
    latitude: f64,
    elevation: f64,
    county: Option<String>,
    state: Option<String>,
    quad_name: Option<String>,
    nma_notes_location: Option<String>,
    nma_date_created: Option<NaiveDate>,
    nma_site_date: Option<NaiveDate>,
    vertical_datum: Option<String>,
}

stored! {
    location: NewLocation from CreateLocation, LocationChange from UpdateLocation;
    taken { elevation: f64, vertical_datum: String }
    given { longitude: f64, latitude: f64, county?: String, state?: String }
}

listed!(location);

static LISTING: Listing<location::table> = Listing {
    model: TABLE.model,
    rule: &LOCATION,
    columns: &[
        Column::of(location::id),
        Column::of(location::created_at),
        Column::of(location::release_status),
        Column::of(location::release_at),
        Column::of(location::description),
        Column::of(location::longitude).degrees(),
        Column::of(location::latitude).degrees(),
        Column::of(location::elevation),
        Column::of(location::county),
        Column::of(location::state),
        Column::of(location::quad_name),
        Column::of(location::nma_pk_location),
        Column::of(location::nma_notes_location),
        Column::of(location::nma_coordinate_notes),
        Column::of(location::nma_date_created),
        Column::of(location::nma_site_date),
        Column::of(location::vertical_datum),
    ],
};

/// What the `query` grammar can say about a location's notes.
static NOTE_COLUMNS: Listing<notes::table> = Listing {
    model: "Location.notes",
    rule: &NOTE,
    columns: &[
        Column::of(notes::note_type),
        Column::of(notes::content),
        Column::of(notes::release_status),
        Column::of(notes::release_at),
    ],
};

/// A page of locations.
pub fn find(session: &mut Session<'_>, request: &ListRequest, search: &LocationSearch) -> Result<Found, StoreError> {
    let sight = session.sight();
    let narrow = || conditions(sight, search);
    let search = Search { costly: !search.region.is_everywhere(), ..Search::new(&narrow) };
    let (found, ()) = location::table::find_page(session, &LISTING, request, search)?;
    Ok(found)
}

fn conditions(sight: Sight, search: &LocationSearch) -> Result<Vec<Condition<location::table>>, StoreError> {
    let mut all: Vec<Condition<location::table>> = Vec::new();
    if !search.region.is_everywhere() {
        let located = located(location::id, location::longitude, location::latitude, &search.region, sight.decimals());
        all.push(Box::new(located.nullable()));
    }
    if let Some(asked) = &search.query {
        all.push(matching(sight, asked)?);
    }
    Ok(all)
}

fn matching(sight: Sight, asked: &LocationQuery) -> Result<Condition<location::table>, StoreError> {
    match asked.relation.as_deref() {
        None => query::condition(&LISTING, sight, asked),
        Some("notes") => {
            let found = notes::table
                .into_boxed::<Backend>()
                .filter(notes::target_table.eq(constant(TABLE.name)))
                .filter(visible(sight, &NOTE))
                .filter(query::condition(&NOTE_COLUMNS, sight, asked)?)
                .select(notes::target_id);
            Ok(Box::new(in_query(location::id, found)))
        }
        Some(relation) => Err(query::unknown(&format!("{relation}.{}", asked.field), TABLE.model)),
    }
}

/// The locations with these ids, in their order.
pub fn load(session: &mut Session<'_>, ids: &[i32]) -> Result<Vec<Location>, StoreError> {
    let locations = session.read_fixed(read(session.sight(), Numbers::new(ids)))?;
    Ok(in_order(locations, ids, |location| location.id))
}

/// The locations with these ids, by id, with their notes and the method of their elevation.
pub fn read(sight: Sight, ids: impl Ids) -> impl Read<Output = Vec<Location>> {
    let locations = location::table
        .filter(among(location::id, ids.clone()))
        .filter(visible(sight, &LOCATION))
        .order(location::id)
        .select(columns::<LocationRow>());
    let notes = note::of(sight, TABLE.name, ids.clone());
    let provenance = provenance::of(sight, TABLE.name, ids);
    (rows::<LocationRow, _>(locations), notes, provenance).giving(move |(rows, mut notes, provenance)| {
        let complete = |row: LocationRow| Location {
            id: row.id,
            created_at: row.created_at,
            release_status: row.release_status,
            release_at: row.release_at,
            notes: notes.remove(&row.id).unwrap_or_default(),
            point: Point { longitude: sight.degrees(row.longitude), latitude: sight.degrees(row.latitude) }.to_string(),
            elevation: Some(row.elevation),
            horizontal_datum: HORIZONTAL_DATUM,
            vertical_datum: vertical_datum(row.vertical_datum),
            elevation_method: provenance::about(provenance.get(&row.id), "elevation")
                .and_then(|record| record.collection_method.clone()),
            state: row.state,
            county: row.county,
            quad_name: row.quad_name,
            nma_location_notes: row.nma_notes_location.filter(|_| !LOCATION.hides(sight, "nma_notes_location")),
            nma_data_reliability: None,
            nma_date_created: row.nma_date_created,
            nma_site_date: row.nma_site_date,
        };
        rows.into_iter().map(complete).collect()
    })
}

/// One location.
pub fn get(session: &mut Session<'_>, id: i32) -> Result<Location, StoreError> {
    load(session, &[id])?.pop().ok_or_else(|| StoreError::not_found(TABLE.model, id))
}

/// Locations to be stored, with their notes.
#[derive(Clone, Debug, Default)]
pub struct NewLocations {
    locations: Vec<NewLocation>,
    notes: Vec<NewNote>,
}

/// Checks a chunk of forms and makes rows of them.
pub fn check(session: &mut WriteSession<'_>, forms: Vec<Parsed<CreateLocation>>) -> Result<NewLocations, StoreError> {
    let mut new = NewLocations::default();
    for (id, form) in check_new(session, TABLE.name, forms, |_| Vec::new())? {
        let (by, Point { longitude, latitude }) = (session.principal(), form.point);
        new.notes.extend(note::new_rows(by, TABLE.name, id, &form.notes));
        new.locations.push(NewLocation::of(id, form, by, longitude, latitude, None, None));
    }
    Ok(new)
}

/// Stores checked rows.
pub fn insert(session: &mut WriteSession<'_>, rows: &NewLocations) -> QueryResult<()> {
    session.insert(&[&rows.locations, &rows.notes])
}

/// Stores a location with its notes.
pub fn create(session: &mut WriteSession<'_>, form: Parsed<CreateLocation>) -> Result<Location, StoreError> {
    let rows = check(session, vec![form])?;
    insert(session, &rows)?;
    get(session, rows.locations.first().map_or(0, |row| row.id))
}

/// Changes what was sent; notes are replaced by the new set.
pub fn update(session: &mut WriteSession<'_>, id: i32, form: Parsed<UpdateLocation>) -> Result<Location, StoreError> {
    let mut patch = check_change(session, (TABLE, id), form, |_| Vec::new())?;
    let by = session.principal();
    let notes = take(&mut patch.notes);
    let elevation = Method {
        field: "elevation",
        method: take(&mut patch.elevation_method),
        accuracy: take(&mut patch.elevation_accuracy),
    };
    let coordinates = Method {
        field: "coordinates",
        method: take(&mut patch.coordinate_method),
        accuracy: take(&mut patch.coordinate_accuracy),
    };
    let (longitude, latitude) = (patch.point.map(|point| point.longitude), patch.point.map(|point| point.latitude));
    let change = LocationChange::of(patch, by, longitude, latitude, None, None);
    diesel::update(location::table.find(id)).set(change).execute(session).optional_empty_changeset()?;
    let provenance = provenance::set_methods(session, TABLE.name, id, [elevation, coordinates])?;
    if notes.is_sent() {
        note::clear(session, TABLE.name, id)?;
    }
    let notes = note::new_rows(by, TABLE.name, id, &notes.value().unwrap_or_default());
    session.insert(&[&provenance, &notes])?;
    get(session, id)
}

/// Removes a location with its notes and its links to things.
pub fn delete(session: &mut WriteSession<'_>, id: i32) -> Result<(), StoreError> {
    if diesel::delete(location::table.find(id)).execute(session)? == 0 {
        return Err(StoreError::not_found(TABLE.model, id));
    }
    note::clear(session, TABLE.name, id)?;
    Ok(())
}
