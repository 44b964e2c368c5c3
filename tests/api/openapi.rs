//! The committed document is the served one, and the served one is true.

use std::collections::BTreeMap;

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
    let document = app.get("/openapi.json").expect(200);
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document, serde_json::from_str::<Value>(&ocotillo::api::openapi_json().unwrap()).unwrap());
    assert_eq!(app.get("/openapi-auth.json").expect(200), document);
    assert_eq!(app.get("/docs").header("location"), Some("/docs/"));
    assert!(app.get("/docs/").text().contains("swagger-ui"));
    assert!(app.get("/docs/swagger-ui-bundle.js").body.len() > 100_000, "vendored");
}

#[test]
fn every_operation_is_served_with_the_statuses_it_declares() {
    let app = Database::sqlite().start();
    let document = app.get("/openapi.json").expect(200);
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

/// A path with a value in place of each parameter.
pub fn fill(pattern: &str, value: &str) -> String {
    let parts = pattern.split('/').map(|part| if part.starts_with('{') { value } else { part });
    parts.collect::<Vec<_>>().join("/")
}

fn document() -> Value {
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

/// Every reference, wherever it stands.
fn references<'d>(value: &'d Value, found: &mut Vec<&'d str>) {
    match value {
        Value::Object(members) => {
            found.extend(members.get("$ref").and_then(Value::as_str));
            members.values().for_each(|member| references(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

fn names_in(path: &str) -> Vec<&str> {
    path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect()
}

#[test]
fn what_is_referred_to_is_there_and_what_is_there_is_referred_to() {
    let document = document();
    let mut found = Vec::new();
    references(&document, &mut found);
    found.iter().for_each(|target| assert!(document.pointer(target.trim_start_matches('#')).is_some(), "{target}"));
    for kind in ["schemas", "responses", "headers"] {
        for name in document["components"][kind].as_object().unwrap().keys() {
            let target = format!("#/components/{kind}/{name}");
            assert!(found.contains(&target.as_str()), "nothing refers to {target}");
        }
    }
}

#[test]
fn the_variables_of_a_path_are_declared_and_a_shape_has_one_path() {
    let document = document();
    let mut shapes: BTreeMap<String, &String> = BTreeMap::new();
    for path in document["paths"].as_object().unwrap().keys() {
        let other = shapes.insert(fill(path, "{}"), path);
        assert_eq!(other, None, "{path} is the same path by another name");
    }
    for (method, path, operation) in operations(&document) {
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let mut declared = Vec::new();
        for parameter in &parameters {
            assert!(parameter["schema"].is_object(), "{method} {path}: {parameter}");
            assert!(
                parameter["description"].as_str().is_some_and(|text| !text.is_empty()),
                "{method} {path}: {parameter}"
            );
            if parameter["in"] == "path" {
                assert_eq!(parameter["required"], true, "{method} {path}");
                declared.push(parameter["name"].as_str().unwrap());
            }
        }
        assert_eq!(declared, names_in(&path), "{method} {path}");
    }
}

#[test]
fn operations_have_ids_of_their_own_and_known_tags_and_those_of_the_service_come_last() {
    let document = document();
    let mut ids = BTreeMap::new();
    let mut last_tags = Vec::new();
    let tags: Vec<&str> =
        document["tags"].as_array().unwrap().iter().map(|tag| tag["name"].as_str().unwrap()).collect();
    for (method, path, operation) in operations(&document) {
        let id = operation["operationId"].as_str().unwrap().to_owned();
        assert_eq!(ids.insert(id, path.clone()), None, "{method} {path} has another's id");
        let tag = operation["tags"][0].as_str().unwrap().to_owned();
        assert!(tags.contains(&tag.as_str()), "{tag} is not described");
        last_tags.push(tag);
    }
    let first = last_tags.iter().position(|tag| tag == "service").unwrap();
    assert!(last_tags[first..].iter().all(|tag| tag == "service"));
    for tag in tags {
        assert!(last_tags.iter().any(|used| used == tag), "no operation has the tag {tag}");
    }
}

#[test]
fn operations_declare_the_refusals_that_they_can_give() {
    let document = document();
    for (method, path, operation) in operations(&document) {
        let answers = operation["responses"].as_object().unwrap();
        for (status, answer) in answers {
            let answer = resolved(&document, answer);
            let what = format!("{method} {path} {status}");
            assert!(answer["description"].as_str().is_some_and(|text| !text.is_empty()), "{what}");
            for (header, only) in
                [("X-Request-Id", None), ("WWW-Authenticate", Some("401")), ("Retry-After", Some("503"))]
            {
                assert_eq!(
                    !answer["headers"][header].is_null(),
                    only.is_none_or(|only| only == status),
                    "{what} {header}"
                );
            }
            assert_eq!(answer["content"].is_null(), status == "204", "{what}");
        }
        if operation["tags"][0] == "service" {
            assert_eq!(operation["security"], json!([]), "{method} {path}");
            continue;
        }
        assert_eq!(operation["security"], json!([{"bearer": []}, {}]), "{method} {path}");
        let takes = |place: &str, name: Option<&str>| {
            let known = operation["parameters"].as_array();
            known
                .into_iter()
                .flatten()
                .any(|known| known["in"] == place && name.is_none_or(|name| known["name"] == name))
        };
        let body = !operation["requestBody"].is_null();
        let expected = [
            ("400", body || takes("query", Some("filter"))),
            ("401", true),
            ("403", true),
            ("404", takes("path", None)),
            ("409", method != "GET"),
            ("413", body),
            ("422", true),
            ("503", true),
        ];
        for (status, can) in expected {
            assert!(answers.contains_key(status) || !can, "{method} {path} does not declare {status}");
        }
    }
}

/// True when a value is of a type of the schema, and so are its members.
fn fits(document: &Value, schema: &Value, value: &Value) -> bool {
    let schema = resolved(document, schema);
    let of = |kind: &str| match kind {
        "null" => value.is_null(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "array" => {
            value.as_array().is_some_and(|items| items.iter().all(|item| fits(document, &schema["items"], item)))
        }
        "object" => value.is_object(),
        other => panic!("a type {other}"),
    };
    let kinds = match &schema["type"] {
        Value::String(kind) => of(kind),
        Value::Array(kinds) => kinds.iter().any(|kind| of(kind.as_str().unwrap())),
        _ => true,
    };
    let one = schema["oneOf"]
        .as_array()
        .is_none_or(|some| some.iter().filter(|some| fits(document, some, value)).count() == 1);
    let all = schema["allOf"].as_array().is_none_or(|all| all.iter().all(|each| fits(document, each, value)));
    let required = schema["required"].as_array().into_iter().flatten();
    let there = !value.is_object() || required.into_iter().all(|name| value.get(name.as_str().unwrap()).is_some());
    let members = value
        .as_object()
        .into_iter()
        .flatten()
        .all(|(name, member)| schema["properties"].get(name).is_none_or(|schema| fits(document, schema, member)));
    let time =
        schema["format"] != "date-time" || value.as_str().is_none_or(|text| text.len() >= 20 && text.contains('T'));
    let date = schema["format"] != "date" || value.as_str().is_none_or(|text| text.len() == 10);
    kinds && one && all && there && members && time && date
}

/// The names that a body must have, wherever they are declared.
fn required(document: &Value, schema: &Value) -> Vec<String> {
    let schema = resolved(document, schema);
    let own = schema["required"].as_array().into_iter().flatten().map(|name| name.as_str().unwrap().to_owned());
    let parts = schema["allOf"].as_array().into_iter().flatten().flat_map(|part| required(document, part));
    own.chain(parts).collect()
}

#[test]
fn examples_are_stored_as_they_stand_and_answered_as_declared() {
    let app = Database::sqlite().start();
    let document = document();
    let json = |content: &Value| content["content"]["application/json"].clone();
    let mut sent = 0;
    // A sample of a laboratory's: the examples have only one of an instrument's.
    let chemistry = || {
        app.create("/field-activity", json!({"field_event_id": 1, "activity_type": "water chemistry"}));
        app.create(
            "/sample",
            json!({"field_activity_id": 2, "sample_date": "2026-02-20T17:05:00Z", "sample_name": "C",
            "sample_matrix": "water", "sample_method": "Unknown", "qc_type": "Normal"}),
        );
    };
    let mut all: Vec<_> =
        operations(&document).into_iter().filter(|(_, _, operation)| !operation["requestBody"].is_null()).collect();
    all.sort_by_key(|(method, ..)| method != "POST");
    for (method, path, operation) in all {
        let body = json(&operation["requestBody"]);
        let example = &body["example"];
        assert!(example.is_object(), "{method} {path} has no example");
        assert!(fits(&document, &body["schema"], example), "{method} {path}: {example}");
        if method == "POST" && path == "/observation/water-chemistry" {
            chemistry();
        }
        let id = match path.as_str() {
            "/thing/spring/{thing_id}" | "/observation/water-chemistry/{observation_id}" => "2".to_owned(),
            path if path.starts_with("/lexicon/") || path.starts_with("/parameter/") => last_of(&app, path).to_string(),
            _ => "1".to_owned(),
        };
        let concrete = fill(&path, &id);
        for name in required(&document, &body["schema"]) {
            let mut without = example.clone();
            without.as_object_mut().unwrap().shift_remove(&name).unwrap_or_else(|| panic!("{path}: {name}"));
            let problems = app.post(&concrete, without).detail(422);
            let missing = problems.as_array().unwrap().iter().any(|problem| problem["loc"] == json!(["body", name]));
            assert!(missing, "{path} does without {name}: {problems}");
        }
        let reply = app.send(&method, &concrete, Some("application/json"), example.to_string().as_bytes());
        let status = reply.status.to_string();
        assert!(reply.status < 300, "{method} {concrete}: {}", reply.text());
        let schema = json(&operation["responses"][&status])["schema"].clone();
        assert!(fits(&document, &schema, &reply.json()), "{method} {concrete} {status}: {}", reply.text());
        sent += 1;
    }
    assert!(sent > 30, "{sent}");
    for (method, path, operation) in operations(&document) {
        let answer = json(&operation["responses"]["200"]);
        if method != "GET" || answer.is_null() {
            continue;
        }
        let id = match path.as_str() {
            path if path.starts_with("/lexicon/") || path.starts_with("/parameter/") => last_of(&app, path).to_string(),
            "/thing/spring/{thing_id}" | "/observation/water-chemistry/{observation_id}" => "2".to_owned(),
            _ => "1".to_owned(),
        };
        let found = app.get(&fill(&path, &id)).expect(200);
        assert!(fits(&document, &answer["schema"], &found), "{path}: {found}");
    }
}

/// The newest row of a resource that the seed has rows of too.
fn last_of(app: &App, path: &str) -> Value {
    let list = path.rsplit_once('/').unwrap().0;
    if !path.contains('{') {
        return Value::Null;
    }
    app.items(&format!("{list}?sort=id&order=desc&size=1"), "id").remove(0)
}

#[test]
fn refusals_have_the_shape_that_is_declared() {
    let app = Database::sqlite().start();
    let document = document();
    for (method, path, operation) in operations(&document) {
        let concrete = fill(&path, "4711");
        let reply = app.send(&method, &concrete, Some("application/json"), if method == "GET" { b"" } else { b"{}" });
        let declared = resolved(&document, &operation["responses"][reply.status.to_string()]);
        if reply.status >= 400 {
            let schema = &declared["content"]["application/json"]["schema"];
            assert!(schema.is_object() && fits(&document, schema, &reply.json()), "{method} {path}: {}", reply.text());
        }
        for header in declared["headers"].as_object().unwrap().keys() {
            assert!(reply.header(&header.to_lowercase()).is_some(), "{method} {path} has no {header}");
        }
    }
}
