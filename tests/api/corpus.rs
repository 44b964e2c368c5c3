//! Nasty input for every operation of the document: no input is answered with a 5xx, and the server lives on. Routes added
//! later are covered by themselves.

use std::io::{Read as _, Write as _};

use crate::openapi::{fill, operations};
use crate::support::*;

fn texts() -> Vec<String> {
    let mut texts: Vec<String> = [
        "",
        " ",
        "0",
        "-1",
        "1",
        "2147483647",
        "2147483648",
        "-2147483649",
        "9223372036854775807",
        "9223372036854775808",
        "99999999999999999999999999",
        "1e400",
        "-1e400",
        "NaN",
        "Infinity",
        "1.5",
        "null",
        "true",
        "[]",
        "{}",
        "'",
        "\"",
        "' OR 1=1 --",
        "\0",
        "a\0b",
        "\u{feff}",
        "é\u{301}",
        "🌵",
        "%",
        "_",
        "\\",
        "../../etc/passwd",
        "POINT (0 0)",
        "POINT (nan nan)",
        "POINT (1e999 0)",
        "POLYGON ((0 0, 1 1, 0 0))",
        "POLYGON ((0 0, 1 0, 1 1, 0 0))",
        "MULTIPOLYGON EMPTY",
        "GEOMETRYCOLLECTION (POINT (0 0))",
        "2026-02-30",
        "0000-00-00",
        "+262143-01-01T00:00:00Z",
        "9999-12-31T23:59:60Z",
        "elevation between [1",
        "id in (1,2)",
        "a.b.c eq 1",
        "and or not - \"",
        "*",
        "a:* & b",
        ") (",
        "-",
        "\"\"",
        "NEAR(a b)",
    ]
    .iter()
    .map(|text| (*text).to_owned())
    .collect();
    texts.push("x".repeat(3000));
    texts.push("(".repeat(1000));
    texts.push("GEOMETRYCOLLECTION(".repeat(200));
    texts
}

/// Every third text at least meets every field; all of them meet every query parameter.
fn some_texts() -> Vec<String> {
    texts().into_iter().step_by(3).collect()
}

fn values() -> Vec<Value> {
    let mut values: Vec<Value> = some_texts().into_iter().map(Value::from).collect();
    values.extend([
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(1.5),
        json!(1e308),
        json!(-1e308),
        json!(2_147_483_648_i64),
        json!(u64::MAX),
        json!([]),
        json!({}),
        json!([null]),
        json!([[[]]]),
        json!([{}]),
        json!({"a": {"b": []}}),
        json!(["x", 1, null]),
        json!([{"term": 1}]),
    ]);
    values
}

fn filters() -> Vec<String> {
    let mut filters = vec!["{".to_owned(), "[]".to_owned(), "null".to_owned(), "{}".to_owned()];
    for field in ["id", "name", "created_at", "", "id; DROP TABLE thing"] {
        for operator in ["eq", "contains", "in", "null", "drop"] {
            for value in [json!("x\0"), json!([null]), json!(1e300), json!(["a", "b"])] {
                filters.push(json!({"field": field, "operator": operator, "value": value}).to_string());
            }
        }
    }
    filters
}

struct Case {
    method: String,
    path: String,
    kind: Option<&'static str>,
    body: Vec<u8>,
}

fn cases(document: &Value) -> Vec<Case> {
    let mut cases = Vec::new();
    for (method, path, operation) in operations(document) {
        let here = fill(&path, "1");
        let mut add = |path: String, kind, body: Vec<u8>| {
            cases.push(Case { method: method.clone(), path, kind, body });
        };
        if path.contains('{') {
            for text in some_texts().iter().filter(|text| text.len() < 200) {
                add(fill(&path, &encode(text)), None, Vec::new());
            }
        }
        let parameters: Vec<&str> = operation["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|parameter| parameter["in"] == "query")
            .map(|parameter| parameter["name"].as_str().unwrap())
            .collect();
        for name in &parameters {
            for text in texts() {
                add(format!("{here}?{name}={}", encode(&text)), None, Vec::new());
                if *name == "sort" {
                    add(format!("{here}?sort={}&order=asc", encode(&text)), None, Vec::new());
                }
            }
            add(format!("{here}?{name}=%ff%fe%00"), None, Vec::new());
        }
        if parameters.contains(&"filter") {
            for filter in filters() {
                add(format!("{here}?filter={}", encode(&filter)), None, Vec::new());
            }
            add(format!("{here}?{}", "filter=%7B%7D&".repeat(500)), None, Vec::new());
        }
        if method == "POST" || method == "PATCH" {
            let json_type = Some("application/json");
            for raw in ["", "{", "nul", "[", "\"", "{\"a\":1}{", "\u{0}", "{\"a\": NaN}", "{\"a\": 1e999}", "[1,2"] {
                add(here.clone(), json_type, raw.as_bytes().to_vec());
                add(here.clone(), Some("text/csv"), raw.as_bytes().to_vec());
            }
            add(here.clone(), json_type, "[".repeat(100_000).into_bytes());
            add(here.clone(), json_type, b"{\"name\": \"\xff\xfe\"}".to_vec());
            let reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].as_str();
            let schema =
                reference.map(|reference| &document["components"]["schemas"][reference.rsplit('/').next().unwrap()]);
            let properties = schema.and_then(|schema| schema["properties"].as_object());
            for value in values() {
                add(here.clone(), json_type, value.to_string().into_bytes());
                for name in properties.into_iter().flat_map(serde_json::Map::keys) {
                    add(here.clone(), json_type, json!({ name: value }).to_string().into_bytes());
                }
                let all: serde_json::Map<String, Value> = properties
                    .into_iter()
                    .flat_map(serde_json::Map::keys)
                    .map(|name| (name.clone(), value.clone()))
                    .collect();
                add(here.clone(), json_type, Value::Object(all).to_string().into_bytes());
            }
        }
    }
    cases
}

/// The cases that are answered with a 5xx.
fn refused(app: &App, cases: &[Case]) -> Vec<String> {
    let mut bad = Vec::new();
    for case in cases {
        let reply = app.send(&case.method, &case.path, case.kind, &case.body);
        if reply.status >= 500 {
            let body: String = String::from_utf8_lossy(&case.body).chars().take(200).collect();
            let path: String = case.path.chars().take(300).collect();
            bad.push(format!("{} {path} {body} -> {} {}", case.method, reply.status, reply.text()));
        }
    }
    bad
}

both! {
    fn no_input_is_answered_with_a_5xx(db: Database) {
        let app = db.start();
        let document = app.get("/openapi-auth.json").expect(200);
        let cases = cases(&document);
        assert!(cases.len() > 1000);
        let bad: Vec<String> = std::thread::scope(|scope| {
            let threads: Vec<_> = cases.chunks(cases.len() / 3).map(|cases| scope.spawn(|| refused(&app, cases))).collect();
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        });
        assert!(bad.is_empty(), "{} of {}:\n{}", bad.len(), cases.len(), bad[..bad.len().min(20)].join("\n"));
        app.get("/location").expect(200);
    }
}

#[test]
fn a_request_line_beyond_all_bounds_is_refused() {
    let app = Database::sqlite().start();
    let mut stream = std::net::TcpStream::connect(app.address).unwrap();
    // The server may hang up before it has read everything.
    let _ = write!(stream, "GET /location?query={} HTTP/1.1\r\nhost: x\r\n\r\n", "x".repeat(2_000_000));
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
    app.get("/location").expect(200);
}
