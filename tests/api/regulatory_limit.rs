use crate::support::*;

fn parameter(app: &App, name: &str) -> Value {
    app.create("/parameter", json!({"parameter_name": name, "matrix": "soil", "default_unit": "mg/L"}))["id"].clone()
}

both! {
    fn a_limit_comes_back_with_its_parameter(db: Database) {
        let app = db.start();
        let lead = parameter(&app, "Lead");
        let made = app.create("/regulatory_limit", json!({"parameter_id": lead, "limit_source": "EPA", "limit_value": 0.015,
            "limit_unit": "mg/L", "limit_type": "MCL", "release_status": "public"}));
        assert_eq!(made.as_object().unwrap().keys().collect::<Vec<_>>(), ["id", "created_at", "release_status", "parameter_id", "parameter",
            "limit_source", "limit_value", "limit_unit", "limit_type"]);
        assert_eq!(made["parameter"], app.get(&format!("/parameter/{lead}")).expect(200));
        assert_eq!(json!([made["parameter_id"], made["limit_source"], made["limit_value"], made["limit_unit"], made["limit_type"]]),
            json!([lead, "EPA", 0.015, "mg/L", "MCL"]));
        let path = format!("/regulatory_limit/{}", made["id"]);
        assert_eq!(app.get(&path).expect(200), made);
        let changed = app.patch(&path, json!({"limit_type": null, "limit_value": "0.01"})).expect(200);
        assert_eq!((&changed["limit_type"], &changed["limit_value"], &changed["limit_source"]), (&Value::Null, &json!(0.01), &json!("EPA")));
        assert_eq!(app.delete(&path).status, 204);
        assert_eq!(app.get(&path).detail(404), format!("RegulatoryLimit with ID {} not found.", made["id"]));
        assert_eq!(app.delete(&path).detail(404), format!("RegulatoryLimit with ID {} not found.", made["id"]));
    }

    fn errors_of_limits(db: Database) {
        let app = db.start();
        let detail = app.post("/regulatory_limit", json!({"limit_source": "nobody", "limit_value": "much", "limit_unit": "mile", "limit_type": "x"})).detail(422);
        let seen: Vec<Value> = detail.as_array().unwrap().iter().map(|p| json!([p["loc"][1], p["type"]])).collect();
        assert_eq!(json!(seen), json!([["parameter_id", "missing"], ["limit_source", "enum"], ["limit_value", "float_parsing"],
            ["limit_unit", "enum"], ["limit_type", "enum"]]));
        let refused = json!([{"type": "value_error", "loc": ["body", "parameter_id"], "msg": "Parameter with ID 4711 not found.",
            "input": {"parameter_id": 4711}}]);
        let body = |parameter: Value| json!({"parameter_id": parameter, "limit_source": "EPA", "limit_value": 1, "limit_unit": "mg/L"});
        assert_eq!(app.post("/regulatory_limit", body(json!(4711))).detail(409), refused);
        let made = app.create("/regulatory_limit", body(json!(1)));
        assert_eq!(app.patch(&format!("/regulatory_limit/{}", made["id"]), json!({"parameter_id": 4711})).detail(409), refused);
    }

    fn limits_are_listed(db: Database) {
        let app = db.start();
        let (lead, zinc) = (parameter(&app, "Lead"), parameter(&app, "Zinc"));
        for (parameter, source, value, kind) in [(&lead, "EPA", 3, "MCL"), (&zinc, "USGS", 1, "SMCL"), (&zinc, "EPA", 2, "MCL")] {
            app.create("/regulatory_limit", json!({"parameter_id": parameter, "limit_source": source, "limit_value": value,
                "limit_unit": "mg/L", "limit_type": kind}));
        }
        let values = |query: &str| json!(app.items(&format!("/regulatory_limit?{query}"), "limit_value"));
        assert_eq!(values(""), json!([3.0, 1.0, 2.0]));
        assert_eq!(values(&format!("parameter_id={zinc}")), json!([1.0, 2.0]));
        assert_eq!(values("parameter_name=Lead"), json!([3.0]));
        assert_eq!(values("parameter_name=lead"), json!([]), "the very name");
        assert_eq!(values("limit_source=EPA&limit_type=MCL"), json!([3.0, 2.0]));
        assert_eq!(values("sort=limit_value&order=desc"), json!([3.0, 2.0, 1.0]));
        assert_eq!(values(&format!("{}&{}", filter("limit_source", "eq", json!("EPA")), filter("limit_value", "lt", json!(3)))), json!([2.0]));
        assert_eq!(values("size=2&page=2"), json!([2.0]));
        assert_eq!(app.get("/regulatory_limit?parameter_id=x").detail(422)[0]["loc"], json!(["query", "parameter_id"]));
        assert_eq!(app.delete(&format!("/parameter/{zinc}")).status, 204);
        assert_eq!(values(""), json!([3.0]), "limits go with their parameter");
    }
}
