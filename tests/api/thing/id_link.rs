use crate::support::*;

both! {
    fn a_link_is_stored_changed_and_removed(db: Database) {
        let app = db.start();
        let thing = app.create("/thing/spring", json!({"name": "S"}))["id"].clone();
        let made = app.create("/thing/id-link", json!({"thing_id": thing, "relation": "same_as", "alternate_id": " 340412106543701 ",
            "alternate_organization": "USGS", "release_status": "public"}));
        assert_eq!(made.as_object().unwrap().keys().collect::<Vec<_>>(),
            ["id", "created_at", "release_status", "thing_id", "relation", "alternate_id", "alternate_organization"]);
        assert_eq!(json!([made["thing_id"], made["relation"], made["alternate_id"], made["alternate_organization"], made["release_status"]]),
            json!([thing, "same_as", "340412106543701", "USGS", "draft"]), "a release status is not taken on storing");
        let path = format!("/thing/id-link/{}", made["id"]);
        assert_eq!(app.get(&path).expect(200), made);
        assert_eq!(app.get(&format!("/thing/{thing}")).expect(200)["alternate_ids"], json!([made]));
        let changed = app.patch(&path, json!({"release_status": "public", "alternate_organization": "NMBGMR", "alternate_id": "S 1",
            "relation": "PLSS", "thing_id": 4711})).expect(200);
        assert_eq!(json!([changed["thing_id"], changed["relation"], changed["alternate_id"], changed["alternate_organization"], changed["release_status"]]),
            json!([thing, "PLSS", "S 1", "NMBGMR", "public"]));
        assert_eq!(app.patch(&path, json!({})).expect(200), changed);
        assert_eq!(app.delete(&path).status, 204);
        for reply in [app.get(&path), app.delete(&path), app.patch(&path, json!({"relation": 5}))] {
            assert_eq!(reply.detail(404), json!(format!("ThingIdLink with ID {} not found.", made["id"])));
        }
    }

    fn bodies_are_checked(db: Database) {
        let app = db.start();
        let thing = app.create("/thing/spring", json!({"name": "S"}))["id"].clone();
        let good = json!({"thing_id": thing, "relation": "same_as", "alternate_id": "1", "alternate_organization": "USGS"});
        let detail = app.post("/thing/id-link", json!({})).detail(422);
        let fields: Vec<_> = detail.as_array().unwrap().iter().map(|problem| problem["loc"][1].clone()).collect();
        assert_eq!(fields, ["thing_id", "relation", "alternate_id", "alternate_organization"]);
        for (field, sent, message) in [
            ("thing_id", json!(4711), "Thing with ID 4711 not found."),
            ("relation", json!("twin of"), "LexiconTerm with term twin of not found."),
            ("alternate_organization", json!("Nobody's"), "LexiconTerm with term Nobody's not found."),
        ] {
            let mut body = good.clone();
            body[field] = sent.clone();
            let expected = json!([{"type": "value_error", "loc": ["body", field], "msg": message, "input": {field: sent}}]);
            assert_eq!(app.post("/thing/id-link", body).detail(409), expected);
        }
        let link = app.create("/thing/id-link", good);
        let path = format!("/thing/id-link/{}", link["id"]);
        for (body, status, field) in [
            (json!({"relation": "twin of"}), 409, "relation"),
            (json!({"relation": null}), 422, "relation"),
            (json!({"alternate_id": "n".repeat(101)}), 422, "alternate_id"),
            (json!({"release_status": "secret"}), 422, "release_status"),
        ] {
            assert_eq!(app.patch(&path, body).detail(status)[0]["loc"], json!(["body", field]));
        }
        assert_eq!(app.get(&path).expect(200), link);
    }

    fn lists_of_links(db: Database) {
        let app = db.start();
        let things: Vec<Value> = ["A", "B"].iter().map(|name| app.create("/thing/spring", json!({"name": name}))["id"].clone()).collect();
        for (thing, name, organization) in [(0, "b", "USGS"), (1, "A", "USGS"), (0, "c", "NMBGMR")] {
            app.create("/thing/id-link", json!({"thing_id": things[thing], "relation": "same_as", "alternate_id": name,
                "alternate_organization": organization}));
        }
        let names = |path: &str| json!(app.items(path, "alternate_id"));
        assert_eq!(names("/thing/id-link"), json!(["b", "A", "c"]));
        assert_eq!(names("/thing/id-link?sort=alternate_id&order=desc"), json!(["c", "b", "A"]));
        assert_eq!(names(&format!("/thing/id-link?{}&{}", filter("thing_id", "eq", things[0].clone()), filter("alternate_organization", "eq", json!("USGS")))),
            json!(["b"]));
        assert_eq!(app.get("/thing/id-link?sort=colour&order=asc").detail(422)[0]["loc"], json!(["query", "sort"]));
        assert_eq!(app.get(&format!("/thing/id-link?{}", filter("colour", "eq", json!(1)))).detail(400), "Unknown filter field 'colour' for ThingIdLink");
        let page = app.get(&format!("/thing/{}/id-link?size=1&page=2&sort=id", things[0])).expect(200);
        assert_eq!(json!([page["total"], page["pages"], page["items"][0]["alternate_id"]]), json!([2, 2, "c"]));
        assert_eq!(app.get("/thing/4711/id-link").detail(404), "Thing with ID 4711 not found.");
        assert_eq!(app.get("/thing/first/id-link").detail(422)[0]["loc"], json!(["path", "thing_id"]));
        assert_eq!(app.get("/thing/id-link/first").detail(422)[0]["loc"], json!(["path", "link_id"]));
    }
}
