//! Locations.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::result::OptionalEmptyChangesetExtension;

use crate::db::functions::{within, within_distance};
use crate::db::schema::{location, notes};
use crate::db::{Backend, Connection, near_box, near_point};
use crate::domain::actor::Actor;
use crate::domain::form::{Parsed, Patch};
use crate::domain::geometry::Point;
use crate::domain::list::ListRequest;
use crate::domain::location::{
    CreateLocation, HORIZONTAL_DATUM, Location, LocationSearch, UpdateLocation, VERTICAL_DATUM,
};
use crate::domain::location_query::LocationQuery;
use crate::domain::paging::Page;
use crate::domain::time::UtcDateTime;

use super::list::{Column, Condition, Listing};
use super::page::load_page;
use super::related::in_query;
use super::{StoreError, note, provenance, query, vocabulary};

/// The resource's name in messages.
pub const MODEL: &str = "Location";
/// The value of `target_table` in notes and provenance.
pub const TABLE: &str = "location";

#[derive(Queryable, Selectable)]
#[diesel(table_name = location, check_for_backend(Backend))]
struct LocationRow {
    id: i32,
    created_at: UtcDateTime,
    release_status: Option<String>,
    longitude: f64,
    latitude: f64,
    elevation: f64,
    county: Option<String>,
    state: Option<String>,
    quad_name: Option<String>,
    nma_notes_location: Option<String>,
    nma_date_created: Option<NaiveDate>,
    nma_site_date: Option<NaiveDate>,
}

static LISTING: Listing<location::table> = Listing {
    model: MODEL,
    columns: &[
        Column::integer("id", || Box::new(location::id.nullable())).not_null(),
        Column::time("created_at", || Box::new(location::created_at.nullable())).not_null(),
        Column::text("release_status", || Box::new(location::release_status)),
        Column::text("description", || Box::new(location::description)),
        Column::float("longitude", || Box::new(location::longitude.nullable())).not_null(),
        Column::float("latitude", || Box::new(location::latitude.nullable())).not_null(),
        Column::float("elevation", || Box::new(location::elevation.nullable())).not_null(),
        Column::text("county", || Box::new(location::county)),
        Column::text("state", || Box::new(location::state)),
        Column::text("quad_name", || Box::new(location::quad_name)),
        Column::text("nma_pk_location", || Box::new(location::nma_pk_location)),
        Column::text("nma_notes_location", || Box::new(location::nma_notes_location)),
        Column::text("nma_coordinate_notes", || Box::new(location::nma_coordinate_notes)),
        Column::date("nma_date_created", || Box::new(location::nma_date_created)),
        Column::date("nma_site_date", || Box::new(location::nma_site_date)),
    ],
};

/// What the `query` grammar can say about a location's notes.
static NOTE_COLUMNS: Listing<notes::table> = Listing {
    model: "Location.notes",
    columns: &[
        Column::text("note_type", || Box::new(notes::note_type.nullable())).not_null(),
        Column::text("content", || Box::new(notes::content.nullable())).not_null(),
        Column::text("release_status", || Box::new(notes::release_status)),
    ],
};

/// A page of locations.
pub fn list(
    conn: &mut Connection,
    request: &ListRequest,
    search: &LocationSearch,
) -> Result<Page<Location>, StoreError> {
    let plan = LISTING.plan(request)?;
    let (rows, extent) = load_page!(
        conn, plan, location::table, LocationRow, location::id,
        extra: |query| match search {
            LocationSearch::All => query,
            LocationSearch::Query(asked) => query.filter(matching(asked)?),
            // The box first: on SQLite it is what finds the R*Tree.
            LocationSearch::Nearby { centre, metres } => query
                .filter(near_point(location::id, *centre, *metres))
                .filter(within_distance(
                    location::longitude,
                    location::latitude,
                    centre.longitude,
                    centre.latitude,
                    *metres,
                )),
            LocationSearch::Within(area) => query
                .filter(near_box(location::id, area.bounds()))
                .filter(within(location::longitude, location::latitude, area.to_wkt())),
        },
        default: |query| query.order(location::id.asc())
    );
    Ok(Page::new(complete(conn, rows)?, extent))
}

fn matching(asked: &LocationQuery) -> Result<Condition<location::table>, StoreError> {
    match asked.relation.as_deref() {
        None => query::condition(&LISTING, asked),
        Some("notes") => {
            let found = notes::table
                .into_boxed::<Backend>()
                .filter(notes::target_table.eq(TABLE))
                .filter(query::condition(&NOTE_COLUMNS, asked)?)
                .select(notes::target_id);
            Ok(Box::new(in_query(location::id, found)))
        }
        Some(relation) => Err(query::unknown(&format!("{relation}.{}", asked.field), MODEL)),
    }
}

