//! HTTP: routes, extractors, errors. Knows no SQL and no pool.

mod body;
mod caller;
mod context;
mod db;
mod deployment;
mod docs;
mod error;
mod fallback;
mod field_activity;
mod field_event;
mod geospatial;
mod group;
mod id_link;
mod lexicon;
mod location;
mod middleware;
mod observation;
mod page;
mod parameter;
mod params;
mod path;
mod route_table;
mod sample;
mod sensor;
mod service;
mod slices;
mod state;
mod stream;
mod thing;
mod thing_history;
mod thing_write;
mod transducer;
mod well_screen;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::{App, Error, HttpResponse, middleware::from_fn, web};
use utoipa::openapi::OpenApi;
use utoipa_actix_web::{AppExt as _, service_config::ServiceConfig};

pub use body::Body;
pub use caller::Caller;
pub use context::RequestContext;
pub use db::Db;
pub use error::ApiError;
pub use params::Params;
pub use path::{Id, Ids, Model};
pub use state::AppState;

/// What a handler returns.
pub type Answer = Result<HttpResponse, ApiError>;

/// All routes of the API. Literal segments are registered before `{id}` ones: the first match counts.
fn routes(config: &mut ServiceConfig<'_>) {
    config
        .configure(service::routes)
        .configure(lexicon::routes)
        .configure(location::routes)
        .configure(group::routes)
        .configure(parameter::routes)
        .configure(thing_write::routes)
        .configure(well_screen::routes)
        .configure(id_link::routes)
        .configure(thing_history::routes)
        .configure(thing::routes)
        .configure(thing_write::routes_by_id)
        .configure(sensor::routes)
        .configure(deployment::routes)
        .configure(field_event::routes)
        .configure(field_activity::routes)
        .configure(sample::routes)
        .configure(transducer::routes)
        .configure(observation::routes)
        .configure(geospatial::routes);
}

/// The OpenAPI document of all routes.
pub fn openapi() -> OpenApi {
    let (_, mut document) = App::new().into_utoipa_app().openapi(docs::base()).configure(routes).split_for_parts();
    docs::complete(&mut document);
    document
}

/// The document as committed in `openapi.json`.
pub fn openapi_json() -> Result<String, serde_json::Error> {
    docs::render(&openapi())
}

/// The application of one worker. `extra` adds routes of the caller's own (tests).
pub fn app(
    state: AppState,
    extra: fn(&mut web::ServiceConfig),
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = Error,
        InitError = (),
    >,
> {
    // The document is made and kept once for all workers, in the state.
    let (app, _) = App::new().into_utoipa_app().openapi(docs::base()).configure(routes).split_for_parts();
    app.app_data(web::Data::new(state))
        .configure(extra)
        .configure(docs::routes)
        .service(web::redirect("/docs", "/docs/"))
        .default_service(web::route().to(fallback::fallback))
        .wrap(from_fn(middleware::around))
}
