//! Aquifer systems and formations, and what a thing has to do with them.

use crate::db::WriteSession;
use crate::db::prelude::*;
use crate::db::schema::{
    aquifer_system, aquifer_type, geologic_formation, thing_aquifer_association as draws_from,
    thing_geologic_formation_association as passes,
};
use crate::store::import::PUBLIC;

/// The system of that name, made when there is none.
pub fn system(
    session: &mut WriteSession<'_>,
    name: &str,
    description: &str,
    primary_aquifer_type: &str,
    geographic_scale: &str,
) -> QueryResult<i32> {
    let there = aquifer_system::table.filter(aquifer_system::name.eq(name)).select(aquifer_system::id);
    if let Some(id) = there.first(session).optional()? {
        return Ok(id);
    }
    let row = (
        aquifer_system::release_status.eq(PUBLIC),
        aquifer_system::name.eq(name),
        aquifer_system::description.eq(description),
        aquifer_system::primary_aquifer_type.eq(primary_aquifer_type),
        aquifer_system::geographic_scale.eq(geographic_scale),
    );
    diesel::insert_into(aquifer_system::table).values(row).returning(aquifer_system::id).get_result(session)
}

/// The formation with that code, made when there is none.
pub fn formation(session: &mut WriteSession<'_>, code: &str, description: &str, lithology: &str) -> QueryResult<i32> {
    let there = geologic_formation::table.filter(geologic_formation::formation_code.eq(code));
    if let Some(id) = there.select(geologic_formation::id).first(session).optional()? {
        return Ok(id);
    }
    let row = (
        geologic_formation::release_status.eq(PUBLIC),
        geologic_formation::formation_code.eq(code),
        geologic_formation::description.eq(description),
        geologic_formation::lithology.eq(lithology),
    );
    diesel::insert_into(geologic_formation::table).values(row).returning(geologic_formation::id).get_result(session)
}

/// The thing draws from the system, which behaves there as the types say.
pub fn draw_from(session: &mut WriteSession<'_>, thing_id: i32, system_id: i32, types: &[String]) -> QueryResult<()> {
    let row = (
        draws_from::release_status.eq(PUBLIC),
        draws_from::thing_id.eq(thing_id),
        draws_from::aquifer_system_id.eq(system_id),
    );
    let id: i32 = diesel::insert_into(draws_from::table).values(row).returning(draws_from::id).get_result(session)?;
    for term in types {
        let row = (
            aquifer_type::release_status.eq(PUBLIC),
            aquifer_type::thing_aquifer_association_id.eq(id),
            aquifer_type::aquifer_type_.eq(term),
        );
        diesel::insert_into(aquifer_type::table).values(row).execute(session)?;
    }
    Ok(())
}

/// The thing goes through the formation between two depths in feet below ground.
pub fn pass(
    session: &mut WriteSession<'_>,
    thing_id: i32,
    formation_id: i32,
    top: f64,
    bottom: f64,
) -> QueryResult<()> {
    let row = (
        passes::release_status.eq(PUBLIC),
        passes::thing_id.eq(thing_id),
        passes::geologic_formation_id.eq(formation_id),
        passes::top_depth.eq(top),
        passes::bottom_depth.eq(bottom),
    );
    diesel::insert_into(passes::table).values(row).execute(session).map(drop)
}
