use crate::support::*;

/// A server whose things are the wells 1 and 2 and the spring 3.
pub fn with_things(db: Database) -> App {
    db.execute(
        "INSERT INTO thing (id, name, thing_type) VALUES \
         (1, 'SO-0001', 'water well'), (2, 'SO-0002', 'water well'), (3, 'Ojo Frio', 'spring')",
    );
    db.start()
}

/// A visit, an activity of the given type and a sample; gives their keys.
pub fn sampled(app: &App, thing: i32, activity: &str, sample: &str) -> [Value; 3] {
    let event =
        app.create("/field-event", json!({"thing_id": thing, "event_date": "2026-02-20T17:00:00Z"}))["id"].clone();
    let activity =
        app.create("/field-activity", json!({"field_event_id": event, "activity_type": activity}))["id"].clone();
    let sample = app.create("/sample", json!({"field_activity_id": activity, "sample_date": "2026-02-20T17:05:00Z",
        "sample_name": sample, "sample_matrix": "groundwater", "sample_method": "Steel-tape measurement", "qc_type": "Normal"}));
    [event, activity, sample["id"].clone()]
}

both! {
    fn a_visit_comes_back_as_it_was_sent(db: Database) {
        let app = with_things(db);
        let made = app.create("/field-event", json!({"thing_id": 1, "event_date": "2026-02-20T10:05:00.25-07:00", "notes": "windy"}));
        assert_eq!(made.as_object().unwrap().keys().collect::<Vec<_>>(),
            ["id", "created_at", "release_status", "thing_id", "event_date", "notes"]);
        assert_eq!((&made["release_status"], &made["thing_id"], &made["event_date"], &made["notes"]),
            (&json!("draft"), &json!(1), &json!("2026-02-20T17:05:00.250000Z"), &json!("windy")));
        let path = format!("/field-event/{}", made["id"]);
        assert_eq!(app.get(&path).expect(200), made);
        let changed = app.patch(&path, json!({"thing_id": 2, "event_date": "2026-02-21T00:00:00Z", "notes": null})).expect(200);
        assert_eq!((&changed["thing_id"], &changed["event_date"], &changed["notes"]),
            (&json!(2), &json!("2026-02-21T00:00:00Z"), &Value::Null));
        assert_eq!(app.patch(&path, json!({})).expect(200), changed);
        assert_eq!(app.delete(&path).status, 204);
        for reply in [app.get(&path), app.patch(&path, json!({"thing_id": "x"})), app.delete(&path)] {
            assert_eq!(reply.detail(404), format!("FieldEvent with ID {} not found.", made["id"]));
        }
    }

    fn errors_of_visits(db: Database) {
        let app = with_things(db);
        let detail = app.post("/field-event", json!({"event_date": "2026-02-20T10:05:00", "notes": 5})).detail(422);
        let seen: Vec<Value> = detail.as_array().unwrap().iter().map(|p| json!([p["loc"][1], p["type"]])).collect();
        assert_eq!(json!(seen), json!([["thing_id", "missing"], ["event_date", "timezone_aware"], ["notes", "string_type"]]));
        let detail = app.post("/field-event", json!({"thing_id": 1, "event_date": "2999-01-01T00:00:00Z"})).detail(422);
        assert_eq!((&detail[0]["loc"], &detail[0]["type"]), (&json!(["body", "event_date"]), &json!("value_error")));
        let unknown = json!([{"type": "value_error", "loc": ["body", "thing_id"], "msg": "Thing with ID 4711 not found.",
            "input": {"thing_id": 4711}}]);
        assert_eq!(app.post("/field-event", json!({"thing_id": 4711, "event_date": "2026-02-20T00:00:00Z"})).detail(409), unknown);
        let made = app.create("/field-event", json!({"thing_id": 1, "event_date": "2026-02-20T00:00:00Z"}));
        assert_eq!(app.patch(&format!("/field-event/{}", made["id"]), json!({"thing_id": 4711})).detail(409), unknown);
    }

    fn visits_are_listed_by_thing(db: Database) {
        let app = with_things(db);
        for (thing, date) in [(1, "2026-01-02"), (2, "2026-01-03"), (1, "2026-01-01")] {
            app.create("/field-event", json!({"thing_id": thing, "event_date": format!("{date}T00:00:00Z"), "notes": date}));
        }
        let notes = |query: &str| json!(app.items(&format!("/field-event?{query}"), "notes"));
        assert_eq!(notes(""), json!(["2026-01-02", "2026-01-03", "2026-01-01"]));
        assert_eq!(notes("thing_id=1&sort=event_date"), json!(["2026-01-01", "2026-01-02"]));
        assert_eq!(notes(&filter("event_date", "gte", json!("2026-01-02"))), json!(["2026-01-02", "2026-01-03"]));
        assert_eq!(notes("size=1&page=2"), json!(["2026-01-03"]));
        assert_eq!(notes("thing_id=4711"), json!([]));
        assert_eq!(app.get(&format!("/field-event?{}", filter("x", "eq", json!(1)))).detail(400), "Unknown filter field 'x' for FieldEvent");
    }

    fn a_visit_takes_along_what_was_done(db: Database) {
        let app = with_things(db);
        let [event, activity, sample] = sampled(&app, 1, "groundwater level", "s");
        app.db.execute(&format!("INSERT INTO observation (sample_id, parameter_id, observation_datetime, unit) \
            VALUES ({sample}, 1, '2026-01-01 00:00:00', 'ft')"));
        assert_eq!(app.delete(&format!("/field-event/{event}")).status, 204);
        assert_eq!(app.get(&format!("/field-activity/{activity}")).status, 404);
        assert_eq!(app.get(&format!("/sample/{sample}")).status, 404);
        assert_eq!(app.db.number("SELECT count(*) FROM observation"), 0);
        assert_eq!(app.db.number("SELECT count(*) FROM thing"), 3);
    }

    fn the_details_of_a_well_take_a_fixed_number_of_queries(db: Database) {
        db.execute("INSERT INTO contact (id, name, role, contact_type) VALUES (1, 'Field Hand', 'Technician', 'Primary')");
        let app = with_things(db);
        let parameter = 1;
        let sensor = crate::sensor::sensor(&app, "tape");
        let mut events = Vec::new();
        for (day, activity) in [("03", "groundwater level"), ("01", "water chemistry"), ("02", "groundwater level")] {
            let event = app.create("/field-event", json!({"thing_id": 1, "event_date": format!("2026-01-{day}T12:00:00.5Z")}))["id"].clone();
            let activity_id = app.create("/field-activity",
                json!({"field_event_id": event, "activity_type": activity, "notes": "by hand"}))["id"].clone();
            app.db.execute(&format!("INSERT INTO field_event_participant (id, field_event_id, contact_id, participant_role) \
                VALUES ({event}, {event}, 1, 'Lead')"));
            let sample = app.create("/sample", json!({"field_activity_id": activity_id, "field_event_participant_id": event,
                "sample_date": "2026-02-20T17:05:00Z", "sample_name": format!("s-{day}"), "sample_matrix": "groundwater",
                "sample_method": "Steel-tape measurement", "qc_type": "Normal"}));
            if activity == "groundwater level" {
                for value in [10, 11] {
                    app.create("/observation/groundwater-level", json!({"parameter_id": parameter, "sample_id": sample["id"],
                        "sensor_id": sensor, "observation_datetime": "2026-02-20T17:05:00Z", "value": value, "unit": "ft",
                        "measuring_point_height": 1, "groundwater_level_reason": "Water level not affected"}));
                }
            }
            events.push(event);
        }
        for (day, sensor) in [(json!("2026-01-01"), &sensor), (Value::Null, &sensor), (json!("2026-01-02"), &sensor)] {
            app.create("/deployment", json!({"thing_id": 1, "sensor_id": sensor, "installation_date": day}));
        }
        app.create("/field-event", json!({"thing_id": 2, "event_date": "2020-01-01T00:00:00Z"}));

        let all = app.get("/thing/water-well/1/details").expect(200);
        let ids = |list: &Value| list.as_array().unwrap().iter().map(|item| item["id"].clone()).collect::<Vec<_>>();
        let visits = &all["field_events"];
        assert_eq!(ids(visits), [&events[0], &events[2], &events[1]].map(Clone::clone), "newest first");
        assert_eq!(all["first_field_event"], visits[2], "the first visit, as in the list");
        let event = &visits[0];
        assert_eq!(event.as_object().unwrap().keys().collect::<Vec<_>>(), ["id", "created_at", "release_status", "thing_id",
            "event_date", "notes", "field_event_participants", "field_activities"]);
        assert_eq!(event["event_date"], "2026-01-03T12:00:00Z", "whole seconds");
        let participant = &event["field_event_participants"][0];
        assert_eq!((&participant["participant_role"], &participant["contact_id"], &participant["participant"]["id"]),
            (&json!("Lead"), &json!(1), &json!(1)));
        let activity = &event["field_activities"][0];
        assert_eq!(activity.as_object().unwrap().keys().collect::<Vec<_>>(),
            ["id", "created_at", "release_status", "field_event_id", "activity_type", "notes", "samples"]);
        let sample = &activity["samples"][0];
        assert_eq!(sample.as_object().unwrap().keys().collect::<Vec<_>>(), ["id", "created_at", "release_status", "contact",
            "sample_date", "sample_name", "sample_matrix", "sample_method", "qc_type", "notes", "depth_top", "depth_bottom",
            "observations"]);
        assert_eq!((&sample["sample_name"], &sample["contact"]["id"]), (&json!("s-03"), &json!(1)));
        assert_eq!(sample["observations"].as_array().unwrap().len(), 2);
        assert_eq!(sample["observations"][1], app.get(&format!("/observation/{}", sample["observations"][1]["id"])).expect(200));
        assert_eq!(visits[2]["field_activities"][0]["samples"][0]["observations"], json!([]));

        let dates: Vec<Value> = all["deployments"].as_array().unwrap().iter().map(|item| item["installation_date"].clone()).collect();
        assert_eq!(json!(dates), json!(["2026-01-02", "2026-01-01", null]));
        assert_eq!(ids(&all["sensors"]), std::slice::from_ref(&sensor), "each sensor once");

        let one = app.get("/thing/water-well/1/details?field_event_limit=1");
        assert_eq!(one.json()["field_events"].as_array().unwrap().len(), 1);
        assert_eq!(one.json()["first_field_event"]["id"], events[1], "the first visit is told though the list ends before it");
        assert_eq!(one.queries(), app.get("/thing/water-well/1/details?field_event_limit=25").queries());
        app.db.execute("INSERT INTO thing (id, name, thing_type) VALUES (4, 'never visited', 'water well')");
        let bare = app.get("/thing/water-well/4/details").expect(200);
        assert_eq!(json!([bare["field_events"], bare["first_field_event"], bare["sensors"], bare["deployments"]]), json!([[], null, [], []]));
    }
}
