//! The vocabulary: terms and their categories. Triples have a module of their own.

pub mod triple;

use std::collections::{HashMap, HashSet};

use diesel::result::OptionalEmptyChangesetExtension as _;
use serde_json::json;

use crate::db::functions::fold;
use crate::db::prelude::*;
use crate::db::schema::{lexicon_category, lexicon_term, lexicon_term_category_association as link};
use crate::db::{
    Backend, Numbers, Read as _, Session, WriteSession, among, columns, new_ids, one_of_texts, rows, transaction_lock,
};
use crate::domain::lexicon::fixed;
use crate::domain::lexicon::{Category, CreateCategory, CreateTerm, Term, UpdateCategory, UpdateTerm};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::principal::Principal;
use crate::domain::request::filter::{Operator, like_pattern};
use crate::domain::request::form::Parsed;
use crate::domain::request::list::{Direction, ListRequest};
use crate::domain::request::paging::Found;
use crate::domain::request::problem::Problem;
use crate::store::StoreError;
use crate::store::query::check::{Table, check_change, lock_row};
use crate::store::query::find::{Listed as _, Search, by_parent, in_order, listed};
use crate::store::query::listing::{Column, Condition, Listing};
use crate::store::query::stored::row;
use crate::store::query::subquery::in_query;
use crate::store::query::visibility::{LEXICON_CATEGORY, LEXICON_TERM};

/// The table of terms, and the resource's name in messages.
pub const TERM: Table = Table { name: "lexicon_term", model: "LexiconTerm" };
/// The table of categories, and the resource's name in messages.
pub const CATEGORY: Table = Table { name: "lexicon_category", model: "LexiconCategory" };

/// Those who add or remove terms take turns, seeding included (any constant would do): what one finds missing nobody
/// else adds meanwhile.
pub const LOCK: i64 = 0x0c07_5eed;

#[derive(Queryable, Selectable)]
#[diesel(table_name = lexicon_term, check_for_backend(Backend))]
struct TermRow {
    id: i32,
    created_at: UtcDateTime,
    term: String,
    definition: String,
}

row! {
    /// A row of the table.
    struct CategoryRow of lexicon_category as Category {
        id: i32,
        created_at: UtcDateTime,
        name: String,
        description: Option<String>,
    }
}

listed!(lexicon_term);
listed!(lexicon_category);

static TERMS: Listing<lexicon_term::table> = Listing {
    model: TERM.model,
    rule: &LEXICON_TERM,
    columns: &[
        Column::of(lexicon_term::id),
        Column::of(lexicon_term::created_at),
        Column::of(lexicon_term::term),
        Column::of(lexicon_term::definition),
    ],
};

static CATEGORIES: Listing<lexicon_category::table> = Listing {
    model: CATEGORY.model,
    rule: &LEXICON_CATEGORY,
    columns: &[
        Column::of(lexicon_category::id),
        Column::of(lexicon_category::created_at),
        Column::of(lexicon_category::name),
        Column::of(lexicon_category::description),
    ],
};

/// What else narrows a list of terms.
#[derive(Clone, Debug, Default)]
pub struct TermSearch {
    /// Exact name of a category.
    pub category: Option<String>,
    /// Part of the term, whatever its case.
    pub term: Option<String>,
}

/// What else narrows a list of categories.
#[derive(Clone, Debug, Default)]
pub struct CategorySearch {
    /// Part of the name, whatever its case.
    pub name: Option<String>,
}

/// A page of terms.
pub fn find_terms(session: &mut Session<'_>, request: &ListRequest, search: &TermSearch) -> Result<Found, StoreError> {
    let narrow = || {
        let mut all: Vec<Condition<lexicon_term::table>> = Vec::new();
        if let Some(category) = &search.category {
            let members = link::table
                .inner_join(lexicon_category::table)
                .filter(lexicon_category::name.eq(category.clone()))
                .select(link::term_id);
            all.push(Box::new(in_query(lexicon_term::id, members)));
        }
        if let Some(term) = &search.term {
            let pattern = like_pattern(Operator::Contains, term);
            all.push(Box::new(fold(lexicon_term::term.nullable()).like(fold(pattern)).escape('\\')));
        }
        Ok(all)
    };
    let search = Search::new(&narrow).by("term", Direction::Ascending);
    let (found, ()) = lexicon_term::table::find_page(session, &TERMS, request, search)?;
    Ok(found)
}

