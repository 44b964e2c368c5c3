//! `/thing`: reading.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::docs::ListParams;
use super::{Answer, Caller, Db, Id, Model, Params};
use crate::auth::Viewer;
use crate::domain::details::{WellDetails, WellExport};
use crate::domain::geometry::Area;
use crate::domain::paging::Page;
use crate::domain::search::SearchQuery;
use crate::domain::thing::{Spring, Thing, ThingSearch, Well};
use crate::store::{details, thing};

impl Model for Thing {
    const NAME: &'static str = thing::MODEL;
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
struct AreaParams {
    /// WKT polygon or multipolygon, degrees: things whose current location lies inside.
    within: Option<String>,
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
        ..ThingSearch::default()
    }
}

/// List things of all types.
#[utoipa::path(
    tag = "thing",
    params(ListParams, TextParams, ContactParams, AreaParams),
    responses((status = 200, body = Page<Thing>))
)]
#[get("/thing")]
async fn list_things(_caller: Caller<Viewer>, db: Db, mut params: Params) -> Answer {
    let request = params.list();
    let mut search = search(&mut params);
    search.include_contacts = params.boolean("include_contacts").unwrap_or(false);
    search.within = params.parsed("within", Area::from_wkt);
    params.finish()?;
    db.page("list_things", request, move |conn, request| thing::list_things(conn, request, &search)).await
}

/// One thing of any type.
#[utoipa::path(tag = "thing", responses((status = 200, body = Thing)))]
#[get("/thing/{thing_id}")]
async fn get_thing(_caller: Caller<Viewer>, key: Id<Thing>, db: Db) -> Answer {
    db.get("get_thing", move |conn| thing::get_thing(conn, key.id)).await
}

/// List water wells.
#[utoipa::path(
    tag = "thing",
    params(ListParams, TextParams, ContactParams, NameParams),
    responses((status = 200, body = Page<Well>))
)]
#[get("/thing/water-well")]
async fn list_wells(_caller: Caller<Viewer>, db: Db, mut params: Params) -> Answer {
    let request = params.list();
    let mut search = search(&mut params);
    search.include_contacts = params.boolean("include_contacts").unwrap_or(false);
    search.name = params.text("name").filter(|name| !name.is_empty());
    params.finish()?;
    db.page("list_wells", request, move |conn, request| thing::list_wells(conn, request, &search)).await
}

/// One water well.
#[utoipa::path(tag = "thing", responses((status = 200, body = Well)))]
#[get("/thing/water-well/{thing_id}")]
async fn get_well(_caller: Caller<Viewer>, key: Id<Thing>, db: Db) -> Answer {
    db.get("get_well", move |conn| thing::get_well(conn, key.id)).await
}

/// A water well with its contacts, sensors, deployments, screens and newest visits.
#[utoipa::path(tag = "thing", params(DetailParams), responses((status = 200, body = WellDetails)))]
#[get("/thing/water-well/{thing_id}/details")]
async fn get_well_details(_caller: Caller<Viewer>, key: Id<Thing>, db: Db, mut params: Params) -> Answer {
    let limit = params.ranged("field_event_limit", 25, 100);
    params.finish()?;
    db.get("get_well_details", move |conn| details::details(conn, key.id, limit)).await
}

/// A water well with its contacts, sensors and deployments.
#[utoipa::path(tag = "thing", responses((status = 200, body = WellExport)))]
#[get("/thing/water-well/{thing_id}/export")]
async fn export_well(_caller: Caller<Viewer>, key: Id<Thing>, db: Db) -> Answer {
    db.get("export_well", move |conn| details::export(conn, key.id)).await
}

/// List springs.
#[utoipa::path(tag = "thing", params(ListParams, TextParams), responses((status = 200, body = Page<Spring>)))]
#[get("/thing/spring")]
async fn list_springs(_caller: Caller<Viewer>, db: Db, mut params: Params) -> Answer {
    let request = params.list();
    let search = search(&mut params);
    params.finish()?;
    db.page("list_springs", request, move |conn, request| thing::list_springs(conn, request, &search)).await
}

/// One spring.
#[utoipa::path(tag = "thing", responses((status = 200, body = Spring)))]
#[get("/thing/spring/{thing_id}")]
async fn get_spring(_caller: Caller<Viewer>, key: Id<Thing>, db: Db) -> Answer {
    db.get("get_spring", move |conn| thing::get_spring(conn, key.id)).await
}

/// The routes that read things.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_things)
        .service(list_wells)
        .service(get_well)
        .service(get_well_details)
        .service(export_well)
        .service(list_springs)
        .service(get_spring)
        .service(get_thing);
}
