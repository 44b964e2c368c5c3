//! The OpenAPI document: what it says of the whole, and where it is. What it says of each operation is worked out in
//! [`super::document`].

use actix_web::http::Method;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpResponse, Route, web};
use serde::Deserialize;
use utoipa::openapi::OpenApi;
use utoipa::{IntoParams, OpenApi as _, ToSchema};
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
                       `order` and `filter`. Long ones are walked by `Link: rel=\"next\"`, which leads behind the last item of a page \
                       (`after`) and costs the same however deep that is; the total is then counted only where `count` asks for it. Errors have a `detail`: a sentence, or a list of problems of which each \
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
                       | items of a page | 10,000 |\n\
                       | items that `count=bounded` counts | 10,000 |\n\n\
                       What goes beyond is refused with 422 where nothing else is said.",
    ),
    servers((url = "/", description = "The server that this document comes from")),
    tags(
        (name = "lexicon", description = "The controlled vocabulary: terms, their categories, triples of terms."),
        (name = "location", description = "Points with an elevation, where things are."),
        (name = "group", description = "Groups of things, such as projects, with their area."),
        (name = "parameter", description = "What can be measured or analysed."),
        (name = "thing", description = "Wells, springs and other things, with their screens, names elsewhere and histories."),
        (name = "contact", description = "People and organizations: owners of wells, and who goes there. Never public."),
        (name = "regulatory_limit", description = "Limits that an authority sets for a parameter."),
        (name = "analysis-method", description = "How values are determined."),
        (name = "aquifer-system", description = "Aquifer systems, with their outlines."),
        (name = "geologic-formation", description = "Geologic formations, with their outlines."),
        (name = "thing-aquifer-association", description = "Which aquifer systems a thing draws from, and how they behave there."),
        (name = "aquifer-type", description = "How an aquifer behaves at a thing, type by type."),
        (name = "thing-geologic-formation-association", description = "Which formations a thing goes through."),
        (name = "data-provenance", description = "Where the data of things and locations come from, and how exact they are."),
        (name = "permission-history", description = "What owners allow, over time."),
        (name = "deployment", description = "Which sensor was at which thing, from when to when."),
        (name = "sensor", description = "Devices that measure."),
        (name = "field-event", description = "Visits to things."),
        (name = "field-event-participant", description = "Who took part in visits. Never public."),
        (name = "field-activity", description = "What was done on a visit."),
        (name = "sample", description = "Samples, and single readings of an instrument."),
        (name = "observation", description = "What was measured: by hand, in a laboratory, by a transducer."),
        (name = "chemistry", description = "Released results of water chemistry, to be read and shown."),
        (name = "publication", description = "Reports, maps and papers, with their authors."),
        (name = "geochronology", description = "How old the rocks of a place are."),
        (name = "asset", description = "Files that belong to things: photographs, reports, logs."),
        (name = "history", description = "What became of rows: who changed what, and what it was before."),
        (name = "geospatial", description = "Exports for maps."),
        (name = "search", description = "One search over contacts, wells, springs and assets."),
        (name = "NGWMN", description = "Feeds for the National Ground-Water Monitoring Network: what is public, as XML."),
        (name = "api_key", description = "Keys for programs that cannot log in. Whoever makes one sees it once."),
        (name = "access", description = "Records of who was given access to what, and of what owners agreed to."),
        (name = "feedback", description = "What users say about the program."),
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

/// How the rows of a list can be counted, for the document.
#[derive(Deserialize, ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum CountParam {
    /// All of them.
    Exact,
    /// Up to 10,000.
    Bounded,
    /// Not at all.
    False,
}

/// What lists take that are neither sorted nor filtered, for the document.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that api::params reads")]
pub struct PageParams {
    /// Page, from 1. Not with `after`.
    #[param(minimum = 1, default = 1)]
    page: Option<i64>,
    /// Items a page.
    #[param(minimum = 1, maximum = 10000, default = 25)]
    size: Option<i64>,
    /// The cursor of a page, instead of its number: the page begins behind the last item of the one before, however deep that is, and
    /// whatever was stored or removed meanwhile. Cursors come with the pages (`Link: rel="next"`, `next`) and are good for the same
    /// list with the same sort and filters; with others, 422.
    after: Option<String>,
    /// How `total` is counted: `exact`ly (unless `after` is sent), `bounded` (up to 10,000; of more, `total_is` says `at least`), or
    /// not at all: `false`.
    #[param(inline)]
    count: Option<CountParam>,
    /// `json`: a page; `csv`: a header and a row an item; `ndjson`: an item a line. It goes before `Accept`.
    #[param(pattern = "^(json|csv|ndjson)$", default = "json")]
    format: Option<String>,
    /// Members of the items, separated by commas; may repeat. All, when none is named.
    fields: Option<Vec<String>>,
}

