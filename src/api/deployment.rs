//! `/deployment`

use actix_web::{delete, get, patch, post};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::docs::{ListParams, PageParams};
use super::{Answer, Body, Caller, Db, Id, Model, Params};
use crate::auth::{Admin, Editor, Viewer};
use crate::domain::deployment::{CreateDeployment, Deployment, DeploymentSearch, UpdateDeployment};
use crate::domain::list::ListRequest;
use crate::domain::paging::Page;
use crate::domain::thing::Thing;
use crate::store::deployment;

impl Model for Deployment {
    const NAME: &'static str = deployment::MODEL;
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that api::params reads")]
struct SearchParams {
    /// Deployments at this thing.
    thing_id: Option<i64>,
    /// Deployments of this sensor.
    sensor_id: Option<i64>,
}

/// List deployments.
#[utoipa::path(tag = "deployment", params(ListParams, SearchParams), responses((status = 200, body = Page<Deployment>)))]
#[get("/deployment")]
async fn list_deployments(_caller: Caller<Viewer>, db: Db, mut params: Params) -> Answer {
    let request = params.list();
    let search = DeploymentSearch { thing_id: params.key("thing_id"), sensor_id: params.key("sensor_id") };
    params.finish()?;
    db.page("list_deployments", request, move |conn, request| deployment::list(conn, request, search)).await
}

/// Store a deployment.
#[utoipa::path(tag = "deployment", request_body = CreateDeployment, responses((status = 201, body = Deployment)))]
#[post("/deployment")]
async fn create_deployment(caller: Caller<Admin>, db: Db, Body(body): Body<CreateDeployment>) -> Answer {
    db.create("create_deployment", move |conn| deployment::create(conn, body, &caller.actor)).await
}

/// One deployment.
#[utoipa::path(tag = "deployment", responses((status = 200, body = Deployment)))]
#[get("/deployment/{deployment_id}")]
async fn get_deployment(_caller: Caller<Viewer>, key: Id<Deployment>, db: Db) -> Answer {
    db.get("get_deployment", move |conn| deployment::get(conn, key.id)).await
}

/// Change a deployment.
#[utoipa::path(tag = "deployment", request_body = UpdateDeployment, responses((status = 200, body = Deployment)))]
#[patch("/deployment/{deployment_id}")]
async fn update_deployment(
    caller: Caller<Editor>,
    key: Id<Deployment>,
    db: Db,
    Body(body): Body<UpdateDeployment>,
) -> Answer {
    db.update("update_deployment", move |conn| deployment::update(conn, key.id, body, &caller.actor)).await
}

/// Remove a deployment with its readings.
#[utoipa::path(tag = "deployment", responses((status = 204)))]
#[delete("/deployment/{deployment_id}")]
async fn delete_deployment(_caller: Caller<Admin>, key: Id<Deployment>, db: Db) -> Answer {
    db.delete("delete_deployment", move |conn| deployment::delete(conn, key.id)).await
}

/// List the deployments at a thing.
#[utoipa::path(tag = "thing", params(PageParams), responses((status = 200, body = Page<Deployment>)))]
#[get("/thing/{thing_id}/deployment")]
async fn list_thing_deployments(_caller: Caller<Viewer>, key: Id<Thing>, db: Db, mut params: Params) -> Answer {
    let request = ListRequest { page: params.page(), ..ListRequest::default() };
    params.finish()?;
    db.page("list_thing_deployments", request, move |conn, request| deployment::list_of_thing(conn, request, key.id))
        .await
}

/// The routes of deployments.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_deployments)
        .service(create_deployment)
        .service(get_deployment)
        .service(update_deployment)
        .service(delete_deployment)
        .service(list_thing_deployments);
}