/// The terms with these ids, in their order, each with its categories.
pub fn load_terms(session: &mut Session<'_>, ids: &[i32]) -> Result<Vec<Term>, StoreError> {
    let wanted = Numbers::new(ids);
    let terms = lexicon_term::table.filter(among(lexicon_term::id, wanted.clone())).select(columns::<TermRow>());
    let linked =
        link::table.inner_join(lexicon_category::table).filter(among(link::term_id, wanted)).order(link::id).select((
            link::term_id,
            lexicon_category::id,
            lexicon_category::created_at,
            lexicon_category::name,
            lexicon_category::description,
        ));
    let linked = rows::<(i32, i32, UtcDateTime, String, Option<String>), _>(linked).giving(|rows| {
        let category = |(_, id, created_at, name, description)| Category { id, created_at, name, description };
        by_parent(rows, |row| row.0, category)
    });
    let (terms, mut categories) = session.read((rows::<TermRow, _>(terms), linked))?;
    let terms = in_order(terms, ids, |row| row.id);
    let complete = |TermRow { id, created_at, term, definition }| {
        let categories = categories.remove(&id).unwrap_or_default();
        Term { id, created_at, term, definition, categories }
    };
    Ok(terms.into_iter().map(complete).collect())
}

/// One term.
pub fn get_term(session: &mut Session<'_>, id: i32) -> Result<Term, StoreError> {
    load_terms(session, &[id])?.pop().ok_or_else(|| StoreError::not_found(TERM.model, id))
}

#[derive(Insertable)]
#[diesel(table_name = lexicon_term, treat_none_as_default_value = false)]
pub(in crate::store) struct NewTerm {
    id: i32,
    term: String,
    definition: String,
    created_by_id: Option<String>,
    created_by_name: Option<String>,
}

impl NewTerm {
    pub(in crate::store) fn of(id: i32, term: &str, definition: &str, by: &Principal) -> Self {
        let (term, definition) = (term.to_owned(), definition.to_owned());
        Self { id, term, definition, created_by_id: by.id.clone(), created_by_name: by.name.clone() }
    }
}

#[derive(Insertable)]
#[diesel(table_name = link, treat_none_as_default_value = false)]
pub(in crate::store) struct NewLink {
    term_id: i32,
    category_id: i32,
    created_by_id: Option<String>,
    created_by_name: Option<String>,
}

impl NewLink {
    pub(in crate::store) fn of(term_id: i32, category_id: i32, by: &Principal) -> Self {
        Self { term_id, category_id, created_by_id: by.id.clone(), created_by_name: by.name.clone() }
    }
}

crate::insertable!(NewTerm => lexicon_term, NewLink => link);

/// The value of a form that names nothing that must be in the vocabulary already.
fn resolve<T>(form: Parsed<T>) -> Result<T, StoreError> {
    form.resolve(|_| None).map_err(StoreError::Invalid)
}

/// Stores a term, or takes the existing one, and links it to the categories.
pub fn create_term(session: &mut WriteSession<'_>, form: Parsed<CreateTerm>) -> Result<Term, StoreError> {
    let new = resolve(form)?;
    let ids = ensure_terms(session, &[&new])?;
    get_term(session, ids.first().copied().unwrap_or_default())
}

/// What is stored of some terms and categories.
struct Stored {
    terms: HashMap<String, i32>,
    links: HashSet<(i32, i32)>,
    categories: HashMap<String, i32>,
    /// An id for each term, should it be missing.
    new: Vec<i32>,
}

/// Reads what is stored of the terms and of the categories that they are to be linked to.
fn stored(session: &mut Session<'_>, wanted: &[&CreateTerm]) -> QueryResult<Stored> {
    let texts: Vec<String> = wanted.iter().map(|new| new.term.clone()).collect();
    let names: Vec<String> = wanted.iter().flat_map(|new| new.categories.iter().cloned()).collect();
    let found = || lexicon_term::table.filter(one_of_texts(lexicon_term::term, &texts));
    let terms = found().select((lexicon_term::term, lexicon_term::id));
    let links = found().inner_join(link::table).select((link::term_id, link::category_id));
    let categories = lexicon_category::table
        .filter(one_of_texts(lexicon_category::name, &names))
        .select((lexicon_category::name, lexicon_category::id));
    session.read(
        (
            rows::<(String, i32), _>(terms),
            rows::<(i32, i32), _>(links),
            rows::<(String, i32), _>(categories),
            rows::<i32, _>(new_ids(TERM.name, wanted.len())),
        )
            .giving(|(terms, links, categories, new)| Stored {
                terms: terms.into_iter().collect(),
                links: links.into_iter().collect(),
                categories: categories.into_iter().collect(),
                new,
            }),
    )
}

