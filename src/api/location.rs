//! `/location`

use actix_web::{delete, get, patch, post};
use serde::Deserialize;
use serde_json::json;
use utoipa::IntoParams;

use crate::api::http::openapi::ListParams;
use crate::api::{Answer, Body, Db, Id, Params, Resource, Routes};
use crate::domain::location::query as location_query;
use crate::domain::location::{CreateLocation, Location, LocationSearch, UpdateLocation};
use crate::domain::measure::geometry::{Area, Point};
use crate::domain::principal::Role::{Admin, Editor, Viewer};
use crate::domain::request::paging::Page;
use crate::domain::request::problem::Problem;
use crate::store::location;

impl Resource for Location {
    const NAME: &'static str = location::TABLE.model;
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
async fn list_locations(db: Db, params: Params) -> Answer {
    db.list(
        "list_locations",
        params,
        |params| {
            let request = params.list();
            let search = search(params);
            (request, search)
        },
        location::find,
        location::load,
    )
    .await
}

/// Store a location with its notes.
#[utoipa::path(tag = "location", request_body = CreateLocation, responses((status = 201, body = Location)))]
#[post("/location")]
async fn create_location(db: Db, body: Body<CreateLocation>) -> Answer {
    db.create("create_location", body, location::create).await
}

/// One location.
#[utoipa::path(tag = "location", responses((status = 200, body = Location)))]
#[get("/location/{location_id}")]
async fn get_location(key: Id<Location>, db: Db) -> Answer {
    db.get("get_location", move |session| location::get(session, key.id)).await
}

/// Change a location; `notes` replaces the complete set.
#[utoipa::path(tag = "location", request_body = UpdateLocation, responses((status = 200, body = Location)))]
#[patch("/location/{location_id}")]
async fn update_location(key: Id<Location>, db: Db, body: Body<UpdateLocation>) -> Answer {
    db.update("update_location", body, move |session, body| location::update(session, key.id, body)).await
}

/// Remove a location with its notes.
#[utoipa::path(tag = "location", responses((status = 204)))]
#[delete("/location/{location_id}")]
async fn delete_location(key: Id<Location>, db: Db) -> Answer {
    db.delete("delete_location", move |session| location::delete(session, key.id)).await
}

/// The routes of locations.
pub fn routes(routes: &mut Routes) {
    routes
        .add(Viewer, list_locations)
        .add(Admin, create_location)
        .add(Viewer, get_location)
        .add(Editor, update_location)
        .add(Admin, delete_location);
}
