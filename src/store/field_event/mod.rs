//! Visits to things.

mod details;

use diesel::result::OptionalEmptyChangesetExtension as _;

use crate::db::prelude::*;
use crate::db::schema::field_event;
use crate::db::{Ids, Numbers, Read, Session, WriteSession, among, columns, rows};
use crate::domain::field_event::{CreateFieldEvent, FieldEvent, UpdateFieldEvent};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::principal::Sight;
use crate::domain::request::form::Parsed;
use crate::domain::request::list::ListRequest;
use crate::domain::request::paging::Found;
use crate::store::query::check::{self, Named, Table, check_change, check_new};
use crate::store::query::find::{Listed as _, Search, in_order, listed};
use crate::store::query::listing::{Column, Condition, Listing};
use crate::store::query::stored::{row, stored};
use crate::store::query::visibility::{FIELD_EVENT, visible};
use crate::store::{StoreError, thing};

pub use details::{details, visits};

/// The table, and the resource's name in messages.
pub const TABLE: Table = Table { name: "field_event", model: "FieldEvent" };

row! {
    /// A row of the table.
    struct FieldEventRow of field_event as FieldEvent {
        id: i32,
        created_at: UtcDateTime,
        release_status: Option<String>,
        release_at: Option<chrono::NaiveDate>,
        thing_id: i32,
        event_date: UtcDateTime,
        notes: Option<String>,
    }
}

stored! {
    field_event: NewFieldEvent from CreateFieldEvent, FieldEventChange from UpdateFieldEvent;
    taken { event_date: UtcDateTime, notes?: String }
    given { thing_id: i32 }
}

listed!(field_event);

static LISTING: Listing<field_event::table> = Listing {
    model: TABLE.model,
    rule: &FIELD_EVENT,
    columns: &[
        Column::of(field_event::id),
        Column::of(field_event::created_at),
        Column::of(field_event::release_status),
        Column::of(field_event::release_at),
        Column::of(field_event::thing_id),
        Column::of(field_event::event_date),
        Column::of(field_event::notes),
    ],
};

/// A page of visits, of one thing or of all.
pub fn find(session: &mut Session<'_>, request: &ListRequest, thing: &Option<i32>) -> Result<Found, StoreError> {
    let of = |thing: &i32| -> Condition<field_event::table> { Box::new(field_event::thing_id.eq(*thing).nullable()) };
    let narrow = || Ok(thing.iter().map(of).collect());
    let (found, ()) = field_event::table::find_page(session, &LISTING, request, Search::new(&narrow))?;
    Ok(found)
}

/// The visits with these ids, in their order.
pub fn load(session: &mut Session<'_>, ids: &[i32]) -> Result<Vec<FieldEvent>, StoreError> {
    let events = session.read_fixed(read(session.sight(), Numbers::new(ids)))?;
    Ok(in_order(events, ids, |event| event.id))
}

/// The visits with these ids, by id.
pub fn read(sight: Sight, ids: impl Ids) -> impl Read<Output = Vec<FieldEvent>> {
    let events = field_event::table.filter(among(field_event::id, ids)).filter(visible(sight, &FIELD_EVENT));
    rows::<FieldEventRow, _>(events.order(field_event::id).select(columns::<FieldEventRow>())).giving(wire)
}

fn wire(rows: Vec<FieldEventRow>) -> Vec<FieldEvent> {
    rows.into_iter().map(FieldEvent::from).collect()
}

/// One visit.
pub fn get(session: &mut Session<'_>, id: i32) -> Result<FieldEvent, StoreError> {
    load(session, &[id])?.pop().ok_or_else(|| StoreError::not_found(TABLE.model, id))
}

/// Checks a chunk of forms and makes rows of them.
pub fn check(
    session: &mut WriteSession<'_>,
    forms: Vec<Parsed<CreateFieldEvent>>,
) -> Result<Vec<NewFieldEvent>, StoreError> {
    let names = |form: &CreateFieldEvent| vec![Named::new(thing::TABLE, "thing_id", form.thing_id)];
    let checked = check_new(session, TABLE.name, forms, names)?;
    let by = session.principal();
    let row = |(id, form): (i32, CreateFieldEvent)| {
        let thing = check::id(form.thing_id);
        NewFieldEvent::of(id, form, by, thing)
    };
    Ok(checked.into_iter().map(row).collect())
}

/// Stores checked rows.
pub fn insert(session: &mut WriteSession<'_>, rows: &Vec<NewFieldEvent>) -> QueryResult<()> {
    session.insert(&[rows])
}

/// Stores a visit.
pub fn create(session: &mut WriteSession<'_>, form: Parsed<CreateFieldEvent>) -> Result<FieldEvent, StoreError> {
    let rows = check(session, vec![form])?;
    insert(session, &rows)?;
    get(session, rows.first().map_or(0, |row| row.id))
}

/// Changes what was sent.
pub fn update(
    session: &mut WriteSession<'_>,
    id: i32,
    form: Parsed<UpdateFieldEvent>,
) -> Result<FieldEvent, StoreError> {
    let names = |form: &UpdateFieldEvent| Vec::from_iter(Named::optional(thing::TABLE, "thing_id", form.thing_id));
    let patch = check_change(session, (TABLE, id), form, names)?;
    let thing = patch.thing_id.map(check::id);
    let change = FieldEventChange::of(patch, session.principal(), thing);
    diesel::update(field_event::table.find(id)).set(change).execute(session).optional_empty_changeset()?;
    get(session, id)
}

/// Removes a visit with its activities, participants, samples and observations.
pub fn delete(session: &mut WriteSession<'_>, id: i32) -> Result<(), StoreError> {
    match diesel::delete(field_event::table.find(id)).execute(session)? {
        0 => Err(StoreError::not_found(TABLE.model, id)),
        _ => Ok(()),
    }
}
