//! Contacts, as other resources embed them.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::db::schema::{
    address, contact, email, incomplete_nma_phone, phone, thing, thing_contact_association as thing_link,
};
use crate::db::{Backend, Connection, one_of};
use crate::domain::contact::{Address, Contact, ContactThing, Email, Phone};
use crate::domain::note::Note;
use crate::domain::time::UtcDateTime;

use super::{StoreError, note};

/// The resource's name in messages.
pub const MODEL: &str = "Contact";
const TABLE: &str = "contact";

#[derive(Queryable, Selectable)]
#[diesel(table_name = contact, check_for_backend(Backend))]
struct ContactRow {
    id: i32,
    created_at: UtcDateTime,
    release_status: Option<String>,
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
    contact_id: i32,
    email_: String,
    email_type: String,
}

impl From<EmailRow> for Email {
    fn from(row: EmailRow) -> Self {
        let EmailRow { id, created_at, release_status, contact_id, email_: email, email_type } = row;
        Self { id, created_at, release_status, contact_id, email, email_type }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = phone, check_for_backend(Backend))]
struct PhoneRow {
    id: i32,
    created_at: UtcDateTime,
    release_status: Option<String>,
    contact_id: i32,
    phone_number: String,
    phone_type: String,
}

impl From<PhoneRow> for Phone {
    fn from(row: PhoneRow) -> Self {
        let PhoneRow { id, created_at, release_status, contact_id, phone_number, phone_type } = row;
        Self { id, created_at, release_status, contact_id, phone_number: Some(phone_number), phone_type }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = address, check_for_backend(Backend))]
struct AddressRow {
    id: i32,
    created_at: UtcDateTime,
    release_status: Option<String>,
    contact_id: i32,
    address_line_1: String,
    address_line_2: Option<String>,
    city: Option<String>,
    state: Option<String>,
    postal_code: Option<String>,
    country: String,
    address_type: String,
}

impl From<AddressRow> for Address {
    fn from(row: AddressRow) -> Self {
        Self {
            id: row.id,
            created_at: row.created_at,
            release_status: row.release_status,
            contact_id: row.contact_id,
            address_line_1: row.address_line_1,
            address_line_2: row.address_line_2,
            city: row.city,
            state: row.state,
            postal_code: row.postal_code,
            country: row.country,
            address_type: row.address_type,
        }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = thing, check_for_backend(Backend))]
struct ThingRow {
    id: i32,
    created_at: UtcDateTime,
    release_status: Option<String>,
    name: String,
}

impl From<ThingRow> for ContactThing {
    fn from(row: ThingRow) -> Self {
        let ThingRow { id, created_at, release_status, name } = row;
        Self { id, created_at, release_status, name }
    }
}

/// The contacts with these keys. Seven queries, however many keys.
pub fn load(conn: &mut Connection, ids: &[i32]) -> Result<HashMap<i32, Contact>, StoreError> {
    let rows: Vec<ContactRow> =
        contact::table.filter(one_of(contact::id, ids)).select(ContactRow::as_select()).load(conn)?;
    let mut numbers = incomplete_phones(conn, ids)?;
    let mut emails = grouped(emails(conn, ids)?, |email| email.contact_id);
    let mut phones = grouped(phones(conn, ids)?, |phone| phone.contact_id);
    let mut addresses = grouped(addresses(conn, ids)?, |address| address.contact_id);
    let mut things = things(conn, ids)?;
    let notes = note::of(conn, TABLE, ids)?;
    let complete = |row: ContactRow| Contact {
        id: row.id,
        created_at: row.created_at,
        release_status: row.release_status,
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
    Ok(rows.into_iter().map(complete).map(|contact| (contact.id, contact)).collect())
}

fn grouped<R, T: From<R>>(rows: Vec<R>, parent: impl Fn(&R) -> i32) -> HashMap<i32, Vec<T>> {
    let mut by_contact: HashMap<i32, Vec<T>> = HashMap::new();
    for row in rows {
        by_contact.entry(parent(&row)).or_default().push(row.into());
    }
    by_contact
}

fn of_type(notes: Option<&Vec<Note>>, note_type: &str) -> Vec<Note> {
    notes.into_iter().flatten().filter(|note| note.note_type == note_type).cloned().collect()
}

fn incomplete_phones(conn: &mut Connection, contacts: &[i32]) -> QueryResult<HashMap<i32, Vec<String>>> {
    let rows: Vec<(i32, String)> = incomplete_nma_phone::table
        .filter(one_of(incomplete_nma_phone::contact_id, contacts))
        .order(incomplete_nma_phone::id)
        .select((incomplete_nma_phone::contact_id, incomplete_nma_phone::phone_number))
        .load(conn)?;
    let mut by_contact: HashMap<i32, Vec<String>> = HashMap::new();
    for (contact, number) in rows {
        by_contact.entry(contact).or_default().push(number);
    }
    Ok(by_contact)
}

fn emails(conn: &mut Connection, contacts: &[i32]) -> QueryResult<Vec<EmailRow>> {
    email::table.filter(one_of(email::contact_id, contacts)).order(email::id).select(EmailRow::as_select()).load(conn)
}

fn phones(conn: &mut Connection, contacts: &[i32]) -> QueryResult<Vec<PhoneRow>> {
    phone::table.filter(one_of(phone::contact_id, contacts)).order(phone::id).select(PhoneRow::as_select()).load(conn)
}

fn addresses(conn: &mut Connection, contacts: &[i32]) -> QueryResult<Vec<AddressRow>> {
    address::table
        .filter(one_of(address::contact_id, contacts))
        .order(address::id)
        .select(AddressRow::as_select())
        .load(conn)
}

/// The things of contacts, by key, each once.
fn things(conn: &mut Connection, contacts: &[i32]) -> QueryResult<HashMap<i32, Vec<ContactThing>>> {
    let rows: Vec<(i32, ThingRow)> = thing_link::table
        .inner_join(thing::table)
        .filter(one_of(thing_link::contact_id, contacts))
        .order((thing::id, thing_link::id))
        .select((thing_link::contact_id, ThingRow::as_select()))
        .load(conn)?;
    let mut by_contact: HashMap<i32, Vec<ContactThing>> = HashMap::new();
    for (contact, row) in rows {
        let things = by_contact.entry(contact).or_default();
        if things.last().is_none_or(|last| last.id != row.id) {
            things.push(row.into());
        }
    }
    Ok(by_contact)
}
