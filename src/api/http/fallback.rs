//! Requests that no route takes: 405 for a known path, 307 for a trailing slash, else 404, in the reference's shapes.

use actix_web::HttpResponse;
use actix_web::http::{Method, StatusCode, header};

use crate::api::http::error::text;
use crate::api::http::routes::RouteTable;

/// Answers what no route takes.
pub fn unmatched(routes: &RouteTable, path: &str, query: &str) -> HttpResponse {
    if let Some(known) = routes.find(path) {
        let mut response = HttpResponse::from(text(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed"));
        let allow = known.methods().into_iter().map(Method::as_str).collect::<Vec<_>>().join(", ");
        if let Ok(value) = header::HeaderValue::from_str(&allow) {
            response.headers_mut().insert(header::ALLOW, value);
        }
        return response;
    }
    if let Some(canonical) = path.strip_suffix('/').filter(|path| routes.find(path).is_some()) {
        let target = if query.is_empty() { canonical.to_owned() } else { format!("{canonical}?{query}") };
        return HttpResponse::TemporaryRedirect().insert_header((header::LOCATION, target)).finish();
    }
    text(StatusCode::NOT_FOUND, "Not Found").into()
}
