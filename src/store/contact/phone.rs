//! Telephone numbers of contacts.

use std::collections::HashMap;

use diesel::result::OptionalEmptyChangesetExtension as _;

use crate::db::prelude::*;
use crate::db::schema::phone;
use crate::db::{Backend, Ids, Numbers, Read, Session, WriteSession, among, columns, rows};
use crate::domain::contact::phone::{CreateContactPhone, CreatePhone, Phone, UpdatePhone};
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
use crate::store::query::visibility::{PHONE, visible};

/// The table, and the resource's name in messages.
pub const TABLE: Table = Table { name: "phone", model: "Phone" };

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

stored! {
    phone: NewPhone from CreateContactPhone, PhoneChange from UpdatePhone;
    taken { phone_number: String, phone_type: String }
    given { contact_id: i32 }
}

impl NewPhone {
    /// A telephone number of this contact.
    pub(super) fn below(contact_id: i32, id: i32, form: CreateContactPhone, by: &Principal) -> Self {
        Self::of(id, form, by, contact_id)
    }
}

listed!(phone);

static LISTING: Listing<phone::table> = Listing {
    model: TABLE.model,
    rule: &PHONE,
    columns: &[
        Column::of(phone::id),
        Column::of(phone::created_at),
        Column::of(phone::release_status),
        Column::of(phone::release_at),
        Column::of(phone::contact_id),
        Column::of(phone::phone_number),
        Column::of(phone::phone_type),
    ],
};

/// A page of telephone numbers of all contacts.
pub fn find(session: &mut Session<'_>, request: &ListRequest, (): &()) -> Result<Found, StoreError> {
    let (found, ()) = phone::table::find_page(session, &LISTING, request, Search::new(&|| Ok(Vec::new())))?;
    Ok(found)
}

/// A page of a contact's telephone numbers.
pub fn find_of(session: &mut Session<'_>, request: &ListRequest, contact_id: &i32) -> Result<Found, StoreError> {
    let contact_id = *contact_id;
    let narrow = || {
        let of_contact: Condition<phone::table> = Box::new(phone::contact_id.eq(contact_id).nullable());
        Ok(vec![of_contact])
    };
    let search = Search::new(&narrow).with(contact::there(session.sight(), contact_id));
    let (found, there) = phone::table::find_page(session, &LISTING, request, search)?;
    require_contact(contact_id, there)?;
    Ok(found)
}

/// The telephone numbers with these ids, in their order.
pub fn load(session: &mut Session<'_>, ids: &[i32]) -> Result<Vec<Phone>, StoreError> {
    let asked = phone::table.filter(among(phone::id, Numbers::new(ids))).filter(visible(session.sight(), &PHONE));
    let found = session.read_fixed(rows::<PhoneRow, _>(asked.select(columns::<PhoneRow>())))?;
    Ok(in_order(found.into_iter().map(Phone::from).collect(), ids, |found| found.id))
}

/// The telephone numbers of contacts, by contact.
pub(super) fn of(sight: Sight, contacts: impl Ids) -> impl Read<Output = HashMap<i32, Vec<Phone>>> {
    let found = phone::table
        .filter(among(phone::contact_id, contacts))
        .filter(visible(sight, &PHONE))
        .order(phone::id)
        .select(columns::<PhoneRow>());
    rows::<PhoneRow, _>(found).giving(|rows| by_parent(rows, |row| row.contact_id, Phone::from))
}

/// One telephone number.
pub fn get(session: &mut Session<'_>, id: i32) -> Result<Phone, StoreError> {
    load(session, &[id])?.pop().ok_or_else(|| StoreError::not_found(TABLE.model, id))
}

/// Checks a chunk of forms and makes rows of them.
pub fn check(session: &mut WriteSession<'_>, forms: Vec<Parsed<CreatePhone>>) -> Result<Vec<NewPhone>, StoreError> {
    let names = |form: &CreatePhone| vec![Named::new(contact::TABLE, "contact_id", form.contact_id)];
    let checked = check_new(session, TABLE.name, forms, names)?;
    let by = session.principal();
    let row = |(id, form): (i32, CreatePhone)| NewPhone::below(check::id(form.contact_id), id, form.into(), by);
    Ok(checked.into_iter().map(row).collect())
}

/// Stores checked rows.
pub fn insert(session: &mut WriteSession<'_>, rows: &Vec<NewPhone>) -> QueryResult<()> {
    session.insert(&[rows])
}

/// Stores a telephone number of a contact.
pub fn create(session: &mut WriteSession<'_>, form: Parsed<CreatePhone>) -> Result<Phone, StoreError> {
    let rows = check(session, vec![form])?;
    insert(session, &rows)?;
    get(session, rows.first().map_or(0, |row| row.id))
}

/// Changes what was sent.
pub fn update(session: &mut WriteSession<'_>, id: i32, form: Parsed<UpdatePhone>) -> Result<Phone, StoreError> {
    let names = |form: &UpdatePhone| Vec::from_iter(Named::optional(contact::TABLE, "contact_id", form.contact_id));
    let patch = check_change(session, (TABLE, id), form, names)?;
    let contact_id = patch.contact_id.map(check::id);
    let change = PhoneChange::of(patch, session.principal(), contact_id);
    diesel::update(phone::table.find(id)).set(change).execute(session).optional_empty_changeset()?;
    get(session, id)
}

/// Removes a telephone number.
pub fn delete(session: &mut WriteSession<'_>, id: i32) -> Result<(), StoreError> {
    match diesel::delete(phone::table.find(id)).execute(session)? {
        0 => Err(StoreError::not_found(TABLE.model, id)),
        _ => Ok(()),
    }
}
