use crate::field_event::{sampled, with_things};
use crate::sensor::sensor;
use crate::support::*;

const LEVEL: &str = "/observation/groundwater-level";
const CHEMISTRY: &str = "/observation/water-chemistry";
const COMMON: [&str; 10] = [
    "id",
    "created_at",
    "release_status",
    "sample_id",
    "sensor_id",
    "observation_datetime",
    "parameter",
    "value",
    "unit",
    "nma_data_quality",
];
const LEVEL_ONLY: [&str; 3] = ["depth_to_water_bgs", "measuring_point_height", "groundwater_level_reason"];

fn level(sample: &Value, sensor: &Value) -> Value {
    json!({"parameter_id": 1, "observation_datetime": "2026-02-20T10:05:00-07:00", "sample_id": sample, "sensor_id": sensor,
        "value": 121.5, "unit": "ft", "measuring_point_height": 1.25, "groundwater_level_reason": "Water level not affected"})
}

fn chemistry(sample: &Value, sensor: &Value) -> Value {
    json!({"parameter_id": 2, "observation_datetime": "2026-02-20T17:05:00Z", "sample_id": sample, "sensor_id": sensor,
        "value": 7.5, "unit": "dimensionless"})
}

fn with(mut body: Value, key: &str, value: Value) -> Value {
    body[key] = value;
    body
}

/// A level sample, a chemistry sample and a sensor.
fn samples(app: &App) -> [Value; 3] {
    let [_, _, wet] = sampled(app, 1, "groundwater level", "level");
    let [_, _, chemical] = sampled(app, 2, "water chemistry", "chemistry");
    [wet, chemical, sensor(app, "probe")]
}

