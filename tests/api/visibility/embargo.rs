//! What is embargoed says until when, and is public from that day on without anybody's doing.

use super::canary::open;
use super::plant::soon;
use crate::support::principals::EVERYTHING;
use crate::support::*;

fn location(status: &str, day: Value) -> Value {
    json!({"point": "POINT (-106.9 34.1)", "elevation": 1400, "release_status": status, "release_at": day})
}

both! {
    fn an_embargo_ends_by_itself(db: Database) {
        let app = open(db);
        let everything = app.client.on_behalf_of(EVERYTHING);
        let made = everything.create("/location", location("embargoed", json!("2999-12-31")));
        assert_eq!((&made["release_status"], &made["release_at"]), (&json!("embargoed"), &json!("2999-12-31")));
        let path = format!("/location/{}", made["id"]);
        let day = |day: &str| app.db.execute(&format!("UPDATE location SET release_at = {day}"));
        assert_eq!(app.get(&path).status, 404);
        assert_eq!(app.get("/location").expect(200)["total"], 0);
        day(soon(&app.db));
        assert_eq!(app.get(&path).status, 404);
        day("CURRENT_DATE");
        app.get(&path).expect(200);
        assert_eq!(app.get("/location").expect(200)["total"], 1);
        day("'2020-01-01'");
        assert_eq!(app.get(&path).expect(200)["release_at"], "2020-01-01");
    }

    fn an_embargo_has_a_day_and_nothing_else_has_one(db: Database) {
        let app = open(db);
        let client = app.client.on_behalf_of(EVERYTHING);
        for (status, day, message) in [
            ("embargoed", Value::Null, "Value error, The release_status embargoed needs release_at, the day from which on the record is public"),
            ("draft", json!("2999-12-31"), "Value error, release_at is for the release_status embargoed only"),
        ] {
            let detail = client.post("/location", location(status, day.clone())).detail(422);
            assert_eq!((&detail[0]["loc"], &detail[0]["msg"], &detail[0]["input"]), (&json!(["body", "release_at"]), &json!(message), &day));
        }
        assert_eq!(client.post("/location", location("embargoed", json!("soon"))).detail(422)[0]["loc"], json!(["body", "release_at"]));

        let made = client.create("/location", location("draft", Value::Null));
        assert!(made.get("release_at").is_none(), "{made}");
        let path = format!("/location/{}", made["id"]);
        // Only the stored row shows that there is no day.
        let refused = client.patch(&path, json!({"release_status": "embargoed"})).detail(409);
        assert_eq!(refused[0]["loc"], json!(["body", "release_at"]));
        assert_eq!(client.patch(&path, json!({"release_at": "2999-12-31"})).status, 409);
        let embargoed = client.patch(&path, json!({"release_status": "embargoed", "release_at": "2999-12-31"})).expect(200);
        assert_eq!(embargoed["release_at"], "2999-12-31");
        assert_eq!(client.patch(&path, json!({"release_at": "2030-01-01"})).expect(200)["release_at"], "2030-01-01");
        assert_eq!(client.patch(&path, json!({"release_at": null})).status, 409);
        assert_eq!(client.patch(&path, json!({"release_status": "embargoed", "release_at": null})).status, 422);
        let list = client.get(&format!("/location?{}", filter("release_at", "lt", json!("2031-01-01")))).expect(200);
        assert_eq!(list["total"], 1);
        let public = client.patch(&path, json!({"release_status": "public"})).expect(200);
        assert!(public.get("release_at").is_none(), "{public}");
    }

    fn the_parameters_of_the_seed_are_public(db: Database) {
        let app = open(db);
        let everything = app.client.on_behalf_of(EVERYTHING);
        let total = |client: &Client| client.get("/parameter?size=1").expect(200)["total"].as_i64().unwrap();
        assert_eq!((total(&app.client), total(&everything)), (24, 24));
    }
}
