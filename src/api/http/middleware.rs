//! Around every request: its id, who asks and whether he may, its timing, the access log, the metrics.

use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION, VARY};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpResponse, web};

use crate::api::http::admission::{Asked, admit};
use crate::api::http::chunks::{chunked, packed, watched, without_body};
use crate::api::http::coding::{Accepts, packs_well};
use crate::api::http::connections::Listed;
use crate::api::http::context::RequestContext;
use crate::api::http::cross_site::Cors;
use crate::api::http::error::text;
use crate::api::http::fallback::{options, unmatched};
use crate::api::http::openapi;
use crate::api::http::related::{Created, without_key};
use crate::api::http::routes::Path;
use crate::api::http::safety::{self, Kept};
use crate::api::http::state::AppState;
use crate::domain::request::id::{RequestId, scope};

/// Wraps every request.
pub async fn around(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let id = request_id(&request);
    scope(Arc::clone(&id), observed(id, request, next)).await
}

async fn observed(
    id: RequestId,
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let Some(state) = request.app_data::<web::Data<AppState>>().cloned() else {
        return Ok(request.into_response(HttpResponse::from(text(StatusCode::NOT_FOUND, "Not Found"))));
    };
    let in_work = request.conn_data::<Listed>().map(Listed::begin);
    let (method, path) = (request.method().clone(), request.path().to_owned());

    // The text that the router will match: decoded as the router decodes it.
    let asked = request.match_info().get_ref().path().to_owned();
    let found = state.routes.find(&asked);
    let opened = found.and_then(|path| path.opened(&method));
    // Nobody between here and the client may keep an answer under an address that has a key in it.
    let private =
        state.authenticator.takes_keys_in_queries() && without_key(request.query_string()) != request.query_string();
    let counted = InFlight::start(&state, method.as_str(), found);
    let accepts = Accepts::of(request.headers());
    let mut caller = None;
    let (cors, admitted) = match state.edge.cross_site.check(&method, request.uri(), request.headers()) {
        Err(foreign) => (Cors::default(), Err(text(foreign.status(), &foreign.to_string()).into())),
        Ok(cors) => {
            let admitted = match found.and_then(|path| path.access(&method)) {
                Some(access) => {
                    let asked = Asked { access, opened, pattern: found.map_or("", |path| &path.pattern) };
                    admit(&state, asked, &request, &mut caller).await
                }
                None => Err(match found.filter(|_| method == Method::OPTIONS) {
                    Some(path) => options(path, cors.allows(), request.headers()),
                    None => unmatched(&state.routes, &asked, request.uri()),
                }),
            };
            (cors, admitted)
        }
    };
    let admitted = admitted.and_then(|principal| Ok((principal, accepts.ok_or_else(not_acceptable)?)));
    let accepts = accepts.unwrap_or_else(Accepts::anything);
    let (response, context) = match admitted {
        Err(response) => (request.into_response(response), None),
        Ok((principal, accepts)) => {
            let context = RequestContext::new(Arc::clone(&id), principal, accepts, request.uri().clone());
            request.extensions_mut().insert(context.clone());
            if let Some(path) = found {
                request.extensions_mut().insert(path.family);
            }
            if method == Method::HEAD {
                // The same handler; what it answers is not sent.
                request.head_mut().method = Method::GET;
            }
            (next.call(request).await?.map_body(|_, body| body.boxed()), Some(context))
        }
    };
    let created = response.response().extensions().get::<Created>().copied();
    let mut response = response.map_body(|head, body| {
        let body = pack(head.headers_mut(), body, accepts);
        if method == Method::HEAD { without_body(&body) } else { watched(chunked(body), in_work) }
    });
    if let Some(Created(key)) = created
        && let Some(place) = found.and_then(|path| state.routes.by_key(path))
        && let Ok(place) = HeaderValue::from_str(&format!("{place}/{key}"))
    {
        response.headers_mut().insert(LOCATION, place);
    }

    let took = started.elapsed();
    let status = response.status().as_u16();
    counted.finish(status, took);
    let timing = context.map(|context| context.timing()).unwrap_or_default();
    let headers = response.headers_mut();
    if opened.is_some() {
        // What anybody may see is not what others see: no cache may give the one for the other.
        vary(headers, "authorization");
    }
    cors.write(headers);
    let kept = match (private, caller.is_some()) {
        (true, _) => Kept::Nowhere,
        (false, true) => Kept::ByTheClient,
        (false, false) => Kept::Anywhere,
    };
    let page = found.filter(|path| openapi::is_full_page(&path.pattern)).and(state.pages.policy.as_ref());
    safety::write(headers, kept, state.edge.secure, page);
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
    let caller = caller.as_ref().and_then(|caller| caller.id.as_deref()).unwrap_or("-");
    log::info!(
        target: "access",
        principal = caller, method = method.as_str(), path = path.as_str(), status = status,
        duration_ms = round(ms(took)), wait_ms = round(ms(timing.wait)), checkout_ms = round(ms(timing.checkout)),
        query_ms = round(ms(timing.query)), serialise_ms = round(ms(timing.serialise)), queries = timing.queries;
        "request_completed"
    );
    Ok(response)
}

