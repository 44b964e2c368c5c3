//! `/thing/{thing_id}/status-history`, `.../measuring-point-history`, `.../monitoring-frequency-history`: what changes over a
//! thing's time. The reference has no routes for these rows; they follow the conventions of the others.

use actix_web::{delete, get, patch, post};

use crate::api::http::openapi::ListParams;
use crate::api::http::path::resource;
use crate::api::{Answer, Body, Db, Id, Params, Routes};
use crate::domain::principal::Role::{Admin, Editor, Viewer};
use crate::domain::request::paging::Page;
use crate::domain::thing::Thing;
use crate::domain::thing::history::{
    CreateMeasuringPointHistory, CreateMonitoringFrequencyHistory, CreateStatusHistory, MeasuringPointHistory,
    MonitoringFrequencyHistory, StatusHistory, UpdateMeasuringPointHistory, UpdateMonitoringFrequencyHistory,
    UpdateStatusHistory,
};
use crate::store::thing::history::{frequency, measuring_point, status};

resource!(StatusHistory, status);

resource!(MeasuringPointHistory, measuring_point);

resource!(MonitoringFrequencyHistory, frequency);

/// List a thing's statuses, those that ended included.
#[utoipa::path(tag = "thing", params(ListParams), responses((status = 200, body = Page<StatusHistory>)))]
#[get("/thing/{thing_id}/status-history")]
async fn list_status_history(key: Id<Thing>, db: Db, params: Params) -> Answer {
    db.list("list_status_history", params, move |params| (params.list(), key.id), status::find, status::load).await
}

/// Append a status to a thing's history. An open row, one without an end, holds now; of several the one with the latest start counts.
#[utoipa::path(tag = "thing", request_body = CreateStatusHistory, responses((status = 201, body = StatusHistory)))]
#[post("/thing/{thing_id}/status-history")]
async fn create_status_history(key: Id<Thing>, db: Db, body: Body<CreateStatusHistory>) -> Answer {
    db.create("create_status_history", body, move |session, body| status::create(session, key.id, body)).await
}

/// One row of the history of statuses.
#[utoipa::path(tag = "thing", responses((status = 200, body = StatusHistory)))]
#[get("/thing/status-history/{status_history_id}")]
async fn get_status_history(key: Id<StatusHistory>, db: Db) -> Answer {
    db.get("get_status_history", key, status::get).await
}

/// Correct a row of the history of statuses.
#[utoipa::path(tag = "thing", request_body = UpdateStatusHistory, responses((status = 200, body = StatusHistory)))]
#[patch("/thing/status-history/{status_history_id}")]
async fn update_status_history(key: Id<StatusHistory>, db: Db, body: Body<UpdateStatusHistory>) -> Answer {
    db.update("update_status_history", key, body, status::update).await
}

/// Remove a row of the history of statuses.
#[utoipa::path(tag = "thing", responses((status = 204)))]
#[delete("/thing/status-history/{status_history_id}")]
async fn delete_status_history(key: Id<StatusHistory>, db: Db) -> Answer {
    db.delete("delete_status_history", key, status::delete).await
}

/// List a thing's measuring points, those that ended included.
#[utoipa::path(tag = "thing", params(ListParams), responses((status = 200, body = Page<MeasuringPointHistory>)))]
#[get("/thing/{thing_id}/measuring-point-history")]
async fn list_measuring_point_history(key: Id<Thing>, db: Db, params: Params) -> Answer {
    db.list(
        "list_measuring_point_history",
        params,
        move |params| (params.list(), key.id),
        measuring_point::find,
        measuring_point::load,
    )
    .await
}

/// Append a measuring point to a thing's history. The latest row with a height counts.
#[utoipa::path(tag = "thing", request_body = CreateMeasuringPointHistory, responses((status = 201, body = MeasuringPointHistory)))]
#[post("/thing/{thing_id}/measuring-point-history")]
async fn create_measuring_point_history(key: Id<Thing>, db: Db, body: Body<CreateMeasuringPointHistory>) -> Answer {
    db.create("create_measuring_point_history", body, move |session, body| {
        measuring_point::create(session, key.id, body)
    })
    .await
}

/// One row of the history of measuring points.
#[utoipa::path(tag = "thing", responses((status = 200, body = MeasuringPointHistory)))]
#[get("/thing/measuring-point-history/{measuring_point_history_id}")]
async fn get_measuring_point_history(key: Id<MeasuringPointHistory>, db: Db) -> Answer {
    db.get("get_measuring_point_history", key, measuring_point::get).await
}

