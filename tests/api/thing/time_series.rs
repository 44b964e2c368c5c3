//! All that was measured at a thing, in one series.

use super::keys;
use crate::support::planted::{self, SERIES};
use crate::support::slow::jobs;
use crate::support::*;

const KEYS: [&str; 16] = [
    "time",
    "value",
    "unit",
    "water_elevation",
    "water_elevation_unit",
    "vertical_datum",
    "source",
    "method",
    "parameter_id",
    "parameter_name",
    "review_status",
    "data_maturity",
    "data_quality",
    "observation_id",
    "sample_id",
    "block_id",
];

fn series(app: &Client, thing: i64, query: &str) -> Vec<Value> {
    let reply = app.get(&format!("/thing/{thing}/time-series?{query}")).expect(200);
    assert_eq!(keys(&reply), ["items"]);
    reply["items"].as_array().unwrap().clone()
}

/// So many readings at each of three deployments of thing 1, a minute apart, that follow each other and overlap by a third; all in one
/// block. Levels by hand at the times of every hundredth.
fn many(db: &Database, count: usize) {
    let time = |offset: &str| {
        if db.is_postgres() {
            format!("timestamp '2020-01-01 00:00:00' + ({offset}) * interval '1 minute'")
        } else {
            format!("strftime('%Y-%m-%d %H:%M:%S', '2020-01-01 00:00:00', ({offset}) || ' minutes')")
        }
    };
    let numbers = format!("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})");
    let step = count * 2 / 3;
    db.execute(&format!(
        "INSERT INTO thing (name, thing_type) VALUES ('W', 'water well');
         INSERT INTO sensor (name, sensor_type) VALUES ('a', 'Pressure Transducer'), ('b', 'Barometer'), ('c', 'Camera');
         INSERT INTO deployment (thing_id, sensor_id) VALUES (1, 1), (1, 2), (1, 3);
         INSERT INTO transducer_observation_block (thing_id, parameter_id, review_status, start_datetime, end_datetime)
             VALUES (1, 1, 'approved', '2020-01-01 00:00:00', '2099-01-01 00:00:00');
         {numbers} INSERT INTO transducer_observation (parameter_id, deployment_id, observation_datetime, value)
             SELECT 1, d.id, {}, i FROM n CROSS JOIN deployment d;
         INSERT INTO field_event (thing_id, event_date) VALUES (1, '2020-01-01 00:00:00');
         INSERT INTO field_activity (field_event_id, activity_type) VALUES (1, 'groundwater level');
         INSERT INTO sample (field_activity_id, sample_date, sample_name, sample_matrix, sample_method, qc_type)
             VALUES (1, '2020-01-01 00:00:00', 's', 'groundwater', 'Unknown', 'Normal');
         {numbers} INSERT INTO observation (sample_id, parameter_id, observation_datetime, value, unit, measuring_point_height)
             SELECT 1, 1, {}, i, 'ft', 1 FROM n WHERE i % 100 = 0",
        time(&format!("i + (d.id - 1) * {step}")),
        time("i")
    ));
}

