//! Associations of things with aquifer systems, their types, and what wells show of them.

use crate::aquifer_system::system;
use crate::field_event::with_things;
use crate::support::principals::{ByName, EVERYTHING};
use crate::support::*;

fn association(app: &App, thing: i64, system: &Value, types: Value) -> Value {
    app.create(
        "/thing-aquifer-association",
        json!({"thing_id": thing, "aquifer_system_id": system, "aquifer_types": types}),
    )
}

both! {
    fn an_association_comes_back_with_its_types(db: Database) {
        let app = with_things(db);
        let id = system(&app, "Santa Fe");
        let made = association(&app, 1, &id, json!(["Fractured", "Artesian", "Fractured"]));
        assert_eq!(made.as_object().unwrap().keys().collect::<Vec<_>>(),
            ["id", "created_at", "release_status", "thing_id", "aquifer_system_id", "aquifer_system", "aquifer_types"]);
        assert_eq!((&made["thing_id"], &made["aquifer_system_id"], &made["aquifer_system"], &made["aquifer_types"]),
            (&json!(1), &id, &json!("Santa Fe"), &json!(["Fractured", "Artesian"])));
        let path = format!("/thing-aquifer-association/{}", made["id"]);
        assert_eq!(app.get(&path).expect(200), made);
        assert_eq!(app.patch(&path, json!({})).expect(200), made);
        let changed = app.patch(&path, json!({"aquifer_types": ["Semi-confined"], "thing_id": 2})).expect(200);
        assert_eq!((&changed["aquifer_types"], &changed["thing_id"]), (&json!(["Semi-confined"]), &json!(2)));
        assert_eq!(app.patch(&path, json!({"aquifer_types": []})).expect(200)["aquifer_types"], json!([]));
        let plain = app.create("/thing-aquifer-association", json!({"thing_id": 3, "aquifer_system_id": id}));
        assert_eq!(plain["aquifer_types"], json!([]));
        assert_eq!(app.delete(&path).status, 204);
        assert_eq!(app.get(&path).detail(404), format!("ThingAquiferAssociation with ID {} not found.", made["id"]));
        assert_eq!(app.delete(&path).detail(404), format!("ThingAquiferAssociation with ID {} not found.", made["id"]));
        assert_eq!(app.db.number("SELECT count(*) FROM aquifer_type"), 0);
    }

    fn a_well_shows_its_aquifers(db: Database) {
        let app = with_things(db);
        let (one, two) = (system(&app, "one"), system(&app, "two"));
        let first = association(&app, 1, &one, json!(["Fractured", "Artesian"]));
        association(&app, 1, &two, json!([]));
        association(&app, 2, &two, json!(["Fractured"]));
        let aquifers = || app.get("/thing/water-well/1").expect(200)["aquifers"].clone();
        assert_eq!(aquifers(), json!([{"aquifer_system": "one", "aquifer_types": ["Fractured", "Artesian"]},
            {"aquifer_system": "two", "aquifer_types": []}]));
        app.create("/aquifer-type", json!({"thing_aquifer_association_id": first["id"], "aquifer_type": "Perched aquifer"}));
        assert_eq!(aquifers()[0]["aquifer_types"], json!(["Fractured", "Artesian", "Perched aquifer"]));
        assert_eq!(json!(app.items("/thing?sort=aquifers", "id")), json!([1, 2, 3]));
        assert_eq!(app.delete(&format!("/thing-aquifer-association/{}", first["id"])).status, 204);
        assert_eq!(aquifers(), json!([{"aquifer_system": "two", "aquifer_types": []}]));
    }

    fn types_are_as_public_as_their_association(db: Database) {
        let app = db.start_asking(|config| config.auth.anonymous = vec!["thing".to_owned()], ByName);
        let client = app.client.on_behalf_of(EVERYTHING);
        let well = client.create("/thing/water-well", json!({"name": "w", "release_status": "public"}))["id"].clone();
        let made = client.create("/aquifer-system", json!({"name": "s", "primary_aquifer_type": "Fractured", "geographic_scale": "Local",
            "release_status": "public"}));
        let link = client.create("/thing-aquifer-association",
            json!({"thing_id": well, "aquifer_system_id": made["id"], "aquifer_types": ["Artesian"]}));
        let path = format!("/thing-aquifer-association/{}", link["id"]);
        let seen = || app.get(&format!("/thing/water-well/{well}")).expect(200)["aquifers"].clone();
        assert_eq!(seen(), json!([]));
        client.patch(&path, json!({"release_status": "public"})).expect(200);
        assert_eq!(seen(), json!([{"aquifer_system": "s", "aquifer_types": ["Artesian"]}]));
        client.patch(&path, json!({"aquifer_types": ["Fractured"]})).expect(200);
        assert_eq!(seen(), json!([{"aquifer_system": "s", "aquifer_types": ["Fractured"]}]));
        client.patch(&path, json!({"release_status": "embargoed", "release_at": "2999-12-31"})).expect(200);
        assert_eq!(seen(), json!([]));
        assert_eq!(client.get(&path).expect(200)["aquifer_types"], json!(["Fractured"]));
    }

    fn errors_of_associations(db: Database) {
        let app = with_things(db);
        let id = system(&app, "one");
        let post = |body: Value| app.post("/thing-aquifer-association", body);
        for (field, model) in [("thing_id", "Thing"), ("aquifer_system_id", "AquiferSystem")] {
            let mut body = json!({"thing_id": 1, "aquifer_system_id": id});
            body[field] = json!(4711);
            let refused = json!([{"type": "value_error", "loc": ["body", field], "msg": format!("{model} with ID 4711 not found."),
                "input": {field: 4711}}]);
            assert_eq!(post(body).detail(409), refused);
            let made = association(&app, 1, &id, json!([]));
            assert_eq!(app.patch(&format!("/thing-aquifer-association/{}", made["id"]), json!({field: 4711})).detail(409), refused);
        }
        let detail = post(json!({"aquifer_types": ["Fractured", "Salty"]})).detail(422);
        let seen: Vec<Value> = detail.as_array().unwrap().iter().map(|p| json!([p["loc"], p["type"]])).collect();
        assert_eq!(json!(seen), json!([[["body", "thing_id"], "missing"], [["body", "aquifer_system_id"], "missing"],
            [["body", "aquifer_types", 1], "enum"]]));
    }

    fn associations_are_listed(db: Database) {
        let app = with_things(db);
        let (one, two) = (system(&app, "one"), system(&app, "two"));
        let ids: Vec<Value> = [(1, &one), (1, &two), (2, &two)].iter().map(|(thing, system)| association(&app, *thing, system, json!([]))["id"].clone()).collect();
        let found = |query: &str| json!(app.items(&format!("/thing-aquifer-association?{query}"), "id"));
        assert_eq!(found("thing_id=1"), json!([ids[0], ids[1]]));
        assert_eq!(found(&format!("aquifer_system_id={two}&sort=id&order=desc")), json!([ids[2], ids[1]]));
        assert_eq!(found(&filter("thing_id", "gt", json!(1))), json!([ids[2]]));
        assert_eq!(found("size=2&page=2"), json!([ids[2]]));
    }

    fn types_have_routes_of_their_own(db: Database) {
        let app = with_things(db);
        let id = system(&app, "one");
        let link = association(&app, 1, &id, json!(["Fractured"]))["id"].clone();
        let made = app.create("/aquifer-type", json!({"thing_aquifer_association_id": link, "aquifer_type": "Artesian"}));
        assert_eq!(made.as_object().unwrap().keys().collect::<Vec<_>>(),
            ["id", "created_at", "release_status", "thing_aquifer_association_id", "aquifer_type"]);
        let path = format!("/aquifer-type/{}", made["id"]);
        assert_eq!(app.get(&path).expect(200), made);
        assert_eq!(app.patch(&path, json!({"aquifer_type": "Semi-confined"})).expect(200)["aquifer_type"], "Semi-confined");
        let types = |query: &str| json!(app.items(&format!("/aquifer-type?{query}"), "aquifer_type"));
        assert_eq!(types(&format!("thing_aquifer_association_id={link}&sort=aquifer_type&order=desc")), json!(["Semi-confined", "Fractured"]));
        assert_eq!(types("thing_aquifer_association_id=4711"), json!([]));
        assert_eq!(types("size=1&page=2"), json!(["Semi-confined"]));
        assert_eq!(types(&filter("aquifer_type", "eq", json!("Fractured"))), json!(["Fractured"]));
        let refused = json!([{"type": "value_error", "loc": ["body", "thing_aquifer_association_id"],
            "msg": "ThingAquiferAssociation with ID 4711 not found.", "input": {"thing_aquifer_association_id": 4711}}]);
        assert_eq!(app.post("/aquifer-type", json!({"thing_aquifer_association_id": 4711, "aquifer_type": "Artesian"})).detail(409), refused);
        assert_eq!(app.patch(&path, json!({"thing_aquifer_association_id": 4711})).detail(409), refused);
        assert_eq!(app.post("/aquifer-type", json!({"thing_aquifer_association_id": link, "aquifer_type": "x"})).detail(422)[0]["type"], "enum");
        assert_eq!(app.delete(&path).status, 204);
        assert_eq!(app.delete(&path).detail(404), format!("AquiferType with ID {} not found.", made["id"]));
    }
}
