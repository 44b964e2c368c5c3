//! HTTP: routes, extractors, errors. Knows no SQL and no pool.

mod api_key;
mod asset;
mod deployment;
mod field_activity;
mod field_event;
mod geospatial;
mod group;
mod history;
mod http;
mod lexicon;
mod location;
mod observation;
mod parameter;
mod sample;
mod sensor;
mod service;
mod thing;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::{App, Error, HttpResponse, middleware::from_fn, web};
use utoipa::openapi::OpenApi;

pub use http::admission::TOO_MANY;
pub use http::body::Body;
pub use http::connections::{Connections, Patience};
pub use http::cross_site::CrossSite;
pub use http::db::Db;
pub use http::error::{ApiError, Busy};
pub use http::files::Files;
pub use http::gather::{Bodies, BodyLimits};
pub use http::limits::{Limits, Rate};
pub use http::opened::{CannotOpen, OPENABLE, Opened};
pub use http::params::Params;
pub use http::path::{Id, Ids, Resource};
pub use http::routes::{Access, RouteTable, Routes};
pub use http::signing::UrlSigner;
pub use http::state::{Answers, AppState, Edge, FileRules};
pub use http::upload::Upload;

/// What a handler returns.
pub type Answer = Result<HttpResponse, ApiError>;

/// All routes of the API, each with its role, in the order of the document: the service's own come last.
fn documented() -> Routes {
    let mut routes = Routes::default();
    for add in [
        lexicon::routes,
        location::routes,
        group::routes,
        parameter::routes,
        thing::read::routes,
        thing::write::routes,
        thing::well_screen::routes,
        thing::id_link::routes,
        thing::history::routes,
        sensor::routes,
        deployment::routes,
        field_event::routes,
        field_activity::routes,
        sample::routes,
        observation::transducer::routes,
        observation::manual::routes,
        asset::record::routes,
        asset::file::routes,
        geospatial::routes,
        api_key::routes,
        history::routes,
        service::routes,
    ] {
        add(&mut routes);
    }
    routes
}

/// All routes of a server: the API's, those of the documentation, and `extra` ones of the caller's own (tests).
pub fn routes(extra: fn(&mut Routes)) -> Routes {
    let mut routes = documented();
    http::openapi::routes(&mut routes);
    extra(&mut routes);
    routes
}

/// The OpenAPI document of all routes.
pub fn openapi() -> OpenApi {
    let mut document = http::openapi::base();
    let routes = documented();
    routes.document(&mut document);
    http::document::complete(&mut document, &routes.table());
    document
}

/// The document as committed in `openapi.json`.
pub fn openapi_json() -> Result<String, serde_json::Error> {
    http::openapi::render(&openapi())
}

/// The application of one worker.
pub fn app(
    state: AppState,
    extra: fn(&mut Routes),
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = Error,
        InitError = (),
    >,
> {
    App::new()
        .app_data(web::Data::new(state))
        .configure(|config| routes(extra).configure(config))
        .wrap(from_fn(http::middleware::around))
}
