//! `/geospatial`

use std::sync::Arc;

use actix_web::get;
use serde::Deserialize;
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use crate::api::http::place::PlaceParams;
use crate::api::http::stream::Piece;
use crate::api::{Answer, Db, Id, Params, Routes};
use crate::db::Session;
use crate::domain::geospatial::{
    GroupKey, Progress, ProjectAreaCollection, ThingExport, ThingFeatureCollection, ThingPage,
};
use crate::domain::group::Group;
use crate::domain::principal::Role::Viewer;
use crate::domain::request::problem::Problem;
use crate::domain::request::search::SearchQuery;
use crate::domain::thing::ThingSearch;
use crate::export::geojson;
use crate::export::shapefile::Shapefile;
use crate::store::geospatial;

const OPERATION: &str = "export_things";

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that api::params reads")]
struct ExportParams {
    /// Term of `thing_type`; may repeat, any of them.
    thing_type: Option<Vec<String>>,
    /// Key of a group (digits), or its very name: only its members.
    group: Option<String>,
    /// Words that must all occur in the name, as in lists of things; things whose name or type is similar are found too.
    query: Option<String>,
    /// As in lists of things: `{"field": ..., "operator": ..., "value": ...}` as JSON; may repeat, all must hold.
    filter: Option<Vec<String>>,
    /// `geojson`, or `shapefile`: a zip archive of points with an elevation.
    #[param(pattern = "^(geojson|shapefile)$", default = "geojson")]
    format: Option<String>,
}

/// A zip archive, for the document.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "describes bytes")]
struct Archive(Vec<u8>);

/// Notes a format that there is not.
fn check_format(params: &mut Params) {
    if let Some(other) = params.text("format").filter(|format| !matches!(format.as_str(), "geojson" | "shapefile")) {
        let message = "String should match pattern '^(geojson|shapefile)$'";
        let problem = Problem::query("string_pattern_mismatch", "format", message, other);
        params.note(problem.with_ctx(json!({"pattern": "^(geojson|shapefile)$"})));
    }
}

/// Things with their current place, as GeoJSON or as a shapefile. Things that are nowhere are left out.
///
/// The newest water level is given to those who may read observations. A shapefile has it as `level_ft` and `level_date` (UTC), the
/// statuses as `monitoring` and `is_open`.
#[utoipa::path(
    tag = "geospatial",
    params(ExportParams, PlaceParams),
    responses((
        status = 200,
        content((ThingFeatureCollection = "application/geo+json"), (inline(Archive) = "application/zip"))
    ))
)]
#[get("/geospatial")]
async fn export_things(db: Db, params: Params) -> Answer {
    // Only a look: what is wrong with the query string is found where it is read.
    if params.is("format", "shapefile") { send_shapefile(&db, params).await } else { send_geojson(&db, params).await }
}

/// Which things, as the query string says.
fn export(params: &mut Params) -> ThingExport {
    let mut thing_types: Vec<String> = params.texts("thing_type").into_iter().filter(|term| !term.is_empty()).collect();
    thing_types.sort_unstable();
    thing_types.dedup();
    let group = params.text("group").filter(|group| !group.is_empty()).map(GroupKey::parse);
    check_format(params);
    let query = params.parsed("query", SearchQuery::parse).flatten();
    let search = ThingSearch { query, region: params.region(), ..ThingSearch::default() };
    ThingExport { thing_types, group, search, filters: params.filters() }
}

async fn send_geojson(db: &Db, params: Params) -> Answer {
    type At = (Arc<ThingExport>, Progress);
    let first = |_: &mut Session<'_>, export: ThingExport| Ok((Arc::new(export), Progress::default()));
    let read = |session: &mut Session<'_>, (export, at): &At| geospatial::page(session, export, at.after);
    let render = |(export, at): At, page: ThingPage| {
        let bytes = geojson::render(&page, at == Progress::default(), at.begun)?;
        let begun = at.begun || !page.features.is_empty();
        Ok(Piece { bytes, next: page.next.map(|after| (export, Progress { after, begun })) })
    };
    db.stream(OPERATION, "application/geo+json", move || params.read(export), first, read, render).await
}

async fn send_shapefile(db: &Db, params: Params) -> Answer {
    let export = db.blocking(OPERATION, move || params.read(export)).await?;
    let read = move |session: &mut Session<'_>, after: &i32| geospatial::page(session, &export, *after);
    let add = |shapefile: &mut Shapefile, page: ThingPage| {
        page.features.iter().try_for_each(|thing| shapefile.add(thing))?;
        Ok(page.next)
    };
    let shapefile = db.blocking(OPERATION, || Ok(Shapefile::new()?)).await?;
    let shapefile = db.collect(OPERATION, 0, shapefile, read, add).await?;
    let packed = db.blocking(OPERATION, || Ok(shapefile.finish()?)).await?;
    db.file(OPERATION, "application/zip", "things.zip", packed).await
}

/// The project area of a group.
#[utoipa::path(tag = "geospatial", responses((status = 200, body = ProjectAreaCollection)))]
#[get("/geospatial/project-area/{group_id}")]
async fn get_project_area(key: Id<Group>, db: Db) -> Answer {
    db.get("get_project_area", key, geospatial::project_area).await
}

/// The routes of exports to maps.
pub fn routes(routes: &mut Routes) {
    routes.add(Viewer, export_things).add(Viewer, get_project_area);
}
