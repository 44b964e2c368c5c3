use crate::support::*;

fn tomorrow() -> String {
    chrono::Utc::now().date_naive().succ_opt().unwrap().to_string()
}

const KINDS: [(&str, &str); 3] = [
    ("status-history", "StatusHistory"),
    ("measuring-point-history", "MeasuringPointHistory"),
    ("monitoring-frequency-history", "MonitoringFrequencyHistory"),
];

fn body(path: &str) -> Value {
    match path {
        "status-history" => {
            json!({"status_type": "Well Status", "status_value": "Abandoned", "start_date": "2020-01-01"})
        }
        "measuring-point-history" => json!({"measuring_point_height": 1.25, "start_date": "2020-01-01"}),
        _ => json!({"monitoring_frequency": "Annual", "start_date": "2020-01-01"}),
    }
}

both! {
    fn rows_are_appended_corrected_and_removed(db: Database) {
        let app = db.start();
        let well = app.create("/thing/water-well", json!({"name": "W"}))["id"].clone();
        let keys = |row: &Value| json!(row.as_object().unwrap().keys().collect::<Vec<_>>());
        let status = app.create(&format!("/thing/{well}/status-history"), json!({"status_type": "Well Status",
            "status_value": "Abandoned", "start_date": "2020-01-01", "reason": "dry", "target_id": 99}));
        assert_eq!(keys(&status), json!(["id", "created_at", "release_status", "status_type", "status_value", "start_date", "end_date",
            "reason", "target_id", "target_table"]));
        assert_eq!(json!([status["release_status"], status["reason"], status["target_id"], status["target_table"], status["end_date"]]),
            json!(["draft", "dry", well, "thing", null]));
        let point = app.create(&format!("/thing/{well}/measuring-point-history"), json!({"measuring_point_height": "1.25",
            "measuring_point_description": "rim", "start_date": "2020-01-01", "reason": "new cap",
            "measuring_point_height_is_assumed": true, "release_status": "public"}));
        assert_eq!(keys(&point), json!(["id", "created_at", "release_status", "thing_id", "measuring_point_height",
            "measuring_point_description", "start_date", "end_date", "reason", "measuring_point_height_is_assumed"]));
        assert_eq!(json!([point["release_status"], point["measuring_point_height"], point["measuring_point_height_is_assumed"]]),
            json!(["public", 1.25, true]));
        let frequency = app.create(&format!("/thing/{well}/monitoring-frequency-history"), body("monitoring-frequency-history"));
        assert_eq!(keys(&frequency), json!(["id", "created_at", "release_status", "thing_id", "monitoring_frequency", "start_date", "end_date"]));

        let shown = app.get(&format!("/thing/water-well/{well}")).expect(200);
        assert_eq!(json!([shown["well_status"], shown["measuring_point_height"], shown["measuring_point_description"],
            shown["monitoring_frequencies"][0]["monitoring_frequency"]]), json!(["Abandoned", 1.25, "rim", "Annual"]));

        for ((path, model), row) in KINDS.iter().zip([&status, &point, &frequency]) {
            let one = format!("/thing/{path}/{}", row["id"]);
            assert_eq!(&app.get(&one).expect(200), row);
            assert_eq!(&app.patch(&one, json!({})).expect(200), row);
            let ended = app.patch(&one, json!({"end_date": "2021-01-01", "release_status": "final"})).expect(200);
            assert_eq!(json!([ended["end_date"], ended["release_status"], ended["start_date"]]), json!(["2021-01-01", "final", "2020-01-01"]));
            assert_eq!(app.patch(&one, json!({"end_date": null})).expect(200)["end_date"], Value::Null);
            assert_eq!(app.delete(&one).status, 204);
            let gone = json!(format!("{model} with ID {} not found.", row["id"]));
            for reply in [app.get(&one), app.delete(&one), app.patch(&one, json!({"start_date": "never"}))] {
                assert_eq!(reply.detail(404), gone);
            }
        }
        let shown = app.get(&format!("/thing/water-well/{well}")).expect(200);
        assert_eq!(json!([shown["well_status"], shown["measuring_point_height"], shown["monitoring_frequencies"]]), json!([null, null, []]));
    }

    fn the_newest_open_status_holds(db: Database) {
        let app = db.start();
        let well = app.create("/thing/water-well", json!({"name": "W", "first_visit_date": "2010-01-01", "is_open": true}))["id"].clone();
        let add = |value: &str, start: &str| app.create(&format!("/thing/{well}/status-history"),
            json!({"status_type": "Open Status", "status_value": value, "start_date": start}))["id"].clone();
        let open = || app.get(&format!("/thing/water-well/{well}")).expect(200)["open_status"].clone();
        let closed = add("Closed", "2015-01-01");
        add("Open (unequipped)", "2012-01-01");
        assert_eq!(open(), json!(false));
        app.patch(&format!("/thing/status-history/{closed}"), json!({"end_date": "2016-01-01"})).expect(200);
        assert_eq!(open(), Value::Null, "neither Open nor Closed");
    }

    fn periods_and_terms_are_checked(db: Database) {
        let app = db.start();
        let well = app.create("/thing/water-well", json!({"name": "W"}))["id"].clone();
        for (path, _) in KINDS {
            let all = format!("/thing/{well}/{path}");
            let mut backwards = body(path);
            backwards["end_date"] = json!("2019-12-31");
            let detail = app.post(&all, backwards.clone()).detail(422);
            assert_eq!(detail, json!([{"type": "value_error", "loc": ["body"],
                "msg": "Value error, End date must not be before the start date.", "input": backwards, "ctx": {"error": {}}}]));
            let mut future = body(path);
            future["start_date"] = json!(tomorrow());
            future["end_date"] = json!(tomorrow());
            let detail = app.post(&all, future).detail(422);
            assert_eq!(json!([detail[0]["loc"], detail[1]["loc"]]), json!([["body", "start_date"], ["body", "end_date"]]));
            assert_eq!(app.post(&all, json!({})).status, 422);

            let row = app.create(&all, body(path));
            let one = format!("/thing/{path}/{}", row["id"]);
            for change in [json!({"end_date": "2019-12-31"}), json!({"start_date": "2020-02-02", "end_date": "2020-02-01"})] {
                let detail = app.patch(&one, change).detail(422);
                assert_eq!(json!([detail[0]["loc"], detail[0]["msg"]]), json!([["body"], "Value error, End date must not be before the start date."]));
            }
            for (change, field) in [(json!({"start_date": null}), "start_date"), (json!({"end_date": tomorrow()}), "end_date"),
                (json!({"release_status": "secret"}), "release_status")] {
                assert_eq!(app.patch(&one, change).detail(422)[0]["loc"], json!(["body", field]));
            }
            assert_eq!(app.get(&one).expect(200), row);
            assert_eq!(app.patch(&one, json!({"start_date": "2021-01-01", "end_date": "2021-01-01"})).expect(200)["end_date"], "2021-01-01");
            assert_eq!(app.patch(&one, json!({"start_date": "2021-01-02"})).status, 422, "against the end that is there");
        }
        let statuses = format!("/thing/{well}/status-history");
        let detail = app.post(&statuses, json!({"status_type": "Mood", "status_value": "Steel", "start_date": "2020-01-01"})).detail(422);
        assert_eq!(json!([detail[0]["loc"], detail[0]["type"], detail[1]["loc"], detail[1]["type"]]),
            json!([["body", "status_type"], "enum", ["body", "status_value"], "enum"]));
        let frequencies = format!("/thing/{well}/monitoring-frequency-history");
        assert_eq!(app.post(&frequencies, json!({"monitoring_frequency": "Hourly", "start_date": "2020-01-01"})).detail(422)[0]["type"], "enum");
    }

    fn histories_belong_to_their_thing(db: Database) {
        let app = db.start();
        let things: Vec<Value> = ["A", "B"].iter().map(|name| app.create("/thing/water-well", json!({"name": name}))["id"].clone()).collect();
        for (path, _) in KINDS {
            for (thing, start) in [(0, "2020-03-01"), (1, "2020-02-01"), (0, "2020-01-01")] {
                let mut row = body(path);
                row["start_date"] = json!(start);
                app.create(&format!("/thing/{}/{path}", things[thing]), row);
            }
            let starts = |query: &str| json!(app.items(&format!("/thing/{}/{path}{query}", things[0]), "start_date"));
            assert_eq!(starts(""), json!(["2020-03-01", "2020-01-01"]));
            assert_eq!(starts("?sort=start_date&order=asc"), json!(["2020-01-01", "2020-03-01"]));
            assert_eq!(starts(&format!("?{}", filter("start_date", "gt", json!("2020-02-02")))), json!(["2020-03-01"]));
            assert_eq!(starts("?size=1&page=2"), json!(["2020-01-01"]));
            let missing = json!("Thing with ID 4711 not found.");
            assert_eq!(app.get(&format!("/thing/4711/{path}")).detail(404), missing);
            assert_eq!(app.post(&format!("/thing/4711/{path}"), json!({"start_date": "never"})).detail(404), missing);
            assert_eq!(app.get(&format!("/thing/{path}/first")).status, 422);
            assert_eq!(app.get(&format!("/thing/{path}/99999999999")).status, 404);
        }
    }
}
