use crate::field_event::with_things;
use crate::support::planted::uuid;
use crate::support::principals::{ByName, EVERYTHING};
use crate::support::*;

const PATH: &str = "/thing/geothermal-well";

fn missing(key: &str) -> Value {
    json!([{"type": "value_error", "loc": ["path", "well_data_id"], "msg": format!("Geothermal well with WellDataID {key} not found."),
        "input": {"well_data_id": key}}])
}

both! {
    fn a_geothermal_well_comes_back_as_it_was_sent(db: Database) {
        let app = with_things(db);
        let body = json!({"well_data_id": uuid(7), "thing_id": 1, "api": "30-053-20001", "name": "Socorro Peak", "well_number": "1",
            "well_class": "Exploration", "well_type": "Temperature gradient", "status": "Plugged", "operator": "o", "owner": "w",
            "total_depth": 2100.5, "completion_date": "1980-05-01", "has_geothermal_data": true, "county": "Socorro", "state": "NM",
            "latitude": 34.07, "longitude": -106.95, "release_status": "public"});
        let made = app.create(PATH, body.clone());
        assert_eq!(made.as_object().unwrap().keys().collect::<Vec<_>>(), ["well_data_id", "created_at", "release_status", "thing_id", "api", "name",
            "well_number", "well_class", "well_type", "status", "operator", "owner", "total_depth", "completion_date", "has_geothermal_data",
            "county", "state", "latitude", "longitude"]);
        for (key, sent) in body.as_object().unwrap() {
            assert_eq!(&made[key], sent, "{key}");
        }
        let path = format!("{PATH}/{}", uuid(7));
        assert_eq!(app.get(&path).expect(200), made);
        assert_eq!(app.get(&path.to_uppercase().replace("/THING/GEOTHERMAL-WELL", PATH)).expect(200), made, "a UUID in any spelling");
        let changed = app.patch(&path, json!({"thing_id": null, "latitude": null, "longitude": null, "has_geothermal_data": false})).expect(200);
        assert_eq!(json!([changed["thing_id"], changed["latitude"], changed["longitude"], changed["has_geothermal_data"], changed["name"]]),
            json!([null, null, null, false, "Socorro Peak"]));
        let plain = app.create(PATH, json!({"name": "Plain"}));
        assert_eq!((plain["well_data_id"].as_str().unwrap().len(), &plain["has_geothermal_data"]), (36, &json!(false)));
        assert_eq!(app.delete(&path).status, 204);
        for reply in [app.get(&path), app.delete(&path), app.patch(&path, json!({"name": null}))] {
            assert_eq!(reply.detail(404), missing(&uuid(7)));
        }
    }

    fn errors_of_geothermal_wells(db: Database) {
        let app = with_things(db);
        let detail = app.post(PATH, json!({"well_data_id": "seven", "total_depth": 0, "completion_date": "2999-01-01",
            "latitude": 91, "longitude": "west"})).detail(422);
        let seen: Vec<Value> = detail.as_array().unwrap().iter().map(|p| json!([p["loc"][1], p["type"]])).collect();
        assert_eq!(json!(seen), json!([["well_data_id", "uuid_parsing"], ["name", "missing"], ["total_depth", "greater_than"],
            ["completion_date", "value_error"], ["latitude", "less_than_equal"], ["longitude", "float_parsing"]]));
        let half = "Value error, longitude and latitude must both be defined or both must be None.";
        assert_eq!(app.post(PATH, json!({"name": "x", "latitude": 34})).detail(422)[0]["msg"], half);
        app.create(PATH, json!({"name": "x", "well_data_id": uuid(1)}));
        let path = format!("{PATH}/{}", uuid(1));
        assert_eq!(app.patch(&path, json!({"longitude": -106})).detail(422)[0]["msg"], half);
        assert_eq!(app.patch(&path, json!({"longitude": -106, "latitude": null})).detail(422)[0]["msg"], half);
        assert_eq!(app.post(PATH, json!({"name": "x", "well_data_id": uuid(1)})).detail(409), json!([{"type": "value_error",
            "loc": ["body", "well_data_id"], "msg": format!("GeothermalWell with well_data_id {} already exists.", uuid(1)), "input": {"well_data_id": uuid(1)}}]));
        let refused = json!([{"type": "value_error", "loc": ["body", "thing_id"], "msg": "Thing with ID 4711 not found.", "input": {"thing_id": 4711}}]);
        assert_eq!(app.post(PATH, json!({"name": "x", "thing_id": 4711})).detail(409), refused);
        assert_eq!(app.patch(&path, json!({"thing_id": 4711})).detail(409), refused);
        assert_eq!(app.get(&format!("{PATH}/{}", uuid(9))).detail(404), missing(&uuid(9)));
        let detail = app.get(&format!("{PATH}/seven")).detail(422);
        assert_eq!((&detail[0]["type"], &detail[0]["loc"], &detail[0]["input"]), (&json!("uuid_parsing"), &json!(["path", "well_data_id"]), &json!("seven")));
        assert!(detail[0]["msg"].as_str().unwrap().starts_with("Input should be a valid UUID, "), "{detail}");
    }

    fn geothermal_wells_are_found_by_words(db: Database) {
        let app = db.start();
        for (name, api, number, operator, county) in [("Peak", "30-1", "7", "Sunbelt", "Socorro"), ("alpha 100%", "30-2", "8", "Phillips", "Hidalgo"),
            ("Beta", "30-3", "7", "Sunbelt", "Hidalgo")] {
            app.create(PATH, json!({"name": name, "api": api, "well_number": number, "operator": operator, "county": county}));
        }
        let names = |query: &str| json!(app.items(&format!("{PATH}?{query}"), "name"));
        assert_eq!(names(""), json!(["alpha 100%", "Beta", "Peak"]), "by name");
        assert_eq!(names("county=Hidalgo"), json!(["alpha 100%", "Beta"]));
        assert_eq!(names("county=hidalgo"), json!([]), "this very county");
        assert_eq!(names("name_contains=EA"), json!(["Peak"]));
        assert_eq!(names("name_contains=%25"), json!(["alpha 100%"]));
        assert_eq!(names("q=sunbelt%20hidalgo"), json!(["Beta"]));
        assert_eq!(names("q=7%20SUNBELT"), json!(["Beta", "Peak"]));
        assert_eq!(names("q=30-2"), json!(["alpha 100%"]));
        assert_eq!(names("q=sunbelt%20phillips"), json!([]));
        assert_eq!(names("q=%20&size=1&page=2"), json!(["Beta"]));
        let many = (0..21).map(|word| format!("w{word}")).collect::<Vec<_>>().join("%20");
        let detail = app.get(&format!("{PATH}?q={many}")).detail(422);
        assert_eq!((&detail[0]["loc"], &detail[0]["msg"]), (&json!(["query", "q"]), &json!("Value error, At most 20 words can be looked for")));
        let detail = app.get(&format!("{PATH}?{}", filter("name", "eq", json!("Peak")))).detail(422);
        assert_eq!(detail[0]["loc"], json!(["query", "filter"]), "it takes no filters");
    }

    fn anybody_sees_neither_the_exact_place_nor_a_hidden_thing(db: Database) {
        let app = db.start_asking(|config| {
            config.auth.anonymous = vec!["thing".to_owned()];
            config.auth.anonymous_decimals = Some(1);
        }, ByName);
        let client = app.client.on_behalf_of(EVERYTHING);
        let well = client.create("/thing/water-well", json!({"name": "w"}))["id"].clone();
        let path = format!("{PATH}/{}", uuid(1));
        client.create(PATH, json!({"well_data_id": uuid(1), "name": "g", "thing_id": well, "latitude": 34.07, "longitude": -106.96}));
        assert_eq!(app.get(&path).detail(404), missing(&uuid(1)));
        assert_eq!(app.get(PATH).expect(200)["total"], 0);
        client.patch(&path, json!({"release_status": "public"})).expect(200);
        let seen = || {
            let well = app.get(&path).expect(200);
            json!([well["thing_id"], well["latitude"], well["longitude"]])
        };
        assert_eq!(seen(), json!([null, 34.1, -107.0]));
        client.patch(&format!("/thing/water-well/{well}"), json!({"release_status": "public"})).expect(200);
        assert_eq!(seen(), json!([well, 34.1, -107.0]));
        let exact = client.get(&path).expect(200);
        assert_eq!(json!([exact["latitude"], exact["longitude"]]), json!([34.07, -106.96]));
        assert_eq!(client.delete(&format!("/thing/{well}")).status, 204);
        assert_eq!(seen()[0], Value::Null, "it stays without its thing");
    }
}
