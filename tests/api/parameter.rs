use crate::support::*;

both! {
    fn the_seeded_parameters_are_there(db: Database) {
        let app = db.start();
        let page = app.get("/parameter").expect(200);
        assert_eq!(page["total"], 24);
        let first = &page["items"][0];
        assert_eq!(first.as_object().unwrap().keys().collect::<Vec<_>>(), ["id", "created_at", "release_status",
            "parameter_name", "matrix", "parameter_type", "cas_number", "default_unit"]);
        assert_eq!((&first["parameter_name"], &first["matrix"], &first["parameter_type"], &first["default_unit"]),
            (&json!("groundwater level"), &json!("groundwater"), &json!("Field Parameter"), &json!("ft")));
        assert_eq!(json!(app.items(&format!("/parameter?{}", filter("parameter_name", "eq", json!("pH"))), "default_unit")),
            json!(["dimensionless"]));
        assert_eq!(json!(app.items("/parameter?size=2&sort=parameter_name&order=desc", "parameter_name")),
            json!(["Zinc", "Uranium (total, by ICP-MS)"]));
    }

    fn a_parameter_is_made_changed_and_removed(db: Database) {
        let app = db.start();
        let body = json!({"parameter_name": "pH", "matrix": "water", "default_unit": "dimensionless", "cas_number": null});
        let made = app.create("/parameter", body.clone());
        assert_eq!((&made["matrix"], &made["parameter_type"], &made["release_status"]), (&json!("water"), &Value::Null, &json!("draft")));
        let detail = app.post("/parameter", body).detail(409);
        assert_eq!((&detail[0]["loc"], &detail[0]["input"]), (&json!(["body", "parameter_name"]), &json!({"parameter_name": "pH"})));
        let path = format!("/parameter/{}", made["id"]);
        assert_eq!(app.patch(&path, json!({"matrix": "groundwater"})).detail(409)[0]["loc"], json!(["body", "parameter_name"]));
        let changed = app.patch(&path, json!({"parameter_type": "Field Parameter", "cas_number": "1-2-3"})).expect(200);
        assert_eq!((&changed["parameter_type"], &changed["cas_number"]), (&json!("Field Parameter"), &json!("1-2-3")));
        assert_eq!(app.patch(&path, json!({})).expect(200), changed);
        assert_eq!(app.delete(&path).status, 204);
        assert_eq!(app.delete(&path).detail(404), format!("Parameter with ID {} not found.", made["id"]));
    }

    fn errors_of_parameters(db: Database) {
        let app = db.start();
        let detail = app.post("/parameter", json!({"matrix": "soup", "parameter_type": "odd", "release_status": 5})).detail(422);
        let seen: Vec<Value> = detail.as_array().unwrap().iter().map(|p| json!([p["loc"][1], p["type"]])).collect();
        assert_eq!(json!(seen), json!([["parameter_name", "missing"], ["matrix", "enum"], ["parameter_type", "enum"],
            ["default_unit", "missing"], ["release_status", "string_type"]]));
        assert_eq!(detail[1]["msg"], "Input should be 'water', 'groundwater' or 'soil'");
        assert_eq!(app.get("/parameter/77777").detail(404), "Parameter with ID 77777 not found.");
        assert_eq!(app.patch("/parameter/77777", json!({"matrix": 1})).detail(404), "Parameter with ID 77777 not found.");
        assert_eq!(app.patch("/parameter/1", json!({"parameter_name": null})).detail(422)[0]["type"], "string_type");
    }

    fn a_parameter_in_use_is_kept(db: Database) {
        let app = db.start();
        app.db.execute("INSERT INTO thing (id, name, thing_type) VALUES (1, 'w', 'water well'); \
            INSERT INTO field_event (id, thing_id, event_date) VALUES (1, 1, '2026-01-01 00:00:00'); \
            INSERT INTO field_activity (id, field_event_id, activity_type) VALUES (1, 1, 'groundwater level'); \
            INSERT INTO sample (id, field_activity_id, sample_date, sample_name, sample_matrix, sample_method, qc_type) \
                VALUES (1, 1, '2026-01-01 00:00:00', 's', 'groundwater', 'Unknown', 'Normal'); \
            INSERT INTO observation (sample_id, parameter_id, observation_datetime, unit) VALUES (1, 1, '2026-01-01 00:00:00', 'ft')");
        let detail = app.delete("/parameter/1").detail(409);
        assert_eq!(detail[0]["msg"], "Parameter with ID 1 has observations and cannot be deleted.");
        assert_eq!(app.get("/parameter/1").status, 200);
    }
}
