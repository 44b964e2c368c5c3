//! Requests that no route takes: 405 for a known path, 307 for a trailing slash, else 404, in the reference's shapes.

use actix_web::http::{Method, StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};

use super::context::RequestContext;
use super::error::text;
use super::state::AppState;

/// Answers what no route took.
pub async fn fallback(request: HttpRequest, state: web::Data<AppState>) -> HttpResponse {
    // Nothing is behind these paths, so nobody needs a role.
    RequestContext::of(&request).declare_role();
    let path = request.path();
    let methods = state.routes.methods(path);
    if !methods.is_empty() {
        let mut response = text(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed");
        let allow = methods.iter().map(Method::as_str).collect::<Vec<_>>().join(", ");
        if let Ok(value) = header::HeaderValue::from_str(&allow) {
            response.headers_mut().insert(header::ALLOW, value);
        }
        return response;
    }
    if let Some(canonical) = path.strip_suffix('/').filter(|path| !state.routes.methods(path).is_empty()) {
        let query = request.query_string();
        let target = if query.is_empty() { canonical.to_owned() } else { format!("{canonical}?{query}") };
        return HttpResponse::TemporaryRedirect().insert_header((header::LOCATION, target)).finish();
    }
    text(StatusCode::NOT_FOUND, "Not Found")
}
