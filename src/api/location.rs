//! `/location`

use actix_web::{delete, get, patch, post};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::http::openapi::ListParams;
use crate::api::http::path::resource;
use crate::api::http::place::PlaceParams;
use crate::api::{Answer, Body, Db, Id, Params, Routes};
use crate::domain::location::query as location_query;
use crate::domain::location::{CreateLocation, Location, LocationSearch, UpdateLocation};
use crate::domain::principal::Role::{Admin, Editor, Viewer};
use crate::domain::request::paging::Page;
use crate::store::location;

resource!(Location, location);

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that api::params reads")]
struct SearchParams {
    /// `field op value`, such as `county eq 'Socorro'` or `notes.content like '%gate%'`. Goes before `nearby_point`, and
    /// that before `within`: of these three, the first one that is given applies.
    query: Option<String>,
}

/// A box holds whatever else is asked.
fn search(params: &mut Params) -> LocationSearch {
    let query = params.parsed("query", location_query::parse);
    let mut region = params.region();
    if query.is_some() {
        region.near = None;
    }
    if query.is_some() || region.near.is_some() {
        region.within = None;
    }
    LocationSearch { query, region }
}

/// List locations.
#[utoipa::path(tag = "location", params(ListParams, SearchParams, PlaceParams), responses((status = 200, body = Page<Location>)))]
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
    db.get("get_location", key, location::get).await
}

/// Change a location; `notes` replaces the complete set.
#[utoipa::path(tag = "location", request_body = UpdateLocation, responses((status = 200, body = Location)))]
#[patch("/location/{location_id}")]
async fn update_location(key: Id<Location>, db: Db, body: Body<UpdateLocation>) -> Answer {
    db.update("update_location", key, body, location::update).await
}

/// Remove a location with its notes.
#[utoipa::path(tag = "location", responses((status = 204)))]
#[delete("/location/{location_id}")]
async fn delete_location(key: Id<Location>, db: Db) -> Answer {
    db.delete("delete_location", key, location::delete).await
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
