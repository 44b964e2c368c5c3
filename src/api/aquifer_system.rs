//! `/aquifer-system`

use actix_web::{delete, get, patch, post};

use crate::api::http::openapi::ListParams;
use crate::api::http::path::resource;
use crate::api::{Answer, Body, Db, Id, Params, Routes};
use crate::domain::aquifer_system::{AquiferSystem, CreateAquiferSystem, UpdateAquiferSystem};
use crate::domain::principal::Role::{Admin, Editor, Viewer};
use crate::domain::request::paging::Page;
use crate::store::aquifer_system;

resource!(AquiferSystem, aquifer_system);

/// List aquifer systems.
#[utoipa::path(tag = "aquifer-system", params(ListParams), responses((status = 200, body = Page<AquiferSystem>)))]
#[get("/aquifer-system")]
async fn list_aquifer_systems(db: Db, params: Params) -> Answer {
    db.list("list_aquifer_systems", params, |params| (params.list(), ()), aquifer_system::find, aquifer_system::load)
        .await
}

/// Store an aquifer system.
#[utoipa::path(
    tag = "aquifer-system",
    request_body = CreateAquiferSystem,
    responses((status = 201, body = AquiferSystem))
)]
#[post("/aquifer-system")]
async fn create_aquifer_system(db: Db, body: Body<CreateAquiferSystem>) -> Answer {
    db.create("create_aquifer_system", body, aquifer_system::create).await
}

/// One aquifer system.
#[utoipa::path(tag = "aquifer-system", responses((status = 200, body = AquiferSystem)))]
#[get("/aquifer-system/{aquifer_system_id}")]
async fn get_aquifer_system(key: Id<AquiferSystem>, db: Db) -> Answer {
    db.get("get_aquifer_system", key, aquifer_system::get).await
}

/// Change an aquifer system.
#[utoipa::path(
    tag = "aquifer-system",
    request_body = UpdateAquiferSystem,
    responses((status = 200, body = AquiferSystem))
)]
#[patch("/aquifer-system/{aquifer_system_id}")]
async fn update_aquifer_system(key: Id<AquiferSystem>, db: Db, body: Body<UpdateAquiferSystem>) -> Answer {
    db.update("update_aquifer_system", key, body, aquifer_system::update).await
}

/// Remove an aquifer system with its associations with things; screens in it stay, without it.
#[utoipa::path(tag = "aquifer-system", responses((status = 204)))]
#[delete("/aquifer-system/{aquifer_system_id}")]
async fn delete_aquifer_system(key: Id<AquiferSystem>, db: Db) -> Answer {
    db.delete("delete_aquifer_system", key, aquifer_system::delete).await
}

/// The routes of aquifer systems.
pub fn routes(routes: &mut Routes) {
    routes
        .add(Viewer, list_aquifer_systems)
        .add(Admin, create_aquifer_system)
        .add(Viewer, get_aquifer_system)
        .add(Editor, update_aquifer_system)
        .add(Admin, delete_aquifer_system);
}
