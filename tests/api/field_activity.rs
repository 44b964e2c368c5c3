use crate::field_event::with_things;
use crate::support::*;

fn visit(app: &App, thing: i32) -> Value {
    app.create("/field-event", json!({"thing_id": thing, "event_date": "2026-02-20T17:00:00Z"}))["id"].clone()
}

both! {
    fn an_activity_comes_back_as_it_was_sent(db: Database) {
        let app = with_things(db);
        let (event, other) = (visit(&app, 1), visit(&app, 2));
        let made = app.create("/field-activity", json!({"field_event_id": event, "activity_type": "water chemistry", "notes": "n"}));
        assert_eq!(made.as_object().unwrap().keys().collect::<Vec<_>>(),
            ["id", "created_at", "release_status", "field_event_id", "activity_type", "notes"]);
        assert_eq!((&made["release_status"], &made["field_event_id"], &made["activity_type"], &made["notes"]),
            (&json!("draft"), &event, &json!("water chemistry"), &json!("n")));
        let path = format!("/field-activity/{}", made["id"]);
        assert_eq!(app.get(&path).expect(200), made);
        let changed = app.patch(&path, json!({"field_event_id": other, "activity_type": "well inventory", "notes": null})).expect(200);
        assert_eq!((&changed["field_event_id"], &changed["activity_type"], &changed["notes"]),
            (&other, &json!("well inventory"), &Value::Null));
        assert_eq!(app.patch(&path, json!({})).expect(200), changed);
        assert_eq!(app.delete(&path).status, 204);
        for reply in [app.get(&path), app.patch(&path, json!({"activity_type": "x"})), app.delete(&path)] {
            assert_eq!(reply.detail(404), format!("FieldActivity with ID {} not found.", made["id"]));
        }
    }

    fn errors_of_activities(db: Database) {
        let app = with_things(db);
        let detail = app.post("/field-activity", json!({"activity_type": "picnic"})).detail(422);
        assert_eq!((&detail[0]["loc"], &detail[0]["type"]), (&json!(["body", "field_event_id"]), &json!("missing")));
        assert_eq!((&detail[1]["loc"], &detail[1]["type"], &detail[1]["ctx"]["expected"]),
            (&json!(["body", "activity_type"]), &json!("enum"), &json!("'well inventory', 'groundwater level' or 'water chemistry'")));
        let unknown = json!([{"type": "value_error", "loc": ["body", "field_event_id"], "msg": "FieldEvent with ID 4711 not found.",
            "input": {"field_event_id": 4711}}]);
        assert_eq!(app.post("/field-activity", json!({"field_event_id": 4711, "activity_type": "water chemistry"})).detail(409), unknown);
        let made = app.create("/field-activity", json!({"field_event_id": visit(&app, 1), "activity_type": "water chemistry"}));
        assert_eq!(app.patch(&format!("/field-activity/{}", made["id"]), json!({"field_event_id": 4711})).detail(409), unknown);
    }

    fn activities_are_listed_by_visit(db: Database) {
        let app = with_things(db);
        let events = [visit(&app, 1), visit(&app, 2)];
        for (event, kind) in [(0, "water chemistry"), (1, "well inventory"), (0, "groundwater level")] {
            app.create("/field-activity", json!({"field_event_id": events[event], "activity_type": kind}));
        }
        let kinds = |query: &str| json!(app.items(&format!("/field-activity?{query}"), "activity_type"));
        assert_eq!(kinds(""), json!(["water chemistry", "well inventory", "groundwater level"]));
        assert_eq!(kinds(&format!("field_event_id={}", events[0])), json!(["water chemistry", "groundwater level"]));
        assert_eq!(kinds("sort=activity_type&order=asc&size=2"), json!(["groundwater level", "water chemistry"]));
        assert_eq!(kinds(&filter("activity_type", "contains", json!("WATER"))), json!(["water chemistry", "groundwater level"]));
    }
}