/// What all lists take, for the document.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that api::params reads")]
pub struct ListParams {
    /// Page, from 1. Not with `after`.
    #[param(minimum = 1, default = 1)]
    page: Option<i64>,
    /// Items a page.
    #[param(minimum = 1, maximum = 10000, default = 25)]
    size: Option<i64>,
    /// The cursor of a page, instead of its number: the page begins behind the last item of the one before, however deep that is, and
    /// whatever was stored or removed meanwhile. Cursors come with the pages (`Link: rel="next"`, `next`) and are good for the same
    /// list with the same sort and filters; with others, 422.
    after: Option<String>,
    /// How `total` is counted: `exact`ly (unless `after` is sent), `bounded` (up to 10,000; of more, `total_is` says `at least`), or
    /// not at all: `false`.
    #[param(inline)]
    count: Option<CountParam>,
    /// Column to sort by; text without regard to case, rows without a value last.
    sort: Option<String>,
    /// `asc` (when only `sort` is given) or `desc`.
    order: Option<String>,
    /// `{"field": ..., "operator": ..., "value": ...}` as JSON; may repeat, all must hold. Operators: contains, ncontains,
    /// startswith, endswith, eq, ne, gt, gte, lt, lte, null, nnull, in.
    filter: Option<Vec<String>>,
    /// `json`: a page; `csv`: a header and a row an item; `ndjson`: an item a line. It goes before `Accept`.
    #[param(pattern = "^(json|csv|ndjson)$", default = "json")]
    format: Option<String>,
    /// Members of the items, separated by commas; may repeat. All, when none is named.
    fields: Option<Vec<String>>,
}

/// Where the part of the document is that is for everybody, and the page to read it on.
const PUBLIC: &str = "/openapi.json";
/// Where the full document is.
const FULL: &str = "/openapi-auth.json";
/// Where the page of the full document is.
const FULL_PAGE: &str = "/docs-auth";

/// True for the page of the full document and what belongs to it.
pub fn is_full_page(pattern: &str) -> bool {
    pattern.strip_prefix(FULL_PAGE).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

async fn public(state: web::Data<AppState>) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(state.pages.public.clone())
}

async fn full(state: web::Data<AppState>) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(state.pages.full.clone())
}

/// What starts the page of the full document.
async fn initializer(state: web::Data<AppState>) -> HttpResponse {
    HttpResponse::Ok().content_type("text/javascript; charset=utf-8").body(state.pages.initializer.clone())
}

/// Where the issuer sends people back to: a script hands on to the page what stands in the address.
async fn redirected() -> HttpResponse {
    const PAGE: &str = "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Logged in</title></head>\n\
                        <body><script src=\"/docs-auth/oauth2-redirect.js\"></script></body>\n</html>\n";
    HttpResponse::Ok().content_type("text/html; charset=utf-8").insert_header((CACHE_CONTROL, "no-store")).body(PAGE)
}

/// The documents, and the pages to read them on.
pub fn routes(routes: &mut Routes) {
    let mut get = |path: &str, route: Route| {
        routes.undocumented(Access::Anonymous, Method::GET, path, route);
    };
    get(PUBLIC, web::get().to(public));
    get(FULL, web::get().to(full));
    get("/docs-auth/oauth2-redirect", web::get().to(redirected));
    get("/docs-auth/swagger-initializer.js", web::get().to(initializer));
    for (page, document) in [("/docs", PUBLIC), (FULL_PAGE, FULL)] {
        let below = format!("{page}/{{_:.*}}");
        let pages = SwaggerUi::new(below.clone()).config(Config::new([document]));
        routes.undocumented_service(Access::Anonymous, Method::GET, &below, pages);
        let redirect = web::redirect(page, format!("{page}/"));
        routes.undocumented_service(Access::Anonymous, Method::GET, page, redirect);
    }
    // The other page of the reference, for whoever has it among his bookmarks.
    routes.undocumented_service(Access::Anonymous, Method::GET, "/redoc", web::redirect("/redoc", "/docs/"));
}
