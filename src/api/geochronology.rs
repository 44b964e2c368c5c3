//! `/geochronology/age`

use actix_web::{delete, get, patch, post};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::http::openapi::ListParams;
use crate::api::http::path::resource;
use crate::api::{Answer, Body, Db, Id, Params, Routes};
use crate::domain::geochronology::{AgeSearch, CreateGeochronologyAge, GeochronologyAge, UpdateGeochronologyAge};
use crate::domain::principal::Role::{Admin, Editor, Viewer};
use crate::domain::request::paging::Page;
use crate::store::geochronology;

resource!(GeochronologyAge, geochronology);

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that api::params reads")]
struct SearchParams {
    /// Ages found by this method: a term of `geochronology`, whatever its case and with or without slashes, such as `arar`.
    method: Option<String>,
    /// Ages of this place.
    location_id: Option<i64>,
}

/// List ages of rocks.
#[utoipa::path(
    tag = "geochronology",
    params(ListParams, SearchParams),
    responses((status = 200, body = Page<GeochronologyAge>))
)]
#[get("/geochronology/age")]
async fn list_ages(db: Db, params: Params) -> Answer {
    db.list(
        "list_ages",
        params,
        |params| {
            let request = params.list();
            let method = params.text("method").filter(|method| !method.is_empty());
            (request, AgeSearch { method, location_id: params.key("location_id") })
        },
        geochronology::find,
        geochronology::load,
    )
    .await
}

/// Store how old the rocks of a place are.
#[utoipa::path(
    tag = "geochronology",
    request_body = CreateGeochronologyAge,
    responses((status = 201, body = GeochronologyAge))
)]
#[post("/geochronology/age")]
async fn create_age(db: Db, body: Body<CreateGeochronologyAge>) -> Answer {
    db.create("create_age", body, geochronology::create).await
}

/// One age.
#[utoipa::path(tag = "geochronology", responses((status = 200, body = GeochronologyAge)))]
#[get("/geochronology/age/{geochronology_age_id}")]
async fn get_age(key: Id<GeochronologyAge>, db: Db) -> Answer {
    db.get("get_age", key, geochronology::get).await
}

/// Change an age.
#[utoipa::path(
    tag = "geochronology",
    request_body = UpdateGeochronologyAge,
    responses((status = 200, body = GeochronologyAge))
)]
#[patch("/geochronology/age/{geochronology_age_id}")]
async fn update_age(key: Id<GeochronologyAge>, db: Db, body: Body<UpdateGeochronologyAge>) -> Answer {
    db.update("update_age", key, body, geochronology::update).await
}

/// Remove an age.
#[utoipa::path(tag = "geochronology", responses((status = 204)))]
#[delete("/geochronology/age/{geochronology_age_id}")]
async fn delete_age(key: Id<GeochronologyAge>, db: Db) -> Answer {
    db.delete("delete_age", key, geochronology::delete).await
}

/// The routes of ages.
pub fn routes(routes: &mut Routes) {
    routes
        .add(Viewer, list_ages)
        .add(Admin, create_age)
        .add(Viewer, get_age)
        .add(Editor, update_age)
        .add(Admin, delete_age);
}
