//! `/permission-history`

use actix_web::{delete, get, patch, post};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::http::openapi::ListParams;
use crate::api::http::path::resource;
use crate::api::{Answer, Body, Db, Id, Params, Routes};
use crate::domain::permission_history::{
    CreatePermissionHistory, PermissionHistory, PermissionHistorySearch, UpdatePermissionHistory,
};
use crate::domain::principal::Role::{Admin, Editor, Viewer};
use crate::domain::request::paging::Page;
use crate::store::permission_history;

resource!(PermissionHistory, permission_history);

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that api::params reads")]
struct SearchParams {
    /// Permissions of this contact.
    contact_id: Option<i64>,
    /// `thing` or `location`.
    target_table: Option<String>,
    /// Permissions for the thing or the location with this id.
    target_id: Option<i64>,
}

/// List permissions.
#[utoipa::path(
    tag = "permission-history",
    params(ListParams, SearchParams),
    responses((status = 200, body = Page<PermissionHistory>))
)]
#[get("/permission-history")]
async fn list_permission_histories(db: Db, params: Params) -> Answer {
    db.list(
        "list_permission_histories",
        params,
        |params| {
            let request = params.list();
            let search = PermissionHistorySearch {
                contact_id: params.key("contact_id"),
                target_table: params.text("target_table"),
                target_id: params.key("target_id"),
            };
            (request, search)
        },
        permission_history::find,
        permission_history::load,
    )
    .await
}

/// Store a permission.
#[utoipa::path(
    tag = "permission-history",
    request_body = CreatePermissionHistory,
    responses((status = 201, body = PermissionHistory))
)]
#[post("/permission-history")]
async fn create_permission_history(db: Db, body: Body<CreatePermissionHistory>) -> Answer {
    db.create("create_permission_history", body, permission_history::create).await
}

/// One permission.
#[utoipa::path(tag = "permission-history", responses((status = 200, body = PermissionHistory)))]
#[get("/permission-history/{permission_history_id}")]
async fn get_permission_history(key: Id<PermissionHistory>, db: Db) -> Answer {
    db.get("get_permission_history", key, permission_history::get).await
}

/// Change a permission.
#[utoipa::path(
    tag = "permission-history",
    request_body = UpdatePermissionHistory,
    responses((status = 200, body = PermissionHistory))
)]
#[patch("/permission-history/{permission_history_id}")]
async fn update_permission_history(key: Id<PermissionHistory>, db: Db, body: Body<UpdatePermissionHistory>) -> Answer {
    db.update("update_permission_history", key, body, permission_history::update).await
}

/// Remove a permission.
#[utoipa::path(tag = "permission-history", responses((status = 204)))]
#[delete("/permission-history/{permission_history_id}")]
async fn delete_permission_history(key: Id<PermissionHistory>, db: Db) -> Answer {
    db.delete("delete_permission_history", key, permission_history::delete).await
}

/// The routes of permissions.
pub fn routes(routes: &mut Routes) {
    routes
        .add(Viewer, list_permission_histories)
        .add(Admin, create_permission_history)
        .add(Viewer, get_permission_history)
        .add(Editor, update_permission_history)
        .add(Admin, delete_permission_history);
}
