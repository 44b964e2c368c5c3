//! Mail addresses of contacts.

use std::collections::HashMap;
use std::mem::take;

use diesel::result::OptionalEmptyChangesetExtension as _;

use crate::db::prelude::*;
use crate::db::schema::email;
use crate::db::{Backend, Ids, Numbers, Read, Session, WriteSession, among, columns, rows};
use crate::domain::contact::email::{CreateContactEmail, CreateEmail, Email, UpdateEmail};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::principal::{Principal, Sight};
use crate::domain::request::form::Parsed;
use crate::domain::request::list::ListRequest;
use crate::domain::request::paging::Found;
use crate::store::StoreError;
use crate::store::contact::{self, require_contact};
use crate::store::query::check::{self, Named, Table, check_change, check_new};
use crate::store::query::find::{Listed as _, Search, by_parent, in_order, listed};
use crate::store::query::listing::{Column, Condition, Listing};
use crate::store::query::stored::stored;
use crate::store::query::visibility::{EMAIL, visible};

/// The table, and the resource's name in messages.
pub const TABLE: Table = Table { name: "email", model: "Email" };

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

stored! {
    email: NewEmail from CreateContactEmail, EmailChange from UpdateEmail;
    taken { email_type: String }
    given { contact_id: i32, email_: String }
}

impl NewEmail {
    /// A mail address of this contact.
    pub(super) fn below(contact_id: i32, id: i32, mut form: CreateContactEmail, by: &Principal) -> Self {
        let address = take(&mut form.email);
        Self::of(id, form, by, contact_id, address)
    }
}

listed!(email);

static LISTING: Listing<email::table> = Listing {
    model: TABLE.model,
    rule: &EMAIL,
    columns: &[
        Column::of(email::id),
        Column::of(email::created_at),
        Column::of(email::release_status),
        Column::of(email::release_at),
        Column::of(email::contact_id),
        Column::of(email::email_),
        Column::of(email::email_type),
    ],
};

/// A page of mail addresses of all contacts.
pub fn find(session: &mut Session<'_>, request: &ListRequest, (): &()) -> Result<Found, StoreError> {
    let (found, ()) = email::table::find_page(session, &LISTING, request, Search::new(&|| Ok(Vec::new())))?;
    Ok(found)
}

/// A page of a contact's mail addresses.
pub fn find_of(session: &mut Session<'_>, request: &ListRequest, contact_id: &i32) -> Result<Found, StoreError> {
    let contact_id = *contact_id;
    let narrow = || {
        let of_contact: Condition<email::table> = Box::new(email::contact_id.eq(contact_id).nullable());
        Ok(vec![of_contact])
    };
    let search = Search::new(&narrow).with(contact::there(session.sight(), contact_id));
    let (found, there) = email::table::find_page(session, &LISTING, request, search)?;
    require_contact(contact_id, there)?;
    Ok(found)
}

/// The mail addresses with these ids, in their order.
pub fn load(session: &mut Session<'_>, ids: &[i32]) -> Result<Vec<Email>, StoreError> {
    let asked = email::table.filter(among(email::id, Numbers::new(ids))).filter(visible(session.sight(), &EMAIL));
    let found = session.read_fixed(rows::<EmailRow, _>(asked.select(columns::<EmailRow>())))?;
    Ok(in_order(found.into_iter().map(Email::from).collect(), ids, |found| found.id))
}

/// The mail addresses of contacts, by contact.
pub(super) fn of(sight: Sight, contacts: impl Ids) -> impl Read<Output = HashMap<i32, Vec<Email>>> {
    let found = email::table
        .filter(among(email::contact_id, contacts))
        .filter(visible(sight, &EMAIL))
        .order(email::id)
        .select(columns::<EmailRow>());
    rows::<EmailRow, _>(found).giving(|rows| by_parent(rows, |row| row.contact_id, Email::from))
}

/// One mail address.
pub fn get(session: &mut Session<'_>, id: i32) -> Result<Email, StoreError> {
    load(session, &[id])?.pop().ok_or_else(|| StoreError::not_found(TABLE.model, id))
}

/// Checks a chunk of forms and makes rows of them.
pub fn check(session: &mut WriteSession<'_>, forms: Vec<Parsed<CreateEmail>>) -> Result<Vec<NewEmail>, StoreError> {
    let names = |form: &CreateEmail| vec![Named::new(contact::TABLE, "contact_id", form.contact_id)];
    let checked = check_new(session, TABLE.name, forms, names)?;
    let by = session.principal();
    let row = |(id, form): (i32, CreateEmail)| NewEmail::below(check::id(form.contact_id), id, form.into(), by);
    Ok(checked.into_iter().map(row).collect())
}

/// Stores checked rows.
pub fn insert(session: &mut WriteSession<'_>, rows: &Vec<NewEmail>) -> QueryResult<()> {
    session.insert(&[rows])
}

/// Stores a mail address of a contact.
pub fn create(session: &mut WriteSession<'_>, form: Parsed<CreateEmail>) -> Result<Email, StoreError> {
    let rows = check(session, vec![form])?;
    insert(session, &rows)?;
    get(session, rows.first().map_or(0, |row| row.id))
}

/// Changes what was sent.
pub fn update(session: &mut WriteSession<'_>, id: i32, form: Parsed<UpdateEmail>) -> Result<Email, StoreError> {
    let names = |form: &UpdateEmail| Vec::from_iter(Named::optional(contact::TABLE, "contact_id", form.contact_id));
    let mut patch = check_change(session, (TABLE, id), form, names)?;
    let contact_id = patch.contact_id.map(check::id);
    let address = take(&mut patch.email);
    let change = EmailChange::of(patch, session.principal(), contact_id, address);
    diesel::update(email::table.find(id)).set(change).execute(session).optional_empty_changeset()?;
    get(session, id)
}

/// Removes a mail address.
pub fn delete(session: &mut WriteSession<'_>, id: i32) -> Result<(), StoreError> {
    match diesel::delete(email::table.find(id)).execute(session)? {
        0 => Err(StoreError::not_found(TABLE.model, id)),
        _ => Ok(()),
    }
}
