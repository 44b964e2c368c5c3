//! `/sample`

use actix_web::{delete, get, patch, post};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::http::openapi::ListParams;
use crate::api::http::path::resource;
use crate::api::http::place::PlaceParams;
use crate::api::{Answer, Body, Db, Id, Params, Routes};
use crate::domain::principal::Role::{Admin, Editor, Viewer};
use crate::domain::request::paging::Page;
use crate::domain::sample::{CreateSample, Sample, SampleSearch, UpdateSample};
use crate::store::sample;

resource!(Sample, sample);

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that api::params reads")]
struct SearchParams {
    /// Samples taken at this thing.
    thing_id: Option<i64>,
}

/// List samples.
#[utoipa::path(
    tag = "sample",
    params(ListParams, SearchParams, PlaceParams),
    responses((status = 200, body = Page<Sample>))
)]
#[get("/sample")]
async fn list_samples(db: Db, params: Params) -> Answer {
    db.list(
        "list_samples",
        params,
        |params| {
            let request = params.list();
            let search = SampleSearch { thing_id: params.key("thing_id"), region: params.region() };
            (request, search)
        },
        sample::find,
        sample::load,
    )
    .await
}

/// Store a sample.
#[utoipa::path(tag = "sample", request_body = CreateSample, responses((status = 201, body = Sample)))]
#[post("/sample")]
async fn create_sample(db: Db, body: Body<CreateSample>) -> Answer {
    db.create("create_sample", body, sample::create).await
}

/// One sample.
#[utoipa::path(tag = "sample", responses((status = 200, body = Sample)))]
#[get("/sample/{sample_id}")]
async fn get_sample(key: Id<Sample>, db: Db) -> Answer {
    db.get("get_sample", key, sample::get).await
}

/// Change a sample; the two depths go together.
#[utoipa::path(tag = "sample", request_body = UpdateSample, responses((status = 200, body = Sample)))]
#[patch("/sample/{sample_id}")]
async fn update_sample(key: Id<Sample>, db: Db, body: Body<UpdateSample>) -> Answer {
    db.update("update_sample", key, body, sample::update).await
}

/// Remove a sample with its observations.
#[utoipa::path(tag = "sample", responses((status = 204)))]
#[delete("/sample/{sample_id}")]
async fn delete_sample(key: Id<Sample>, db: Db) -> Answer {
    db.delete("delete_sample", key, sample::delete).await
}

/// The routes of samples.
pub fn routes(routes: &mut Routes) {
    routes
        .add(Viewer, list_samples)
        .add(Admin, create_sample)
        .add(Viewer, get_sample)
        .add(Editor, update_sample)
        .add(Admin, delete_sample);
}