/// Packs what no job has packed, and says that it depends on the client.
fn pack(headers: &mut HeaderMap, body: BoxBody, accepts: Accepts) -> BoxBody {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if !kind.is_some_and(packs_well) {
        return body;
    }
    vary(headers, "accept-encoding");
    let BodySize::Sized(length) = body.size() else { return body };
    if headers.contains_key(CONTENT_ENCODING) {
        return body;
    }
    let coding = accepts.coding_for(usize::try_from(length).unwrap_or(usize::MAX));
    let Some(name) = coding.name() else { return body };
    match packed(body, coding) {
        Ok(body) => {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(name));
            body
        }
        Err(body) => body,
    }
}

/// Says that the answer depends on this header of the request too.
fn vary(headers: &mut HeaderMap, name: &str) {
    let others = headers.get(VARY).and_then(|others| others.to_str().ok());
    let all = others.map_or_else(|| name.to_owned(), |others| format!("{others}, {name}"));
    if let Ok(all) = HeaderValue::from_str(&all) {
        headers.insert(VARY, all);
    }
}

fn not_acceptable() -> HttpResponse {
    let message = "Accept-Encoding leaves nothing: answers are sent as they are (identity), in gzip or in zstd";
    text(StatusCode::NOT_ACCEPTABLE, message).into()
}

fn round(ms: f64) -> f64 {
    (ms * 1000.0).round() / 1000.0
}

/// The id that a proxy gave, when it is short and plain; else a new one.
fn request_id(request: &ServiceRequest) -> RequestId {
    let plain = |id: &&str| {
        (8..=64).contains(&id.len())
            && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    let given = request.headers().get("x-request-id").and_then(|value| value.to_str().ok()).filter(plain);
    given.map_or_else(|| uuid::Uuid::new_v4().simple().to_string().into(), Into::into)
}

/// Counts a request in flight, also when its client hangs up and the future is dropped.
struct InFlight<'a> {
    state: &'a AppState,
    method: &'static str,
    route: &'a str,
    done: bool,
    started: Instant,
}

impl<'a> InFlight<'a> {
    fn start(state: &'a AppState, method: &str, route: Option<&'a Path>) -> Self {
        // Anybody may invent methods and paths; they must not become labels.
        const KNOWN: [&str; 7] = ["GET", "POST", "PATCH", "DELETE", "PUT", "HEAD", "OPTIONS"];
        state.metrics.request_started();
        let method = KNOWN.into_iter().find(|known| *known == method).unwrap_or("other");
        let route = route.map_or("other", |path| &path.pattern);
        Self { state, method, route, done: false, started: Instant::now() }
    }

    fn finish(mut self, status: u16, took: Duration) {
        self.done = true;
        self.state.metrics.request_finished(self.method, self.route, status, took);
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        if !self.done {
            // 499: the client closed the connection before the answer.
            self.state.metrics.request_finished(self.method, self.route, 499, self.started.elapsed());
        }
    }
}
