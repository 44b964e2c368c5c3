use crate::support::*;

const AREA: &str = "MULTIPOLYGON (((-107 34, -106 34, -106 35, -107 34)))";

/// Stores a system; gives its key.
pub fn system(app: &App, name: &str) -> Value {
    app.create(
        "/aquifer-system",
        json!({"name": name, "primary_aquifer_type": "Fractured", "geographic_scale": "Regional"}),
    )["id"]
        .clone()
}

both! {
    fn a_system_comes_back_with_its_outline_as_geojson(db: Database) {
        let app = db.start();
        let made = app.create("/aquifer-system", json!({"name": "Santa Fe", "description": "fill", "release_status": "public",
            "primary_aquifer_type": "Fractured", "geographic_scale": "Major", "boundary": AREA}));
        assert_eq!(made.as_object().unwrap().keys().collect::<Vec<_>>(), ["id", "created_at", "release_status", "name", "description",
            "primary_aquifer_type", "geographic_scale", "boundary"]);
        assert_eq!(made["boundary"], json!({"type": "MultiPolygon",
            "coordinates": [[[[-107.0, 34.0], [-106.0, 34.0], [-106.0, 35.0], [-107.0, 34.0]]]]}));
        assert_eq!((&made["name"], &made["description"], &made["primary_aquifer_type"], &made["geographic_scale"], &made["release_status"]),
            (&json!("Santa Fe"), &json!("fill"), &json!("Fractured"), &json!("Major"), &json!("public")));
        let path = format!("/aquifer-system/{}", made["id"]);
        assert_eq!(app.get(&path).expect(200), made);
        let changed = app.patch(&path, json!({"boundary": null, "geographic_scale": "Local"})).expect(200);
        assert_eq!((&changed["boundary"], &changed["geographic_scale"], &changed["name"]), (&Value::Null, &json!("Local"), &json!("Santa Fe")));
        let again = app.patch(&path, json!({"boundary": AREA})).expect(200);
        assert_eq!(again["boundary"], made["boundary"]);
        assert_eq!(app.patch(&path, json!({})).expect(200), again);
        assert_eq!(app.delete(&path).status, 204);
        let gone = format!("AquiferSystem with ID {} not found.", made["id"]);
        assert_eq!(app.get(&path).detail(404), gone);
        assert_eq!(app.delete(&path).detail(404), gone);
        assert_eq!(app.patch(&path, json!({"geographic_scale": "odd"})).detail(404), gone);
    }

    fn errors_of_systems(db: Database) {
        let app = db.start();
        let detail = app.post("/aquifer-system", json!({"primary_aquifer_type": "Salty", "geographic_scale": "Huge"})).detail(422);
        let seen: Vec<Value> = detail.as_array().unwrap().iter().map(|p| json!([p["loc"][1], p["type"]])).collect();
        assert_eq!(json!(seen), json!([["name", "missing"], ["primary_aquifer_type", "enum"], ["geographic_scale", "enum"]]));
        let body = |area: &str| json!({"name": "x", "primary_aquifer_type": "Fractured", "geographic_scale": "Local", "boundary": area});
        for (area, message) in [
            ("POLYGON ((0 0, 1 0, 1 1, 0 0))", "Value error, WKT must be a valid MULTIPOLYGON"),
            ("MULTIPOLYGON (((0 0, 1 1, 2 2, 0 0)))", "Value error, Invalid WKT geometry: WKT geometry is not topologically valid"),
        ] {
            let detail = app.post("/aquifer-system", body(area)).detail(422);
            assert_eq!((&detail[0]["loc"], &detail[0]["msg"]), (&json!(["body", "boundary"]), &json!(message)));
        }
        let detail = app.post("/aquifer-system", body("nowhere")).detail(422);
        assert!(detail[0]["msg"].as_str().unwrap().starts_with("Value error, Invalid WKT geometry: "), "{detail}");
        let one = system(&app, "one");
        let two = system(&app, "two");
        let taken = json!([{"type": "value_error", "loc": ["body", "name"], "msg": "AquiferSystem with name one already exists.",
            "input": {"name": "one"}}]);
        assert_eq!(app.post("/aquifer-system", json!({"name": "one", "primary_aquifer_type": "Fractured", "geographic_scale": "Local"})).detail(409), taken);
        assert_eq!(app.patch(&format!("/aquifer-system/{two}"), json!({"name": "one"})).detail(409), taken);
        assert_eq!(app.patch(&format!("/aquifer-system/{one}"), json!({"name": "one"})).status, 200, "its own");
        assert_eq!(app.patch(&format!("/aquifer-system/{one}"), json!({"name": null})).detail(422)[0]["type"], "string_type");
    }

    fn systems_are_listed(db: Database) {
        let app = db.start();
        for name in ["b", "A", "c"] {
            system(&app, name);
        }
        let names = |query: &str| json!(app.items(&format!("/aquifer-system?{query}"), "name"));
        assert_eq!(names(""), json!(["b", "A", "c"]));
        assert_eq!(names("sort=name&order=desc"), json!(["c", "b", "A"]));
        assert_eq!(names("size=2&page=2"), json!(["c"]));
        let two = format!("{}&{}", filter("name", "ne", json!("c")), filter("name", "contains", json!("a")));
        assert_eq!(names(&two), json!(["A"]));
        assert_eq!(app.get(&format!("/aquifer-system?{}", filter("boundary", "nnull", json!(0)))).detail(400),
            "Unknown filter field 'boundary' for AquiferSystem");
    }

    fn a_system_goes_with_its_associations_and_screens_lose_it(db: Database) {
        let app = crate::field_event::with_things(db);
        let id = system(&app, "one");
        let association = app.create("/thing-aquifer-association", json!({"thing_id": 1, "aquifer_system_id": id}));
        let screen = app.create("/thing/well-screen", json!({"thing_id": 1, "aquifer_system_id": id}));
        assert_eq!(screen["aquifer_system"], "one");
        assert_eq!(app.delete(&format!("/aquifer-system/{id}")).status, 204);
        app.get(&format!("/thing-aquifer-association/{}", association["id"])).expect(404);
        assert_eq!(app.get(&format!("/thing/well-screen/{}", screen["id"])).expect(200)["aquifer_system_id"], Value::Null);
    }
}
