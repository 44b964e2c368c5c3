//! `/regulatory_limit`

use actix_web::{delete, get, patch, post};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::http::openapi::ListParams;
use crate::api::http::path::resource;
use crate::api::{Answer, Body, Db, Id, Params, Routes};
use crate::domain::principal::Role::{Admin, Editor, Viewer};
use crate::domain::regulatory_limit::{
    CreateRegulatoryLimit, RegulatoryLimit, RegulatoryLimitSearch, UpdateRegulatoryLimit,
};
use crate::domain::request::paging::Page;
use crate::store::regulatory_limit;

resource!(RegulatoryLimit, regulatory_limit);

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that api::params reads")]
struct SearchParams {
    /// Limits of this parameter.
    parameter_id: Option<i64>,
    /// Limits of the parameters with this very name.
    parameter_name: Option<String>,
    /// Limits that this organization sets.
    limit_source: Option<String>,
    /// Limits of this type.
    limit_type: Option<String>,
}

/// List regulatory limits.
#[utoipa::path(
    tag = "regulatory_limit",
    params(ListParams, SearchParams),
    responses((status = 200, body = Page<RegulatoryLimit>))
)]
#[get("/regulatory_limit")]
async fn list_regulatory_limits(db: Db, params: Params) -> Answer {
    db.list(
        "list_regulatory_limits",
        params,
        |params| {
            let request = params.list();
            let search = RegulatoryLimitSearch {
                parameter_id: params.key("parameter_id"),
                parameter_name: params.text("parameter_name"),
                limit_source: params.text("limit_source"),
                limit_type: params.text("limit_type"),
            };
            (request, search)
        },
        regulatory_limit::find,
        regulatory_limit::load,
    )
    .await
}

/// Store a regulatory limit.
#[utoipa::path(
    tag = "regulatory_limit",
    request_body = CreateRegulatoryLimit,
    responses((status = 201, body = RegulatoryLimit))
)]
#[post("/regulatory_limit")]
async fn create_regulatory_limit(db: Db, body: Body<CreateRegulatoryLimit>) -> Answer {
    db.create("create_regulatory_limit", body, regulatory_limit::create).await
}

/// One regulatory limit.
#[utoipa::path(tag = "regulatory_limit", responses((status = 200, body = RegulatoryLimit)))]
#[get("/regulatory_limit/{regulatory_limit_id}")]
async fn get_regulatory_limit(key: Id<RegulatoryLimit>, db: Db) -> Answer {
    db.get("get_regulatory_limit", key, regulatory_limit::get).await
}

/// Change a regulatory limit.
#[utoipa::path(
    tag = "regulatory_limit",
    request_body = UpdateRegulatoryLimit,
    responses((status = 200, body = RegulatoryLimit))
)]
#[patch("/regulatory_limit/{regulatory_limit_id}")]
async fn update_regulatory_limit(key: Id<RegulatoryLimit>, db: Db, body: Body<UpdateRegulatoryLimit>) -> Answer {
    db.update("update_regulatory_limit", key, body, regulatory_limit::update).await
}

/// Remove a regulatory limit.
#[utoipa::path(tag = "regulatory_limit", responses((status = 204)))]
#[delete("/regulatory_limit/{regulatory_limit_id}")]
async fn delete_regulatory_limit(key: Id<RegulatoryLimit>, db: Db) -> Answer {
    db.delete("delete_regulatory_limit", key, regulatory_limit::delete).await
}

/// The routes of regulatory limits.
pub fn routes(routes: &mut Routes) {
    routes
        .add(Viewer, list_regulatory_limits)
        .add(Admin, create_regulatory_limit)
        .add(Viewer, get_regulatory_limit)
        .add(Editor, update_regulatory_limit)
        .add(Admin, delete_regulatory_limit);
}
