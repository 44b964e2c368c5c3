//! The vocabulary: terms and their categories. Triples have a module of their own.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use diesel::result::OptionalEmptyChangesetExtension;
use serde_json::json;

use crate::db::functions::fold;
use crate::db::schema::{lexicon_category, lexicon_term, lexicon_term_category_association as link};
use crate::db::{Backend, Connection};
use crate::domain::actor::Actor;
use crate::domain::filter::{Operator, like_pattern};
use crate::domain::form::Parsed;
use crate::domain::lexicon::{Category, CreateCategory, CreateTerm, Term, UpdateCategory, UpdateTerm};
use crate::domain::list::ListRequest;
use crate::domain::paging::Page;
use crate::domain::time::UtcDateTime;

use super::list::{Column, Listing};
use super::page::load_page;
use super::related::in_query;
use super::{StoreError, vocabulary};

/// The resource's name in messages.
pub const TERM: &str = "LexiconTerm";
/// The resource's name in messages.
pub const CATEGORY: &str = "LexiconCategory";

#[derive(Queryable, Selectable)]
#[diesel(table_name = lexicon_term, check_for_backend(Backend))]
struct TermRow {
    id: i32,
    created_at: UtcDateTime,
    term: String,
    definition: String,
}

#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = lexicon_category, check_for_backend(Backend))]
struct CategoryRow {
    id: i32,
    created_at: UtcDateTime,
    name: String,
    description: Option<String>,
}

impl From<CategoryRow> for Category {
    fn from(CategoryRow { id, created_at, name, description }: CategoryRow) -> Self {
        Self { id, created_at, name, description }
    }
}

static TERMS: Listing<lexicon_term::table> = Listing {
    model: TERM,
    columns: &[
        Column::integer("id", || Box::new(lexicon_term::id.nullable())).not_null(),
        Column::time("created_at", || Box::new(lexicon_term::created_at.nullable())).not_null(),
        Column::text("term", || Box::new(lexicon_term::term.nullable())).not_null(),
        Column::text("definition", || Box::new(lexicon_term::definition.nullable())).not_null(),
    ],
};

