//! Lists in all formats, and the members that are asked for.

use std::collections::BTreeSet;

use crate::openapi::operations;
use crate::round_trips::{last, plant_by, release};
use crate::support::slow::{SlowClient, jobs, jobs_until_quiet};
use crate::support::*;

/// The media type, how it is asked for by `format`, and its `Content-Type`.
const CSV: (&str, &str, &str) = ("text/csv", "csv", "text/csv; charset=utf-8");
const NDJSON: (&str, &str, &str) = ("application/x-ndjson", "ndjson", "application/x-ndjson");

/// Header and rows.
fn table(reply: &Reply) -> (Vec<String>, Vec<Vec<String>>) {
    assert_eq!((reply.status, reply.header("content-type")), (200, Some(CSV.2)), "{}", reply.text());
    assert!(reply.body.is_empty() || reply.body.ends_with(b"\r\n"));
    let mut reader = csv::ReaderBuilder::new().from_reader(reply.body.as_slice());
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect());
    (header, rows.collect())
}

fn lines(reply: &Reply) -> Vec<Value> {
    assert_eq!((reply.status, reply.header("content-type")), (200, Some(NDJSON.2)), "{}", reply.text());
    reply.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// What a cell of this value holds.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) => format!("'{text}"),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Every member of an item is in the row, in its column.
fn compare(path: &str, header: &[String], row: &[String], at: &str, value: &Value, found: &mut usize) {
    if let Some(column) = header.iter().position(|name| name == at) {
        assert_eq!(row[column], cell(value), "{path}: {at}");
        *found += 1;
        return;
    }
    let below = |member: &str| if at.is_empty() { member.to_owned() } else { format!("{at}.{member}") };
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(member, value)| compare(path, header, row, &below(member), value, found));
        }
        Value::Null => assert!(header.iter().any(|name| name.starts_with(&below(""))), "{path} has no column {at}"),
        _ => panic!("{path} has no column {at}"),
    }
}

/// All lists of the document, of the rows that were planted.
fn lists(app: &App, (well, contact): (i64, i64)) -> Vec<String> {
    let document = app.get("/openapi-auth.json").expect(200);
    let paged = |operation: &Value| {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        parameters.filter(|one| one["in"] == "query").any(|one| one["name"] == "page")
    };
    let all = operations(&document).into_iter().filter(|(method, _, operation)| method == "GET" && paged(operation));
    let mut lists = Vec::new();
    for (_, path, operation) in all {
        let content = operation["responses"]["200"]["content"].as_object().unwrap();
        assert_eq!(content.keys().collect::<Vec<_>>(), ["application/json", CSV.0, NDJSON.0], "{path}");
        let path = path
            .replace("{thing_id}", &well.to_string())
            .replace("{resource}", "thing")
            .replace("{contact_id}", &contact.to_string());
        let path = path.replace("{row_id}", &well.to_string()).replace("{slug}", "7");
        // (A search looks for something.)
        lists.push(format!("{path}?{}", if path == "/search" { "q=one&" } else { "" }));
    }
    assert!(lists.len() > 25 && lists.iter().all(|path| !path.contains('{')), "{lists:?}");
    lists
}

/// Rows of every kind; a well that was changed.
fn plant(app: &App) -> (i64, i64) {
    let (family, _) = plant_by(app, &app.client);
    app.patch(&format!("/thing/water-well/{}", family.well), json!({"well_depth": 5})).expect(200);
    release(app);
    (family.well, last(app, "contact"))
}

