//! `/sensor`

use actix_web::{delete, get, patch, post};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::http::openapi::ListParams;
use crate::api::http::path::resource;
use crate::api::{Answer, Body, Db, Id, Params, Routes};
use crate::domain::principal::Role::{Admin, Editor, Viewer};
use crate::domain::request::paging::Page;
use crate::domain::sensor::{CreateSensor, Sensor, SensorSearch, UpdateSensor};
use crate::store::sensor;

resource!(Sensor, sensor);

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
async fn list_sensors(db: Db, params: Params) -> Answer {
    db.list(
        "list_sensors",
        params,
        |params| {
            let request = params.list();
            let search = SensorSearch { thing_id: params.key("thing_id"), parameter_id: params.key("parameter_id") };
            (request, search)
        },
        sensor::find,
        sensor::load,
    )
    .await
}

/// Store a sensor.
#[utoipa::path(tag = "sensor", request_body = CreateSensor, responses((status = 201, body = Sensor)))]
#[post("/sensor")]
async fn create_sensor(db: Db, body: Body<CreateSensor>) -> Answer {
    db.create("create_sensor", body, sensor::create).await
}

/// One sensor.
#[utoipa::path(tag = "sensor", responses((status = 200, body = Sensor)))]
#[get("/sensor/{sensor_id}")]
async fn get_sensor(key: Id<Sensor>, db: Db) -> Answer {
    db.get("get_sensor", key, sensor::get).await
}

/// Change a sensor.
#[utoipa::path(tag = "sensor", request_body = UpdateSensor, responses((status = 200, body = Sensor)))]
#[patch("/sensor/{sensor_id}")]
async fn update_sensor(key: Id<Sensor>, db: Db, body: Body<UpdateSensor>) -> Answer {
    db.update("update_sensor", key, body, sensor::update).await
}

/// Remove a sensor with its observations, unless it was ever deployed.
#[utoipa::path(tag = "sensor", responses((status = 204)))]
#[delete("/sensor/{sensor_id}")]
async fn delete_sensor(key: Id<Sensor>, db: Db) -> Answer {
    db.delete("delete_sensor", key, sensor::delete).await
}

/// The routes of sensors.
pub fn routes(routes: &mut Routes) {
    routes
        .add(Viewer, list_sensors)
        .add(Admin, create_sensor)
        .add(Viewer, get_sensor)
        .add(Editor, update_sensor)
        .add(Admin, delete_sensor);
}
