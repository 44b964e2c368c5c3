use crate::field_event::with_things;
use crate::support::*;

/// A server with three things, and somebody who owns them.
fn with_owner(db: Database) -> (App, i64) {
    let app = with_things(db);
    app.db.execute("INSERT INTO contact (name, role, contact_type) VALUES ('A. Miller', 'Owner', 'Primary')");
    let contact = app.db.number("SELECT max(id) FROM contact");
    (app, contact)
}

fn body(contact: i64) -> Value {
    json!({"contact_id": contact, "permission_type": "Water Level Sample", "permission_allowed": true, "start_date": "2020-01-01",
        "target_table": "thing", "target_id": 1})
}

both! {
    fn a_permission_comes_back_and_shows_in_its_well(db: Database) {
        let (app, contact) = with_owner(db);
        let made = app.create("/permission-history", body(contact));
        assert_eq!(made.as_object().unwrap().keys().collect::<Vec<_>>(), ["id", "created_at", "release_status", "contact_id", "permission_type",
            "permission_allowed", "start_date", "end_date", "notes", "target_table", "target_id"]);
        for (key, sent) in body(contact).as_object().unwrap() {
            assert_eq!(&made[key], sent, "{key}");
        }
        let path = format!("/permission-history/{}", made["id"]);
        assert_eq!(app.get(&path).expect(200), made);
        let shown = || app.get("/thing/water-well/1").expect(200)["permissions"][0].clone();
        assert_eq!(shown(), json!({"permission_type": "Water Level Sample", "permission_allowed": true, "start_date": "2020-01-01", "end_date": null}));
        let changed = app.patch(&path, json!({"end_date": "2021-01-01", "notes": "sold"})).expect(200);
        assert_eq!((&changed["end_date"], &changed["notes"]), (&json!("2021-01-01"), &json!("sold")));
        assert_eq!(shown()["permission_allowed"], Value::Null);
        let mut silent = body(contact);
        silent.as_object_mut().unwrap().shift_remove("permission_allowed");
        assert_eq!(app.create("/permission-history", silent)["permission_allowed"], false);
        assert_eq!(app.delete(&path).status, 204);
        assert_eq!(app.get(&path).detail(404), format!("PermissionHistory with ID {} not found.", made["id"]));
        assert_eq!(app.delete(&path).detail(404), format!("PermissionHistory with ID {} not found.", made["id"]));
    }

    fn errors_of_permissions(db: Database) {
        let (app, contact) = with_owner(db);
        let detail = app.post("/permission-history", json!({"permission_type": "Anything", "permission_allowed": "maybe", "target_table": "group"})).detail(422);
        let seen: Vec<Value> = detail.as_array().unwrap().iter().map(|p| json!([p["loc"][1], p["type"]])).collect();
        assert_eq!(json!(seen), json!([["contact_id", "missing"], ["permission_type", "enum"], ["permission_allowed", "bool_parsing"],
            ["start_date", "missing"], ["target_table", "enum"], ["target_id", "missing"]]));
        let made = app.create("/permission-history", body(contact));
        let path = format!("/permission-history/{}", made["id"]);
        let mut backwards = body(contact);
        backwards["end_date"] = json!("2019-01-01");
        for reply in [app.post("/permission-history", backwards), app.patch(&path, json!({"end_date": "2019-01-01"}))] {
            assert_eq!(reply.detail(422)[0]["msg"], "Value error, End date must not be before the start date.");
        }
        let refused = |field: &str, model: &str| json!([{"type": "value_error", "loc": ["body", field],
            "msg": format!("{model} with ID 4711 not found."), "input": {field: 4711}}]);
        let mut nobody = body(contact);
        nobody["contact_id"] = json!(4711);
        assert_eq!(app.post("/permission-history", nobody).detail(409), refused("contact_id", "Contact"));
        assert_eq!(app.patch(&path, json!({"contact_id": 4711})).detail(409), refused("contact_id", "Contact"));
        for (table, model) in [("thing", "Thing"), ("location", "Location")] {
            let mut nowhere = body(contact);
            (nowhere["target_table"], nowhere["target_id"]) = (json!(table), json!(4711));
            assert_eq!(app.post("/permission-history", nowhere).detail(409), refused("target_id", model));
            assert_eq!(app.patch(&path, json!({"target_table": table, "target_id": 4711})).detail(409), refused("target_id", model));
        }
        assert_eq!(app.patch(&path, json!({"target_id": 2})).detail(422)[0]["loc"], json!(["body", "target_table"]));
    }

    fn permissions_are_listed(db: Database) {
        let (app, contact) = with_owner(db);
        for (thing, day) in [(1, "2022-01-01"), (2, "2020-01-01"), (1, "2021-01-01")] {
            let mut one = body(contact);
            (one["target_id"], one["start_date"]) = (json!(thing), json!(day));
            app.create("/permission-history", one);
        }
        let days = |query: &str| json!(app.items(&format!("/permission-history?{query}"), "start_date"));
        assert_eq!(days("target_table=thing&target_id=1&sort=start_date"), json!(["2021-01-01", "2022-01-01"]));
        assert_eq!(days(&format!("contact_id={contact}&order=desc&sort=start_date")), json!(["2022-01-01", "2021-01-01", "2020-01-01"]));
        assert_eq!(days("contact_id=4711"), json!([]));
        assert_eq!(days("target_table=location"), json!([]));
        assert_eq!(days(&filter("start_date", "lt", json!("2021-06-01"))), json!(["2020-01-01", "2021-01-01"]));
        assert_eq!(days("size=2&page=2"), json!(["2021-01-01"]));
    }
}
