//! `/author`

use actix_web::{delete, get, patch};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::http::openapi::ListParams;
use crate::api::http::path::resource;
use crate::api::{Answer, Body, Db, Id, Params, Routes};
use crate::domain::principal::Role::{Admin, Editor, Viewer};
use crate::domain::publication::Publication;
use crate::domain::publication::author::{Author, AuthorSearch, UpdateAuthor};
use crate::domain::request::paging::Page;
use crate::store::publication;
use crate::store::publication::author;

resource!(Author, author);

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that api::params reads")]
struct SearchParams {
    /// Part of the name, whatever its case.
    query: Option<String>,
}

/// List authors.
#[utoipa::path(tag = "publication", params(ListParams, SearchParams), responses((status = 200, body = Page<Author>)))]
#[get("/author")]
async fn list_authors(db: Db, params: Params) -> Answer {
    db.list(
        "list_authors",
        params,
        |params| {
            let request = params.list();
            let query = params.text("query").filter(|part| !part.is_empty());
            (request, AuthorSearch { query })
        },
        author::find,
        author::load,
    )
    .await
}

/// One author.
#[utoipa::path(tag = "publication", responses((status = 200, body = Author)))]
#[get("/author/{author_id}")]
async fn get_author(key: Id<Author>, db: Db) -> Answer {
    db.get("get_author", key, author::get).await
}

/// Change an author. His publications follow.
#[utoipa::path(tag = "publication", request_body = UpdateAuthor, responses((status = 200, body = Author)))]
#[patch("/author/{author_id}")]
async fn update_author(key: Id<Author>, db: Db, body: Body<UpdateAuthor>) -> Answer {
    db.update("update_author", key, body, author::update).await
}

/// Remove an author who has no publications.
#[utoipa::path(tag = "publication", responses((status = 204)))]
#[delete("/author/{author_id}")]
async fn delete_author(key: Id<Author>, db: Db) -> Answer {
    db.delete("delete_author", key, author::delete).await
}

/// All publications of an author.
#[utoipa::path(tag = "publication", responses((status = 200, body = Vec<Publication>)))]
#[get("/author/{author_id}/publications")]
async fn list_author_publications(key: Id<Author>, db: Db) -> Answer {
    db.get("list_author_publications", key, publication::of_author).await
}

/// The routes of authors.
pub fn routes(routes: &mut Routes) {
    routes
        .add(Viewer, list_authors)
        .add(Viewer, get_author)
        .add(Editor, update_author)
        .add(Admin, delete_author)
        .add(Viewer, list_author_publications);
}
