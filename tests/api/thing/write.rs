use crate::support::*;

/// Every table and key that hangs on a thing and can be filled so far.
const CHILDREN: &[&str] = &[
    "location_thing_association",
    "group_thing_association",
    "thing_id_link",
    "well_screen",
    "well_purpose",
    "well_casing_material",
    "monitoring_frequency_history",
    "measuring_point_history",
    "status_history",
];

fn today() -> String {
    chrono::Utc::now().date_naive().to_string()
}

fn tomorrow() -> String {
    chrono::Utc::now().date_naive().succ_opt().unwrap().to_string()
}

/// A problem's place and sort.
fn places(detail: &Value) -> Vec<(Value, Value)> {
    detail.as_array().unwrap().iter().map(|problem| (problem["loc"].clone(), problem["type"].clone())).collect()
}

fn full_well(location: &Value, group: &Value) -> Value {
    json!({
        "name": "SO-0001", "location_id": location["id"], "group_id": group["id"], "first_visit_date": "2026-02-20",
        "release_status": "private", "well_depth": 310, "hole_depth": 320,
        "well_depth_source": "From driller's log or well report", "well_casing_diameter": 6,
        "well_casing_depth": "12.5", "well_casing_materials": ["Steel", "PVC"], "well_purposes": ["Domestic", "Observation"],
        "measuring_point_height": 1.4, "measuring_point_description": "Top of casing, north side",
        "well_completion_date": "1999-12-31", "well_completion_date_source": "Memory of owner, operator, driller",
        "well_driller_name": "A driller", "well_construction_method": "Driven",
        "well_construction_method_source": "Data Portal", "well_pump_type": "Submersible", "well_pump_depth": 250,
        "is_suitable_for_datalogger": false, "is_open": true, "well_status": "Active, pumping well",
        "monitoring_status": "Currently monitored", "formation_completion_code": null, "nma_formation_zone": "Zone 1",
        "monitoring_frequencies": [
            {"monitoring_frequency": "Quarterly", "start_date": "2026-02-20"},
            {"monitoring_frequency": "Annual", "start_date": "2020-01-01", "end_date": "2026-02-19"},
        ],
        "notes": [{"note_type": "Access", "content": "Call first"},
            {"note_type": "Construction", "content": "Steel above, PVC below", "release_status": "public"}],
        "alternate_ids": [{"relation": "same_as", "alternate_id": "340412106543701", "alternate_organization": "USGS"},
            {"thing_id": 4711, "relation": "same_as", "alternate_id": "Socorro 1", "alternate_organization": "NMBGMR"}],
    })
}

