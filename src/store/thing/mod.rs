//! Things: one table, several shapes. The rows and all that belongs to them are read in one statement ([`children`],
//! [`facts`]) and put together in memory ([`assemble`]).

mod assemble;
mod children;
mod derived;
pub mod details;
mod facts;
pub mod geothermal_well;
pub mod history;
pub mod id_link;
mod list;
mod place;
mod rows;
mod search;
pub mod time_series;
pub mod well_screen;
pub mod write;

use crate::db::prelude::*;
use crate::db::schema::thing;
use crate::db::{Numbers, Read, Session, row};
use crate::domain::principal::Sight;
use crate::domain::request::problem::Problem;
use crate::domain::thing::{SPRING, Spring, Thing, WATER_WELL, Well};
use crate::store::StoreError;
use crate::store::query::check::Table;
use crate::store::query::visibility::{THING, visible};

pub use assemble::{springs, things, wells};
pub(in crate::store) use list::matching;
pub use list::{find_shown_at, find_springs, find_things, find_wells, load_springs, load_things, load_wells};
pub(in crate::store) use place::now_in;

/// The table (its name is also the value of `target_table` in notes, statuses, permissions and provenance), and the
/// resource's name in messages.
pub const TABLE: Table = Table { name: "thing", model: "Thing" };

/// Status type of `monitoring_status`.
pub const MONITORING_STATUS: &str = "Monitoring Status";
/// Status type of `well_status`.
pub const WELL_STATUS: &str = "Well Status";
/// Status type of `open_status`.
pub const OPEN_STATUS: &str = "Open Status";
/// Status type of `datalogger_suitability_status`.
pub const DATALOGGER_STATUS: &str = "Datalogger Suitability Status";
/// The [`OPEN_STATUS`] that is true in `open_status`.
pub const OPEN: &str = "Open";
/// The [`OPEN_STATUS`] that is false in `open_status`.
pub const CLOSED: &str = "Closed";

/// True when there is a thing at all.
pub fn any(session: &mut Session<'_>) -> QueryResult<bool> {
    Ok(thing::table.select(thing::id).first::<i32>(session).optional()?.is_some())
}

/// The `thing_type` of a thing, where it is there.
pub fn there(sight: Sight, id: i32) -> impl Read<Output = Option<String>> {
    row::<String, _>(thing::table.filter(thing::id.eq(id)).filter(visible(sight, &THING)).select(thing::thing_type))
}

/// Refuses a thing that the path names and that is of another type than `wanted`.
pub fn expect_kind(id: i32, wanted: &str, kind: &str) -> Result<(), StoreError> {
    if kind == wanted {
        return Ok(());
    }
    let problem = Problem::conflict("path", "thing_id", wrong_kind(id, wanted, kind), id);
    Err(StoreError::WrongKind(Box::new(problem)))
}

/// The sentence about a thing of another type than is needed.
pub fn wrong_kind(id: i32, wanted: &str, kind: &str) -> String {
    format!("Thing with ID {id} is not a {wanted} Thing. It is a {kind} Thing.")
}

/// One water well.
pub fn get_well(session: &mut Session<'_>, id: i32) -> Result<Well, StoreError> {
    let found = session.read_fixed(wells(session.sight(), Numbers::new(&[id])))?;
    the_well(id, found)
}

/// The only one of these wells, which must be one.
fn the_well(id: i32, found: Vec<Well>) -> Result<Well, StoreError> {
    let well = the_thing(id, found)?;
    expect_kind(id, WATER_WELL, &well.base.thing_type)?;
    Ok(well)
}

/// The only one of these things.
fn the_thing<T>(id: i32, found: Vec<T>) -> Result<T, StoreError> {
    found.into_iter().next().ok_or_else(|| StoreError::not_found(TABLE.model, id))
}

/// One spring.
pub fn get_spring(session: &mut Session<'_>, id: i32) -> Result<Spring, StoreError> {
    let spring = the_thing(id, session.read_fixed(springs(session.sight(), Numbers::new(&[id])))?)?;
    expect_kind(id, SPRING, &spring.base.thing_type)?;
    Ok(spring)
}

/// One thing of any type.
pub fn get_thing(session: &mut Session<'_>, id: i32) -> Result<Thing, StoreError> {
    the_thing(id, session.read_fixed(things(session.sight(), Numbers::new(&[id])))?)
}
