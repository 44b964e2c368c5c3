//! What was done during visits.

use diesel::result::OptionalEmptyChangesetExtension as _;

use crate::db::prelude::*;
use crate::db::schema::field_activity;
use crate::db::{Ids, Numbers, Read, Session, WriteSession, among, columns, rows};
use crate::domain::field_activity::{CreateFieldActivity, FieldActivity, UpdateFieldActivity};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::principal::Sight;
use crate::domain::request::form::Parsed;
use crate::domain::request::list::ListRequest;
use crate::domain::request::paging::Found;
use crate::store::query::check::{self, Named, Table, check_change, check_new};
use crate::store::query::find::{Listed as _, Search, in_order, listed};
use crate::store::query::listing::{Column, Condition, Listing};
use crate::store::query::stored::{row, stored};
use crate::store::query::visibility::{FIELD_ACTIVITY, visible};
use crate::store::{StoreError, field_event};

/// The table, and the resource's name in messages.
pub const TABLE: Table = Table { name: "field_activity", model: "FieldActivity" };

row! {
    /// A row of the table.
    struct FieldActivityRow of field_activity as FieldActivity {
        id: i32,
        created_at: UtcDateTime,
        release_status: Option<String>,
        release_at: Option<chrono::NaiveDate>,
        field_event_id: i32,
        activity_type: String,
        notes: Option<String>,
    }
}

stored! {
    field_activity: NewFieldActivity from CreateFieldActivity, FieldActivityChange from UpdateFieldActivity;
    taken { activity_type: String, notes?: String }
    given { field_event_id: i32 }
}

listed!(field_activity);

static LISTING: Listing<field_activity::table> = Listing {
    model: TABLE.model,
    rule: &FIELD_ACTIVITY,
    columns: &[
        Column::of(field_activity::id),
        Column::of(field_activity::created_at),
        Column::of(field_activity::release_status),
        Column::of(field_activity::release_at),
        Column::of(field_activity::field_event_id),
        Column::of(field_activity::activity_type),
        Column::of(field_activity::notes),
    ],
};

/// A page of activities, of one visit or of all.
pub fn find(session: &mut Session<'_>, request: &ListRequest, event: &Option<i32>) -> Result<Found, StoreError> {
    let of = |event: &i32| -> Condition<field_activity::table> {
        Box::new(field_activity::field_event_id.eq(*event).nullable())
    };
    let narrow = || Ok(event.iter().map(of).collect());
    let (found, ()) = field_activity::table::find_page(session, &LISTING, request, Search::new(&narrow))?;
    Ok(found)
}

/// The activities with these ids, in their order.
pub fn load(session: &mut Session<'_>, ids: &[i32]) -> Result<Vec<FieldActivity>, StoreError> {
    let activities = session.read_fixed(read(session.sight(), Numbers::new(ids)))?;
    Ok(in_order(activities, ids, |activity| activity.id))
}

/// The activities with these ids, by id.
pub fn read(sight: Sight, ids: impl Ids) -> impl Read<Output = Vec<FieldActivity>> {
    let activities =
        field_activity::table.filter(among(field_activity::id, ids)).filter(visible(sight, &FIELD_ACTIVITY));
    rows::<FieldActivityRow, _>(activities.order(field_activity::id).select(columns::<FieldActivityRow>()))
        .giving(|rows| rows.into_iter().map(FieldActivity::from).collect())
}

/// One activity.
pub fn get(session: &mut Session<'_>, id: i32) -> Result<FieldActivity, StoreError> {
    load(session, &[id])?.pop().ok_or_else(|| StoreError::not_found(TABLE.model, id))
}

/// Checks a chunk of forms and makes rows of them.
pub fn check(
    session: &mut WriteSession<'_>,
    forms: Vec<Parsed<CreateFieldActivity>>,
) -> Result<Vec<NewFieldActivity>, StoreError> {
    let names =
        |form: &CreateFieldActivity| vec![Named::new(field_event::TABLE, "field_event_id", form.field_event_id)];
    let checked = check_new(session, TABLE.name, forms, names)?;
    let by = session.principal();
    let row = |(id, form): (i32, CreateFieldActivity)| {
        let event = check::id(form.field_event_id);
        NewFieldActivity::of(id, form, by, event)
    };
    Ok(checked.into_iter().map(row).collect())
}

/// Stores checked rows.
pub fn insert(session: &mut WriteSession<'_>, rows: &Vec<NewFieldActivity>) -> QueryResult<()> {
    session.insert(&[rows])
}

/// Stores an activity.
pub fn create(session: &mut WriteSession<'_>, form: Parsed<CreateFieldActivity>) -> Result<FieldActivity, StoreError> {
    let rows = check(session, vec![form])?;
    insert(session, &rows)?;
    get(session, rows.first().map_or(0, |row| row.id))
}

/// Changes what was sent.
pub fn update(
    session: &mut WriteSession<'_>,
    id: i32,
    form: Parsed<UpdateFieldActivity>,
) -> Result<FieldActivity, StoreError> {
    let patch = check_change(session, (TABLE, id), form, |form| {
        Vec::from_iter(Named::optional(field_event::TABLE, "field_event_id", form.field_event_id))
    })?;
    let event = patch.field_event_id.map(check::id);
    let change = FieldActivityChange::of(patch, session.principal(), event);
    diesel::update(field_activity::table.find(id)).set(change).execute(session).optional_empty_changeset()?;
    get(session, id)
}

/// Removes an activity with its samples and observations.
pub fn delete(session: &mut WriteSession<'_>, id: i32) -> Result<(), StoreError> {
    match diesel::delete(field_activity::table.find(id)).execute(session)? {
        0 => Err(StoreError::not_found(TABLE.model, id)),
        _ => Ok(()),
    }
}
