//! `/lexicon`: terms, categories, triples.

use actix_web::{delete, get, patch, post};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::http::openapi::ListParams;
use crate::api::http::path::resource;
use crate::api::{Answer, Body, Db, Id, Params, Resource, Routes, Tagged};
use crate::db::{Session, WriteSession};
use crate::domain::lexicon::{
    Category, CreateCategory, CreateTerm, CreateTriple, Term, Triple, UpdateCategory, UpdateTerm, UpdateTriple,
};
use crate::domain::principal::Role::{LexiconEditor, Viewer};
use crate::domain::request::paging::Page;
use crate::store::StoreError;
use crate::store::lexicon::{self, CategorySearch, TermSearch, triple};

impl Resource for Term {
    const NAME: &'static str = lexicon::TERM.model;
}

impl Tagged for Term {
    type Id = i32;

    fn get(session: &mut Session<'_>, id: i32) -> Result<Self, StoreError> {
        lexicon::get_term(session, id)
    }

    fn lock(session: &mut WriteSession<'_>, id: i32) -> Result<(), StoreError> {
        lexicon::lock_term(session, id)
    }
}

impl Resource for Category {
    const NAME: &'static str = lexicon::CATEGORY.model;
}

impl Tagged for Category {
    type Id = i32;

    fn get(session: &mut Session<'_>, id: i32) -> Result<Self, StoreError> {
        lexicon::get_category(session, id)
    }

    fn lock(session: &mut WriteSession<'_>, id: i32) -> Result<(), StoreError> {
        lexicon::lock_category(session, id)
    }
}

