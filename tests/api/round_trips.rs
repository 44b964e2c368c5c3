//! How many statements a request takes on PostgreSQL, where each is a way to another machine and back. (SQLite has no way to save.)

use std::collections::{BTreeMap, BTreeSet};
use std::sync::PoisonError;

use crate::openapi::{fill, operations, with_required};
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
    ("/access/consent", PAGE),
    ("/access/decision", ROW),
    ("/access/destination", PAGE),
    ("/access/destination/{slug}/thing", PAGE),
    ("/access/grant", PAGE),
    ("/author", PAGE),
    ("/author/{author_id}", ROW),
    ("/author/{author_id}/publications", ROW),
    ("/analysis-method", PAGE),
    ("/analysis-method/{analysis_method_id}", ROW),
    ("/api_key", ROW),
    ("/asset", PAGE),
    ("/asset/unassociated", PAGE),
    ("/asset/{asset_id}", ROW),
    ("/contact", PAGE),
    ("/contact/address", PAGE),
    ("/contact/address/{address_id}", ROW),
    ("/contact/email", PAGE),
    ("/contact/email/{email_id}", ROW),
    ("/contact/phone", PAGE),
    ("/contact/phone/{phone_id}", ROW),
    ("/contact/{contact_id}", ROW),
    ("/contact/{contact_id}/address", PAGE),
    ("/contact/{contact_id}/email", PAGE),
    ("/contact/{contact_id}/phone", PAGE),
    ("/aquifer-system", PAGE),
    ("/aquifer-system/{aquifer_system_id}", ROW),
    ("/aquifer-type", PAGE),
    ("/aquifer-type/{aquifer_type_id}", ROW),
    ("/chemistry/display", ROW),
    ("/chemistry/results", PAGE),
    ("/data-provenance", PAGE),
    ("/data-provenance/{data_provenance_id}", ROW),
    ("/deployment", PAGE),
    ("/deployment/{deployment_id}", ROW),
    ("/disclaimer", NONE),
    ("/feedback", PAGE),
    ("/field-activity", PAGE),
    ("/field-activity/{field_activity_id}", ROW),
    ("/field-event", PAGE),
    ("/field-event-participant", PAGE),
    ("/field-event-participant/{field_event_participant_id}", ROW),
    ("/field-event/{field_event_id}", ROW),
    ("/geochronology/age", PAGE),
    ("/geochronology/age/{geochronology_age_id}", ROW),
    ("/geologic-formation", PAGE),
    ("/geologic-formation/{geologic_formation_id}", ROW),
    // The things, and what is newest of them, for each thousand rows.
    ("/geospatial", 2),
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
    ("/ngwmn/lithology/{pointid}", ROW),
    ("/ngwmn/waterlevels/{pointid}", ROW),
    ("/ngwmn/wellconstruction/{pointid}", ROW),
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
    ("/permission-history", PAGE),
    ("/permission-history/{permission_history_id}", ROW),
    ("/publication", PAGE),
    ("/publication/{publication_id}", ROW),
    ("/ready", NONE),
    ("/regulatory_limit", PAGE),
    ("/regulatory_limit/{regulatory_limit_id}", ROW),
    ("/sample", PAGE),
    ("/sample/{sample_id}", ROW),
    ("/search", PAGE),
    ("/sensor", PAGE),
    ("/sensor/{sensor_id}", ROW),
    ("/thing", PAGE),
    ("/thing-aquifer-association", PAGE),
    ("/thing-aquifer-association/{thing_aquifer_association_id}", ROW),
    ("/thing-geologic-formation-association", PAGE),
    ("/thing-geologic-formation-association/{thing_geologic_formation_association_id}", ROW),
    ("/thing/geothermal-well", PAGE),
    ("/thing/geothermal-well/{well_data_id}", ROW),
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
    // The thing, where its series begin, and each two thousand values.
    ("/thing/{thing_id}/time-series", 3),
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
        (
            format!("/thing/geothermal-well/{}", planted::uuid(well)),
            json!({"thing_id": well, "name": "renamed", "longitude": 1, "latitude": 2}),
        ),
        one(&format!("{SERIES}/block"), block, json!({"review_status": "approved"})),
    ]
}

