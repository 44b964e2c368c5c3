//! How many statements a request takes on PostgreSQL, where each is a way to another machine and back. (SQLite has no way to save.)

use std::collections::{BTreeMap, BTreeSet};
use std::sync::PoisonError;

use crate::openapi::{fill, operations};
use crate::support::client::Sent;
use crate::support::planted::{self, Family, SERIES};
use crate::support::*;

/// A row with everything that belongs to it.
const ROW: u64 = 1;
/// BEGIN, the ids of the page with the total, the items. COMMIT is sent after the answer.
const PAGE: u64 = 3;
/// Routes that ask the database for nothing while the client waits, or whose statements belong to no request.
const NONE: u64 = 0;

/// The most for what creates or changes, BEGIN and COMMIT included.
const WRITE: u64 = 8;
/// The most for a well with all that is known of it.
const DETAILS: u64 = 3;

/// The statements of every route that reads.
const STATEMENTS: &[(&str, u64)] = &[
    ("/_ah/warmup", NONE),
    ("/api_key", ROW),
    ("/asset", PAGE),
    ("/asset/unassociated", PAGE),
    ("/asset/{asset_id}", ROW),
    ("/deployment", PAGE),
    ("/deployment/{deployment_id}", ROW),
    ("/field-activity", PAGE),
    ("/field-activity/{field_activity_id}", ROW),
    ("/field-event", PAGE),
    ("/field-event/{field_event_id}", ROW),
    // One for each thousand rows.
    ("/geospatial", 1),
    ("/geospatial/project-area/{group_id}", ROW),
    ("/group", PAGE),
    ("/group/{group_id}", ROW),
    ("/health", NONE),
    ("/history/{resource}/{row_id}", PAGE),
    ("/lexicon/category", PAGE),
    ("/lexicon/category/{category_id}", ROW),
    ("/lexicon/term", PAGE),
    ("/lexicon/term/{term_id}", ROW),
    ("/lexicon/triple", PAGE),
    ("/lexicon/triple/{triple_id}", ROW),
    ("/location", PAGE),
    ("/location/{location_id}", ROW),
    ("/metrics", NONE),
    ("/observation", PAGE),
    ("/observation/groundwater-level", PAGE),
    ("/observation/groundwater-level/{observation_id}", ROW),
    ("/observation/transducer-groundwater-level", PAGE),
    ("/observation/transducer-groundwater-level/{observation_id}", ROW),
    ("/observation/water-chemistry", PAGE),
    ("/observation/water-chemistry/{observation_id}", ROW),
    ("/observation/{observation_id}", ROW),
    ("/parameter", PAGE),
    ("/parameter/{parameter_id}", ROW),
    ("/ready", NONE),
    ("/sample", PAGE),
    ("/sample/{sample_id}", ROW),
    ("/sensor", PAGE),
    ("/sensor/{sensor_id}", ROW),
    ("/thing", PAGE),
    ("/thing/id-link", PAGE),
    ("/thing/id-link/{link_id}", ROW),
    ("/thing/measuring-point-history/{measuring_point_history_id}", ROW),
    ("/thing/monitoring-frequency-history/{monitoring_frequency_history_id}", ROW),
    ("/thing/spring", PAGE),
    ("/thing/spring/{thing_id}", ROW),
    ("/thing/status-history/{status_history_id}", ROW),
    ("/thing/water-well", PAGE),
    ("/thing/water-well/{thing_id}", ROW),
    ("/thing/water-well/{thing_id}/details", DETAILS),
    ("/thing/water-well/{thing_id}/export", ROW),
    ("/thing/water-well/{thing_id}/well-screen", PAGE),
    ("/thing/well-screen", PAGE),
    ("/thing/well-screen/{well_screen_id}", ROW),
    ("/thing/{thing_id}", ROW),
    ("/thing/{thing_id}/deployment", PAGE),
    ("/thing/{thing_id}/id-link", PAGE),
    ("/thing/{thing_id}/measuring-point-history", PAGE),
    ("/thing/{thing_id}/monitoring-frequency-history", PAGE),
    ("/thing/{thing_id}/status-history", PAGE),
];