static CATEGORIES: Listing<lexicon_category::table> = Listing {
    model: CATEGORY,
    columns: &[
        Column::integer("id", || Box::new(lexicon_category::id.nullable())).not_null(),
        Column::time("created_at", || Box::new(lexicon_category::created_at.nullable())).not_null(),
        Column::text("name", || Box::new(lexicon_category::name.nullable())).not_null(),
        Column::text("description", || Box::new(lexicon_category::description)),
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

/// A page of terms.
pub fn list_terms(conn: &mut Connection, request: &ListRequest, search: &TermSearch) -> Result<Page<Term>, StoreError> {
    let plan = TERMS.plan(request)?;
    let (rows, extent) = load_page!(
        conn, plan, lexicon_term::table, TermRow, lexicon_term::id,
        extra: |query| {
            if let Some(category) = &search.category {
                let members = link::table
                    .inner_join(lexicon_category::table)
                    .filter(lexicon_category::name.eq(category.clone()))
                    .select(link::term_id);
                query = query.filter(in_query(lexicon_term::id, members));
            }
            if let Some(term) = &search.term {
                let pattern = like_pattern(Operator::Contains, term);
                query = query.filter(fold(lexicon_term::term.nullable()).like(fold(pattern)).escape('\\'));
            }
            query
        },
        default: |query| query.order((fold(lexicon_term::term.nullable()).asc(), lexicon_term::id.asc()))
    );
    Ok(Page::new(with_categories(conn, rows)?, extent))
}

/// One term.
pub fn get_term(conn: &mut Connection, id: i32) -> Result<Term, StoreError> {
    let row: Option<TermRow> = lexicon_term::table.find(id).select(TermRow::as_select()).first(conn).optional()?;
    with_categories(conn, row.into_iter().collect())?.pop().ok_or_else(|| StoreError::not_found(TERM, id))
}

/// One query for the categories of all rows.
fn with_categories(conn: &mut Connection, rows: Vec<TermRow>) -> QueryResult<Vec<Term>> {
    let ids: Vec<i32> = rows.iter().map(|row| row.id).collect();
    let linked: Vec<(i32, CategoryRow)> = link::table
        .inner_join(lexicon_category::table)
        .filter(link::term_id.eq_any(&ids))
        .order(link::id)
        .select((link::term_id, CategoryRow::as_select()))
        .load(conn)?;
    let mut by_term: HashMap<i32, Vec<Category>> = HashMap::new();
    for (term, category) in linked {
        by_term.entry(term).or_default().push(category.into());
    }
    Ok(rows
        .into_iter()
        .map(|row| Term {
            id: row.id,
            created_at: row.created_at,
            term: row.term,
            definition: row.definition,
            categories: by_term.remove(&row.id).unwrap_or_default(),
        })
        .collect())
}

#[derive(Insertable)]
#[diesel(table_name = lexicon_term)]
struct NewTerm<'a> {
    term: &'a str,
    definition: &'a str,
    created_by_id: Option<&'a str>,
    created_by_name: Option<&'a str>,
}

/// Stores a term, or takes the existing one, and links it to the categories.
pub fn create_term(conn: &mut Connection, body: Parsed<CreateTerm>, actor: &Actor) -> Result<Term, StoreError> {
    let new = vocabulary::settle(conn, body)?;
    let id = ensure_term(conn, &new, actor)?;
    get_term(conn, id)
}

/// The key of a term, made when it is missing; its categories must exist.
pub(super) fn ensure_term(conn: &mut Connection, new: &CreateTerm, actor: &Actor) -> Result<i32, StoreError> {
    let found: Option<i32> =
        lexicon_term::table.filter(lexicon_term::term.eq(&new.term)).select(lexicon_term::id).first(conn).optional()?;
    let id = match found {
        Some(id) => id,
        None => {
            let row = NewTerm {
                term: &new.term,
                definition: &new.definition,
                created_by_id: actor.id.as_deref(),
                created_by_name: actor.name.as_deref(),
            };
            diesel::insert_into(lexicon_term::table).values(row).returning(lexicon_term::id).get_result(conn)?
        }
    };
    let known: HashSet<i32> =
        link::table.filter(link::term_id.eq(id)).select(link::category_id).load::<i32>(conn)?.into_iter().collect();
    for name in &new.categories {
        let category: Option<i32> = lexicon_category::table
            .filter(lexicon_category::name.eq(name))
            .select(lexicon_category::id)
            .first(conn)
            .optional()?;
        let missing =
            || StoreError::conflict("categories", format!("{CATEGORY} with name {name} not found."), json!(name));
        let category = category.ok_or_else(missing)?;
        if !known.contains(&category) {
            let row = (
                link::term_id.eq(id),
                link::category_id.eq(category),
                link::created_by_id.eq(&actor.id),
                link::created_by_name.eq(&actor.name),
            );
            diesel::insert_into(link::table).values(row).execute(conn)?;
        }
    }
    Ok(id)
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
pub fn update_term(
    conn: &mut Connection,
    id: i32,
    body: Parsed<UpdateTerm>,
    actor: &Actor,
) -> Result<Term, StoreError> {
    get_term(conn, id)?;
    let patch = vocabulary::settle(conn, body)?;
    let change = TermChange {
        term: patch.term,
        definition: patch.definition,
        updated_by_id: actor.id.clone(),
        updated_by_name: actor.name.clone(),
    };
    diesel::update(lexicon_term::table.find(id)).set(change).execute(conn).optional_empty_changeset()?;
    get_term(conn, id)
}

/// Removes a term, unless a record uses it.
pub fn delete_term(conn: &mut Connection, id: i32) -> Result<(), StoreError> {
    match diesel::delete(lexicon_term::table.find(id)).execute(conn)? {
        0 => Err(StoreError::not_found(TERM, id)),
        _ => Ok(()),
    }
}

/// A page of categories.
pub fn list_categories(
    conn: &mut Connection,
    request: &ListRequest,
    name: Option<&str>,
) -> Result<Page<Category>, StoreError> {
    let plan = CATEGORIES.plan(request)?;
    let (rows, extent) = load_page!(
        conn, plan, lexicon_category::table, CategoryRow, lexicon_category::id,
        extra: |query| {
            if let Some(name) = name {
                let pattern = like_pattern(Operator::Contains, name);
                query = query.filter(fold(lexicon_category::name.nullable()).like(fold(pattern)).escape('\\'));
            }
            query
        },
        default: |query| query.order((fold(lexicon_category::name.nullable()).asc(), lexicon_category::id.asc()))
    );
    Ok(Page::new(rows.into_iter().map(Category::from).collect(), extent))
}

/// One category.
pub fn get_category(conn: &mut Connection, id: i32) -> Result<Category, StoreError> {
    let row: Option<CategoryRow> =
        lexicon_category::table.find(id).select(CategoryRow::as_select()).first(conn).optional()?;
    row.map(Category::from).ok_or_else(|| StoreError::not_found(CATEGORY, id))
}

/// Stores a category.
pub fn create_category(
    conn: &mut Connection,
    body: Parsed<CreateCategory>,
    actor: &Actor,
) -> Result<Category, StoreError> {
    let new = vocabulary::settle(conn, body)?;
    let row = (
        lexicon_category::name.eq(&new.name),
        lexicon_category::description.eq(&new.description),
        lexicon_category::created_by_id.eq(&actor.id),
        lexicon_category::created_by_name.eq(&actor.name),
    );
    let id =
        diesel::insert_into(lexicon_category::table).values(row).returning(lexicon_category::id).get_result(conn)?;
    get_category(conn, id)
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
    conn: &mut Connection,
    id: i32,
    body: Parsed<UpdateCategory>,
    actor: &Actor,
) -> Result<Category, StoreError> {
    get_category(conn, id)?;
    let patch = vocabulary::settle(conn, body)?;
    let change = CategoryChange {
        name: patch.name,
        description: patch.description.into_change(),
        updated_by_id: actor.id.clone(),
        updated_by_name: actor.name.clone(),
    };
    diesel::update(lexicon_category::table.find(id)).set(change).execute(conn).optional_empty_changeset()?;
    get_category(conn, id)
}

/// Removes a category and its links; the terms stay.
pub fn delete_category(conn: &mut Connection, id: i32) -> Result<(), StoreError> {
    match diesel::delete(lexicon_category::table.find(id)).execute(conn)? {
        0 => Err(StoreError::not_found(CATEGORY, id)),
        _ => Ok(()),
    }
}
