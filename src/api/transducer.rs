//! `/observation/transducer-groundwater-level`

use actix_web::{delete, get, patch, post};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::docs::PageParams;
use super::error::Detail;
use super::{Answer, Body, Caller, Db, Id, Model, Params};
use crate::auth::{AmpAdmin, AmpViewer};
use crate::db::{Connection, Weight};
use crate::domain::list::ListRequest;
use crate::domain::paging::Page;
use crate::domain::time::UtcDateTime;
use crate::domain::transducer::{
    CreateTransducerBlock, DeletedRange, PublishedBlock, ReviewedBlock, TransducerBlock, TransducerDetail,
    TransducerObservation, TransducerReading, TransducerSearch, UpdateTransducerBlock, UpdateTransducerObservation,
};
use crate::store::{transducer, transducer_block};

impl Model for TransducerObservation {
    const NAME: &'static str = transducer::MODEL;
}

impl Model for TransducerBlock {
    const NAME: &'static str = transducer_block::MODEL;
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that api::params reads")]
struct SearchParams {
    /// Readings at this thing.
    thing_id: Option<i64>,
    /// Readings at this time or later; UTC when without an offset.
    start_time: Option<String>,
    /// Readings at this time or earlier; UTC when without an offset.
    end_time: Option<String>,
    /// `observation_datetime` (when only `order` is given), `value` or `id`. Ties go by id.
    sort: Option<String>,
    /// `asc` (when only `sort` is given) or `desc`.
    order: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that api::params reads")]
struct RangeParams {
    /// The thing.
    thing_id: i64,
    /// First moment, inclusive; UTC when without an offset.
    start_time: String,
    /// Last moment, inclusive; UTC when without an offset.
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
    params(PageParams, SearchParams),
    responses((status = 200, body = Page<TransducerReading>))
)]
#[get("/observation/transducer-groundwater-level")]
async fn list_transducer_observations(_caller: Caller<AmpViewer>, db: Db, mut params: Params) -> Answer {
    let request = params.sorted("observation_datetime");
    let search = TransducerSearch {
        thing_id: params.key("thing_id"),
        start_time: params.time("start_time"),
        end_time: params.time("end_time"),
    };
    params.finish()?;
    // The total of all things counts every reading there is.
    let weight = if search.thing_id.is_none() { Weight::Heavy } else { Weight::Light };
    let job = move |conn: &mut Connection, request: &ListRequest| transducer::list(conn, request, &search);
    db.page_of_weight("list_transducer_observations", weight, request, job).await
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
async fn delete_transducer_range(caller: Caller<AmpAdmin>, db: Db, mut params: Params) -> Answer {
    let thing = params.require("thing_id").integer("thing_id").unwrap_or_default();
    let start = params.require("start_time").time("start_time").unwrap_or(UtcDateTime::LAST);
    let end = params.require("end_time").time("end_time").unwrap_or(UtcDateTime::FIRST);
    params.finish()?;
    db.update("delete_transducer_range", move |conn| transducer::delete_range(conn, thing, start, end, &caller.actor))
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
async fn publish_transducer_block(
    caller: Caller<AmpAdmin>,
    db: Db,
    mut params: Params,
    Body(body): Body<CreateTransducerBlock>,
) -> Answer {
    let replace = params.boolean("replace_overlapping").unwrap_or(false);
    params.finish()?;
    db.create("publish_transducer_block", move |conn| transducer_block::publish(conn, body, replace, &caller.actor))
        .await
}

/// Review a block; the data maturity of its readings goes along.
#[utoipa::path(
    tag = "observation",
    request_body = UpdateTransducerBlock,
    responses((status = 200, body = ReviewedBlock))
)]
#[patch("/observation/transducer-groundwater-level/block/{block_id}")]
async fn review_transducer_block(
    caller: Caller<AmpAdmin>,
    key: Id<TransducerBlock>,
    db: Db,
    Body(body): Body<UpdateTransducerBlock>,
) -> Answer {
    db.update("review_transducer_block", move |conn| transducer_block::review(conn, key.id, body, &caller.actor)).await
}

/// One reading with its block and thing.
#[utoipa::path(tag = "observation", responses((status = 200, body = TransducerDetail)))]
#[get("/observation/transducer-groundwater-level/{observation_id}")]
async fn get_transducer_observation(_caller: Caller<AmpViewer>, key: Id<TransducerObservation>, db: Db) -> Answer {
    db.get("get_transducer_observation", move |conn| transducer::get(conn, key.id)).await
}

/// Change a reading; a changed value needs a note.
#[utoipa::path(
    tag = "observation",
    request_body = UpdateTransducerObservation,
    responses((status = 200, body = TransducerDetail))
)]
#[patch("/observation/transducer-groundwater-level/{observation_id}")]
async fn update_transducer_observation(
    caller: Caller<AmpAdmin>,
    key: Id<TransducerObservation>,
    db: Db,
    Body(body): Body<UpdateTransducerObservation>,
) -> Answer {
    db.update("update_transducer_observation", move |conn| transducer::update(conn, key.id, body, &caller.actor)).await
}

/// Remove a reading; its block stays as it is.
#[utoipa::path(tag = "observation", responses((status = 204)))]
#[delete("/observation/transducer-groundwater-level/{observation_id}")]
async fn delete_transducer_observation(_caller: Caller<AmpAdmin>, key: Id<TransducerObservation>, db: Db) -> Answer {
    db.delete("delete_transducer_observation", move |conn| transducer::delete(conn, key.id)).await
}

/// The routes of transducer series. They go before those of `/observation/{observation_id}`.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_transducer_observations)
        .service(delete_transducer_range)
        .service(publish_transducer_block)
        .service(review_transducer_block)
        .service(get_transducer_observation)
        .service(update_transducer_observation)
        .service(delete_transducer_observation);
}
