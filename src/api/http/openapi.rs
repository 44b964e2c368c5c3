//! The OpenAPI document: what it says of the whole, and where it is. What it says of each operation is worked out in
//! [`super::document`].

use actix_web::http::Method;
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use utoipa::openapi::OpenApi;
use utoipa::{IntoParams, OpenApi as _};
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::api::http::error::{Detail, Problems, Unavailable};
use crate::api::http::routes::{Access, Routes};
use crate::api::http::state::AppState;
use crate::domain::request::problem::{LocPart, Problem};

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Ocotillo API (Full)",
        description = "A geological survey's groundwater and sample data.\n\nLists are pages: `page`, `size`, `sort`, \
                       `order` and `filter`. Errors have a `detail`: a sentence, or a list of problems of which each \
                       names its place. A 503 is worth another attempt after the seconds in `Retry-After`. Every answer has the \
                       request's id in `X-Request-Id`. A request to a name that is not the server's is answered with 421. \
                       A 500 is a defect of the server's, and no part of what it promises.\n\n\
                       | what | most |\n|---|--:|\n\
                       | bytes of a body | 2 MiB, unless configured otherwise (413) |\n\
                       | bytes of a file | 250 MiB, unless configured otherwise (400) |\n\
                       | values in a body | 150,000 |\n\
                       | items of a list in a body; measurements of a block | 1,000; 40,000 |\n\
                       | problems listed in an answer | 100, and how many more there are |\n\
                       | filters; values of one `in` | 20; 5,000 |\n\
                       | characters of a text parameter or of a filter's value | 1,000 |\n\
                       | vertices of an area | 20,000 |\n\
                       | items of a page | 10,000 |\n\n\
                       What goes beyond is refused with 422 where nothing else is said.",
    ),
    servers((url = "/", description = "The server that this document comes from")),
    tags(
        (name = "lexicon", description = "The controlled vocabulary: terms, their categories, triples of terms."),
        (name = "location", description = "Points with an elevation, where things are."),
        (name = "group", description = "Groups of things, such as projects, with their area."),
        (name = "parameter", description = "What can be measured or analysed."),
        (name = "thing", description = "Wells, springs and other things, with their screens, names elsewhere and histories."),
        (name = "deployment", description = "Which sensor was at which thing, from when to when."),
        (name = "sensor", description = "Devices that measure."),
        (name = "field-event", description = "Visits to things."),
        (name = "field-activity", description = "What was done on a visit."),
        (name = "sample", description = "Samples, and single readings of an instrument."),
        (name = "observation", description = "What was measured: by hand, in a laboratory, by a transducer."),
        (name = "asset", description = "Files that belong to things: photographs, reports, logs."),
        (name = "history", description = "What became of rows: who changed what, and what it was before."),
        (name = "geospatial", description = "Exports for maps."),
        (name = "api_key", description = "Keys for programs that cannot log in. Whoever makes one sees it once."),
        (name = "service", description = "For those who run the server: health, readiness, metrics."),
    ),
    components(schemas(Problems, Problem, LocPart, Detail, Unavailable))
)]
struct ApiDoc;

/// The document without its paths, which the routes add.
pub fn base() -> OpenApi {
    ApiDoc::openapi()
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
