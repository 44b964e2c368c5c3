//! The document for everybody has what anybody may call, and nothing else; the full one tells how to log in.

use std::collections::BTreeSet;

use super::{document, operations};
use crate::support::issuer::Issuer;
use crate::support::tokens::Signer;
use crate::support::*;

fn public() -> Value {
    Database::sqlite().start().get("/openapi.json").expect(200)
}

/// Every reference, wherever it stands.
fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            found.extend(members.get("$ref").and_then(Value::as_str).map(str::to_owned));
            members.values().for_each(|member| references(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

#[test]
fn the_public_document_has_what_may_be_open_and_nothing_else() {
    let (public, full) = (public(), document());
    assert_eq!(public["info"]["title"], "Ocotillo API (Public)");
    let of = |document: &Value| -> BTreeSet<(String, String)> {
        operations(document).into_iter().map(|(method, path, _)| (method, path)).collect()
    };
    let openable = crate::visibility::requests::openable();
    let expected: BTreeSet<(String, String)> = operations(&full)
        .into_iter()
        .filter(|(method, path, operation)| {
            operation["security"] == json!([]) || (method == "GET" && openable.contains_key(path))
        })
        .map(|(method, path, _)| (method, path))
        .collect();
    assert!(expected.len() > 40 && expected.len() < of(&full).len(), "{}", expected.len());
    assert_eq!(of(&public), expected);
    for closed in ["/contact", "/access", "/api_key", "/history", "/feedback", "/publication"] {
        assert!(public["paths"].as_object().unwrap().keys().all(|path| !path.starts_with(closed)), "{closed}");
    }
    for (method, path, operation) in operations(&public) {
        assert_eq!((method.as_str(), &operation["security"]), ("GET", &Value::Null), "{path}");
        let described = operation["description"].as_str().unwrap();
        assert!(described.contains("For anybody"), "{path}: {described}");
    }
}

#[test]
fn the_public_document_is_whole_and_no_larger_than_it_must_be() {
    let public = public();
    let mut found = BTreeSet::new();
    references(&public, &mut found);
    for target in &found {
        assert!(public.pointer(target.trim_start_matches('#')).is_some(), "{target}");
    }
    assert_eq!(public["components"]["securitySchemes"], Value::Null);
    for kind in ["schemas", "responses", "headers"] {
        for name in public["components"][kind].as_object().unwrap().keys() {
            assert!(found.contains(&format!("#/components/{kind}/{name}")), "nothing refers to {kind} {name}");
        }
    }
    assert!(
        public["components"]["schemas"]["CreateSensor"].is_null()
            && public["components"]["schemas"]["Sensor"].is_object()
    );
    for tag in public["tags"].as_array().unwrap() {
        let uses = |(_, _, operation): (String, String, Value)| operation["tags"][0] == tag["name"];
        assert!(operations(&public).into_iter().any(uses), "{tag}");
    }
}

#[test]
fn people_log_in_from_the_page_of_the_full_document() {
    let signer = Signer::ec("e-1");
    let issuer = Issuer::start(&[&signer]);
    let auth = issuer.auth();
    let address = auth.issuer.clone().unwrap();
    let app = Database::sqlite().start_with(|config| config.auth = auth, |_| {});
    let full = app.get("/openapi-auth.json").expect(200);
    let scheme = &full["components"]["securitySchemes"]["OAuth2AuthorizationCodeBearer"];
    let discovery = format!("{}/.well-known/openid-configuration", address.trim_end_matches('/'));
    assert_eq!((&scheme["type"], &scheme["openIdConnectUrl"]), (&json!("openIdConnect"), &json!(discovery)));
    assert_eq!(full["paths"]["/sensor"]["get"]["security"][0], json!({"OAuth2AuthorizationCodeBearer": []}));
    assert_eq!(full["paths"]["/health"]["get"]["security"], json!([]));
    assert_eq!(app.get("/openapi.json").expect(200)["components"]["securitySchemes"], Value::Null);
    let script = app.get("/docs-auth/swagger-initializer.js").text();
    let client = format!("clientId: \"{}\"", crate::support::issuer::AUDIENCE);
    assert!(script.contains(&client) && script.contains("usePkceWithAuthorizationCodeGrant: true"), "{script}");
    let origin = address.split('/').take(3).collect::<Vec<_>>().join("/");
    let policy = app.get("/docs-auth/").header("content-security-policy").unwrap().to_owned();
    assert!(
        policy.contains(&format!("connect-src 'self' {origin};")) && policy.contains("default-src 'self'"),
        "{policy}"
    );
    assert!(!app.get("/docs/").header("content-security-policy").unwrap().contains(&origin));
    let back = app.get("/docs-auth/oauth2-redirect?code=c&state=s");
    assert_eq!((back.status, back.header("cache-control")), (200, Some("no-store")));
    assert!(back.text().contains("<script src=\"/docs-auth/oauth2-redirect.js\">") && !back.text().contains("code"));
    assert!(app.get("/docs-auth/oauth2-redirect.js").text().contains("swaggerUIRedirectOauth2"));
}

#[test]
fn without_an_issuer_nobody_is_asked_to_log_in() {
    let app = Database::sqlite().start();
    let script = app.get("/docs-auth/swagger-initializer.js").text();
    assert!(script.contains("/openapi-auth.json") && !script.contains("initOAuth"), "{script}");
    assert!(
        app.get("/openapi-auth.json").expect(200)["components"]["securitySchemes"]["OAuth2AuthorizationCodeBearer"]
            .is_null()
    );
}
