use crate::support::*;

fn location(app: &App, point: &str, elevation: f64) -> Value {
    app.create("/location", json!({"point": point, "elevation": elevation}))["id"].clone()
}

fn well(app: &App, name: &str) -> i64 {
    app.create("/thing/water-well", json!({"name": name}))["id"].as_i64().unwrap()
}

fn spring(app: &App, name: &str) -> i64 {
    app.create("/thing/spring", json!({"name": name}))["id"].as_i64().unwrap()
}

fn names(app: &App, path: &str) -> Value {
    json!(app.items(path, "name"))
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

const BASE: [&str; 15] = [
    "id",
    "created_at",
    "release_status",
    "name",
    "site_name",
    "thing_type",
    "current_location",
    "first_visit_date",
    "groups",
    "monitoring_status",
    "alternate_ids",
    "monitoring_frequencies",
    "general_notes",
    "sampling_procedure_notes",
    "site_notes",
];

const WELL: [&str; 34] = [
    "well_purposes",
    "well_depth",
    "well_depth_unit",
    "well_depth_source",
    "historic_depth_to_water",
    "hole_depth",
    "hole_depth_unit",
    "well_casing_diameter",
    "well_casing_diameter_unit",
    "well_casing_depth",
    "well_casing_depth_unit",
    "well_casing_materials",
    "well_completion_date",
    "well_completion_date_source",
    "well_driller_name",
    "well_construction_method",
    "well_construction_method_source",
    "well_pump_type",
    "well_pump_depth",
    "well_pump_depth_unit",
    "well_status",
    "open_status",
    "datalogger_suitability_status",
    "measuring_point_height",
    "measuring_point_height_unit",
    "measuring_point_description",
    "aquifers",
    "water_notes",
    "construction_notes",
    "contacts",
    "permissions",
    "formation_completion_code",
    "nma_formation_zone",
    "well_location_note",
];

fn status(app: &App, thing: i64, kind: &str, value: &str, start: &str, end: Option<&str>) {
    let end = end.map_or("NULL".to_owned(), |end| format!("'{end}'"));
    app.db.execute(&format!(
        "INSERT INTO status_history (status_type, status_value, start_date, end_date, target_id, target_table) \
         VALUES ('{kind}', '{value}', '{start}', {end}, {thing}, 'thing')"
    ));
}

fn contact(app: &App, name: &str, things: &[i64]) -> i64 {
    app.db.execute(&format!("INSERT INTO contact (name, role, contact_type) VALUES ('{name}', 'Owner', 'Primary')"));
    let id = app.db.number("SELECT max(id) FROM contact");
    for thing in things {
        app.db.execute(&format!("INSERT INTO thing_contact_association (thing_id, contact_id) VALUES ({thing}, {id})"));
    }
    id
}

fn unknown_permissions() -> Value {
    let kinds = ["Water Level Sample", "Water Chemistry Sample", "Datalogger Installation"];
    json!(
        kinds.map(
            |kind| json!({"permission_type": kind, "permission_allowed": null, "start_date": null, "end_date": null})
        )
    )
}

both! {
    fn a_bare_well_has_every_key(db: Database) {
        let app = db.start();
        let id = well(&app, "bare");
        let made = app.get(&format!("/thing/water-well/{id}")).expect(200);
        assert_eq!(keys(&made), BASE.into_iter().chain(WELL).collect::<Vec<_>>());
        for unit in ["well_depth_unit", "hole_depth_unit", "well_casing_depth_unit", "well_pump_depth_unit",
                     "measuring_point_height_unit"] {
            assert_eq!(made[unit], "ft", "{unit}");
        }
        assert_eq!(made["well_casing_diameter_unit"], "in");
        assert_eq!(made["permissions"], unknown_permissions());
        assert_eq!(made["thing_type"], "water well");
        for list in ["groups", "alternate_ids", "monitoring_frequencies", "general_notes", "sampling_procedure_notes",
                     "site_notes", "well_purposes", "historic_depth_to_water", "well_casing_materials", "aquifers",
                     "water_notes", "construction_notes", "contacts", "well_location_note"] {
            assert_eq!(made[list], json!([]), "{list}");
        }
        for nothing in ["site_name", "current_location", "first_visit_date", "monitoring_status", "well_depth",
                        "well_depth_source", "well_status", "open_status", "measuring_point_height"] {
            assert_eq!(made[nothing], Value::Null, "{nothing}");
        }
        assert_eq!(app.items("/thing/water-well", "id"), [json!(id)]);
        assert_eq!(app.get("/thing/water-well").expect(200)["items"][0], made);
    }

    fn a_full_well_shows_what_it_was_made_of(db: Database) {
        let app = db.start();
        let place = app.create("/location", json!({"point": "POINT (-106.91 34.07)", "elevation": 1432.5,
            "notes": [{"note_type": "Directions", "content": "Second gate"}]}))["id"].clone();
        app.patch(&format!("/location/{place}"), json!({"elevation_method": "LiDAR DEM"})).expect(200);
        let group = app.create("/group", json!({"name": "Rio Grande", "group_type": "Monitoring Plan"}));
        let made = app.create("/thing/water-well", json!({
            "name": "SO-0001", "location_id": place, "group_id": group["id"], "first_visit_date": "2026-02-20",
            "release_status": "private", "well_depth": 310, "hole_depth": 320,
            "well_depth_source": "From driller's log or well report", "well_casing_diameter": 6,
            "well_casing_materials": ["Steel", "PVC"], "well_purposes": ["Domestic", "Observation"],
            "well_construction_method_source": "From driller's log or well report",
            "measuring_point_height": 1.4, "measuring_point_description": "Top of casing, north side",
            "well_pump_type": "Submersible", "is_open": true, "well_status": "Active, pumping well",
            "is_suitable_for_datalogger": true,
            "monitoring_frequencies": [{"monitoring_frequency": "Quarterly", "start_date": "2026-02-20"},
                {"monitoring_frequency": "Annual", "start_date": "2020-02-20", "end_date": "2021-01-01"}],
            "alternate_ids": [{"relation": "same_as", "alternate_id": "340412106543701", "alternate_organization": "USGS"},
                {"relation": "same_as", "alternate_id": "Old site", "alternate_organization": "NMBGMR"},
                {"relation": "same_as", "alternate_id": "New site", "alternate_organization": "NMBGMR"}],
            "notes": [{"note_type": "Access", "content": "Call first"}, {"note_type": "Historical", "content": "12 ft in 1950"},
                {"note_type": "Water", "content": "salty"}, {"note_type": "General", "content": "one"},
                {"note_type": "General", "content": "two"}, {"note_type": "Construction", "content": "dug"},
                {"note_type": "Sampling Procedure", "content": "purge"}, {"note_type": "Site Notes (legacy)", "content": "old"}]
        }));
        let id = made["id"].as_i64().unwrap();
        let feature = &made["current_location"];
        assert_eq!(keys(feature), ["type", "release_status", "geometry", "properties"]);
        assert_eq!(feature["geometry"], json!({"type": "Point", "coordinates": [-106.91, 34.07, 1432.5]}));
        let properties = &feature["properties"];
        assert_eq!(keys(properties), ["elevation", "elevation_unit", "vertical_datum", "elevation_method", "county", "state",
            "quad_name", "utm_coordinates", "notes", "nma_location_notes", "nma_data_reliability", "nma_date_created",
            "nma_site_date"]);
        assert_eq!((&properties["elevation"], &properties["elevation_unit"]), (&json!(4_699.803_3), &json!("ft")));
        assert_eq!((&properties["vertical_datum"], &properties["elevation_method"]), (&json!("NAVD88"), &json!("LiDAR DEM")));
        assert_eq!(properties["notes"][0]["content"], "Second gate");
        let utm = &properties["utm_coordinates"];
        assert_eq!((&utm["utm_zone"], &utm["horizontal_datum"]), (&json!("13N"), &json!("NAD83")));
        assert!((utm["easting"].as_f64().unwrap() - 323_748.2).abs() < 1.0);
        assert!((utm["northing"].as_f64().unwrap() - 3_771_563.6).abs() < 1.0);

        assert_eq!(made["groups"], json!([group]), "the whole group");
        assert_eq!(made["site_name"], "Old site", "the oldest link of the survey");
        assert_eq!(made["alternate_ids"].as_array().unwrap().len(), 3);
        assert_eq!(keys(&made["alternate_ids"][0]), ["id", "created_at", "release_status", "thing_id", "relation",
            "alternate_id", "alternate_organization"]);
        assert_eq!(made["monitoring_frequencies"],
            json!([{"monitoring_frequency": "Quarterly", "start_date": "2026-02-20", "end_date": null}]), "only open ones");
        let contents = |key: &str| {
            made[key].as_array().unwrap().iter().map(|note| note["content"].clone()).collect::<Vec<_>>()
        };
        assert_eq!(contents("general_notes"), ["one", "two"]);
        assert_eq!(contents("sampling_procedure_notes"), ["purge"]);
        assert_eq!(contents("site_notes"), ["old"]);
        assert_eq!(contents("water_notes"), ["salty"]);
        assert_eq!(contents("construction_notes"), ["dug"]);
        assert_eq!((&made["general_notes"][0]["target_id"], &made["general_notes"][0]["target_table"]),
            (&json!(id), &json!("thing")));
        assert_eq!(made["historic_depth_to_water"], json!(["12 ft in 1950"]));
        assert_eq!(made["well_location_note"], json!(["Call first"]));
        assert_eq!(made["well_purposes"], json!(["Domestic", "Observation"]));
        assert_eq!(made["well_casing_materials"], json!(["Steel", "PVC"]));
        assert_eq!(made["well_depth_source"], "From driller's log or well report");
        assert_eq!(made["well_construction_method_source"], "From driller's log or well report");
        assert_eq!((&made["well_status"], &made["open_status"]), (&json!("Active, pumping well"), &json!(true)));
        assert_eq!(made["datalogger_suitability_status"], "Datalogger can be installed");
        assert_eq!((&made["measuring_point_height"], &made["measuring_point_description"]),
            (&json!(1.4), &json!("Top of casing, north side")));
        assert_eq!(app.get(&format!("/thing/water-well/{id}")).expect(200), made);
    }

    fn the_newest_of_each_history_counts(db: Database) {
        let app = db.start();
        let id = well(&app, "history");
        let path = format!("/thing/water-well/{id}");
        status(&app, id, "Well Status", "Abandoned", "2020-01-01", None);
        status(&app, id, "Well Status", "Destroyed, exists but not usable", "2021-01-01", None);
        status(&app, id, "Well Status", "Active, pumping well", "2025-01-01", Some("2025-02-01"));
        status(&app, id, "Monitoring Status", "Currently monitored", "2020-01-01", Some("2020-02-01"));
        let made = app.get(&path).expect(200);
        assert_eq!(made["well_status"], "Destroyed, exists but not usable", "a closed one does not count");
        assert_eq!(made["monitoring_status"], Value::Null);
        status(&app, id, "Well Status", "Abandoned", "2021-01-01", None);
        assert_eq!(app.get(&path).expect(200)["well_status"], "Abandoned", "of two of a day the later one");
        for (value, open) in [("Closed", json!(false)), ("Open", json!(true)), ("Abandoned", Value::Null)] {
            status(&app, id, "Open Status", value, "2022-01-01", None);
            assert_eq!(app.get(&path).expect(200)["open_status"], open, "{value}");
        }
        for (height, description, start) in [("1.5", "'casing'", "2020-01-01"), ("2.5", "NULL", "2021-01-01"), ("NULL", "'lid'", "2022-01-01")] {
            app.db.execute(&format!("INSERT INTO measuring_point_history \
                (thing_id, measuring_point_height, measuring_point_description, start_date) \
                VALUES ({id}, {height}, {description}, '{start}')"));
        }
        let made = app.get(&path).expect(200);
        assert_eq!((&made["measuring_point_height"], &made["measuring_point_description"]), (&json!(2.5), &Value::Null));
        let other = contact(&app, "Ana Vigil", &[id, id]);
        for (kind, allowed, start, end) in [
            ("Datalogger Installation", "false", "2020-01-01", "NULL"), ("Datalogger Installation", "true", "2021-01-01", "NULL"),
            ("Datalogger Installation", "false", "2022-01-01", "'2022-02-01'"), ("Water Level Sample", "false", "2020-01-01", "NULL"),
        ] {
            app.db.execute(&format!("INSERT INTO permission_history \
                (contact_id, permission_type, permission_allowed, start_date, end_date, target_id, target_table) \
                VALUES ({other}, '{kind}', {allowed}, '{start}', {end}, {id}, 'thing')"));
        }
        let made = app.get(&path).expect(200);
        assert_eq!(made["permissions"], json!([
            {"permission_type": "Water Level Sample", "permission_allowed": false, "start_date": "2020-01-01", "end_date": null},
            {"permission_type": "Water Chemistry Sample", "permission_allowed": null, "start_date": null, "end_date": null},
            {"permission_type": "Datalogger Installation", "permission_allowed": true, "start_date": "2021-01-01", "end_date": null}
        ]));
        assert_eq!(made["contacts"].as_array().unwrap().len(), 1, "a contact that is linked twice comes once");
        assert_eq!(keys(&made["contacts"][0]), ["id", "created_at", "release_status", "name", "organization", "role", "contact_type"]);
    }

    fn the_current_location_is_the_last_one_unless_it_was_left(db: Database) {
        let app = db.start();
        let (here, there) = (location(&app, "POINT (-106 34)", 1.0), location(&app, "POINT (-107 35)", 2.0));
        let id = app.create("/thing/water-well", json!({"name": "moving", "location_id": here,
            "first_visit_date": "2020-01-01"}))["id"].clone();
        let longitude = || app.get(&format!("/thing/{id}")).expect(200)["current_location"]["geometry"]["coordinates"][0].clone();
        assert_eq!(longitude(), -106.0);
        app.db.execute(&format!("INSERT INTO location_thing_association (location_id, thing_id, effective_start) \
            VALUES ({there}, {id}, '2021-01-01 00:00:00')"));
        assert_eq!(longitude(), -107.0);
        app.db.execute(&format!("INSERT INTO location_thing_association (location_id, thing_id, effective_start) \
            VALUES ({here}, {id}, '2021-01-01 00:00:00')"));
        assert_eq!(longitude(), -106.0, "of two of a time the later one");
        let within = |area: &str| app.get(&format!("/thing?within={}", encode(area))).expect(200)["total"].clone();
        assert_eq!(within("POLYGON ((-106.5 33, -105 33, -105 35, -106.5 35, -106.5 33))"), 1);
        assert_eq!(within("POLYGON ((-107.5 34, -106.5 34, -106.5 36, -107.5 36, -107.5 34))"), 0, "where it was");
        app.db.execute("UPDATE location_thing_association SET effective_end = '2022-01-01 00:00:00' WHERE id = 3");
        assert_eq!(longitude(), Value::Null);
        assert_eq!(within("POLYGON ((-110 30, -100 30, -100 40, -110 40, -110 30))"), 0);
        assert_eq!(app.get("/thing?within=POLYGON").detail(422)[0]["loc"], json!(["query", "within"]));
        // Two things at one place both show its notes.
        let shared = app.create("/location", json!({"point": "POINT (-15 0)", "elevation": 0,
            "notes": [{"note_type": "General", "content": "note"}]}))["id"].clone();
        for name in ["a", "b"] {
            app.create("/thing/spring", json!({"name": name, "location_id": shared}));
        }
        for feature in app.items("/thing/spring", "current_location") {
            assert_eq!(feature["properties"]["notes"][0]["content"], "note");
        }
        assert_eq!(app.items("/thing/spring", "current_location")[0]["properties"]["utm_coordinates"]["easting"], Value::Null);
    }

    fn aquifers_come_with_their_types(db: Database) {
        let app = db.start();
        let id = well(&app, "deep");
        app.db.execute("INSERT INTO aquifer_system (name, primary_aquifer_type, geographic_scale) \
            VALUES ('Santa Fe', 'Unconfined single aquifer', 'Regional'), ('Ogallala', 'Unconfined single aquifer', 'Regional')");
        app.db.execute(&format!("INSERT INTO thing_aquifer_association (thing_id, aquifer_system_id) VALUES ({id}, 2), ({id}, 1)"));
        app.db.execute("INSERT INTO aquifer_type (thing_aquifer_association_id, aquifer_type) VALUES (1, 'Fractured'), (1, 'Perched aquifer')");
        assert_eq!(app.get(&format!("/thing/water-well/{id}")).expect(200)["aquifers"], json!([
            {"aquifer_system": "Ogallala", "aquifer_types": ["Fractured", "Perched aquifer"]},
            {"aquifer_system": "Santa Fe", "aquifer_types": []}
        ]));
    }

    fn things_of_all_types_share_one_shape(db: Database) {
        let app = db.start();
        let made = app.create("/thing/spring", json!({"name": "Ojo Frio", "spring_type": "Perennial"}));
        assert_eq!(keys(&made), BASE.into_iter().chain(["spring_type"]).collect::<Vec<_>>());
        assert_eq!(app.get(&format!("/thing/spring/{}", made["id"])).expect(200), made);
        assert_eq!(app.get("/thing/spring").expect(200)["items"], json!([made]));
        let union = app.get(&format!("/thing/{}", made["id"])).expect(200);
        assert_eq!(keys(&union), BASE.into_iter().chain(["spring_type"]).chain(WELL).collect::<Vec<_>>());
        assert_eq!((&union["spring_type"], &union["well_depth_unit"]), (&json!("Perennial"), &json!("ft")));
        assert_eq!((&union["well_depth"], &union["permissions"]), (&Value::Null, &unknown_permissions()));
        let well = app.create("/thing/water-well", json!({"name": "W", "well_depth": 12.5}));
        let union = app.get(&format!("/thing/{}", well["id"])).expect(200);
        assert_eq!((&union["spring_type"], &union["well_depth"]), (&Value::Null, &json!(12.5)));
        assert_eq!(names(&app, "/thing"), json!(["Ojo Frio", "W"]));
        assert_eq!(app.get("/thing").expect(200)["items"][1], union);
        assert_eq!(names(&app, "/thing/water-well"), json!(["W"]));
    }

    fn things_of_another_type_and_missing_ones_are_404(db: Database) {
        let app = db.start();
        let (well, spring) = (well(&app, "W"), spring(&app, "S"));
        assert_eq!(app.get(&format!("/thing/water-well/{spring}")).detail(404), json!([{"type": "value_error",
            "loc": ["path", "thing_id"], "msg": format!("Thing with ID {spring} is not a water well Thing. It is a spring Thing."),
            "input": {"thing_id": spring}}]));
        assert_eq!(app.get(&format!("/thing/spring/{well}")).detail(404), json!([{"type": "value_error",
            "loc": ["path", "thing_id"], "msg": format!("Thing with ID {well} is not a spring Thing. It is a water well Thing."),
            "input": {"thing_id": well}}]));
        for path in ["/thing", "/thing/water-well", "/thing/spring"] {
            for id in ["4711", "-1", "0", "2147483648", "99999999999999999999"] {
                assert_eq!(app.get(&format!("{path}/{id}")).detail(404), format!("Thing with ID {id} not found."));
            }
            assert_eq!(app.get(&format!("{path}/first")).detail(422), json!([{"type": "int_parsing", "loc": ["path", "thing_id"],
                "input": "first", "msg": "Input should be a valid integer, unable to parse string as an integer"}]));
        }
    }

    fn pages_and_their_limits(db: Database) {
        let app = db.start();
        for name in ["b", "A", "c"] {
            well(&app, name);
        }
        spring(&app, "s");
        for (path, total) in [("/thing", 4), ("/thing/water-well", 3), ("/thing/spring", 1)] {
            let page = app.get(&format!("{path}?size=2")).expect(200);
            assert_eq!(keys(&page), ["items", "total", "page", "size", "pages"]);
            assert_eq!((&page["total"], &page["pages"]), (&json!(total), &json!((total + 1) / 2)), "{path}");
            let beyond = app.get(&format!("{path}?page=9")).expect(200);
            assert_eq!((&beyond["items"], &beyond["total"]), (&json!([]), &json!(total)));
            let detail = app.get(&format!("{path}?size=10001&page=0&order=up")).detail(422);
            assert_eq!((&detail[0]["loc"], &detail[0]["type"]), (&json!(["query", "page"]), &json!("greater_than_equal")));
            assert_eq!((&detail[1]["loc"], &detail[1]["type"]), (&json!(["query", "size"]), &json!("less_than_equal")));
            assert_eq!(detail[2]["loc"], json!(["query", "order"]));
            let detail = app.get(&format!("{path}?sort=color")).detail(422);
            assert_eq!(detail[0]["msg"], "Value error, Unknown sort column 'color' for Thing");
        }
        assert_eq!(names(&app, "/thing/water-well?sort=name&order=asc"), json!(["A", "b", "c"]));
        assert_eq!(names(&app, "/thing/water-well?sort=name&order=DESC&size=2"), json!(["c", "b"]));
        assert_eq!(names(&app, "/thing/water-well?sort=name&order=DESC&size=2&page=2"), json!(["A"]));
        assert_eq!(names(&app, "/thing?sort=thing_type&order=desc"), json!(["c", "A", "b", "s"]), "ties by id, downwards too");
        assert_eq!(names(&app, "/thing/water-well?name=b"), json!(["b"]));
        assert_eq!(names(&app, "/thing/water-well?name=a"), json!([]), "exact");
        assert_eq!(names(&app, "/thing/water-well?name="), json!(["b", "A", "c"]));
        assert_eq!(names(&app, "/thing/water-well?name_contains=a"), json!(["A"]));
        assert_eq!(names(&app, "/thing/spring?name_contains=%25"), json!([]), "no wildcard");
        assert_eq!(names(&app, "/thing?name_contains=S"), json!(["s"]));
    }

    fn every_column_sorts_and_filters(db: Database) {
        let app = db.start();
        app.create("/thing/water-well", json!({"name": "One", "well_depth": 10, "hole_depth": 11, "well_casing_depth": 12,
            "well_pump_depth": 13, "well_casing_diameter": 6, "well_completion_date": "2020-01-02", "well_driller_name": "Driller",
            "well_construction_method": "Driven", "well_pump_type": "Submersible", "first_visit_date": "2021-03-04",
            "formation_completion_code": "000EXRV", "nma_formation_zone": "zone", "release_status": "public"}));
        app.create("/thing/water-well", json!({"name": "Two"}));
        for column in ["id", "created_at", "created_by_name", "created_by_id", "updated_by_name", "updated_by_id",
                       "release_status", "name", "thing_type", "first_visit_date", "well_depth", "hole_depth",
                       "well_casing_depth", "well_pump_depth", "well_casing_diameter", "well_completion_date",
                       "well_driller_name", "well_construction_method", "well_pump_type", "formation_completion_code",
                       "spring_type", "nma_pk_welldata", "nma_pk_location", "nma_formation_zone"] {
            for order in ["asc", "desc"] {
                assert_eq!(names(&app, &format!("/thing?sort={column}&order={order}")).as_array().unwrap().len(), 2, "{column}");
            }
            for operator in ["null", "nnull"] {
                app.get(&format!("/thing?{}", filter(column, operator, Value::Null))).expect(200);
            }
        }
        let found = |field: &str, operator: &str, value: Value| names(&app, &format!("/thing/water-well?{}", filter(field, operator, value)));
        for (field, value) in [("well_depth", json!(10)), ("hole_depth", json!("11")), ("well_casing_depth", json!(12.0)),
            ("well_pump_depth", json!(13)), ("well_casing_diameter", json!(6)), ("well_completion_date", json!("2020-01-02")),
            ("well_driller_name", json!("Driller")), ("well_construction_method", json!("Driven")),
            ("well_pump_type", json!("Submersible")), ("first_visit_date", json!("2021-03-04")),
            ("nma_formation_zone", json!("zone")), ("release_status", json!("public"))] {
            assert_eq!(found(field, "eq", value.clone()), json!(["One"]), "{field}");
            assert_eq!(found(field, "in", json!([value.clone()])), json!(["One"]), "{field}");
            assert_eq!(found(field, "nnull", json!(0)).as_array().unwrap().len(), if field == "release_status" { 2 } else { 1 });
            assert_eq!(names(&app, &format!("/thing/water-well?sort={field}&order=desc"))[usize::from(field == "x")], "One", "{field}: no value last");
        }
        assert_eq!(found("well_depth", "ne", json!(3)), json!(["One"]), "no value, no match");
        assert_eq!(found("well_driller_name", "startswith", json!("dRI")), json!(["One"]));
        let two = format!("/thing?{}&{}", filter("name", "contains", json!("o")), filter("well_depth", "null", json!(null)));
        assert_eq!(names(&app, &two), json!(["Two"]), "all must hold");
        let refused = |field: &str, operator: &str, value: Value| {
            app.get(&format!("/thing/water-well?{}", filter(field, operator, value))).detail(400)
        };
        assert_eq!(refused("color", "eq", json!(1)), "Unknown filter field 'color' for Thing");
        assert_eq!(refused("site_name", "eq", json!("x")), "Unknown filter field 'site_name' for Thing");
        assert_eq!(refused("well_depth", "contains", json!("1")), "Operator contains is not supported for field 'well_depth'");
        assert_eq!(refused("well_depth", "in", json!(1)), "Operator in requires an array value");
        assert_eq!(refused("well_depth", "like", json!(1)), "Unsupported filter operator 'like'");
        assert_eq!(refused("well_depth", "eq", json!("deep")), "Invalid value for field 'well_depth'");
        assert_eq!(app.get("/thing?filter={").detail(400), "Invalid JSON in filter");
        assert_eq!(app.get("/thing?filter=%7B%22field%22:1%7D").detail(422), "Missing required filter keys: operator, value");
        assert_eq!(app.get("/thing?filter=").expect(200)["total"], 2);
    }
}

both! {
    fn derived_statuses_filter_and_sort(db: Database) {
        let app = db.start();
        let (a, b, _) = (well(&app, "a"), well(&app, "b"), well(&app, "none"));
        let c = well(&app, "c");
        status(&app, a, "Monitoring Status", "Not currently monitored", "2020-01-01", None);
        status(&app, b, "Monitoring Status", "Not currently monitored", "2020-01-01", None);
        status(&app, b, "Monitoring Status", "Currently monitored", "2021-01-01", None);
        status(&app, c, "Monitoring Status", "Open", "2021-01-01", None);
        status(&app, c, "Monitoring Status", "Closed", "2022-01-01", Some("2022-02-02"));
        status(&app, a, "Well Status", "Abandoned", "2021-01-01", None);
        status(&app, b, "Datalogger Suitability Status", "Datalogger can be installed", "2021-01-01", None);
        let found = |field: &str, operator: &str, value: &str| {
            names(&app, &format!("/thing/water-well?{}", filter(field, operator, json!(value))))
        };
        assert_eq!(found("monitoring_status", "eq", "Currently monitored"), json!(["b"]));
        assert_eq!(found("monitoring_status", "eq", "currently monitored"), json!([]), "eq minds the case");
        assert_eq!(found("monitoring_status", "ne", "Currently monitored"), json!(["a", "c"]), "no status, no match");
        assert_eq!(found("monitoring_status", "contains", "CURRENTLY"), json!(["a", "b"]));
        assert_eq!(found("monitoring_status", "ncontains", "currently"), json!(["c"]));
        assert_eq!(found("monitoring_status", "startswith", "not"), json!(["a"]));
        assert_eq!(found("monitoring_status", "endswith", "MONITORED"), json!(["a", "b"]));
        assert_eq!(found("monitoring_status", "eq", "Closed"), json!([]), "it is over");
        assert_eq!(found("well_status", "contains", "band"), json!(["a"]));
        for operator in ["gt", "gte", "lt", "lte", "null", "nnull", "in"] {
            assert_eq!(app.get(&format!("/thing?{}", filter("well_status", operator, json!([])))).detail(400), format!(
                "Operator '{operator}' is not supported for derived status filters (contains, ncontains, eq, ne, startswith, endswith)"));
        }
        assert_eq!(app.get(&format!("/thing?{}", filter("well_status", "eq", json!(null)))).detail(400), "Invalid value for field 'well_status'");
        let sorted = |column: &str, order: &str| names(&app, &format!("/thing/water-well?sort={column}&order={order}"));
        assert_eq!(sorted("monitoring_status", "asc"), json!(["b", "a", "c", "none"]));
        assert_eq!(sorted("monitoring_status", "desc"), json!(["c", "a", "b", "none"]), "no key, last");
        assert_eq!(sorted("well_status", "asc"), json!(["a", "b", "none", "c"]));
        assert_eq!(sorted("well_status", "desc"), json!(["a", "c", "none", "b"]), "ties by id in the same direction");
        assert_eq!(sorted("datalogger_suitability_status", "asc"), json!(["b", "a", "none", "c"]));
    }

    fn open_wells_come_before_closed_ones(db: Database) {
        let app = db.start();
        let ids: Vec<i64> = ["other", "none", "closed", "open"].iter().map(|name| well(&app, name)).collect();
        for (id, value) in [(ids[0], "Abandoned"), (ids[2], "Closed"), (ids[3], "Open")] {
            status(&app, id, "Open Status", value, "2020-01-01", None);
        }
        assert_eq!(names(&app, "/thing?sort=open_status"), json!(["open", "closed", "none", "other"]));
        assert_eq!(names(&app, "/thing?sort=open_status&order=desc"), json!(["other", "none", "closed", "open"]));
    }

    fn linked_rows_filter_and_sort(db: Database) {
        let app = db.start();
        let (a, b, c) = (well(&app, "a"), well(&app, "b"), well(&app, "c"));
        contact(&app, "Zoe Baca", &[a]);
        contact(&app, "ana Vigil", &[a, b]);
        let (plan, area) = (app.create("/group", json!({"name": "Plan"})), app.create("/group", json!({"name": "area 7"})));
        let digits = app.create("/group", json!({"name": "77"}));
        for (group, thing) in [(&plan, a), (&area, a), (&plan, c), (&digits, b)] {
            app.db.execute(&format!("INSERT INTO group_thing_association (group_id, thing_id) VALUES ({}, {thing})", group["id"]));
        }
        let found = |field: &str, operator: &str, value: Value| {
            names(&app, &format!("/thing/water-well?{}", filter(field, operator, value)))
        };
        assert_eq!(found("contacts", "contains", json!("A")), json!(["a", "b"]), "once, however many match");
        assert_eq!(found("contacts", "ncontains", json!("vigil")), json!(["c"]));
        assert_eq!(found("contacts", "ncontains", json!("baca")), json!(["b", "c"]));
        assert_eq!(found("contacts", "eq", json!("ana Vigil")), json!(["a", "b"]));
        assert_eq!(found("contacts", "eq", json!("Ana Vigil")), json!([]));
        assert_eq!(found("contacts", "ne", json!("ana Vigil")), json!(["c"]));
        assert_eq!(found("contacts", "startswith", json!("ZOE")), json!(["a"]));
        assert_eq!(found("contacts", "endswith", json!("vigil")), json!(["a", "b"]));
        assert_eq!(found("contacts", "null", json!("")), json!(["c"]));
        assert_eq!(found("contacts", "nnull", json!("")), json!(["a", "b"]));
        assert_eq!(found("groups", "eq", plan["id"].clone()), json!(["a", "c"]));
        assert_eq!(found("groups", "eq", json!(plan["id"].to_string())), json!(["a", "c"]), "digits are an id");
        assert_eq!(found("groups", "eq", json!("77")), json!([]), "even where a name is the same");
        assert_eq!(found("groups", "eq", json!("Plan")), json!(["a", "c"]));
        assert_eq!(found("groups", "ne", plan["id"].clone()), json!(["b"]));
        assert_eq!(found("groups", "ne", json!("area 7")), json!(["b", "c"]));
        assert_eq!(found("groups", "contains", json!("7")), json!(["a", "b"]), "text operators look at names");
        assert_eq!(found("groups", "ncontains", json!("PLAN")), json!(["b"]));
        assert_eq!(found("groups", "startswith", json!("AREA")), json!(["a"]));
        assert_eq!(found("groups", "endswith", json!("n")), json!(["a", "c"]));
        assert_eq!(found("groups", "null", json!(1)), json!([]));
        assert_eq!(found("groups", "eq", json!(99_999_999_999_i64)), json!([]));
        for field in ["contacts", "groups"] {
            for operator in ["gt", "gte", "lt", "lte", "in"] {
                assert_eq!(app.get(&format!("/thing?{}", filter(field, operator, json!([])))).detail(400), format!(
                    "Operator '{operator}' is not supported for {field} filters (contains, ncontains, eq, ne, startswith, endswith, null, nnull)"));
            }
            assert_eq!(app.get(&format!("/thing?{}", filter(field, "eq", json!({})))).detail(400), format!("Invalid value for field '{field}'"));
        }
        assert_eq!(names(&app, "/thing?sort=contacts"), json!(["a", "b", "c"]));
        assert_eq!(names(&app, "/thing?sort=contacts&order=desc"), json!(["b", "a", "c"]), "no contact, last");
        assert_eq!(names(&app, "/thing?sort=groups"), json!(["b", "a", "c"]));
        assert_eq!(names(&app, "/thing?sort=groups&order=desc"), json!(["c", "a", "b"]));
    }

    fn other_keys_sort_too(db: Database) {
        let app = db.start();
        let (a, b, _) = (well(&app, "a"), well(&app, "b"), well(&app, "none"));
        app.db.execute("INSERT INTO aquifer_system (name, primary_aquifer_type, geographic_scale) \
            VALUES ('Santa Fe', 'Unconfined single aquifer', 'Regional'), ('ogallala', 'Unconfined single aquifer', 'Regional')");
        app.db.execute(&format!("INSERT INTO thing_aquifer_association (thing_id, aquifer_system_id) VALUES ({a}, 1), ({b}, 1), ({b}, 2)"));
        for (thing, id, organization) in [(a, "Beta", "NMBGMR"), (a, "Aaa", "NMBGMR"), (b, "Aa", "USGS"), (b, "alpha", "NMBGMR")] {
            app.create("/thing/id-link", json!({"thing_id": thing, "relation": "same_as", "alternate_id": id, "alternate_organization": organization}));
        }
        for (thing, height, start) in [(a, "1", "2020-01-01"), (a, "3", "2021-01-01"), (a, "NULL", "2022-01-01"), (b, "2", "2021-01-01")] {
            app.db.execute(&format!("INSERT INTO measuring_point_history (thing_id, measuring_point_height, start_date) VALUES ({thing}, {height}, '{start}')"));
        }
        for column in ["aquifers", "site_name", "measuring_point_height"] {
            assert_eq!(names(&app, &format!("/thing?sort={column}")), json!(["b", "a", "none"]), "{column}");
            assert_eq!(names(&app, &format!("/thing?sort={column}&order=desc")), json!(["a", "b", "none"]), "{column}");
        }
        assert_eq!(app.items("/thing?sort=measuring_point_height", "measuring_point_height"), [json!(2.0), json!(3.0), Value::Null]);
    }

    fn text_is_searched_by_words_and_similarity(db: Database) {
        let app = db.start();
        for name in ["Dry Canyon wells", "Canyon del Rio", "SO-0001", "SO-0002", "Arroyo Seco"] {
            well(&app, name);
        }
        let frio = spring(&app, "Ojo Frio");
        let found = |query: &str| names(&app, &format!("/thing?query={}", encode(query)));
        assert_eq!(found("canyon"), json!(["Canyon del Rio", "Dry Canyon wells"]), "the more similar one first");
        assert_eq!(found("canyon dry"), json!(["Dry Canyon wells", "Canyon del Rio"]), "the second is only similar");
        assert_eq!(found("canyons well dr"), json!(["Dry Canyon wells"]), "all words, each as a beginning, without endings");
        assert_eq!(found("the canyon of dry wells"), json!(["Dry Canyon wells"]));
        assert_eq!(found("rio or seco"), json!(["Arroyo Seco", "Canyon del Rio"]));
        assert_eq!(found("\"canyon del\" -dry"), json!(["Canyon del Rio", "Dry Canyon wells"]));
        assert_eq!(found("arroy"), json!(["Arroyo Seco"]));
        assert_eq!(found("0001"), json!(["SO-0001", "SO-0002"]), "similar");
        assert_eq!(found("SO-0002"), json!(["SO-0002", "SO-0001"]));
        assert_eq!(found("spring"), json!(["Ojo Frio"]), "its type");
        assert_eq!(found("frioo"), json!(["Ojo Frio"]), "similar");
        for nothing in ["---", "' & | ! ( ) : * \\ \"", "°", "the of", "zzzz", "-the"] {
            assert_eq!(found(nothing), json!([]), "{nothing}");
        }
        assert_eq!(found("-canyon -ojo -seco"), json!(["SO-0001", "SO-0002"]), "all without these words");
        assert_eq!(found("").as_array().unwrap().len(), 6, "nothing is asked for");
        assert_eq!(found(" ").as_array().unwrap().len(), 6);
        assert_eq!(names(&app, "/thing/spring?query=frio"), json!(["Ojo Frio"]));
        assert_eq!(names(&app, "/thing/water-well?query=frio"), json!([]));
        assert_eq!(names(&app, "/thing?query=canyon&sort=name&order=desc"), json!(["Dry Canyon wells", "Canyon del Rio"]));
        let page = app.get("/thing?query=canyon&size=1&page=2").expect(200);
        assert_eq!((&page["items"][0]["name"], &page["total"]), (&json!("Dry Canyon wells"), &json!(2)));
        let narrowed = format!("/thing?query=canyon&name_contains=rio&{}", filter("thing_type", "eq", json!("water well")));
        assert_eq!(names(&app, &narrowed), json!(["Canyon del Rio"]));

        contact(&app, "Ana Frio", &[1]);
        contact(&app, "Ana Frio Senior", &[1, frio]);
        assert_eq!(names(&app, "/thing?query=ana+frio"), json!(["Ojo Frio"]), "similar by its own name");
        assert_eq!(names(&app, "/thing?query=ana+frio&include_contacts=true"), json!(["Dry Canyon wells", "Ojo Frio"]));
        assert_eq!(names(&app, "/thing/water-well?query=ana+frio&include_contacts=1"), json!(["Dry Canyon wells"]), "once");
        assert_eq!(app.get("/thing?include_contacts=maybe").detail(422)[0]["type"], "bool_parsing");
        let long = app.get(&format!("/thing?query={}", "a".repeat(1001))).detail(422);
        assert_eq!((&long[0]["loc"], &long[0]["msg"]), (&json!(["query", "query"]), &json!("Value error, query is longer than 1000 characters")));
        assert_eq!(app.get("/thing?query=a%00").detail(422)[0]["type"], "value_error");
    }

    fn no_search_is_too_strange(db: Database) {
        let app = db.start();
        well(&app, "a");
        for query in ["'", "''", "\\", "\\'", "a:b", "a:*", "a & b", "!!a", "<->", "a <2> b", "(", ")", "NEAR(a b)", "a AND", "NOT a", "^a",
                      "name:a", "\"a", "\"\"", "-\"a", "--a", "a* *", "{a b}", "é\u{301}", "²", "٣", "\u{feff}a", "a\nb", "or", "a or or b", "😀a",
                      "http://a.b/c?d=e", "a@b.c", "1e5 -1.5 +3", "a-b-c_d/e", "%", "_"] {
            app.get(&format!("/thing?query={}&include_contacts=true", encode(query))).expect(200);
        }
        let many = vec!["a"; 500].join(" ");
        for query in [many.clone(), many.replace(' ', " or ")[..999].to_owned(), format!("-{}", many.replace(' ', " -"))[..999].to_owned(), "x".repeat(1000)] {
            app.get(&format!("/thing?query={}", encode(&query))).expect(200);
        }
    }

    fn the_number_of_queries_does_not_depend_on_the_size(db: Database) {
        let app = db.start();
        let place = location(&app, "POINT (-106 34)", 1.0);
        let group = app.create("/group", json!({"name": "G"}))["id"].clone();
        for at in 0..12 {
            app.create("/thing/water-well", json!({"name": format!("w{at}"), "location_id": place, "group_id": group,
                "notes": [{"note_type": "General", "content": "x"}], "well_purposes": ["Domestic"], "is_open": true}));
            app.create("/thing/spring", json!({"name": format!("s{at}"), "location_id": place, "group_id": group}));
        }
        for (path, most) in [("/thing", 11), ("/thing/water-well", 11), ("/thing/spring", 11)] {
            let queries = |size| app.get(&format!("{path}?size={size}")).queries();
            assert_eq!(queries(1), queries(500), "{path}");
            assert_eq!(queries(1) + 1, queries(10_000), "{path}: the keys first");
            assert!(queries(5) <= most, "{path}: {}", queries(5));
        }
    }
}

both! {
    fn the_details_of_a_well_are_all_that_is_known(db: Database) {
        let app = db.start();
        let id = well(&app, "W");
        let path = format!("/thing/water-well/{id}");
        let bare = app.get(&format!("{path}/details")).expect(200);
        assert_eq!(keys(&bare), ["well", "contacts", "sensors", "deployments", "well_screens", "field_events", "first_field_event"]);
        assert_eq!(bare["first_field_event"], Value::Null);
        let bare = app.get(&format!("{path}/export")).expect(200);
        assert_eq!(keys(&bare), ["well", "contacts", "sensors", "deployments"]);

        let (zoe, ana) = (contact(&app, "Zoe Baca", &[id]), contact(&app, "Ana Vigil", &[id]));
        app.db.execute(&format!("INSERT INTO email (contact_id, email, email_type) VALUES ({ana}, 'ana@example.org', 'Work')"));
        app.db.execute(&format!("INSERT INTO incomplete_nma_phone (contact_id, phone_number) VALUES ({ana}, '555-0142')"));
        let sensor = |name: &str| {
            app.create("/sensor", json!({"name": name, "sensor_type": "Pressure Transducer"}))["id"].clone()
        };
        let (diver, logger) = (sensor("Diver"), sensor("Logger"));
        for (sensor, date) in [(&logger, json!("2020-01-01")), (&diver, json!("2022-01-01")), (&diver, json!("2021-01-01")), (&diver, Value::Null)] {
            app.create("/deployment", json!({"thing_id": id, "sensor_id": sensor, "installation_date": date}));
        }
        for top in [json!(30), json!(10), json!(20)] {
            app.create("/thing/well-screen", json!({"thing_id": id, "screen_depth_top": top}));
        }
        for day in ["2020-01-01", "2022-01-01", "2021-01-01"] {
            let event = app.create("/field-event", json!({"thing_id": id, "event_date": format!("{day}T10:00:00Z")}))["id"].clone();
            app.db.execute(&format!("INSERT INTO field_event_participant (field_event_id, contact_id, participant_role) VALUES ({event}, {zoe}, 'Lead')"));
            let participant = app.db.number("SELECT max(id) FROM field_event_participant");
            let activity = app.create("/field-activity", json!({"field_event_id": event, "activity_type": "groundwater level"}))["id"].clone();
            app.create("/sample", json!({"field_activity_id": activity, "field_event_participant_id": participant,
                "sample_date": format!("{day}T10:05:00Z"), "sample_name": format!("W-{day}"), "sample_matrix": "groundwater",
                "sample_method": "Steel-tape measurement", "qc_type": "Normal"}));
        }
        let details = app.get(&format!("{path}/details")).expect(200);
        assert_eq!(details["well"], app.get(&path).expect(200));
        let column = |list: &str, key: &str| {
            details[list].as_array().unwrap().iter().map(|item| item[key].clone()).collect::<Vec<_>>()
        };
        assert_eq!(column("contacts", "name"), ["Zoe Baca", "Ana Vigil"], "by id");
        assert_eq!(details["contacts"][1]["emails"][0]["email"], "ana@example.org");
        assert_eq!(details["contacts"][1]["incomplete_nma_phones"], json!(["555-0142"]));
        assert_eq!(details["contacts"][1]["things"][0]["name"], "W");
        assert_eq!(column("sensors", "name"), ["Diver", "Logger"], "each once");
        assert_eq!(column("deployments", "installation_date"), [json!("2022-01-01"), json!("2021-01-01"), json!("2020-01-01"), Value::Null]);
        assert_eq!(details["deployments"][0]["sensor"], details["sensors"][0]);
        assert_eq!(column("well_screens", "screen_depth_top"), [10.0, 20.0, 30.0]);
        assert!(details["well_screens"][0].get("thing").is_none());
        assert_eq!(column("field_events", "event_date"), ["2022-01-01T10:00:00Z", "2021-01-01T10:00:00Z", "2020-01-01T10:00:00Z"]);
        assert_eq!(details["first_field_event"], details["field_events"][2]);
        let event = &details["field_events"][0];
        assert_eq!(keys(event), ["id", "created_at", "release_status", "thing_id", "event_date", "notes",
            "field_event_participants", "field_activities"]);
        assert_eq!(event["field_event_participants"][0]["participant"]["name"], "Zoe Baca");
        let sample = &event["field_activities"][0]["samples"][0];
        assert_eq!((&sample["sample_name"], &sample["contact"]["name"], &sample["observations"]),
            (&json!("W-2022-01-01"), &json!("Zoe Baca"), &json!([])));

        let one = app.get(&format!("{path}/details?field_event_limit=1")).expect(200);
        assert_eq!(one["field_events"], json!([details["field_events"][0]]));
        assert_eq!(one["first_field_event"], details["first_field_event"]);
        let export = app.get(&format!("{path}/export")).expect(200);
        for key in ["well", "contacts", "sensors", "deployments"] {
            assert_eq!(export[key], details[key], "{key}");
        }
    }

    fn details_are_for_wells_and_within_limits(db: Database) {
        let app = db.start();
        let (well, spring) = (well(&app, "W"), spring(&app, "S"));
        for route in ["details", "export"] {
            let detail = app.get(&format!("/thing/water-well/{spring}/{route}")).detail(404);
            assert_eq!(detail[0]["msg"], format!("Thing with ID {spring} is not a water well Thing. It is a spring Thing."));
            assert_eq!(detail[0]["loc"], json!(["path", "thing_id"]));
            assert_eq!(app.get(&format!("/thing/water-well/4711/{route}")).detail(404), "Thing with ID 4711 not found.");
        }
        for (limit, kind) in [("0", "greater_than_equal"), ("101", "less_than_equal"), ("all", "int_parsing")] {
            let detail = app.get(&format!("/thing/water-well/{well}/details?field_event_limit={limit}")).detail(422);
            assert_eq!((&detail[0]["loc"], &detail[0]["type"], &detail[0]["input"]),
                (&json!(["query", "field_event_limit"]), &json!(kind), &json!(limit)));
        }
    }
}
