//! What other organizations call a thing.

use diesel::prelude::*;
use diesel::result::OptionalEmptyChangesetExtension;

use crate::db::schema::thing_id_link as link;
use crate::db::{Backend, Connection};
use crate::domain::actor::Actor;
use crate::domain::form::Parsed;
use crate::domain::id_link::{CreateIdLink, UpdateIdLink};
use crate::domain::list::ListRequest;
use crate::domain::paging::Page;
use crate::domain::thing::ThingIdLink;
use crate::domain::time::UtcDateTime;

use super::list::{Column, Listing};
use super::page::load_page;
use super::thing_history::require_thing;
use super::{StoreError, require_parent, thing, vocabulary};

/// The resource's name in messages.
pub const MODEL: &str = "ThingIdLink";

#[derive(Queryable, Selectable)]
#[diesel(table_name = link, check_for_backend(Backend))]
struct LinkRow {
    id: i32,
    created_at: UtcDateTime,
    release_status: Option<String>,
    // A link of no thing is nobody's: such rows are left out everywhere.
    #[diesel(select_expression = link::thing_id.assume_not_null())]
    thing_id: i32,
    relation: String,
    alternate_id: String,
    alternate_organization: String,
}

impl From<LinkRow> for ThingIdLink {
    fn from(row: LinkRow) -> Self {
        let LinkRow { id, created_at, release_status, thing_id, relation, alternate_id, alternate_organization } = row;
        Self { id, created_at, release_status, thing_id, relation, alternate_id, alternate_organization }
    }
}

static LISTING: Listing<link::table> = Listing {
    model: MODEL,
    columns: &[
        Column::integer("id", || Box::new(link::id.nullable())).not_null(),
        Column::time("created_at", || Box::new(link::created_at.nullable())).not_null(),
        Column::text("release_status", || Box::new(link::release_status)),
        Column::integer("thing_id", || Box::new(link::thing_id)),
        Column::text("relation", || Box::new(link::relation.nullable())).not_null(),
        Column::text("alternate_id", || Box::new(link::alternate_id.nullable())).not_null(),
        Column::text("alternate_organization", || Box::new(link::alternate_organization.nullable())).not_null(),
    ],
};

/// A page of links.
pub fn list(conn: &mut Connection, request: &ListRequest) -> Result<Page<ThingIdLink>, StoreError> {
    page(conn, None, request)
}

/// A page of a thing's links.
pub fn list_of(conn: &mut Connection, thing_id: i32, request: &ListRequest) -> Result<Page<ThingIdLink>, StoreError> {
    if !request.is_continued() {
        require_thing(conn, thing_id)?;
    }
    page(conn, Some(thing_id), request)
}

fn page(conn: &mut Connection, thing_id: Option<i32>, request: &ListRequest) -> Result<Page<ThingIdLink>, StoreError> {
    let plan = LISTING.plan(request)?;
    let (rows, extent) = load_page!(
        conn, plan, link::table, LinkRow, link::id,
        extra: |query| match thing_id {
            Some(thing_id) => query.filter(link::thing_id.eq(thing_id)),
            None => query.filter(link::thing_id.is_not_null()),
        },
        default: |query| query.order(link::id.asc())
    );
    Ok(Page::new(rows.into_iter().map(ThingIdLink::from).collect(), extent))
}

/// One link.
pub fn get(conn: &mut Connection, id: i32) -> Result<ThingIdLink, StoreError> {
    let row: Option<LinkRow> = link::table
        .find(id)
        .filter(link::thing_id.is_not_null())
        .select(LinkRow::as_select())
        .first(conn)
        .optional()?;
    row.map(ThingIdLink::from).ok_or_else(|| StoreError::not_found(MODEL, id))
}

/// Stores a link.
pub fn create(conn: &mut Connection, body: Parsed<CreateIdLink>, actor: &Actor) -> Result<ThingIdLink, StoreError> {
    let new = vocabulary::settle(conn, body)?;
    let thing_id = require_parent(conn, "thing_id", thing::MODEL, new.thing_id, thing::exists)?;
    let id = add(conn, thing_id, &new.relation, &new.alternate_id, &new.alternate_organization, actor)?;
    get(conn, id)
}

/// Writes a link of a thing that is there, with terms that were looked up.
pub(super) fn add(
    conn: &mut Connection,
    thing_id: i32,
    relation: &str,
    alternate_id: &str,
    alternate_organization: &str,
    actor: &Actor,
) -> QueryResult<i32> {
    let row = (
        link::thing_id.eq(thing_id),
        link::relation.eq(relation),
        link::alternate_id.eq(alternate_id),
        link::alternate_organization.eq(alternate_organization),
        link::release_status.eq(crate::domain::DRAFT),
        link::created_by_id.eq(&actor.id),
        link::created_by_name.eq(&actor.name),
    );
    diesel::insert_into(link::table).values(row).returning(link::id).get_result(conn)
}

#[derive(AsChangeset)]
#[diesel(table_name = link)]
struct LinkChange {
    release_status: Option<Option<String>>,
    alternate_organization: Option<String>,
    alternate_id: Option<String>,
    relation: Option<String>,
    updated_by_id: Option<String>,
    updated_by_name: Option<String>,
}

/// Changes what was sent.
pub fn update(
    conn: &mut Connection,
    id: i32,
    body: Parsed<UpdateIdLink>,
    actor: &Actor,
) -> Result<ThingIdLink, StoreError> {
    get(conn, id)?;
    let patch = vocabulary::settle(conn, body)?;
    let change = LinkChange {
        release_status: patch.release_status.into_change(),
        alternate_organization: patch.alternate_organization,
        alternate_id: patch.alternate_id,
        relation: patch.relation,
        updated_by_id: actor.id.clone(),
        updated_by_name: actor.name.clone(),
    };
    diesel::update(link::table.find(id)).set(change).execute(conn).optional_empty_changeset()?;
    get(conn, id)
}

/// Removes a link.
pub fn delete(conn: &mut Connection, id: i32) -> Result<(), StoreError> {
    match diesel::delete(link::table.find(id)).execute(conn)? {
        0 => Err(StoreError::not_found(MODEL, id)),
        _ => Ok(()),
    }
}