/// The ids of terms, which are stored where they are missing and linked to their categories, which must exist.
fn ensure_terms(session: &mut WriteSession<'_>, wanted: &[&CreateTerm]) -> Result<Vec<i32>, StoreError> {
    transaction_lock(session, LOCK)?;
    let by = session.principal();
    let mut stored = stored(session, wanted)?;
    let (mut ids, mut terms, mut links) = (Vec::new(), Vec::new(), Vec::new());
    for (form, new) in wanted.iter().zip(stored.new) {
        let id = *stored.terms.entry(form.term.clone()).or_insert_with(|| {
            terms.push(NewTerm::of(new, &form.term, &form.definition, by));
            new
        });
        for name in &form.categories {
            let message = || format!("{} with name {name} not found.", CATEGORY.model);
            let missing = || StoreError::conflict("categories", message(), json!(name));
            let category = *stored.categories.get(name).ok_or_else(missing)?;
            if stored.links.insert((id, category)) {
                links.push(NewLink::of(id, category, by));
            }
        }
        ids.push(id);
    }
    session.insert(&[&terms, &links])?;
    Ok(ids)
}

/// Locks a term for a change of it: first the vocabulary, as those do who store and remove words.
pub fn lock_term(session: &mut WriteSession<'_>, id: i32) -> Result<(), StoreError> {
    transaction_lock(session, LOCK)?;
    lock_row(session, TERM, id)
}

/// As [`lock_term`], for a category.
pub fn lock_category(session: &mut WriteSession<'_>, id: i32) -> Result<(), StoreError> {
    transaction_lock(session, LOCK)?;
    lock_row(session, CATEGORY, id)
}

#[derive(AsChangeset)]
#[diesel(table_name = lexicon_term)]
struct TermChange {
    term: Option<String>,
    definition: Option<String>,
    updated_by_id: Option<String>,
    updated_by_name: Option<String>,
}

/// Changes what was sent; rows that use the term follow its new spelling.
pub fn update_term(session: &mut WriteSession<'_>, id: i32, form: Parsed<UpdateTerm>) -> Result<Term, StoreError> {
    let UpdateTerm { term, definition } = check_change(session, (TERM, id), form, |_| Vec::new())?;
    if let Some(term) = &term {
        keep_fixed_term(session, id, Some(term))?;
    }
    let by = session.principal();
    let change = TermChange { term, definition, updated_by_id: by.id.clone(), updated_by_name: by.name.clone() };
    diesel::update(lexicon_term::table.find(id)).set(change).execute(session).optional_empty_changeset()?;
    get_term(session, id)
}

/// Refuses to rename (or, without a new spelling, to remove) a term that the program relies on.
fn keep_fixed_term(session: &mut Session<'_>, id: i32, renamed: Option<&str>) -> Result<(), StoreError> {
    let stored = lexicon_term::table.filter(lexicon_term::id.eq(id)).select(lexicon_term::term);
    let stored: Option<String> = stored.first(session).optional()?;
    match stored.filter(|stored| fixed::is_fixed_term(stored) && renamed != Some(stored.as_str())) {
        None => Ok(()),
        Some(term) => Err(kept(&format!("{} '{term}'", TERM.model), ("term", renamed), ("term_id", id))),
    }
}

/// As [`keep_fixed_term`], for a category.
fn keep_fixed_category(session: &mut Session<'_>, id: i32, renamed: Option<&str>) -> Result<(), StoreError> {
    let stored = lexicon_category::table.filter(lexicon_category::id.eq(id)).select(lexicon_category::name);
    let stored: Option<String> = stored.first(session).optional()?;
    match stored.filter(|stored| fixed::is_fixed_category(stored) && renamed != Some(stored.as_str())) {
        None => Ok(()),
        Some(name) => Err(kept(&format!("{} '{name}'", CATEGORY.model), ("name", renamed), ("category_id", id))),
    }
}

