//! Things with their places, part by part; project areas.

mod latest;

use std::collections::HashMap;

use diesel::result::Error;

use crate::db::prelude::*;
use crate::db::schema::{
    group, group_thing_association as member, location, location_thing_association as place, thing,
};
use crate::db::{Backend, Session, one_of, unindexed};
use crate::domain::geospatial::{
    GroupKey, MultiPolygonGeometry, ProjectAreaCollection, ProjectAreaProperties, ThingExport, ThingFeature, ThingPage,
    ThingProperties,
};
use crate::domain::principal::Sight;
use crate::domain::thing::{Feet, PointGeometry};
use crate::store::query::subquery::in_query;
use crate::store::query::visibility::{GROUP, GROUP_MEMBER, LOCATION, THING, visible};
use crate::store::thing::matching;
use crate::store::{StoreError, group as group_store};

use latest::{Latest, latest};

/// Rows of one part. A thing has one for each of its places and groups.
const ROWS: usize = 1000;
const ROW_LIMIT: i64 = 1000;

/// A place of a thing, in a group of its own.
#[derive(Queryable)]
struct Row {
    id: i32,
    thing_type: String,
    name: String,
    well_depth: Option<f64>,
    longitude: f64,
    latitude: f64,
    elevation: f64,
    county: Option<String>,
    still_there: bool,
    group: Option<String>,
}

/// The next part after the thing `after`: two statements, three when a group is asked for.
pub fn page(session: &mut Session<'_>, export: &ThingExport, after: i32) -> Result<ThingPage, StoreError> {
    let rows = match &export.group {
        None => all(session, export, after)?,
        Some(key) => {
            let groups = groups(session, key)?;
            let mut rows = members(session, &groups, export, after)?;
            if let Some((_, name)) = groups.into_iter().next() {
                for row in &mut rows {
                    row.group = Some(name.clone());
                }
            }
            rows
        }
    };
    // The limit may cut off rows of the last thing. That is no loss: its first row has been read, and the next part begins after
    // the thing.
    let next = rows.last().map(|row| row.id).filter(|_| rows.len() >= ROWS);
    let mut before = None;
    // A thing's first row is of the place that it came to last, and of its oldest group.
    let there = rows.into_iter().filter(|row| before.replace(row.id) != Some(row.id) && row.still_there);
    let there: Vec<Row> = there.collect();
    let ids: Vec<i32> = there.iter().map(|row| row.id).collect();
    let mut latest = latest(session, &ids)?;
    let sight = session.sight();
    let features = there.into_iter().map(|row| feature(sight, row, &mut latest)).collect();
    Ok(ThingPage { features, next })
}

fn feature(sight: Sight, row: Row, latest: &mut HashMap<i32, Latest>) -> ThingFeature {
    let Latest { monitoring_status, open_status, level } = latest.remove(&row.id).unwrap_or_default();
    ThingFeature {
        kind: "Feature",
        id: row.id,
        geometry: PointGeometry {
            kind: "Point",
            coordinates: [sight.degrees(row.longitude), sight.degrees(row.latitude), row.elevation],
        },
        properties: ThingProperties {
            id: row.id,
            thing_type: row.thing_type,
            name: row.name,
            group: row.group,
            county: row.county,
            well_depth: row.well_depth,
            well_depth_unit: Feet::Feet,
            monitoring_status,
            open_status,
            latest_water_level: level.map(|level| level.depth),
            latest_water_level_unit: Feet::Feet,
            latest_water_level_datetime: level.map(|level| level.time.exact()),
        },
    }
}

/// In the order of the index on (thing, start), so that each part costs what it reads. PostgreSQL does not conclude from the
/// bound of one joined key to the others, so each has its own. A hidden group is left out before the oldest is chosen.
fn all(session: &mut Session<'_>, export: &ThingExport, after: i32) -> Result<Vec<Row>, StoreError> {
    let sight = session.sight();
    let membership =
        member::thing_id.eq(place::thing_id).and(member::thing_id.gt(after)).and(visible(sight, &GROUP_MEMBER));
    let mut query = place::table
        .inner_join(thing::table)
        .inner_join(location::table)
        .left_join(member::table.on(membership))
        .left_join(group::table.on(group::id.nullable().eq(member::group_id.nullable())))
        .into_boxed::<Backend>()
        .filter(place::thing_id.gt(after))
        .filter(thing::id.gt(after))
        .filter(visible(sight, &THING))
        .filter(visible(sight, &LOCATION));
    if !export.thing_types.is_empty() {
        query = query.filter(unindexed(thing::thing_type).eq_any(&export.thing_types));
    }
    if export.is_narrowed() {
        let asked = matching(sight, &export.search, &export.filters)?;
        query = query.filter(in_query(thing::id, asked.filter(thing::id.gt(after))));
    }
    let rows = query
        .order((place::thing_id, place::effective_start.desc(), place::id.desc(), member::group_id.nullable()))
        .limit(ROW_LIMIT)
        .select((
            place::thing_id,
            thing::thing_type,
            thing::name,
            thing::well_depth,
            location::longitude,
            location::latitude,
            location::elevation,
            location::county,
            place::effective_end.is_null(),
            group::name.nullable(),
        ))
        .load(session)?;
    Ok(rows)
}

