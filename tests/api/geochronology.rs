use crate::support::planted;
use crate::support::principals::{ByName, EVERYTHING, PUBLIC};
use crate::support::*;

const KEYS: [&str; 7] = ["id", "created_at", "release_status", "location_id", "age", "age_error", "method"];

both! {
    fn an_age_comes_back_as_it_was_sent(db: Database) {
        let app = db.start();
        let location = planted::location(&app, "here");
        let body = json!({"location_id": location, "age": 27.8, "age_error": 0.1, "method": "Ar/Ar", "release_status": "public"});
        let made = app.create("/geochronology/age", body.clone());
        assert_eq!(made.as_object().unwrap().keys().collect::<Vec<_>>(), KEYS);
        for (key, sent) in body.as_object().unwrap() {
            assert_eq!(&made[key], sent, "{key}");
        }
        let least = app.create("/geochronology/age", json!({"location_id": location, "age": "5"}));
        assert_eq!(json!([least["age"], least["age_error"], least["method"], least["release_status"]]), json!([5.0, null, null, "draft"]));
        let path = format!("/geochronology/age/{}", made["id"]);
        assert_eq!(app.get(&path).expect(200), made);
        let changed = app.patch(&path, json!({"age": 28, "method": null})).expect(200);
        assert_eq!(json!([changed["age"], changed["method"], changed["age_error"]]), json!([28.0, null, 0.1]));
        assert_eq!(app.patch(&path, json!({})).expect(200), changed);
        let other = planted::location(&app, "there");
        assert_eq!(app.patch(&path, json!({"location_id": other})).expect(200)["location_id"], other);
        assert_eq!(app.delete(&path).status, 204);
        for reply in [app.delete(&path), app.get(&path), app.patch(&path, json!({"age": -1}))] {
            assert_eq!(reply.detail(404), format!("GeochronologyAge with ID {} not found.", made["id"]));
        }
        assert_eq!(app.delete(&format!("/location/{location}")).status, 204);
        assert_eq!(app.get("/geochronology/age").expect(200)["total"], 0, "they go with their place");
    }

    fn errors_of_ages(db: Database) {
        let app = db.start();
        let detail = app.post("/geochronology/age", json!({"age": -1, "age_error": "much", "method": "Guess"})).detail(422);
        let seen: Vec<Value> = detail.as_array().unwrap().iter().map(|p| json!([p["loc"][1], p["type"]])).collect();
        assert_eq!(json!(seen), json!([["location_id", "missing"], ["age", "greater_than_equal"], ["age_error", "float_parsing"], ["method", "enum"]]));
        let unknown = json!([{"type": "value_error", "loc": ["body", "location_id"], "msg": "Location with ID 987654 not found.",
            "input": {"location_id": 987_654}}]);
        assert_eq!(app.post("/geochronology/age", json!({"location_id": 987_654, "age": 1})).detail(409), unknown);
        let made = app.create("/geochronology/age", json!({"location_id": planted::location(&app, "here"), "age": 1}));
        let path = format!("/geochronology/age/{}", made["id"]);
        assert_eq!(app.patch(&path, json!({"location_id": 987_654})).detail(409), unknown);
        assert_eq!(app.patch(&path, json!({"age": null})).detail(422)[0]["type"], "float_type");
        assert_eq!(app.get("/geochronology/age/99999999999").detail(404), "GeochronologyAge with ID 99999999999 not found.");
        assert_eq!(app.get("/geochronology/age/x").detail(422)[0]["loc"], json!(["path", "geochronology_age_id"]));
    }

    fn ages_are_listed(db: Database) {
        let app = db.start();
        let (here, there) = (planted::location(&app, "here"), planted::location(&app, "there"));
        for (location, age, method) in [(here, 3, json!("Ar/Ar")), (there, 1, json!("K/Ar")), (here, 2, Value::Null)] {
            app.create("/geochronology/age", json!({"location_id": location, "age": age, "method": method}));
        }
        let ages = |query: &str| json!(app.items(&format!("/geochronology/age?{query}"), "age"));
        assert_eq!(ages(""), json!([3.0, 1.0, 2.0]));
        assert_eq!(ages("sort=age&order=desc"), json!([3.0, 2.0, 1.0]));
        for method in ["arar", "Ar/Ar", "ar/ar"] {
            assert_eq!(ages(&format!("method={}", encode(method))), json!([3.0]), "{method}");
        }
        assert_eq!((ages("method=uth"), ages("method=")), (json!([]), json!([3.0, 1.0, 2.0])));
        assert_eq!(ages(&format!("location_id={here}")), json!([3.0, 2.0]));
        assert_eq!(ages(&format!("location_id={here}&method=arar&{}", filter("age", "gt", json!(2)))), json!([3.0]));
        let page = app.get("/geochronology/age?size=2&page=2").expect(200);
        assert_eq!((&page["total"], &page["pages"], &page["items"][0]["age"]), (&json!(3), &json!(2), &json!(2.0)));
        assert_eq!(app.get("/geochronology/age?location_id=x").detail(422)[0]["loc"], json!(["query", "location_id"]));
        assert_eq!(app.get("/geochronology/age?sort=x").detail(422)[0]["loc"], json!(["query", "sort"]));
        assert_eq!(app.get(&format!("/geochronology/age?{}", filter("x", "eq", json!(1)))).detail(400), "Unknown filter field 'x' for GeochronologyAge");
    }

    fn an_age_is_seen_with_its_place(db: Database) {
        let app = db.start_asking(|_| {}, ByName);
        let (public, all) = (app.client.on_behalf_of(PUBLIC), app.client.on_behalf_of(EVERYTHING));
        let location = planted::location(&all, "here");
        let made = all.create("/geochronology/age", json!({"location_id": location, "age": 1, "release_status": "public"}));
        let path = format!("/geochronology/age/{}", made["id"]);
        let seen = |client: &Client| (client.get(&path).status, client.get("/geochronology/age").expect(200)["total"].clone());
        assert_eq!((seen(&public), seen(&all)), ((404, json!(0)), (200, json!(1))));
        all.patch(&format!("/location/{location}"), json!({"release_status": "public"})).expect(200);
        assert_eq!(seen(&public), (200, json!(1)));
        all.patch(&path, json!({"release_status": "draft"})).expect(200);
        assert_eq!(seen(&public), (404, json!(0)));
    }
}
