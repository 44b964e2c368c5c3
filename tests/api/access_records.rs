//! `/access`: grants, destinations, consents, and what they come to.

use crate::support::planted;
use crate::support::principals::{ByName, EVERYTHING, PUBLIC};
use crate::support::*;

fn grant(scope: Value) -> Value {
    let mut body = json!({"principal_type": "group", "principal_id": "Partners", "capability": "edit", "scope_type": "all",
        "data_type": "water_level", "starts_at": "2020-01-01"});
    body.as_object_mut().unwrap().extend(scope.as_object().unwrap().clone());
    body
}

fn places(detail: &Value) -> Value {
    detail.as_array().unwrap().iter().map(|problem| json!([problem["loc"][1], problem["type"]])).collect()
}

both! {
    fn a_grant_is_recorded_and_revoked(db: Database) {
        let app = db.start_asking(|_| {}, ByName);
        let (admin, other) = (app.client.on_behalf_of("admin"), app.client.on_behalf_of(EVERYTHING));
        let well = planted::well(&other, "w", None, None);
        let made = admin.create("/access/grant", grant(json!({"scope_type": "thing", "scope_id": well, "ends_at": "2999-12-31", "reason": "Joint work"})));
        assert_eq!(made, json!({"id": made["id"], "created_at": made["created_at"], "principal_type": "group", "principal_id": "Partners",
            "capability": "edit", "scope_type": "thing", "scope_id": well, "data_type": "water_level", "starts_at": "2020-01-01",
            "ends_at": "2999-12-31", "granted_by": "admin", "reason": "Joint work", "revoked_at": null, "revoked_by": null}));
        let mut least = grant(json!({}));
        least.as_object_mut().unwrap().shift_remove("starts_at");
        let least = admin.create("/access/grant", least);
        assert_eq!(least["starts_at"], json!(chrono::Utc::now().date_naive()));
        let path = format!("/access/grant/{}/revocation", made["id"]);
        let revoked = other.create(&path, json!({}));
        assert!(revoked["revoked_at"].is_string() && revoked["revoked_by"] == EVERYTHING, "{revoked}");
        assert_eq!(admin.create(&path, json!({})), revoked, "the first time counts");
        assert_eq!(admin.get("/access/grant").expect(200)["items"], json!([revoked, least]));
        assert_eq!(json!(admin.items(&format!("/access/grant?{}", filter("revoked_at", "null", Value::Null)), "id")), json!([least["id"]]));
        let history = admin.get(&format!("/history/grant/{}", made["id"])).expect(200);
        assert_eq!(json!([history["total"], history["items"][0]["changed_by_name"]]), json!([2, EVERYTHING]));
        assert_eq!(admin.post("/access/grant/987654/revocation", json!({})).detail(404), "Grant with ID 987654 not found.");
    }

    fn errors_of_grants(db: Database) {
        let app = db.start();
        let detail = app.post("/access/grant", json!({"principal_type": "robot", "principal_id": " ", "capability": 1, "data_type": "gold"})).detail(422);
        assert_eq!(places(&detail), json!([["principal_type", "enum"], ["principal_id", "string_too_short"], ["capability", "string_type"],
            ["scope_type", "missing"], ["data_type", "enum"]]));
        assert_eq!(detail[0]["msg"], "Input should be 'user' or 'group'");
        let refused = |scope: Value| {
            let detail = app.post("/access/grant", grant(scope)).detail(422);
            json!([detail[0]["loc"], detail[0]["msg"]])
        };
        assert_eq!(refused(json!({"scope_id": 1})), json!([["body", "scope_id"], "Value error, scope_id is for the scopes group and thing only"]));
        assert_eq!(refused(json!({"scope_type": "thing"})), json!([["body", "scope_id"], "Value error, The scope thing needs a scope_id"]));
        assert_eq!(refused(json!({"ends_at": "2019-12-31"})), json!([["body", "ends_at"], "Value error, ends_at must not be before starts_at"]));
        for (scope, model) in [("thing", "Thing"), ("group", "Group")] {
            let unknown = app.post("/access/grant", grant(json!({"scope_type": scope, "scope_id": 987_654}))).detail(409);
            assert_eq!(unknown, json!([{"type": "value_error", "loc": ["body", "scope_id"], "msg": format!("{model} with ID 987654 not found."),
                "input": {"scope_id": 987_654}}]));
        }
        assert_eq!(app.get("/access/grant?sort=x").detail(422)[0]["loc"], json!(["query", "sort"]));
        assert_eq!(app.get(&format!("/access/grant?{}", filter("x", "eq", json!(1)))).detail(400), "Unknown filter field 'x' for Grant");
        assert_eq!(app.post("/access/grant/x/revocation", json!({})).detail(422)[0]["loc"], json!(["path", "grant_id"]));
    }

    fn a_destination_shows_what_owners_agreed_to(db: Database) {
        let app = db.start();
        let destination = |slug: &str, active: bool| {
            app.create("/access/destination", json!({"slug": slug, "name": "N", "destination_kind": "data_portal", "active": active}))
        };
        let made = destination("portal", true);
        assert_eq!(made, json!({"id": made["id"], "created_at": made["created_at"], "slug": "portal", "name": "N",
            "destination_kind": "data_portal", "description": null, "active": true}));
        destination("closed", false);
        let [now, ended, later, revoked, other, public] = ["now", "ended", "later", "revoked", "other", "public"].map(|name| planted::well(&app, name, None, None));
        let consent = |thing: i64, slug: &str, from: &str, to: Value| {
            app.create("/access/consent", json!({"thing_id": thing, "destination_slug": slug, "data_type": "site", "starts_at": from, "ends_at": to}))
        };
        consent(now, "portal", "2020-01-01", json!("2999-12-31"));
        app.create("/access/consent", json!({"thing_id": now, "destination_slug": "portal", "data_type": "water_level"}));
        consent(ended, "portal", "2020-01-01", json!("2020-12-31"));
        consent(later, "portal", "2999-01-01", Value::Null);
        let gone = consent(revoked, "portal", "2020-01-01", Value::Null);
        app.create(&format!("/access/consent/{}/revocation", gone["id"]), json!({}));
        consent(other, "closed", "2020-01-01", Value::Null);
        app.patch(&format!("/thing/water-well/{public}"), json!({"release_status": "public"})).expect(200);
        let shown = |slug: &str| json!(app.items(&format!("/access/destination/{slug}/thing"), "name"));
        assert_eq!((shown("portal"), shown("closed")), (json!(["now well"]), json!([])), "once, and not because it is public");
        assert_eq!(app.get("/access/destination/portal/thing").expect(200)["items"][0], app.get(&format!("/thing/{now}")).expect(200));
        assert_eq!(app.get("/access/destination/nowhere/thing").detail(404), "Destination with slug nowhere not found.");
        assert_eq!(app.get("/access/destination/a%00b/thing").status, 404);
        app.delete(&format!("/thing/{now}"));
        assert_eq!(shown("portal"), json!([]));
        assert_eq!(json!(app.items("/access/destination?sort=slug", "slug")), json!(["closed", "portal"]));
    }

    fn errors_of_destinations(db: Database) {
        let app = db.start();
        let detail = app.post("/access/destination", json!({"slug": "No Way", "destination_kind": "shop", "active": "maybe"})).detail(422);
        assert_eq!(places(&detail), json!([["slug", "value_error"], ["name", "missing"], ["destination_kind", "enum"], ["active", "bool_parsing"]]));
        let long = json!({"slug": "x".repeat(51), "name": "x".repeat(256), "destination_kind": "document"});
        assert_eq!(places(&app.post("/access/destination", long).detail(422)), json!([["slug", "string_too_long"], ["name", "string_too_long"]]));
        let body = json!({"slug": "a", "name": "A", "destination_kind": "document"});
        app.create("/access/destination", body.clone());
        assert_eq!(app.post("/access/destination", body).detail(409), json!([{"type": "value_error", "loc": ["body", "slug"],
            "msg": "Destination with slug a already exists.", "input": {"slug": "a"}}]));
    }

    fn a_consent_is_recorded_once_until_it_is_revoked(db: Database) {
        let app = db.start_asking(|_| {}, ByName);
        let admin = app.client.on_behalf_of("admin");
        let well = planted::well(&app.client.on_behalf_of(EVERYTHING), "w", None, None);
        admin.create("/access/destination", json!({"slug": "a", "name": "A", "destination_kind": "document"}));
        app.db.execute("INSERT INTO contact (name, role, contact_type) VALUES ('A. Miller', 'Owner', 'Primary')");
        let contact = app.db.number("SELECT max(id) FROM contact");
        let body = json!({"thing_id": well, "destination_slug": "a", "data_type": "site", "starts_at": "2020-01-01", "contact_id": contact, "notes": "By letter"});
        let made = admin.create("/access/consent", body.clone());
        assert_eq!(made, json!({"id": made["id"], "created_at": made["created_at"], "thing_id": well, "destination_slug": "a", "data_type": "site",
            "contact_id": contact, "recorded_by": "admin", "notes": "By letter", "starts_at": "2020-01-01", "ends_at": null,
            "revoked_at": null, "revoked_by": null}));
        assert_eq!(admin.post("/access/consent", body.clone()).detail(409), json!([{"type": "value_error", "loc": ["body", "data_type"],
            "msg": format!("Consent with ID {} is for the same thing, destination and data_type and is not revoked.", made["id"]),
            "input": {"data_type": "site"}}]));
        let path = format!("/access/consent/{}/revocation", made["id"]);
        let revoked = admin.create(&path, json!({}));
        assert_eq!((&revoked["revoked_by"], revoked["revoked_at"].is_string()), (&json!("admin"), true));
        assert_eq!(admin.create(&path, json!({})), revoked, "the first time counts");
        let again = admin.create("/access/consent", body.clone());
        app.db.execute("DELETE FROM contact");
        let listed = admin.get("/access/consent").expect(200);
        assert_eq!(json!([listed["items"][0]["id"], listed["items"][1]["id"], listed["items"][1]["contact_id"]]), json!([made["id"], again["id"], null]));
        for (field, wrong, msg) in [("thing_id", json!(987_654), "Thing with ID 987654 not found."), ("contact_id", json!(987_654), "Contact with ID 987654 not found."),
            ("destination_slug", json!("b"), "Destination with slug b not found.")] {
            let mut sent = body.clone();
            sent["contact_id"] = Value::Null;
            sent[field] = wrong.clone();
            assert_eq!(admin.post("/access/consent", sent).detail(409), json!([{"type": "value_error", "loc": ["body", field], "msg": msg, "input": {field: wrong}}]));
        }
        let detail = admin.post("/access/consent", json!({"data_type": "gold", "starts_at": "soon"})).detail(422);
        assert_eq!(places(&detail), json!([["thing_id", "missing"], ["destination_slug", "missing"], ["data_type", "enum"], ["starts_at", "date_from_datetime_parsing"]]));
        assert_eq!(admin.post("/access/consent/987654/revocation", json!({})).detail(404), "Consent with ID 987654 not found.");
    }

    fn a_decision_names_its_rules(db: Database) {
        let app = db.start_asking(|config| config.auth.anonymous = vec!["thing".to_owned()], ByName);
        let (admin, all) = (app.client.on_behalf_of("admin"), app.client.on_behalf_of(EVERYTHING));
        let group = planted::group(&all, "g");
        let well = planted::well(&all, "w", None, Some(group));
        let ask = |query: &str| admin.get(&format!("/access/decision?{query}")).expect(200);
        let own = ask("");
        assert_eq!(json!([own["principal_type"], own["principal_id"], own["capability"], own["data_type"], own["thing_id"], own["allowed"], own["granted"]]),
            json!(["user", "id of admin", "view", "all", null, false, false]));
        assert_eq!(own["reasons"], json!([{"source": "role", "allows": false, "text": "needs the role Viewer and AmpViewer, which is not held", "grant_id": null}]));
        assert_eq!(ask("data_type=site&capability=administer")["allowed"], true);
        let of = |more: &str| {
            let answer = ask(&format!("principal_id=x&data_type=site&thing_id={well}{more}"));
            json!([answer["allowed"], answer["granted"]])
        };
        assert_eq!((of(""), of("&principal_group=viewer"), of("&principal_group=viewer&capability=edit")),
            (json!([false, false]), json!([true, false]), json!([false, false])));
        assert_eq!(of("&principal_group=nobody&principal_group=editor&capability=edit"), json!([true, false]));
        assert_eq!(ask("principal_type=group&principal_id=viewer&data_type=site")["allowed"], true);
        all.patch(&format!("/thing/water-well/{well}"), json!({"release_status": "public"})).expect(200);
        assert_eq!((of(""), of("&capability=edit")), (json!([true, false]), json!([false, false])));
        assert_eq!(ask(&format!("principal_id=x&data_type=water_level&thing_id={well}"))["allowed"], false, "that is not open here");

        // What a grant covers: its capability and lesser ones, its data, its scope, its time, until it is revoked.
        let made = admin.create("/access/grant", grant(json!({"data_type": "site", "scope_type": "group", "scope_id": group, "ends_at": "2030-12-31"})));
        let granted = |query: &str| ask(&format!("principal_id=x&principal_group=Partners&{query}"))["granted"].as_bool().unwrap();
        let here = format!("thing_id={well}&on=2026-01-01");
        for (query, expected) in [(format!("{here}&data_type=site"), true), (format!("{here}&data_type=site&capability=edit"), true),
            (format!("{here}&data_type=site&capability=administer"), false), (format!("{here}&data_type=water_level"), false),
            (here.clone(), false), ("on=2026-01-01&data_type=site".to_owned(), false),
            (format!("thing_id={well}&data_type=site&on=2019-12-31"), false), (format!("thing_id={well}&data_type=site&on=2030-12-31"), true),
            (format!("thing_id={well}&data_type=site&on=2031-01-01"), false)] {
            assert_eq!(granted(&query), expected, "{query}");
        }
        let other = planted::well(&all, "other", None, None);
        assert!(!granted(&format!("thing_id={other}&data_type=site&on=2026-01-01")));
        assert_eq!(ask(&format!("principal_id=x&{here}&data_type=site"))["granted"], false, "he is in no group");
        let answer = ask(&format!("principal_id=x&principal_group=Partners&{here}&data_type=site&capability=edit"));
        assert_eq!((&answer["allowed"], answer["reasons"].as_array().unwrap().last().unwrap()), (&json!(false), &json!({"source": "grant", "allows": true,
            "text": format!("group Partners may edit site of group {group} from 2020-01-01 to 2030-12-31"), "grant_id": made["id"]})));
        admin.create(&format!("/access/grant/{}/revocation", made["id"]), json!({}));
        assert!(!granted(&format!("{here}&data_type=site")));

        assert_eq!(admin.get("/access/decision?thing_id=987654").detail(404), "Thing with ID 987654 not found.");
        let wrong = admin.get("/access/decision?principal_type=robot&capability=own&data_type=gold&on=soon&thing_id=x").detail(422);
        assert_eq!(places(&wrong).as_array().unwrap().len(), 5, "{wrong}");
    }

    fn records_change_nothing_of_what_is_shown(db: Database) {
        let app = db.start_asking(|_| {}, ByName);
        let (all, public) = (app.client.on_behalf_of(EVERYTHING), app.client.on_behalf_of(PUBLIC));
        let well = planted::well(&all, "w", None, None);
        all.create("/access/grant", json!({"principal_type": "user", "principal_id": crate::support::principals::id(PUBLIC), "capability": "administer",
            "scope_type": "all", "data_type": "all"}));
        all.create("/access/destination", json!({"slug": "a", "name": "A", "destination_kind": "document"}));
        all.create("/access/consent", json!({"thing_id": well, "destination_slug": "a", "data_type": "all"}));
        assert_eq!(public.get(&format!("/thing/{well}")).status, 404);
        assert_eq!(public.get("/access/grant").expect(200)["total"], 0, "the records are never public");
    }
}
