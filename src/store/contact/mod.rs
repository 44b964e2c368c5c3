//! Contacts, with all that belongs to them.

pub mod address;
pub mod email;
mod list;
pub mod phone;
mod write;

use std::collections::HashMap;

use crate::db::prelude::*;
use crate::db::schema::{contact, incomplete_nma_phone, thing, thing_contact_association as thing_link};
use crate::db::{Backend, Ids, Read, Session, among, columns, row, rows};
use crate::domain::contact::{Contact, ContactThing};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::note::Note;
use crate::domain::principal::Sight;
use crate::store::query::check::Table;
use crate::store::query::find::by_parent;
use crate::store::query::visibility::{CONTACT, INCOMPLETE_PHONE, THING, THING_CONTACT, visible};
use crate::store::{StoreError, note};

pub use list::{find, load};
pub use write::{NewContact, create, delete, update};

/// The table, and the resource's name in messages.
pub const TABLE: Table = Table { name: "contact", model: "Contact" };

#[derive(Queryable, Selectable)]
#[diesel(table_name = contact, check_for_backend(Backend))]
struct ContactRow {
    id: i32,
    created_at: UtcDateTime,
    release_status: Option<String>,
    release_at: Option<chrono::NaiveDate>,
    name: Option<String>,
    organization: Option<String>,
    role: String,
    contact_type: String,
}

/// The contacts with these ids, by id, with all that belongs to them.
pub fn read(sight: Sight, ids: impl Ids) -> impl Read<Output = HashMap<i32, Contact>> {
    let contacts = contact::table.filter(among(contact::id, ids.clone())).filter(visible(sight, &CONTACT));
    let parts = (
        rows::<ContactRow, _>(contacts.select(columns::<ContactRow>())),
        incomplete_phones(sight, ids.clone()),
        email::of(sight, ids.clone()),
        phone::of(sight, ids.clone()),
        address::of(sight, ids.clone()),
        things(sight, ids.clone()),
        note::of(sight, TABLE.name, ids),
    );
    parts.giving(|(contacts, mut numbers, mut emails, mut phones, mut addresses, mut things, notes)| {
        let complete = |row: ContactRow| Contact {
            id: row.id,
            created_at: row.created_at,
            release_status: row.release_status,
            release_at: row.release_at,
            name: row.name,
            organization: row.organization,
            role: row.role,
            contact_type: row.contact_type,
            incomplete_nma_phones: numbers.remove(&row.id).unwrap_or_default(),
            emails: emails.remove(&row.id).unwrap_or_default(),
            phones: phones.remove(&row.id).unwrap_or_default(),
            addresses: addresses.remove(&row.id).unwrap_or_default(),
            things: things.remove(&row.id).unwrap_or_default(),
            communication_notes: of_type(notes.get(&row.id), "Communication"),
            general_notes: of_type(notes.get(&row.id), "General"),
        };
        contacts.into_iter().map(complete).map(|contact| (contact.id, contact)).collect()
    })
}

/// One contact.
pub fn get(session: &mut Session<'_>, id: i32) -> Result<Contact, StoreError> {
    load(session, &[id])?.pop().ok_or_else(|| StoreError::not_found(TABLE.model, id))
}

/// The id of a contact, where it is there.
fn there(sight: Sight, id: i32) -> impl Read<Output = Option<i32>> {
    row::<i32, _>(contact::table.filter(contact::id.eq(id)).filter(visible(sight, &CONTACT)).select(contact::id))
}

/// Refuses a contact that the path names and that is not there.
fn require_contact(id: i32, there: Option<i32>) -> Result<(), StoreError> {
    there.map(drop).ok_or_else(|| StoreError::not_found(TABLE.model, id))
}

fn of_type(notes: Option<&Vec<Note>>, note_type: &str) -> Vec<Note> {
    notes.into_iter().flatten().filter(|note| note.note_type == note_type).cloned().collect()
}

fn incomplete_phones(sight: Sight, contacts: impl Ids) -> impl Read<Output = HashMap<i32, Vec<String>>> {
    let found = incomplete_nma_phone::table
        .filter(among(incomplete_nma_phone::contact_id, contacts))
        .filter(visible(sight, &INCOMPLETE_PHONE))
        .order(incomplete_nma_phone::id)
        .select((incomplete_nma_phone::contact_id, incomplete_nma_phone::phone_number));
    rows::<(i32, String), _>(found).giving(|rows| by_parent(rows, |(contact, _)| *contact, |(_, number)| number))
}

/// The things of contacts, by id, each once.
fn things(sight: Sight, contacts: impl Ids) -> impl Read<Output = HashMap<i32, Vec<ContactThing>>> {
    let found = thing_link::table
        .inner_join(thing::table)
        .filter(among(thing_link::contact_id, contacts))
        .filter(visible(sight, &THING_CONTACT))
        .filter(visible(sight, &THING))
        .order((thing::id, thing_link::id))
        .select((
            thing_link::contact_id,
            thing::id,
            thing::created_at,
            thing::release_status,
            thing::release_at,
            thing::name,
        ));
    rows::<(i32, i32, UtcDateTime, Option<String>, Option<chrono::NaiveDate>, String), _>(found).giving(|rows| {
        let thing = |(_, id, created_at, release_status, release_at, name)| ContactThing {
            id,
            created_at,
            release_status,
            release_at,
            name,
        };
        let mut things = by_parent(rows, |row| row.0, thing);
        for things in things.values_mut() {
            things.dedup_by_key(|thing: &mut ContactThing| thing.id);
        }
        things
    })
}