both! {
    fn every_list_has_the_same_rows_in_every_format(db: Database) {
        let app = db.start();
        let well = plant(&app);
        for list in lists(&app, well) {
            // A small page, and one that is sent in pieces.
            for size in [60, 600] {
                let path = format!("{list}size={size}");
                let page = app.get(&path).expect(200);
                let items = page["items"].as_array().unwrap();
                assert!(!items.is_empty(), "{list} has no rows");
                assert_eq!(&lines(&app.get(&format!("{path}&format=ndjson"))), items, "{list}");
                let reply = app.get(&format!("{path}&format=csv"));
                let (header, rows) = table(&reply);
                assert_eq!(header.iter().collect::<BTreeSet<_>>().len(), header.len(), "{list}: {header:?}");
                assert_eq!(rows.len(), items.len(), "{list}");
                for (row, item) in rows.iter().zip(items) {
                    let mut found = 0;
                    compare(&list, &header, row, "", item, &mut found);
                    assert!(found > 1, "{list}");
                    assert!(row.iter().filter(|cell| !cell.is_empty()).count() <= found, "{list}: {row:?} {item}");
                }
                let empty = table(&app.get(&format!("{path}&format=csv&page=1000")));
                assert_eq!((empty.0, empty.1.len()), (header, 0), "{list}: the columns depend on no row");
                assert!(lines(&app.get(&format!("{path}&format=ndjson&page=1000"))).is_empty(), "{list}");
            }
        }
    }

    fn members_are_chosen_in_every_format(db: Database) {
        let app = db.start();
        let well = plant(&app);
        for list in lists(&app, well) {
            for size in [60, 600] {
                let items = app.get(&format!("{list}size={size}")).expect(200)["items"].as_array().unwrap().clone();
                let names: Vec<String> = items[0].as_object().unwrap().keys().cloned().collect();
                let (first, last) = (&names[0], &names[names.len() - 1]);
                let query = format!("{list}size={size}&fields={last},%20{first},&fields={first}");
                let chosen: Vec<Value> = items.iter().map(|item| json!({first: item[first], last: item[last]})).collect();
                let page = app.get(&query).expect(200);
                assert_eq!((&page["items"], page["size"].as_i64()), (&json!(chosen), Some(size)), "{list}");
                assert_eq!(lines(&app.get(&format!("{query}&format=ndjson"))), chosen, "{list}");
                let (header, rows) = table(&app.get(&format!("{query}&format=csv")));
                let members: BTreeSet<&str> = header.iter().map(|name| name.split('.').next().unwrap()).collect();
                assert_eq!(members, BTreeSet::from([first.as_str(), last.as_str()]), "{list}");
                assert_eq!(rows.len(), items.len());
                let unknown = app.get(&format!("{list}size={size}&fields={first},created_by_id,{first}.x&format=csv")).detail(422);
                assert_eq!((&unknown[0]["loc"], &unknown[0]["input"]), (&json!(["query", "fields"]), &json!("created_by_id")), "{list}");
                assert_eq!(unknown.as_array().unwrap().len(), 2, "{list}");
            }
        }
    }

    fn members_of_one_row_are_chosen(db: Database) {
        let app = db.start();
        let path = format!("/thing/water-well/{}", planted::family(&app, "ONE", "Lead").well);
        let whole = app.get(&path).expect(200);
        assert_eq!(app.get(&format!("{path}?fields=name,id")).expect(200), json!({"id": whole["id"], "name": whole["name"]}));
        assert_eq!(app.get(&format!("{path}?fields=")).expect(200), whole);
        let detail = app.get(&format!("{path}?fields=colour")).detail(422);
        assert_eq!(detail[0]["loc"], json!(["query", "fields"]));
        assert!(detail[0]["msg"].as_str().unwrap().starts_with("Value error, Unknown field 'colour'; there are: id, created_at, "), "{detail}");
        let details = app.get(&format!("{path}/details?field_event_limit=1&fields=sensors")).expect(200);
        assert_eq!(details.as_object().unwrap().keys().collect::<Vec<_>>(), ["sensors"]);
        assert_eq!(app.get("/lexicon/term/1?fields=term").expect(200).as_object().unwrap().len(), 1);
        let key = app.create("/api_key", json!({"name": "k", "lifetime_days": 9}));
        assert_eq!(app.get("/api_key?fields=name").expect(200), json!([{"name": key["name"]}]));
    }

    fn the_header_asks_for_a_format_and_the_parameter_goes_before_it(db: Database) {
        let app = db.start();
        for (kind, name, content) in [CSV, NDJSON] {
            let by_header = app.with_header("accept", kind).get("/lexicon/category?size=3&page=2");
            assert_eq!((by_header.status, by_header.header("content-type")), (200, Some(content)));
            assert_eq!(by_header.body, app.get(&format!("/lexicon/category?size=3&page=2&format={name}")).body);
            assert!(by_header.header("vary").unwrap().contains("accept, accept-encoding") || name == "ndjson");
            assert!(by_header.header("vary").unwrap().starts_with("accept"));
            assert!(by_header.header("link").unwrap().contains("size=3>; rel=\"next\""));
            let json = app.with_header("accept", kind).get("/lexicon/category?size=3&format=json");
            assert_eq!(json.header("content-type"), Some("application/json"));
            assert_eq!(json.header("content-disposition"), None);
        }
        let csv = app.get("/lexicon/category?format=csv");
        assert_eq!(csv.header("content-disposition"), Some("attachment; filename=\"categories.csv\""));
        for accept in ["*/*", "image/png", "text/html,application/xhtml+xml,*/*;q=0.8", "text/csv;q=0.5, application/json"] {
            let reply = app.with_header("accept", accept).get("/lexicon/category");
            assert_eq!((reply.status, reply.header("content-type")), (200, Some("application/json")), "{accept}");
        }
        // Errors are what they always are.
        let error = app.with_header("accept", "text/csv").get("/lexicon/category?sort=colour");
        assert_eq!((error.header("content-type"), error.header("content-disposition")), (Some("application/json"), None));
        assert_eq!(error.detail(422)[0]["loc"], json!(["query", "sort"]));
    }

    fn a_format_that_there_is_not_is_refused(db: Database) {
        let app = db.start();
        for size in [5, 1000] {
            for sent in ["xml", "CSV", "", "geojson"] {
                assert_eq!(app.get(&format!("/sensor?size={size}&format={sent}")).detail(422), json!([{"type": "string_pattern_mismatch",
                    "loc": ["query", "format"], "msg": "String should match pattern '^(json|csv|ndjson)$'", "input": sent,
                    "ctx": {"pattern": "^(json|csv|ndjson)$"}}]));
            }
        }
        let detail = app.get("/sensor?format=xml&fields=colour&size=0").detail(422);
        assert_eq!(detail.as_array().unwrap().len(), 3, "all at once: {detail}");
    }

    fn no_text_is_a_formula(db: Database) {
        let app = db.start();
        for (name, notes) in [("=1+1", "-2"), ("+1", "a,\"b\"\r\nc"), ("@x", "\tx"), ("-1", "plain = 1"), ("'=1", "")] {
            app.create("/sensor", json!({"name": name, "sensor_type": "Barometer", "notes": notes}));
        }
        let (header, rows) = table(&app.get("/sensor?format=csv&fields=id,name,notes"));
        assert_eq!(header, ["id", "name", "notes"]);
        let cells: Vec<[&str; 2]> = rows.iter().map(|row| [row[1].as_str(), row[2].as_str()]).collect();
        assert_eq!(cells, [["'=1+1", "'-2"], ["'+1", "a,\"b\"\r\nc"], ["'@x", "'\tx"], ["'-1", "plain = 1"], ["'=1", ""]]);
        assert_eq!(app.items("/sensor?format=json", "name")[0], "=1+1", "in CSV alone");
        // Numbers are left alone.
        app.create("/location", json!({"point": "POINT (-106.5 -34)", "elevation": -5.5}));
        let (header, rows) = table(&app.get("/location?format=csv&fields=elevation,point"));
        let elevation = header.iter().position(|name| name == "elevation").unwrap();
        assert_eq!(rows[0][elevation].parse::<f64>().unwrap(), app.get("/location").expect(200)["items"][0]["elevation"].as_f64().unwrap());
    }

    fn ten_thousand_rows_come_in_pieces(db: Database) {
        let many = 10_000;
        crate::large_page::many(&db, many, "");
        let app = db.start();
        let reply = app.get("/location?format=csv&size=10000&sort=id&order=desc");
        assert_eq!((reply.header("transfer-encoding"), reply.header("content-length")), (Some("chunked"), None));
        assert_eq!(reply.header("content-disposition"), Some("attachment; filename=\"locations.csv\""));
        let (header, rows) = table(&reply);
        let id = header.iter().position(|name| name == "id").unwrap();
        let ids: Vec<usize> = rows.iter().map(|row| row[id].parse().unwrap()).collect();
        assert_eq!(ids, (1..=many).rev().collect::<Vec<_>>());
        assert!(jobs(&app, "list_locations") >= 6, "{}", jobs(&app, "list_locations"));
        let ndjson = lines(&app.get("/location?format=ndjson&size=10000&fields=id"));
        assert_eq!((ndjson.len(), &ndjson[9_999]), (many, &json!({"id": many})));
    }

    fn a_slow_client_of_csv_holds_nothing(db: Database) {
        crate::large_page::many(&db, 2000, &"-".repeat(8000));
        let app = db.start();
        let slow = SlowClient::begin(&app, "/thing/water-well?size=10000&format=csv");
        let asked = jobs_until_quiet(&app, "list_wells");
        assert!(asked < 8, "{asked}: the client has not got everything");
        let (body, proper) = slow.finish();
        assert!(proper);
        let mut reader = csv::ReaderBuilder::new().from_reader(body.as_bytes());
        let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), 2000);
    }
}
