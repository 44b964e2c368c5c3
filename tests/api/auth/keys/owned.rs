//! Keys that people make for themselves.

use crate::support::principals::{ByName, EVERYTHING, id};
use crate::support::*;

fn start(db: Database) -> App {
    db.start_asking(|_| {}, ByName)
}

const OWNER: &str = "ogc internal";

fn sorted(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

both! {
    fn a_person_makes_lists_renames_and_revokes_keys(db: Database) {
        let app = start(db);
        let owner = app.client.on_behalf_of(OWNER);
        assert_eq!(owner.get("/api_key").expect(200), json!([]));
        let reply = owner.post("/api_key", json!({"name": " QGIS ", "lifetime_days": 30}));
        let made = reply.expect(201);
        assert_eq!(sorted(&made), ["id", "name", "token", "token_preview", "scope", "created_at", "expires_at", "last_used_at", "revoked_at"]);
        assert_eq!(reply.header("location"), Some(format!("/api_key/{}", made["id"]).as_str()));
        assert_eq!(json!([made["name"], made["scope"], made["last_used_at"], made["revoked_at"]]), json!(["QGIS", "ogc_internal", null, null]));
        let token = made["token"].as_str().unwrap();
        assert!(token.len() == 48 && token.starts_with("ocot_"), "{token}");
        assert!(token.starts_with(made["token_preview"].as_str().unwrap()) && made["token_preview"] != made["token"]);
        let days = "SELECT CAST(round(julianday(expires_at) - julianday(created_at)) AS bigint) FROM api_key";
        let days = if app.db.is_postgres() { "SELECT extract(day FROM expires_at - created_at + interval '1 hour') FROM api_key" } else { days };
        assert_eq!(app.db.number(days), 30);

        let listed = owner.get("/api_key");
        assert!(!listed.text().contains(token) && !listed.text().contains("digest"), "{}", listed.text());
        let mut shown = made.clone();
        shown.as_object_mut().unwrap().shift_remove("token");
        assert_eq!(listed.expect(200), json!([shown]));
        let path = format!("/api_key/{}", made["id"]);
        let renamed = owner.patch(&path, json!({"name": "Q"})).expect(200);
        assert_eq!((&renamed["name"], sorted(&renamed)), (&json!("Q"), sorted(&shown)));
        assert_eq!(owner.patch(&path, json!({})).expect(200), renamed);
        assert_eq!(owner.delete(&path).status, 204);
        let revoked = owner.get("/api_key").expect(200)[0]["revoked_at"].clone();
        assert!(revoked.is_string());
        assert_eq!(owner.delete(&path).status, 204, "it stays revoked");
        assert_eq!(owner.get("/api_key").expect(200)[0]["revoked_at"], revoked);
        // Who it was.
        let who = "SELECT owner_id || ', ' || owner_name || ', ' || created_by_id || ', ' || updated_by_name AS value FROM api_key";
        assert_eq!(app.db.texts(who), [format!("{0}, {OWNER}, {0}, {OWNER}", id(OWNER))]);
        // Of the key itself only the digest is kept.
        let kept = app.db.texts("SELECT digest || token_preview || name AS value FROM api_key").concat();
        assert!(!kept.contains(token) && app.db.number("SELECT length(digest) FROM api_key") == 64);
    }

    fn what_is_wrong_with_a_body_is_told(db: Database) {
        let app = start(db);
        let owner = app.client.on_behalf_of(OWNER);
        let refused = |body: Value| {
            let detail = owner.post("/api_key", body).detail(422);
            json!([detail[0]["loc"][1], detail[0]["type"], detail[0]["msg"], detail[0]["ctx"]])
        };
        assert_eq!(refused(json!({"lifetime_days": 1})), json!(["name", "missing", "Field required", null]));
        assert_eq!(refused(json!({"name": " ", "lifetime_days": 1}))[1], "string_too_short");
        assert_eq!(refused(json!({"name": "x".repeat(256), "lifetime_days": 1}))[1], "string_too_long");
        assert_eq!(refused(json!({"name": "n", "lifetime_days": 0})), json!(["lifetime_days", "greater_than", "Input should be greater than 0", {"gt": 0}]));
        assert_eq!(refused(json!({"name": "n", "lifetime_days": 366})),
            json!(["lifetime_days", "less_than_equal", "Input should be less than or equal to 365", {"le": 365}]));
        assert_eq!(refused(json!({"name": "n", "lifetime_days": "x"}))[1], "int_parsing");
        assert_eq!(app.db.number("SELECT count(*) FROM api_key"), 0);
        let made = owner.create("/api_key", json!({"name": "n"}));
        assert_eq!(owner.patch(&format!("/api_key/{}", made["id"]), json!({"name": null})).detail(422)[0]["type"], "string_type");
        for lifetime in [json!(365), json!("7"), json!(1)] {
            owner.create("/api_key", json!({"name": "n", "lifetime_days": lifetime}));
        }
    }

    fn nobody_sees_or_touches_the_keys_of_others(db: Database) {
        let app = start(db);
        let (owner, other) = (app.client.on_behalf_of(OWNER), app.client.on_behalf_of(EVERYTHING));
        let made = owner.create("/api_key", json!({"name": "mine"}));
        let never = other.create("/api_key", json!({"name": "yours"}))["id"].as_i64().unwrap() + 1;
        assert_eq!(other.get("/api_key").expect(200)[0]["name"], "yours");
        assert_eq!(owner.get("/api_key").expect(200).as_array().unwrap().len(), 1);
        for id in [made["id"].as_i64().unwrap(), never] {
            let path = format!("/api_key/{id}");
            // Whatever is wrong with the body.
            for reply in [other.patch(&path, json!({"name": "taken"})), other.patch(&path, json!({"name": 1})), other.delete(&path)] {
                assert_eq!(reply.detail(404), format!("ApiKey with ID {id} not found."));
            }
        }
        assert_eq!(owner.get("/api_key").expect(200)[0], { let mut made = made; made.as_object_mut().unwrap().shift_remove("token"); made });
        for somebody in ["admin", "amp admin", "lexicon editor", "viewer"] {
            app.client.on_behalf_of(somebody).get("/api_key").expect(403);
            app.client.on_behalf_of(somebody).post("/api_key", json!({"name": "n"})).expect(403);
        }
        app.client.post("/api_key", json!({"name": "n"})).expect(401);
    }

    fn nobody_has_more_than_a_hundred_live_keys(db: Database) {
        let app = start(db);
        let owner = app.client.on_behalf_of(OWNER);
        let first = owner.create("/api_key", json!({"name": "first"}))["id"].clone();
        let row = |number: i32, expires: &str, revoked: &str| {
            format!("('n', 'digest {number}', 'ocot_x', '{}', 'ogc_internal', '{expires}', {revoked})", id(OWNER))
        };
        let rows = (0..98).map(|number| row(number, "2099-01-01 00:00:00", "NULL"));
        let dead = [row(98, "2020-01-01 00:00:00", "NULL"), row(99, "2099-01-01 00:00:00", "'2020-01-01 00:00:00'")];
        let rows: Vec<String> = rows.chain(dead).collect();
        app.db.execute(&format!(
            "INSERT INTO api_key (name, digest, token_preview, owner_id, scope, expires_at, revoked_at) VALUES {}", rows.join(",")));
        // Two at once, and room for one.
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let make = || owner.post("/api_key", json!({"name": "last"})).status;
            let threads: Vec<_> = (0..2).map(|_| scope.spawn(make)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(statuses.iter().sum::<u16>(), 201 + 409, "{statuses:?}");
        let detail = owner.post("/api_key", json!({"name": "more"})).detail(409);
        assert_eq!(detail, "There are 100 keys that are neither revoked nor expired; no more are made.");
        app.client.on_behalf_of(EVERYTHING).create("/api_key", json!({"name": "another's"}));
        owner.delete(&format!("/api_key/{first}"));
        owner.create("/api_key", json!({"name": "more"}));
    }
}
