//! `/location`

use actix_web::{delete, get, patch, post};
use serde::Deserialize;
use serde_json::json;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::docs::ListParams;
use super::{Answer, Body, Caller, Db, Id, Model, Params};
use crate::auth::{Admin, Editor, Viewer};
use crate::domain::geometry::{Area, Point};
use crate::domain::location::{CreateLocation, Location, LocationSearch, UpdateLocation};
use crate::domain::location_query;
use crate::domain::paging::Page;
use crate::domain::problem::Problem;
use crate::store::location;

impl Model for Location {
    const NAME: &'static str = location::MODEL;
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that api::params reads")]
struct SearchParams {
    /// `field op value`, such as `county eq 'Socorro'` or `notes.content like '%gate%'`. Goes before the other two.
    query: Option<String>,
    /// WKT point; goes before `within`.
    nearby_point: Option<String>,
    /// Kilometres around `nearby_point`.
    #[param(default = 1.0)]
    nearby_distance_km: Option<f64>,
    /// WKT polygon or multipolygon; points on its boundary are outside.
    within: Option<String>,
}

const KILOMETRE: f64 = 1000.0;

fn search(params: &mut Params) -> LocationSearch {
    let query = params.parsed("query", location_query::parse);
    let centre = params.parsed("nearby_point", Point::from_wkt);
    let kilometres = params.float("nearby_distance_km").unwrap_or(1.0);
    if kilometres < 0.0 {
        params.note(
            Problem::query(
                "greater_than_equal",
                "nearby_distance_km",
                "Input should be greater than or equal to 0",
                kilometres.to_string(),
            )
            .with_ctx(json!({"ge": 0.0})),
        );
    }
    let area = params.parsed("within", Area::from_wkt);
    match (query, centre, area) {
        (Some(query), _, _) => LocationSearch::Query(query),
        (None, Some(centre), _) => LocationSearch::Nearby { centre, metres: kilometres * KILOMETRE },
        (None, None, Some(area)) => LocationSearch::Within(area),
        (None, None, None) => LocationSearch::All,
    }
}

/// List locations.
#[utoipa::path(tag = "location", params(ListParams, SearchParams), responses((status = 200, body = Page<Location>)))]
#[get("/location")]
async fn list_locations(_caller: Caller<Viewer>, db: Db, mut params: Params) -> Answer {
    let request = params.list();
    let search = search(&mut params);
    params.finish()?;
    db.page("list_locations", request, move |conn, request| location::list(conn, request, &search)).await
}

/// Store a location with its notes.
#[utoipa::path(tag = "location", request_body = CreateLocation, responses((status = 201, body = Location)))]
#[post("/location")]
async fn create_location(caller: Caller<Admin>, db: Db, Body(body): Body<CreateLocation>) -> Answer {
    db.create("create_location", move |conn| location::create(conn, body, &caller.actor)).await
}

/// One location.
#[utoipa::path(tag = "location", responses((status = 200, body = Location)))]
#[get("/location/{location_id}")]
async fn get_location(_caller: Caller<Viewer>, key: Id<Location>, db: Db) -> Answer {
    db.get("get_location", move |conn| location::get(conn, key.id)).await
}

/// Change a location; `notes` replaces the complete set.
#[utoipa::path(tag = "location", request_body = UpdateLocation, responses((status = 200, body = Location)))]
#[patch("/location/{location_id}")]
async fn update_location(
    caller: Caller<Editor>,
    key: Id<Location>,
    db: Db,
    Body(body): Body<UpdateLocation>,
) -> Answer {
    db.update("update_location", move |conn| location::update(conn, key.id, body, &caller.actor)).await
}

/// Remove a location with its notes.
#[utoipa::path(tag = "location", responses((status = 204)))]
#[delete("/location/{location_id}")]
async fn delete_location(_caller: Caller<Admin>, key: Id<Location>, db: Db) -> Answer {
    db.delete("delete_location", move |conn| location::delete(conn, key.id)).await
}

/// The routes of locations.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_locations)
        .service(create_location)
        .service(get_location)
        .service(update_location)
        .service(delete_location);
}
