//! The committed document is the served one, and the served one is true.

mod complete;
mod examples;
mod public;

use std::collections::BTreeMap;

use crate::support::planted;
use crate::support::*;

/// Method, path pattern, operation.
pub fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if ["get", "post", "patch", "put", "delete"].contains(&method.as_str()) {
                all.push((method.to_uppercase(), path.clone(), operation.clone()));
            }
        }
    }
    all
}

#[test]
fn the_committed_document_is_up_to_date() {
    let committed = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json")).unwrap_or_default();
    assert!(
        committed == ocotillo::api::openapi_json().unwrap(),
        "openapi.json is out of date: cargo run -- openapi > openapi.json"
    );
}

#[test]
fn the_document_is_served_with_its_pages() {
    let app = Database::sqlite().start();
    let document = app.get("/openapi-auth.json").expect(200);
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document, serde_json::from_str::<Value>(&ocotillo::api::openapi_json().unwrap()).unwrap());
    assert_eq!(document["info"]["title"], "Ocotillo API (Full)");
    for (page, leads_to, names) in [
        ("/docs", "/docs/", "\"/openapi.json\""),
        ("/redoc", "/docs/", "\"/openapi.json\""),
        ("/docs-auth", "/docs-auth/", "\"/openapi-auth.json\""),
    ] {
        let reply = app.get(page);
        assert_eq!((reply.status, reply.header("location")), (307, Some(leads_to)), "{page}");
        let text = app.get(leads_to).text();
        assert!(text.contains("swagger-ui") && !text.contains("//"), "{page} has its parts from here: {text}");
        assert!(app.get(&format!("{leads_to}swagger-initializer.js")).text().contains(names), "{page}");
        assert!(app.get(&format!("{leads_to}swagger-ui-bundle.js")).body.len() > 100_000, "vendored");
    }
}

#[test]
fn every_operation_is_served_with_the_statuses_it_declares() {
    let app = Database::sqlite().start();
    let document = app.get("/openapi-auth.json").expect(200);
    let mut methods: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (method, path, operation) in operations(&document) {
        let concrete = fill(&path, "4711");
        let reply = app.send(&method, &concrete, Some("application/json"), if method == "GET" { b"" } else { b"{}" });
        assert_ne!(reply.text(), r#"{"detail":"Not Found"}"#, "{method} {path} is not served");
        assert_ne!(reply.status, 405, "{method} {path} is not served");
        assert!(reply.status < 500, "{method} {path}: {} {}", reply.status, reply.text());
        let declared = operation["responses"].as_object().unwrap();
        assert!(
            declared.contains_key(&reply.status.to_string()),
            "{method} {path} answers {} undeclared",
            reply.status
        );
        assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{method} {path} has no summary");
        methods.entry(concrete).or_default().push(method);
    }
    for (path, methods) in methods {
        for other in
            ["GET", "POST", "PATCH", "PUT", "DELETE"].iter().filter(|method| !methods.iter().any(|m| m == *method))
        {
            let reply = app.send(other, &path, None, b"");
            assert_eq!(reply.detail(405), "Method Not Allowed", "{other} {path}");
            let mut allowed: Vec<&str> = reply.header("allow").unwrap().split(", ").collect();
            allowed.sort_unstable();
            let mut methods: Vec<&str> = methods.iter().map(String::as_str).collect();
            if methods.contains(&"GET") {
                methods.push("HEAD");
            }
            methods.push("OPTIONS");
            methods.sort_unstable();
            assert_eq!(allowed, methods, "{path}");
        }
    }
}

#[test]
fn unknown_paths_and_trailing_slashes() {
    let app = Database::sqlite().start();
    assert_eq!(app.get("/nowhere").detail(404), "Not Found");
    assert_eq!(app.get("/location/1/2").detail(404), "Not Found");
    let redirect = app.get("/location/?size=3");
    assert_eq!((redirect.status, redirect.header("location")), (307, Some("/location?size=3")));
}

/// A path with a value in place of each parameter. A number stands for a UUID, too.
pub fn fill(pattern: &str, value: &str) -> String {
    let part = |part: &str| match (part, value.parse()) {
        ("{well_data_id}", Ok(number)) => planted::uuid(number),
        (part, _) if part.starts_with('{') => value.to_owned(),
        (part, _) => part.to_owned(),
    };
    pattern.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// A path with the query parameters that its operation cannot do without: ids of the same row.
pub fn with_required(path: &str, operation: &Value, id: i64) -> String {
    let required = operation["parameters"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|parameter| parameter["in"] == "query" && parameter["required"] == true)
        .map(|parameter| format!("{}={id}", parameter["name"].as_str().unwrap()));
    let query = required.collect::<Vec<_>>().join("&");
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// The document, without a server.
pub fn document() -> Value {
    serde_json::from_str(&ocotillo::api::openapi_json().unwrap()).unwrap()
}

/// What a reference of the document stands for; what is no reference stands for itself.
fn resolved<'d>(document: &'d Value, value: &'d Value) -> &'d Value {
    match value["$ref"].as_str() {
        Some(target) => {
            document.pointer(target.trim_start_matches('#')).unwrap_or_else(|| panic!("{target} is not there"))
        }
        None => value,
    }
}
