//! Lists of things: all columns, the fields that are none, and the shape that a route asks for.

use diesel::prelude::*;

use crate::db::Connection;
use crate::db::schema::thing;
use crate::domain::list::ListRequest;
use crate::domain::paging::Page;
use crate::domain::thing::{SPRING, Spring, Thing, ThingSearch, WATER_WELL, Well};
use crate::store::StoreError;
use crate::store::list::{Column, Listing};
use crate::store::page::load_page;

use super::rows::ThingRow;
use super::search::{best_first, narrow};
use super::{MODEL, assemble, derived};

pub(super) static LISTING: Listing<thing::table> = Listing {
    model: MODEL,
    columns: &[
        Column::integer("id", || Box::new(thing::id.nullable())).not_null(),
        Column::time("created_at", || Box::new(thing::created_at.nullable())).not_null(),
        Column::text("created_by_name", || Box::new(thing::created_by_name)),
        Column::text("created_by_id", || Box::new(thing::created_by_id)),
        Column::text("updated_by_name", || Box::new(thing::updated_by_name)),
        Column::text("updated_by_id", || Box::new(thing::updated_by_id)),
        Column::text("release_status", || Box::new(thing::release_status)),
        Column::text("name", || Box::new(thing::name.nullable())).not_null(),
        Column::text("thing_type", || Box::new(thing::thing_type.nullable())).not_null(),
        Column::date("first_visit_date", || Box::new(thing::first_visit_date)),
        Column::float("well_depth", || Box::new(thing::well_depth)),
        Column::float("hole_depth", || Box::new(thing::hole_depth)),
        Column::float("well_casing_depth", || Box::new(thing::well_casing_depth)),
        Column::float("well_pump_depth", || Box::new(thing::well_pump_depth)),
        Column::float("well_casing_diameter", || Box::new(thing::well_casing_diameter)),
        Column::date("well_completion_date", || Box::new(thing::well_completion_date)),
        Column::text("well_driller_name", || Box::new(thing::well_driller_name)),
        Column::text("well_construction_method", || Box::new(thing::well_construction_method)),
        Column::text("well_pump_type", || Box::new(thing::well_pump_type)),
        Column::text("formation_completion_code", || Box::new(thing::formation_completion_code)),
        Column::text("spring_type", || Box::new(thing::spring_type)),
        Column::text("nma_pk_welldata", || Box::new(thing::nma_pk_welldata)),
        Column::text("nma_pk_location", || Box::new(thing::nma_pk_location)),
        Column::text("nma_formation_zone", || Box::new(thing::nma_formation_zone)),
        derived::MONITORING,
        derived::WELL,
        derived::DATALOGGER,
        derived::OPENNESS,
        derived::SITE,
        derived::AQUIFERS,
        derived::MEASURING_POINT,
        derived::CONTACTS,
        derived::GROUPS,
    ],
};

/// A page of water wells.
pub fn wells(conn: &mut Connection, request: &ListRequest, search: &ThingSearch) -> Result<Page<Well>, StoreError> {
    page(conn, request, Some(WATER_WELL), search, assemble::wells)
}

/// A page of springs.
pub fn springs(conn: &mut Connection, request: &ListRequest, search: &ThingSearch) -> Result<Page<Spring>, StoreError> {
    page(conn, request, Some(SPRING), search, assemble::springs)
}

/// A page of things of all types.
pub fn things(conn: &mut Connection, request: &ListRequest, search: &ThingSearch) -> Result<Page<Thing>, StoreError> {
    page(conn, request, None, search, assemble::things)
}

fn page<T>(
    conn: &mut Connection,
    request: &ListRequest,
    kind: Option<&'static str>,
    search: &ThingSearch,
    assemble: fn(&mut Connection, Vec<ThingRow>) -> Result<Vec<T>, StoreError>,
) -> Result<Page<T>, StoreError> {
    let plan = LISTING.plan(request)?;
    let (rows, extent) = load_page!(
        conn, plan, thing::table, ThingRow, thing::id,
        extra: |query| narrow(query, kind, search),
        default: |query| match &search.query {
            Some(asked) => query.order((best_first(asked, search.include_contacts), thing::id.asc())),
            None => query.order(thing::id.asc()),
        },
        costly: search.query.is_some() || search.within.is_some()
    );
    Ok(Page::new(assemble(conn, rows)?, extent))
}
