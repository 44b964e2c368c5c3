//! Postal addresses of contacts.

use std::collections::HashMap;

use diesel::result::OptionalEmptyChangesetExtension as _;

use crate::db::prelude::*;
use crate::db::schema::address;
use crate::db::{Ids, Numbers, Read, Session, WriteSession, among, columns, rows};
use crate::domain::contact::address::{Address, CreateAddress, CreateContactAddress, UpdateAddress};
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
use crate::store::query::stored::{row, stored};
use crate::store::query::visibility::{ADDRESS, visible};

/// The table, and the resource's name in messages.
pub const TABLE: Table = Table { name: "address", model: "Address" };

row! {
    /// A row of the table.
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

stored! {
    address: NewAddress from CreateContactAddress, AddressChange from UpdateAddress;
    taken {
        address_line_1: String,
        address_line_2?: String,
        city?: String,
        state?: String,
        postal_code?: String,
        country: String,
        address_type: String
    }
    given { contact_id: i32 }
}

impl NewAddress {
    /// A postal address of this contact.
    pub(super) fn below(contact_id: i32, id: i32, form: CreateContactAddress, by: &Principal) -> Self {
        Self::of(id, form, by, contact_id)
    }
}

listed!(address);

static LISTING: Listing<address::table> = Listing {
    model: TABLE.model,
    rule: &ADDRESS,
    columns: &[
        Column::of(address::id),
        Column::of(address::created_at),
        Column::of(address::release_status),
        Column::of(address::release_at),
        Column::of(address::contact_id),
        Column::of(address::address_line_1),
        Column::of(address::address_line_2),
        Column::of(address::city),
        Column::of(address::state),
        Column::of(address::postal_code),
        Column::of(address::country),
        Column::of(address::address_type),
    ],
};

/// A page of postal addresses of all contacts.
pub fn find(session: &mut Session<'_>, request: &ListRequest, (): &()) -> Result<Found, StoreError> {
    let (found, ()) = address::table::find_page(session, &LISTING, request, Search::new(&|| Ok(Vec::new())))?;
    Ok(found)
}

/// A page of a contact's postal addresses.
pub fn find_of(session: &mut Session<'_>, request: &ListRequest, contact_id: &i32) -> Result<Found, StoreError> {
    let contact_id = *contact_id;
    let narrow = || {
        let of_contact: Condition<address::table> = Box::new(address::contact_id.eq(contact_id).nullable());
        Ok(vec![of_contact])
    };
    let search = Search::new(&narrow).with(contact::there(session.sight(), contact_id));
    let (found, there) = address::table::find_page(session, &LISTING, request, search)?;
    require_contact(contact_id, there)?;
    Ok(found)
}

/// The postal addresses with these ids, in their order.
pub fn load(session: &mut Session<'_>, ids: &[i32]) -> Result<Vec<Address>, StoreError> {
    let asked = address::table.filter(among(address::id, Numbers::new(ids))).filter(visible(session.sight(), &ADDRESS));
    let found = session.read_fixed(rows::<AddressRow, _>(asked.select(columns::<AddressRow>())))?;
    Ok(in_order(found.into_iter().map(Address::from).collect(), ids, |found| found.id))
}

/// The postal addresses of contacts, by contact.
pub(super) fn of(sight: Sight, contacts: impl Ids) -> impl Read<Output = HashMap<i32, Vec<Address>>> {
    let found = address::table
        .filter(among(address::contact_id, contacts))
        .filter(visible(sight, &ADDRESS))
        .order(address::id)
        .select(columns::<AddressRow>());
    rows::<AddressRow, _>(found).giving(|rows| by_parent(rows, |row| row.contact_id, Address::from))
}

/// One postal address.
pub fn get(session: &mut Session<'_>, id: i32) -> Result<Address, StoreError> {
    load(session, &[id])?.pop().ok_or_else(|| StoreError::not_found(TABLE.model, id))
}

/// Checks a chunk of forms and makes rows of them.
pub fn check(session: &mut WriteSession<'_>, forms: Vec<Parsed<CreateAddress>>) -> Result<Vec<NewAddress>, StoreError> {
    let names = |form: &CreateAddress| vec![Named::new(contact::TABLE, "contact_id", form.contact_id)];
    let checked = check_new(session, TABLE.name, forms, names)?;
    let by = session.principal();
    let row = |(id, form): (i32, CreateAddress)| NewAddress::below(check::id(form.contact_id), id, form.into(), by);
    Ok(checked.into_iter().map(row).collect())
}

/// Stores checked rows.
pub fn insert(session: &mut WriteSession<'_>, rows: &Vec<NewAddress>) -> QueryResult<()> {
    session.insert(&[rows])
}

/// Stores a postal address of a contact.
pub fn create(session: &mut WriteSession<'_>, form: Parsed<CreateAddress>) -> Result<Address, StoreError> {
    let rows = check(session, vec![form])?;
    insert(session, &rows)?;
    get(session, rows.first().map_or(0, |row| row.id))
}

/// Changes what was sent.
pub fn update(session: &mut WriteSession<'_>, id: i32, form: Parsed<UpdateAddress>) -> Result<Address, StoreError> {
    let names = |form: &UpdateAddress| Vec::from_iter(Named::optional(contact::TABLE, "contact_id", form.contact_id));
    let patch = check_change(session, (TABLE, id), form, names)?;
    let contact_id = patch.contact_id.map(check::id);
    let change = AddressChange::of(patch, session.principal(), contact_id);
    diesel::update(address::table.find(id)).set(change).execute(session).optional_empty_changeset()?;
    get(session, id)
}

/// Removes a postal address.
pub fn delete(session: &mut WriteSession<'_>, id: i32) -> Result<(), StoreError> {
    match diesel::delete(address::table.find(id)).execute(session)? {
        0 => Err(StoreError::not_found(TABLE.model, id)),
        _ => Ok(()),
    }
}
