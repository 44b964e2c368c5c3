//! `/observation`

use actix_web::{delete, get, patch, post};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::docs::ListParams;
use super::{Answer, Body, Caller, Db, Id, Model, Params};
use crate::auth::{AmpAdmin, AmpEditor, AmpViewer};
use crate::domain::observation::{
    CreateGroundwaterLevel, CreateWaterChemistry, GroundwaterLevelObservation, Observation, ObservationKind,
    ObservationSearch, UpdateGroundwaterLevel, UpdateWaterChemistry, WaterChemistryObservation,
};
use crate::domain::paging::Page;
use crate::store::observation;

impl Model for Observation {
    const NAME: &'static str = observation::MODEL;
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that api::params reads")]
struct SearchParams {
    /// Observations made at this thing.
    thing_id: Option<i64>,
    /// Observations of this sensor.
    sensor_id: Option<i64>,
    /// Observations of this sample.
    sample_id: Option<i64>,
    /// Observations at this time or later; UTC when without an offset.
    start_time: Option<String>,
    /// Observations at this time or earlier; UTC when without an offset.
    end_time: Option<String>,
}

/// The column that a lone `order` applies to.
const DEFAULT_SORT: Option<&str> = Some("observation_datetime");

fn search(params: &mut Params, kind: Option<ObservationKind>) -> ObservationSearch {
    ObservationSearch {
        kind,
        thing_id: params.key("thing_id"),
        sensor_id: params.key("sensor_id"),
        sample_id: params.key("sample_id"),
        start_time: params.time("start_time"),
        end_time: params.time("end_time"),
    }
}

/// List observations of all types, newest first.
#[utoipa::path(tag = "observation", params(ListParams, SearchParams), responses((status = 200, body = Page<Observation>)))]
#[get("/observation")]
async fn list_observations(_caller: Caller<AmpViewer>, db: Db, mut params: Params) -> Answer {
    let request = params.list_by(DEFAULT_SORT);
    let search = search(&mut params, None);
    params.finish()?;
    db.page("list_observations", request, move |conn, request| observation::list::<Observation>(conn, request, search))
        .await
}

/// One observation of any type.
#[utoipa::path(tag = "observation", responses((status = 200, body = Observation)))]
#[get("/observation/{observation_id}")]
async fn get_observation(_caller: Caller<AmpViewer>, key: Id<Observation>, db: Db) -> Answer {
    db.get("get_observation", move |conn| observation::get(conn, key.id)).await
}

/// Remove an observation of any type.
#[utoipa::path(tag = "observation", responses((status = 204)))]
#[delete("/observation/{observation_id}")]
async fn delete_observation(_caller: Caller<AmpAdmin>, key: Id<Observation>, db: Db) -> Answer {
    db.delete("delete_observation", move |conn| observation::delete(conn, key.id)).await
}

/// List groundwater levels, newest first.
#[utoipa::path(
    tag = "observation",
    params(ListParams, SearchParams),
    responses((status = 200, body = Page<GroundwaterLevelObservation>))
)]
#[get("/observation/groundwater-level")]
async fn list_groundwater_levels(_caller: Caller<AmpViewer>, db: Db, mut params: Params) -> Answer {
    let request = params.list_by(DEFAULT_SORT);
    let search = search(&mut params, Some(ObservationKind::GroundwaterLevel));
    params.finish()?;
    db.page("list_groundwater_levels", request, move |conn, request| {
        observation::list::<GroundwaterLevelObservation>(conn, request, search)
    })
    .await
}

/// Store a groundwater level. Its sample must come from a groundwater level activity.
#[utoipa::path(
    tag = "observation",
    request_body = CreateGroundwaterLevel,
    responses((status = 201, body = GroundwaterLevelObservation))
)]
#[post("/observation/groundwater-level")]
async fn create_groundwater_level(
    caller: Caller<AmpAdmin>,
    db: Db,
    Body(body): Body<CreateGroundwaterLevel>,
) -> Answer {
    db.create("create_groundwater_level", move |conn| {
        let kind = ObservationKind::GroundwaterLevel;
        observation::create::<_, GroundwaterLevelObservation>(conn, kind, body, &caller.actor)
    })
    .await
}

