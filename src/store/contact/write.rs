//! Storing contacts with all that their bodies say, changing and removing them.

use std::mem::take;

use diesel::result::OptionalEmptyChangesetExtension as _;
use serde_json::Value;

use crate::db::prelude::*;
use crate::db::schema::{contact, field_event_participant as participant, thing_contact_association as thing_link};
use crate::db::{Lock, Read, WriteSession, locked, one_of_texts, row, rows};
use crate::domain::contact::{Contact, CreateContact, UpdateContact};
use crate::domain::principal::Principal;
use crate::domain::request::form::{Parsed, Patch};
use crate::store::contact::address::{self, NewAddress};
use crate::store::contact::email::{self, NewEmail};
use crate::store::contact::phone::{self, NewPhone};
use crate::store::contact::{TABLE, get};
use crate::store::note::{self, NewNote};
use crate::store::query::check::{self, Named, check_change, check_new, lock_row};
use crate::store::query::number::{ids, number};
use crate::store::query::stored::stored;
use crate::store::{StoreError, field_event_participant, sample, thing};

stored! {
    contact: NewContact from CreateContact, ContactChange from UpdateContact;
    taken { name?: String, organization?: String, role: String, contact_type: String }
    given { nma_pk_owners?: String }
}

/// That somebody is the contact for a thing, to be stored.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = thing_link, treat_none_as_default_value = false)]
pub struct NewLink {
    thing_id: i32,
    contact_id: i32,
    created_by_id: Option<String>,
    created_by_name: Option<String>,
}

crate::insertable!(NewLink => thing_link);

impl NewLink {
    fn of(thing_id: i32, contact_id: i32, by: &Principal) -> Self {
        Self { thing_id, contact_id, created_by_id: by.id.clone(), created_by_name: by.name.clone() }
    }
}

/// Contacts to be stored, with all that belongs to them.
#[derive(Clone, Debug, Default)]
pub struct NewContacts {
    contacts: Vec<NewContact>,
    links: Vec<NewLink>,
    emails: Vec<NewEmail>,
    phones: Vec<NewPhone>,
    addresses: Vec<NewAddress>,
    notes: Vec<NewNote>,
}

impl NewContacts {
    /// Adds a contact. The rows below it get their ids later.
    fn add(&mut self, by: &Principal, id: i32, mut form: CreateContact) {
        let (emails, phones, addresses) = (take(&mut form.emails), take(&mut form.phones), take(&mut form.addresses));
        self.links.push(NewLink::of(check::id(form.thing_id), id, by));
        self.emails.extend(emails.into_iter().map(|sent| NewEmail::below(id, 0, sent, by)));
        self.phones.extend(phones.into_iter().map(|sent| NewPhone::below(id, 0, sent, by)));
        self.addresses.extend(addresses.into_iter().map(|sent| NewAddress::below(id, 0, sent, by)));
        self.notes.extend(note::new_rows(by, TABLE.name, id, &form.notes));
        let owner = form.nma_pk_owners.take();
        self.contacts.push(NewContact::of(id, form, by, owner));
    }
}

/// A name with an organization, which no two contacts share.
#[derive(Clone, Debug, PartialEq)]
struct FullName {
    name: String,
    organization: String,
}

impl FullName {
    /// Both, where there are both: otherwise anybody may be called the same.
    fn of(name: Option<&str>, organization: Option<&str>) -> Option<Self> {
        Some(Self { name: name?.to_owned(), organization: organization?.to_owned() })
    }
}

/// A contact: id, name, organization.
type Namesake = (i32, Option<String>, Option<String>);

/// Who is called by one of these names.
fn namesakes(names: &[FullName]) -> Option<impl Read<Output = Vec<Namesake>> + use<>> {
    let texts: Vec<String> = names.iter().map(|full| full.name.clone()).collect();
    (!texts.is_empty()).then(|| {
        let found = contact::table
            .filter(one_of_texts(contact::name, &texts))
            .filter(contact::organization.is_not_null())
            .select((contact::id, contact::name, contact::organization));
        rows::<Namesake, _>(found)
    })
}

/// Refuses names that contacts have, but for the one that is changed.
fn require_unique(names: &[FullName], namesakes: Option<Vec<Namesake>>, but: Option<i32>) -> Result<(), StoreError> {
    let others = namesakes.into_iter().flatten().filter(|(id, ..)| Some(*id) != but);
    for (_, name, organization) in others {
        let taken = FullName::of(name.as_deref(), organization.as_deref());
        if let Some(FullName { name, organization }) = taken.filter(|taken| names.contains(taken)) {
            let message = format!("{} with name {name} and organization {organization} already exists.", TABLE.model);
            return Err(StoreError::conflict("name", message, name));
        }
    }
    Ok(())
}

