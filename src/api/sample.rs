//! `/sample`

use actix_web::{delete, get, patch, post};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::docs::ListParams;
use super::{Answer, Body, Caller, Db, Id, Model, Params};
use crate::auth::{Admin, Editor, Viewer};
use crate::domain::paging::Page;
use crate::domain::sample::{CreateSample, Sample, UpdateSample};
use crate::store::sample;

impl Model for Sample {
    const NAME: &'static str = sample::MODEL;
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that api::params reads")]
struct SearchParams {
    /// Samples taken at this thing.
    thing_id: Option<i64>,
}

/// List samples.
#[utoipa::path(tag = "sample", params(ListParams, SearchParams), responses((status = 200, body = Page<Sample>)))]
#[get("/sample")]
async fn list_samples(_caller: Caller<Viewer>, db: Db, mut params: Params) -> Answer {
    let request = params.list();
    let thing_id = params.key("thing_id");
    params.finish()?;
    db.page("list_samples", request, move |conn, request| sample::list(conn, request, thing_id)).await
}

/// Store a sample.
#[utoipa::path(tag = "sample", request_body = CreateSample, responses((status = 201, body = Sample)))]
#[post("/sample")]
async fn create_sample(caller: Caller<Admin>, db: Db, Body(body): Body<CreateSample>) -> Answer {
    db.create("create_sample", move |conn| sample::create(conn, body, &caller.actor)).await
}

/// One sample.
#[utoipa::path(tag = "sample", responses((status = 200, body = Sample)))]
#[get("/sample/{sample_id}")]
async fn get_sample(_caller: Caller<Viewer>, key: Id<Sample>, db: Db) -> Answer {
    db.get("get_sample", move |conn| sample::get(conn, key.id)).await
}

/// Change a sample; the two depths go together.
#[utoipa::path(tag = "sample", request_body = UpdateSample, responses((status = 200, body = Sample)))]
#[patch("/sample/{sample_id}")]
async fn update_sample(caller: Caller<Editor>, key: Id<Sample>, db: Db, Body(body): Body<UpdateSample>) -> Answer {
    db.update("update_sample", move |conn| sample::update(conn, key.id, body, &caller.actor)).await
}

/// Remove a sample with its observations.
#[utoipa::path(tag = "sample", responses((status = 204)))]
#[delete("/sample/{sample_id}")]
async fn delete_sample(_caller: Caller<Admin>, key: Id<Sample>, db: Db) -> Answer {
    db.delete("delete_sample", move |conn| sample::delete(conn, key.id)).await
}

/// The routes of samples.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_samples)
        .service(create_sample)
        .service(get_sample)
        .service(update_sample)
        .service(delete_sample);
}
