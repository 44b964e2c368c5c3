//! Query parameters: what a route declares is what it takes, and what narrows is never ignored.

use std::collections::{BTreeMap, BTreeSet};

use crate::openapi::{fill, operations};
use crate::support::planted::{self, SERIES};
use crate::support::*;

/// They say how an answer is to be given, not what is to be in it.
const SHAPING: &[&str] = &[
    "page",
    "size",
    "count",
    "sort",
    "order",
    "format",
    "fields",
    "include_contacts",
    "field_event_limit",
    "limit",
    "replace_overlapping",
];

/// Every operation that answers from the database (but for the feeds, which answer 200 whatever they are asked), with the names of its query parameters.
fn takers(document: &Value) -> Vec<(String, String, BTreeSet<String>)> {
    let names = |operation: &Value| {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let query = parameters.filter(|parameter| parameter["in"] == "query");
        query.map(|parameter| parameter["name"].as_str().unwrap().to_owned()).collect()
    };
    let all = operations(document)
        .into_iter()
        .filter(|(_, _, operation)| ![json!(["service"]), json!(["NGWMN"])].contains(&operation["tags"]));
    all.map(|(method, path, operation)| (method, path, names(&operation))).collect()
}

/// The names of the parameters that an answer says the route does not take.
fn untaken(reply: &Reply) -> Vec<String> {
    if reply.status != 422 {
        return Vec::new();
    }
    let detail = reply.detail(422);
    let problems = detail.as_array().into_iter().flatten().filter(|problem| problem["type"] == "extra_forbidden");
    problems.map(|problem| problem["loc"][1].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_route_takes_what_it_declares_and_refuses_what_would_narrow_others() {
    let app = Database::sqlite().start();
    let document = app.get("/openapi-auth.json").expect(200);
    let takers = takers(&document);
    let known: BTreeSet<&String> = takers.iter().flat_map(|(_, _, names)| names).collect();
    let strict = app.preferring("handling=strict");
    assert!(known.len() > 15 && known.iter().any(|name| *name == "bbox"), "{known:?}");
    for (method, path, names) in &takers {
        let body: &[u8] = if method == "POST" || method == "PATCH" { b"{}" } else { b"" };
        let here = fill(path, "4711");
        for name in &known {
            let sent = format!("{here}?{name}=1");
            let refused = untaken(&app.send(method, &sent, Some("application/json"), body));
            let refused_strictly = untaken(&strict.send(method, &sent, Some("application/json"), body));
            let taken = names.contains(*name);
            let narrows = !SHAPING.contains(&name.as_str());
            assert_eq!(refused.is_empty(), taken || !narrows, "{method} {sent}: {refused:?}");
            assert_eq!(refused_strictly.is_empty(), taken, "{method} {sent}, strictly: {refused_strictly:?}");
        }
        let unknown = format!("{here}?utm_source=1");
        assert!(untaken(&app.send(method, &unknown, Some("application/json"), body)).is_empty(), "{method} {unknown}");
        assert_eq!(
            untaken(&strict.send(method, &unknown, Some("application/json"), body)),
            ["utm_source"],
            "{method} {unknown}"
        );
    }
}

#[test]
fn every_list_pages_sorts_and_filters() {
    let document: Value = serde_json::from_str(&ocotillo::api::openapi_json().unwrap()).unwrap();
    let lists: BTreeMap<String, BTreeSet<String>> = takers(&document)
        .into_iter()
        .filter(|(method, path, _)| {
            let schema = &document["paths"][path][method.to_lowercase()]["responses"]["200"]["content"]["application/json"]["schema"];
            schema["$ref"].as_str().is_some_and(|name| name.contains("Page"))
        })
        .map(|(_, path, names)| (path, names))
        .collect();
    assert!(lists.len() >= 26, "{lists:?}");
    for (path, names) in lists {
        // Entries are listed in the order of time, and are alike but for that.
        if path.starts_with("/history") {
            assert!(["page", "size", "after", "count"].iter().all(|name| names.contains(*name)), "{path}: {names:?}");
            continue;
        }
        // What a search finds is of several kinds.
        if path == "/search" {
            assert!(names.contains("page") && names.contains("size"), "{path}: {names:?}");
            continue;
        }
        // What the contract orders by name, and what it names all sort keys of.
        let left_out: &[&str] = match path.as_str() {
            "/thing/geothermal-well" | "/asset" | "/asset/unassociated" => &["sort", "order", "filter"],
            "/chemistry/results" => &["filter"],
            _ => &[],
        };
        let all = ["page", "size", "after", "count", "sort", "order", "filter"];
        for name in all.iter().filter(|name| !left_out.contains(name)) {
            assert!(names.contains(*name), "{path} does not take {name}");
        }
    }
}

both! {
    fn a_refusal_names_the_parameter_and_who_takes_it(db: Database) {
        let app = db.start();
        let detail = app.get("/group?thing_id=7&thing_id=8&within=x&colour=1").detail(422);
        assert_eq!(detail.as_array().unwrap().len(), 2, "{detail}");
        assert_eq!((&detail[0]["type"], &detail[0]["loc"], &detail[0]["input"]),
            (&json!("extra_forbidden"), &json!(["query", "thing_id"]), &json!("7")));
        let text = detail[1]["msg"].as_str().unwrap();
        assert!(text.starts_with("This route does not take 'within'; these do: GET "), "{text}");
        app.get("/group?page=1&size=2&sort=name&order=desc&colour=1").expect(200);
        let strict = app.preferring("respond-async, handling=strict").get("/group?colour=1").detail(422);
        assert_eq!((&strict[0]["loc"], &strict[0]["msg"]),
            (&json!(["query", "colour"]), &json!("This route does not take 'colour'; no route does")));
        app.preferring("handling=lenient").get("/group?colour=1").expect(200);
        // Nothing is changed by a request that was meant for less.
        let group = app.create("/group", json!({"name": "G"}))["id"].clone();
        app.delete(&format!("/group/{group}?thing_id=1")).detail(422);
        app.get(&format!("/group/{group}")).expect(200);
    }

    fn everything_is_found_by_where_its_thing_is(db: Database) {
        let app = db.start();
        let here = planted::family(&app, "HERE", "Lead");
        let there = planted::family(&app, "THERE", "Zinc");
        app.patch(&format!("/location/{}", there.location), json!({"point": "POINT (-179.5 -15)"})).expect(200);
        let in_box = "bbox=-107,34,-106.9,34.1".to_owned();
        let across = "bbox=179,-20,-179,-10".to_owned();
        let near = format!("nearby_point={}&nearby_distance_km=2", encode("POINT (-106.9 34.11)"));
        let within = format!("within={}", encode("POLYGON ((-180 -20, -179 -20, -179 -10, -180 -10, -180 -20))"));
        let both = format!("{near}&bbox=-180,-90,180,90");
        let neither = format!("{in_box}&{within}");
        let nowhere = "bbox=10,10,20,20".to_owned();
        for list in ["/thing", "/thing/water-well", "/thing/spring", "/location", "/sample", "/observation",
                     "/observation/groundwater-level", "/observation/water-chemistry", SERIES] {
            let found = |query: &str, what: &str| {
                let page = app.get(&format!("{list}?size=100&{query}")).expect(200);
                let items = page["items"].as_array().unwrap();
                assert_eq!(page["total"], items.len(), "{list} {what}");
                items.iter().map(|item| item.get("observation").unwrap_or(item)["id"].as_i64().unwrap()).collect::<BTreeSet<i64>>()
            };
            let all = found("", "all");
            let (at_first, at_second) = (found(&in_box, "box"), found(&across, "across the date line"));
            assert!(!at_first.is_empty() && !at_second.is_empty(), "{list}");
            assert!(at_first.is_disjoint(&at_second) && &at_first | &at_second == all, "{list}");
            assert_eq!(found(&near, "near"), at_first, "{list}");
            assert_eq!(found(&both, "near and box"), at_first, "{list}");
            assert_eq!(found(&within, "within"), at_second, "{list}");
            assert_eq!(found(&neither, "box and within"), BTreeSet::new(), "{list}");
            assert_eq!(found(&nowhere, "nowhere"), BTreeSet::new(), "{list}");
            assert_eq!(app.get(&format!("{list}?page=2&{nowhere}")).expect(200)["total"], 0, "{list}");
        }
        let exported = |query: &str| -> BTreeSet<i64> {
            let features = app.get(&format!("/geospatial?{query}")).expect(200)["features"].clone();
            features.as_array().unwrap().iter().map(|thing| thing["properties"]["id"].as_i64().unwrap()).collect()
        };
        assert_eq!(exported(""), BTreeSet::from([here.well, here.spring, there.well, there.spring]));
        assert_eq!(exported(&in_box), BTreeSet::from([here.well, here.spring]));
        assert_eq!(exported(&near), BTreeSet::from([here.well, here.spring]));
        assert_eq!(exported(&format!("{across}&thing_type=spring")), BTreeSet::from([there.spring]));
        assert_eq!(exported(&format!("{within}&group={}", there.group)), BTreeSet::from([there.well, there.spring]));
        assert_eq!(exported(&format!("{within}&group={}", here.group)), BTreeSet::new());
        // A shapefile of 100 bytes and 36 a point, before the rest.
        let shape = |query: &str| app.get(&format!("/geospatial?format=shapefile&{query}")).body.len();
        assert!(shape(&in_box) > shape(&nowhere) && shape("") > shape(&in_box));

        // A thing that moved is where it is now.
        let place = app.create("/location", json!({"point": "POINT (15 15)", "elevation": 1}))["id"].clone();
        app.db.execute(&format!("INSERT INTO location_thing_association (location_id, thing_id, effective_start) \
            VALUES ({place}, {}, '2099-01-01 00:00:00')", here.well));
        assert_eq!(app.items(&format!("/thing/water-well?{nowhere}"), "id"), [json!(here.well)]);
        assert_eq!(app.items(&format!("/thing/water-well?{in_box}"), "id"), Vec::<Value>::new());
        assert_eq!(exported(&nowhere), BTreeSet::from([here.well]));
        assert!(app.get(&format!("{SERIES}?{in_box}")).expect(200)["total"] == 0);
        assert!(app.get(&format!("{SERIES}?{nowhere}")).expect(200)["total"].as_i64() > Some(0));
    }

    fn places_beyond_the_world_are_refused(db: Database) {
        let app = db.start();
        for (query, parameter) in [
            ("bbox=1,2,3", "bbox"), ("bbox=a,b,c,d", "bbox"), ("bbox=-181,0,0,1", "bbox"), ("bbox=0,0,0,91", "bbox"),
            ("bbox=0,2,1,1", "bbox"), ("bbox=", "bbox"), ("bbox=nan,0,1,1", "bbox"),
            ("within=POLYGON((0+0,181+0,1+1,0+0))", "within"), ("within=POLYGON((0+0,1+-91,1+1,0+0))", "within"),
            ("within=", "within"), ("nearby_point=POINT(181+0)", "nearby_point"),
            ("nearby_distance_km=3", "nearby_distance_km"), ("nearby_point=POINT(0+0)&nearby_distance_km=-1", "nearby_distance_km"),
        ] {
            for list in ["/thing", "/location", "/sample", "/observation", SERIES, "/geospatial"] {
                let detail = app.get(&format!("{list}?{query}")).detail(422);
                assert_eq!(detail[0]["loc"], json!(["query", parameter]), "{list}?{query}: {detail}");
            }
        }
        app.get("/thing?bbox=-180,-90,180,90").expect(200);
        let area = "MULTIPOLYGON (((0 0, 200 0, 1 1, 0 0)))";
        assert_eq!(app.post("/group", json!({"name": "G", "project_area": area})).detail(422)[0]["loc"], json!(["body", "project_area"]));
    }

    fn numbers_are_read_alike_everywhere(db: Database) {
        let app = db.start();
        let place = |elevation: Value| app.post("/location", json!({"point": "POINT (0 0)", "elevation": elevation}));
        for bad in [json!(-500.1), json!(9000.5), json!(1.7e308), json!("9e9")] {
            let detail = place(bad.clone()).detail(422);
            assert_eq!(detail[0]["loc"], json!(["body", "elevation"]), "{bad}");
        }
        let id = place(json!(-500)).expect(201)["id"].clone();
        assert_eq!(place(json!(9000.0)).expect(201)["elevation"], 9000.0);
        assert_eq!(app.patch(&format!("/location/{id}"), json!({"elevation": 9001})).detail(422)[0]["type"], "less_than_equal");
        // A whole number is one in a body as in a path.
        let thing = app.create("/thing/spring", json!({"name": "Ojo"}))["id"].as_f64().unwrap();
        let visit = json!({"thing_id": thing, "event_date": "2016-12-31T23:59:60.5Z"});
        let made = app.create("/field-event", visit);
        assert_eq!(made["thing_id"].as_f64(), Some(thing));
        app.get(&format!("/thing/{thing}.0")).expect(200);
        let refused = |id: Value| app.post("/field-event", json!({"thing_id": id, "event_date": "2020-01-01T00:00:00Z"}));
        assert_eq!(refused(json!(1.5)).detail(422)[0]["type"], "int_from_float");
        assert_eq!(refused(json!(1e300)).detail(422)[0]["type"], "int_parsing_size");
        // A leap second is the first of the next minute.
        assert_eq!(made["event_date"], "2017-01-01T00:00:00.500000Z");
        let list = |query: &str| app.get(&format!("/field-event?{query}")).expect(200)["total"].clone();
        assert_eq!(list(&filter("event_date", "gte", json!("2017-01-01T00:00:00Z"))), 1);
        assert_eq!(list(&filter("event_date", "lte", json!("2016-12-31T23:59:60.5Z"))), 1);
        assert_eq!(list(&filter("event_date", "lt", json!("2016-12-31T23:59:60.5Z"))), 0);
    }
}
