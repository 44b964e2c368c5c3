//! `/publication`

pub mod author;

use actix_web::{delete, get, patch, post};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::http::openapi::ListParams;
use crate::api::http::path::resource;
use crate::api::{Answer, Body, Db, Id, Params, Routes};
use crate::domain::principal::Role::{Admin, Editor, Viewer};
use crate::domain::publication::{CreatePublication, Publication, PublicationSearch, UpdatePublication};
use crate::domain::request::paging::Page;
use crate::store::publication;

resource!(Publication, publication);

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that api::params reads")]
struct SearchParams {
    /// Publications of this author.
    author_id: Option<i64>,
    /// Publications of this year.
    year: Option<i64>,
}

/// List publications.
#[utoipa::path(tag = "publication", params(ListParams, SearchParams), responses((status = 200, body = Page<Publication>)))]
#[get("/publication")]
async fn list_publications(db: Db, params: Params) -> Answer {
    db.list(
        "list_publications",
        params,
        |params| {
            let request = params.list();
            let search = PublicationSearch { author_id: params.key("author_id"), year: params.integer("year") };
            (request, search)
        },
        publication::find,
        publication::load,
    )
    .await
}

/// Store a publication. Its authors are found by their very names, or made.
#[utoipa::path(tag = "publication", request_body = CreatePublication, responses((status = 201, body = Publication)))]
#[post("/publication/add")]
async fn add_publication(db: Db, body: Body<CreatePublication>) -> Answer {
    db.create("add_publication", body, publication::create).await
}

/// One publication.
#[utoipa::path(tag = "publication", responses((status = 200, body = Publication)))]
#[get("/publication/{publication_id}")]
async fn get_publication(key: Id<Publication>, db: Db) -> Answer {
    db.get("get_publication", key, publication::get).await
}

/// Change a publication. Authors that are sent replace all that it has.
#[utoipa::path(tag = "publication", request_body = UpdatePublication, responses((status = 200, body = Publication)))]
#[patch("/publication/{publication_id}")]
async fn update_publication(key: Id<Publication>, db: Db, body: Body<UpdatePublication>) -> Answer {
    db.update("update_publication", key, body, publication::update).await
}

/// Remove a publication; its authors stay.
#[utoipa::path(tag = "publication", responses((status = 204)))]
#[delete("/publication/{publication_id}")]
async fn delete_publication(key: Id<Publication>, db: Db) -> Answer {
    db.delete("delete_publication", key, publication::delete).await
}

/// The routes of publications.
pub fn routes(routes: &mut Routes) {
    routes
        .add(Viewer, list_publications)
        .add(Admin, add_publication)
        .add(Viewer, get_publication)
        .add(Editor, update_publication)
        .add(Admin, delete_publication);
}
