//! Statements about terms.

use diesel::prelude::*;
use diesel::result::OptionalEmptyChangesetExtension;
use serde_json::json;

use crate::db::functions::fold;
use crate::db::schema::{lexicon_term, lexicon_triple};
use crate::db::{Backend, Connection};
use crate::domain::actor::Actor;
use crate::domain::form::Parsed;
use crate::domain::lexicon::{CreateTriple, Triple, UpdateTriple};
use crate::domain::list::ListRequest;
use crate::domain::paging::Page;
use crate::domain::time::UtcDateTime;

use super::lexicon::{TERM, ensure_term};
use super::list::{Column, Listing};
use super::page::load_page;
use super::{StoreError, vocabulary};

/// The resource's name in messages.
pub const MODEL: &str = "LexiconTriple";

#[derive(Queryable, Selectable)]
#[diesel(table_name = lexicon_triple, check_for_backend(Backend))]
struct TripleRow {
    id: i32,
    created_at: UtcDateTime,
    subject: String,
    predicate: String,
    object_: String,
}

impl From<TripleRow> for Triple {
    fn from(TripleRow { id, created_at, subject, predicate, object_ }: TripleRow) -> Self {
        Self { id, created_at, subject, predicate, object_ }
    }
}

static LISTING: Listing<lexicon_triple::table> = Listing {
    model: MODEL,
    columns: &[
        Column::integer("id", || Box::new(lexicon_triple::id.nullable())).not_null(),
        Column::time("created_at", || Box::new(lexicon_triple::created_at.nullable())).not_null(),
        Column::text("subject", || Box::new(lexicon_triple::subject.nullable())).not_null(),
        Column::text("predicate", || Box::new(lexicon_triple::predicate.nullable())).not_null(),
        Column::text("object_", || Box::new(lexicon_triple::object_.nullable())).not_null(),
    ],
};

/// A page of triples.
pub fn list(conn: &mut Connection, request: &ListRequest) -> Result<Page<Triple>, StoreError> {
    let plan = LISTING.plan(request)?;
    let (rows, extent) = load_page!(
        conn, plan, lexicon_triple::table, TripleRow, lexicon_triple::id,
        extra: |query| query,
        default: |query| query.order((fold(lexicon_triple::subject.nullable()).asc(), lexicon_triple::id.asc()))
    );
    Ok(Page::new(rows.into_iter().map(Triple::from).collect(), extent))
}

/// One triple.
pub fn get(conn: &mut Connection, id: i32) -> Result<Triple, StoreError> {
    let row: Option<TripleRow> =
        lexicon_triple::table.find(id).select(TripleRow::as_select()).first(conn).optional()?;
    row.map(Triple::from).ok_or_else(|| StoreError::not_found(MODEL, id))
}

/// Stores a triple, with its terms where they are missing.
pub fn create(conn: &mut Connection, body: Parsed<CreateTriple>, actor: &Actor) -> Result<Triple, StoreError> {
    let new = vocabulary::settle(conn, body)?;
    ensure_term(conn, &new.subject, actor)?;
    ensure_term(conn, &new.object_, actor)?;
    let row = (
        lexicon_triple::subject.eq(&new.subject.term),
        lexicon_triple::predicate.eq(&new.predicate),
        lexicon_triple::object_.eq(&new.object_.term),
        lexicon_triple::created_by_id.eq(&actor.id),
        lexicon_triple::created_by_name.eq(&actor.name),
    );
    let id = diesel::insert_into(lexicon_triple::table).values(row).returning(lexicon_triple::id).get_result(conn)?;
    get(conn, id)
}

#[derive(AsChangeset)]
#[diesel(table_name = lexicon_triple)]
struct TripleChange {
    subject: Option<String>,
    predicate: Option<String>,
    object_: Option<String>,
    updated_by_id: Option<String>,
    updated_by_name: Option<String>,
}

/// Changes what was sent; new subjects and objects must be terms.
pub fn update(conn: &mut Connection, id: i32, body: Parsed<UpdateTriple>, actor: &Actor) -> Result<Triple, StoreError> {
    get(conn, id)?;
    let patch = vocabulary::settle(conn, body)?;
    for (field, term) in [("subject", &patch.subject), ("object_", &patch.object_)] {
        if let Some(term) = term {
            let found = lexicon_term::table.filter(lexicon_term::term.eq(term));
            if !diesel::select(diesel::dsl::exists(found)).get_result::<bool>(conn)? {
                return Err(StoreError::conflict(field, format!("{TERM} with term {term} not found."), json!(term)));
            }
        }
    }
    let change = TripleChange {
        subject: patch.subject,
        predicate: patch.predicate,
        object_: patch.object_,
        updated_by_id: actor.id.clone(),
        updated_by_name: actor.name.clone(),
    };
    diesel::update(lexicon_triple::table.find(id)).set(change).execute(conn).optional_empty_changeset()?;
    get(conn, id)
}

/// Removes a triple; the terms stay.
pub fn delete(conn: &mut Connection, id: i32) -> Result<(), StoreError> {
    match diesel::delete(lexicon_triple::table.find(id)).execute(conn)? {
        0 => Err(StoreError::not_found(MODEL, id)),
        _ => Ok(()),
    }
}
