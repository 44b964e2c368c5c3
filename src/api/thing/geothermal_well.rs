//! `/thing/geothermal-well`

use actix_web::{delete, get, patch, post};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::http::openapi::PageParams;
use crate::api::{Answer, Body, Db, Guid, Params, Resource, Routes, Tagged};
use crate::db::{Session, WriteSession};
use crate::domain::principal::Role::{Admin, Editor, Viewer};
use crate::domain::request::list::ListRequest;
use crate::domain::request::paging::Page;
use crate::domain::thing::geothermal_well::{
    CreateGeothermalWell, GeothermalWell, GeothermalWellSearch, UpdateGeothermalWell,
};
use crate::store::StoreError;
use crate::store::thing::geothermal_well;
use uuid::Uuid;

impl Resource for GeothermalWell {
    const NAME: &'static str = geothermal_well::TABLE.model;
}

impl Tagged for GeothermalWell {
    type Id = Uuid;

    fn get(session: &mut Session<'_>, id: Uuid) -> Result<Self, StoreError> {
        geothermal_well::get(session, id)
    }

    fn lock(session: &mut WriteSession<'_>, id: Uuid) -> Result<(), StoreError> {
        geothermal_well::lock(session, id)
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that api::params reads")]
struct SearchParams {
    /// Wells in this very county.
    county: Option<String>,
    /// Wells whose name has this in it, whatever its case.
    name_contains: Option<String>,
    /// Wells of which each of these words is in the name, the API number, the well number, the operator or the county.
    q: Option<String>,
}

fn search(params: &mut Params) -> (ListRequest, GeothermalWellSearch) {
    let request = ListRequest { page: params.page(), ..ListRequest::default() };
    let search = GeothermalWellSearch {
        county: params.text("county").filter(|county| !county.is_empty()),
        name_contains: params.text("name_contains").filter(|part| !part.is_empty()),
        words: params.parsed("q", GeothermalWellSearch::words).unwrap_or_default(),
    };
    (request, search)
}

/// List geothermal wells, by name.
#[utoipa::path(tag = "thing", params(PageParams, SearchParams), responses((status = 200, body = Page<GeothermalWell>)))]
#[get("/thing/geothermal-well")]
async fn list_geothermal_wells(db: Db, params: Params) -> Answer {
    db.list("list_geothermal_wells", params, search, geothermal_well::find, geothermal_well::load).await
}

/// Store a geothermal well.
#[utoipa::path(tag = "thing", request_body = CreateGeothermalWell, responses((status = 201, body = GeothermalWell)))]
#[post("/thing/geothermal-well")]
async fn create_geothermal_well(db: Db, body: Body<CreateGeothermalWell>) -> Answer {
    db.create("create_geothermal_well", body, geothermal_well::create).await
}

/// One geothermal well.
#[utoipa::path(tag = "thing", responses((status = 200, body = GeothermalWell)))]
#[get("/thing/geothermal-well/{well_data_id}")]
async fn get_geothermal_well(key: Guid<GeothermalWell>, db: Db) -> Answer {
    db.get("get_geothermal_well", key, geothermal_well::get).await
}

/// Change a geothermal well.
#[utoipa::path(tag = "thing", request_body = UpdateGeothermalWell, responses((status = 200, body = GeothermalWell)))]
#[patch("/thing/geothermal-well/{well_data_id}")]
async fn update_geothermal_well(key: Guid<GeothermalWell>, db: Db, body: Body<UpdateGeothermalWell>) -> Answer {
    db.update("update_geothermal_well", key, body, geothermal_well::update).await
}

/// Remove a geothermal well.
#[utoipa::path(tag = "thing", responses((status = 204)))]
#[delete("/thing/geothermal-well/{well_data_id}")]
async fn delete_geothermal_well(key: Guid<GeothermalWell>, db: Db) -> Answer {
    db.delete("delete_geothermal_well", key, geothermal_well::delete).await
}

/// The routes of geothermal wells.
pub fn routes(routes: &mut Routes) {
    routes
        .add(Viewer, list_geothermal_wells)
        .add(Admin, create_geothermal_well)
        .add(Viewer, get_geothermal_well)
        .add(Editor, update_geothermal_well)
        .add(Admin, delete_geothermal_well);
}
