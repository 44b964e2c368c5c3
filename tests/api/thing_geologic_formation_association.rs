use crate::field_event::with_things;
use crate::geologic_formation::formation;
use crate::support::*;

const PATH: &str = "/thing-geologic-formation-association";

both! {
    fn a_stretch_comes_back_with_the_code_of_its_formation(db: Database) {
        let app = with_things(db);
        let id = formation(&app, "110ALVM");
        let made = app.create(PATH, json!({"thing_id": 1, "geologic_formation_id": id, "top_depth": 0, "bottom_depth": "12.5"}));
        assert_eq!(made.as_object().unwrap().keys().collect::<Vec<_>>(), ["id", "created_at", "release_status", "thing_id",
            "geologic_formation_id", "geologic_formation", "top_depth", "top_depth_unit", "bottom_depth", "bottom_depth_unit"]);
        assert_eq!(json!([made["geologic_formation_id"], made["geologic_formation"], made["top_depth"], made["top_depth_unit"],
            made["bottom_depth"], made["bottom_depth_unit"]]), json!([id, "110ALVM", 0.0, "ft", 12.5, "ft"]));
        let path = format!("{PATH}/{}", made["id"]);
        assert_eq!(app.get(&path).expect(200), made);
        let changed = app.patch(&path, json!({"top_depth": 5, "geologic_formation_id": null})).expect(200);
        assert_eq!(json!([changed["top_depth"], changed["geologic_formation_id"], changed["geologic_formation"]]), json!([5.0, null, null]));
        app.patch(&path, json!({"geologic_formation_id": id})).expect(200);
        assert_eq!(app.delete(&format!("/geologic-formation/{id}")).status, 204);
        assert_eq!(app.get(&path).expect(200)["geologic_formation_id"], Value::Null);
        assert_eq!(app.delete(&path).status, 204);
        let gone = format!("ThingGeologicFormationAssociation with ID {} not found.", made["id"]);
        assert_eq!(app.get(&path).detail(404), gone);
        assert_eq!(app.delete(&path).detail(404), gone);
    }

    fn errors_of_stretches(db: Database) {
        let app = with_things(db);
        let detail = app.post(PATH, json!({"top_depth": -1, "bottom_depth": "deep"})).detail(422);
        let seen: Vec<Value> = detail.as_array().unwrap().iter().map(|p| json!([p["loc"][1], p["type"]])).collect();
        assert_eq!(json!(seen), json!([["thing_id", "missing"], ["top_depth", "greater_than_equal"], ["bottom_depth", "float_parsing"]]));
        let flat = app.post(PATH, json!({"thing_id": 1, "top_depth": 5, "bottom_depth": 5})).detail(422);
        assert_eq!((&flat[0]["loc"], &flat[0]["msg"]),
            (&json!(["body", "bottom_depth"]), &json!("Value error, bottom_depth must be greater than top_depth")));
        let made = app.create(PATH, json!({"thing_id": 1, "top_depth": 5, "bottom_depth": 9}));
        let path = format!("{PATH}/{}", made["id"]);
        for body in [json!({"top_depth": 9}), json!({"bottom_depth": 4}), json!({"top_depth": 3, "bottom_depth": 2})] {
            assert_eq!(app.patch(&path, body).detail(422)[0]["msg"], "Value error, bottom_depth must be greater than top_depth");
        }
        app.patch(&path, json!({"top_depth": 10, "bottom_depth": 20})).expect(200);
        for (field, model) in [("thing_id", "Thing"), ("geologic_formation_id", "GeologicFormation")] {
            let refused = json!([{"type": "value_error", "loc": ["body", field], "msg": format!("{model} with ID 4711 not found."), "input": {field: 4711}}]);
            let mut body = json!({"thing_id": 1, "top_depth": 5, "bottom_depth": 9});
            body[field] = json!(4711);
            assert_eq!(app.post(PATH, body).detail(409), refused);
            assert_eq!(app.patch(&path, json!({field: 4711})).detail(409), refused);
        }
    }

    fn stretches_are_listed(db: Database) {
        let app = with_things(db);
        let (one, two) = (formation(&app, "110ALVM"), formation(&app, "111MCCR"));
        for (thing, formation, top) in [(1, &one, 9), (1, &two, 3), (2, &one, 5)] {
            app.create(PATH, json!({"thing_id": thing, "geologic_formation_id": formation, "top_depth": top, "bottom_depth": 10}));
        }
        let tops = |query: &str| json!(app.items(&format!("{PATH}?{query}"), "top_depth"));
        assert_eq!(tops("thing_id=1&sort=top_depth"), json!([3.0, 9.0]));
        assert_eq!(tops(&format!("geologic_formation_id={one}")), json!([9.0, 5.0]));
        assert_eq!(tops(&filter("top_depth", "lt", json!(6))), json!([3.0, 5.0]));
        assert_eq!(tops("size=2&page=2"), json!([5.0]));
    }
}