both! {
    fn a_well_is_stored_with_all_that_describes_it(db: Database) {
        let app = db.start();
        let location = app.create("/location", json!({"point": "POINT (-106.91 34.07)", "elevation": 1432.5}));
        let group = app.create("/group", json!({"name": "Rio Grande", "group_type": "Monitoring Plan"}));
        let made = app.create("/thing/water-well", full_well(&location, &group));
        assert_eq!(app.get(&format!("/thing/water-well/{}", made["id"])).expect(200), made);
        let sent = json!({
            "name": "SO-0001", "thing_type": "water well", "release_status": "private", "first_visit_date": "2026-02-20",
            "site_name": "Socorro 1", "well_depth": 310.0, "well_depth_source": "From driller's log or well report",
            "hole_depth": 320.0, "well_casing_diameter": 6.0, "well_casing_depth": 12.5,
            "well_casing_materials": ["Steel", "PVC"], "well_purposes": ["Domestic", "Observation"],
            "measuring_point_height": 1.4, "measuring_point_description": "Top of casing, north side",
            "well_completion_date": "1999-12-31", "well_completion_date_source": "Memory of owner, operator, driller",
            "well_driller_name": "A driller", "well_construction_method": "Driven",
            "well_construction_method_source": "Data Portal", "well_pump_type": "Submersible", "well_pump_depth": 250.0,
            "datalogger_suitability_status": "Datalogger cannot be installed", "open_status": true,
            "well_status": "Active, pumping well", "monitoring_status": "Currently monitored",
            "formation_completion_code": null, "nma_formation_zone": "Zone 1", "well_location_note": ["Call first"],
            "monitoring_frequencies": [{"monitoring_frequency": "Quarterly", "start_date": "2026-02-20", "end_date": null}],
        });
        for (key, value) in sent.as_object().unwrap() {
            assert_eq!(&made[key], value, "{key}");
        }
        assert_eq!(made["current_location"]["geometry"]["coordinates"], json!([-106.91, 34.07, 1432.5]));
        assert_eq!(made["groups"][0]["name"], "Rio Grande");
        assert_eq!(made["construction_notes"][0]["content"], "Steel above, PVC below");
        assert_eq!(made["construction_notes"][0]["release_status"], "public");
        assert_eq!(made["alternate_ids"][0]["alternate_id"], "340412106543701");
        assert_eq!(made["alternate_ids"][0]["thing_id"], made["id"], "the new thing, not the one that was sent");
        assert_eq!(made["alternate_ids"][0]["release_status"], "draft");
        assert_eq!(app.get(&format!("/group/{}", group["id"])).expect(200)["well_count"], 1);

        let id = &made["id"];
        let statuses = app.items(&format!("/thing/{id}/status-history"), "start_date");
        assert_eq!(statuses, vec![json!("2026-02-20"); 4], "from the first visit on");
        assert_eq!(app.items(&format!("/thing/{id}/measuring-point-history"), "start_date"), [json!(today())]);
        assert_eq!(app.items(&format!("/thing/{id}/monitoring-frequency-history"), "end_date"), [Value::Null, json!("2026-02-19")]);
        let links = "SELECT count(*) FROM location_thing_association WHERE effective_end IS NULL AND effective_start";
        let day = if app.db.is_postgres() { "= '2026-02-20 00:00:00+00'" } else { "LIKE '2026-02-20 00:00:00%'" };
        assert_eq!(app.db.number(&format!("{links} {day}")), 1);
    }

    fn a_name_is_enough(db: Database) {
        let app = db.start();
        let well = app.create("/thing/water-well", json!({"name": "W", "notes": null, "well_purposes": null, "alternate_ids": null,
            "monitoring_frequencies": null, "is_open": null, "release_status": null, "unheard_of": 1}));
        assert_eq!((&well["name"], &well["release_status"]), (&json!("W"), &json!("draft")));
        assert_eq!(well["current_location"], Value::Null);
        for table in CHILDREN {
            assert_eq!(app.db.number(&format!("SELECT count(*) FROM {table}")), 0, "{table}");
        }
        let open = app.create("/thing/water-well", json!({"name": "W", "is_open": false, "is_suitable_for_datalogger": true}));
        assert_eq!((&open["open_status"], &open["datalogger_suitability_status"]), (&json!(false), &json!("Datalogger can be installed")));
        assert_eq!(app.items(&format!("/thing/{}/status-history", open["id"]), "start_date"), vec![json!(today()); 2]);
        let spring = app.create("/thing/spring", json!({"name": "Ojo Frio", "spring_type": "Perennial", "well_depth": 5}));
        assert_eq!((&spring["thing_type"], &spring["spring_type"]), (&json!("spring"), &json!("Perennial")));
        assert_eq!(app.get(&format!("/thing/spring/{}", spring["id"])).expect(200), spring);
        assert_eq!(app.get(&format!("/thing/{}", spring["id"])).expect(200)["well_depth"], Value::Null);
    }

    fn all_problems_of_a_body_are_listed_in_its_order(db: Database) {
        let app = db.start();
        let detail = app.post("/thing/water-well", json!({
            "nma_formation_zone": "a zone whose name is far too long", "well_construction_method": "Magic", "hole_depth": 0, "well_depth": -1,
            "well_purposes": ["Domestic", "Fun", 5], "well_casing_materials": ["Gold"], "first_visit_date": tomorrow(),
            "well_completion_date": tomorrow(), "is_open": "perhaps", "well_casing_diameter": "wide", "group_id": "x",
            "notes": [{"note_type": "Access", "content": "a"}, {"note_type": "Song"}],
            "alternate_ids": [{"relation": "same_as"}, 7],
            "monitoring_frequencies": [{"monitoring_frequency": "Hourly", "start_date": tomorrow()}],
            "well_completion_date_source": "Hearsay", "release_status": "secret",
        })).detail(422);
        assert_eq!(json!(places(&detail)), json!([
            [["body", "name"], "missing"],
            [["body", "release_status"], "value_error"],
            [["body", "group_id"], "int_parsing"],
            [["body", "first_visit_date"], "value_error"],
            [["body", "notes", 1, "note_type"], "enum"],
            [["body", "notes", 1, "content"], "missing"],
            [["body", "alternate_ids", 0, "alternate_id"], "missing"],
            [["body", "alternate_ids", 0, "alternate_organization"], "missing"],
            [["body", "alternate_ids", 1], "model_attributes_type"],
            [["body", "monitoring_frequencies", 0, "monitoring_frequency"], "enum"],
            [["body", "monitoring_frequencies", 0, "start_date"], "value_error"],
            [["body", "well_purposes", 1], "enum"],
            [["body", "well_purposes", 2], "string_type"],
            [["body", "well_depth"], "greater_than"],
            [["body", "hole_depth"], "greater_than"],
            [["body", "well_casing_diameter"], "float_parsing"],
            [["body", "well_casing_materials", 0], "enum"],
            [["body", "well_completion_date"], "value_error"],
            [["body", "well_completion_date_source"], "enum"],
            [["body", "well_construction_method"], "enum"],
            [["body", "is_open"], "bool_parsing"],
            [["body", "nma_formation_zone"], "string_too_long"],
        ]));
        assert_eq!(detail[1]["msg"], "Value error, Invalid release_status: secret");
        assert_eq!(detail[3]["msg"], "Value error, Date must be today or in the past.");
        assert_eq!(detail[16]["msg"], "Input should be 'PVC', 'Steel' or 'Concrete'");
        assert_eq!(app.db.number("SELECT count(*) FROM thing"), 0);
        let long = app.post("/thing/spring", json!({"name": "n".repeat(501), "spring_type": "Hot"})).detail(422);
        assert_eq!(json!(places(&long)), json!([[["body", "name"], "string_too_long"], [["body", "spring_type"], "enum"]]));
    }

    fn a_conflict_leaves_nothing_behind(db: Database) {
        let app = db.start();
        let location = app.create("/location", json!({"point": "POINT (-106.91 34.07)", "elevation": 1432.5}));
        let group = app.create("/group", json!({"name": "Rio Grande"}));
        for (field, sent, message) in [
            ("location_id", json!(99), "Location with ID 99 not found."),
            ("group_id", json!(9_999_999_999_i64), "Group with ID 9999999999 not found."),
            ("well_status", json!("Fine"), "LexiconTerm with term Fine not found."),
            ("monitoring_status", json!("Fine"), "LexiconTerm with term Fine not found."),
        ] {
            let mut body = full_well(&location, &group);
            body[field] = sent.clone();
            let detail = app.post("/thing/water-well", body).detail(409);
            assert_eq!(detail, json!([{"type": "value_error", "loc": ["body", field], "msg": message, "input": {field: sent}}]));
        }
        let mut body = full_well(&location, &group);
        body["alternate_ids"][1]["alternate_organization"] = json!("Nobody's");
        assert_eq!(app.post("/thing/water-well", body).detail(409)[0]["loc"], json!(["body", "alternate_ids", 1, "alternate_organization"]));
        for table in CHILDREN.iter().chain(&["thing", "notes", "data_provenance"]) {
            assert_eq!(app.db.number(&format!("SELECT count(*) FROM {table}")), 0, "{table}");
        }
    }

    fn a_well_is_changed(db: Database) {
        let app = db.start();
        let location = app.create("/location", json!({"point": "POINT (-106.91 34.07)", "elevation": 1432.5}));
        let group = app.create("/group", json!({"name": "Rio Grande"}));
        let before = app.create("/thing/water-well", full_well(&location, &group));
        let path = format!("/thing/water-well/{}", before["id"]);
        assert_eq!(app.patch(&path, json!({})).expect(200), before);
        assert_eq!(app.patch(&path, json!({"well_purposes": [], "well_casing_materials": null, "well_status": "Abandoned"})).expect(200),
            before, "an empty list changes nothing, nor does a key that cannot be changed");
        let changes = json!({"release_status": "public", "name": "SO-0002", "first_visit_date": "2026-01-01", "well_depth": null,
            "hole_depth": 400, "well_casing_diameter": 8, "well_casing_depth": null, "well_pump_depth": 99.5,
            "nma_formation_zone": null, "well_purposes": ["Livestock"], "well_casing_materials": ["Concrete"]});
        let after = app.patch(&path, changes.clone()).expect(200);
        for (key, value) in after.as_object().unwrap() {
            match changes.get(key) {
                Some(sent) if sent.is_number() => assert_eq!(value.as_f64(), sent.as_f64(), "{key}"),
                Some(sent) => assert_eq!(value, sent, "{key}"),
                None => assert_eq!(value, &before[key], "{key}"),
            }
        }
        assert_eq!(app.get(&path).expect(200), after);

        let notes = |body: Value| app.patch(&path, body).expect(200)["construction_notes"].clone();
        let new = notes(json!({"well_construction_notes": "rebuilt"}));
        assert_eq!((new.as_array().unwrap().len(), &new[0]["content"]), (1, &json!("rebuilt")));
        assert_eq!(notes(json!({"well_construction_notes": null})), json!([]));
        assert_eq!(after["well_location_note"], json!(["Call first"]), "the other notes stay");
    }

    fn another_measuring_point_height_is_history(db: Database) {
        let app = db.start();
        let well = app.create("/thing/water-well", json!({"name": "W", "measuring_point_height": 1.4, "measuring_point_description": "north side"}));
        let path = format!("/thing/water-well/{}", well["id"]);
        let history = format!("/thing/{}/measuring-point-history", well["id"]);
        let first = app.items(&history, "id")[0].clone();
        app.patch(&format!("/thing/measuring-point-history/{first}"), json!({"start_date": "2020-05-05"})).expect(200);
        let rows = || -> Value {
            app.get(&history).expect(200)["items"].as_array().unwrap().iter()
                .map(|row| json!([row["measuring_point_height"], row["start_date"], row["end_date"]])).collect()
        };
        app.patch(&path, json!({"measuring_point_height": 1.4})).expect(200);
        assert_eq!(rows(), json!([[1.4, "2020-05-05", null]]), "the height that holds is no change");
        let after = app.patch(&path, json!({"measuring_point_height": 2})).expect(200);
        assert_eq!((&after["measuring_point_height"], &after["measuring_point_description"]), (&json!(2.0), &json!("north side")));
        assert_eq!(rows(), json!([[1.4, "2020-05-05", today()], [2.0, today(), null]]));
        let again = app.patch(&path, json!({"measuring_point_height": 2.5})).expect(200);
        assert_eq!(again["measuring_point_height"], 2.5, "twice on one day: the later one holds");
        app.patch(&path, json!({"measuring_point_height": null})).expect(200);
        assert_eq!(rows(), json!([[1.4, "2020-05-05", today()], [2.0, today(), today()], [2.5, today(), today()]]));
        app.patch(&path, json!({"measuring_point_height": 2.5})).expect(200);
        assert_eq!(rows()[3], json!([2.5, today(), null]), "a closed row does not hold");
        let bare = app.create("/thing/water-well", json!({"name": "B"}));
        let bare = app.patch(&format!("/thing/water-well/{}", bare["id"]), json!({"measuring_point_height": -0.5})).expect(200);
        assert_eq!((&bare["measuring_point_height"], &bare["measuring_point_description"]), (&json!(-0.5), &Value::Null));
    }

    fn changes_are_checked(db: Database) {
        let app = db.start();
        let well = app.create("/thing/water-well", json!({"name": "W", "well_purposes": ["Domestic"]}));
        let spring = app.create("/thing/spring", json!({"name": "S"}));
        let (well, spring) = (&well["id"], &spring["id"]);
        let path = format!("/thing/water-well/{well}");
        let detail = app.patch(&path, json!({"name": null, "release_status": "secret", "first_visit_date": tomorrow(),
            "well_depth": 0, "well_purposes": ["Domestic", "Fun"], "measuring_point_height": "high"})).detail(422);
        assert_eq!(json!(places(&detail)), json!([
            [["body", "release_status"], "value_error"],
            [["body", "name"], "string_type"],
            [["body", "first_visit_date"], "value_error"],
            [["body", "well_purposes", 1], "enum"],
            [["body", "well_depth"], "greater_than"],
            [["body", "measuring_point_height"], "float_parsing"],
        ]));
        let wrong = |id: &Value, wanted: &str, kind: &str| json!([{"type": "value_error", "loc": ["path", "thing_id"],
            "msg": format!("Thing with ID {id} is not a {wanted} Thing. It is a {kind} Thing."), "input": {"thing_id": id}}]);
        let bad = json!({"name": 5, "spring_type": "Hot", "unheard_of": 1});
        assert_eq!(app.patch(&format!("/thing/water-well/{spring}"), bad.clone()).detail(404), wrong(spring, "water well", "spring"));
        assert_eq!(app.patch(&format!("/thing/spring/{well}"), bad.clone()).detail(404), wrong(well, "spring", "water well"));
        for id in ["4711", "99999999999"] {
            for kind in ["water-well", "spring"] {
                let detail = app.patch(&format!("/thing/{kind}/{id}"), bad.clone()).detail(404);
                assert_eq!(detail, json!(format!("Thing with ID {id} not found.")));
            }
        }
        assert_eq!(app.patch("/thing/spring/first", json!({})).detail(422)[0]["loc"], json!(["path", "thing_id"]));
        let changed = app.patch(&format!("/thing/spring/{spring}"), json!({"spring_type": "Thermal", "name": "Hot one",
            "release_status": "public", "first_visit_date": "2001-02-03"})).expect(200);
        assert_eq!(json!([changed["spring_type"], changed["name"], changed["release_status"], changed["first_visit_date"]]),
            json!(["Thermal", "Hot one", "public", "2001-02-03"]));
        assert_eq!(app.patch(&format!("/thing/spring/{spring}"), json!({"spring_type": null})).expect(200)["spring_type"], Value::Null);
    }

    fn a_thing_goes_with_all_that_hangs_on_it(db: Database) {
        let app = db.start();
        let location = app.create("/location", json!({"point": "POINT (-106.91 34.07)", "elevation": 1432.5,
            "notes": [{"note_type": "Directions", "content": "left"}]}));
        let group = app.create("/group", json!({"name": "Rio Grande"}));
        let well = app.create("/thing/water-well", full_well(&location, &group))["id"].clone();
        let other = app.create("/thing/water-well", full_well(&location, &group))["id"].clone();
        app.create("/thing/well-screen", json!({"thing_id": well}));
        app.create("/thing/well-screen", json!({"thing_id": other}));
        let count = |table: &str| app.db.number(&format!("SELECT count(*) FROM {table}"));
        let before: Vec<i64> = CHILDREN.iter().map(|table| count(table)).collect();
        assert!(before.iter().all(|count| *count > 0));
        assert_eq!(app.delete(&format!("/thing/{well}")).status, 204);
        for (table, before) in CHILDREN.iter().zip(before) {
            assert_eq!(count(table) * 2, before, "{table}");
        }
        assert_eq!(count("notes"), 3, "those of the other thing and of the location");
        assert_eq!(app.get(&format!("/thing/{other}")).status, 200);
        assert_eq!(app.get(&format!("/location/{}", location["id"])).status, 200);
        let gone = json!(format!("Thing with ID {well} not found."));
        assert_eq!(app.delete(&format!("/thing/{well}")).detail(404), gone);
        assert_eq!(app.get(&format!("/thing/water-well/{well}")).detail(404), gone);
        assert_eq!(app.delete("/thing/99999999999").status, 404);
        assert_eq!(app.delete("/thing/first").status, 422);
    }
}
