use super::*;
use crate::support::principals::{ByName, EVERYTHING, PUBLIC};

const KEYS: [&str; 11] = [
    "id",
    "created_at",
    "release_status",
    "name",
    "label",
    "storage_path",
    "mime_type",
    "size",
    "uri",
    "storage_service",
    "signed_url",
];

fn body(thing: Value) -> Value {
    json!({"name": "well.jpg", "label": "Wellhead", "storage_path": "assets/well.jpg", "mime_type": "image/jpeg", "size": 20481,
        "uri": "https://storage.example/b/assets/well.jpg", "thing_id": thing, "release_status": "public"})
}

both! {
    fn a_record_comes_back_as_it_was_sent(db: Database) {
        let app = with_things(db);
        let made = app.create("/asset", body(json!(1)));
        assert_eq!(made.as_object().unwrap().keys().collect::<Vec<_>>(), KEYS);
        for (key, sent) in body(json!(1)).as_object().unwrap().iter().filter(|(key, _)| *key != "thing_id") {
            assert_eq!(&made[key], sent, "{key}");
        }
        assert_eq!((&made["storage_service"], &made["signed_url"]), (&json!("gcs"), &Value::Null));
        let path = format!("/asset/{}", made["id"]);
        let read = app.get(&path).expect(200);
        assert!(path_of(&app, &read["signed_url"]).starts_with(&format!("{path}/content?expires=")), "{read}");
        let without = |value: &Value| { let mut value = value.clone(); value["signed_url"] = Value::Null; value };
        assert_eq!(without(&read), made);
        let changed = app.patch(&path, json!({"label": null, "name": "b.jpg", "storage_path": "x"})).expect(200);
        assert_eq!((&changed["label"], &changed["name"], &changed["storage_path"]), (&Value::Null, &json!("b.jpg"), &made["storage_path"]));
        for key in ["created_by_id", "created_by_name", "updated_by_id", "updated_by_name"] {
            assert!(changed.as_object().unwrap().contains_key(key), "{key}: it is the row itself");
        }
        assert!(changed.get("signed_url").is_none());
        assert_eq!(app.patch(&path, json!({})).expect(200), changed);
        assert_eq!(app.delete(&path).status, 204);
        for reply in [app.get(&path), app.patch(&path, json!({"name": 5})), app.delete(&path), app.delete(&format!("{path}/remove")),
            app.patch(&format!("{path}/association"), json!({"thing_id": 1}))] {
            assert_eq!(reply.detail(404), format!("Asset with ID {} not found.", made["id"]));
        }
    }

    fn the_same_file_of_a_thing_is_recorded_once(db: Database) {
        let app = with_things(db);
        let made = app.create("/asset", body(json!(1)));
        let mut again = body(json!("1"));
        again["name"] = json!("another name");
        assert_eq!(app.create("/asset", again), made);
        let other = app.create("/asset", body(json!(2)));
        let alone = app.create("/asset", body(json!(null)));
        assert!(other["id"] != made["id"] && alone["id"] != other["id"] && alone["id"] != app.create("/asset", body(json!(null)))["id"]);
    }

    fn errors_of_records(db: Database) {
        let app = with_things(db);
        let detail = app.post("/asset", json!({"size": -1, "thing_id": "x", "release_status": "odd", "name": ""})).detail(422);
        let seen: Vec<Value> = detail.as_array().unwrap().iter().map(|p| json!([p["loc"][1], p["type"]])).collect();
        assert_eq!(json!(seen), json!([["name", "string_too_short"], ["storage_path", "missing"], ["mime_type", "missing"],
            ["size", "greater_than_equal"], ["uri", "missing"], ["thing_id", "int_parsing"], ["release_status", "value_error"]]));
        let unknown = json!([{"type": "value_error", "loc": ["body", "thing_id"], "msg": "Thing with ID 4711 not found.",
            "input": {"thing_id": 4711}}]);
        assert_eq!(app.post("/asset", body(json!(4711))).detail(409), unknown);
        let made = app.create("/asset", body(json!(null)));
        let association = format!("/asset/{}/association", made["id"]);
        assert_eq!(app.patch(&association, json!({"thing_id": 4711})).detail(409), unknown);
        assert_eq!(app.patch(&association, json!({})).detail(422)[0]["type"], "missing");
        assert_eq!(app.patch(&format!("/asset/{}", made["id"]), json!({"name": null})).detail(422)[0]["type"], "string_type");
        assert_eq!(app.get("/asset/first").detail(422)[0]["loc"], json!(["path", "asset_id"]));
        assert_eq!(app.get("/asset/99999999999").detail(404), "Asset with ID 99999999999 not found.");
        assert_eq!(app.get("/asset?thing_id=x").detail(422)[0]["loc"], json!(["query", "thing_id"]));
        assert_eq!(app.get("/asset?size=0").detail(422)[0]["loc"], json!(["query", "size"]));
    }

    fn assets_are_listed_by_thing_and_without_one(db: Database) {
        let app = with_things(db);
        let record = |name: &str, thing: Value| {
            let mut body = body(thing);
            (body["name"], body["storage_path"]) = (json!(name), json!(name));
            app.create("/asset", body)
        };
        let made = [record("a", json!(1)), record("b", json!(2)), record("c", json!(null)), record("d", json!(1))];
        let names = |path: &str| json!(app.items(path, "name"));
        assert_eq!(names("/asset"), json!(["a", "b", "c", "d"]));
        assert_eq!(names("/asset?thing_id=1"), json!(["a", "d"]));
        assert_eq!(names("/asset?thing_id=4711"), json!([]));
        assert_eq!(names("/asset/unassociated"), json!(["c"]));
        let page = app.get("/asset?thing_id=1&size=1&page=2").expect(200);
        assert_eq!((&page["total"], &page["pages"], &page["items"][0]["name"]), (&json!(2), &json!(2), &json!("d")));
        assert!(app.items("/asset", "signed_url").iter().all(Value::is_null));
        assert!(app.items("/asset?thing_id=1", "signed_url").iter().all(Value::is_string));
        assert!(app.items("/asset?thing_id=1&size=501", "signed_url").iter().all(Value::is_string), "in pieces too");

        let associate = |of: &Value, thing: Value| app.patch(&format!("/asset/{}/association", of["id"]), json!({"thing_id": thing})).expect(200);
        assert_eq!(associate(&made[2], json!(2)), json!({"asset_id": made[2]["id"], "thing_id": 2}));
        assert_eq!(associate(&made[2], json!(2)), json!({"asset_id": made[2]["id"], "thing_id": 2}));
        assert_eq!(names("/asset?thing_id=2"), json!(["b", "c"]));
        assert_eq!(associate(&made[0], json!(2)), json!({"asset_id": made[0]["id"], "thing_id": 2}));
        assert_eq!(associate(&made[1], json!(null)), json!({"asset_id": made[1]["id"], "thing_id": null}));
        assert_eq!((names("/asset?thing_id=1"), names("/asset?thing_id=2"), names("/asset/unassociated")), (json!(["d"]), json!(["a", "c"]), json!(["b"])));
        assert_eq!(app.delete("/thing/2").status, 204);
        assert_eq!(names("/asset/unassociated"), json!(["a", "b", "c"]), "assets stay without their thing");
    }

    fn who_sees_public_rows_sees_public_assets_of_them(db: Database) {
        db.execute("INSERT INTO thing (id, name, thing_type, release_status) VALUES (1, 'seen', 'water well', 'public'), (2, 'hidden', 'water well', 'draft')");
        let app = db.start_asking(|_| {}, ByName);
        let (public, everything) = (app.client.on_behalf_of(PUBLIC), app.client.on_behalf_of(EVERYTHING));
        let record = |name: &str, thing: Value, status: &str| {
            let mut body = body(thing);
            (body["name"], body["storage_path"], body["release_status"]) = (json!(name), json!(name), json!(status));
            everything.create("/asset", body)["id"].as_i64().unwrap()
        };
        let seen = [record("of seen", json!(1), "public"), record("of none", json!(null), "public")];
        let hidden = [record("draft", json!(1), "draft"), record("of hidden", json!(2), "public"), record("draft of none", json!(null), "draft")];
        // Of both: the seen one tells nothing of the other.
        let both = record("of both", json!(2), "public");
        app.db.execute(&format!("INSERT INTO asset_thing_association (asset_id, thing_id) VALUES ({both}, 1)"));
        let names = |client: &Client, path: &str| json!(client.items(path, "name"));
        assert_eq!(names(&public, "/asset"), json!(["of seen", "of none", "of both"]));
        assert_eq!(names(&public, "/asset?thing_id=1"), json!(["of seen", "of both"]));
        assert_eq!(names(&public, "/asset?thing_id=2"), json!([]));
        assert_eq!(names(&public, "/asset/unassociated"), json!(["of none"]));
        assert_eq!(everything.get("/asset").expect(200)["total"], 6);
        for id in hidden {
            assert_eq!(public.get(&format!("/asset/{id}")).detail(404), format!("Asset with ID {id} not found."));
        }
        for id in seen {
            public.get(&format!("/asset/{id}")).expect(200);
        }
    }
}
