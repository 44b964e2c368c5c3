//! `/parameter`

use actix_web::{delete, get, patch, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::docs::ListParams;
use super::{Answer, Body, Caller, Db, Id, Model, Params};
use crate::auth::{Admin, Editor, Viewer};
use crate::domain::paging::Page;
use crate::domain::parameter::{CreateParameter, Parameter, UpdateParameter};
use crate::store::parameter;

impl Model for Parameter {
    const NAME: &'static str = parameter::MODEL;
}

/// List parameters.
#[utoipa::path(tag = "parameter", params(ListParams), responses((status = 200, body = Page<Parameter>)))]
#[get("/parameter")]
async fn list_parameters(_caller: Caller<Viewer>, db: Db, mut params: Params) -> Answer {
    let request = params.list();
    params.finish()?;
    db.page("list_parameters", request, parameter::list).await
}

/// Store a parameter.
#[utoipa::path(tag = "parameter", request_body = CreateParameter, responses((status = 201, body = Parameter)))]
#[post("/parameter")]
async fn create_parameter(caller: Caller<Admin>, db: Db, Body(body): Body<CreateParameter>) -> Answer {
    db.create("create_parameter", move |conn| parameter::create(conn, body, &caller.actor)).await
}

/// One parameter.
#[utoipa::path(tag = "parameter", responses((status = 200, body = Parameter)))]
#[get("/parameter/{parameter_id}")]
async fn get_parameter(_caller: Caller<Viewer>, key: Id<Parameter>, db: Db) -> Answer {
    db.get("get_parameter", move |conn| parameter::get(conn, key.id)).await
}

/// Change a parameter.
#[utoipa::path(tag = "parameter", request_body = UpdateParameter, responses((status = 200, body = Parameter)))]
#[patch("/parameter/{parameter_id}")]
async fn update_parameter(
    caller: Caller<Editor>,
    key: Id<Parameter>,
    db: Db,
    Body(body): Body<UpdateParameter>,
) -> Answer {
    db.update("update_parameter", move |conn| parameter::update(conn, key.id, body, &caller.actor)).await
}

/// Remove a parameter, unless observations use it.
#[utoipa::path(tag = "parameter", responses((status = 204)))]
#[delete("/parameter/{parameter_id}")]
async fn delete_parameter(_caller: Caller<Admin>, key: Id<Parameter>, db: Db) -> Answer {
    db.delete("delete_parameter", move |conn| parameter::delete(conn, key.id)).await
}

/// The routes of parameters.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_parameters)
        .service(create_parameter)
        .service(get_parameter)
        .service(update_parameter)
        .service(delete_parameter);
}
