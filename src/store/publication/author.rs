//! Authors of publications. They are made by the publications that first name them.

use diesel::result::OptionalEmptyChangesetExtension as _;
use serde_json::json;

use crate::db::functions::fold;
use crate::db::prelude::*;
use crate::db::schema::{pub_author, pub_author_publication_association as authorship};
use crate::db::{Numbers, Session, WriteSession, among, columns, rows, transaction_lock};
use crate::domain::principal::Principal;
use crate::domain::publication::author::{Author, AuthorSearch, UpdateAuthor};
use crate::domain::request::filter::{Operator, like_pattern};
use crate::domain::request::form::Parsed;
use crate::domain::request::list::ListRequest;
use crate::domain::request::paging::Found;
use crate::domain::request::problem::Problem;
use crate::store::StoreError;
use crate::store::query::check::{Table, check_change, lock_row};
use crate::store::query::find::{Listed as _, Search, in_order, listed};
use crate::store::query::listing::{Column, Condition, Listing};
use crate::store::query::stored::row;
use crate::store::query::visibility::{PUB_AUTHOR, visible};

/// The table, and the resource's name in messages.
pub const TABLE: Table = Table { name: "pub_author", model: "Author" };

/// Those who make, rename or remove authors take turns (any constant would do): a name that one finds missing nobody else adds
/// meanwhile, and an author that one finds nobody else removes.
pub const LOCK: i64 = 0x0c07_a07b;

row! {
    /// A row of the table.
    pub(super) struct AuthorRow of pub_author as Author {
        id: i32,
        name: String,
        email: Option<String>,
        affiliation: Option<String>,
    }
}

/// A row to be stored.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = pub_author, treat_none_as_default_value = false)]
pub(super) struct NewAuthor {
    id: i32,
    name: String,
    created_by_id: Option<String>,
    created_by_name: Option<String>,
}

crate::insertable!(NewAuthor => pub_author);

impl NewAuthor {
    /// An author of whom only the name is known.
    pub(super) fn of(id: i32, name: &str, by: &Principal) -> Self {
        Self { id, name: name.to_owned(), created_by_id: by.id.clone(), created_by_name: by.name.clone() }
    }
}

/// What is to be changed in a row.
#[derive(AsChangeset)]
#[diesel(table_name = pub_author)]
struct AuthorChange {
    name: Option<String>,
    email: Option<Option<String>>,
    affiliation: Option<Option<String>>,
    updated_by_id: Option<String>,
    updated_by_name: Option<String>,
}

listed!(pub_author);

static LISTING: Listing<pub_author::table> = Listing {
    model: TABLE.model,
    rule: &PUB_AUTHOR,
    columns: &[
        Column::of(pub_author::id),
        Column::of(pub_author::created_at),
        Column::of(pub_author::name),
        Column::of(pub_author::email),
        Column::of(pub_author::affiliation),
    ],
};

/// A page of authors.
pub fn find(session: &mut Session<'_>, request: &ListRequest, search: &AuthorSearch) -> Result<Found, StoreError> {
    let of = |part: &String| -> Condition<pub_author::table> {
        let pattern = like_pattern(Operator::Contains, part);
        Box::new(fold(pub_author::name.nullable()).like(fold(pattern)).escape('\\'))
    };
    let narrow = || Ok(search.query.iter().map(of).collect());
    let (found, ()) = pub_author::table::find_page(session, &LISTING, request, Search::new(&narrow))?;
    Ok(found)
}

/// The authors with these ids, in their order.
pub fn load(session: &mut Session<'_>, ids: &[i32]) -> Result<Vec<Author>, StoreError> {
    let found = pub_author::table
        .filter(among(pub_author::id, Numbers::new(ids)))
        .filter(visible(session.sight(), &PUB_AUTHOR))
        .select(columns::<AuthorRow>());
    let found: Vec<AuthorRow> = session.read_fixed(rows(found))?;
    Ok(in_order(found.into_iter().map(Author::from).collect(), ids, |author| author.id))
}

/// One author.
pub fn get(session: &mut Session<'_>, id: i32) -> Result<Author, StoreError> {
    load(session, &[id])?.pop().ok_or_else(|| StoreError::not_found(TABLE.model, id))
}

/// Changes what was sent. Publications follow.
pub fn update(session: &mut WriteSession<'_>, id: i32, form: Parsed<UpdateAuthor>) -> Result<Author, StoreError> {
    if form.value().is_some_and(|patch| patch.name.is_some()) {
        transaction_lock(session, LOCK)?;
    }
    let UpdateAuthor { name, email, affiliation } = check_change(session, (TABLE, id), form, |_| Vec::new())?;
    if let Some(name) = &name {
        let same = pub_author::table.filter(pub_author::name.eq(name)).filter(pub_author::id.ne(id));
        if !same.select(pub_author::id).load::<i32>(session)?.is_empty() {
            return Err(StoreError::conflict("name", format!("Author with name {name} already exists."), json!(name)));
        }
    }
    let by = session.principal();
    let change = AuthorChange {
        name,
        email: email.into_change(),
        affiliation: affiliation.into_change(),
        updated_by_id: by.id.clone(),
        updated_by_name: by.name.clone(),
    };
    diesel::update(pub_author::table.find(id)).set(change).execute(session).optional_empty_changeset()?;
    get(session, id)
}

/// Removes an author without publications.
pub fn delete(session: &mut WriteSession<'_>, id: i32) -> Result<(), StoreError> {
    transaction_lock(session, LOCK)?;
    lock_row(session, TABLE, id)?;
    let theirs = authorship::table.filter(authorship::author_id.eq(id)).select(authorship::id).limit(1);
    if !theirs.load::<i32>(session)?.is_empty() {
        let message = format!("Author with ID {id} has publications and cannot be deleted.");
        return Err(StoreError::Conflict(Box::new(Problem::conflict("path", "author_id", message, id))));
    }
    diesel::delete(pub_author::table.find(id)).execute(session)?;
    Ok(())
}
