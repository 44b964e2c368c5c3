//! `/geologic-formation`

use actix_web::{delete, get, patch, post};

use crate::api::http::openapi::ListParams;
use crate::api::http::path::resource;
use crate::api::{Answer, Body, Db, Id, Params, Routes};
use crate::domain::geologic_formation::{CreateGeologicFormation, GeologicFormation, UpdateGeologicFormation};
use crate::domain::principal::Role::{Admin, Editor, Viewer};
use crate::domain::request::paging::Page;
use crate::store::geologic_formation;

resource!(GeologicFormation, geologic_formation);

/// List geologic formations.
#[utoipa::path(
    tag = "geologic-formation",
    params(ListParams),
    responses((status = 200, body = Page<GeologicFormation>))
)]
#[get("/geologic-formation")]
async fn list_geologic_formations(db: Db, params: Params) -> Answer {
    db.list(
        "list_geologic_formations",
        params,
        |params| (params.list(), ()),
        geologic_formation::find,
        geologic_formation::load,
    )
    .await
}

/// Store a geologic formation.
#[utoipa::path(
    tag = "geologic-formation",
    request_body = CreateGeologicFormation,
    responses((status = 201, body = GeologicFormation))
)]
#[post("/geologic-formation")]
async fn create_geologic_formation(db: Db, body: Body<CreateGeologicFormation>) -> Answer {
    db.create("create_geologic_formation", body, geologic_formation::create).await
}

/// One geologic formation.
#[utoipa::path(tag = "geologic-formation", responses((status = 200, body = GeologicFormation)))]
#[get("/geologic-formation/{geologic_formation_id}")]
async fn get_geologic_formation(key: Id<GeologicFormation>, db: Db) -> Answer {
    db.get("get_geologic_formation", key, geologic_formation::get).await
}

/// Change a geologic formation.
#[utoipa::path(
    tag = "geologic-formation",
    request_body = UpdateGeologicFormation,
    responses((status = 200, body = GeologicFormation))
)]
#[patch("/geologic-formation/{geologic_formation_id}")]
async fn update_geologic_formation(key: Id<GeologicFormation>, db: Db, body: Body<UpdateGeologicFormation>) -> Answer {
    db.update("update_geologic_formation", key, body, geologic_formation::update).await
}

/// Remove a geologic formation; screens in it and what things go through stay, without it.
#[utoipa::path(tag = "geologic-formation", responses((status = 204)))]
#[delete("/geologic-formation/{geologic_formation_id}")]
async fn delete_geologic_formation(key: Id<GeologicFormation>, db: Db) -> Answer {
    db.delete("delete_geologic_formation", key, geologic_formation::delete).await
}

/// The routes of geologic formations.
pub fn routes(routes: &mut Routes) {
    routes
        .add(Viewer, list_geologic_formations)
        .add(Admin, create_geologic_formation)
        .add(Viewer, get_geologic_formation)
        .add(Editor, update_geologic_formation)
        .add(Admin, delete_geologic_formation);
}
