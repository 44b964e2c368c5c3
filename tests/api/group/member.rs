use crate::support::*;

both! {
    fn a_thing_joins_and_leaves_a_group(db: Database) {
        let app = db.start();
        let group = app.create("/group", json!({"name": "Rio Grande"}))["id"].clone();
        let well = app.create("/thing/water-well", json!({"name": "W"}))["id"].clone();
        let spring = app.create("/thing/spring", json!({"name": "S"}))["id"].clone();
        let path = |thing: &Value| format!("/group/{group}/things/{thing}");
        let send = |thing: &Value| app.send("POST", &path(thing), None, b"");
        let made = send(&well).expect(201);
        assert_eq!(made.as_object().unwrap().keys().collect::<Vec<_>>(), ["id", "group_id", "thing_id", "created_at", "created_by_id",
            "created_by_name", "updated_by_id", "updated_by_name"]);
        assert_eq!(json!([made["group_id"], made["thing_id"], made["created_by_id"]]), json!([group, well, null]));
        assert_eq!(send(&spring).status, 201);
        assert_eq!(app.get(&format!("/group/{group}")).expect(200)["well_count"], 1, "springs are no wells");
        assert_eq!(app.get(&format!("/thing/{well}")).expect(200)["groups"][0]["id"], group);
        assert_eq!(send(&well).detail(409), json!(format!("Thing {well} is already a member of group {group}.")));
        assert_eq!(app.delete(&path(&well)).status, 204);
        assert_eq!(app.delete(&path(&well)).detail(404), json!(format!("Thing {well} is not a member of group {group}.")));
        assert_eq!(app.get(&format!("/group/{group}")).expect(200)["well_count"], 0);
        assert_eq!(app.get(&format!("/thing/{well}")).expect(200)["groups"], json!([]));
        assert_eq!(send(&well).status, 201, "and again");
    }

    fn both_sides_must_be_there(db: Database) {
        let app = db.start();
        let group = app.create("/group", json!({"name": "Rio Grande"}))["id"].clone();
        let well = app.create("/thing/water-well", json!({"name": "W"}))["id"].clone();
        let send = |path: String| app.send("POST", &path, None, b"");
        assert_eq!(send(format!("/group/4711/things/{well}")).detail(404), "Group with ID 4711 not found.");
        assert_eq!(send(format!("/group/{group}/things/4711")).detail(404), "Thing with ID 4711 not found.");
        assert_eq!(send(format!("/group/{group}/things/99999999999")).detail(404), "Thing with ID 99999999999 not found.");
        assert_eq!(send(format!("/group/x/things/{well}")).detail(422)[0]["loc"], json!(["path", "group_id"]));
        assert_eq!(send(format!("/group/{group}/things/x")).detail(422)[0]["loc"], json!(["path", "thing_id"]));
        assert_eq!(app.delete(&format!("/group/{group}/things/4711")).status, 404);
        assert_eq!(app.get(&format!("/group/{group}/things/{well}")).status, 405);
    }
}
