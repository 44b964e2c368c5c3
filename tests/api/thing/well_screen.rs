use crate::support::*;

both! {
    fn a_screen_comes_back_with_its_well(db: Database) {
        let app = db.start();
        let well = app.create("/thing/water-well", json!({"name": "W", "well_depth": 300}));
        let made = app.create("/thing/well-screen", json!({"thing_id": well["id"], "screen_depth_top": 250, "screen_depth_bottom": 290,
            "screen_type": "PVC", "screen_description": "20 slot", "release_status": "public"}));
        assert_eq!(made.as_object().unwrap().keys().collect::<Vec<_>>(), ["id", "created_at", "release_status", "thing_id",
            "aquifer_system_id", "aquifer_system", "aquifer_type", "geologic_formation_id", "geologic_formation",
            "screen_depth_bottom", "screen_depth_bottom_unit", "screen_depth_top", "screen_depth_top_unit", "screen_type",
            "screen_description", "thing"]);
        assert_eq!(made["thing"], well);
        assert_eq!(json!([made["screen_depth_top"], made["screen_depth_bottom"], made["screen_depth_top_unit"],
            made["screen_type"], made["screen_description"], made["release_status"], made["aquifer_system"]]),
            json!([250.0, 290.0, "ft", "PVC", "20 slot", "public", null]));
        let path = format!("/thing/well-screen/{}", made["id"]);
        assert_eq!(app.get(&path).expect(200), made);
        let bare = app.create("/thing/well-screen", json!({"thing_id": well["id"], "screen_depth_top": 9, "screen_depth_bottom": 0}));
        assert_eq!(json!([bare["screen_depth_top"], bare["screen_type"], bare["release_status"]]), json!([9.0, null, "draft"]),
            "a top below the bottom is taken");
        assert_eq!(app.delete(&path).status, 204);
        for reply in [app.get(&path), app.delete(&path), app.patch(&path, json!({"screen_type": "Gold"}))] {
            assert_eq!(reply.detail(404), json!(format!("WellScreen with ID {} not found.", made["id"])));
        }
    }

    fn references_are_checked(db: Database) {
        let app = db.start();
        let well = app.create("/thing/water-well", json!({"name": "W"}))["id"].clone();
        let spring = app.create("/thing/spring", json!({"name": "S"}))["id"].clone();
        app.db.execute("INSERT INTO aquifer_system (id, name, primary_aquifer_type, geographic_scale) \
            VALUES (7, 'Santa Fe Group', 'Fractured', 'Regional')");
        app.db.execute("INSERT INTO geologic_formation (id, formation_code) VALUES (8, '110ALVM')");
        let conflict = |field: &str, sent: &Value, msg: String| json!([{"type": "value_error", "loc": ["body", field], "msg": msg,
            "input": {field: sent}}]);
        for (field, model) in [("thing_id", "Thing"), ("aquifer_system_id", "AquiferSystem"), ("geologic_formation_id", "GeologicFormation")] {
            let mut body = json!({"thing_id": well});
            body[field] = json!(4711);
            let detail = app.post("/thing/well-screen", body).detail(409);
            assert_eq!(detail, conflict(field, &json!(4711), format!("{model} with ID 4711 not found.")));
        }
        assert_eq!(app.post("/thing/well-screen", json!({"thing_id": spring})).detail(409),
            conflict("thing_id", &spring, format!("Thing with ID {spring} is not a water well Thing. It is a spring Thing.")));
        let detail = app.post("/thing/well-screen", json!({"screen_depth_top": -1, "screen_depth_bottom": "deep", "screen_type": "Gold"})).detail(422);
        assert_eq!(detail.as_array().unwrap().iter().map(|problem| problem["type"].clone()).collect::<Vec<_>>(),
            ["missing", "float_parsing", "greater_than_equal", "enum"]);
        assert_eq!(app.db.number("SELECT count(*) FROM well_screen"), 0);

        let made = app.create("/thing/well-screen", json!({"thing_id": well, "aquifer_system_id": 7, "geologic_formation_id": 8}));
        assert_eq!(json!([made["aquifer_system"], made["aquifer_type"], made["geologic_formation"]]),
            json!(["Santa Fe Group", "Fractured", "110ALVM"]));
        let path = format!("/thing/well-screen/{}", made["id"]);
        assert_eq!(app.patch(&path, json!({"aquifer_system_id": 8})).detail(409),
            conflict("aquifer_system_id", &json!(8), "AquiferSystem with ID 8 not found.".to_owned()));
        assert_eq!(app.patch(&path, json!({"screen_type": "Gold"})).detail(409), conflict("screen_type", &json!("Gold"),
            "Gold is an invalid screen type. Valid types are: PVC | Steel | Concrete.".to_owned()));
        assert_eq!(app.patch(&path, json!({"screen_depth_top": -1})).detail(422)[0]["type"], "greater_than_equal");
        let changed = app.patch(&path, json!({"aquifer_system_id": null, "screen_type": "Steel", "screen_depth_top": 1.5,
            "screen_description": "d", "release_status": "final", "thing_id": spring})).expect(200);
        assert_eq!(json!([changed["aquifer_system_id"], changed["aquifer_system"], changed["geologic_formation_id"], changed["screen_type"],
            changed["screen_depth_top"], changed["screen_description"], changed["release_status"], changed["thing_id"]]),
            json!([null, null, 8, "Steel", 1.5, "d", "final", well]));
        assert_eq!(app.patch(&path, json!({})).expect(200), changed);
    }

    fn lists_of_screens(db: Database) {
        let app = db.start();
        let wells: Vec<Value> = ["A", "B"].iter().map(|name| app.create("/thing/water-well", json!({"name": name}))["id"].clone()).collect();
        let spring = app.create("/thing/spring", json!({"name": "S"}))["id"].clone();
        for (well, top) in [(0, 30.0), (1, 5.0), (0, 10.0), (0, 20.0)] {
            app.create("/thing/well-screen", json!({"thing_id": wells[well], "screen_depth_top": top}));
        }
        let tops = |path: &str| json!(app.items(path, "screen_depth_top"));
        assert_eq!(tops("/thing/well-screen"), json!([30.0, 5.0, 10.0, 20.0]));
        let filtered = format!("sort=screen_depth_top&order=desc&{}", filter("screen_depth_top", "gt", json!(5)));
        assert_eq!(tops(&format!("/thing/well-screen?{filtered}")), json!([30.0, 20.0, 10.0]));
        assert_eq!(tops(&format!("/thing/well-screen?thing_id={}", wells[0])), json!([30.0, 10.0, 20.0]));
        assert_eq!(tops(&format!("/thing/well-screen?thing_id={}&size=2&page=2", wells[0])), json!([20.0]));
        assert_eq!(tops("/thing/well-screen?thing_id=99999999999"), json!([]));
        assert_eq!(app.get("/thing/well-screen?thing_id=x&size=0").detail(422).as_array().unwrap().len(), 2);
        let page = app.get(&format!("/thing/water-well/{}/well-screen?size=2", wells[0])).expect(200);
        assert_eq!(json!([page["total"], page["pages"], page["items"][0]["thing"]["name"]]), json!([3, 2, "A"]));
        assert_eq!(app.get(&format!("/thing/water-well/{spring}/well-screen")).detail(404)[0]["msg"],
            json!(format!("Thing with ID {spring} is not a water well Thing. It is a spring Thing.")));
        assert_eq!(app.get("/thing/water-well/4711/well-screen").detail(404), "Thing with ID 4711 not found.");
        assert_eq!(app.get("/thing/well-screen/first").detail(422)[0]["loc"], json!(["path", "well_screen_id"]));
        assert_eq!(app.delete("/thing/well-screen/first").detail(422)[0]["loc"], json!(["path", "well_screen_id"]));
    }

    fn a_page_of_screens_takes_a_fixed_number_of_queries(db: Database) {
        let app = db.start();
        let mut counts = Vec::new();
        for number in [1, 4] {
            for _ in 0..number {
                let well = app.create("/thing/water-well", json!({"name": "W"}))["id"].clone();
                app.create("/thing/well-screen", json!({"thing_id": well}));
            }
            counts.push(app.get("/thing/well-screen").queries());
        }
        assert_eq!(counts[0], counts[1]);
    }
}