/// Checks a chunk of forms and makes rows of them.
pub fn check(session: &mut WriteSession<'_>, forms: Vec<Parsed<CreateContact>>) -> Result<NewContacts, StoreError> {
    let names = |form: &CreateContact| vec![Named::new(thing::TABLE, "thing_id", form.thing_id)];
    let checked = check_new(session, TABLE.name, forms, names)?;
    let full = |(_, form): &(i32, CreateContact)| FullName::of(form.name.as_deref(), form.organization.as_deref());
    let names: Vec<FullName> = checked.iter().filter_map(full).collect();
    let mut new = NewContacts::default();
    for (id, form) in checked {
        new.add(session.principal(), id, form);
    }
    let (same, emails, phones, addresses) = session.read((
        namesakes(&names),
        ids(email::TABLE, new.emails.len()),
        ids(phone::TABLE, new.phones.len()),
        ids(address::TABLE, new.addresses.len()),
    ))?;
    require_unique(&names, same, None)?;
    number(&mut new.emails, emails, |row| &mut row.id);
    number(&mut new.phones, phones, |row| &mut row.id);
    number(&mut new.addresses, addresses, |row| &mut row.id);
    Ok(new)
}

/// Stores checked rows.
pub fn insert(session: &mut WriteSession<'_>, rows: &NewContacts) -> QueryResult<()> {
    session.insert(&[&rows.contacts, &rows.links, &rows.emails, &rows.phones, &rows.addresses, &rows.notes])
}

/// Stores a contact with all that belongs to it.
pub fn create(session: &mut WriteSession<'_>, form: Parsed<CreateContact>) -> Result<Contact, StoreError> {
    let rows = check(session, vec![form])?;
    insert(session, &rows)?;
    get(session, rows.contacts.first().map_or(0, |row| row.id))
}

/// The name and the organization that a contact will have. It keeps at least one of them.
fn renamed(
    patch: &UpdateContact,
    stored: (Option<String>, Option<String>),
) -> Result<(Option<String>, Option<String>), StoreError> {
    let after = |sent: &Patch<String>, stored: &Option<String>| match sent {
        Patch::Absent => stored.clone(),
        Patch::Null => None,
        Patch::Value(value) => Some(value.clone()),
    };
    let refuse = |field: &'static str, other: &str| {
        let message = format!("{field} cannot be set to None because {other} is already None.");
        Err(StoreError::conflict(field, message, Value::Null))
    };
    let (name, organization) = (after(&patch.name, &stored.0), after(&patch.organization, &stored.1));
    if name.is_some() || organization.is_some() {
        return Ok((name, organization));
    }
    if patch.name == Patch::Null && stored.1.is_none() {
        return refuse("name", "organization");
    }
    if patch.organization == Patch::Null {
        return refuse("organization", "name");
    }
    Ok((name, organization))
}

/// Changes what was sent. The thing is one more that it is the contact for; once is enough.
pub fn update(session: &mut WriteSession<'_>, id: i32, form: Parsed<UpdateContact>) -> Result<Contact, StoreError> {
    let names = |form: &UpdateContact| Vec::from_iter(Named::optional(thing::TABLE, "thing_id", form.thing_id));
    let patch = check_change(session, (TABLE, id), form, names)?;
    let thing_id = patch.thing_id.map(check::id);
    let is_renamed = patch.name.is_sent() || patch.organization.is_sent();
    let own = contact::table.filter(contact::id.eq(id)).select((contact::name, contact::organization));
    let own = is_renamed.then(|| row::<(Option<String>, Option<String>), _>(own));
    let link = thing_id.map(|thing_id| {
        let links = thing_link::table.filter(thing_link::contact_id.eq(id)).filter(thing_link::thing_id.eq(thing_id));
        row::<i32, _>(links.select(thing_link::id).limit(1))
    });
    let (own, link) = session.read((own, link))?;
    if let Some(Some(own)) = own {
        let (name, organization) = renamed(&patch, own)?;
        let names = Vec::from_iter(FullName::of(name.as_deref(), organization.as_deref()));
        let same = session.read(namesakes(&names))?;
        require_unique(&names, same, Some(id))?;
    }
    let by = session.principal();
    let change = ContactChange::of(patch, by, None);
    diesel::update(contact::table.find(id)).set(change).execute(session).optional_empty_changeset()?;
    // The contact's lock keeps a second link out.
    if let (Some(thing_id), Some(None)) = (thing_id, link) {
        session.insert(&[&vec![NewLink::of(thing_id, id, by)]])?;
    }
    get(session, id)
}

/// Removes a contact with its mail addresses, telephone numbers, postal addresses and notes, and from the visits that it took part
/// in. Things stay, and so do samples: what was measured does not depend on who is remembered.
pub fn delete(session: &mut WriteSession<'_>, id: i32) -> Result<(), StoreError> {
    lock_row(session, TABLE, id)?;
    let part = participant::table.filter(participant::contact_id.eq(id)).order(participant::id);
    let parts: Vec<i32> = part.select(participant::id).load(session)?;
    if !parts.is_empty() {
        let locks = rows::<i32, _>(locked(field_event_participant::TABLE.name, &parts, Lock::Change));
        let parts = session.read(locks)?;
        sample::forget_takers(session, &parts)?;
    }
    diesel::delete(contact::table.find(id)).execute(session)?;
    note::clear(session, TABLE.name, id)?;
    Ok(())
}
