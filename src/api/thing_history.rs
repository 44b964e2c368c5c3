//! `/thing/{thing_id}/status-history`, `.../measuring-point-history`, `.../monitoring-frequency-history`: what changes over a
//! thing's time. The reference has no routes for these rows; they follow the conventions of the others.

use actix_web::{delete, get, patch, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::docs::ListParams;
use super::{Answer, Body, Caller, Db, Id, Model, Params};
use crate::auth::{Admin, Editor, Viewer};
use crate::domain::paging::Page;
use crate::domain::thing::Thing;
use crate::domain::thing_history::{
    CreateMeasuringPointHistory, CreateMonitoringFrequencyHistory, CreateStatusHistory, MeasuringPointHistory,
    MonitoringFrequencyHistory, StatusHistory, UpdateMeasuringPointHistory, UpdateMonitoringFrequencyHistory,
    UpdateStatusHistory,
};
use crate::store::thing_history::{frequency, measuring_point, status};

impl Model for StatusHistory {
    const NAME: &'static str = status::MODEL;
}

impl Model for MeasuringPointHistory {
    const NAME: &'static str = measuring_point::MODEL;
}

impl Model for MonitoringFrequencyHistory {
    const NAME: &'static str = frequency::MODEL;
}

/// List a thing's statuses, those that ended included.
#[utoipa::path(tag = "thing", params(ListParams), responses((status = 200, body = Page<StatusHistory>)))]
#[get("/thing/{thing_id}/status-history")]
async fn list_status_history(_caller: Caller<Viewer>, key: Id<Thing>, db: Db, mut params: Params) -> Answer {
    let request = params.list();
    params.finish()?;
    db.page("list_status_history", request, move |conn, request| status::list(conn, key.id, request)).await
}

/// Append a status to a thing's history. An open row, one without an end, holds now; of several the one with the latest start counts.
#[utoipa::path(tag = "thing", request_body = CreateStatusHistory, responses((status = 201, body = StatusHistory)))]
#[post("/thing/{thing_id}/status-history")]
async fn create_status_history(
    caller: Caller<Admin>,
    key: Id<Thing>,
    db: Db,
    Body(body): Body<CreateStatusHistory>,
) -> Answer {
    db.create("create_status_history", move |conn| status::create(conn, key.id, body, &caller.actor)).await
}

/// One row of the history of statuses.
#[utoipa::path(tag = "thing", responses((status = 200, body = StatusHistory)))]
#[get("/thing/status-history/{status_history_id}")]
async fn get_status_history(_caller: Caller<Viewer>, key: Id<StatusHistory>, db: Db) -> Answer {
    db.get("get_status_history", move |conn| status::get(conn, key.id)).await
}

/// Correct a row of the history of statuses.
#[utoipa::path(tag = "thing", request_body = UpdateStatusHistory, responses((status = 200, body = StatusHistory)))]
#[patch("/thing/status-history/{status_history_id}")]
async fn update_status_history(
    caller: Caller<Editor>,
    key: Id<StatusHistory>,
    db: Db,
    Body(body): Body<UpdateStatusHistory>,
) -> Answer {
    db.update("update_status_history", move |conn| status::update(conn, key.id, body, &caller.actor)).await
}

/// Remove a row of the history of statuses.
#[utoipa::path(tag = "thing", responses((status = 204)))]
#[delete("/thing/status-history/{status_history_id}")]
async fn delete_status_history(_caller: Caller<Admin>, key: Id<StatusHistory>, db: Db) -> Answer {
    db.delete("delete_status_history", move |conn| status::delete(conn, key.id)).await
}

/// List a thing's measuring points, those that ended included.
#[utoipa::path(tag = "thing", params(ListParams), responses((status = 200, body = Page<MeasuringPointHistory>)))]
#[get("/thing/{thing_id}/measuring-point-history")]
async fn list_measuring_point_history(_caller: Caller<Viewer>, key: Id<Thing>, db: Db, mut params: Params) -> Answer {
    let request = params.list();
    params.finish()?;
    db.page("list_measuring_point_history", request, move |conn, request| measuring_point::list(conn, key.id, request))
        .await
}

/// Append a measuring point to a thing's history. The latest row with a height counts.
#[utoipa::path(tag = "thing", request_body = CreateMeasuringPointHistory, responses((status = 201, body = MeasuringPointHistory)))]
#[post("/thing/{thing_id}/measuring-point-history")]
async fn create_measuring_point_history(
    caller: Caller<Admin>,
    key: Id<Thing>,
    db: Db,
    Body(body): Body<CreateMeasuringPointHistory>,
) -> Answer {
    db.create("create_measuring_point_history", move |conn| measuring_point::create(conn, key.id, body, &caller.actor))
        .await
}

/// One row of the history of measuring points.
#[utoipa::path(tag = "thing", responses((status = 200, body = MeasuringPointHistory)))]
#[get("/thing/measuring-point-history/{measuring_point_history_id}")]
async fn get_measuring_point_history(_caller: Caller<Viewer>, key: Id<MeasuringPointHistory>, db: Db) -> Answer {
    db.get("get_measuring_point_history", move |conn| measuring_point::get(conn, key.id)).await
}

/// Correct a row of the history of measuring points.
#[utoipa::path(tag = "thing", request_body = UpdateMeasuringPointHistory, responses((status = 200, body = MeasuringPointHistory)))]
#[patch("/thing/measuring-point-history/{measuring_point_history_id}")]
async fn update_measuring_point_history(
    caller: Caller<Editor>,
    key: Id<MeasuringPointHistory>,
    db: Db,
    Body(body): Body<UpdateMeasuringPointHistory>,
) -> Answer {
    db.update("update_measuring_point_history", move |conn| measuring_point::update(conn, key.id, body, &caller.actor))
        .await
}

/// Remove a row of the history of measuring points.
#[utoipa::path(tag = "thing", responses((status = 204)))]
#[delete("/thing/measuring-point-history/{measuring_point_history_id}")]
async fn delete_measuring_point_history(_caller: Caller<Admin>, key: Id<MeasuringPointHistory>, db: Db) -> Answer {
    db.delete("delete_measuring_point_history", move |conn| measuring_point::delete(conn, key.id)).await
}

/// List a thing's monitoring frequencies, those that ended included.
#[utoipa::path(tag = "thing", params(ListParams), responses((status = 200, body = Page<MonitoringFrequencyHistory>)))]
#[get("/thing/{thing_id}/monitoring-frequency-history")]
async fn list_monitoring_frequency_history(
    _caller: Caller<Viewer>,
    key: Id<Thing>,
    db: Db,
    mut params: Params,
) -> Answer {
    let request = params.list();
    params.finish()?;
    db.page("list_monitoring_frequency_history", request, move |conn, request| frequency::list(conn, key.id, request))
        .await
}

/// Append a monitoring frequency to a thing's history. Open rows, those without an end, show in the thing.
#[utoipa::path(tag = "thing", request_body = CreateMonitoringFrequencyHistory, responses((status = 201, body = MonitoringFrequencyHistory)))]
#[post("/thing/{thing_id}/monitoring-frequency-history")]
async fn create_monitoring_frequency_history(
    caller: Caller<Admin>,
    key: Id<Thing>,
    db: Db,
    Body(body): Body<CreateMonitoringFrequencyHistory>,
) -> Answer {
    db.create("create_monitoring_frequency_history", move |conn| frequency::create(conn, key.id, body, &caller.actor))
        .await
}

/// One row of the history of monitoring frequencies.
#[utoipa::path(tag = "thing", responses((status = 200, body = MonitoringFrequencyHistory)))]
#[get("/thing/monitoring-frequency-history/{monitoring_frequency_history_id}")]
async fn get_monitoring_frequency_history(
    _caller: Caller<Viewer>,
    key: Id<MonitoringFrequencyHistory>,
    db: Db,
) -> Answer {
    db.get("get_monitoring_frequency_history", move |conn| frequency::get(conn, key.id)).await
}

/// Correct a row of the history of monitoring frequencies.
#[utoipa::path(tag = "thing", request_body = UpdateMonitoringFrequencyHistory, responses((status = 200, body = MonitoringFrequencyHistory)))]
#[patch("/thing/monitoring-frequency-history/{monitoring_frequency_history_id}")]
async fn update_monitoring_frequency_history(
    caller: Caller<Editor>,
    key: Id<MonitoringFrequencyHistory>,
    db: Db,
    Body(body): Body<UpdateMonitoringFrequencyHistory>,
) -> Answer {
    db.update("update_monitoring_frequency_history", move |conn| frequency::update(conn, key.id, body, &caller.actor))
        .await
}

/// Remove a row of the history of monitoring frequencies.
#[utoipa::path(tag = "thing", responses((status = 204)))]
#[delete("/thing/monitoring-frequency-history/{monitoring_frequency_history_id}")]
async fn delete_monitoring_frequency_history(
    _caller: Caller<Admin>,
    key: Id<MonitoringFrequencyHistory>,
    db: Db,
) -> Answer {
    db.delete("delete_monitoring_frequency_history", move |conn| frequency::delete(conn, key.id)).await
}

/// The routes of histories; they go before `/thing/{thing_id}`.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_status_history)
        .service(create_status_history)
        .service(get_status_history)
        .service(update_status_history)
        .service(delete_status_history)
        .service(list_measuring_point_history)
        .service(create_measuring_point_history)
        .service(get_measuring_point_history)
        .service(update_measuring_point_history)
        .service(delete_measuring_point_history)
        .service(list_monitoring_frequency_history)
        .service(create_monitoring_frequency_history)
        .service(get_monitoring_frequency_history)
        .service(update_monitoring_frequency_history)
        .service(delete_monitoring_frequency_history);
}