resource!(Triple, triple);

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that api::params reads")]
struct TermParams {
    /// Exact name of a category.
    category: Option<String>,
    /// Part of the term, whatever its case.
    term: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that api::params reads")]
struct CategoryParams {
    /// Part of the name, whatever its case.
    name: Option<String>,
}

/// List terms, by their spelling unless sorted otherwise.
#[utoipa::path(tag = "lexicon", params(ListParams, TermParams), responses((status = 200, body = Page<Term>)))]
#[get("/lexicon/term")]
async fn list_terms(db: Db, params: Params) -> Answer {
    db.list(
        "list_terms",
        params,
        |params| {
            let mut request = params.list_by(Some("term"));
            // The user interface sorts by this column of its table; it means nothing here.
            request.sort = request.sort.filter(|sort| sort.column != "categories");
            let search = TermSearch { category: params.text("category"), term: params.text("term") };
            (request, search)
        },
        lexicon::find_terms,
        lexicon::load_terms,
    )
    .await
}

/// Store a term, or take the existing one, and link it to categories.
#[utoipa::path(tag = "lexicon", request_body = CreateTerm, responses((status = 201, body = Term)))]
#[post("/lexicon/term")]
async fn create_term(db: Db, body: Body<CreateTerm>) -> Answer {
    db.create("create_term", body, lexicon::create_term).await
}

/// One term.
#[utoipa::path(tag = "lexicon", responses((status = 200, body = Term)))]
#[get("/lexicon/term/{term_id}")]
async fn get_term(key: Id<Term>, db: Db) -> Answer {
    db.get("get_term", key, lexicon::get_term).await
}

/// Change a term; records that use it follow its new spelling.
#[utoipa::path(tag = "lexicon", request_body = UpdateTerm, responses((status = 200, body = Term)))]
#[patch("/lexicon/term/{term_id}")]
async fn update_term(key: Id<Term>, db: Db, body: Body<UpdateTerm>) -> Answer {
    db.update("update_term", key, body, lexicon::update_term).await
}

/// Remove a term, unless a record uses it.
#[utoipa::path(tag = "lexicon", responses((status = 204)))]
#[delete("/lexicon/term/{term_id}")]
async fn delete_term(key: Id<Term>, db: Db) -> Answer {
    db.delete("delete_term", key, lexicon::delete_term).await
}

/// List categories, by name unless sorted otherwise.
#[utoipa::path(tag = "lexicon", params(ListParams, CategoryParams), responses((status = 200, body = Page<Category>)))]
#[get("/lexicon/category")]
async fn list_categories(db: Db, params: Params) -> Answer {
    db.list(
        "list_categories",
        params,
        |params| {
            let request = params.list_by(Some("name"));
            (request, CategorySearch { name: params.text("name") })
        },
        lexicon::find_categories,
        lexicon::load_categories,
    )
    .await
}

/// Store a category.
#[utoipa::path(tag = "lexicon", request_body = CreateCategory, responses((status = 201, body = Category)))]
#[post("/lexicon/category")]
async fn create_category(db: Db, body: Body<CreateCategory>) -> Answer {
    db.create("create_category", body, lexicon::create_category).await
}

/// One category.
#[utoipa::path(tag = "lexicon", responses((status = 200, body = Category)))]
#[get("/lexicon/category/{category_id}")]
async fn get_category(key: Id<Category>, db: Db) -> Answer {
    db.get("get_category", key, lexicon::get_category).await
}

/// Change a category.
#[utoipa::path(tag = "lexicon", request_body = UpdateCategory, responses((status = 200, body = Category)))]
#[patch("/lexicon/category/{category_id}")]
async fn update_category(key: Id<Category>, db: Db, body: Body<UpdateCategory>) -> Answer {
    db.update("update_category", key, body, lexicon::update_category).await
}

/// Remove a category; its terms stay.
#[utoipa::path(tag = "lexicon", responses((status = 204)))]
#[delete("/lexicon/category/{category_id}")]
async fn delete_category(key: Id<Category>, db: Db) -> Answer {
    db.delete("delete_category", key, lexicon::delete_category).await
}

/// List triples, by subject unless sorted otherwise.
#[utoipa::path(tag = "lexicon", params(ListParams), responses((status = 200, body = Page<Triple>)))]
#[get("/lexicon/triple")]
async fn list_triples(db: Db, params: Params) -> Answer {
    db.list("list_triples", params, |params| (params.list_by(Some("subject")), ()), triple::find, triple::load).await
}

/// Store a triple, with its terms where they are missing.
#[utoipa::path(tag = "lexicon", request_body = CreateTriple, responses((status = 201, body = Triple)))]
#[post("/lexicon/triple")]
async fn create_triple(db: Db, body: Body<CreateTriple>) -> Answer {
    db.create("create_triple", body, triple::create).await
}

/// One triple.
#[utoipa::path(tag = "lexicon", responses((status = 200, body = Triple)))]
#[get("/lexicon/triple/{triple_id}")]
async fn get_triple(key: Id<Triple>, db: Db) -> Answer {
    db.get("get_triple", key, triple::get).await
}

/// Change a triple.
#[utoipa::path(tag = "lexicon", request_body = UpdateTriple, responses((status = 200, body = Triple)))]
#[patch("/lexicon/triple/{triple_id}")]
async fn update_triple(key: Id<Triple>, db: Db, body: Body<UpdateTriple>) -> Answer {
    db.update("update_triple", key, body, triple::update).await
}

/// Remove a triple; its terms stay.
#[utoipa::path(tag = "lexicon", responses((status = 204)))]
#[delete("/lexicon/triple/{triple_id}")]
async fn delete_triple(key: Id<Triple>, db: Db) -> Answer {
    db.delete("delete_triple", key, triple::delete).await
}

/// The routes of the vocabulary.
pub fn routes(routes: &mut Routes) {
    routes
        .add(Viewer, list_terms)
        .add(LexiconEditor, create_term)
        .add(Viewer, get_term)
        .add(LexiconEditor, update_term)
        .add(LexiconEditor, delete_term)
        .add(Viewer, list_categories)
        .add(LexiconEditor, create_category)
        .add(Viewer, get_category)
        .add(LexiconEditor, update_category)
        .add(LexiconEditor, delete_category)
        .add(Viewer, list_triples)
        .add(LexiconEditor, create_triple)
        .add(Viewer, get_triple)
        .add(LexiconEditor, update_triple)
        .add(LexiconEditor, delete_triple);
}