/// A change to each resource, with the table that its id is of. Most send everything that costs a look-up.
pub fn changes(family: &Family) -> Vec<(String, Value)> {
    let Family { location, group, well, spring, parameter, sensor, deployment, visit, block } = *family;
    let one = |path: &str, id: i64, body: Value| (format!("{path}/{id}"), body);
    vec![
        one(
            "/location",
            location,
            json!({"elevation": 1500, "release_status": "public", "elevation_method": "LiDAR DEM",
            "elevation_accuracy": 1.5, "coordinate_method": "Interpolated from map", "notes": [{"note_type": "Access", "content": "new"}]}),
        ),
        one(
            "/group",
            group,
            json!({"name": "renamed", "group_type": "Historical", "parent_group_id": null, "project_area": null}),
        ),
        one(
            "/thing/water-well",
            well,
            json!({"name": "renamed", "release_status": "public", "well_purposes": ["Livestock", "Domestic"],
            "well_casing_materials": ["PVC"], "measuring_point_height": 3.5, "well_construction_notes": "rebuilt", "well_depth": 5}),
        ),
        one("/thing/spring", spring, json!({"name": "renamed", "spring_type": "Thermal"})),
        one(
            "/parameter",
            parameter,
            json!({"parameter_name": "Silver", "matrix": "soil", "parameter_type": "Field Parameter"}),
        ),
        one(
            "/sensor",
            sensor,
            json!({"serial_no": "renumbered", "pcn_number": "renumbered", "sensor_status": "Retired"}),
        ),
        one(
            "/deployment",
            deployment,
            json!({"thing_id": well, "sensor_id": sensor, "recording_interval_units": "minute"}),
        ),
        one("/field-event", visit.event, json!({"thing_id": well, "notes": "changed"})),
        one(
            "/field-activity",
            visit.activity,
            json!({"field_event_id": visit.event, "activity_type": "groundwater level"}),
        ),
        one(
            "/sample",
            visit.sample,
            json!({"field_activity_id": visit.activity, "sample_name": "renamed", "depth_top": 1, "depth_bottom": 2}),
        ),
        one(
            "/observation/groundwater-level",
            visit.observation,
            json!({"parameter_id": parameter, "sample_id": visit.sample,
            "sensor_id": sensor, "unit": null, "value": 12, "groundwater_level_reason": "Site was dry"}),
        ),
        one(&format!("{SERIES}/block"), block, json!({"review_status": "approved"})),
    ]
}