/// Changes of rows whose ids no other test needs: pattern of the path, table, body.
pub const OTHERS: &[(&str, &str, &str)] = &[
    (
        "/analysis-method",
        "analysis_method",
        r#"{"analysis_method_code": "renumbered", "analysis_method_type": "Laboratory"}"#,
    ),
    (
        "/aquifer-system",
        "aquifer_system",
        r#"{"name": "renamed", "primary_aquifer_type": "Artesian", "boundary": null}"#,
    ),
    ("/geologic-formation", "geologic_formation", r#"{"formation_code": "111MCCR", "boundary": null}"#),
    ("/aquifer-type", "aquifer_type", r#"{"thing_aquifer_association_id": 1, "aquifer_type": "Artesian"}"#),
    (
        "/thing-aquifer-association",
        "thing_aquifer_association",
        r#"{"thing_id": 1, "aquifer_system_id": 1, "aquifer_types": ["Artesian"], "release_status": "public"}"#,
    ),
    (
        "/thing-geologic-formation-association",
        "thing_geologic_formation_association",
        r#"{"thing_id": 1, "geologic_formation_id": 1, "top_depth": 2, "bottom_depth": 3}"#,
    ),
    ("/regulatory_limit", "regulatory_limit", r#"{"parameter_id": 1, "limit_source": "USGS", "limit_unit": "mg/L"}"#),
    (
        "/permission-history",
        "permission_history",
        r#"{"contact_id": 1, "permission_type": "Datalogger Installation", "end_date": "2026-01-01", "target_table": "thing", "target_id": 1}"#,
    ),
    (
        "/data-provenance",
        "data_provenance",
        r#"{"target_table": "thing", "target_id": 1, "collection_method": "Reported", "accuracy_unit": "ft"}"#,
    ),
    ("/api_key", "api_key", r#"{"name": "renamed"}"#),
    ("/asset", "asset", r#"{"name": "renamed", "label": "again", "release_status": "public"}"#),
    // (Thing 2 is a spring, for which nobody is the contact yet.)
    (
        "/contact",
        "contact",
        r#"{"name": "renamed", "organization": "USGS", "role": "Manager", "contact_type": "Secondary", "thing_id": 2}"#,
    ),
    ("/contact/address", "address", r#"{"contact_id": 1, "state": null, "address_type": "Work"}"#),
    ("/contact/email", "email", r#"{"contact_id": 1, "email": "renamed@example.org", "email_type": "Work"}"#),
    ("/contact/phone", "phone", r#"{"contact_id": 1, "phone_number": "505-555-0144", "phone_type": "Work"}"#),
    (
        "/field-event-participant",
        "field_event_participant",
        r#"{"field_event_id": 1, "contact_id": 1, "participant_role": "Observer"}"#,
    ),
    (
        "/publication",
        "publication",
        r#"{"title": "renamed", "authors": ["walker", "runner"], "doi": "10.1/renamed", "publication_type": "Map"}"#,
    ),
    ("/author", "pub_author", r#"{"name": "renamed", "email": "a@example.org", "affiliation": "again"}"#),
    ("/geochronology/age", "geochronology_age", r#"{"location_id": 1, "age": 2, "method": "K/Ar"}"#),
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
            &client,
            &format!("system {well}"),
            well,
            if well == family.well { "110ALVM" } else { "000EXRV" },
        );
    }
    planted::contact(&client, &app.db, "one", family.well, family.visit);
    let association =
        json!({"thing_aquifer_association_id": last(app, "thing_aquifer_association"), "aquifer_type": "Fractured"});
    client.create("/aquifer-type", association);
    client.create(
        "/permission-history",
        json!({"contact_id": last(app, "contact"), "permission_type": "Water Level Sample", "permission_allowed": true,
            "start_date": "2020-01-01", "target_table": "location", "target_id": family.location}),
    );
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
    records(&client, &family);
    let sent = log.lock().unwrap_or_else(PoisonError::into_inner).clone();
    (family, sent)
}

/// Publications, reports, and records of access.
fn records(client: &Client, family: &Family) {
    for (title, authors) in [("one", ["walker", "sleeper"]), ("two", ["sleeper", "walker"])] {
        client.create(
            "/publication/add",
            json!({"title": title, "authors": authors, "year": 2024, "doi": format!("10.1/{title}"), "publication_type": "Report"}),
        );
    }
    client.create("/feedback", json!({"type": "bug", "description": "walk"}));
    let grant = json!({"principal_type": "group", "principal_id": "walkers", "capability": "view", "scope_type": "thing",
        "scope_id": family.well, "data_type": "all"});
    let grant = client.create("/access/grant", grant)["id"].clone();
    client.create(&format!("/access/grant/{grant}/revocation"), json!({}));
    client.create("/access/destination", json!({"slug": "7", "name": "walk", "destination_kind": "web_page"}));
    let consent = |data_type: &str| {
        let body = json!({"thing_id": family.well, "destination_slug": "7", "data_type": data_type});
        client.create("/access/consent", body)["id"].clone()
    };
    consent("all");
    client.create(&format!("/access/consent/{}/revocation", consent("site")), json!({}));
}

/// The document's path that a request was for.
fn pattern<'p>(paths: &'p BTreeSet<String>, path: &str) -> &'p str {
    let path = path.split('?').next().unwrap();
    let fits = |pattern: &&String| {
        let (pattern, path): (Vec<&str>, Vec<&str>) = (pattern.split('/').collect(), path.split('/').collect());
        let same = |(pattern, path): (&&str, &&str)| {
            pattern == path
                || (pattern.starts_with('{') && (path.parse::<i64>().is_ok() || path.starts_with("00000000-")))
        };
        pattern.len() == path.len() && pattern.iter().zip(&path).all(same)
    };
    paths.iter().find(fits).unwrap_or_else(|| panic!("{path} is not in the document"))
}

/// An id of what a path's parameter names.
pub fn id_for(app: &App, path: &str, family: &Family) -> i64 {
    let parameter = path.split(['{', '}']).nth(1).unwrap_or_default();
    match parameter {
        "location_id" => family.location,
        "group_id" => family.group,
        "thing_id" if path.starts_with("/thing/spring") => family.spring,
        "thing_id" | "well_data_id" => family.well,
        "observation_id" if path.starts_with(SERIES) => last(app, "transducer_observation"),
        "observation_id" if path.starts_with("/observation/groundwater-level") => family.visit.observation,
        "observation_id" => last(app, "observation"),
        "link_id" => last(app, "thing_id_link"),
        "author_id" => last(app, "pub_author"),
        "slug" => 7,
        "term_id" | "category_id" | "triple_id" => last(app, &format!("lexicon_{}", parameter.trim_end_matches("_id"))),
        // (The feeds are of names: this one has no records.)
        "" | "pointid" => 0,
        other => last(app, other.trim_end_matches("_id")),
    }
}

/// A path with what it cannot do without.
pub fn asked(path: &str) -> String {
    match path {
        "/search" => format!("{path}?q=one"),
        // (The first thing of a new database.)
        "/chemistry/display" => format!("{path}?thing_id=1"),
        path => path.to_owned(),
    }
}

/// A list with parameters, beside those that it must have.
fn with_words(path: &str, words: &str) -> String {
    let asked = asked(path);
    format!("{asked}{}{words}", if asked.contains('?') { '&' } else { '?' })
}

/// What only shows what is released has something to show then.
pub fn release(app: &App) {
    for table in app.db.tables_with("release_status") {
        app.db.execute(&format!("UPDATE \"{table}\" SET release_status = 'public', release_at = NULL"));
    }
}

#[test]
#[ignore = "needs OCOTILLO_TEST_POSTGRES_URL"]
fn every_route_that_reads_takes_the_pinned_number() {
    let app = Database::postgres().start();
    let (family, _) = plant(&app);
    release(&app);
    let document = app.get("/openapi-auth.json").expect(200);
    let pinned: BTreeMap<&str, u64> = STATEMENTS.iter().copied().collect();
    let mut differ = Vec::new();
    let mut walked = BTreeSet::new();
    for (_, path, operation) in operations(&document).into_iter().filter(|(method, ..)| method == "GET") {
        let path_of_well = path.replace("{resource}/{row_id}", "thing/{thing_id}");
        let concrete = fill(&path_of_well, &id_for(&app, &path_of_well, &family).to_string());
        let concrete = match asked(&concrete) {
            unasked if unasked == concrete => with_required(&concrete, &operation, family.well),
            asked => asked,
        };
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
        let path = asked(path);
        let large = app.get(&format!("{path}{}size=10000", if path.contains('?') { "&" } else { "?" }));
        large.expect(200);
        // (The terms are more than one piece, of which the first alone is counted.)
        assert!(large.queries() <= *statements, "{path}: {}", large.queries());
    }
}

#[test]
#[ignore = "needs OCOTILLO_TEST_POSTGRES_URL"]
fn a_page_behind_a_row_takes_no_more_than_one_by_its_number() {
    let app = Database::postgres().start();
    plant(&app);
    release(&app);
    let mut walked = 0;
    for (path, statements) in STATEMENTS.iter().filter(|(path, statements)| *statements == PAGE && !path.contains('{'))
    {
        for count in ["false", "bounded", "exact"] {
            let first = app.get(&with_words(path, &format!("size=1&count={count}")));
            assert_eq!(first.queries(), *statements, "{path}");
            if let Some(next) = first.expect(200)["next"].as_str() {
                let behind = app.get(&with_words(path, &format!("size=1&count={count}&after={next}")));
                behind.expect(200);
                assert_eq!(behind.queries(), *statements, "{path} {count}");
                walked += 1;
            }
        }
    }
    assert!(walked > 50, "{walked}");
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
    let document = app.get("/openapi-auth.json").expect(200);
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
        // (A file takes more, by its rows.)
        .filter(|(_, path, _)| !path.ends_with("/bulk-upload"))
        .map(|(method, path, _)| format!("{method} {path}"))
        .collect();
    assert!(missing.is_empty(), "not tried: {missing:?}");
    let over: Vec<_> = most.iter().filter(|(_, queries)| **queries > WRITE).collect();
    assert!(over.is_empty(), "{over:?} of {most:?}");
}
