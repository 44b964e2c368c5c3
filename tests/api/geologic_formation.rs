use crate::support::*;

/// Stores a formation; gives its key.
pub fn formation(app: &App, code: &str) -> Value {
    app.create("/geologic-formation", json!({"formation_code": code}))["id"].clone()
}

both! {
    fn a_formation_comes_back_with_its_outline_as_geojson(db: Database) {
        let app = db.start();
        let made = app.create("/geologic-formation", json!({"formation_code": "110ALVM", "description": "d", "lithology": "Alluvium",
            "boundary": "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)))"}));
        assert_eq!(made.as_object().unwrap().keys().collect::<Vec<_>>(),
            ["id", "created_at", "release_status", "formation_code", "description", "lithology", "boundary"]);
        assert_eq!((&made["formation_code"], &made["lithology"], &made["boundary"]["type"], &made["release_status"]),
            (&json!("110ALVM"), &json!("Alluvium"), &json!("MultiPolygon"), &json!("draft")));
        let path = format!("/geologic-formation/{}", made["id"]);
        assert_eq!(app.get(&path).expect(200), made);
        let changed = app.patch(&path, json!({"formation_code": null, "boundary": null})).expect(200);
        assert_eq!((&changed["formation_code"], &changed["boundary"], &changed["description"]), (&Value::Null, &Value::Null, &json!("d")));
        let plain = app.create("/geologic-formation", json!({}));
        assert_eq!((&plain["formation_code"], &plain["lithology"], &plain["boundary"]), (&Value::Null, &Value::Null, &Value::Null));
        assert_eq!(app.delete(&path).status, 204);
        assert_eq!(app.get(&path).detail(404), format!("GeologicFormation with ID {} not found.", made["id"]));
        assert_eq!(app.delete(&path).detail(404), format!("GeologicFormation with ID {} not found.", made["id"]));
    }

    fn errors_of_formations(db: Database) {
        let app = db.start();
        let detail = app.post("/geologic-formation", json!({"formation_code": "NONE", "lithology": "Cheese", "boundary": "POINT (1 1)"})).detail(422);
        let seen: Vec<Value> = detail.as_array().unwrap().iter().map(|p| json!([p["loc"][1], p["type"]])).collect();
        assert_eq!(json!(seen), json!([["formation_code", "enum"], ["lithology", "enum"], ["boundary", "value_error"]]));
        assert_eq!(detail[2]["msg"], "Value error, WKT must be a valid MULTIPOLYGON");
        formation(&app, "110ALVM");
        let other = formation(&app, "111MCCR");
        let taken = json!([{"type": "value_error", "loc": ["body", "formation_code"],
            "msg": "GeologicFormation with formation_code 110ALVM already exists.", "input": {"formation_code": "110ALVM"}}]);
        assert_eq!(app.post("/geologic-formation", json!({"formation_code": "110ALVM"})).detail(409), taken);
        assert_eq!(app.patch(&format!("/geologic-formation/{other}"), json!({"formation_code": "110ALVM"})).detail(409), taken);
    }

    fn formations_are_listed(db: Database) {
        let app = db.start();
        for code in ["111MCCR", "110ALVM", "000EXRV"] {
            formation(&app, code);
        }
        let codes = |query: &str| json!(app.items(&format!("/geologic-formation?{query}"), "formation_code"));
        assert_eq!(codes("sort=formation_code"), json!(["000EXRV", "110ALVM", "111MCCR"]));
        assert_eq!(codes(&filter("formation_code", "startswith", json!("11"))), json!(["111MCCR", "110ALVM"]));
        assert_eq!(codes("size=1&page=3"), json!(["000EXRV"]));
    }
}