/// One groundwater level.
#[utoipa::path(tag = "observation", responses((status = 200, body = GroundwaterLevelObservation)))]
#[get("/observation/groundwater-level/{observation_id}")]
async fn get_groundwater_level(_caller: Caller<AmpViewer>, key: Id<Observation>, db: Db) -> Answer {
    db.get("get_groundwater_level", move |conn| {
        observation::get_of::<GroundwaterLevelObservation>(conn, ObservationKind::GroundwaterLevel, key.id)
    })
    .await
}

/// Change a groundwater level.
#[utoipa::path(
    tag = "observation",
    request_body = UpdateGroundwaterLevel,
    responses((status = 200, body = GroundwaterLevelObservation))
)]
#[patch("/observation/groundwater-level/{observation_id}")]
async fn update_groundwater_level(
    caller: Caller<AmpEditor>,
    key: Id<Observation>,
    db: Db,
    Body(body): Body<UpdateGroundwaterLevel>,
) -> Answer {
    db.update("update_groundwater_level", move |conn| {
        let kind = ObservationKind::GroundwaterLevel;
        observation::update::<_, GroundwaterLevelObservation>(conn, kind, key.id, body, &caller.actor)
    })
    .await
}

/// List water chemistry results, newest first.
#[utoipa::path(
    tag = "observation",
    params(ListParams, SearchParams),
    responses((status = 200, body = Page<WaterChemistryObservation>))
)]
#[get("/observation/water-chemistry")]
async fn list_water_chemistry(_caller: Caller<AmpViewer>, db: Db, mut params: Params) -> Answer {
    let request = params.list_by(DEFAULT_SORT);
    let search = search(&mut params, Some(ObservationKind::WaterChemistry));
    params.finish()?;
    db.page("list_water_chemistry", request, move |conn, request| {
        observation::list::<WaterChemistryObservation>(conn, request, search)
    })
    .await
}

/// Store a water chemistry result. Its sample must come from a water chemistry activity.
#[utoipa::path(
    tag = "observation",
    request_body = CreateWaterChemistry,
    responses((status = 201, body = WaterChemistryObservation))
)]
#[post("/observation/water-chemistry")]
async fn create_water_chemistry(caller: Caller<AmpAdmin>, db: Db, Body(body): Body<CreateWaterChemistry>) -> Answer {
    db.create("create_water_chemistry", move |conn| {
        let kind = ObservationKind::WaterChemistry;
        observation::create::<_, WaterChemistryObservation>(conn, kind, body, &caller.actor)
    })
    .await
}

/// One water chemistry result.
#[utoipa::path(tag = "observation", responses((status = 200, body = WaterChemistryObservation)))]
#[get("/observation/water-chemistry/{observation_id}")]
async fn get_water_chemistry(_caller: Caller<AmpViewer>, key: Id<Observation>, db: Db) -> Answer {
    db.get("get_water_chemistry", move |conn| {
        observation::get_of::<WaterChemistryObservation>(conn, ObservationKind::WaterChemistry, key.id)
    })
    .await
}

/// Change a water chemistry result.
#[utoipa::path(
    tag = "observation",
    request_body = UpdateWaterChemistry,
    responses((status = 200, body = WaterChemistryObservation))
)]
#[patch("/observation/water-chemistry/{observation_id}")]
async fn update_water_chemistry(
    caller: Caller<AmpEditor>,
    key: Id<Observation>,
    db: Db,
    Body(body): Body<UpdateWaterChemistry>,
) -> Answer {
    db.update("update_water_chemistry", move |conn| {
        let kind = ObservationKind::WaterChemistry;
        observation::update::<_, WaterChemistryObservation>(conn, kind, key.id, body, &caller.actor)
    })
    .await
}

/// The routes of observations. The words go before the keys.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_groundwater_levels)
        .service(create_groundwater_level)
        .service(get_groundwater_level)
        .service(update_groundwater_level)
        .service(list_water_chemistry)
        .service(create_water_chemistry)
        .service(get_water_chemistry)
        .service(update_water_chemistry)
        .service(list_observations)
        .service(get_observation)
        .service(delete_observation);
}
