//! The document says everything that tools and generators need.

use std::collections::BTreeMap;

use super::{document, fill, operations, resolved};
use crate::support::*;

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
            let mut parameters = operation["parameters"].as_array().into_iter().flatten();
            let paged = status == "200" && parameters.any(|one| one["name"] == "page");
            let headers = [
                ("X-Request-Id", true),
                ("WWW-Authenticate", status == "401"),
                ("Retry-After", status == "429" || status == "503"),
                ("Link", paged),
            ];
            for (header, has) in headers {
                assert_eq!(!answer["headers"][header].is_null(), has, "{what} {header}");
            }
            assert!(answer["headers"]["Location"].is_null() || status == "201", "{what}");
            assert_eq!(answer["content"].is_null(), ["204", "304"].contains(&status.as_str()), "{what}");
        }
        if operation["tags"][0] == "service" {
            assert_eq!(operation["security"], json!([]), "{method} {path}");
            continue;
        }
        if operation["tags"][0] == "NGWMN" {
            assert_eq!(operation["security"], json!([]), "{method} {path}");
            assert!(["429", "503"].iter().all(|status| answers.contains_key(*status)), "{method} {path}");
            continue;
        }
        assert_eq!(operation["security"], json!([{"bearer": []}, {"basic": []}, {}]), "{method} {path}");
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
            ("408", body),
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
