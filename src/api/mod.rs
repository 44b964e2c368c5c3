//! HTTP: routes, extractors, errors. Knows no SQL and no pool.

mod access;
mod analysis_method;
mod api_key;
mod aquifer_system;
mod aquifer_type;
mod chemistry;
mod contact;
mod data_provenance;
mod deployment;
mod disclaimer;
mod feedback;
mod field_activity;
mod field_event;
mod field_event_participant;
mod geochronology;
mod geologic_formation;
mod geospatial;
mod group;
mod history;
mod http;
mod lexicon;
mod location;
mod ngwmn;
mod observation;
mod parameter;
mod permission_history;
mod publication;
mod regulatory_limit;
mod sample;
mod search;
mod sensor;
mod service;
mod thing;
mod thing_aquifer_association;
mod thing_geologic_formation_association;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::{App, Error, HttpResponse, middleware::from_fn, web};
use utoipa::openapi::OpenApi;

pub use http::admission::TOO_MANY;
pub use http::body::Body;
pub use http::connections::{Connections, Patience};
pub use http::cross_site::CrossSite;
pub use http::db::Db;
pub use http::document::NoDocument;
pub use http::error::{ApiError, Busy};
pub use http::gather::{Bodies, BodyLimits};
pub use http::limits::{Limits, Rate};
pub use http::opened::{CannotOpen, OPENABLE, Opened};
pub use http::pages::{Pages, SignIn};
pub use http::params::Params;
pub use http::path::{Guid, Id, Ids, Resource, Tagged};
pub use http::routes::{Access, RouteTable, Routes};
pub use http::state::{Answers, AppState, Edge};

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
        regulatory_limit::routes,
        analysis_method::routes,
        aquifer_system::routes,
        geologic_formation::routes,
        thing::read::routes,
        thing::write::routes,
        thing::well_screen::routes,
        thing::id_link::routes,
        thing::history::routes,
        contact::routes,
        contact::email::routes,
        contact::phone::routes,
        contact::address::routes,
        thing::geothermal_well::routes,
        thing_aquifer_association::routes,
        aquifer_type::routes,
        thing_geologic_formation_association::routes,
        data_provenance::routes,
        permission_history::routes,
        thing::time_series::routes,
        sensor::routes,
        deployment::routes,
        field_event::routes,
        field_event_participant::routes,
        field_activity::routes,
        sample::routes,
        observation::transducer::routes,
        observation::upload::routes,
        observation::manual::routes,
        chemistry::routes,
        publication::routes,
        publication::author::routes,
        geochronology::routes,
        geospatial::routes,
        search::routes,
        ngwmn::routes,
        api_key::routes,
        access::routes,
        history::routes,
        feedback::routes,
        disclaimer::routes,
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

/// The part of the document that is for everybody.
pub fn public_openapi() -> Result<serde_json::Value, NoDocument> {
    http::document::public(&openapi(), documented().table())
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
