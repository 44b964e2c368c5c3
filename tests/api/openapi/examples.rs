//! What the document says of bodies and answers is what the server takes and gives.

use super::{document, fill, operations, resolved, with_required};
use crate::support::*;

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
    let mut required = schema["required"].as_array().into_iter().flatten();
    let there = !value.is_object() || required.all(|name| value.get(name.as_str().unwrap()).is_some());
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

/// The members that a body may have, wherever they are declared.
fn members(document: &Value, schema: &Value) -> Vec<(String, Value)> {
    let schema = resolved(document, schema);
    let own =
        schema["properties"].as_object().into_iter().flatten().map(|(name, member)| (name.clone(), member.clone()));
    let parts = schema["allOf"].as_array().into_iter().flatten().flat_map(|part| members(document, part));
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
    // A file has no example in JSON.
    let is_file = |operation: &Value| !operation["requestBody"]["content"]["multipart/form-data"].is_null();
    let mut all: Vec<_> = operations(&document)
        .into_iter()
        .filter(|(_, _, operation)| !operation["requestBody"].is_null() && !is_file(operation))
        .collect();
    all.sort_by_key(|(method, ..)| method != "POST");
    for (method, path, operation) in all {
        let body = json(&operation["requestBody"]);
        let example = &body["example"];
        assert!(example.is_object(), "{method} {path} has no example");
        assert!(fits(&document, &body["schema"], example), "{method} {path}: {example}");
        if method == "POST" && path == "/observation/water-chemistry" {
            chemistry();
        }
        if method == "POST" && path == "/permission-history" {
            app.db.execute(
                "INSERT INTO contact (name, role, contact_type) VALUES ('Whoever allows it', 'Owner', 'Primary')",
            );
        }
        let concrete = fill(&path, &id_of_example(&app, &path));
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
        let named = !operation["responses"][&status]["headers"]["Location"].is_null();
        let has_key = reply.json()["id"].is_i64();
        assert_eq!(reply.header("location").is_some(), named && has_key, "{method} {concrete}");
        sent += 1;
    }
    assert!(sent > 30, "{sent}");
    // What only shows what is released has something to show.
    for table in app.db.tables_with("release_status") {
        app.db.execute(&format!("UPDATE \"{table}\" SET release_status = 'public', release_at = NULL"));
    }
    for (method, path, operation) in operations(&document) {
        let answer = json(&operation["responses"]["200"]);
        if method != "GET" || answer.is_null() {
            continue;
        }
        let path = path.replace("{resource}", "location").replace("/disclaimer", "/disclaimer?f=json");
        let found = app.get(&with_required(&fill(&path, &id_of_example(&app, &path)), &operation, 1)).expect(200);
        assert!(fits(&document, &answer["schema"], &found), "{path}: {found}");
    }
    // What may be null in a change is taken when it is.
    for (_, path, operation) in operations(&document).into_iter().filter(|(method, ..)| method == "PATCH") {
        let concrete = fill(&path, &id_of_example(&app, &path));
        for (name, member) in members(&document, &json(&operation["requestBody"])["schema"]) {
            let reply = app.patch(&concrete, json!({ name.as_str(): null }));
            let problems = reply.json()["detail"].clone();
            let refused =
                problems.as_array().into_iter().flatten().any(|problem| problem["loc"] == json!(["body", name]));
            assert!(!fits(&document, &member, &Value::Null) || !refused, "{path} {name}: {problems}");
            // Some may be null only while another is not.
            app.patch(&concrete, json(&operation["requestBody"])["example"].clone()).expect(200);
        }
    }
}

/// The row that the example of a path's resource became.
fn id_of_example(app: &App, path: &str) -> String {
    match path {
        "/thing/spring/{thing_id}" | "/observation/water-chemistry/{observation_id}" => "2".to_owned(),
        "/thing/geothermal-well/{well_data_id}" => {
            app.items("/thing/geothermal-well", "well_data_id")[0].as_str().unwrap().to_owned()
        }
        "/access/destination/{slug}/thing" => "national-portal".to_owned(),
        // The seed has rows of these too.
        path if path.contains('{') && (path.starts_with("/lexicon/") || path.starts_with("/parameter/")) => {
            let list = path.rsplit_once('/').unwrap().0;
            app.items(&format!("{list}?sort=id&order=desc&size=1"), "id").remove(0).to_string()
        }
        _ => "1".to_owned(),
    }
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
        // An empty list has no pages to name, and nothing was sent again.
        let always = |header: &&String| !["Link", "Idempotency-Replayed"].contains(&header.as_str());
        for header in declared["headers"].as_object().unwrap().keys().filter(always) {
            assert!(reply.header(&header.to_lowercase()).is_some(), "{method} {path} has no {header}");
        }
    }
}
