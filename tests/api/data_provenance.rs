use crate::field_event::with_things;
use crate::support::*;

both! {
    fn a_provenance_comes_back_as_it_was_sent(db: Database) {
        let app = with_things(db);
        let body = json!({"target_table": "thing", "target_id": 1, "field_name": "well_depth", "origin_type": "From driller's log or well report",
            "origin_source": "a log", "collection_method": "Reported", "accuracy_value": 0.5, "accuracy_unit": "ft", "release_status": "public"});
        let made = app.create("/data-provenance", body.clone());
        for (key, sent) in body.as_object().unwrap() {
            assert_eq!(&made[key], sent, "{key}");
        }
        let path = format!("/data-provenance/{}", made["id"]);
        assert_eq!(app.get(&path).expect(200), made);
        assert_eq!(app.get("/thing/water-well/1").expect(200)["well_depth_source"], "From driller's log or well report", "the well shows it");
        let changed = app.patch(&path, json!({"field_name": " ", "origin_type": null, "target_table": "thing", "target_id": 2})).expect(200);
        assert_eq!(json!([changed["field_name"], changed["origin_type"], changed["target_id"], changed["origin_source"]]), json!([null, null, 2, "a log"]));
        assert_eq!(app.delete(&path).status, 204);
        assert_eq!(app.get(&path).detail(404), format!("DataProvenance with ID {} not found.", made["id"]));
        assert_eq!(app.delete(&path).detail(404), format!("DataProvenance with ID {} not found.", made["id"]));
    }

    fn errors_of_provenances(db: Database) {
        let app = with_things(db);
        let detail = app.post("/data-provenance", json!({"target_table": "sensor", "origin_type": "x", "accuracy_unit": "mile"})).detail(422);
        let seen: Vec<Value> = detail.as_array().unwrap().iter().map(|p| json!([p["loc"][1], p["type"]])).collect();
        assert_eq!(json!(seen), json!([["target_table", "enum"], ["target_id", "missing"], ["origin_type", "enum"], ["accuracy_unit", "enum"]]));
        assert_eq!((&detail[0]["msg"], &detail[0]["ctx"]),
            (&json!("Input should be 'location' or 'thing'"), &json!({"expected": "'location' or 'thing'"})));
        let made = app.create("/data-provenance", json!({"target_table": "thing", "target_id": 1}));
        let path = format!("/data-provenance/{}", made["id"]);
        for (table, model) in [("thing", "Thing"), ("location", "Location")] {
            let refused = json!([{"type": "value_error", "loc": ["body", "target_id"], "msg": format!("{model} with ID 4711 not found."),
                "input": {"target_id": 4711}}]);
            assert_eq!(app.post("/data-provenance", json!({"target_table": table, "target_id": 4711})).detail(409), refused);
            assert_eq!(app.patch(&path, json!({"target_table": table, "target_id": 4711})).detail(409), refused);
        }
        for (body, missing) in [(json!({"target_id": 2}), "target_table"), (json!({"target_table": "location"}), "target_id")] {
            let detail = app.patch(&path, body).detail(422);
            assert_eq!((&detail[0]["type"], &detail[0]["loc"]), (&json!("missing"), &json!(["body", missing])));
        }
    }

    fn provenances_are_listed(db: Database) {
        let app = with_things(db);
        let place = app.create("/location", json!({"point": "POINT (-106.9 34.1)", "elevation": 1}))["id"].clone();
        for (table, id, field) in [("thing", json!(1), "well_depth"), ("thing", json!(2), "hole_depth"), ("location", place.clone(), "elevation")] {
            app.create("/data-provenance", json!({"target_table": table, "target_id": id, "field_name": field}));
        }
        let fields = |query: &str| json!(app.items(&format!("/data-provenance?{query}"), "field_name"));
        assert_eq!(fields("target_table=thing&sort=field_name"), json!(["hole_depth", "well_depth"]));
        assert_eq!(fields(&format!("target_table=location&target_id={place}")), json!(["elevation"]));
        assert_eq!(fields("field_name=hole_depth"), json!(["hole_depth"]));
        assert_eq!(fields(&filter("field_name", "contains", json!("DEPTH"))), json!(["well_depth", "hole_depth"]));
        assert_eq!(fields("size=2&page=2"), json!(["elevation"]));
    }
}
