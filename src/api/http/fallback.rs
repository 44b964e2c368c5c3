//! Requests that no handler takes: 405 for a known path, 307 for a trailing slash, else 404, in the reference's shapes; what may
//! be asked of a path.

use actix_web::HttpResponse;
use actix_web::http::header::HeaderMap;
use actix_web::http::{StatusCode, Uri, header};

use crate::api::http::error::text;
use crate::api::http::related::without_key;
use crate::api::http::routes::{Path, RouteTable};

/// Answers what no route takes. `path` is decoded, `sent` as it was sent.
pub fn unmatched(routes: &RouteTable, path: &str, sent: &Uri) -> HttpResponse {
    if let Some(known) = routes.find(path) {
        let mut response = HttpResponse::from(text(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed"));
        if let Ok(value) = header::HeaderValue::from_str(&known.allow()) {
            response.headers_mut().insert(header::ALLOW, value);
        }
        return response;
    }
    let known = path.strip_suffix('/').is_some_and(|path| routes.find(path).is_some());
    if let Some(canonical) = sent.path().strip_suffix('/').filter(|_| known) {
        let query = without_key(sent.query().unwrap_or_default());
        let target = if query.is_empty() { canonical.to_owned() } else { format!("{canonical}?{query}") };
        return HttpResponse::TemporaryRedirect().insert_header((header::LOCATION, target)).finish();
    }
    text(StatusCode::NOT_FOUND, "Not Found").into()
}

/// How long a browser may remember what a preflight was answered.
const REMEMBERED_SECONDS: &str = "600";

/// Answers OPTIONS: the methods of a path; to a page of an allowed origin, all that it may send.
pub fn options(path: &Path, allows: bool, headers: &HeaderMap) -> HttpResponse {
    let mut response = HttpResponse::NoContent();
    let allow = path.allow();
    response.insert_header((header::ALLOW, allow.as_str()));
    if allows && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD) {
        response.insert_header((header::ACCESS_CONTROL_ALLOW_METHODS, allow));
        response.insert_header((header::ACCESS_CONTROL_MAX_AGE, REMEMBERED_SECONDS));
        if let Some(asked) = headers.get(header::ACCESS_CONTROL_REQUEST_HEADERS) {
            response.insert_header((header::ACCESS_CONTROL_ALLOW_HEADERS, asked.clone()));
        }
    }
    response.finish()
}
