use super::{contact, keys, location, names, spring, status, well};
use crate::support::*;

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
        let contents: Vec<Value> = app.items("/thing/spring", "current_location").iter()
            .map(|feature| feature["properties"]["notes"][0]["content"].clone()).collect();
        assert_eq!(contents, ["note", "note"]);
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

}
