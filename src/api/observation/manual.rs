//! `/observation`

use actix_web::{delete, get, patch, post};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::http::openapi::ListParams;
use crate::api::http::path::resource;
use crate::api::http::place::PlaceParams;
use crate::api::{Answer, Body, Db, Id, Params, Resource, Routes, Tagged};
use crate::db::{Session, WriteSession};
use crate::domain::observation::manual::{
    CreateGroundwaterLevel, CreateWaterChemistry, GroundwaterLevelObservation, Observation, ObservationKind,
    ObservationSearch, UpdateGroundwaterLevel, UpdateWaterChemistry, WaterChemistryObservation,
};
use crate::domain::principal::Role::{AmpAdmin, AmpEditor, AmpViewer};
use crate::domain::request::paging::Page;
use crate::store::StoreError;
use crate::store::observation::manual as observation;
use crate::store::query::check::lock_row;

resource!(Observation, observation);

impl Resource for GroundwaterLevelObservation {
    const NAME: &'static str = observation::TABLE.model;
}

impl Tagged for GroundwaterLevelObservation {
    type Id = i32;

    fn get(session: &mut Session<'_>, id: i32) -> Result<Self, StoreError> {
        observation::get_of(session, ObservationKind::GroundwaterLevel, id)
    }

    fn lock(session: &mut WriteSession<'_>, id: i32) -> Result<(), StoreError> {
        lock_row(session, observation::TABLE, id)
    }
}

impl Resource for WaterChemistryObservation {
    const NAME: &'static str = observation::TABLE.model;
}

impl Tagged for WaterChemistryObservation {
    type Id = i32;

    fn get(session: &mut Session<'_>, id: i32) -> Result<Self, StoreError> {
        observation::get_of(session, ObservationKind::WaterChemistry, id)
    }

    fn lock(session: &mut WriteSession<'_>, id: i32) -> Result<(), StoreError> {
        lock_row(session, observation::TABLE, id)
    }
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
    #[param(format = DateTime)]
    start_time: Option<String>,
    /// Observations at this time or earlier; UTC when without an offset.
    #[param(format = DateTime)]
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
        region: params.region(),
    }
}

/// List observations of all types, newest first.
#[utoipa::path(
    tag = "observation",
    params(ListParams, SearchParams, PlaceParams),
    responses((status = 200, body = Page<Observation>))
)]
#[get("/observation")]
async fn list_observations(db: Db, params: Params) -> Answer {
    db.list(
        "list_observations",
        params,
        |params| {
            let request = params.list_by(DEFAULT_SORT);
            let search = search(params, None);
            (request, search)
        },
        observation::find,
        observation::load::<Observation>,
    )
    .await
}

/// One observation of any type.
#[utoipa::path(tag = "observation", responses((status = 200, body = Observation)))]
#[get("/observation/{observation_id}")]
async fn get_observation(key: Id<Observation>, db: Db) -> Answer {
    db.get("get_observation", key, observation::get).await
}

/// Remove an observation of any type.
#[utoipa::path(tag = "observation", responses((status = 204)))]
#[delete("/observation/{observation_id}")]
async fn delete_observation(key: Id<Observation>, db: Db) -> Answer {
    db.delete("delete_observation", key, observation::delete).await
}

/// List groundwater levels, newest first.
#[utoipa::path(
    tag = "observation",
    params(ListParams, SearchParams, PlaceParams),
    responses((status = 200, body = Page<GroundwaterLevelObservation>))
)]
#[get("/observation/groundwater-level")]
async fn list_groundwater_levels(db: Db, params: Params) -> Answer {
    db.list(
        "list_groundwater_levels",
        params,
        |params| {
            let request = params.list_by(DEFAULT_SORT);
            let search = search(params, Some(ObservationKind::GroundwaterLevel));
            (request, search)
        },
        observation::find,
        observation::load::<GroundwaterLevelObservation>,
    )
    .await
}

/// Store a groundwater level. Its sample must come from a groundwater level activity.
#[utoipa::path(
    tag = "observation",
    request_body = CreateGroundwaterLevel,
    responses((status = 201, body = GroundwaterLevelObservation))
)]
#[post("/observation/groundwater-level")]
async fn create_groundwater_level(db: Db, body: Body<CreateGroundwaterLevel>) -> Answer {
    db.create("create_groundwater_level", body, |session, body| {
        let kind = ObservationKind::GroundwaterLevel;
        observation::create::<_, GroundwaterLevelObservation>(session, kind, body)
    })
    .await
}

