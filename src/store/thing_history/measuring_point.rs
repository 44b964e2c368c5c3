//! The measuring points of wells.

use chrono::{NaiveDate, Utc};
use diesel::prelude::*;
use diesel::result::OptionalEmptyChangesetExtension;

use crate::db::schema::measuring_point_history as point;
use crate::db::{Backend, Connection};
use crate::domain::actor::Actor;
use crate::domain::form::{Parsed, Patch};
use crate::domain::list::ListRequest;
use crate::domain::paging::Page;
use crate::domain::thing_history::{CreateMeasuringPointHistory, MeasuringPointHistory, UpdateMeasuringPointHistory};
use crate::domain::time::UtcDateTime;
use crate::store::list::{Column, Listing};
use crate::store::page::load_page;
use crate::store::{StoreError, vocabulary};

use super::{require_period, require_thing};

/// The resource's name in messages.
pub const MODEL: &str = "MeasuringPointHistory";

#[derive(Queryable, Selectable)]
#[diesel(table_name = point, check_for_backend(Backend))]
struct PointRow {
    id: i32,
    created_at: UtcDateTime,
    release_status: Option<String>,
    thing_id: i32,
    measuring_point_height: Option<f64>,
    measuring_point_description: Option<String>,
    start_date: NaiveDate,
    end_date: Option<NaiveDate>,
    reason: Option<String>,
    measuring_point_height_is_assumed: bool,
}

impl From<PointRow> for MeasuringPointHistory {
    fn from(row: PointRow) -> Self {
        let PointRow { id, created_at, release_status, thing_id, start_date, end_date, reason, .. } = row;
        Self {
            id,
            created_at,
            release_status,
            thing_id,
            measuring_point_height: row.measuring_point_height,
            measuring_point_description: row.measuring_point_description,
            start_date,
            end_date,
            reason,
            measuring_point_height_is_assumed: row.measuring_point_height_is_assumed,
        }
    }
}

static LISTING: Listing<point::table> = Listing {
    model: MODEL,
    columns: &[
        Column::integer("id", || Box::new(point::id.nullable())).not_null(),
        Column::time("created_at", || Box::new(point::created_at.nullable())).not_null(),
        Column::text("release_status", || Box::new(point::release_status)),
        Column::float("measuring_point_height", || Box::new(point::measuring_point_height)),
        Column::text("measuring_point_description", || Box::new(point::measuring_point_description)),
        Column::date("start_date", || Box::new(point::start_date.nullable())).not_null(),
        Column::date("end_date", || Box::new(point::end_date)),
        Column::text("reason", || Box::new(point::reason)),
        Column::bool("measuring_point_height_is_assumed", || {
            Box::new(point::measuring_point_height_is_assumed.nullable())
        }),
    ],
};

/// A page of a thing's measuring points.
pub fn list(
    conn: &mut Connection,
    thing_id: i32,
    request: &ListRequest,
) -> Result<Page<MeasuringPointHistory>, StoreError> {
    if !request.is_continued() {
        require_thing(conn, thing_id)?;
    }
    let plan = LISTING.plan(request)?;
    let (rows, extent) = load_page!(
        conn, plan, point::table, PointRow, point::id,
        extra: |query| query.filter(point::thing_id.eq(thing_id)),
        default: |query| query.order(point::id.asc())
    );
    Ok(Page::new(rows.into_iter().map(MeasuringPointHistory::from).collect(), extent))
}

/// One measuring point.
pub fn get(conn: &mut Connection, id: i32) -> Result<MeasuringPointHistory, StoreError> {
    let row: Option<PointRow> = point::table.find(id).select(PointRow::as_select()).first(conn).optional()?;
    row.map(MeasuringPointHistory::from).ok_or_else(|| StoreError::not_found(MODEL, id))
}

/// Appends a measuring point to a thing's history.
pub fn create(
    conn: &mut Connection,
    thing_id: i32,
    body: Parsed<CreateMeasuringPointHistory>,
    actor: &Actor,
) -> Result<MeasuringPointHistory, StoreError> {
    require_thing(conn, thing_id)?;
    let new = vocabulary::settle(conn, body)?;
    let id = add(conn, thing_id, &new, actor)?;
    get(conn, id)
}

