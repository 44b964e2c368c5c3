//! The paths that the server knows, for telling 405 from 404.

use actix_web::http::Method;
use utoipa::openapi::OpenApi;

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
    pub fn methods(&self, path: &str) -> Vec<Method> {
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
