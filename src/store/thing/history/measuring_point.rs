//! The measuring points of wells.

use chrono::{NaiveDate, Utc};
use diesel::result::OptionalEmptyChangesetExtension as _;

use crate::db::prelude::*;
use crate::db::schema::measuring_point_history as point;
use crate::db::{AlsoRun, InsertRows, Numbers, Session, WriteSession, among, new_ids, row, rows};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::principal::Principal;
use crate::domain::request::form::{Parsed, Patch};
use crate::domain::request::list::ListRequest;
use crate::domain::request::paging::Found;
use crate::domain::thing::history::{CreateMeasuringPointHistory, MeasuringPointHistory, UpdateMeasuringPointHistory};
use crate::store::StoreError;
use crate::store::query::check::{Table, check_change, check_new_below};
use crate::store::query::find::{Listed as _, Search, in_order, listed};
use crate::store::query::listing::{Column, Condition, Listing};
use crate::store::query::stored::{row, stored};
use crate::store::query::visibility::{MEASURING_POINT, visible};
use crate::store::thing;
use crate::store::thing::history::{require_period, require_thing};

/// The table, and the resource's name in messages.
pub const TABLE: Table = Table { name: "measuring_point_history", model: "MeasuringPointHistory" };

row! {
    /// A row of the table.
    struct PointRow of point as MeasuringPointHistory {
        id: i32,
        created_at: UtcDateTime,
        release_status: Option<String>,
        release_at: Option<NaiveDate>,
        thing_id: i32,
        measuring_point_height: Option<f64>,
        measuring_point_description: Option<String>,
        start_date: NaiveDate,
        end_date: Option<NaiveDate>,
        reason: Option<String>,
        measuring_point_height_is_assumed: bool,
    }
}

stored! {
    point: NewPoint from CreateMeasuringPointHistory, PointChange from UpdateMeasuringPointHistory;
    taken {
        measuring_point_height?: f64,
        measuring_point_description?: String,
        start_date: NaiveDate,
        end_date?: NaiveDate,
        reason?: String,
        measuring_point_height_is_assumed: bool
    }
    given { thing_id: i32 }
}

listed!(point);

static LISTING: Listing<point::table> = Listing {
    model: TABLE.model,
    rule: &MEASURING_POINT,
    columns: &[
        Column::of(point::id),
        Column::of(point::created_at),
        Column::of(point::release_status),
        Column::of(point::release_at),
        Column::of(point::measuring_point_height),
        Column::of(point::measuring_point_description),
        Column::of(point::start_date),
        Column::of(point::end_date),
        Column::of(point::reason),
        Column::of(point::measuring_point_height_is_assumed),
    ],
};

/// A page of a thing's measuring points.
pub fn find(session: &mut Session<'_>, request: &ListRequest, thing_id: &i32) -> Result<Found, StoreError> {
    let thing_id = *thing_id;
    let narrow = || {
        let of_thing: Condition<point::table> = Box::new(point::thing_id.eq(thing_id).nullable());
        Ok(vec![of_thing])
    };
    let search = Search::new(&narrow).with(thing::there(session.sight(), thing_id));
    let (found, kind) = point::table::find_page(session, &LISTING, request, search)?;
    require_thing(thing_id, kind)?;
    Ok(found)
}

/// The measuring points with these ids, in their order.
pub fn load(session: &mut Session<'_>, ids: &[i32]) -> Result<Vec<MeasuringPointHistory>, StoreError> {
    let asked =
        point::table.filter(among(point::id, Numbers::new(ids))).filter(visible(session.sight(), &MEASURING_POINT));
    let rows: Vec<PointRow> = asked.select(PointRow::as_select()).load(session)?;
    Ok(in_order(rows.into_iter().map(MeasuringPointHistory::from).collect(), ids, |row| row.id))
}

/// One measuring point.
pub fn get(session: &mut Session<'_>, id: i32) -> Result<MeasuringPointHistory, StoreError> {
    load(session, &[id])?.pop().ok_or_else(|| StoreError::not_found(TABLE.model, id))
}

