//! `/deployment`

use actix_web::{delete, get, patch, post};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::http::openapi::ListParams;
use crate::api::http::path::resource;
use crate::api::{Answer, Body, Db, Id, Params, Routes};
use crate::domain::deployment::{CreateDeployment, Deployment, DeploymentSearch, UpdateDeployment};
use crate::domain::principal::Role::{Admin, Editor, Viewer};
use crate::domain::request::paging::Page;
use crate::domain::thing::Thing;
use crate::store::deployment;

resource!(Deployment, deployment);

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
#[utoipa::path(
    tag = "deployment",
    params(ListParams, SearchParams),
    responses((status = 200, body = Page<Deployment>))
)]
#[get("/deployment")]
async fn list_deployments(db: Db, params: Params) -> Answer {
    db.list(
        "list_deployments",
        params,
        |params| {
            let request = params.list();
            let search = DeploymentSearch { thing_id: params.key("thing_id"), sensor_id: params.key("sensor_id") };
            (request, search)
        },
        deployment::find,
        deployment::load,
    )
    .await
}

/// Store a deployment.
#[utoipa::path(tag = "deployment", request_body = CreateDeployment, responses((status = 201, body = Deployment)))]
#[post("/deployment")]
async fn create_deployment(db: Db, body: Body<CreateDeployment>) -> Answer {
    db.create("create_deployment", body, deployment::create).await
}

/// One deployment.
#[utoipa::path(tag = "deployment", responses((status = 200, body = Deployment)))]
#[get("/deployment/{deployment_id}")]
async fn get_deployment(key: Id<Deployment>, db: Db) -> Answer {
    db.get("get_deployment", key, deployment::get).await
}

/// Change a deployment.
#[utoipa::path(tag = "deployment", request_body = UpdateDeployment, responses((status = 200, body = Deployment)))]
#[patch("/deployment/{deployment_id}")]
async fn update_deployment(key: Id<Deployment>, db: Db, body: Body<UpdateDeployment>) -> Answer {
    db.update("update_deployment", key, body, deployment::update).await
}

/// Remove a deployment with its readings.
#[utoipa::path(tag = "deployment", responses((status = 204)))]
#[delete("/deployment/{deployment_id}")]
async fn delete_deployment(key: Id<Deployment>, db: Db) -> Answer {
    db.delete("delete_deployment", key, deployment::delete).await
}

/// List the deployments at a thing.
#[utoipa::path(tag = "thing", params(ListParams), responses((status = 200, body = Page<Deployment>)))]
#[get("/thing/{thing_id}/deployment")]
async fn list_thing_deployments(key: Id<Thing>, db: Db, params: Params) -> Answer {
    db.list(
        "list_thing_deployments",
        params,
        move |params| (params.list(), key.id),
        deployment::find_of_thing,
        deployment::load,
    )
    .await
}

/// The routes of deployments.
pub fn routes(routes: &mut Routes) {
    routes
        .add(Viewer, list_deployments)
        .add(Admin, create_deployment)
        .add(Viewer, get_deployment)
        .add(Editor, update_deployment)
        .add(Admin, delete_deployment)
        .add(Viewer, list_thing_deployments);
}
