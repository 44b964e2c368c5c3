//! `/sensor`

use actix_web::{delete, get, patch, post};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::docs::ListParams;
use super::{Answer, Body, Caller, Db, Id, Model, Params};
use crate::auth::{Admin, Editor, Viewer};
use crate::domain::paging::Page;
use crate::domain::sensor::{CreateSensor, Sensor, SensorSearch, UpdateSensor};
use crate::store::sensor;

impl Model for Sensor {
    const NAME: &'static str = sensor::MODEL;
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that api::params reads")]
struct SearchParams {
    /// Sensors deployed at this thing.
    thing_id: Option<i64>,
    /// Sensors with an observation of this parameter.
    parameter_id: Option<i64>,
}

/// List sensors.
#[utoipa::path(tag = "sensor", params(ListParams, SearchParams), responses((status = 200, body = Page<Sensor>)))]
#[get("/sensor")]
async fn list_sensors(_caller: Caller<Viewer>, db: Db, mut params: Params) -> Answer {
    let request = params.list();
    let search = SensorSearch { thing_id: params.key("thing_id"), parameter_id: params.key("parameter_id") };
    params.finish()?;
    db.page("list_sensors", request, move |conn, request| sensor::list(conn, request, search)).await
}

/// Store a sensor.
#[utoipa::path(tag = "sensor", request_body = CreateSensor, responses((status = 201, body = Sensor)))]
#[post("/sensor")]
async fn create_sensor(caller: Caller<Admin>, db: Db, Body(body): Body<CreateSensor>) -> Answer {
    db.create("create_sensor", move |conn| sensor::create(conn, body, &caller.actor)).await
}

/// One sensor.
#[utoipa::path(tag = "sensor", responses((status = 200, body = Sensor)))]
#[get("/sensor/{sensor_id}")]
async fn get_sensor(_caller: Caller<Viewer>, key: Id<Sensor>, db: Db) -> Answer {
    db.get("get_sensor", move |conn| sensor::get(conn, key.id)).await
}

/// Change a sensor.
#[utoipa::path(tag = "sensor", request_body = UpdateSensor, responses((status = 200, body = Sensor)))]
#[patch("/sensor/{sensor_id}")]
async fn update_sensor(caller: Caller<Editor>, key: Id<Sensor>, db: Db, Body(body): Body<UpdateSensor>) -> Answer {
    db.update("update_sensor", move |conn| sensor::update(conn, key.id, body, &caller.actor)).await
}

/// Remove a sensor with its observations, unless it was ever deployed.
#[utoipa::path(tag = "sensor", responses((status = 204)))]
#[delete("/sensor/{sensor_id}")]
async fn delete_sensor(_caller: Caller<Admin>, key: Id<Sensor>, db: Db) -> Answer {
    db.delete("delete_sensor", move |conn| sensor::delete(conn, key.id)).await
}

/// The routes of sensors.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_sensors)
        .service(create_sensor)
        .service(get_sensor)
        .service(update_sensor)
        .service(delete_sensor);
}
