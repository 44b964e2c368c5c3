//! What other organizations call a thing.

use diesel::result::OptionalEmptyChangesetExtension as _;

use crate::db::prelude::*;
use crate::db::schema::thing_id_link as link;
use crate::db::{Backend, Numbers, Session, WriteSession, among};
use crate::domain::draft;
use crate::domain::measure::time::UtcDateTime;
use crate::domain::principal::Principal;
use crate::domain::request::form::Parsed;
use crate::domain::request::list::ListRequest;
use crate::domain::request::paging::Found;
use crate::domain::thing::ThingIdLink;
use crate::domain::thing::id_link::{CreateIdLink, UpdateIdLink};
use crate::domain::thing::write::CreateAlternateId;
use crate::store::query::check::{self, Named, Table, check_change, check_new};
use crate::store::query::find::{Listed as _, Search, in_order, listed};
use crate::store::query::listing::{Column, Condition, Listing};
use crate::store::query::visibility::{ID_LINK, visible};
use crate::store::thing::history::require_thing;
use crate::store::{StoreError, thing};

/// The table, and the resource's name in messages.
pub const TABLE: Table = Table { name: "thing_id_link", model: "ThingIdLink" };

#[derive(Queryable, Selectable)]
#[diesel(table_name = link, check_for_backend(Backend))]
struct LinkRow {
    id: i32,
    created_at: UtcDateTime,
    release_status: Option<String>,
    release_at: Option<chrono::NaiveDate>,
    // A link of no thing is nobody's: such rows are left out everywhere.
    #[diesel(select_expression = link::thing_id.assume_not_null())]
    thing_id: i32,
    relation: String,
    alternate_id: String,
    alternate_organization: String,
}

impl From<LinkRow> for ThingIdLink {
    fn from(row: LinkRow) -> Self {
        let LinkRow {
            id,
            created_at,
            release_status,
            release_at,
            thing_id,
            relation,
            alternate_id,
            alternate_organization,
        } = row;
        Self { id, created_at, release_status, release_at, thing_id, relation, alternate_id, alternate_organization }
    }
}

/// A link to be stored.
#[derive(Clone, Debug, Default, Insertable)]
#[diesel(table_name = link, treat_none_as_default_value = false)]
pub struct NewLink {
    pub id: i32,
    pub release_status: String,
    pub release_at: Option<chrono::NaiveDate>,
    pub thing_id: i32,
    pub relation: String,
    pub alternate_id: String,
    pub alternate_organization: String,
    pub created_by_id: Option<String>,
    pub created_by_name: Option<String>,
}

crate::insertable!(NewLink => link);

impl NewLink {
    /// The draft of a link that a form says by itself.
    fn of(id: i32, form: CreateIdLink, by: &Principal) -> Self {
        Self {
            id,
            release_status: draft(),
            release_at: None,
            thing_id: check::id(form.thing_id),
            relation: form.relation,
            alternate_id: form.alternate_id,
            alternate_organization: form.alternate_organization,
            created_by_id: by.id.clone(),
            created_by_name: by.name.clone(),
        }
    }

    /// The draft of a link that is stored with its thing.
    pub fn of_alternate_id(id: i32, form: CreateAlternateId, by: &Principal, thing_id: i32) -> Self {
        let CreateAlternateId { relation, alternate_id, alternate_organization, .. } = form;
        let form = CreateIdLink { thing_id: thing_id.into(), relation, alternate_id, alternate_organization };
        Self::of(id, form, by)
    }
}

#[derive(AsChangeset)]
#[diesel(table_name = link)]
struct LinkChange {
    release_status: Option<Option<String>>,
    release_at: Option<Option<chrono::NaiveDate>>,
    alternate_organization: Option<String>,
    alternate_id: Option<String>,
    relation: Option<String>,
    updated_by_id: Option<String>,
    updated_by_name: Option<String>,
}

listed!(link);

