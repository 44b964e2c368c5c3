use crate::support::*;

const SOCORRO: &str = "POINT (-106.907 34.058)";

fn location(point: &str, elevation: f64) -> Value {
    json!({"point": point, "elevation": elevation})
}

both! {
    fn a_location_comes_back_as_it_was_sent(db: Database) {
        let app = db.start();
        let made = app.create("/location", json!({
            "point": "POINT (-106.607784 35.118924)", "elevation": 1558.8, "release_status": "public",
            "notes": [{"note_type": "Directions", "content": "Second gate on the left"},
                      {"note_type": "Coordinate", "content": "from a map", "release_status": "private"}]
        }));
        let id = made["id"].as_i64().unwrap();
        assert_eq!(made["point"], "POINT (-106.607784 35.118924)");
        assert_eq!(made["elevation"], 1558.8);
        assert_eq!(made["release_status"], "public");
        assert_eq!((&made["horizontal_datum"], &made["vertical_datum"]), (&json!("WGS84"), &json!("NAVD88")));
        for absent in ["elevation_method", "state", "county", "quad_name", "nma_location_notes", "nma_data_reliability",
                       "nma_date_created", "nma_site_date"] {
            assert_eq!(made[absent], Value::Null, "{absent}");
        }
        let notes = made["notes"].as_array().unwrap();
        assert_eq!(notes.len(), 2);
        assert_eq!(notes[0]["note_type"], "Directions");
        assert_eq!(notes[0]["release_status"], "draft");
        assert_eq!(notes[1]["release_status"], "private");
        assert_eq!((&notes[0]["target_id"], &notes[0]["target_table"]), (&json!(id), &json!("location")));
        let created_at = made["created_at"].as_str().unwrap();
        assert_eq!((created_at.len(), created_at.ends_with('Z')), (20, true), "{created_at}");
        assert_eq!(app.get(&format!("/location/{id}")).expect(200), made);
    }

    fn an_elevation_says_what_it_refers_to(db: Database) {
        let app = db.start();
        let old = app.create("/location", json!({"point": SOCORRO, "elevation": 1447.8, "vertical_datum": "NGVD29"}));
        assert_eq!((&old["elevation"], &old["vertical_datum"]), (&json!(1447.8), &json!("NGVD29")));
        let path = format!("/location/{}", old["id"]);
        // Nothing is converted, and nothing is said of the datum that the caller has not said.
        assert_eq!(app.patch(&path, json!({"elevation": 1})).expect(200)["vertical_datum"], "NGVD29");
        let changed = app.patch(&path, json!({"vertical_datum": "NAVD88"})).expect(200);
        assert_eq!((&changed["elevation"], &changed["vertical_datum"]), (&json!(1.0), &json!("NAVD88")));
        let detail = app.patch(&path, json!({"vertical_datum": "sea level"})).detail(422);
        assert_eq!((&detail[0]["type"], &detail[0]["loc"]), (&json!("enum"), &json!(["body", "vertical_datum"])));
        assert_eq!(app.patch(&path, json!({"vertical_datum": null})).detail(422)[0]["loc"], json!(["body", "vertical_datum"]));
        // Where a thing shows its place, in feet.
        app.patch(&path, json!({"elevation": 1447.8, "vertical_datum": "NGVD29"})).expect(200);
        let well = app.create("/thing/water-well", json!({"name": "w", "location_id": old["id"]}));
        let details = app.get(&format!("/thing/water-well/{}/details", well["id"])).expect(200);
        for shown in [&well, &details["well"], &app.get("/thing").expect(200)["items"][0]] {
            let place = &shown["current_location"]["properties"];
            assert_eq!((&place["elevation"], &place["vertical_datum"]), (&json!(4750.0), &json!("NGVD29")));
        }
    }

    fn an_elevation_is_one_of_this_planet(db: Database) {
        let app = db.start();
        let path = format!("/location/{}", app.create("/location", json!({"point": SOCORRO, "elevation": -500}))["id"]);
        for (elevation, kind, message) in [
            (json!(-500.1), "greater_than_equal", "Input should be greater than or equal to -500"),
            (json!(9000.5), "less_than_equal", "Input should be less than or equal to 9000"),
            (json!(1.7e308), "less_than_equal", "Input should be less than or equal to 9000"),
        ] {
            for reply in [app.post("/location", json!({"point": SOCORRO, "elevation": elevation})), app.patch(&path, json!({"elevation": elevation}))] {
                let detail = reply.detail(422);
                assert_eq!(json!([detail[0]["type"], detail[0]["loc"], detail[0]["msg"]]), json!([kind, ["body", "elevation"], message]));
            }
        }
        app.patch(&path, json!({"elevation": 9000})).expect(200);
    }

    fn all_problems_of_a_body_are_listed_in_the_order_of_its_fields(db: Database) {
        let app = db.start();
        let body = json!({
            "point": "POINT (200 35)", "elevation": "high", "release_status": "secret",
            "notes": [{"note_type": "General", "content": "fine"}, {"note_type": "Gossip", "content": 7}]
        });
        let detail = app.post("/location", body.clone()).detail(422);
        let places: Vec<Value> = detail.as_array().unwrap().iter().map(|problem| problem["loc"].clone()).collect();
        assert_eq!(json!(places), json!([
            ["body", "point"], ["body", "elevation"], ["body", "notes", 1, "note_type"], ["body", "notes", 1, "content"],
            ["body", "release_status"]
        ]));
        assert_eq!(detail[0]["type"], "value_error");
        assert!(detail[0]["msg"].as_str().unwrap().starts_with("Value error, Invalid WKT geometry: "));
        assert_eq!(detail[1]["type"], "float_parsing");
        assert_eq!(detail[1]["msg"], "Input should be a valid number, unable to parse string as a number");
        assert_eq!(detail[2]["type"], "enum");
        assert_eq!(detail[2]["input"], "Gossip");
        let expected = detail[2]["ctx"]["expected"].as_str().unwrap();
        assert!(expected.starts_with("'Historical', 'Access', "), "{expected}");
        assert_eq!(detail[2]["msg"], format!("Input should be {expected}"));
        assert_eq!(detail[3]["type"], "string_type");
        assert_eq!(detail[4]["msg"], "Value error, Invalid release_status: secret");
        assert_eq!(detail[4]["type"], "value_error");
        assert_eq!(app.get("/location").expect(200)["total"], 0, "nothing is stored");
    }

    fn what_is_missing_is_named(db: Database) {
        let app = db.start();
        let detail = app.post("/location", json!({"notes": null})).detail(422);
        assert_eq!(detail, json!([
            {"type": "missing", "loc": ["body", "point"], "msg": "Field required", "input": {"notes": null}},
            {"type": "missing", "loc": ["body", "elevation"], "msg": "Field required", "input": {"notes": null}}
        ]));
    }

    fn bodies_that_are_no_objects_are_refused(db: Database) {
        let app = db.start();
        let json = Some("application/json");
        let detail = |kind, body: &str| app.send("POST", "/location", kind, body.as_bytes()).detail(422)[0].clone();
        assert_eq!(detail(json, ""), json!({"type": "missing", "loc": ["body"], "msg": "Field required", "input": null}));
        assert_eq!(detail(json, "[1]")["type"], "model_attributes_type");
        assert_eq!(detail(json, "null")["loc"], json!(["body"]));
        let broken = detail(json, "{\"point\": }");
        assert_eq!((&broken["type"], &broken["loc"]), (&json!("json_invalid"), &json!(["body", 10])));
        assert_eq!(broken["msg"], "JSON decode error");
        assert_eq!(detail(Some("text/plain"), "{}")["type"], "model_attributes_type");
        let deep = "[".repeat(100_000);
        assert_eq!(detail(json, &deep)["type"], "json_invalid");
    }

    fn too_large_a_body_is_413(db: Database) {
        let app = db.start_with(|config| config.server.body_limit = 2048, |_| {});
        let body = json!({"point": SOCORRO, "elevation": 1, "x": "x".repeat(3000)});
        assert!(app.post("/location", body).detail(413).as_str().unwrap().contains("2048"));
    }

    fn a_patch_tells_absent_null_and_value_apart(db: Database) {
        let app = db.start();
        let made = app.create("/location", json!({"point": SOCORRO, "elevation": 1400,
            "notes": [{"note_type": "General", "content": "one"}]}));
        let path = format!("/location/{}", made["id"]);
        assert_eq!(app.patch(&path, json!({})).expect(200), made);

        let method = app.patch(&path, json!({"elevation_method": "Reported", "elevation_accuracy": 2.5})).expect(200);
        assert_eq!(method["elevation_method"], "Reported");
        assert_eq!(app.db.number("SELECT count(*) FROM data_provenance"), 1);
        let again = app.patch(&path, json!({"elevation_method": "LiDAR DEM", "coordinate_method": "Reported"})).expect(200);
        assert_eq!(again["elevation_method"], "LiDAR DEM");
        assert_eq!(app.db.number("SELECT count(*) FROM data_provenance"), 2);
        assert_eq!(app.db.number("SELECT count(*) FROM data_provenance WHERE accuracy_value = 2.5"), 1);
        assert_eq!(app.patch(&path, json!({"elevation_method": null})).expect(200)["elevation_method"], Value::Null);

        let cleared = app.patch(&path, json!({"release_status": null})).expect(200);
        assert_eq!(cleared["release_status"], Value::Null);
        let moved = app.patch(&path, json!({"point": "POINT(-107 34)", "elevation": 1500})).expect(200);
        assert_eq!((&moved["point"], &moved["elevation"]), (&json!("POINT (-107 34)"), &json!(1500.0)));
        let renoted = app.patch(&path, json!({"notes": [{"note_type": "Access", "content": "two"}]})).expect(200);
        assert_eq!(renoted["notes"].as_array().unwrap().len(), 1);
        assert_eq!(renoted["notes"][0]["content"], "two");
        assert_eq!(app.patch(&path, json!({"notes": []})).expect(200)["notes"], json!([]));

        let detail = app.patch(&path, json!({"point": null, "elevation": null})).detail(422);
        assert_eq!(detail[0]["loc"], json!(["body", "point"]));
        assert_eq!(detail[1]["loc"], json!(["body", "elevation"]));
        let detail = app.patch(&path, json!({"elevation_method": "by eye"})).detail(422);
        assert_eq!(detail[0]["type"], "enum");
    }

    fn a_missing_location_is_404_whatever_is_asked(db: Database) {
        let app = db.start();
        for id in ["1", "-1", "2147483648", "99999999999999999999"] {
            let text = json!(format!("Location with ID {id} not found."));
            assert_eq!(app.get(&format!("/location/{id}")).detail(404), text);
            assert_eq!(app.delete(&format!("/location/{id}")).detail(404), text);
            assert_eq!(app.patch(&format!("/location/{id}"), json!({"elevation_method": "x", "y": 1})).detail(404), text);
        }
        let detail = app.get("/location/first").detail(422);
        assert_eq!(detail, json!([{"type": "int_parsing", "loc": ["path", "location_id"], "input": "first",
            "msg": "Input should be a valid integer, unable to parse string as an integer"}]));
    }

    fn a_deleted_location_takes_its_notes_along(db: Database) {
        let app = db.start();
        let made = app.create("/location", json!({"point": SOCORRO, "elevation": 1400,
            "notes": [{"note_type": "General", "content": "one"}]}));
        let reply = app.delete(&format!("/location/{}", made["id"]));
        assert_eq!((reply.status, reply.body.len()), (204, 0));
        assert_eq!(app.db.number("SELECT count(*) FROM notes"), 0);
        assert_eq!(app.get(&format!("/location/{}", made["id"])).status, 404);
    }

    fn pages_sorts_and_filters(db: Database) {
        let app = db.start();
        for (longitude, elevation) in [(-106.0, 30.0), (-107.0, 10.0), (-108.0, 20.0)] {
            app.create("/location", location(&format!("POINT ({longitude} 34)"), elevation));
        }
        app.db.execute("UPDATE location SET county = 'Socorro' WHERE elevation = 10");
        app.db.execute("UPDATE location SET county = 'bernalillo' WHERE elevation = 20");
        let elevations = |query: &str| json!(app.items(&format!("/location?{query}"), "elevation"));
        assert_eq!(elevations(""), json!([30.0, 10.0, 20.0]), "by id");
        assert_eq!(elevations("sort=elevation"), json!([10.0, 20.0, 30.0]));
        assert_eq!(elevations("sort=elevation&order=DESC"), json!([30.0, 20.0, 10.0]));
        assert_eq!(elevations("sort=county&order=asc"), json!([20.0, 10.0, 30.0]), "no case, nulls last");
        assert_eq!(elevations("sort=county&order=desc"), json!([10.0, 20.0, 30.0]), "nulls last here too");
        assert_eq!(elevations("order=desc"), json!([30.0, 10.0, 20.0]), "an order alone changes nothing");

        let page = app.get("/location?size=2&page=2&sort=elevation").expect(200);
        assert_eq!(page["items"].as_array().unwrap().len(), 1);
        assert_eq!((&page["total"], &page["page"], &page["size"], &page["pages"]), (&json!(3), &json!(2), &json!(2), &json!(2)));
        assert_eq!(page.as_object().unwrap().len(), 5);
        let beyond = app.get("/location?page=99999999999999").expect(200);
        assert_eq!((&beyond["items"], &beyond["total"], &beyond["pages"]), (&json!([]), &json!(3), &json!(1)));

        for (field, operator, value, found) in [
            ("county", "contains", json!("COR"), json!([10.0])),
            ("county", "ncontains", json!("cor"), json!([20.0])),
            ("county", "startswith", json!("BER"), json!([20.0])),
            ("county", "endswith", json!("RO"), json!([10.0])),
            ("county", "eq", json!("Socorro"), json!([10.0])),
            ("county", "eq", json!("socorro"), json!([])),
            ("county", "ne", json!("Socorro"), json!([20.0])),
            ("county", "null", json!(null), json!([30.0])),
            ("county", "nnull", json!(1), json!([10.0, 20.0])),
            ("county", "in", json!(["Socorro", "Taos"]), json!([10.0])),
            ("county", "in", json!([]), json!([])),
            ("county", "contains", json!("%"), json!([])),
            ("county", "eq", json!("' OR 1=1 --"), json!([])),
            ("elevation", "gt", json!(10), json!([30.0, 20.0])),
            ("elevation", "gte", json!("20"), json!([30.0, 20.0])),
            ("elevation", "lt", json!(20), json!([10.0])),
            ("elevation", "lte", json!(20.0), json!([10.0, 20.0])),
            ("elevation", "in", json!([10, "20"]), json!([10.0, 20.0])),
            ("id", "gt", json!(99_999_999_999_i64), json!([])),
            ("created_at", "lt", json!("2020-01-01"), json!([])),
            ("created_at", "gt", json!("2020-01-01T00:00:00Z"), json!([30.0, 10.0, 20.0])),
            ("nma_site_date", "null", json!(null), json!([30.0, 10.0, 20.0])),
        ] {
            assert_eq!(elevations(&filter(field, operator, value.clone())), found, "{field} {operator} {value}");
        }
        let both = format!("{}&{}", filter("elevation", "gt", json!(10)), filter("elevation", "lt", json!(30)));
        assert_eq!(elevations(&both), json!([20.0]));
        assert_eq!(elevations("filter="), json!([30.0, 10.0, 20.0]));
    }

    fn bad_list_parameters_are_named(db: Database) {
        let app = db.start();
        let detail = app.get("/location?page=0&size=10001&order=up").detail(422);
        assert_eq!(detail[0], json!({"type": "greater_than_equal", "loc": ["query", "page"], "input": "0",
            "msg": "Input should be greater than or equal to 1", "ctx": {"ge": 1}}));
        assert_eq!(detail[1], json!({"type": "less_than_equal", "loc": ["query", "size"], "input": "10001",
            "msg": "Input should be less than or equal to 10000", "ctx": {"le": 10000}}));
        assert_eq!(detail[2]["loc"], json!(["query", "order"]));
        let detail = app.get("/location?size=many").detail(422);
        assert_eq!((&detail[0]["type"], &detail[0]["input"]), (&json!("int_parsing"), &json!("many")));
        assert_eq!(app.get("/location?sort=colour&order=asc").detail(422)[0]["loc"], json!(["query", "sort"]));

        let refused = |query: &str, status| app.get(&format!("/location?{query}")).detail(status);
        assert_eq!(refused("filter=%7B", 400), "Invalid JSON in filter");
        assert_eq!(refused(&format!("filter={}", encode(r#"{"field":"id"}"#)), 422), "Missing required filter keys: operator, value");
        assert_eq!(refused(&filter("colour", "eq", json!(1)), 400), "Unknown filter field 'colour' for Location");
        assert_eq!(refused(&filter("id", "like", json!(1)), 400), "Unsupported filter operator 'like'");
        assert_eq!(refused(&filter("elevation", "contains", json!("1")), 400), "Operator contains is not supported for field 'elevation'");
        assert_eq!(refused(&filter("id", "in", json!(1)), 400), "Operator in requires an array value");
        assert_eq!(refused(&filter("id", "eq", json!("x")), 400), "Invalid value for field 'id'");
    }

    fn places_are_found_in_space(db: Database) {
        let app = db.start();
        for (point, elevation) in [("POINT (-106.5 34.5)", 1.0), ("POINT (-106 34.5)", 2.0), ("POINT (-105.5 34.5)", 3.0)] {
            app.create("/location", location(point, elevation));
        }
        let found = |query: String| json!(app.items(&format!("/location?{query}"), "elevation"));
        let within = |wkt: &str| found(format!("within={}", encode(wkt)));
        assert_eq!(within("POLYGON ((-107 34, -106 34, -106 35, -107 35, -107 34))"), json!([1.0]), "the edge is outside");
        assert_eq!(within("POLYGON((-107 34,-105 34,-105 35,-107 35,-107 34),(-106.2 34.2,-105.8 34.2,-105.8 34.8,-106.2 34.8,-106.2 34.2))"),
            json!([1.0, 3.0]), "a hole");
        assert_eq!(within("MULTIPOLYGON (((-106.6 34.4, -106.4 34.4, -106.4 34.6, -106.6 34.6, -106.6 34.4)), ((-105.6 34.4, -105.4 34.4, -105.4 34.6, -105.6 34.6, -105.6 34.4)))"),
            json!([1.0, 3.0]));
        let nearby = |point: &str, km: &str| found(format!("nearby_point={}&nearby_distance_km={km}", encode(point)));
        // 0.5 degrees of longitude at 34.5 degrees north are 45.9 km.
        assert_eq!(nearby("POINT (-106.5 34.5)", "45"), json!([1.0]));
        assert_eq!(nearby("POINT (-106.5 34.5)", "46.5"), json!([1.0, 2.0]));
        assert_eq!(nearby("POINT (-106.5 34.5)", "0"), json!([1.0]));
        assert_eq!(found(format!("nearby_point={}", encode("POINT (-106.5 34.505)"))), json!([1.0]), "one kilometre by default");
        // The query goes before the point, the point before the area.
        let all = format!("query={}&nearby_point={}&within={}", encode("elevation eq 3"), encode("POINT (-106.5 34.5)"),
            encode("POLYGON ((-106.1 34, -105.9 34, -105.9 35, -106.1 35, -106.1 34))"));
        assert_eq!(found(all), json!([3.0]));
        for (name, wkt) in [("within", "POLYGON ((0 0, 1 1"), ("within", "POINT (0 0)"), ("nearby_point", "here"),
                            ("within", "POLYGON ((0 0, 1 1, 0 1, 1 0, 0 0))"), ("within", "")] {
            let detail = app.get(&format!("/location?{name}={}", encode(wkt))).detail(422);
            assert_eq!((&detail[0]["type"], &detail[0]["loc"]), (&json!("value_error"), &json!(["query", name])), "{wkt}");
        }
        assert_eq!(app.get("/location?nearby_point=POINT(0+0)&nearby_distance_km=-1").status, 422);
        assert_eq!(app.get("/location?nearby_point=POINT(0+0)&nearby_distance_km=nan").status, 422);
    }

    fn the_query_grammar(db: Database) {
        let app = db.start();
        app.create("/location", json!({"point": "POINT (-106 34)", "elevation": 10, "release_status": "public",
            "notes": [{"note_type": "Access", "content": "Blue gate"}]}));
        app.create("/location", location("POINT (-107 35)", 20.0));
        app.db.execute("UPDATE location SET county = 'Socorro' WHERE elevation = 10");
        let found = |query: &str| json!(app.items(&format!("/location?query={}", encode(query)), "elevation"));
        for (query, elevations) in [
            ("county eq 'Socorro'", json!([10.0])),
            ("county like 'soc%'", json!([10.0])),
            ("elevation gt 10", json!([20.0])),
            ("elevation ge 10", json!([10.0, 20.0])),
            ("elevation ne 10", json!([20.0])),
            ("elevation between [5,15]", json!([10.0])),
            ("elevation le 1e1", json!([10.0])),
            ("notes.content like '%GATE%'", json!([10.0])),
            ("notes.note_type eq 'General'", json!([])),
            ("created_at gt '2020-01-01'", json!([10.0, 20.0])),
        ] {
            assert_eq!(found(query), elevations, "{query}");
        }
        for bad in ["", "county", "county is 'x'", "county eq x", "colour eq 1", "elevation eq 'high'", "a.b.c eq 1",
                    "notes.colour eq 1", "elevation like '1'", "county eq 'it''s'", "elevation between 1"] {
            let detail = app.get(&format!("/location?query={}", encode(bad))).detail(422);
            assert_eq!((&detail[0]["type"], &detail[0]["loc"]), (&json!("value_error"), &json!(["query", "query"])), "{bad}");
        }
        let long = app.get(&format!("/location?query={}", encode(&format!("county eq '{}'", "x".repeat(2000))))).detail(422);
        assert_eq!((&long[0]["type"], &long[0]["loc"]), (&json!("string_too_long"), &json!(["query", "query"])));
    }

    fn a_page_costs_the_same_whatever_its_size(db: Database) {
        let app = db.start();
        app.create("/location", location(SOCORRO, 1.0));
        let one = app.get("/location").queries();
        for _ in 0..20 {
            app.create("/location", json!({"point": SOCORRO, "elevation": 1, "notes": [{"note_type": "General", "content": "n"}]}));
        }
        assert_eq!(app.get("/location?size=100").queries(), one);
    }
}
