//! Contacts, as other resources embed them.

use std::collections::HashMap;

use crate::db::prelude::*;
use crate::db::schema::{
    address, contact, email, incomplete_nma_phone, phone, thing, thing_contact_association as thing_link,
};
use crate::db::{Backend, Ids, Read, among, columns, rows};
use crate::domain::contact::{Address, Contact, ContactThing, Email, Phone};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::note::Note;
use crate::domain::principal::Sight;
use crate::store::note;
use crate::store::query::check::Table;
use crate::store::query::find::by_parent;
use crate::store::query::stored::row;
use crate::store::query::visibility::{
    ADDRESS, CONTACT, EMAIL, INCOMPLETE_PHONE, PHONE, THING, THING_CONTACT, visible,
};

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

#[derive(Queryable, Selectable)]
#[diesel(table_name = email, check_for_backend(Backend))]
struct EmailRow {
    id: i32,
    created_at: UtcDateTime,
    release_status: Option<String>,
    release_at: Option<chrono::NaiveDate>,
    contact_id: i32,
    email_: String,
    email_type: String,
}

impl From<EmailRow> for Email {
    fn from(row: EmailRow) -> Self {
        let EmailRow { id, created_at, release_status, release_at, contact_id, email_: email, email_type } = row;
        Self { id, created_at, release_status, release_at, contact_id, email, email_type }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = phone, check_for_backend(Backend))]
struct PhoneRow {
    id: i32,
    created_at: UtcDateTime,
    release_status: Option<String>,
    release_at: Option<chrono::NaiveDate>,
    contact_id: i32,
    phone_number: String,
    phone_type: String,
}

impl From<PhoneRow> for Phone {
    fn from(row: PhoneRow) -> Self {
        let PhoneRow { id, created_at, release_status, release_at, contact_id, phone_number, phone_type } = row;
        Self { id, created_at, release_status, release_at, contact_id, phone_number: Some(phone_number), phone_type }
    }
}

row! {
    struct AddressRow of address as Address {
        id: i32,
        created_at: UtcDateTime,
        release_status: Option<String>,
        release_at: Option<chrono::NaiveDate>,
        contact_id: i32,
        address_line_1: String,
        address_line_2: Option<String>,
        city: Option<String>,
        state: Option<String>,
        postal_code: Option<String>,
        country: String,
        address_type: String,
    }
}

/// The contacts with these ids, by id, with all that belongs to them.
pub fn read(sight: Sight, ids: impl Ids) -> impl Read<Output = HashMap<i32, Contact>> {
    let contacts = contact::table.filter(among(contact::id, ids.clone())).filter(visible(sight, &CONTACT));
    let parts = (
        rows::<ContactRow, _>(contacts.select(columns::<ContactRow>())),
        incomplete_phones(sight, ids.clone()),
        emails(sight, ids.clone()),
        phones(sight, ids.clone()),
        addresses(sight, ids.clone()),
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

fn emails(sight: Sight, contacts: impl Ids) -> impl Read<Output = HashMap<i32, Vec<Email>>> {
    let found = email::table
        .filter(among(email::contact_id, contacts))
        .filter(visible(sight, &EMAIL))
        .order(email::id)
        .select(columns::<EmailRow>());
    rows::<EmailRow, _>(found).giving(|rows| by_parent(rows, |row| row.contact_id, Email::from))
}

fn phones(sight: Sight, contacts: impl Ids) -> impl Read<Output = HashMap<i32, Vec<Phone>>> {
    let found = phone::table
        .filter(among(phone::contact_id, contacts))
        .filter(visible(sight, &PHONE))
        .order(phone::id)
        .select(columns::<PhoneRow>());
    rows::<PhoneRow, _>(found).giving(|rows| by_parent(rows, |row| row.contact_id, Phone::from))
}

fn addresses(sight: Sight, contacts: impl Ids) -> impl Read<Output = HashMap<i32, Vec<Address>>> {
    let found = address::table
        .filter(among(address::contact_id, contacts))
        .filter(visible(sight, &ADDRESS))
        .order(address::id)
        .select(columns::<AddressRow>());
    rows::<AddressRow, _>(found).giving(|rows| by_parent(rows, |row| row.contact_id, Address::from))
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