/// Correct a row of the history of measuring points.
#[utoipa::path(tag = "thing", request_body = UpdateMeasuringPointHistory, responses((status = 200, body = MeasuringPointHistory)))]
#[patch("/thing/measuring-point-history/{measuring_point_history_id}")]
async fn update_measuring_point_history(
    key: Id<MeasuringPointHistory>,
    db: Db,
    body: Body<UpdateMeasuringPointHistory>,
) -> Answer {
    db.update("update_measuring_point_history", key, body, measuring_point::update).await
}

/// Remove a row of the history of measuring points.
#[utoipa::path(tag = "thing", responses((status = 204)))]
#[delete("/thing/measuring-point-history/{measuring_point_history_id}")]
async fn delete_measuring_point_history(key: Id<MeasuringPointHistory>, db: Db) -> Answer {
    db.delete("delete_measuring_point_history", key, measuring_point::delete).await
}

/// List a thing's monitoring frequencies, those that ended included.
#[utoipa::path(tag = "thing", params(ListParams), responses((status = 200, body = Page<MonitoringFrequencyHistory>)))]
#[get("/thing/{thing_id}/monitoring-frequency-history")]
async fn list_monitoring_frequency_history(key: Id<Thing>, db: Db, params: Params) -> Answer {
    db.list(
        "list_monitoring_frequency_history",
        params,
        move |params| (params.list(), key.id),
        frequency::find,
        frequency::load,
    )
    .await
}

/// Append a monitoring frequency to a thing's history. Open rows, those without an end, show in the thing.
#[utoipa::path(tag = "thing", request_body = CreateMonitoringFrequencyHistory, responses((status = 201, body = MonitoringFrequencyHistory)))]
#[post("/thing/{thing_id}/monitoring-frequency-history")]
async fn create_monitoring_frequency_history(
    key: Id<Thing>,
    db: Db,
    body: Body<CreateMonitoringFrequencyHistory>,
) -> Answer {
    db.create("create_monitoring_frequency_history", body, move |session, body| {
        frequency::create(session, key.id, body)
    })
    .await
}

/// One row of the history of monitoring frequencies.
#[utoipa::path(tag = "thing", responses((status = 200, body = MonitoringFrequencyHistory)))]
#[get("/thing/monitoring-frequency-history/{monitoring_frequency_history_id}")]
async fn get_monitoring_frequency_history(key: Id<MonitoringFrequencyHistory>, db: Db) -> Answer {
    db.get("get_monitoring_frequency_history", key, frequency::get).await
}

/// Correct a row of the history of monitoring frequencies.
#[utoipa::path(tag = "thing", request_body = UpdateMonitoringFrequencyHistory, responses((status = 200, body = MonitoringFrequencyHistory)))]
#[patch("/thing/monitoring-frequency-history/{monitoring_frequency_history_id}")]
async fn update_monitoring_frequency_history(
    key: Id<MonitoringFrequencyHistory>,
    db: Db,
    body: Body<UpdateMonitoringFrequencyHistory>,
) -> Answer {
    db.update("update_monitoring_frequency_history", key, body, frequency::update).await
}

/// Remove a row of the history of monitoring frequencies.
#[utoipa::path(tag = "thing", responses((status = 204)))]
#[delete("/thing/monitoring-frequency-history/{monitoring_frequency_history_id}")]
async fn delete_monitoring_frequency_history(key: Id<MonitoringFrequencyHistory>, db: Db) -> Answer {
    db.delete("delete_monitoring_frequency_history", key, frequency::delete).await
}

/// The routes of histories; they go before `/thing/{thing_id}`.
pub fn routes(routes: &mut Routes) {
    routes
        .add(Viewer, list_status_history)
        .add(Admin, create_status_history)
        .add(Viewer, get_status_history)
        .add(Editor, update_status_history)
        .add(Admin, delete_status_history)
        .add(Viewer, list_measuring_point_history)
        .add(Admin, create_measuring_point_history)
        .add(Viewer, get_measuring_point_history)
        .add(Editor, update_measuring_point_history)
        .add(Admin, delete_measuring_point_history)
        .add(Viewer, list_monitoring_frequency_history)
        .add(Admin, create_monitoring_frequency_history)
        .add(Viewer, get_monitoring_frequency_history)
        .add(Editor, update_monitoring_frequency_history)
        .add(Admin, delete_monitoring_frequency_history);
}
