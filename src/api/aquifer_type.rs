//! `/aquifer-type`

use actix_web::{delete, get, patch, post};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::http::openapi::ListParams;
use crate::api::http::path::resource;
use crate::api::{Answer, Body, Db, Id, Params, Routes};
use crate::domain::aquifer_type::{AquiferType, AquiferTypeSearch, CreateAquiferType, UpdateAquiferType};
use crate::domain::principal::Role::{Admin, Editor, Viewer};
use crate::domain::request::paging::Page;
use crate::store::aquifer_type;

resource!(AquiferType, aquifer_type);

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that api::params reads")]
struct SearchParams {
    /// Types of this association.
    thing_aquifer_association_id: Option<i64>,
}

/// List aquifer types.
#[utoipa::path(
    tag = "aquifer-type",
    params(ListParams, SearchParams),
    responses((status = 200, body = Page<AquiferType>))
)]
#[get("/aquifer-type")]
async fn list_aquifer_types(db: Db, params: Params) -> Answer {
    db.list(
        "list_aquifer_types",
        params,
        |params| {
            let request = params.list();
            let search = AquiferTypeSearch { thing_aquifer_association_id: params.key("thing_aquifer_association_id") };
            (request, search)
        },
        aquifer_type::find,
        aquifer_type::load,
    )
    .await
}

/// Store an aquifer type.
#[utoipa::path(tag = "aquifer-type", request_body = CreateAquiferType, responses((status = 201, body = AquiferType)))]
#[post("/aquifer-type")]
async fn create_aquifer_type(db: Db, body: Body<CreateAquiferType>) -> Answer {
    db.create("create_aquifer_type", body, aquifer_type::create).await
}

/// One aquifer type.
#[utoipa::path(tag = "aquifer-type", responses((status = 200, body = AquiferType)))]
#[get("/aquifer-type/{aquifer_type_id}")]
async fn get_aquifer_type(key: Id<AquiferType>, db: Db) -> Answer {
    db.get("get_aquifer_type", key, aquifer_type::get).await
}

/// Change an aquifer type.
#[utoipa::path(tag = "aquifer-type", request_body = UpdateAquiferType, responses((status = 200, body = AquiferType)))]
#[patch("/aquifer-type/{aquifer_type_id}")]
async fn update_aquifer_type(key: Id<AquiferType>, db: Db, body: Body<UpdateAquiferType>) -> Answer {
    db.update("update_aquifer_type", key, body, aquifer_type::update).await
}

/// Remove an aquifer type.
#[utoipa::path(tag = "aquifer-type", responses((status = 204)))]
#[delete("/aquifer-type/{aquifer_type_id}")]
async fn delete_aquifer_type(key: Id<AquiferType>, db: Db) -> Answer {
    db.delete("delete_aquifer_type", key, aquifer_type::delete).await
}

/// The routes of aquifer types.
pub fn routes(routes: &mut Routes) {
    routes
        .add(Viewer, list_aquifer_types)
        .add(Admin, create_aquifer_type)
        .add(Viewer, get_aquifer_type)
        .add(Editor, update_aquifer_type)
        .add(Admin, delete_aquifer_type);
}
