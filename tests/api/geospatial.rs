use std::io::{Cursor, Read as _};
use std::time::Duration;

use zip::ZipArchive;

use crate::support::planted;
use crate::support::principals::{ByName, EVERYTHING};
use crate::support::routes::{place, release, routes, wait_for};
use crate::support::slow::{SlowClient, jobs, jobs_until_quiet, metric, permits_in_use, wait_until};
use crate::support::*;

const EXPORT: &str = "export_things";
/// How every feature begins.
const FEATURE: &str = r#"{"type":"Feature","#;
const AREA: &str = "MULTIPOLYGON (((-107 34, -106 34, -106 35, -107 34)), \
     ((-105.5 33, -105 33, -105 33.25, -105.5 33), (-105.2 33.05, -105.1 33.05, -105.1 33.1, -105.2 33.05)))";

fn thing(app: &App, kind: &str, name: &str, point: Option<&str>, groups: &[i64]) -> i64 {
    let location =
        point.map(|point| app.create("/location", json!({"point": point, "elevation": 1432.5}))["id"].clone());
    let id =
        app.create(&format!("/thing/{kind}"), json!({"name": name, "location_id": location}))["id"].as_i64().unwrap();
    for group in groups {
        app.create(&format!("/group/{group}/things/{id}"), json!({}));
    }
    id
}

fn group(app: &App, name: &str, kind: Option<&str>) -> i64 {
    app.create("/group", json!({"name": name, "group_type": kind}))["id"].as_i64().unwrap()
}

/// So many wells, each at a place of its own; a third of them in a group, and every tenth also at two places before.
fn many(db: &Database, count: usize, suffix: &str) {
    let numbers = format!("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})");
    db.execute(&format!(
        "INSERT INTO thing (name, thing_type) {numbers} SELECT 'NM-' || i || '{suffix}', 'water well' FROM n;
         INSERT INTO location (longitude, latitude, elevation) {numbers} SELECT -103 - i * 0.001, 33.5, 1000 + i FROM n;
         INSERT INTO location_thing_association (location_id, thing_id, effective_start, effective_end)
             SELECT 1, id, '2001-01-01 00:00:00', '2002-01-01 00:00:00' FROM thing WHERE id % 10 = 0;
         INSERT INTO location_thing_association (location_id, thing_id, effective_start)
             SELECT id, id, '2020-01-01 00:00:00' FROM thing;
         INSERT INTO location_thing_association (location_id, thing_id, effective_start)
             SELECT 1, id, '2002-01-01 00:00:00' FROM thing WHERE id % 10 = 0;
         INSERT INTO \"group\" (name) VALUES ('Third');
         INSERT INTO group_thing_association (group_id, thing_id) SELECT 1, id FROM thing WHERE id % 3 = 0"
    ));
}

fn features(app: &App, query: &str) -> Vec<Value> {
    let collection = app.get(&format!("/geospatial?{query}")).expect(200);
    assert_eq!(collection["type"], "FeatureCollection");
    assert_eq!(collection.as_object().unwrap().keys().collect::<Vec<_>>(), ["type", "features"]);
    collection["features"].as_array().unwrap().clone()
}

/// One property of all features.
fn properties(app: &App, query: &str, key: &str) -> Value {
    features(app, query).iter().map(|feature| feature["properties"][key].clone()).collect()
}

fn names(app: &App, query: &str) -> Value {
    properties(app, query, "name")
}

