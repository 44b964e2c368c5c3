use crate::field_event::with_things;
use crate::support::*;

const KEYS: [&str; 11] = [
    "id",
    "created_at",
    "release_status",
    "name",
    "sensor_type",
    "model",
    "serial_no",
    "pcn_number",
    "owner_agency",
    "sensor_status",
    "notes",
];

/// Stores a sensor; gives its key.
pub fn sensor(app: &App, name: &str) -> Value {
    app.create("/sensor", json!({"name": name, "sensor_type": "Pressure Transducer"}))["id"].clone()
}

both! {
    fn a_sensor_comes_back_as_it_was_sent(db: Database) {
        let app = db.start();
        let body = json!({"name": "Diver 7", "sensor_type": "Pressure Transducer", "model": "TD-Diver", "serial_no": "AB123",
            "pcn_number": null, "owner_agency": "NMBGMR", "sensor_status": "In Service", "notes": "spare\nbattery",
            "release_status": "public"});
        let made = app.create("/sensor", body.clone());
        assert_eq!(made.as_object().unwrap().keys().collect::<Vec<_>>(), KEYS);
        for (key, sent) in body.as_object().unwrap() {
            assert_eq!(&made[key], sent, "{key}");
        }
        let path = format!("/sensor/{}", made["id"]);
        assert_eq!(app.get(&path).expect(200), made);
        let plain = app.create("/sensor", json!({"name": "Plain", "sensor_type": "Barometer"}));
        assert_eq!(plain["release_status"], "draft");
        for key in &KEYS[5..] {
            assert_eq!(plain[key], Value::Null, "{key}");
        }
        let changed = app.patch(&path, json!({"sensor_status": "Retired", "notes": null, "unheard": 1})).expect(200);
        assert_eq!((&changed["sensor_status"], &changed["notes"], &changed["model"]),
            (&json!("Retired"), &Value::Null, &json!("TD-Diver")));
        assert_eq!(app.patch(&path, json!({})).expect(200), changed);
        assert_eq!(app.delete(&path).status, 204);
        assert_eq!(app.delete(&path).detail(404), format!("Sensor with ID {} not found.", made["id"]));
        assert_eq!(app.get(&path).detail(404), format!("Sensor with ID {} not found.", made["id"]));
        assert_eq!(app.patch(&path, json!({"sensor_type": "Spade"})).detail(404), format!("Sensor with ID {} not found.", made["id"]));
    }

    fn numbers_are_unique_and_the_field_is_named(db: Database) {
        let app = db.start();
        let body = |name: &str, serial: Value, pcn: Value| {
            json!({"name": name, "sensor_type": "Barometer", "serial_no": serial, "pcn_number": pcn})
        };
        app.create("/sensor", body("one", json!("S1"), json!("P1")));
        let two = app.create("/sensor", body("two", json!("S2"), json!("P2")));
        let taken = |field: &str, number: &str| json!([{"type": "value_error", "loc": ["body", field],
            "msg": format!("Sensor with {field} {number} already exists."), "input": {field: number}}]);
        assert_eq!(app.post("/sensor", body("x", json!("S1"), json!(null))).detail(409), taken("serial_no", "S1"));
        assert_eq!(app.post("/sensor", body("x", json!(null), json!("P1"))).detail(409), taken("pcn_number", "P1"));
        let path = format!("/sensor/{}", two["id"]);
        assert_eq!(app.patch(&path, json!({"serial_no": "S1"})).detail(409), taken("serial_no", "S1"));
        assert_eq!(app.patch(&path, json!({"pcn_number": "P1"})).detail(409), taken("pcn_number", "P1"));
        assert_eq!(app.patch(&path, json!({"serial_no": "S2", "pcn_number": "P2"})).status, 200, "its own");
        assert_eq!(app.patch(&path, json!({"serial_no": null})).expect(200)["serial_no"], Value::Null);
        for name in ["three", "four"] {
            assert_eq!(app.create("/sensor", body(name, json!(""), json!(null)))["serial_no"], Value::Null, "blank is no number");
        }
    }

    fn errors_of_sensors(db: Database) {
        let app = db.start();
        let detail = app.post("/sensor", json!({"sensor_type": "Spade", "serial_no": "x".repeat(51), "release_status": "odd"})).detail(422);
        let seen: Vec<Value> = detail.as_array().unwrap().iter().map(|p| json!([p["loc"][1], p["type"]])).collect();
        assert_eq!(json!(seen), json!([["name", "missing"], ["sensor_type", "enum"], ["serial_no", "string_too_long"],
            ["release_status", "value_error"]]));
        assert_eq!(detail[3]["msg"], "Value error, Invalid release_status: odd");
        for field in ["owner_agency", "sensor_status"] {
            let detail = app.post("/sensor", json!({"name": "x", "sensor_type": "Camera", field: "nobody"})).detail(409);
            assert_eq!((&detail[0]["loc"], &detail[0]["input"]), (&json!(["body", field]), &json!({field: "nobody"})));
        }
        assert_eq!(app.get("/sensor/99999999999").detail(404), "Sensor with ID 99999999999 not found.");
        assert_eq!(app.get("/sensor/first").detail(422)[0]["loc"], json!(["path", "sensor_id"]));
        let id = sensor(&app, "kept");
        assert_eq!(app.patch(&format!("/sensor/{id}"), json!({"name": null})).detail(422)[0]["type"], "string_type");
    }

    fn a_deployed_sensor_is_kept(db: Database) {
        let app = with_things(db);
        let id = sensor(&app, "s");
        let made = app.create("/deployment", json!({"thing_id": 1, "sensor_id": id}));
        let detail = app.delete(&format!("/sensor/{id}")).detail(409);
        assert_eq!(detail, json!([{"type": "value_error", "loc": ["path", "sensor_id"],
            "msg": format!("Sensor with ID {id} has deployments and cannot be deleted."), "input": {"sensor_id": id}}]));
        assert_eq!(app.delete(&format!("/deployment/{}", made["id"])).status, 204);
        assert_eq!(app.delete(&format!("/sensor/{id}")).status, 204);
    }

    fn sensors_are_listed_once(db: Database) {
        let app = with_things(db);
        let ids: Vec<Value> = ["b", "A", "c"].iter().map(|name| sensor(&app, name)).collect();
        for (thing, sensor) in [(1, 0), (1, 0), (1, 1), (2, 2)] {
            app.create("/deployment", json!({"thing_id": thing, "sensor_id": ids[sensor]}));
        }
        app.db.execute(&format!("INSERT INTO field_event (id, thing_id, event_date) VALUES (1, 1, '2026-01-01 00:00:00'); \
            INSERT INTO field_activity (id, field_event_id, activity_type) VALUES (1, 1, 'groundwater level'); \
            INSERT INTO sample (id, field_activity_id, sample_date, sample_name, sample_matrix, sample_method, qc_type) \
                VALUES (1, 1, '2026-01-01 00:00:00', 's', 'groundwater', 'Unknown', 'Normal'); \
            INSERT INTO observation (sample_id, parameter_id, sensor_id, observation_datetime, unit) VALUES \
                (1, 1, {b}, '2026-01-01 00:00:00', 'ft'), (1, 1, {b}, '2026-01-02 00:00:00', 'ft'), \
                (1, 1, {c}, '2026-01-02 00:00:00', 'ft'), (1, 2, NULL, '2026-01-02 00:00:00', 'ft')", b = ids[0], c = ids[2]));
        let names = |query: &str| json!(app.items(&format!("/sensor?{query}"), "name"));
        assert_eq!(names(""), json!(["b", "A", "c"]));
        assert_eq!(names("sort=name&order=DESC"), json!(["c", "b", "A"]));
        assert_eq!(names("thing_id=1"), json!(["b", "A"]));
        assert_eq!(names("parameter_id=1"), json!(["b", "c"]));
        assert_eq!(names("parameter_id=2"), json!([]));
        assert_eq!(names("thing_id=2&parameter_id=1"), json!(["c"]));
        assert_eq!(names("thing_id=99999999999"), json!([]));
        assert_eq!(names(&filter("name", "in", json!(["A", "c", "x"]))), json!(["A", "c"]));
        let page = app.get("/sensor?thing_id=1&size=1&page=2").expect(200);
        assert_eq!((&page["total"], &page["pages"], &page["items"][0]["name"]), (&json!(2), &json!(2), &json!("A")));
        assert_eq!(app.get("/sensor?thing_id=x").detail(422)[0]["loc"], json!(["query", "thing_id"]));
        assert_eq!(app.get("/sensor?sort=nothing").detail(422)[0]["loc"], json!(["query", "sort"]));
        assert_eq!(app.get(&format!("/sensor?{}", filter("colour", "eq", json!(1)))).detail(400), "Unknown filter field 'colour' for Sensor");
    }
}
