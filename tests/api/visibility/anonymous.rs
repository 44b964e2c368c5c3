//! Which routes are open to anybody, and to whom else.

use ocotillo::api::Access;
use ocotillo::config::Config;

use super::canary::open;
use super::requests::openable;
use crate::openapi::fill;
use crate::support::principals::{ByName, EVERYTHING};
use crate::support::*;

fn start(db: Database, open: &[&str]) -> App {
    let open: Vec<String> = open.iter().map(|name| (*name).to_owned()).collect();
    db.start_asking(|config| config.auth.anonymous = open, ByName)
}

/// Why a configuration is refused.
fn refused(open: &str, decimals: Option<u8>) -> String {
    let mut config = Config::default();
    config.auth.anonymous = vec![open.to_owned()];
    config.auth.anonymous_decimals = decimals;
    ocotillo::server::open(&config, &mut ocotillo::api::routes(|_| {}).table()).unwrap_err().to_string()
}

#[test]
fn what_cannot_be_opened_is_refused_by_its_key() {
    assert_eq!(refused("/contact", None), "auth.anonymous: '/contact' shows what is never public");
    assert_eq!(refused("history", None), "auth.anonymous: 'history' shows what is never public");
    assert!(
        refused("things", None)
            .starts_with("auth.anonymous: 'things' is no family of routes that can be opened (analysis-method, ")
    );
    assert_eq!(refused("thing", Some(7)), "auth.anonymous_decimals: at most 6");
}

both! {
    fn nothing_is_open_until_it_is_opened(db: Database) {
        let app = start(db, &[]);
        for path in ["/thing", "/location", "/geospatial", "/lexicon/term", "/parameter"] {
            assert_eq!(app.get(path).detail(401), "Not authenticated");
        }
    }

    fn an_open_route_asks_nobody_but_looks_at_what_is_shown(db: Database) {
        let app = start(db, &["thing", "/location"]);
        let everything = app.client.on_behalf_of(EVERYTHING);
        let location = everything.create("/location", json!({"point": "POINT (-106.9 34.1)", "elevation": 1}));
        let total = |client: &Client| client.get("/location").expect(200)["total"].as_i64().unwrap();
        assert_eq!((total(&app.client), total(&everything), total(&app.client.on_behalf_of("viewer"))), (0, 1, 1));
        // He may not see more than anybody, but not less either.
        assert_eq!(total(&app.client.on_behalf_of("lexicon editor")), 0);
        assert_eq!(app.client.on_behalf_of("somebody").get("/location").detail(401), "Not authenticated");
        assert_eq!(app.client.with_header("authorization", "Digest x").get("/location").status, 401);
        let reply = app.get("/location");
        assert!(reply.header("vary").unwrap().contains("authorization"), "{:?}", reply.headers);
        assert_eq!(app.client.send("HEAD", "/location", None, b"").status, 200);
        assert_eq!(app.get("/thing/water-well").expect(200)["total"], 0);
        // A path alone, and reading alone.
        assert_eq!(app.get(&format!("/location/{}", location["id"])).status, 401);
        for (method, path) in [("POST", "/location"), ("POST", "/thing/spring"), ("PATCH", "/thing/spring/1"), ("DELETE", "/thing/1")] {
            assert_eq!(app.client.send(method, path, Some("application/json"), b"{}").status, 401, "{method} {path}");
        }
    }

    fn what_cannot_be_opened_stays_closed_when_all_is_open(db: Database) {
        let app = open(db);
        let openable = openable();
        let table = ocotillo::api::routes(|_| {}).table();
        for (path, method, access) in table.all().filter(|(.., access)| *access != Access::Anonymous) {
            let reply = app.client.send(method.as_str(), &fill(path, "1"), Some("application/json"), b"{}");
            if method.as_str() == "GET" && openable.contains_key(path) {
                assert!([200, 404].contains(&reply.status) || (path, reply.status) == ("/search", 422), "{path}: {}", reply.text());
            } else {
                assert_eq!(reply.status, 401, "{method} {path} {access:?}");
            }
        }
    }

    fn while_nobody_is_asked_everybody_sees_everything(db: Database) {
        let app = db.start_with(|config| config.auth.anonymous = vec!["location".to_owned()], |_| {});
        app.create("/location", json!({"point": "POINT (-106.9 34.1)", "elevation": 1}));
        assert_eq!(app.get("/location").expect(200)["total"], 1);
    }
}