/// The files of a zip archive.
fn unzip(reply: &Reply) -> Vec<(String, Vec<u8>)> {
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("application/zip")));
    assert_eq!(reply.header("content-disposition"), Some("attachment; filename=\"things.zip\""));
    assert_eq!(reply.header("content-length"), Some(reply.body.len().to_string().as_str()));
    let mut zip = ZipArchive::new(Cursor::new(reply.body.clone())).unwrap();
    (0..zip.len())
        .map(|index| {
            let mut file = zip.by_index(index).unwrap();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            (file.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

/// So long that no socket buffers a whole export of it.
fn long_suffix() -> String {
    "-".repeat(8000)
}

both! {
    fn things_come_as_features(db: Database) {
        let app = db.start();
        let (first, second) = (group(&app, "First", None), group(&app, "Second", None));
        let well = thing(&app, "water-well", "W \"1\"", Some("POINT (-106.91 34.07)"), &[second, first]);
        let spring = thing(&app, "spring", "S", Some("POINT (-107 33)"), &[]);
        thing(&app, "spring", "nowhere", None, &[first]);
        let reply = app.get("/geospatial");
        assert_eq!(reply.header("content-type"), Some("application/geo+json"));
        assert_eq!(reply.json(), json!({"type": "FeatureCollection", "features": [
            {"type": "Feature", "id": well, "geometry": {"type": "Point", "coordinates": [-106.91, 34.07, 1432.5]},
                "properties": {"id": well, "thing_type": "water well", "name": "W \"1\"", "group": "First", "county": null,
                    "well_depth": null, "well_depth_unit": "ft", "monitoring_status": null, "open_status": null,
                    "latest_water_level": null, "latest_water_level_unit": "ft", "latest_water_level_datetime": null}},
            {"type": "Feature", "id": spring, "geometry": {"type": "Point", "coordinates": [-107.0, 33.0, 1432.5]},
                "properties": {"id": spring, "thing_type": "spring", "name": "S", "group": null, "county": null,
                    "well_depth": null, "well_depth_unit": "ft", "monitoring_status": null, "open_status": null,
                    "latest_water_level": null, "latest_water_level_unit": "ft", "latest_water_level_datetime": null}},
        ]}));
        let features = features(&app, "format=geojson");
        assert_eq!(features[0].as_object().unwrap().keys().collect::<Vec<_>>(), ["type", "id", "geometry", "properties"]);
        assert_eq!(features[0]["properties"].as_object().unwrap().keys().collect::<Vec<_>>(),
            ["id", "thing_type", "name", "group", "county", "well_depth", "well_depth_unit", "monitoring_status", "open_status",
                "latest_water_level", "latest_water_level_unit", "latest_water_level_datetime"]);
    }

    fn maps_show_what_is_newest(db: Database) {
        let app = db.start_asking(|config| config.auth.anonymous = vec!["geospatial".to_owned(), "observation".to_owned()], ByName);
        let everything = app.client.on_behalf_of(EVERYTHING);
        let one = planted::family(&everything, "ONE", "Lead");
        let two = planted::family(&everything, "TWO", "Zinc");
        app.db.execute(&format!(
            "UPDATE location SET county = 'Socorro' WHERE id = {};
             UPDATE thing SET release_status = 'public';
             UPDATE location SET release_status = 'public';
             INSERT INTO status_history (status_type, status_value, start_date, target_id, target_table)
                 VALUES ('Monitoring Status', 'Not currently monitored', '2023-01-01', {well}, 'thing'),
                     ('Open Status', 'Closed', '2090-01-01', {well}, 'thing');
             INSERT INTO status_history (status_type, status_value, start_date, end_date, target_id, target_table)
                 VALUES ('Open Status', 'Open', '2091-01-01', '2092-01-01', {well}, 'thing')",
            one.location, well = one.well
        ));
        // Older by hand, then a level without a measuring point, one in metres, a result of a laboratory; at last a newer reading.
        let shown = |client: &Client| {
            let map = client.get("/geospatial").expect(200);
            let features = map["features"].as_array().unwrap().clone();
            let all = features.into_iter().map(|feature| (feature["id"].as_i64().unwrap(), feature["properties"].clone()));
            all.collect::<std::collections::BTreeMap<i64, Value>>()
        };
        let level = |client: &Client, thing: i64| {
            let all = shown(client);
            json!([all[&thing]["latest_water_level"], all[&thing]["latest_water_level_datetime"]])
        };
        assert_eq!(level(&everything, one.well), json!([120.25, "2026-02-20T17:05:00Z"]), "a measured level is newer than all readings");
        app.db.execute(&format!(
            "INSERT INTO observation (sample_id, parameter_id, observation_datetime, value, unit, measuring_point_height) VALUES
                ({sample}, 1, '2026-02-01 00:00:00', 50, 'ft', 1), ({sample}, 1, '2026-03-01 00:00:00', 50, 'ft', NULL),
                ({sample}, 1, '2026-03-02 00:00:00', NULL, 'ft', 1), ({sample}, 1, '2026-03-03 00:00:00', 50, 'm', 1)",
            sample = one.visit.sample
        ));
        assert_eq!(level(&everything, one.well), json!([120.25, "2026-02-20T17:05:00Z"]));
        app.db.execute(&format!("DELETE FROM observation WHERE sample_id = {}", two.visit.sample));
        assert_eq!(level(&everything, two.well), json!([5.0, "2026-01-05T00:00:00Z"]), "the newest reading");
        app.db.execute(&format!(
            "INSERT INTO transducer_observation (parameter_id, deployment_id, observation_datetime, value)
                 VALUES ({}, {}, '2026-01-09 00:00:00', 9)",
            two.parameter, two.deployment
        ));
        assert_eq!(level(&everything, two.well), json!([5.0, "2026-01-05T00:00:00Z"]), "one outside all blocks is not published");
        let all = shown(&everything);
        let columns = ["county", "well_depth", "monitoring_status", "open_status"].map(|key| all[&one.well][key].clone());
        assert_eq!(json!(columns), json!(["Socorro", 310.0, "Not currently monitored", false]));
        assert_eq!(all[&one.spring]["latest_water_level"], Value::Null);
        // Whoever may not read observations sees everything else.
        for client in [app.client.on_behalf_of("viewer"), app.client.on_behalf_of("amp viewer"), app.client.clone()] {
            assert_eq!(level(&client, one.well), json!([null, null]));
            assert_eq!(shown(&client)[&one.well]["well_depth"], 310.0);
        }
    }

    fn maps_are_searched_and_filtered(db: Database) {
        let app = db.start();
        let plan = group(&app, "Plan", None);
        let at = Some("POINT (-106 34)");
        for (kind, name, depth) in [("water-well", "SO-1", json!(10)), ("water-well", "SO-2", json!(300)), ("spring", "Ojo SO", Value::Null)] {
            let id = thing(&app, kind, name, at, &[plan]);
            if !depth.is_null() {
                app.patch(&format!("/thing/water-well/{id}"), json!({"well_depth": depth})).expect(200);
            }
        }
        for group in ["", "&group=Plan"] {
            let names = |query: &str| names(&app, &format!("{query}{group}"));
            assert_eq!(names("query=ojo"), json!(["Ojo SO"]));
            assert_eq!(names(&filter("well_depth", "gt", json!(100))), json!(["SO-2"]));
            assert_eq!(names(&format!("{}&{}", filter("name", "contains", json!("so")), filter("thing_type", "eq", json!("water well")))), json!(["SO-1", "SO-2"]));
            assert_eq!(names(&format!("{}&thing_type=spring", filter("name", "contains", json!("so")))), json!(["Ojo SO"]));
            assert_eq!(names(&format!("{}&bbox=0,0,1,1", filter("name", "contains", json!("so")))), json!([]));
            assert_eq!(names(&format!("{}&bbox=-107,33,-105,35&query=so", filter("groups", "eq", json!("Plan")))), names("query=so"));
        }
        assert_eq!(app.get(&format!("/geospatial?{}", filter("colour", "eq", json!(1)))).detail(400), "Unknown filter field 'colour' for Thing");
        assert_eq!(app.get("/geospatial?filter=%7B").detail(400), "Invalid JSON in filter");
        assert_eq!(app.get(&format!("/geospatial?format=shapefile&{}", filter("colour", "eq", json!(1)))).detail(400), "Unknown filter field 'colour' for Thing");
        assert_eq!(app.get(&format!("/geospatial?query={}", "x".repeat(1001))).detail(422)[0]["loc"], json!(["query", "query"]));
        let files = unzip(&app.get(&format!("/geospatial?format=shapefile&{}", filter("well_depth", "gt", json!(100)))));
        assert_eq!(files[0].1.len(), 144);
    }

    fn an_empty_collection_is_one_too(db: Database) {
        let app = db.start();
        assert_eq!(app.get("/geospatial").text(), r#"{"type":"FeatureCollection","features":[]}"#);
    }

    fn the_place_that_a_thing_came_to_last_counts(db: Database) {
        let app = db.start();
        let moved = thing(&app, "spring", "moved", Some("POINT (1 1)"), &[]);
        let left = thing(&app, "spring", "left", Some("POINT (2 2)"), &[]);
        let tied = thing(&app, "spring", "tied", Some("POINT (3 3)"), &[]);
        for point in ["POINT (11 11)", "POINT (12 12)", "POINT (13 13)"] {
            app.create("/location", json!({"point": point, "elevation": 5}));
        }
        app.db.execute(&format!(
            "UPDATE location_thing_association SET effective_start = '2020-01-01 00:00:00';
             INSERT INTO location_thing_association (location_id, thing_id, effective_start, effective_end) VALUES
                (4, {moved}, '2021-01-01 00:00:00', NULL), (1, {moved}, '2019-01-01 00:00:00', '2020-01-01 00:00:00'),
                (5, {left}, '2021-01-01 00:00:00', '2022-01-01 00:00:00'),
                (6, {tied}, '2020-01-01 00:00:00', NULL)"
        ));
        let found: Vec<Value> = features(&app, "").iter().map(|f| json!([f["properties"]["name"], f["geometry"]["coordinates"][0]])).collect();
        assert_eq!(json!(found), json!([["moved", 11.0], ["tied", 13.0]]), "left is nowhere, although it was somewhere before");
    }

    fn types_and_groups_choose(db: Database) {
        let app = db.start();
        let plan = group(&app, "Basin", Some("Monitoring Plan"));
        let area = group(&app, "Basin", Some("Geographic Area"));
        let other = group(&app, "Other", None);
        let digits = group(&app, "77", None);
        let at = Some("POINT (-106 34)");
        thing(&app, "water-well", "w1", at, &[other, plan]);
        thing(&app, "spring", "s1", at, &[plan, area]);
        thing(&app, "spring", "s2", at, &[area, digits]);
        thing(&app, "water-well", "w2", at, &[]);
        assert_eq!(names(&app, ""), json!(["w1", "s1", "s2", "w2"]));
        assert_eq!(names(&app, "thing_type=spring"), json!(["s1", "s2"]));
        assert_eq!(names(&app, "thing_type=spring&thing_type=water%20well&thing_type=spring"), json!(["w1", "s1", "s2", "w2"]));
        assert_eq!(names(&app, "thing_type=Spring&thing_type=nonsense"), json!([]));
        assert_eq!(names(&app, "thing_type=&group="), json!(["w1", "s1", "s2", "w2"]));
        assert_eq!(names(&app, &format!("group={plan}")), json!(["w1", "s1"]));
        assert_eq!(names(&app, &format!("group={plan}&thing_type=spring")), json!(["s1"]));
        assert_eq!(names(&app, &format!("group={plan}&thing_type=spring&thing_type=water+well")), json!(["w1", "s1"]));
        assert_eq!(names(&app, "group=Basin"), json!(["w1", "s1", "s2"]), "two groups of that name, each thing once");
        assert_eq!(names(&app, "group=basin"), json!([]), "the very name");
        assert_eq!(names(&app, "group=77"), json!([]), "digits are a key");
        for unknown in ["4711", "99999999999999999999", "Nobody", "-1", "%27"] {
            assert_eq!(names(&app, &format!("group={unknown}")), json!([]), "{unknown}");
        }
        assert_eq!(properties(&app, "", "group"), json!(["Basin", "Basin", "Basin", null]));
        assert_eq!(properties(&app, &format!("group={other}"), "group"), json!(["Other"]), "the one that was asked for");
    }

    fn what_is_wrong_is_said(db: Database) {
        let app = db.start();
        for (query, sent) in [("format=kml", "kml"), ("format=", ""), ("format=GeoJSON", "GeoJSON"), ("format=geojson&format=shapefile%20", "shapefile ")] {
            assert_eq!(app.get(&format!("/geospatial?{query}")).detail(422), json!([{"type": "string_pattern_mismatch",
                "loc": ["query", "format"], "msg": "String should match pattern '^(geojson|shapefile)$'", "input": sent,
                "ctx": {"pattern": "^(geojson|shapefile)$"}}]));
        }
        let detail = app.get("/geospatial?format=kml&thing_type=%00&group=%00").detail(422);
        assert_eq!(detail.as_array().unwrap().len(), 3, "all at once: {detail}");
    }

    fn many_things_come_in_pieces(db: Database) {
        many(&db, 2500, "");
        let app = db.start();
        let reply = app.get("/geospatial");
        assert_eq!((reply.header("transfer-encoding"), reply.header("content-length")), (Some("chunked"), None));
        let ids: Vec<i64> = reply.json()["features"].as_array().unwrap().iter().map(|f| f["properties"]["id"].as_i64().unwrap()).collect();
        assert_eq!(ids, (1..=2500).collect::<Vec<_>>());
        assert!(jobs(&app, EXPORT) >= 3, "2,500 wells with 500 places more are four pieces of 1,000 rows");
        let all = reply.json()["features"].clone();
        assert_eq!(all[9]["geometry"]["coordinates"], json!([-103.01, 33.5, 1010.0]), "the newest of three places");
        let thirds = properties(&app, "group=Third&thing_type=water%20well", "id");
        assert_eq!(thirds, json!((1..=833).map(|i| i * 3).collect::<Vec<i64>>()));
        assert_eq!(properties(&app, "thing_type=water%20well&thing_type=spring", "group").as_array().unwrap().iter()
            .filter(|name| **name == json!("Third")).count(), 833);
        // Two statements a piece, and one where there is nothing.
        let statements = app.get("/geospatial?thing_type=nonsense").queries();
        assert!(reply.queries() >= statements);
        if app.db.is_postgres() {
            assert_eq!((statements, reply.queries(), app.get("/geospatial?group=1").queries()), (1, 2, 3));
        }
    }

    fn pieces_without_things_are_passed_over(db: Database) {
        many(&db, 2500, "");
        db.execute("UPDATE location_thing_association SET effective_end = '2024-01-01 00:00:00' WHERE thing_id NOT IN (7, 2400)");
        let app = db.start();
        assert_eq!(properties(&app, "", "id"), json!([7, 2400]));
        db_without_any(&app);
        assert_eq!(app.get("/geospatial").text(), r#"{"type":"FeatureCollection","features":[]}"#);
    }

    fn a_slow_client_holds_nothing(db: Database) {
        many(&db, 3000, &long_suffix());
        let app = db.start_with(|config| config.concurrency.pool_size = Some(2), routes);
        let mut slow: Vec<SlowClient> = (0..4).map(|_| SlowClient::begin(&app, "/geospatial")).collect();
        let asked = jobs_until_quiet(&app, EXPORT);
        assert!(asked < 4 * 4, "the clients have not got everything");
        app.get("/location?size=1000").expect(200);

        // One reads on and gets all, the others go away.
        let (body, proper) = slow.pop().unwrap().finish();
        assert_eq!((body.matches(FEATURE).count(), body.ends_with("]}"), proper), (3000, true, true));
        drop(slow);
        wait_until("permits come back", || permits_in_use(&app) == 0);
        assert_eq!(features(&app, "group=1").len(), 1000);
    }

    fn others_who_come_first_do_not_break_an_answer_off(db: Database) {
        many(&db, 3000, &long_suffix());
        let app = db.start_with(|config| {
            config.concurrency.pool_size = Some(2);
            config.concurrency.queue_timeout = Duration::from_millis(50);
        }, routes);
        let slow = SlowClient::begin(&app, "/geospatial");
        let here = place();
        let client = app.client.clone();
        let path = format!("/test/slow?heavy=1&name={here}");
        let other = std::thread::spawn(move || client.get(&path).status);
        wait_for(&here, 1);
        assert_eq!(app.get("/geospatial").expect(503)["reason"], "queue_timeout", "before it begins it is refused");
        assert_eq!(app.get("/geospatial?format=shapefile").expect(503)["reason"], "queue_timeout");
        let slow = std::thread::spawn(move || slow.finish());
        let refused = r#"ocotillo_refused_total{reason="queue_timeout"} "#;
        wait_until("a later piece is refused", || metric(&app, refused) > 2);
        release(&here);
        assert_eq!(other.join().unwrap(), 200);
        let (body, proper) = slow.join().unwrap();
        assert_eq!((body.matches(FEATURE).count(), body.ends_with("]}"), proper), (3000, true, true));
    }

    fn what_has_begun_is_finished_while_shutting_down(db: Database) {
        many(&db, 3000, &long_suffix());
        let mut app = db.start_with(|config| config.concurrency.pool_size = Some(2), routes);
        let slow = SlowClient::begin(&app, "/geospatial");
        app.begin_shutdown();
        wait_until("the lanes close", || app.state.executor.is_closing());
        let (body, proper) = slow.finish();
        assert_eq!((body.matches(FEATURE).count(), body.ends_with("]}"), proper), (3000, true, true));
    }

    fn what_breaks_off_has_no_proper_end(db: Database) {
        many(&db, 3000, &long_suffix());
        let app = db.start();
        let slow = SlowClient::begin(&app, "/geospatial");
        jobs_until_quiet(&app, EXPORT);
        app.db.execute("ALTER TABLE location RENAME TO gone");
        let (body, proper) = slow.finish();
        assert!(body.len() > 1000 && !proper);
    }

    fn a_shapefile_is_zipped(db: Database) {
        let app = db.start();
        let plan = group(&app, "Río Grande", None);
        let well = thing(&app, "water-well", &format!("{}é", "x".repeat(253)), Some("POINT (-106.91 34.07)"), &[plan]);
        let spring = thing(&app, "spring", "S", Some("POINT (-107 33)"), &[]);
        thing(&app, "spring", "nowhere", None, &[]);
        let files = unzip(&app.get("/geospatial?format=shapefile"));
        assert_eq!(files.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
            ["things.shp", "things.shx", "things.dbf", "things.prj", "things.cpg"]);
        let (points, table) = (&files[0].1, &files[2].1);
        let coordinate = |at: usize| f64::from_le_bytes(points[at..at + 8].try_into().unwrap());
        assert_eq!(points.len(), 100 + 2 * 44);
        assert_eq!([112, 120, 128, 156, 164, 172].map(coordinate), [-106.91, 34.07, 1432.5, -107.0, 33.0, 1432.5]);
        let row = |index: usize| &table[353 + index * 702..353 + (index + 1) * 702];
        let text = |index: usize, from: usize, width: usize| std::str::from_utf8(&row(index)[from..from + width]).unwrap().trim().to_owned();
        let columns = |index| [(1, 10), (11, 100), (111, 254), (365, 100)].map(|(from, width)| text(index, from, width));
        assert_eq!(columns(0), [well.to_string(), "water well".to_owned(), "x".repeat(253), "Río Grande".to_owned()]);
        assert_eq!(columns(1), [spring.to_string(), "spring".to_owned(), "S".to_owned(), String::new()]);

        let files = unzip(&app.get("/geospatial?format=shapefile&thing_type=spring"));
        assert_eq!(files[0].1.len(), 144);
        let files = unzip(&app.get("/geospatial?format=shapefile&group=nobody"));
        assert_eq!((files[0].1.len(), files[2].1.len()), (100, 354));
    }

    fn a_large_shapefile_has_everything(db: Database) {
        many(&db, 2500, "");
        let app = db.start();
        let files = unzip(&app.get("/geospatial?format=shapefile"));
        assert_eq!(files.iter().map(|(_, bytes)| bytes.len()).collect::<Vec<_>>()[..3], [100 + 2500 * 44, 100 + 2500 * 8, 354 + 2500 * 702]);
        let table = &files[2].1;
        assert_eq!(table[4..8], 2500_u32.to_le_bytes());
        let ids: Vec<i64> = (0..2500).map(|row| std::str::from_utf8(&table[354 + row * 702..364 + row * 702]).unwrap().trim().parse().unwrap()).collect();
        assert_eq!(ids, (1..=2500).collect::<Vec<_>>());
        wait_until("permits come back", || permits_in_use(&app) == 0);
    }

    fn a_project_area_is_a_feature(db: Database) {
        let app = db.start();
        let with = app.create("/group", json!({"name": "Basin", "description": "d", "project_area": AREA}))["id"].clone();
        let without = app.create("/group", json!({"name": "Bare"}))["id"].clone();
        let path = format!("/geospatial/project-area/{with}");
        let collection = app.get(&path).expect(200);
        assert_eq!(collection, json!({"type": "FeatureCollection", "features": [{"type": "Feature",
            "geometry": {"type": "MultiPolygon", "coordinates": [
                [[[-107.0, 34.0], [-106.0, 34.0], [-106.0, 35.0], [-107.0, 34.0]]],
                [[[-105.5, 33.0], [-105.0, 33.0], [-105.0, 33.25], [-105.5, 33.0]],
                    [[-105.2, 33.05], [-105.1, 33.05], [-105.1, 33.1], [-105.2, 33.05]]]]},
            "properties": {"group_id": with, "group_name": "Basin", "group_description": "d"}}]}));
        assert_eq!(collection["features"][0]["properties"].as_object().unwrap().keys().collect::<Vec<_>>(),
            ["group_id", "group_name", "group_description"]);
        assert_eq!(app.get(&format!("/geospatial/project-area/{without}")).detail(404), "Group has no project area");
        assert_eq!(app.get("/geospatial/project-area/4711").detail(404), "Group with ID 4711 not found.");
        assert_eq!(app.get("/geospatial/project-area/99999999999").detail(404), "Group with ID 99999999999 not found.");
        assert_eq!(app.get("/geospatial/project-area/x").detail(422), json!([{"type": "int_parsing", "loc": ["path", "group_id"],
            "msg": "Input should be a valid integer, unable to parse string as an integer", "input": "x"}]));
    }
}

fn db_without_any(app: &App) {
    app.db.execute("UPDATE location_thing_association SET effective_end = '2024-01-01 00:00:00'");
}
