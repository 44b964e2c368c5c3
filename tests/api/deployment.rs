use crate::field_event::with_things;
use crate::sensor::sensor;
use crate::support::*;

const KEYS: [&str; 13] = [
    "id",
    "created_at",
    "release_status",
    "thing_id",
    "sensor",
    "installation_date",
    "removal_date",
    "recording_interval",
    "recording_interval_units",
    "hanging_cable_length",
    "hanging_point_height",
    "hanging_point_description",
    "notes",
];

both! {
    fn a_deployment_comes_back_with_its_sensor(db: Database) {
        let app = with_things(db);
        let id = sensor(&app, "Diver 7");
        let body = json!({"thing_id": 1, "sensor_id": id, "installation_date": "2025-03-01", "removal_date": null,
            "recording_interval": 15, "recording_interval_units": "minute", "hanging_cable_length": 120.5,
            "hanging_point_height": 1.25, "hanging_point_description": "top of casing", "notes": "n", "release_status": "public"});
        let made = app.create("/deployment", body.clone());
        assert_eq!(made.as_object().unwrap().keys().collect::<Vec<_>>(), KEYS);
        for (key, sent) in body.as_object().unwrap().iter().filter(|(key, _)| *key != "sensor_id") {
            assert_eq!(&made[key], sent, "{key}");
        }
        assert_eq!(made["sensor"], app.get(&format!("/sensor/{id}")).expect(200));
        let path = format!("/deployment/{}", made["id"]);
        assert_eq!(app.get(&path).expect(200), made);
        let other = sensor(&app, "Diver 8");
        let changed = app.patch(&path, json!({"thing_id": 2, "sensor_id": other, "removal_date": "2025-04-01", "notes": null})).expect(200);
        assert_eq!((&changed["thing_id"], &changed["sensor"]["id"], &changed["removal_date"], &changed["notes"], &changed["installation_date"]),
            (&json!(2), &other, &json!("2025-04-01"), &Value::Null, &json!("2025-03-01")));
        assert_eq!(app.patch(&path, json!({})).expect(200), changed);
        assert_eq!(app.delete(&path).status, 204);
        for reply in [app.get(&path), app.patch(&path, json!({"thing_id": "x"})), app.delete(&path)] {
            assert_eq!(reply.detail(404), format!("Deployment with ID {} not found.", made["id"]));
        }
    }

    fn errors_of_deployments(db: Database) {
        let app = with_things(db);
        let id = sensor(&app, "s");
        let detail = app.post("/deployment", json!({"sensor_id": null, "installation_date": "2025-02-30", "recording_interval": "soon",
            "recording_interval_units": "fortnight", "hanging_cable_length": "long"})).detail(422);
        let seen: Vec<Value> = detail.as_array().unwrap().iter().map(|p| json!([p["loc"][1], p["type"]])).collect();
        assert_eq!(json!(seen), json!([["thing_id", "missing"], ["sensor_id", "int_type"],
            ["installation_date", "date_from_datetime_parsing"], ["recording_interval", "int_parsing"],
            ["recording_interval_units", "enum"], ["hanging_cable_length", "float_parsing"]]));
        let unknown = |field: &str, model: &str| json!([{"type": "value_error", "loc": ["body", field],
            "msg": format!("{model} with ID 4711 not found."), "input": {field: 4711}}]);
        assert_eq!(app.post("/deployment", json!({"thing_id": 4711, "sensor_id": id})).detail(409), unknown("thing_id", "Thing"));
        assert_eq!(app.post("/deployment", json!({"thing_id": 1, "sensor_id": 4711})).detail(409), unknown("sensor_id", "Sensor"));
        let path = format!("/deployment/{}", app.create("/deployment", json!({"thing_id": 1, "sensor_id": id}))["id"]);
        assert_eq!(app.patch(&path, json!({"thing_id": 4711})).detail(409), unknown("thing_id", "Thing"));
        assert_eq!(app.patch(&path, json!({"sensor_id": 4711})).detail(409), unknown("sensor_id", "Sensor"));
        assert_eq!(app.patch(&path, json!({"thing_id": null})).detail(422)[0]["type"], "int_type");
        assert_eq!(app.patch(&path, json!({"recording_interval": 4_000_000_000_i64})).detail(422)[0]["type"], "less_than_equal");
    }

    fn deployments_are_listed_in_a_fixed_number_of_queries(db: Database) {
        let app = with_things(db);
        let sensors: Vec<Value> = ["a", "b"].iter().map(|name| sensor(&app, name)).collect();
        for (thing, sensor, note) in [(1, 0, "one"), (1, 1, "Two"), (2, 1, "three"), (1, 0, "four")] {
            app.create("/deployment", json!({"thing_id": thing, "sensor_id": sensors[sensor], "notes": note}));
        }
        let notes = |query: &str| json!(app.items(&format!("/deployment?{query}"), "notes"));
        assert_eq!(notes(""), json!(["one", "Two", "three", "four"]));
        assert_eq!(notes("thing_id=1"), json!(["one", "Two", "four"]));
        assert_eq!(notes(&format!("sensor_id={}&thing_id=1", sensors[1])), json!(["Two"]));
        assert_eq!(notes("sort=notes&order=desc"), json!(["Two", "three", "one", "four"]));
        assert_eq!(notes(&filter("notes", "startswith", json!("t"))), json!(["Two", "three"]));
        let queries = |size| app.get(&format!("/deployment?size={size}")).queries();
        assert_eq!(queries(1), queries(4));

        assert_eq!(json!(app.items("/thing/1/deployment", "notes")), json!(["one", "Two", "four"]));
        let page = app.get("/thing/1/deployment?size=2&page=2&sort=id").expect(200);
        assert_eq!((&page["total"], &page["pages"], &page["items"][0]["notes"]), (&json!(3), &json!(2), &json!("four")));
        assert_eq!(page["items"][0]["sensor"]["name"], "a");
        assert_eq!(app.get("/thing/3/deployment").expect(200)["items"], json!([]));
        assert_eq!(app.get("/thing/4711/deployment").detail(404), "Thing with ID 4711 not found.");
        assert_eq!(app.get("/thing/1/deployment?size=0").detail(422)[0]["loc"], json!(["query", "size"]));
    }
}