both! {
    fn a_groundwater_level_comes_back_as_it_was_sent(db: Database) {
        let app = with_things(db);
        let [sample, _, sensor] = samples(&app);
        let made = app.create(LEVEL, with(level(&sample, &sensor), "release_status", json!("public")));
        assert_eq!(made.as_object().unwrap().keys().collect::<Vec<_>>(), [&COMMON[..], &LEVEL_ONLY[..]].concat());
        assert_eq!(made["parameter"], app.get("/parameter/1").expect(200));
        assert_eq!((&made["sample_id"], &made["sensor_id"], &made["observation_datetime"], &made["release_status"]),
            (&sample, &sensor, &json!("2026-02-20T17:05:00Z"), &json!("public")));
        assert_eq!((&made["value"], &made["unit"], &made["measuring_point_height"], &made["depth_to_water_bgs"]),
            (&json!(121.5), &json!("ft"), &json!(1.25), &json!(120.25)));
        assert_eq!((&made["groundwater_level_reason"], &made["nma_data_quality"]), (&json!("Water level not affected"), &Value::Null));
        let path = format!("{LEVEL}/{}", made["id"]);
        assert_eq!(app.get(&path).expect(200), made);
        assert_eq!(app.get(&format!("/observation/{}", made["id"])).expect(200), made);
        let changed = app.patch(&path, json!({"value": null, "groundwater_level_reason": "Site was dry", "sensor_id": null})).expect(200);
        assert_eq!((&changed["value"], &changed["depth_to_water_bgs"], &changed["sensor_id"], &changed["groundwater_level_reason"]),
            (&Value::Null, &Value::Null, &Value::Null, &json!("Site was dry")));
        assert_eq!(app.patch(&path, json!({})).expect(200), changed);
        assert_eq!(app.delete(&format!("/observation/{}", made["id"])).status, 204);
        for reply in [app.get(&path), app.patch(&path, json!({"value": "x"})), app.get(&format!("/observation/{}", made["id"])),
                      app.delete(&format!("/observation/{}", made["id"]))] {
            assert_eq!(reply.detail(404), format!("Observation with ID {} not found.", made["id"]));
        }
    }

    fn a_water_chemistry_result_comes_back_as_it_was_sent(db: Database) {
        let app = with_things(db);
        let [_, sample, sensor] = samples(&app);
        let made = app.create(CHEMISTRY, chemistry(&sample, &sensor));
        assert_eq!(made.as_object().unwrap().keys().collect::<Vec<_>>(), COMMON);
        assert_eq!((&made["parameter"]["parameter_name"], &made["value"], &made["unit"]),
            (&json!("pH"), &json!(7.5), &json!("dimensionless")));
        let path = format!("{CHEMISTRY}/{}", made["id"]);
        assert_eq!(app.get(&path).expect(200), made);
        let generic = app.get(&format!("/observation/{}", made["id"])).expect(200);
        for key in COMMON {
            assert_eq!(generic[key], made[key], "{key}");
        }
        for key in LEVEL_ONLY {
            assert_eq!(generic[key], Value::Null, "{key}");
        }
        let changed = app.patch(&path, json!({"value": "7.25", "parameter_id": 1, "unit": "ft", "observation_datetime": "2026-01-01T00:00:00Z",
            "measuring_point_height": 5})).expect(200);
        assert_eq!((&changed["value"], &changed["parameter"]["id"], &changed["unit"], &changed["observation_datetime"]),
            (&json!(7.25), &json!(1), &json!("ft"), &json!("2026-01-01T00:00:00Z")));
        assert_eq!(app.get(&format!("/observation/{}", made["id"])).expect(200)["measuring_point_height"], Value::Null);
    }

    fn every_key_must_be_sent_and_null_is_for_value_and_unit(db: Database) {
        let app = with_things(db);
        let [wet, chemical, sensor] = samples(&app);
        for (route, body) in [(LEVEL, level(&wet, &sensor)), (CHEMISTRY, chemistry(&chemical, &sensor))] {
            let keys: Vec<String> = body.as_object().unwrap().keys().cloned().collect();
            let detail = app.post(route, json!({})).detail(422);
            let expected: Vec<Value> = keys.iter()
                .map(|key| json!({"type": "missing", "loc": ["body", key], "msg": "Field required", "input": {}})).collect();
            assert_eq!(detail, json!(expected));
            for key in &keys {
                let mut less = body.clone();
                less.as_object_mut().unwrap().remove(key);
                let detail = app.post(route, less.clone()).detail(422);
                assert_eq!(detail, json!([{"type": "missing", "loc": ["body", key], "msg": "Field required", "input": less}]));
                let reply = app.post(route, with(body.clone(), key, Value::Null));
                if ["value", "unit"].contains(&key.as_str()) {
                    let made = reply.expect(201);
                    assert_eq!(made["value"].is_null(), key == "value");
                    assert_eq!(made["unit"], body["unit"], "null stands for the parameter's unit");
                } else {
                    assert_eq!(reply.detail(422)[0]["loc"], json!(["body", key]));
                }
            }
        }
    }

    fn bad_values_and_unknown_references(db: Database) {
        let app = with_things(db);
        let [wet, chemical, sensor] = samples(&app);
        let made = app.create(LEVEL, level(&wet, &sensor));
        let path = format!("{LEVEL}/{}", made["id"]);
        for (key, value, kind) in [
            ("observation_datetime", json!("2026-02-20T17:05:00"), "timezone_aware"),
            ("observation_datetime", json!("2999-01-01T00:00:00Z"), "value_error"),
            ("value", json!("deep"), "float_parsing"),
            ("unit", json!("cubit"), "enum"),
            ("measuring_point_height", json!("high"), "float_parsing"),
            ("sample_id", json!("x"), "int_parsing"),
            ("release_status", json!("odd"), "value_error"),
        ] {
            for reply in [app.post(LEVEL, with(level(&wet, &sensor), key, value.clone())), app.patch(&path, json!({key: value}))] {
                let detail = reply.detail(422);
                assert_eq!((&detail[0]["loc"], &detail[0]["type"]), (&json!(["body", key]), &json!(kind)));
            }
        }
        for (key, model) in [("parameter_id", "Parameter"), ("sample_id", "Sample"), ("sensor_id", "Sensor")] {
            for id in [4711, 99_999_999_999_i64] {
                let unknown = json!([{"type": "value_error", "loc": ["body", key], "msg": format!("{model} with ID {id} not found."),
                    "input": {key: id}}]);
                assert_eq!(app.post(LEVEL, with(level(&wet, &sensor), key, json!(id))).detail(409), unknown);
                assert_eq!(app.post(CHEMISTRY, with(chemistry(&chemical, &sensor), key, json!(id))).detail(409), unknown);
                assert_eq!(app.patch(&path, json!({key: id})).detail(409), unknown);
            }
        }
        let detail = app.post(LEVEL, with(level(&wet, &sensor), "groundwater_level_reason", json!("mood"))).detail(409);
        assert_eq!(detail[0]["loc"], json!(["body", "groundwater_level_reason"]));
        assert_eq!(app.patch(&path, json!({"unit": null, "parameter_id": 2})).expect(200)["unit"], "dimensionless");
        assert_eq!(app.patch(&path, json!({"parameter_id": null})).detail(422)[0]["type"], "int_type");
    }

    fn the_routes_of_a_type_know_their_own(db: Database) {
        let app = with_things(db);
        let [wet, chemical, sensor] = samples(&app);
        let depth = app.create(LEVEL, level(&wet, &sensor))["id"].clone();
        let result = app.create(CHEMISTRY, chemistry(&chemical, &sensor))["id"].clone();
        let wrong = |id: &Value, asked: &str, is: &str| json!([{"type": "value_error", "loc": ["path", "observation_id"],
            "msg": format!("Observation with ID {id} is not a {asked} observation. It is a {is} observation."),
            "input": {"observation_id": id}}]);
        for (route, id, asked, is) in [(LEVEL, &result, "groundwater level", "water chemistry"),
                                       (CHEMISTRY, &depth, "water chemistry", "groundwater level")] {
            assert_eq!(app.get(&format!("{route}/{id}")).detail(404), wrong(id, asked, is));
            assert_eq!(app.patch(&format!("{route}/{id}"), json!({"unit": 1})).detail(404), wrong(id, asked, is));
        }
        for (route, body, asked, is) in [(LEVEL, level(&chemical, &sensor), "groundwater level", "water chemistry"),
                                         (CHEMISTRY, chemistry(&wet, &sensor), "water chemistry", "groundwater level")] {
            let sent = body["sample_id"].clone();
            assert_eq!(app.post(route, body).detail(409), json!([{"type": "value_error", "loc": ["body", "sample_id"],
                "msg": format!("Sample with ID {sent} is not from a {asked} activity. It is from a {is} activity."),
                "input": {"sample_id": sent}}]));
        }
        assert_eq!(app.patch(&format!("{LEVEL}/{depth}"), json!({"sample_id": chemical})).detail(409)[0]["loc"], json!(["body", "sample_id"]));
        assert_eq!(app.items("/observation?sort=id", "id"), [depth.clone(), result.clone()]);
        assert_eq!(app.items(LEVEL, "id"), std::slice::from_ref(&depth));
        assert_eq!(app.items(CHEMISTRY, "id"), std::slice::from_ref(&result));
        assert_eq!(app.get(CHEMISTRY).expect(200)["items"][0].as_object().unwrap().keys().collect::<Vec<_>>(), COMMON);
        let detail = app.get("/observation/geothermal").detail(422);
        assert_eq!((&detail[0]["loc"], &detail[0]["type"]), (&json!(["path", "observation_id"]), &json!("int_parsing")));
    }

    fn observations_are_listed_newest_first(db: Database) {
        let app = with_things(db);
        let [_, _, one] = sampled(&app, 1, "groundwater level", "one");
        let [_, _, two] = sampled(&app, 2, "groundwater level", "two");
        let sensors = [sensor(&app, "a"), sensor(&app, "b")];
        for (sample, sensor, day, value) in [(&one, 0, 10, 1), (&one, 1, 12, 2), (&two, 0, 11, 3), (&two, 1, 11, 4)] {
            let mut body = level(sample, &sensors[sensor]);
            body["observation_datetime"] = json!(format!("2026-01-{day}T00:00:00Z"));
            body["value"] = json!(value);
            app.create(LEVEL, body);
        }
        for route in ["/observation", LEVEL] {
            let values = |query: &str| json!(app.items(&format!("{route}?{query}"), "value"));
            assert_eq!(values(""), json!([2.0, 4.0, 3.0, 1.0]));
            assert_eq!(values("order=asc"), json!([1.0, 3.0, 4.0, 2.0]));
            assert_eq!(values("sort=value&order=desc&size=2"), json!([4.0, 3.0]));
            assert_eq!(values("thing_id=1"), json!([2.0, 1.0]));
            assert_eq!(values(&format!("sensor_id={}", sensors[0])), json!([3.0, 1.0]));
            assert_eq!(values(&format!("sample_id={two}&sensor_id={}", sensors[1])), json!([4.0]));
            assert_eq!(values("start_time=2026-01-11T00:00:00Z"), json!([2.0, 4.0, 3.0]), "inclusive");
            assert_eq!(values("end_time=2026-01-11T00:00:00Z"), json!([4.0, 3.0, 1.0]), "inclusive");
            assert_eq!(values("start_time=2026-01-10T17:00:00-07:00&end_time=2026-01-11"), json!([4.0, 3.0]));
            assert_eq!(values("thing_id=2&start_time=2026-01-12T00:00:00Z"), json!([]));
            assert_eq!(values("thing_id=99999999999"), json!([]));
            assert_eq!(values(&filter("value", "gt", json!(2))), json!([4.0, 3.0]));
            let page = app.get(&format!("{route}?thing_id=2&size=1&page=2")).expect(200);
            assert_eq!((&page["total"], &page["pages"], &page["items"][0]["value"]), (&json!(2), &json!(2), &json!(3.0)));
            let queries = |size| app.get(&format!("{route}?size={size}")).queries();
            assert_eq!(queries(1), queries(4));
            let detail = app.get(&format!("{route}?start_time=soon&sample_id=x")).detail(422);
            assert_eq!((&detail[0]["loc"], &detail[1]["loc"]), (&json!(["query", "sample_id"]), &json!(["query", "start_time"])));
            assert_eq!(app.get(&format!("{route}?{}", filter("x", "eq", json!(1)))).detail(400), "Unknown filter field 'x' for Observation");
        }
        assert_eq!(app.get(CHEMISTRY).expect(200)["total"], 0);
    }
}