/// Changes of rows whose ids no other test needs: pattern of the path, table, body.
pub const OTHERS: [(&str, &str, &str); 12] = [
    ("/api_key", "api_key", r#"{"name": "renamed"}"#),
    ("/asset", "asset", r#"{"name": "renamed", "label": "again", "release_status": "public"}"#),
    ("/observation/water-chemistry", "observation", r#"{"value": 8, "parameter_id": 2}"#),
    (SERIES, "transducer_observation", r#"{"value": 8, "note": "misread", "data_maturity": "in review"}"#),
    (
        "/thing/well-screen",
        "well_screen",
        r#"{"aquifer_system_id": 1, "geologic_formation_id": 1, "screen_type": "Steel"}"#,
    ),
    ("/thing/id-link", "thing_id_link", r#"{"relation": "PLSS", "alternate_organization": "USGS"}"#),
    ("/thing/status-history", "status_history", r#"{"status_value": "Open", "end_date": "2026-01-01"}"#),
    (
        "/thing/measuring-point-history",
        "measuring_point_history",
        r#"{"reason": "again", "measuring_point_height": 5}"#,
    ),
    (
        "/thing/monitoring-frequency-history",
        "monitoring_frequency_history",
        r#"{"end_date": "2026-01-01", "release_status": "public"}"#,
    ),
    ("/lexicon/term", "lexicon_term", r#"{"term": "renamed", "definition": "again"}"#),
    ("/lexicon/category", "lexicon_category", r#"{"name": "renamed", "description": "again"}"#),
    ("/lexicon/triple", "lexicon_triple", r#"{"subject": "PVC", "object_": "Steel", "predicate": "related_to"}"#),
];

pub fn last(app: &App, table: &str) -> i64 {
    app.db.number(&format!("SELECT max(id) FROM \"{table}\""))
}

/// Rows in every table; what was sent to store them.
fn plant(app: &App) -> (Family, Vec<Sent>) {
    plant_by(app, &app.client)
}

/// The same on somebody's behalf.
pub fn plant_by(app: &App, client: &Client) -> (Family, Vec<Sent>) {
    let (client, log) = client.noting();
    let family = planted::family(&client, "one", "Lead");
    planted::family(&client, "two", "Zinc");
    for well in [family.well, family.well + 2] {
        planted::hydrogeology(
            &app.db,
            &format!("system {well}"),
            well,
            if well == family.well { "110ALVM" } else { "000EXRV" },
        );
    }
    planted::contact(&app.db, "one", family.well, family.visit);
    client.create(&format!("/group/{}/things/{}", family.group + 1, family.well), json!({}));
    crate::asset::plant(&client, family.well);
    client.create("/api_key", json!({"name": "walk"}));
    client.create("/lexicon/category", json!({"name": "walk"}));
    let term = |name: &str| json!({"term": name, "definition": "d", "categories": ["walk", {"name": "unit", "description": "u"}]});
    client.create("/lexicon/term", term("made for the walk"));
    client.create(
        "/lexicon/triple",
        json!({"subject": term("subject"), "predicate": "same_as", "object_": term("object")}),
    );
    let sent = log.lock().unwrap_or_else(PoisonError::into_inner).clone();
    (family, sent)
}

/// The document's path that a request was for.
fn pattern<'p>(paths: &'p BTreeSet<String>, path: &str) -> &'p str {
    let fits = |pattern: &&String| {
        let (pattern, path): (Vec<&str>, Vec<&str>) = (pattern.split('/').collect(), path.split('/').collect());
        let same = |(pattern, path): (&&str, &&str)| {
            pattern == path || (pattern.starts_with('{') && path.parse::<i64>().is_ok())
        };
        pattern.len() == path.len() && pattern.iter().zip(&path).all(same)
    };
    paths.iter().find(fits).unwrap_or_else(|| panic!("{path} is not in the document"))
}

/// An id of what a path's parameter names.
fn id_for(app: &App, path: &str, family: &Family) -> i64 {
    let parameter = path.split(['{', '}']).nth(1).unwrap_or_default();
    match parameter {
        "location_id" => family.location,
        "group_id" => family.group,
        "thing_id" if path.starts_with("/thing/spring") => family.spring,
        "thing_id" => family.well,
        "observation_id" if path.starts_with(SERIES) => last(app, "transducer_observation"),
        "observation_id" if path.starts_with("/observation/groundwater-level") => family.visit.observation,
        "observation_id" => last(app, "observation"),
        "link_id" => last(app, "thing_id_link"),
        "term_id" | "category_id" | "triple_id" => last(app, &format!("lexicon_{}", parameter.trim_end_matches("_id"))),
        "" => 0,
        other => last(app, other.trim_end_matches("_id")),
    }
}

#[test]
#[ignore = "needs OCOTILLO_TEST_POSTGRES_URL"]
fn every_route_that_reads_takes_the_pinned_number() {
    let app = Database::postgres().start();
    let (family, _) = plant(&app);
    let document = app.get("/openapi.json").expect(200);
    let pinned: BTreeMap<&str, u64> = STATEMENTS.iter().copied().collect();
    let mut differ = Vec::new();
    let mut walked = BTreeSet::new();
    for (_, path, _) in operations(&document).into_iter().filter(|(method, ..)| method == "GET") {
        let path_of_well = path.replace("{resource}/{row_id}", "thing/{thing_id}");
        let concrete = fill(&path_of_well, &id_for(&app, &path_of_well, &family).to_string());
        // The first request of a connection may do what the next need not.
        app.get(&concrete);
        let reply = app.get(&concrete);
        assert_eq!(reply.status, 200, "{concrete}: {}", reply.text());
        if path != "/metrics" {
            assert!(!reply.text().contains(r#""items":[]"#), "{concrete}: nothing is planted");
        }
        if pinned.get(path.as_str()) != Some(&reply.queries()) {
            differ.push(format!("(\"{path}\", {})", reply.queries()));
        }
        walked.insert(path);
    }
    assert!(differ.is_empty(), "pinned otherwise, or not at all:\n{}", differ.join(",\n"));
    let gone: Vec<&&str> = pinned.keys().filter(|path| !walked.contains(**path)).collect();
    assert!(gone.is_empty(), "{gone:?} are no routes");
}

#[test]
#[ignore = "needs OCOTILLO_TEST_POSTGRES_URL"]
fn a_large_page_takes_no_more_than_a_small_one() {
    let app = Database::postgres().start();
    plant(&app);
    for (path, statements) in STATEMENTS.iter().filter(|(path, statements)| *statements == PAGE && !path.contains('{'))
    {
        let large = app.get(&format!("{path}?size=10000"));
        large.expect(200);
        // (The terms are more than one piece, of which the first alone is counted.)
        assert!(large.queries() <= *statements, "{path}: {}", large.queries());
    }
}

#[test]
#[ignore = "needs OCOTILLO_TEST_POSTGRES_URL"]
fn whatever_creates_or_changes_takes_a_bounded_number() {
    let app = Database::postgres().start();
    let (family, mut sent) = plant(&app);
    let (client, log) = app.client.noting();
    for (path, body) in changes(&family) {
        client.patch(&path, body).expect(200);
    }
    for (path, table, body) in OTHERS {
        client.patch(&format!("{path}/{}", last(&app, table)), serde_json::from_str(body).unwrap()).expect(200);
    }
    sent.append(&mut log.lock().unwrap_or_else(PoisonError::into_inner));
    let document = app.get("/openapi.json").expect(200);
    let all = operations(&document);
    let paths: BTreeSet<String> = all.iter().map(|(_, path, _)| path.clone()).collect();
    let mut most: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for request in &sent {
        assert!(request.status < 300, "{request:?}");
        let pattern = pattern(&paths, &request.path);
        let known = most.entry((request.method.as_str(), pattern)).or_default();
        *known = request.queries.max(*known);
    }
    let missing: Vec<_> = all
        .iter()
        .filter(|(method, path, _)| ["POST", "PATCH"].contains(&method.as_str()) && !most.contains_key(&(method, path)))
        .map(|(method, path, _)| format!("{method} {path}"))
        .collect();
    assert!(missing.is_empty(), "not tried: {missing:?}");
    let over: Vec<_> = most.iter().filter(|(_, queries)| **queries > WRITE).collect();
    assert!(over.is_empty(), "{over:?} of {most:?}");
}