static LISTING: Listing<link::table> = Listing {
    model: TABLE.model,
    rule: &ID_LINK,
    columns: &[
        Column::of(link::id),
        Column::of(link::created_at),
        Column::of(link::release_status),
        Column::of(link::release_at),
        Column::of(link::thing_id),
        Column::of(link::relation),
        Column::of(link::alternate_id),
        Column::of(link::alternate_organization),
    ],
};

/// A page of links.
pub fn find(session: &mut Session<'_>, request: &ListRequest, (): &()) -> Result<Found, StoreError> {
    let narrow = || {
        let of_any: Condition<link::table> = Box::new(link::thing_id.is_not_null().nullable());
        Ok(vec![of_any])
    };
    let (found, ()) = link::table::find_page(session, &LISTING, request, Search::new(&narrow))?;
    Ok(found)
}

/// A page of a thing's links.
pub fn find_of(session: &mut Session<'_>, request: &ListRequest, thing_id: &i32) -> Result<Found, StoreError> {
    let thing_id = *thing_id;
    let narrow = || {
        let of_thing: Condition<link::table> = Box::new(link::thing_id.eq(thing_id));
        Ok(vec![of_thing])
    };
    let search = Search::new(&narrow).with(thing::there(session.sight(), thing_id));
    let (found, kind) = link::table::find_page(session, &LISTING, request, search)?;
    require_thing(thing_id, kind)?;
    Ok(found)
}

/// The links with these ids, in their order.
pub fn load(session: &mut Session<'_>, ids: &[i32]) -> Result<Vec<ThingIdLink>, StoreError> {
    let asked = link::table
        .filter(among(link::id, Numbers::new(ids)))
        .filter(link::thing_id.is_not_null())
        .filter(visible(session.sight(), &ID_LINK));
    let rows: Vec<LinkRow> = asked.select(LinkRow::as_select()).load(session)?;
    Ok(in_order(rows.into_iter().map(ThingIdLink::from).collect(), ids, |link| link.id))
}

/// One link.
pub fn get(session: &mut Session<'_>, id: i32) -> Result<ThingIdLink, StoreError> {
    load(session, &[id])?.pop().ok_or_else(|| StoreError::not_found(TABLE.model, id))
}

/// Checks a chunk of forms and makes rows of them.
pub fn check(session: &mut WriteSession<'_>, forms: Vec<Parsed<CreateIdLink>>) -> Result<Vec<NewLink>, StoreError> {
    let names = |form: &CreateIdLink| vec![Named::new(thing::TABLE, "thing_id", form.thing_id)];
    let checked = check_new(session, TABLE.name, forms, names)?;
    let by = session.principal();
    Ok(checked.into_iter().map(|(id, form)| NewLink::of(id, form, by)).collect())
}

/// Stores a link.
pub fn create(session: &mut WriteSession<'_>, form: Parsed<CreateIdLink>) -> Result<ThingIdLink, StoreError> {
    let rows = check(session, vec![form])?;
    session.insert(&[&rows])?;
    get(session, rows.first().map_or(0, |row| row.id))
}

/// Changes what was sent.
pub fn update(session: &mut WriteSession<'_>, id: i32, form: Parsed<UpdateIdLink>) -> Result<ThingIdLink, StoreError> {
    let patch = check_change(session, (TABLE, id), form, |_| Vec::new())?;
    let by = session.principal();
    let change = LinkChange {
        release_status: patch.release_status.into_change(),
        release_at: patch.release_at.into_change(),
        alternate_organization: patch.alternate_organization,
        alternate_id: patch.alternate_id,
        relation: patch.relation,
        updated_by_id: by.id.clone(),
        updated_by_name: by.name.clone(),
    };
    diesel::update(link::table.find(id)).set(change).execute(session).optional_empty_changeset()?;
    get(session, id)
}

/// Removes a link.
pub fn delete(session: &mut WriteSession<'_>, id: i32) -> Result<(), StoreError> {
    match diesel::delete(link::table.find(id)).execute(session)? {
        0 => Err(StoreError::not_found(TABLE.model, id)),
        _ => Ok(()),
    }
}
