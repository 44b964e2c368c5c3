mod member;

use crate::support::*;

const AREA: &str =
    "MULTIPOLYGON (((-107 34, -106 34, -106 35, -107 34)), ((-105.5 33, -105 33, -105 33.25, -105.5 33)))";

both! {
    fn a_group_comes_back_as_it_was_sent(db: Database) {
        let app = db.start();
        let parent = app.create("/group", json!({"name": "All", "group_type": "Geographic Area"}));
        let made = app.create("/group", json!({"name": "Rio Grande", "description": "along the river", "project_area": AREA,
            "group_type": "Monitoring Plan", "parent_group_id": parent["id"], "release_status": "public"}));
        assert_eq!(made.as_object().unwrap().keys().collect::<Vec<_>>(), ["id", "created_at", "release_status", "name",
            "description", "project_area", "group_type", "parent_group_id", "well_count"]);
        assert_eq!(made["project_area"], AREA);
        assert_eq!((&made["parent_group_id"], &made["well_count"]), (&parent["id"], &json!(0)));
        assert_eq!(app.get(&format!("/group/{}", made["id"])).expect(200), made);
        assert_eq!(app.create("/group", json!({"name": "Tight", "project_area": "MULTIPOLYGON(((0 0,1 0,1 1,0 0)))"}))["project_area"],
            "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)))");
    }

    fn bad_areas_are_told_apart(db: Database) {
        let app = db.start();
        for (area, message) in [
            ("MULTIPOLYGON (((0 0, 1 0, 0 1, 1 1, 0 0)))", "Value error, Invalid WKT geometry: WKT geometry is not topologically valid"),
            ("POLYGON ((0 0, 1 0, 1 1, 0 0))", "Value error, WKT must be a valid MULTIPOLYGON"),
            ("POINT (0 0)", "Value error, WKT must be a valid MULTIPOLYGON"),
        ] {
            let detail = app.post("/group", json!({"name": "G", "project_area": area})).detail(422);
            assert_eq!((&detail[0]["loc"], &detail[0]["msg"]), (&json!(["body", "project_area"]), &json!(message)), "{area}");
        }
        for area in ["", "MULTIPOLYGON", "MULTIPOLYGON (((0 0, 1 0", "somewhere"] {
            let detail = app.post("/group", json!({"name": "G", "project_area": area})).detail(422);
            assert!(detail[0]["msg"].as_str().unwrap().starts_with("Value error, Invalid WKT geometry: "), "{area}: {detail}");
        }
    }

    fn names_are_unique_within_a_type(db: Database) {
        let app = db.start();
        app.create("/group", json!({"name": "A", "group_type": "Monitoring Plan"}));
        let other = app.create("/group", json!({"name": "A", "group_type": "Historical"}));
        app.create("/group", json!({"name": "a", "group_type": "Monitoring Plan"}));
        app.create("/group", json!({"name": "A"}));
        for body in [json!({"name": "A"}), json!({"name": "A", "group_type": "Historical"})] {
            let detail = app.post("/group", body).detail(409);
            assert_eq!((&detail[0]["loc"], &detail[0]["input"]), (&json!(["body", "name"]), &json!({"name": "A"})));
        }
        let path = format!("/group/{}", other["id"]);
        assert_eq!(app.patch(&path, json!({"group_type": "Monitoring Plan"})).status, 409);
        assert_eq!(app.patch(&path, json!({"group_type": null})).status, 409);
        assert_eq!(app.patch(&path, json!({"name": "A", "group_type": "Historical"})).status, 200, "itself");
    }

    fn the_hierarchy_stays_a_tree(db: Database) {
        let app = db.start();
        let missing = app.post("/group", json!({"name": "X", "parent_group_id": 99_999_999_999_i64})).detail(409);
        assert_eq!(missing, json!([{"type": "value_error", "loc": ["body", "parent_group_id"],
            "msg": "Group with ID 99999999999 not found.", "input": {"parent_group_id": 99_999_999_999_i64}}]));
        let top = app.create("/group", json!({"name": "top"}))["id"].clone();
        let middle = app.create("/group", json!({"name": "middle", "parent_group_id": top}))["id"].clone();
        let bottom = app.create("/group", json!({"name": "bottom", "parent_group_id": middle}))["id"].clone();
        for below in [&top, &middle, &bottom] {
            let detail = app.patch(&format!("/group/{top}"), json!({"parent_group_id": below})).detail(409);
            assert_eq!(detail[0]["loc"], json!(["body", "parent_group_id"]));
        }
        assert_eq!(app.patch(&format!("/group/{bottom}"), json!({"parent_group_id": null})).expect(200)["parent_group_id"], Value::Null);
        assert_eq!(app.delete(&format!("/group/{top}")).status, 204);
        assert_eq!(json!(app.items("/group", "name")), json!(["bottom"]), "those below go along");
    }

    fn patches_lists_and_filters(db: Database) {
        let app = db.start();
        for (name, kind) in [("beta", Some("Historical")), ("Alpha", Some("Monitoring Plan")), ("gamma", None)] {
            app.create("/group", json!({"name": name, "group_type": kind, "project_area": AREA}));
        }
        let names = |query: &str| json!(app.items(&format!("/group?{query}"), "name"));
        assert_eq!(names(""), json!(["beta", "Alpha", "gamma"]));
        assert_eq!(names("sort=name&order=asc"), json!(["Alpha", "beta", "gamma"]));
        assert_eq!(names(&filter("group_type", "null", json!(0))), json!(["gamma"]));
        assert_eq!(names(&format!("{}&{}", filter("name", "contains", json!("A")), filter("group_type", "nnull", json!(0)))),
            json!(["beta", "Alpha"]));
        let id = app.get("/group").expect(200)["items"][0]["id"].clone();
        let path = format!("/group/{id}");
        let changed = app.patch(&path, json!({"project_area": null, "description": "d", "nonsense": 1})).expect(200);
        assert_eq!((&changed["project_area"], &changed["description"], &changed["name"]), (&Value::Null, &json!("d"), &json!("beta")));
        assert_eq!(app.patch(&path, json!({"name": null})).detail(422)[0]["loc"], json!(["body", "name"]));
        assert_eq!(app.post("/group", json!({"name": "n", "group_type": "Club"})).detail(422)[0]["ctx"]["expected"],
            "'Monitoring Plan', 'Geographic Area' or 'Historical'");
        assert_eq!(app.get("/group/4711").detail(404), "Group with ID 4711 not found.");
        assert_eq!(app.patch("/group/4711", json!({"group_type": "Club"})).detail(404), "Group with ID 4711 not found.");
        assert_eq!(app.delete("/group/4711").detail(404), "Group with ID 4711 not found.");
        assert_eq!(app.get(&format!("/group?{}", filter("colour", "eq", json!(1)))).detail(400), "Unknown filter field 'colour' for Group");
    }
}
