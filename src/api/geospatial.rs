//! `/geospatial`

use actix_web::get;
use serde::Deserialize;
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::stream::Piece;
use super::{Answer, Caller, Db, Id, Params};
use crate::auth::Viewer;
use crate::db::Connection;
use crate::domain::geospatial::{
    GroupKey, Progress, ProjectAreaCollection, ThingExport, ThingFeatureCollection, ThingPage,
};
use crate::domain::group::Group;
use crate::domain::problem::Problem;
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
    /// `geojson`, or `shapefile`: a zip archive of points with an elevation.
    #[param(pattern = "^(geojson|shapefile)$", default = "geojson")]
    format: Option<String>,
}

/// A zip archive, for the document.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "describes bytes")]
struct Archive(Vec<u8>);

/// Whether a shapefile is asked for rather than GeoJSON.
fn wants_shapefile(params: &mut Params) -> bool {
    match params.text("format").as_deref() {
        None | Some("geojson") => false,
        Some("shapefile") => true,
        Some(other) => {
            let message = "String should match pattern '^(geojson|shapefile)$'";
            let problem = Problem::query("string_pattern_mismatch", "format", message, other);
            params.note(problem.with_ctx(json!({"pattern": "^(geojson|shapefile)$"})));
            false
        }
    }
}

/// Things with their current place, as GeoJSON or as a shapefile. Things that are nowhere are left out.
#[utoipa::path(
    tag = "geospatial",
    params(ExportParams),
    responses((
        status = 200,
        content((ThingFeatureCollection = "application/geo+json"), (inline(Archive) = "application/zip"))
    ))
)]
#[get("/geospatial")]
async fn export_things(_caller: Caller<Viewer>, db: Db, mut params: Params) -> Answer {
    let mut thing_types: Vec<String> = params.texts("thing_type").into_iter().filter(|term| !term.is_empty()).collect();
    thing_types.sort_unstable();
    thing_types.dedup();
    let group = params.text("group").filter(|group| !group.is_empty()).map(GroupKey::parse);
    let shapefile = wants_shapefile(&mut params);
    params.finish()?;
    let export = ThingExport { thing_types, group };
    if shapefile { send_shapefile(&db, export).await } else { send_geojson(&db, export).await }
}

async fn send_geojson(db: &Db, export: ThingExport) -> Answer {
    let read = move |conn: &mut Connection, at: &Progress| Ok((*at, geospatial::page(conn, &export, at.after)?));
    let render = |(at, page): (Progress, ThingPage)| {
        let bytes = geojson::render(&page, at == Progress::default(), at.begun)?;
        let begun = at.begun || !page.features.is_empty();
        Ok(Piece { bytes, next: page.next.map(|after| Progress { after, begun }) })
    };
    db.stream(OPERATION, "application/geo+json", Progress::default(), read, render).await
}

async fn send_shapefile(db: &Db, export: ThingExport) -> Answer {
    let read = move |conn: &mut Connection, after: &i32| geospatial::page(conn, &export, *after);
    let add = |shapefile: &mut Shapefile, page: ThingPage| {
        page.features.iter().try_for_each(|thing| shapefile.add(thing))?;
        Ok(page.next)
    };
    let shapefile = db.blocking(OPERATION, Shapefile::new).await?;
    let shapefile = db.collect(OPERATION, 0, shapefile, read, add).await?;
    let packed = db.blocking(OPERATION, || shapefile.finish()).await?;
    db.file(OPERATION, "application/zip", "things.zip", packed).await
}

/// The project area of a group.
#[utoipa::path(tag = "geospatial", responses((status = 200, body = ProjectAreaCollection)))]
#[get("/geospatial/project-area/{group_id}")]
async fn get_project_area(_caller: Caller<Viewer>, key: Id<Group>, db: Db) -> Answer {
    db.get("get_project_area", move |conn| geospatial::project_area(conn, key.id)).await
}

/// The routes of exports to maps.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(export_things).service(get_project_area);
}
