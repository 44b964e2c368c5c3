//! The OpenAPI document, and what every operation shares.

use actix_web::http::Method;
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use utoipa::openapi::path::Operation;
use utoipa::openapi::{ContentBuilder, OpenApi, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoParams, OpenApi as _};
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::api::http::error::{Detail, Problems};
use crate::api::http::routes::{Access, Routes};
use crate::api::http::state::AppState;
use crate::domain::request::problem::{LocPart, Problem};

#[derive(utoipa::OpenApi)]
#[openapi(
    info(title = "Ocotillo API (Full)", description = "A geological survey's groundwater and sample data.",),
    components(schemas(Problems, Problem, LocPart, Detail))
)]
struct ApiDoc;

/// The document without its paths, which the routes add.
pub fn base() -> OpenApi {
    ApiDoc::openapi()
}

/// Adds to each operation the answers that all have in common.
pub fn complete(document: &mut OpenApi) {
    for (path, item) in &mut document.paths.paths {
        let open = ["/health", "/ready", "/metrics", "/_ah/warmup"].contains(&path.as_str());
        let by_id = path.contains('{');
        for (operation, writes, body) in [
            (&mut item.get, false, false),
            (&mut item.post, true, true),
            (&mut item.patch, true, true),
            (&mut item.delete, true, false),
        ] {
            let Some(operation) = operation else { continue };
            if open {
                continue;
            }
            add(operation, "422", "Validation error", "Problems");
            add(operation, "503", "Overloaded, database unavailable, deadline passed or shutting down", "Detail");
            if by_id {
                add(operation, "404", "No such row", "Detail");
            }
            if writes {
                add(operation, "409", "Contradicts what is stored", "Problems");
            }
            if body {
                add(operation, "413", "Body too large", "Detail");
            }
        }
    }
}

fn add(operation: &mut Operation, status: &str, description: &str, schema: &str) {
    let responses = &mut operation.responses.responses;
    if !responses.contains_key(status) {
        responses.insert(status.to_owned(), RefOr::T(problem(description, schema)));
    }
}

fn problem(description: &str, schema: &str) -> Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(schema))).build();
    ResponseBuilder::new().description(description).content("application/json", content).build()
}

/// The document as it is committed and served.
pub fn render(document: &OpenApi) -> Result<String, serde_json::Error> {
    Ok(document.to_pretty_json()? + "\n")
}

/// What all lists take, for the document.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that api::params reads")]
pub struct ListParams {
    /// Page, from 1.
    #[param(minimum = 1, default = 1)]
    page: Option<i64>,
    /// Items a page.
    #[param(minimum = 1, maximum = 10000, default = 25)]
    size: Option<i64>,
    /// Column to sort by; text without regard to case, rows without a value last.
    sort: Option<String>,
    /// `asc` (when only `sort` is given) or `desc`.
    order: Option<String>,
    /// `{"field": ..., "operator": ..., "value": ...}` as JSON; may repeat, all must hold. Operators: contains, ncontains,
    /// startswith, endswith, eq, ne, gt, gte, lt, lte, null, nnull, in.
    filter: Option<Vec<String>>,
}

/// Where the document is.
const DOCUMENTS: [&str; 2] = ["/openapi.json", "/openapi-auth.json"];

async fn document(state: web::Data<AppState>) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(state.document.clone())
}

/// The document, and a page to read it on.
pub fn routes(routes: &mut Routes) {
    for path in DOCUMENTS {
        routes.undocumented(Access::Anonymous, Method::GET, path, web::get().to(document));
    }
    let page = SwaggerUi::new("/docs/{_:.*}").config(Config::new(DOCUMENTS));
    routes.undocumented_service(Access::Anonymous, Method::GET, "/docs/{_:.*}", page);
    routes.undocumented_service(Access::Anonymous, Method::GET, "/docs", web::redirect("/docs", "/docs/"));
}
