//! Requests that no route takes: 405 for a known path, 307 for a trailing slash, else 404, in the reference's shapes.

use actix_web::http::{Method, StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use utoipa::openapi::OpenApi;

use super::context::RequestContext;
use super::error::text;
use super::state::AppState;

/// The paths that the server knows, with their methods; read off the OpenAPI document.
pub struct RouteTable {
    routes: Vec<(Vec<Segment>, Vec<Method>)>,
}

enum Segment {
    Literal(String),
    Any,
}

impl RouteTable {
    /// The routes of a document, and those that it leaves out.
    pub fn new(document: &OpenApi) -> Self {
        let mut routes: Vec<(Vec<Segment>, Vec<Method>)> = document
            .paths
            .paths
            .iter()
            .map(|(path, item)| {
                let methods = [
                    (Method::GET, item.get.is_some()),
                    (Method::POST, item.post.is_some()),
                    (Method::PATCH, item.patch.is_some()),
                    (Method::PUT, item.put.is_some()),
                    (Method::DELETE, item.delete.is_some()),
                ];
                let methods = methods.into_iter().filter(|(_, there)| *there).map(|(method, _)| method).collect();
                (segments(path), methods)
            })
            .collect();
        for path in ["/openapi.json", "/openapi-auth.json", "/docs"] {
            routes.push((segments(path), vec![Method::GET]));
        }
        Self { routes }
    }

    /// The methods of a path; empty when it is unknown.
    fn methods(&self, path: &str) -> Vec<Method> {
        let parts: Vec<&str> = path.split('/').skip(1).collect();
        let fits = |segments: &[Segment]| {
            segments.len() == parts.len()
                && segments.iter().zip(&parts).all(|(segment, part)| match segment {
                    Segment::Literal(literal) => literal == part,
                    Segment::Any => !part.is_empty(),
                })
        };
        let mut methods: Vec<Method> = self
            .routes
            .iter()
            .filter(|(segments, _)| fits(segments))
            .flat_map(|(_, methods)| methods.clone())
            .collect();
        methods.sort_by(|a, b| a.as_str().cmp(b.as_str()));
        methods.dedup();
        methods
    }
}

fn segments(path: &str) -> Vec<Segment> {
    path.split('/')
        .skip(1)
        .map(|part| if part.starts_with('{') { Segment::Any } else { Segment::Literal(part.to_owned()) })
        .collect()
}

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