/// One groundwater level.
#[utoipa::path(tag = "observation", responses((status = 200, body = GroundwaterLevelObservation)))]
#[get("/observation/groundwater-level/{observation_id}")]
async fn get_groundwater_level(key: Id<GroundwaterLevelObservation>, db: Db) -> Answer {
    db.get("get_groundwater_level", key, GroundwaterLevelObservation::get).await
}

/// Change a groundwater level.
#[utoipa::path(
    tag = "observation",
    request_body = UpdateGroundwaterLevel,
    responses((status = 200, body = GroundwaterLevelObservation))
)]
#[patch("/observation/groundwater-level/{observation_id}")]
async fn update_groundwater_level(
    key: Id<GroundwaterLevelObservation>,
    db: Db,
    body: Body<UpdateGroundwaterLevel>,
) -> Answer {
    db.update("update_groundwater_level", key, body, |session, id, body| {
        let kind = ObservationKind::GroundwaterLevel;
        observation::update::<_, GroundwaterLevelObservation>(session, kind, id, body)
    })
    .await
}

/// List water chemistry results, newest first.
#[utoipa::path(
    tag = "observation",
    params(ListParams, SearchParams, PlaceParams),
    responses((status = 200, body = Page<WaterChemistryObservation>))
)]
#[get("/observation/water-chemistry")]
async fn list_water_chemistry(db: Db, params: Params) -> Answer {
    db.list(
        "list_water_chemistry",
        params,
        |params| {
            let request = params.list_by(DEFAULT_SORT);
            let search = search(params, Some(ObservationKind::WaterChemistry));
            (request, search)
        },
        observation::find,
        observation::load::<WaterChemistryObservation>,
    )
    .await
}

/// Store a water chemistry result. Its sample must come from a water chemistry activity.
#[utoipa::path(
    tag = "observation",
    request_body = CreateWaterChemistry,
    responses((status = 201, body = WaterChemistryObservation))
)]
#[post("/observation/water-chemistry")]
async fn create_water_chemistry(db: Db, body: Body<CreateWaterChemistry>) -> Answer {
    db.create("create_water_chemistry", body, |session, body| {
        let kind = ObservationKind::WaterChemistry;
        observation::create::<_, WaterChemistryObservation>(session, kind, body)
    })
    .await
}

/// One water chemistry result.
#[utoipa::path(tag = "observation", responses((status = 200, body = WaterChemistryObservation)))]
#[get("/observation/water-chemistry/{observation_id}")]
async fn get_water_chemistry(key: Id<WaterChemistryObservation>, db: Db) -> Answer {
    db.get("get_water_chemistry", key, WaterChemistryObservation::get).await
}

/// Change a water chemistry result.
#[utoipa::path(
    tag = "observation",
    request_body = UpdateWaterChemistry,
    responses((status = 200, body = WaterChemistryObservation))
)]
#[patch("/observation/water-chemistry/{observation_id}")]
async fn update_water_chemistry(
    key: Id<WaterChemistryObservation>,
    db: Db,
    body: Body<UpdateWaterChemistry>,
) -> Answer {
    db.update("update_water_chemistry", key, body, |session, id, body| {
        let kind = ObservationKind::WaterChemistry;
        observation::update::<_, WaterChemistryObservation>(session, kind, id, body)
    })
    .await
}

/// The routes of observations. The words go before the keys.
pub fn routes(routes: &mut Routes) {
    routes
        .add(AmpViewer, list_groundwater_levels)
        .add(AmpAdmin, create_groundwater_level)
        .add(AmpViewer, get_groundwater_level)
        .add(AmpEditor, update_groundwater_level)
        .add(AmpViewer, list_water_chemistry)
        .add(AmpAdmin, create_water_chemistry)
        .add(AmpViewer, get_water_chemistry)
        .add(AmpEditor, update_water_chemistry)
        .add(AmpViewer, list_observations)
        .add(AmpViewer, get_observation)
        .add(AmpAdmin, delete_observation);
}