/// The groups that are asked for, with their name.
fn groups(session: &mut Session<'_>, key: &GroupKey) -> QueryResult<Vec<(i32, String)>> {
    let query = group::table.into_boxed::<Backend>().filter(visible(session.sight(), &GROUP));
    let query = match key {
        GroupKey::Id(id) => query.filter(group::id.eq(*id)),
        GroupKey::Name(name) => query.filter(group::name.eq(name)),
    };
    query.select((group::id, group::name)).order(group::id).load(session)
}

/// In the order of the index on (group, thing). Without their group's name.
fn members(
    session: &mut Session<'_>,
    groups: &[(i32, String)],
    export: &ThingExport,
    after: i32,
) -> Result<Vec<Row>, StoreError> {
    let sight = session.sight();
    let mut query = member::table
        .inner_join(thing::table)
        .inner_join(place::table.on(place::thing_id.eq(member::thing_id)))
        .inner_join(location::table.on(location::id.eq(place::location_id)))
        .into_boxed::<Backend>()
        .filter(member::thing_id.gt(after))
        .filter(thing::id.gt(after))
        .filter(place::thing_id.gt(after))
        .filter(visible(sight, &THING))
        .filter(visible(sight, &LOCATION));
    query = match groups {
        [] => return Ok(Vec::new()),
        // As a plain comparison the index gives the order too.
        [(only, _)] => query.filter(member::group_id.eq(*only)),
        several => {
            let ids: Vec<i32> = several.iter().map(|(id, _)| *id).collect();
            query.filter(one_of(member::group_id, &ids))
        }
    };
    if !export.thing_types.is_empty() {
        query = query.filter(unindexed(thing::thing_type).eq_any(&export.thing_types));
    }
    if export.is_narrowed() {
        let asked = matching(sight, &export.search, &export.filters)?;
        query = query.filter(in_query(thing::id, asked.filter(thing::id.gt(after))));
    }
    let rows = query
        .order((member::thing_id, place::effective_start.desc(), place::id.desc()))
        .limit(ROW_LIMIT)
        .select((
            member::thing_id,
            thing::thing_type,
            thing::name,
            thing::well_depth,
            location::longitude,
            location::latitude,
            location::elevation,
            location::county,
            place::effective_end.is_null(),
            diesel::dsl::sql::<diesel::sql_types::Nullable<diesel::sql_types::Text>>("NULL"),
        ))
        .load(session)?;
    Ok(rows)
}

/// An area as it is stored in a row of a table.
pub(in crate::store) fn stored_area(text: &str, table: &str, id: i32) -> QueryResult<MultiPolygonGeometry> {
    MultiPolygonGeometry::from_stored(text)
        .ok_or_else(|| Error::DeserializationError(format!("the area of {table} {id} is no area").into()))
}

/// A group's project area.
pub fn project_area(session: &mut Session<'_>, group_id: i32) -> Result<ProjectAreaCollection, StoreError> {
    let row: Option<(String, Option<String>, Option<String>)> = group::table
        .find(group_id)
        .filter(visible(session.sight(), &GROUP))
        .select((group::name, group::description, group::project_area))
        .first(session)
        .optional()?;
    let (group_name, group_description, area) =
        row.ok_or_else(|| StoreError::not_found(group_store::TABLE.model, group_id))?;
    let area = area.ok_or_else(|| StoreError::Missing("Group has no project area".to_owned()))?;
    let geometry = stored_area(&area, "group", group_id)?;
    Ok(ProjectAreaCollection::of(geometry, ProjectAreaProperties { group_id, group_name, group_description }))
}
