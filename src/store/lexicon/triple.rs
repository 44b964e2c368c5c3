//! Statements about terms.

use diesel::result::OptionalEmptyChangesetExtension as _;
use serde_json::json;

use crate::db::prelude::*;
use crate::db::schema::{lexicon_term, lexicon_triple};
use crate::db::{Numbers, Session, WriteSession, among, columns, one_of_texts};
use crate::domain::lexicon::{CreateTriple, Triple, UpdateTriple};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::request::form::Parsed;
use crate::domain::request::list::{Direction, ListRequest};
use crate::domain::request::paging::Found;
use crate::store::StoreError;
use crate::store::lexicon::{TERM, ensure_terms, resolve};
use crate::store::query::check::{Table, check_change};
use crate::store::query::find::{Listed as _, Search, in_order, listed};
use crate::store::query::listing::{Column, Listing};
use crate::store::query::stored::row;
use crate::store::query::visibility::LEXICON_TRIPLE;

/// The table, and the resource's name in messages.
pub const TABLE: Table = Table { name: "lexicon_triple", model: "LexiconTriple" };

row! {
    /// A row of the table.
    struct TripleRow of lexicon_triple as Triple {
        id: i32,
        created_at: UtcDateTime,
        subject: String,
        predicate: String,
        object_: String,
    }
}

listed!(lexicon_triple);

static LISTING: Listing<lexicon_triple::table> = Listing {
    model: TABLE.model,
    rule: &LEXICON_TRIPLE,
    columns: &[
        Column::of(lexicon_triple::id),
        Column::of(lexicon_triple::created_at),
        Column::of(lexicon_triple::subject),
        Column::of(lexicon_triple::predicate),
        Column::of(lexicon_triple::object_),
    ],
};

/// A page of triples.
pub fn find(session: &mut Session<'_>, request: &ListRequest, (): &()) -> Result<Found, StoreError> {
    let narrow = || Ok(Vec::new());
    let search = Search::new(&narrow).by("subject", Direction::Ascending);
    let (found, ()) = lexicon_triple::table::find_page(session, &LISTING, request, search)?;
    Ok(found)
}

/// The triples with these ids, in their order.
pub fn load(session: &mut Session<'_>, ids: &[i32]) -> Result<Vec<Triple>, StoreError> {
    let found = lexicon_triple::table.filter(among(lexicon_triple::id, Numbers::new(ids)));
    let found = found.select(columns::<TripleRow>()).load::<TripleRow>(session)?;
    Ok(in_order(found.into_iter().map(Triple::from).collect(), ids, |triple| triple.id))
}

/// One triple.
pub fn get(session: &mut Session<'_>, id: i32) -> Result<Triple, StoreError> {
    load(session, &[id])?.pop().ok_or_else(|| StoreError::not_found(TABLE.model, id))
}

/// Stores a triple, with its terms where they are missing.
pub fn create(session: &mut WriteSession<'_>, form: Parsed<CreateTriple>) -> Result<Triple, StoreError> {
    let new = resolve(form)?;
    ensure_terms(session, &[&new.subject, &new.object_])?;
    let by = session.principal();
    let row = (
        lexicon_triple::subject.eq(new.subject.term),
        lexicon_triple::predicate.eq(new.predicate),
        lexicon_triple::object_.eq(new.object_.term),
        lexicon_triple::created_by_id.eq(&by.id),
        lexicon_triple::created_by_name.eq(&by.name),
    );
    let stored: TripleRow =
        diesel::insert_into(lexicon_triple::table).values(row).returning(columns::<TripleRow>()).get_result(session)?;
    Ok(stored.into())
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
pub fn update(session: &mut WriteSession<'_>, id: i32, form: Parsed<UpdateTriple>) -> Result<Triple, StoreError> {
    let UpdateTriple { subject, predicate, object_ } = check_change(session, (TABLE, id), form, |_| Vec::new())?;
    require_terms(session, [("subject", subject.as_deref()), ("object_", object_.as_deref())])?;
    let by = session.principal();
    let (updated_by_id, updated_by_name) = (by.id.clone(), by.name.clone());
    let change = TripleChange { subject, predicate, object_, updated_by_id, updated_by_name };
    diesel::update(lexicon_triple::table.find(id)).set(change).execute(session).optional_empty_changeset()?;
    get(session, id)
}

/// Refuses what is no term.
fn require_terms(session: &mut Session<'_>, sent: [(&'static str, Option<&str>); 2]) -> Result<(), StoreError> {
    let terms: Vec<String> = sent.iter().filter_map(|(_, term)| term.map(str::to_owned)).collect();
    if terms.is_empty() {
        return Ok(());
    }
    let known = lexicon_term::table.filter(one_of_texts(lexicon_term::term, &terms)).select(lexicon_term::term);
    let known: Vec<String> = known.load(session)?;
    for (field, term) in sent {
        if let Some(term) = term.filter(|term| known.iter().all(|known| known != term)) {
            return Err(StoreError::conflict(
                field,
                format!("{} with term {term} not found.", TERM.model),
                json!(term),
            ));
        }
    }
    Ok(())
}

/// Removes a triple; the terms stay.
pub fn delete(session: &mut WriteSession<'_>, id: i32) -> Result<(), StoreError> {
    match diesel::delete(lexicon_triple::table.find(id)).execute(session)? {
        0 => Err(StoreError::not_found(TABLE.model, id)),
        _ => Ok(()),
    }
}