/// Writes a row for a thing that is there, with terms that were looked up.
fn add(conn: &mut Connection, thing_id: i32, new: &CreateMeasuringPointHistory, actor: &Actor) -> QueryResult<i32> {
    let row = (
        point::thing_id.eq(thing_id),
        point::measuring_point_height.eq(new.measuring_point_height),
        point::measuring_point_description.eq(&new.measuring_point_description),
        point::start_date.eq(new.start_date),
        point::end_date.eq(new.end_date),
        point::reason.eq(&new.reason),
        point::measuring_point_height_is_assumed.eq(new.measuring_point_height_is_assumed),
        point::release_status.eq(&new.release_status),
        point::created_by_id.eq(&actor.id),
        point::created_by_name.eq(&actor.name),
    );
    diesel::insert_into(point::table).values(row).returning(point::id).get_result(conn)
}

/// Opens a row that starts today.
pub(in crate::store) fn open(
    conn: &mut Connection,
    thing_id: i32,
    height: Option<f64>,
    description: Option<String>,
    actor: &Actor,
) -> QueryResult<()> {
    let new = CreateMeasuringPointHistory {
        measuring_point_height: height,
        measuring_point_description: description,
        start_date: Utc::now().date_naive(),
        end_date: None,
        reason: None,
        measuring_point_height_is_assumed: false,
        release_status: crate::domain::draft(),
    };
    add(conn, thing_id, &new, actor).map(drop)
}

/// Takes a well's new height: the open rows end today and a new one starts, with the description of the last one. The
/// height that holds already is no change; null only ends the open rows.
pub(in crate::store) fn set_height(
    conn: &mut Connection,
    thing_id: i32,
    height: Patch<f64>,
    actor: &Actor,
) -> QueryResult<()> {
    if !height.is_sent() {
        return Ok(());
    }
    let last: Option<PointRow> = point::table
        .filter(point::thing_id.eq(thing_id))
        .order((point::start_date.desc(), point::id.desc()))
        .select(PointRow::as_select())
        .first(conn)
        .optional()?;
    let height = height.value();
    let holds = last.as_ref().is_some_and(|last| last.end_date.is_none() && last.measuring_point_height == height);
    if holds {
        return Ok(());
    }
    let open_rows = point::table.filter(point::thing_id.eq(thing_id)).filter(point::end_date.is_null());
    diesel::update(open_rows)
        .set((
            point::end_date.eq(Utc::now().date_naive()),
            point::updated_by_id.eq(&actor.id),
            point::updated_by_name.eq(&actor.name),
        ))
        .execute(conn)?;
    match height {
        Some(_) => open(conn, thing_id, height, last.and_then(|last| last.measuring_point_description), actor),
        None => Ok(()),
    }
}

#[derive(AsChangeset)]
#[diesel(table_name = point)]
struct PointChange {
    measuring_point_height: Option<Option<f64>>,
    measuring_point_description: Option<Option<String>>,
    start_date: Option<NaiveDate>,
    end_date: Option<Option<NaiveDate>>,
    reason: Option<Option<String>>,
    measuring_point_height_is_assumed: Option<bool>,
    release_status: Option<Option<String>>,
    updated_by_id: Option<String>,
    updated_by_name: Option<String>,
}

/// Changes what was sent.
pub fn update(
    conn: &mut Connection,
    id: i32,
    body: Parsed<UpdateMeasuringPointHistory>,
    actor: &Actor,
) -> Result<MeasuringPointHistory, StoreError> {
    let before = get(conn, id)?;
    let patch = vocabulary::settle(conn, body)?;
    require_period((before.start_date, before.end_date), patch.start_date, &patch.end_date)?;
    let change = PointChange {
        measuring_point_height: patch.measuring_point_height.into_change(),
        measuring_point_description: patch.measuring_point_description.into_change(),
        start_date: patch.start_date,
        end_date: patch.end_date.into_change(),
        reason: patch.reason.into_change(),
        measuring_point_height_is_assumed: patch.measuring_point_height_is_assumed,
        release_status: patch.release_status.into_change(),
        updated_by_id: actor.id.clone(),
        updated_by_name: actor.name.clone(),
    };
    diesel::update(point::table.find(id)).set(change).execute(conn).optional_empty_changeset()?;
    get(conn, id)
}

/// Removes a row.
pub fn delete(conn: &mut Connection, id: i32) -> Result<(), StoreError> {
    match diesel::delete(point::table.find(id)).execute(conn)? {
        0 => Err(StoreError::not_found(MODEL, id)),
        _ => Ok(()),
    }
}
