//! Who took part in visits.

use std::collections::HashMap;

use diesel::result::OptionalEmptyChangesetExtension as _;

use crate::db::prelude::*;
use crate::db::schema::field_event_participant as participant;
use crate::db::{Backend, Ids, Numbers, Read, Session, WriteSession, among, columns, rows, sharing};
use crate::domain::contact::Contact;
use crate::domain::field_event_participant::{
    CreateFieldEventParticipant, FieldEventParticipant, UpdateFieldEventParticipant,
};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::principal::Sight;
use crate::domain::request::form::Parsed;
use crate::domain::request::list::ListRequest;
use crate::domain::request::paging::Found;
use crate::store::query::check::{self, Named, Table, check_change, check_new};
use crate::store::query::find::{Listed as _, Search, in_order, listed};
use crate::store::query::listing::{Column, Condition, Listing};
use crate::store::query::stored::stored;
use crate::store::query::visibility::{FIELD_EVENT_PARTICIPANT, visible};
use crate::store::{StoreError, contact, field_event};

/// The table, and the resource's name in messages.
pub const TABLE: Table = Table { name: "field_event_participant", model: "FieldEventParticipant" };

/// A row of the table.
#[derive(Queryable, Selectable)]
#[diesel(table_name = participant, check_for_backend(Backend))]
pub(in crate::store) struct ParticipantRow {
    id: i32,
    created_at: UtcDateTime,
    release_status: Option<String>,
    release_at: Option<chrono::NaiveDate>,
    field_event_id: i32,
    contact_id: i32,
    participant_role: String,
}

stored! {
    participant: NewParticipant from CreateFieldEventParticipant, ParticipantChange from UpdateFieldEventParticipant;
    taken { participant_role: String }
    given { field_event_id: i32, contact_id: i32 }
}

listed!(participant);

static LISTING: Listing<participant::table> = Listing {
    model: TABLE.model,
    rule: &FIELD_EVENT_PARTICIPANT,
    columns: &[
        Column::of(participant::id),
        Column::of(participant::created_at),
        Column::of(participant::release_status),
        Column::of(participant::release_at),
        Column::of(participant::field_event_id),
        Column::of(participant::contact_id),
        Column::of(participant::participant_role),
    ],
};

/// A page of participants, of one visit or of all.
pub fn find(session: &mut Session<'_>, request: &ListRequest, event: &Option<i32>) -> Result<Found, StoreError> {
    let of =
        |event: &i32| -> Condition<participant::table> { Box::new(participant::field_event_id.eq(*event).nullable()) };
    let narrow = || Ok(event.iter().map(of).collect());
    let (found, ()) = participant::table::find_page(session, &LISTING, request, Search::new(&narrow))?;
    Ok(found)
}

/// The participants with these ids, in their order.
pub fn load(session: &mut Session<'_>, ids: &[i32]) -> Result<Vec<FieldEventParticipant>, StoreError> {
    let sight = session.sight();
    let these = participant::table
        .filter(among(participant::id, Numbers::new(ids)))
        .filter(visible(sight, &FIELD_EVENT_PARTICIPANT));
    let contacts = these.clone().select(participant::contact_id);
    let contacts = sharing("participant_contacts", contacts, |contacts| contact::read(sight, contacts));
    let rows = rows::<ParticipantRow, _>(these.select(columns::<ParticipantRow>()));
    let (rows, contacts) = session.read_fixed((rows, contacts))?;
    Ok(in_order(with_contacts(rows, &contacts), ids, |participant| participant.id))
}

/// The rows of visits, by id.
pub(in crate::store) fn rows_of_visits(sight: Sight, visits: impl Ids) -> impl Read<Output = Vec<ParticipantRow>> {
    let participants = participant::table
        .filter(among(participant::field_event_id, visits))
        .filter(visible(sight, &FIELD_EVENT_PARTICIPANT))
        .order(participant::id);
    rows::<ParticipantRow, _>(participants.select(columns::<ParticipantRow>()))
}

/// Participants with the contacts that they are.
pub(in crate::store) fn with_contacts(
    rows: Vec<ParticipantRow>,
    contacts: &HashMap<i32, Contact>,
) -> Vec<FieldEventParticipant> {
    // The foreign key sees to it that every participant has a contact.
    let with_contact = |row: ParticipantRow| {
        Some(FieldEventParticipant {
            id: row.id,
            created_at: row.created_at,
            release_status: row.release_status,
            release_at: row.release_at,
            field_event_id: row.field_event_id,
            contact_id: row.contact_id,
            participant_role: row.participant_role,
            participant: contacts.get(&row.contact_id)?.clone(),
        })
    };
    rows.into_iter().filter_map(with_contact).collect()
}

/// One participant.
pub fn get(session: &mut Session<'_>, id: i32) -> Result<FieldEventParticipant, StoreError> {
    load(session, &[id])?.pop().ok_or_else(|| StoreError::not_found(TABLE.model, id))
}

/// Checks a chunk of forms and makes rows of them.
pub fn check(
    session: &mut WriteSession<'_>,
    forms: Vec<Parsed<CreateFieldEventParticipant>>,
) -> Result<Vec<NewParticipant>, StoreError> {
    let names = |form: &CreateFieldEventParticipant| {
        vec![
            Named::new(field_event::TABLE, "field_event_id", form.field_event_id),
            Named::new(contact::TABLE, "contact_id", form.contact_id),
        ]
    };
    let checked = check_new(session, TABLE.name, forms, names)?;
    let by = session.principal();
    let row = |(id, form): (i32, CreateFieldEventParticipant)| {
        let (event, contact) = (check::id(form.field_event_id), check::id(form.contact_id));
        NewParticipant::of(id, form, by, event, contact)
    };
    Ok(checked.into_iter().map(row).collect())
}

/// Stores checked rows.
pub fn insert(session: &mut WriteSession<'_>, rows: &Vec<NewParticipant>) -> QueryResult<()> {
    session.insert(&[rows])
}

/// Stores that somebody took part in a visit.
pub fn create(
    session: &mut WriteSession<'_>,
    form: Parsed<CreateFieldEventParticipant>,
) -> Result<FieldEventParticipant, StoreError> {
    let rows = check(session, vec![form])?;
    insert(session, &rows)?;
    get(session, rows.first().map_or(0, |row| row.id))
}

/// Changes what was sent.
pub fn update(
    session: &mut WriteSession<'_>,
    id: i32,
    form: Parsed<UpdateFieldEventParticipant>,
) -> Result<FieldEventParticipant, StoreError> {
    let patch = check_change(session, (TABLE, id), form, |form| {
        let event = Named::optional(field_event::TABLE, "field_event_id", form.field_event_id);
        let contact = Named::optional(contact::TABLE, "contact_id", form.contact_id);
        event.into_iter().chain(contact).collect()
    })?;
    let (event, contact) = (patch.field_event_id.map(check::id), patch.contact_id.map(check::id));
    let change = ParticipantChange::of(patch, session.principal(), event, contact);
    diesel::update(participant::table.find(id)).set(change).execute(session).optional_empty_changeset()?;
    get(session, id)
}

/// Removes a participant with the samples that were taken by it, and their observations.
pub fn delete(session: &mut WriteSession<'_>, id: i32) -> Result<(), StoreError> {
    match diesel::delete(participant::table.find(id)).execute(session)? {
        0 => Err(StoreError::not_found(TABLE.model, id)),
        _ => Ok(()),
    }
}
