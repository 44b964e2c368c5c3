//! `/observation/transducer-groundwater-level`

use actix_web::http::StatusCode;
use actix_web::{delete, get, patch, post};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::http::error::Detail;
use crate::api::http::openapi::ListParams;
use crate::api::http::path::resource;
use crate::api::http::place::PlaceParams;
use crate::api::{Answer, Body, Db, Id, Params, Resource, Routes};
use crate::db::Weight;
use crate::domain::measure::time::UtcDateTime;
use crate::domain::observation::transducer::{
    CreateTransducerBlock, DeletedRange, PublishedBlock, ReviewedBlock, TransducerBlock, TransducerDetail,
    TransducerReading, TransducerSearch, UpdateTransducerBlock, UpdateTransducerObservation,
};
use crate::domain::principal::Role::{AmpAdmin, AmpViewer};
use crate::domain::request::paging::Page;
use crate::store::observation::{block as transducer_block, transducer};

resource!(TransducerDetail, transducer);

impl Resource for TransducerBlock {
    const NAME: &'static str = transducer_block::TABLE.model;
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that api::params reads")]
struct SearchParams {
    /// Readings at this thing.
    thing_id: Option<i64>,
    /// Readings at this time or later; UTC when without an offset.
    #[param(format = DateTime)]
    start_time: Option<String>,
    /// Readings at this time or earlier; UTC when without an offset.
    #[param(format = DateTime)]
    end_time: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that api::params reads")]
struct RangeParams {
    /// The thing.
    thing_id: i64,
    /// First moment, inclusive; UTC when without an offset.
    #[param(format = DateTime)]
    start_time: String,
    /// Last moment, inclusive; UTC when without an offset.
    #[param(format = DateTime)]
    end_time: String,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that api::params reads")]
struct PublishParams {
    /// Remove overlapping blocks of the thing and parameter, with the readings that belong to them, instead of refusing.
    #[param(default = false)]
    replace_overlapping: Option<bool>,
}

/// List the readings that belong to a block, each with its block; newest first.
///
/// A reading belongs to the block of its thing and parameter whose span contains its time, both ends inclusive; of several,
/// to the one that starts last, then to the one with the highest id. Readings outside all blocks are not listed and not
/// counted.
#[utoipa::path(
    tag = "observation",
    params(ListParams, SearchParams, PlaceParams),
    responses((status = 200, body = Page<TransducerReading>))
)]
#[get("/observation/transducer-groundwater-level")]
async fn list_transducer_observations(db: Db, params: Params) -> Answer {
    let ask = |params: &mut Params| {
        let request = params.list_by(Some("observation_datetime"));
        let search = TransducerSearch {
            thing_id: params.key("thing_id"),
            start_time: params.time("start_time"),
            end_time: params.time("end_time"),
            region: params.region(),
        };
        (request, search)
    };
    // The total of all things counts every reading there is.
    let weight = if params.has("thing_id") { Weight::Light } else { Weight::Heavy };
    db.list_by_weight("list_transducer_observations", weight, params, ask, transducer::find, transducer::load).await
}

/// Remove a thing's readings of a range of time, of all parameters.
///
/// Blocks that lose their last reading are removed; those that keep some are cut to them; the others stay as they are.
#[utoipa::path(
    tag = "observation",
    params(RangeParams),
    responses((status = 200, body = DeletedRange), (status = 404, description = "No such thing", body = Detail))
)]
#[delete("/observation/transducer-groundwater-level")]
async fn delete_transducer_range(db: Db, params: Params) -> Answer {
    let range = |params: &mut Params| {
        let thing = params.require("thing_id").integer("thing_id").unwrap_or_default();
        let start = params.require("start_time").time("start_time").unwrap_or(UtcDateTime::LAST);
        let end = params.require("end_time").time("end_time").unwrap_or(UtcDateTime::FIRST);
        (thing, start, end)
    };
    db.write(
        "delete_transducer_range",
        StatusCode::OK,
        move || params.read(range),
        |session, (thing, start, end)| transducer::delete_range(session, thing, start, end),
    )
    .await
}

/// Store a block with its readings.
///
/// The block spans from the first measurement to the last. One that overlaps a block of the same thing and parameter is
/// refused with 409, or replaces it. Readings are `approved` when the block is, otherwise `provisional`.
#[utoipa::path(
    tag = "observation",
    params(PublishParams),
    request_body = CreateTransducerBlock,
    responses((status = 201, body = PublishedBlock))
)]
#[post("/observation/transducer-groundwater-level/block")]
async fn publish_transducer_block(db: Db, params: Params, body: Body<CreateTransducerBlock>) -> Answer {
    let replace = |params: &mut Params| params.boolean("replace_overlapping").unwrap_or(false);
    db.create_by("publish_transducer_block", params, replace, body, |session, replace, form| {
        transducer_block::publish(session, form, replace)
    })
    .await
}

/// Review a block; the data maturity of its readings goes along.
#[utoipa::path(
    tag = "observation",
    request_body = UpdateTransducerBlock,
    responses((status = 200, body = ReviewedBlock))
)]
#[patch("/observation/transducer-groundwater-level/block/{block_id}")]
async fn review_transducer_block(key: Id<TransducerBlock>, db: Db, body: Body<UpdateTransducerBlock>) -> Answer {
    db.change("review_transducer_block", key, body, transducer_block::review).await
}

/// One reading with its block and thing.
#[utoipa::path(tag = "observation", responses((status = 200, body = TransducerDetail)))]
#[get("/observation/transducer-groundwater-level/{observation_id}")]
async fn get_transducer_observation(key: Id<TransducerDetail>, db: Db) -> Answer {
    db.get("get_transducer_observation", key, transducer::get).await
}

/// Change a reading; a changed value needs a note.
#[utoipa::path(
    tag = "observation",
    request_body = UpdateTransducerObservation,
    responses((status = 200, body = TransducerDetail))
)]
#[patch("/observation/transducer-groundwater-level/{observation_id}")]
async fn update_transducer_observation(
    key: Id<TransducerDetail>,
    db: Db,
    body: Body<UpdateTransducerObservation>,
) -> Answer {
    db.update("update_transducer_observation", key, body, transducer::update).await
}

/// Remove a reading; its block stays as it is.
#[utoipa::path(tag = "observation", responses((status = 204)))]
#[delete("/observation/transducer-groundwater-level/{observation_id}")]
async fn delete_transducer_observation(key: Id<TransducerDetail>, db: Db) -> Answer {
    db.delete("delete_transducer_observation", key, transducer::delete).await
}

/// The routes of transducer series. They go before those of `/observation/{observation_id}`.
pub fn routes(routes: &mut Routes) {
    routes
        .add(AmpViewer, list_transducer_observations)
        .add(AmpAdmin, delete_transducer_range)
        .add(AmpAdmin, publish_transducer_block)
        .add(AmpAdmin, review_transducer_block)
        .add(AmpViewer, get_transducer_observation)
        .add(AmpAdmin, update_transducer_observation)
        .add(AmpAdmin, delete_transducer_observation);
}
