//! `/parameter`

use actix_web::{delete, get, patch, post};

use crate::api::http::openapi::ListParams;
use crate::api::http::path::resource;
use crate::api::{Answer, Body, Db, Id, Params, Routes};
use crate::domain::parameter::{CreateParameter, Parameter, UpdateParameter};
use crate::domain::principal::Role::{Admin, Editor, Viewer};
use crate::domain::request::paging::Page;
use crate::store::parameter;

resource!(Parameter, parameter);

/// List parameters.
#[utoipa::path(tag = "parameter", params(ListParams), responses((status = 200, body = Page<Parameter>)))]
#[get("/parameter")]
async fn list_parameters(db: Db, params: Params) -> Answer {
    db.list("list_parameters", params, |params| (params.list(), ()), parameter::find, parameter::load).await
}

/// Store a parameter.
#[utoipa::path(tag = "parameter", request_body = CreateParameter, responses((status = 201, body = Parameter)))]
#[post("/parameter")]
async fn create_parameter(db: Db, body: Body<CreateParameter>) -> Answer {
    db.create("create_parameter", body, parameter::create).await
}

/// One parameter.
#[utoipa::path(tag = "parameter", responses((status = 200, body = Parameter)))]
#[get("/parameter/{parameter_id}")]
async fn get_parameter(key: Id<Parameter>, db: Db) -> Answer {
    db.get("get_parameter", key, parameter::get).await
}

/// Change a parameter.
#[utoipa::path(tag = "parameter", request_body = UpdateParameter, responses((status = 200, body = Parameter)))]
#[patch("/parameter/{parameter_id}")]
async fn update_parameter(key: Id<Parameter>, db: Db, body: Body<UpdateParameter>) -> Answer {
    db.update("update_parameter", key, body, parameter::update).await
}

/// Remove a parameter, unless observations use it.
#[utoipa::path(tag = "parameter", responses((status = 204)))]
#[delete("/parameter/{parameter_id}")]
async fn delete_parameter(key: Id<Parameter>, db: Db) -> Answer {
    db.delete("delete_parameter", key, parameter::delete).await
}

/// The routes of parameters.
pub fn routes(routes: &mut Routes) {
    routes
        .add(Viewer, list_parameters)
        .add(Admin, create_parameter)
        .add(Viewer, get_parameter)
        .add(Editor, update_parameter)
        .add(Admin, delete_parameter);
}
