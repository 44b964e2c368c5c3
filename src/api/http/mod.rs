//! Machinery of HTTP that knows no resource: extractors, answers, errors, routes, the middleware, the OpenAPI document.

pub mod answer;
pub mod body;
pub mod chunks;
pub mod coding;
pub mod connections;
pub mod context;
pub mod cross_site;
pub mod db;
pub mod document;
pub mod error;
pub mod fallback;
pub mod gather;
pub mod middleware;
pub mod openapi;
pub mod opened;
pub mod page;
pub mod params;
pub mod path;
pub mod place;
pub mod related;
pub mod routes;
pub mod state;
pub mod stream;