/// Checks a chunk of forms that belong to a thing, and makes rows of them.
pub fn check(
    session: &mut WriteSession<'_>,
    thing_id: i32,
    forms: Vec<Parsed<CreateMeasuringPointHistory>>,
) -> Result<Vec<NewPoint>, StoreError> {
    let checked = check_new_below(session, TABLE.name, (thing::TABLE, thing_id), forms)?;
    let by = session.principal();
    Ok(checked.into_iter().map(|(id, form)| NewPoint::of(id, form, by, thing_id)).collect())
}

/// Appends a measuring point to a thing's history.
pub fn create(
    session: &mut WriteSession<'_>,
    thing_id: i32,
    form: Parsed<CreateMeasuringPointHistory>,
) -> Result<MeasuringPointHistory, StoreError> {
    let rows = check(session, thing_id, vec![form])?;
    session.insert(&[&rows])?;
    get(session, rows.first().map_or(0, |row| row.id))
}

/// A row that starts today.
pub(in crate::store) fn from_today(
    id: i32,
    by: &Principal,
    thing_id: i32,
    height: Option<f64>,
    description: Option<String>,
) -> NewPoint {
    let form = CreateMeasuringPointHistory {
        measuring_point_height: height,
        measuring_point_description: description,
        start_date: Utc::now().date_naive(),
        end_date: None,
        reason: None,
        measuring_point_height_is_assumed: false,
        release_status: crate::domain::draft(),
        release_at: None,
    };
    NewPoint::of(id, form, by, thing_id)
}

/// What gives a well, which is locked, a new height: the open rows end today and a new one starts, with the description
/// of the last one. The height that holds already is no change; null only ends the open rows.
pub(in crate::store) fn set_height(
    session: &mut WriteSession<'_>,
    thing_id: i32,
    height: Patch<f64>,
) -> QueryResult<(impl InsertRows + use<>, Vec<NewPoint>)> {
    let by = session.principal();
    let last = point::table.filter(point::thing_id.eq(thing_id)).order((point::start_date.desc(), point::id.desc()));
    let last = last.select((point::end_date, point::measuring_point_height, point::measuring_point_description));
    let asked = height.is_sent().then(|| {
        let last = row::<(Option<NaiveDate>, Option<f64>, Option<String>), _>(last.limit(1));
        (last, rows::<i32, _>(new_ids(TABLE.name, 1)))
    });
    let asked = session.read(asked)?;
    let height = height.value();
    let changed = asked.filter(|(last, _)| {
        let holds = |(end, last, _): &(Option<NaiveDate>, Option<f64>, _)| end.is_none() && *last == height;
        !last.as_ref().is_some_and(holds)
    });
    let closing = changed.is_some().then(|| {
        let open = point::table.filter(point::thing_id.eq(thing_id)).filter(point::end_date.is_null());
        diesel::update(open).set((
            point::end_date.eq(Utc::now().date_naive()),
            point::updated_by_id.eq(by.id.clone()),
            point::updated_by_name.eq(by.name.clone()),
        ))
    });
    let (last, ids) = changed.filter(|_| height.is_some()).unwrap_or_default();
    let description = last.and_then(|(_, _, description)| description);
    let new = ids.into_iter().map(|id| from_today(id, by, thing_id, height, description.clone())).collect();
    Ok((AlsoRun(closing), new))
}

/// Changes what was sent.
pub fn update(
    session: &mut WriteSession<'_>,
    id: i32,
    form: Parsed<UpdateMeasuringPointHistory>,
) -> Result<MeasuringPointHistory, StoreError> {
    let patch = check_change(session, (TABLE, id), form, |_| Vec::new())?;
    require_period(patch.start_date, &patch.end_date, || {
        point::table.find(id).select((point::start_date, point::end_date)).first(session)
    })?;
    let change = PointChange::of(patch, session.principal(), None);
    diesel::update(point::table.find(id)).set(change).execute(session).optional_empty_changeset()?;
    get(session, id)
}

/// Removes a row.
pub fn delete(session: &mut WriteSession<'_>, id: i32) -> Result<(), StoreError> {
    match diesel::delete(point::table.find(id)).execute(session)? {
        0 => Err(StoreError::not_found(TABLE.model, id)),
        _ => Ok(()),
    }
}