/// One location.
pub fn get(conn: &mut Connection, id: i32) -> Result<Location, StoreError> {
    let row: Option<LocationRow> = location::table.find(id).select(LocationRow::as_select()).first(conn).optional()?;
    let row = row.ok_or_else(|| StoreError::not_found(MODEL, id))?;
    complete(conn, vec![row])?.pop().ok_or_else(|| StoreError::not_found(MODEL, id))
}

/// True when the row exists.
pub fn exists(conn: &mut Connection, id: i32) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(location::table.find(id))).get_result(conn)
}

/// Adds notes and provenance: two queries, however many rows.
fn complete(conn: &mut Connection, rows: Vec<LocationRow>) -> Result<Vec<Location>, StoreError> {
    let ids: Vec<i32> = rows.iter().map(|row| row.id).collect();
    let mut notes = note::of(conn, TABLE, &ids)?;
    let provenance = provenance::of(conn, TABLE, &ids)?;
    Ok(rows
        .into_iter()
        .map(|row| Location {
            id: row.id,
            created_at: row.created_at,
            release_status: row.release_status,
            notes: notes.remove(&row.id).unwrap_or_default(),
            point: Point { longitude: row.longitude, latitude: row.latitude }.to_string(),
            elevation: Some(row.elevation),
            horizontal_datum: HORIZONTAL_DATUM,
            vertical_datum: VERTICAL_DATUM,
            elevation_method: provenance::about(provenance.get(&row.id), "elevation")
                .and_then(|record| record.collection_method.clone()),
            state: row.state,
            county: row.county,
            quad_name: row.quad_name,
            nma_location_notes: row.nma_notes_location,
            nma_data_reliability: None,
            nma_date_created: row.nma_date_created,
            nma_site_date: row.nma_site_date,
        })
        .collect())
}

#[derive(Insertable)]
#[diesel(table_name = location)]
struct NewLocation<'a> {
    longitude: f64,
    latitude: f64,
    elevation: f64,
    release_status: &'a str,
    created_by_id: Option<&'a str>,
    created_by_name: Option<&'a str>,
}

/// Stores a location with its notes.
pub fn create(conn: &mut Connection, body: Parsed<CreateLocation>, actor: &Actor) -> Result<Location, StoreError> {
    let new = vocabulary::settle(conn, body)?;
    let row = NewLocation {
        longitude: new.point.longitude,
        latitude: new.point.latitude,
        elevation: new.elevation,
        release_status: &new.release_status,
        created_by_id: actor.id.as_deref(),
        created_by_name: actor.name.as_deref(),
    };
    let id = diesel::insert_into(location::table).values(row).returning(location::id).get_result(conn)?;
    note::add(conn, TABLE, id, &new.notes, actor)?;
    get(conn, id)
}

#[derive(AsChangeset)]
#[diesel(table_name = location)]
struct LocationChange {
    longitude: Option<f64>,
    latitude: Option<f64>,
    elevation: Option<f64>,
    release_status: Option<Option<String>>,
    updated_by_id: Option<String>,
    updated_by_name: Option<String>,
}

/// Changes what was sent. A missing row comes before anything wrong with the body.
pub fn update(
    conn: &mut Connection,
    id: i32,
    body: Parsed<UpdateLocation>,
    actor: &Actor,
) -> Result<Location, StoreError> {
    if !exists(conn, id)? {
        return Err(StoreError::not_found(MODEL, id));
    }
    let patch = vocabulary::settle(conn, body)?;
    let change = LocationChange {
        longitude: patch.point.map(|point| point.longitude),
        latitude: patch.point.map(|point| point.latitude),
        elevation: patch.elevation,
        release_status: patch.release_status.into_change(),
        updated_by_id: actor.id.clone(),
        updated_by_name: actor.name.clone(),
    };
    diesel::update(location::table.find(id)).set(change).execute(conn).optional_empty_changeset()?;
    provenance::set_method(conn, TABLE, id, "elevation", patch.elevation_method, patch.elevation_accuracy, actor)?;
    provenance::set_method(conn, TABLE, id, "coordinates", patch.coordinate_method, patch.coordinate_accuracy, actor)?;
    match patch.notes {
        Patch::Absent => {}
        Patch::Null => note::clear(conn, TABLE, id)?,
        Patch::Value(notes) => {
            note::clear(conn, TABLE, id)?;
            note::add(conn, TABLE, id, &notes, actor)?;
        }
    }
    get(conn, id)
}

/// Removes a location with its notes and its links to things.
pub fn delete(conn: &mut Connection, id: i32) -> Result<(), StoreError> {
    if diesel::delete(location::table.find(id)).execute(conn)? == 0 {
        return Err(StoreError::not_found(MODEL, id));
    }
    note::clear(conn, TABLE, id)?;
    Ok(())
}