/// 409 for a word that the program relies on: at the field that would rename it, or at the path that would remove it.
fn kept(what: &str, renamed: (&'static str, Option<&str>), removed: (&'static str, i32)) -> StoreError {
    if let (field, Some(sent)) = renamed {
        return StoreError::conflict(field, format!("{what} cannot be renamed: the program relies on it."), sent);
    }
    let (key, id) = removed;
    let message = format!("{what} cannot be removed: the program relies on it.");
    StoreError::Conflict(Box::new(Problem::conflict("path", key, message, id)))
}

/// Removes a term, unless a record or the program uses it.
pub fn delete_term(session: &mut WriteSession<'_>, id: i32) -> Result<(), StoreError> {
    transaction_lock(session, LOCK)?;
    keep_fixed_term(session, id, None)?;
    match diesel::delete(lexicon_term::table.find(id)).execute(session)? {
        0 => Err(StoreError::not_found(TERM.model, id)),
        _ => Ok(()),
    }
}

/// A page of categories.
pub fn find_categories(
    session: &mut Session<'_>,
    request: &ListRequest,
    search: &CategorySearch,
) -> Result<Found, StoreError> {
    let narrow = || {
        let mut all: Vec<Condition<lexicon_category::table>> = Vec::new();
        if let Some(name) = &search.name {
            let pattern = like_pattern(Operator::Contains, name);
            all.push(Box::new(fold(lexicon_category::name.nullable()).like(fold(pattern)).escape('\\')));
        }
        Ok(all)
    };
    let search = Search::new(&narrow).by("name", Direction::Ascending);
    let (found, ()) = lexicon_category::table::find_page(session, &CATEGORIES, request, search)?;
    Ok(found)
}

/// The categories with these ids, in their order.
pub fn load_categories(session: &mut Session<'_>, ids: &[i32]) -> Result<Vec<Category>, StoreError> {
    let found = lexicon_category::table.filter(among(lexicon_category::id, Numbers::new(ids)));
    let found = found.select(columns::<CategoryRow>()).load::<CategoryRow>(session)?;
    Ok(in_order(found.into_iter().map(Category::from).collect(), ids, |category| category.id))
}

/// One category.
pub fn get_category(session: &mut Session<'_>, id: i32) -> Result<Category, StoreError> {
    load_categories(session, &[id])?.pop().ok_or_else(|| StoreError::not_found(CATEGORY.model, id))
}

/// Stores a category.
pub fn create_category(session: &mut WriteSession<'_>, form: Parsed<CreateCategory>) -> Result<Category, StoreError> {
    let by = session.principal();
    let CreateCategory { name, description } = resolve(form)?;
    let row = (
        lexicon_category::name.eq(name),
        lexicon_category::description.eq(description),
        lexicon_category::created_by_id.eq(&by.id),
        lexicon_category::created_by_name.eq(&by.name),
    );
    let stored: CategoryRow = diesel::insert_into(lexicon_category::table)
        .values(row)
        .returning(columns::<CategoryRow>())
        .get_result(session)?;
    Ok(stored.into())
}

#[derive(AsChangeset)]
#[diesel(table_name = lexicon_category)]
struct CategoryChange {
    name: Option<String>,
    description: Option<Option<String>>,
    updated_by_id: Option<String>,
    updated_by_name: Option<String>,
}

/// Changes what was sent.
pub fn update_category(
    session: &mut WriteSession<'_>,
    id: i32,
    form: Parsed<UpdateCategory>,
) -> Result<Category, StoreError> {
    let UpdateCategory { name, description } = check_change(session, (CATEGORY, id), form, |_| Vec::new())?;
    if let Some(name) = &name {
        keep_fixed_category(session, id, Some(name))?;
    }
    let by = session.principal();
    let change = CategoryChange {
        name,
        description: description.into_change(),
        updated_by_id: by.id.clone(),
        updated_by_name: by.name.clone(),
    };
    diesel::update(lexicon_category::table.find(id)).set(change).execute(session).optional_empty_changeset()?;
    get_category(session, id)
}

/// Removes a category and its links, unless the program uses it; the terms stay.
pub fn delete_category(session: &mut WriteSession<'_>, id: i32) -> Result<(), StoreError> {
    transaction_lock(session, LOCK)?;
    keep_fixed_category(session, id, None)?;
    match diesel::delete(lexicon_category::table.find(id)).execute(session)? {
        0 => Err(StoreError::not_found(CATEGORY.model, id)),
        _ => Ok(()),
    }
}
