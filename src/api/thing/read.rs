//! `/thing`: reading.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::http::openapi::ListParams;
use crate::api::http::place::PlaceParams;
use crate::api::{Answer, Db, Id, Params, Resource, Routes, Tagged};
use crate::db::{Session, WriteSession};
use crate::domain::principal::Role::Viewer;
use crate::domain::request::paging::Page;
use crate::domain::request::search::SearchQuery;
use crate::domain::thing::details::{WellDetails, WellExport};
use crate::domain::thing::{Spring, Thing, ThingSearch, Well};
use crate::store::StoreError;
use crate::store::query::check::lock_row;
use crate::store::thing;
use crate::store::thing::details;

impl Resource for Thing {
    const NAME: &'static str = thing::TABLE.model;
}

impl Tagged for Thing {
    type Id = i32;

    fn get(session: &mut Session<'_>, id: i32) -> Result<Self, StoreError> {
        thing::get_thing(session, id)
    }

    fn lock(session: &mut WriteSession<'_>, id: i32) -> Result<(), StoreError> {
        lock_row(session, thing::TABLE, id)
    }
}

impl Resource for Well {
    const NAME: &'static str = thing::TABLE.model;
}

impl Tagged for Well {
    type Id = i32;

    fn get(session: &mut Session<'_>, id: i32) -> Result<Self, StoreError> {
        thing::get_well(session, id)
    }

    fn lock(session: &mut WriteSession<'_>, id: i32) -> Result<(), StoreError> {
        lock_row(session, thing::TABLE, id)
    }
}

impl Resource for Spring {
    const NAME: &'static str = thing::TABLE.model;
}

impl Tagged for Spring {
    type Id = i32;

    fn get(session: &mut Session<'_>, id: i32) -> Result<Self, StoreError> {
        thing::get_spring(session, id)
    }

    fn lock(session: &mut WriteSession<'_>, id: i32) -> Result<(), StoreError> {
        lock_row(session, thing::TABLE, id)
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that api::params reads")]
struct TextParams {
    /// Words that must all occur in the name, each as the beginning of a word; `or` between alternatives, `-word`,
    /// `"several words"`. Things whose name or type is similar are found too; the most similar come first.
    query: Option<String>,
    /// Part of the name, whatever its case.
    name_contains: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that api::params reads")]
struct ContactParams {
    /// `query` looks at the names of contacts too.
    #[param(default = false)]
    include_contacts: Option<bool>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that api::params reads")]
struct NameParams {
    /// The very name.
    name: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that api::params reads")]
struct DetailParams {
    /// Visits at most.
    #[param(minimum = 1, maximum = 100, default = 25)]
    field_event_limit: Option<i64>,
}

/// What all lists of things take. An empty text asks for nothing in particular.
fn search(params: &mut Params) -> ThingSearch {
    ThingSearch {
        query: params.parsed("query", SearchQuery::parse).flatten(),
        name_contains: params.text("name_contains").filter(|part| !part.is_empty()),
        region: params.region(),
        ..ThingSearch::default()
    }
}

/// List things of all types.
#[utoipa::path(
    tag = "thing",
    params(ListParams, TextParams, ContactParams, PlaceParams),
    responses((status = 200, body = Page<Thing>))
)]
#[get("/thing")]
async fn list_things(db: Db, params: Params) -> Answer {
    db.list(
        "list_things",
        params,
        |params| {
            let request = params.list();
            let mut search = search(params);
            search.include_contacts = params.boolean("include_contacts").unwrap_or(false);
            (request, search)
        },
        thing::find_things,
        thing::load_things,
    )
    .await
}

/// One thing of any type.
#[utoipa::path(tag = "thing", responses((status = 200, body = Thing)))]
#[get("/thing/{thing_id}")]
async fn get_thing(key: Id<Thing>, db: Db) -> Answer {
    db.get("get_thing", key, thing::get_thing).await
}

/// List water wells.
#[utoipa::path(
    tag = "thing",
    params(ListParams, TextParams, ContactParams, NameParams, PlaceParams),
    responses((status = 200, body = Page<Well>))
)]
#[get("/thing/water-well")]
async fn list_wells(db: Db, params: Params) -> Answer {
    db.list(
        "list_wells",
        params,
        |params| {
            let request = params.list();
            let mut search = search(params);
            search.include_contacts = params.boolean("include_contacts").unwrap_or(false);
            search.name = params.text("name").filter(|name| !name.is_empty());
            (request, search)
        },
        thing::find_wells,
        thing::load_wells,
    )
    .await
}

/// One water well.
#[utoipa::path(tag = "thing", responses((status = 200, body = Well)))]
#[get("/thing/water-well/{thing_id}")]
async fn get_well(key: Id<Well>, db: Db) -> Answer {
    db.get("get_well", key, thing::get_well).await
}

/// A water well with its contacts, sensors, deployments, screens and newest visits.
#[utoipa::path(tag = "thing", params(DetailParams), responses((status = 200, body = WellDetails)))]
#[get("/thing/water-well/{thing_id}/details")]
async fn get_well_details(key: Id<Thing>, db: Db, params: Params) -> Answer {
    db.get_by(
        "get_well_details",
        params,
        |params| params.ranged("field_event_limit", 25, 100),
        move |session, limit| details::details(session, key.id, limit),
    )
    .await
}

/// A water well with its contacts, sensors and deployments.
#[utoipa::path(tag = "thing", responses((status = 200, body = WellExport)))]
#[get("/thing/water-well/{thing_id}/export")]
async fn export_well(key: Id<Thing>, db: Db) -> Answer {
    db.get("export_well", key, details::export).await
}

/// List springs.
#[utoipa::path(
    tag = "thing",
    params(ListParams, TextParams, PlaceParams),
    responses((status = 200, body = Page<Spring>))
)]
#[get("/thing/spring")]
async fn list_springs(db: Db, params: Params) -> Answer {
    db.list("list_springs", params, |params| (params.list(), search(params)), thing::find_springs, thing::load_springs)
        .await
}

/// One spring.
#[utoipa::path(tag = "thing", responses((status = 200, body = Spring)))]
#[get("/thing/spring/{thing_id}")]
async fn get_spring(key: Id<Spring>, db: Db) -> Answer {
    db.get("get_spring", key, thing::get_spring).await
}

/// The routes that read things.
pub fn routes(routes: &mut Routes) {
    routes
        .add(Viewer, list_things)
        .add(Viewer, list_wells)
        .add(Viewer, get_well)
        .add(Viewer, get_well_details)
        .add(Viewer, export_well)
        .add(Viewer, list_springs)
        .add(Viewer, get_spring)
        .add(Viewer, get_thing);
}
