//! Health, readiness, metrics. None of them waits for a permit.

use actix_web::http::Method;
use actix_web::http::header::LOCATION;
use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::http::answer::Rendered;
use crate::api::http::state::AppState;
use crate::api::{Access, Routes};
use crate::db::DatabaseHealth;
use crate::telemetry::Now;

/// Answer of `GET /health`.
#[derive(Serialize, ToSchema)]
struct Health {
    /// `ok`
    status: &'static str,
    /// The program's version.
    version: &'static str,
}

/// The process is alive. Looks at nothing else, the database least of all.
#[utoipa::path(tag = "service", responses((status = 200, body = Health)))]
#[get("/health")]
async fn health() -> HttpResponse {
    HttpResponse::Ok().json(Health { status: "ok", version: env!("CARGO_PKG_VERSION") })
}

/// Answer of `GET /_ah/warmup`.
#[derive(Serialize, ToSchema)]
struct Warmup {
    /// `ok`
    status: &'static str,
}

/// For platforms that ask before they send traffic.
#[utoipa::path(tag = "service", responses((status = 200, body = Warmup)))]
#[get("/_ah/warmup")]
async fn warmup() -> HttpResponse {
    HttpResponse::Ok().json(Warmup { status: "ok" })
}

/// Answer of `GET /ready`.
#[derive(Serialize, ToSchema)]
struct Readiness {
    /// `ready`, `draining` or `unavailable`.
    status: &'static str,
    /// `ok`, `unavailable`, or `corrupt`: a page that was read turned out to be damaged.
    database: &'static str,
}

/// The server may be sent traffic: it is not going down, and the database answers with the schema that it needs.
#[utoipa::path(
    tag = "service",
    responses(
        (status = 200, description = "Ready", body = Readiness),
        (status = 503, description = "Draining, or the database does not answer", body = Readiness)
    )
)]
#[get("/ready")]
async fn ready(state: web::Data<AppState>) -> HttpResponse {
    let database = state.executor.probe().await;
    let answer = Readiness {
        status: match (state.is_draining(), database) {
            (true, _) => "draining",
            (false, DatabaseHealth::Ok) => "ready",
            (false, _) => "unavailable",
        },
        database: match database {
            DatabaseHealth::Ok => "ok",
            DatabaseHealth::Unavailable => "unavailable",
            DatabaseHealth::Corrupt => "corrupt",
        },
    };
    if answer.status == "ready" {
        HttpResponse::Ok().json(answer)
    } else {
        HttpResponse::ServiceUnavailable().insert_header(("Retry-After", "2")).json(answer)
    }
}

/// What the server counts, in Prometheus' text format.
#[utoipa::path(tag = "service", responses((status = 200, body = String, content_type = "text/plain")))]
#[get("/metrics")]
async fn metrics(state: web::Data<AppState>) -> HttpResponse {
    let now = Now {
        connections: state.edge.connections.count(),
        body_bytes: state.edge.bodies.held(),
        answers: state.edge.answers.count(),
    };
    match state.metrics.render(&state.executor, now) {
        Ok(text) => HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(text),
        Err(error) => {
            log::error!("metrics: {error}");
            Rendered::internal().into()
        }
    }
}

/// Whoever comes without knowing where to is led to the documentation.
async fn root() -> HttpResponse {
    HttpResponse::TemporaryRedirect().insert_header((LOCATION, "/docs/")).finish()
}

/// The service routes.
pub fn routes(routes: &mut Routes) {
    routes.open(health).open(warmup).open(ready).open(metrics);
    routes.undocumented(Access::Anonymous, Method::GET, "/", web::get().to(root));
}