both! {
    fn it_holds_what_the_lists_hold(db: Database) {
        let app = db.start();
        let family = planted::family(&app, "ONE", "Lead");
        planted::family(&app, "TWO", "Zinc");
        let well = family.well;
        // A level without a measuring point, one that is older than all, and a second deployment with readings among the others.
        app.db.execute(&format!("INSERT INTO observation (sample_id, parameter_id, observation_datetime, value, unit, nma_data_quality) \
            VALUES ({}, {}, '2026-01-02 00:00:00', 7, 'ft', NULL)", family.visit.sample, family.parameter));
        app.create("/observation/groundwater-level", json!({"parameter_id": 1, "sample_id": family.visit.sample, "sensor_id": family.sensor,
            "observation_datetime": "2001-01-01T00:00:00Z", "value": 121.3, "unit": "ft", "measuring_point_height": 1.4,
            "groundwater_level_reason": "Water level not affected"}));
        let second = planted::deployment(&app, "SECOND", well, planted::sensor(&app, "SECOND"));
        planted::block(&app, "SECOND", well, 1, second, 2..=3);
        app.db.execute(&format!("INSERT INTO transducer_observation (parameter_id, deployment_id, observation_datetime, value) \
            VALUES (1, {second}, '2026-03-01 00:00:00', 1)"));

        let all = series(&app, well, "");
        assert!(all.iter().all(|point| keys(point) == KEYS));
        let times: Vec<&str> = all.iter().map(|point| point["time"].as_str().unwrap()).collect();
        assert!(times.is_sorted(), "{times:?}");
        let by_hand = app.get(&format!("/observation?thing_id={well}&size=100")).expect(200);
        let readings = app.get(&format!("{SERIES}?thing_id={well}&size=100")).expect(200);
        let count = by_hand["total"].as_u64().unwrap() + readings["total"].as_u64().unwrap();
        assert_eq!((all.len() as u64, by_hand["total"].as_u64(), readings["total"].as_u64()), (count, Some(4), Some(7)));
        let found = |source: &str, id: &Value| {
            let mut of = all.iter().filter(|point| point["source"] == source && point["observation_id"] == *id);
            (of.next().unwrap().clone(), of.next()).0
        };
        for item in by_hand["items"].as_array().unwrap() {
            let point = found("manual", &item["id"]);
            let level = item["measuring_point_height"].is_number() || item["value"] == 7.0;
            let value = if level { &item["depth_to_water_bgs"] } else { &item["value"] };
            assert_eq!((&point["time"], &point["value"], &point["unit"]), (&item["observation_datetime"], value, &item["unit"]));
            assert_eq!((&point["parameter_id"], &point["parameter_name"]), (&item["parameter"]["id"], &item["parameter"]["parameter_name"]));
            assert_eq!((&point["sample_id"], &point["block_id"], &point["method"]), (&item["sample_id"], &Value::Null, &json!("Steel-tape measurement")));
        }
        for item in readings["items"].as_array().unwrap() {
            let (reading, block) = (&item["observation"], &item["block"]);
            let point = found("recorder", &reading["id"]);
            assert_eq!((&point["time"], &point["value"], &point["unit"]), (&reading["observation_datetime"], &reading["value"], &reading["unit"]));
            assert_eq!((&point["parameter_id"], &point["data_maturity"]), (&reading["parameter_id"], &reading["data_maturity"]));
            assert_eq!((&point["block_id"], &point["review_status"], &point["sample_id"]), (&block["id"], &block["review_status"], &Value::Null));
            assert_eq!(point["method"], "Pressure Transducer");
        }
        // 1400.5 m are 4594.81642 ft by the factor of the contract.
        assert_eq!(all[0], json!({"time": "2001-01-01T00:00:00Z", "value": 119.9, "unit": "ft", "water_elevation": 4474.91642,
            "water_elevation_unit": "ft", "vertical_datum": "NAVD88", "source": "manual", "method": "Steel-tape measurement",
            "parameter_id": 1, "parameter_name": "groundwater level", "review_status": null, "data_maturity": null, "data_quality": null,
            "observation_id": all[0]["observation_id"], "sample_id": family.visit.sample, "block_id": null}));
        let unknown: Vec<&Value> = all.iter().filter(|point| point["value"].is_null()).collect();
        assert_eq!((unknown.len(), &unknown[0]["water_elevation"], &unknown[0]["vertical_datum"]), (1, &Value::Null, &Value::Null));
        // The result of the laboratory is no depth.
        assert!(all.iter().any(|point| point["value"] == 7.5 && point["water_elevation"].is_null()));
    }

    fn a_part_of_it_is_asked_for(db: Database) {
        let app = db.start();
        let family = planted::family(&app, "ONE", "Lead");
        let count = |query: &str| series(&app, family.well, query).len();
        assert_eq!(count(""), 7);
        assert_eq!(count("start_time=2026-01-02T00:00:00Z&end_time=2026-01-04"), 3, "both ends belong to it");
        assert_eq!(count("end_time=2026-01-04T23:00:00-01:00"), 5);
        assert_eq!(count("start_time=2026-02-20T17:05:00Z"), 2);
        assert_eq!(count("start_time=2026-02-20T17:05:01Z"), 0);
        assert_eq!(count("start_time=2026-01-04&end_time=2026-01-02"), 0);
        assert_eq!(count(&format!("parameter_id={}", family.parameter)), 7);
        assert_eq!(count("parameter_id=1"), 0);
        assert_eq!(count("parameter_id=99999999999"), 0);
        assert_eq!(series(&app, family.spring, ""), Vec::<Value>::new());
        let chosen = series(&app, family.well, "fields=time,value&end_time=2026-01-01");
        assert_eq!(json!(chosen), json!([{"time": "2026-01-01T00:00:00Z", "value": 1.0}]));
    }

    fn it_is_a_table_too(db: Database) {
        let app = db.start();
        let family = planted::family(&app, "ONE", "Lead");
        let path = format!("/thing/{}/time-series", family.well);
        let reply = app.get(&format!("{path}?format=csv"));
        assert_eq!((reply.status, reply.header("content-type")), (200, Some("text/csv; charset=utf-8")));
        assert_eq!(reply.header("content-disposition"), Some(format!("attachment; filename=\"time-series-{}.csv\"", family.well).as_str()));
        let mut reader = csv::ReaderBuilder::new().from_reader(reply.body.as_slice());
        assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), KEYS);
        let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.unwrap()).collect();
        assert_eq!((rows.len(), &rows[0][0], &rows[0][1], &rows[0][6]), (7, "2026-01-01T00:00:00Z", "1.0", "recorder"));
        let lines = app.with_header("accept", "application/x-ndjson").get(&path);
        let items: Vec<Value> = lines.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(items, series(&app, family.well, ""));
        let empty = app.get(&format!("/thing/{}/time-series?format=csv", family.spring));
        assert_eq!(empty.text(), format!("{}\r\n", KEYS.join(",")));
    }

    fn what_is_wrong_is_said(db: Database) {
        let app = db.start();
        assert_eq!(app.get("/thing/4711/time-series").detail(404), "Thing with ID 4711 not found.");
        assert_eq!(app.get("/thing/99999999999/time-series?format=csv").detail(404), "Thing with ID 99999999999 not found.");
        assert_eq!(app.get("/thing/x/time-series").detail(422)[0]["loc"], json!(["path", "thing_id"]));
        let detail = app.get("/thing/1/time-series?format=xml&start_time=soon&parameter_id=x&fields=colour").detail(422);
        let named: Vec<&Value> = detail.as_array().unwrap().iter().map(|problem| &problem["loc"][1]).collect();
        assert_eq!(json!(named), json!(["parameter_id", "start_time", "format", "fields"]));
        assert_eq!(app.get("/thing/1/time-series?thing_id=2").detail(422)[0]["type"], "extra_forbidden");
    }

    fn a_long_one_comes_in_pieces_and_misses_nothing(db: Database) {
        many(&db, 6000);
        let app = db.start();
        let all = series(&app, 1, "");
        assert_eq!(all.len(), 3 * 6000 + 60);
        let order = |point: &Value| {
            let source = point["source"].as_str().unwrap().to_owned();
            (point["time"].as_str().unwrap().to_owned(), source, point["observation_id"].as_i64().unwrap())
        };
        let places: Vec<(String, String, i64)> = all.iter().map(order).collect();
        assert!(places.windows(2).all(|two| two[0] < two[1]), "in order, and each once");
        assert!(jobs(&app, "thing_time_series") > 9, "{}", jobs(&app, "thing_time_series"));
        let half = series(&app, 1, "start_time=2020-01-03T00:00:00Z");
        let expected = all.iter().filter(|point| point["time"].as_str().unwrap() >= "2020-01-03T00:00:00Z");
        assert_eq!(half, expected.cloned().collect::<Vec<_>>());
        assert_eq!(all.iter().filter(|point| point["method"] == "Camera").count(), 6000);
    }

    fn who_may_not_read_observations_reads_no_series(db: Database) {
        use crate::support::principals::ByName;
        let app = db.start_asking(|config| config.auth.anonymous = vec!["thing".to_owned()], ByName);
        let path = "/thing/1/time-series";
        assert_eq!(app.get(path).status, 401, "it is not open with things alone");
        assert_eq!(app.client.on_behalf_of("viewer").get(path).status, 403);
        assert_eq!(app.client.on_behalf_of("amp viewer").get(path).status, 404);
    }
}
