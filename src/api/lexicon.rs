//! `/lexicon`: terms, categories, triples.

use actix_web::{delete, get, patch, post};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::docs::ListParams;
use super::{Answer, Body, Caller, Db, Id, Model, Params};
use crate::auth::{LexiconEditor, Viewer};
use crate::domain::lexicon::{
    Category, CreateCategory, CreateTerm, CreateTriple, Term, Triple, UpdateCategory, UpdateTerm, UpdateTriple,
};
use crate::domain::paging::Page;
use crate::store::lexicon::{self, TermSearch};
use crate::store::triple;

impl Model for Term {
    const NAME: &'static str = lexicon::TERM;
}

impl Model for Category {
    const NAME: &'static str = lexicon::CATEGORY;
}

impl Model for Triple {
    const NAME: &'static str = triple::MODEL;
}

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
async fn list_terms(_caller: Caller<Viewer>, db: Db, mut params: Params) -> Answer {
    let mut request = params.list_by(Some("term"));
    // The user interface sorts by this column of its table; it means nothing here.
    request.sort = request.sort.filter(|sort| sort.column != "categories");
    let search = TermSearch { category: params.text("category"), term: params.text("term") };
    params.finish()?;
    db.page("list_terms", request, move |conn, request| lexicon::list_terms(conn, request, &search)).await
}

/// Store a term, or take the existing one, and link it to categories.
#[utoipa::path(tag = "lexicon", request_body = CreateTerm, responses((status = 201, body = Term)))]
#[post("/lexicon/term")]
async fn create_term(caller: Caller<LexiconEditor>, db: Db, Body(body): Body<CreateTerm>) -> Answer {
    db.create("create_term", move |conn| lexicon::create_term(conn, body, &caller.actor)).await
}

/// One term.
#[utoipa::path(tag = "lexicon", responses((status = 200, body = Term)))]
#[get("/lexicon/term/{term_id}")]
async fn get_term(_caller: Caller<Viewer>, key: Id<Term>, db: Db) -> Answer {
    db.get("get_term", move |conn| lexicon::get_term(conn, key.id)).await
}

/// Change a term; records that use it follow its new spelling.
#[utoipa::path(tag = "lexicon", request_body = UpdateTerm, responses((status = 200, body = Term)))]
#[patch("/lexicon/term/{term_id}")]
async fn update_term(caller: Caller<LexiconEditor>, key: Id<Term>, db: Db, Body(body): Body<UpdateTerm>) -> Answer {
    db.update("update_term", move |conn| lexicon::update_term(conn, key.id, body, &caller.actor)).await
}

/// Remove a term, unless a record uses it.
#[utoipa::path(tag = "lexicon", responses((status = 204)))]
#[delete("/lexicon/term/{term_id}")]
async fn delete_term(_caller: Caller<LexiconEditor>, key: Id<Term>, db: Db) -> Answer {
    db.delete("delete_term", move |conn| lexicon::delete_term(conn, key.id)).await
}

/// List categories, by name unless sorted otherwise.
#[utoipa::path(tag = "lexicon", params(ListParams, CategoryParams), responses((status = 200, body = Page<Category>)))]
#[get("/lexicon/category")]
async fn list_categories(_caller: Caller<Viewer>, db: Db, mut params: Params) -> Answer {
    let request = params.list_by(Some("name"));
    let name = params.text("name");
    params.finish()?;
    db.page("list_categories", request, move |conn, request| lexicon::list_categories(conn, request, name.as_deref()))
        .await
}

/// Store a category.
#[utoipa::path(tag = "lexicon", request_body = CreateCategory, responses((status = 201, body = Category)))]
#[post("/lexicon/category")]
async fn create_category(caller: Caller<LexiconEditor>, db: Db, Body(body): Body<CreateCategory>) -> Answer {
    db.create("create_category", move |conn| lexicon::create_category(conn, body, &caller.actor)).await
}

/// One category.
#[utoipa::path(tag = "lexicon", responses((status = 200, body = Category)))]
#[get("/lexicon/category/{category_id}")]
async fn get_category(_caller: Caller<Viewer>, key: Id<Category>, db: Db) -> Answer {
    db.get("get_category", move |conn| lexicon::get_category(conn, key.id)).await
}

/// Change a category.
#[utoipa::path(tag = "lexicon", request_body = UpdateCategory, responses((status = 200, body = Category)))]
#[patch("/lexicon/category/{category_id}")]
async fn update_category(
    caller: Caller<LexiconEditor>,
    key: Id<Category>,
    db: Db,
    Body(body): Body<UpdateCategory>,
) -> Answer {
    db.update("update_category", move |conn| lexicon::update_category(conn, key.id, body, &caller.actor)).await
}

/// Remove a category; its terms stay.
#[utoipa::path(tag = "lexicon", responses((status = 204)))]
#[delete("/lexicon/category/{category_id}")]
async fn delete_category(_caller: Caller<LexiconEditor>, key: Id<Category>, db: Db) -> Answer {
    db.delete("delete_category", move |conn| lexicon::delete_category(conn, key.id)).await
}

/// List triples, by subject unless sorted otherwise.
#[utoipa::path(tag = "lexicon", params(ListParams), responses((status = 200, body = Page<Triple>)))]
#[get("/lexicon/triple")]
async fn list_triples(_caller: Caller<Viewer>, db: Db, mut params: Params) -> Answer {
    let request = params.list_by(Some("subject"));
    params.finish()?;
    db.page("list_triples", request, triple::list).await
}

/// Store a triple, with its terms where they are missing.
#[utoipa::path(tag = "lexicon", request_body = CreateTriple, responses((status = 201, body = Triple)))]
#[post("/lexicon/triple")]
async fn create_triple(caller: Caller<LexiconEditor>, db: Db, Body(body): Body<CreateTriple>) -> Answer {
    db.create("create_triple", move |conn| triple::create(conn, body, &caller.actor)).await
}

/// One triple.
#[utoipa::path(tag = "lexicon", responses((status = 200, body = Triple)))]
#[get("/lexicon/triple/{triple_id}")]
async fn get_triple(_caller: Caller<Viewer>, key: Id<Triple>, db: Db) -> Answer {
    db.get("get_triple", move |conn| triple::get(conn, key.id)).await
}

/// Change a triple.
#[utoipa::path(tag = "lexicon", request_body = UpdateTriple, responses((status = 200, body = Triple)))]
#[patch("/lexicon/triple/{triple_id}")]
async fn update_triple(
    caller: Caller<LexiconEditor>,
    key: Id<Triple>,
    db: Db,
    Body(body): Body<UpdateTriple>,
) -> Answer {
    db.update("update_triple", move |conn| triple::update(conn, key.id, body, &caller.actor)).await
}

/// Remove a triple; its terms stay.
#[utoipa::path(tag = "lexicon", responses((status = 204)))]
#[delete("/lexicon/triple/{triple_id}")]
async fn delete_triple(_caller: Caller<LexiconEditor>, key: Id<Triple>, db: Db) -> Answer {
    db.delete("delete_triple", move |conn| triple::delete(conn, key.id)).await
}

/// The routes of the vocabulary.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_terms)
        .service(create_term)
        .service(get_term)
        .service(update_term)
        .service(delete_term)
        .service(list_categories)
        .service(create_category)
        .service(get_category)
        .service(update_category)
        .service(delete_category)
        .service(list_triples)
        .service(create_triple)
        .service(get_triple)
        .service(update_triple)
        .service(delete_triple);
}
