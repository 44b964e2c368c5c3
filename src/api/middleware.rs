//! Around every request: its id, its timing, the access log, the metrics; and the guard that answers 500 for a route
//! that declares no role.

use std::time::{Duration, Instant};

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, web};

use super::context::RequestContext;
use super::error::internal;
use super::slices::sliced;
use super::state::AppState;

/// Patterns that anybody may ask for.
const OPEN: &[&str] = &["/health", "/ready", "/metrics", "/_ah/warmup", "/docs", "/openapi.json", "/openapi-auth.json"];

/// Wraps every request.
pub async fn around(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let context = RequestContext::new(request_id(&request));
    request.extensions_mut().insert(context.clone());
    let state = request.app_data::<web::Data<AppState>>().cloned();
    let counted = state.as_ref().map(|state| InFlight::start(state, request.method().as_str()));
    let (method, path) = (request.method().clone(), request.path().to_owned());

    let mut response = next.call(request).await?.map_body(|_, body| sliced(body.boxed()));
    let route = response.request().match_pattern();
    if let Some(route) = &route {
        let open = OPEN.contains(&route.as_str()) || route.starts_with("/docs/");
        if !open && !context.role_declared() {
            log::error!("{method} {route} declares no role");
            response = response.into_response(internal());
        }
    }

    let took = started.elapsed();
    let status = response.status().as_u16();
    if let Some(counted) = counted {
        counted.finish(route.as_deref().unwrap_or("unmatched"), status, took);
    }
    let id = context.id();
    let timing = context.timing();
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&id) {
        headers.insert(HeaderName::from_static("x-request-id"), value);
    }
    let ms = |part: Duration| part.as_secs_f64() * 1000.0;
    let server_timing = format!(
        "wait;dur={:.3}, checkout;dur={:.3}, query;dur={:.3}, serialise;dur={:.3}, total;dur={:.3}, queries;desc=\"{}\"",
        ms(timing.wait),
        ms(timing.checkout),
        ms(timing.query),
        ms(timing.serialise),
        ms(took),
        timing.queries
    );
    if let Ok(value) = HeaderValue::from_str(&server_timing) {
        headers.insert(HeaderName::from_static("server-timing"), value);
    }
    log::info!(
        target: "access",
        request_id = id.as_str(), method = method.as_str(), path = path.as_str(), status = status,
        duration_ms = round(ms(took)), wait_ms = round(ms(timing.wait)), checkout_ms = round(ms(timing.checkout)),
        query_ms = round(ms(timing.query)), serialise_ms = round(ms(timing.serialise)), queries = timing.queries;
        "request_completed"
    );
    Ok(response)
}

fn round(ms: f64) -> f64 {
    (ms * 1000.0).round() / 1000.0
}

/// The id that a proxy gave, when it is short and plain; else a new one.
fn request_id(request: &ServiceRequest) -> String {
    let plain = |id: &&str| {
        (8..=64).contains(&id.len())
            && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    let given = request.headers().get("x-request-id").and_then(|value| value.to_str().ok()).filter(plain);
    given.map_or_else(|| uuid::Uuid::new_v4().simple().to_string(), str::to_owned)
}

/// Counts a request in flight, also when its client hangs up and the future is dropped.
struct InFlight {
    state: web::Data<AppState>,
    method: String,
    done: bool,
    started: Instant,
}

impl InFlight {
    fn start(state: &web::Data<AppState>, method: &str) -> Self {
        state.metrics.request_started();
        Self { state: state.clone(), method: method.to_owned(), done: false, started: Instant::now() }
    }

    fn finish(mut self, route: &str, status: u16, took: Duration) {
        self.done = true;
        self.state.metrics.request_finished(&self.method, route, status, took);
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        if !self.done {
            // 499: the client closed the connection before the answer.
            self.state.metrics.request_finished(&self.method, "aborted", 499, self.started.elapsed());
        }
    }
}
