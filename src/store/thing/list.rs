//! Lists of things: all columns, the fields that are none, and the shape that a route asks for.

use diesel::sql_types::Integer;

use crate::db::prelude::*;
use crate::db::schema::{destination, thing};
use crate::db::{Backend, Numbers, Session, row};
use crate::domain::principal::Sight;
use crate::domain::request::filter::Filter;
use crate::domain::request::list::ListRequest;
use crate::domain::request::paging::Found;
use crate::domain::thing::{SPRING, Spring, Thing, ThingSearch, WATER_WELL, Well};
use crate::store::StoreError;
use crate::store::access::consent::shown_at;
use crate::store::access::destination::missing as destination_missing;
use crate::store::query::find::{Listed as _, Search, in_order, listed};
use crate::store::query::listing::{Column, Condition, Listing};
use crate::store::query::subquery::in_query;
use crate::store::query::visibility::{DESTINATION, THING, visible};
use crate::store::thing::search::{best_first, narrow};
use crate::store::thing::{TABLE, derived, springs, things, wells};

listed!(thing);

static LISTING: Listing<thing::table> = Listing {
    model: TABLE.model,
    rule: &THING,
    columns: &[
        Column::of(thing::id),
        Column::of(thing::created_at),
        Column::of(thing::created_by_name),
        Column::of(thing::created_by_id),
        Column::of(thing::updated_by_name),
        Column::of(thing::updated_by_id),
        Column::of(thing::release_status),
        Column::of(thing::release_at),
        Column::of(thing::name),
        Column::of(thing::thing_type),
        Column::of(thing::first_visit_date),
        Column::of(thing::well_depth),
        Column::of(thing::hole_depth),
        Column::of(thing::well_casing_depth),
        Column::of(thing::well_pump_depth),
        Column::of(thing::well_casing_diameter),
        Column::of(thing::well_completion_date),
        Column::of(thing::well_driller_name),
        Column::of(thing::well_construction_method),
        Column::of(thing::well_pump_type),
        Column::of(thing::formation_completion_code),
        Column::of(thing::spring_type),
        Column::of(thing::nma_pk_welldata),
        Column::of(thing::nma_pk_location),
        Column::of(thing::nma_formation_zone),
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
pub fn find_wells(session: &mut Session<'_>, request: &ListRequest, search: &ThingSearch) -> Result<Found, StoreError> {
    find(session, request, Some(WATER_WELL), search)
}

/// A page of springs.
pub fn find_springs(
    session: &mut Session<'_>,
    request: &ListRequest,
    search: &ThingSearch,
) -> Result<Found, StoreError> {
    find(session, request, Some(SPRING), search)
}

/// A page of things of all types.
pub fn find_things(
    session: &mut Session<'_>,
    request: &ListRequest,
    search: &ThingSearch,
) -> Result<Found, StoreError> {
    find(session, request, None, search)
}

/// A page of the things of which something may be shown at a destination today.
pub fn find_shown_at(session: &mut Session<'_>, request: &ListRequest, slug: &str) -> Result<Found, StoreError> {
    let sight = session.sight();
    let unknown = || StoreError::Missing(destination_missing(slug));
    if slug.contains('\0') {
        return Err(unknown());
    }
    let narrow = || {
        let shown: Condition<thing::table> = Box::new(in_query(thing::id, shown_at(sight, slug)));
        Ok(vec![shown])
    };
    let there = destination::table.filter(destination::slug.eq(slug.to_owned())).filter(visible(sight, &DESTINATION));
    let search = Search::new(&narrow).with(row::<i32, _>(there.select(destination::id)));
    let (found, there) = thing::table::find_page(session, &LISTING, request, search)?;
    if there.is_none() { Err(unknown()) } else { Ok(found) }
}

/// The best matches of a text come first.
fn find(
    session: &mut Session<'_>,
    request: &ListRequest,
    kind: Option<&'static str>,
    asked: &ThingSearch,
) -> Result<Found, StoreError> {
    let sight = session.sight();
    let narrow = || Ok(narrow(sight, kind, asked));
    let best = asked.query.as_ref().map(|query| best_first(sight, query, asked.include_contacts));
    let search = Search {
        costly: asked.query.is_some() || !asked.region.is_everywhere(),
        best: best.into_iter().collect(),
        ..Search::new(&narrow)
    };
    let (found, ()) = thing::table::find_page(session, &LISTING, request, search)?;
    Ok(found)
}

/// The ids of the things of which a search and filters hold, as a query.
pub(in crate::store) fn matching(
    sight: Sight,
    search: &ThingSearch,
    filters: &[Filter],
) -> Result<thing::BoxedQuery<'static, Backend, Integer>, StoreError> {
    let request = ListRequest { filters: filters.to_vec(), ..ListRequest::default() };
    let mut things = thing::table.select(thing::id).into_boxed::<Backend>();
    for condition in LISTING.plan(sight, &request, None).conditions()?.into_iter().chain(narrow(sight, None, search)) {
        things = things.filter(condition);
    }
    Ok(things)
}

/// The wells with these ids, in their order.
pub fn load_wells(session: &mut Session<'_>, ids: &[i32]) -> Result<Vec<Well>, StoreError> {
    let found = session.read_fixed(wells(session.sight(), Numbers::new(ids)))?;
    Ok(in_order(found, ids, |well| well.base.id))
}

/// The springs with these ids, in their order.
pub fn load_springs(session: &mut Session<'_>, ids: &[i32]) -> Result<Vec<Spring>, StoreError> {
    let found = session.read_fixed(springs(session.sight(), Numbers::new(ids)))?;
    Ok(in_order(found, ids, |spring| spring.base.id))
}

/// The things with these ids, in their order.
pub fn load_things(session: &mut Session<'_>, ids: &[i32]) -> Result<Vec<Thing>, StoreError> {
    let found = session.read_fixed(things(session.sight(), Numbers::new(ids)))?;
    Ok(in_order(found, ids, |thing| thing.base.id))
}
