//! Where keys are shown, and when they are no longer accepted.

use std::time::{Duration, Instant};

use super::{counted, issue, look_ups, required, start};
use crate::support::principals::ByName;
use crate::support::proxy::{Proxy, upstream};
use crate::support::slow::wait_until;
use crate::support::*;

/// `name:password` as `Authorization: Basic`.
fn basic(client: &Client, name: &str, password: &str) -> Client {
    use base64::Engine as _;
    let both = base64::engine::general_purpose::STANDARD.encode(format!("{name}:{password}"));
    client.with_header("authorization", &format!("Basic {both}"))
}

#[track_caller]
fn unknown(reply: &Reply) {
    assert_eq!(reply.detail(401), "Not authenticated");
    assert!(reply.header("www-authenticate").unwrap().starts_with("Bearer"));
    assert_eq!(reply.queries(), 0);
}

/// How long a key goes on being accepted, while it is used all the time.
fn accepted_for(client: &Client) -> Duration {
    let began = Instant::now();
    while client.get("/location").status == 200 {
        assert!(began.elapsed() < Duration::from_secs(5), "still accepted");
        std::thread::sleep(Duration::from_millis(10));
    }
    began.elapsed()
}

/// A second, and what requests take beside other tests.
const A_SECOND: Duration = Duration::from_millis(1800);

both! {
    fn a_key_is_a_bearer_token_or_a_password(db: Database) {
        let app = start(db);
        let (_, key) = issue(&app.db, &["--role", "viewer"]);
        unknown(&app.get("/location"));
        app.client.showing(&key).get("/location").expect(200);
        app.client.with_header("authorization", &format!("bEARER  {key}")).get("/location").expect(200);
        for name in ["", "ana", "token", &key] {
            basic(&app.client, name, &key).get("/location").expect(200);
        }
        unknown(&basic(&app.client, &key, "").get("/location"));
        unknown(&basic(&app.client, &key, "x").get("/location"));
        unknown(&app.client.showing(&key).showing(&key).get("/location"));
        unknown(&app.client.with_header("authorization", &key).get("/location"));
        unknown(&app.client.with_header("x-api-key", &key).get("/location"));
        assert_eq!(app.client.showing(&key).send("HEAD", "/location", None, b"").status, 200);
    }

    fn a_key_in_the_query_is_accepted_where_it_is_configured(db: Database) {
        let (_, key) = issue(&db, &["--role", "viewer"]);
        let path = format!("/lexicon/term?size=1&token={key}");
        let (off, on) = (start(db.another()), db.start_with(|config| { required(config); config.auth.key_in_query = true; }, |_| {}));
        unknown(&off.get(&path));
        let reply = on.get(&path);
        assert_eq!((reply.status, reply.header("cache-control")), (200, Some("private, no-store")));
        unknown(&on.get(&format!("{path}&token={key}")));
        unknown(&on.get("/lexicon/term?token=x"));
        unknown(&on.get(&format!("/lexicon/term?token={key}x")));
        unknown(&on.client.showing(&key).get(&path));
        on.client.showing(&key).get("/lexicon/term").expect(200);
        // It is never repeated.
        let tells = |reply: &Reply| format!("{} {:?}", reply.text(), reply.headers).contains(&key["ocot_".len()..]);
        assert!(reply.header("link").unwrap().contains("rel=\"next\"") && !tells(&reply), "{:?}", reply.headers);
        let strict = on.client.preferring("handling=strict");
        strict.get(&path).expect(200);
        for reply in [on.get(&format!("/lexicon/term/?token={key}")), on.get(&format!("{path}&size=x&sort=y&page=0&filter=1")),
            on.get(&format!("/lexicon/term/987654?token={key}")), on.get(&format!("/nowhere?token={key}")),
            on.get(&format!("/thing?token={key}&term=x")), on.send("DELETE", &format!("/lexicon/term?token={key}"), None, b"")] {
            assert!(reply.status >= 300 && !tells(&reply), "{} {:?}", reply.text(), reply.headers);
        }
        let strict = off.client.showing(&key).preferring("handling=strict").get(&path);
        assert!(strict.detail(422)[0]["input"].is_null() && !tells(&strict), "{}", strict.text());
        off.client.showing(&key).get(&path).expect(200);
    }

    fn what_cannot_be_a_key_is_not_looked_up(db: Database) {
        let app = start(db);
        let (_, key) = issue(&app.db, &["--role", "viewer"]);
        for wrong in ["ocot_", "ocot_x", &key[..47], &format!("{key}A"), &key.replacen('_', "_=", 1)[..48], &format!("{}!", &key[..47]), "OCOT_x", "x"] {
            unknown(&app.client.showing(wrong).get("/location"));
            unknown(&basic(&app.client, "ana", wrong).get("/location"));
        }
        assert_eq!(look_ups(&app), 0);
        // What could be one is looked up once.
        let invented = format!("ocot_{}", "A".repeat(43));
        for _ in 0..20 {
            unknown(&app.client.showing(&invented).get("/location"));
        }
        assert_eq!(look_ups(&app), 1);
    }

    fn keys_in_use_cost_few_look_ups(db: Database) {
        let app = start(db);
        let (_, key) = issue(&app.db, &["--role", "viewer"]);
        let client = app.client.showing(&key);
        let began = Instant::now();
        let mut requests = 0;
        std::thread::scope(|scope| {
            let ask = || {
                let mut requests = 0;
                while began.elapsed() < Duration::from_secs(2) {
                    client.get("/location?size=1").expect(200);
                    requests += 1;
                }
                requests
            };
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(ask)).collect();
            requests += threads.into_iter().map(|thread| thread.join().unwrap()).sum::<u64>();
        });
        let look_ups = look_ups(&app);
        assert!(requests > 20 && (1..=7).contains(&look_ups), "{look_ups} for {requests} requests");
    }

    fn a_revoked_key_is_refused_within_a_second_by_all_instances(db: Database) {
        let people = db.another().start_asking(|_| {}, ByName);
        let (one, other) = (start(db.another()), start(db));
        let (id, key) = issue(&other.db, &["--role", "viewer"]);
        let (here, there) = (one.client.showing(&key), other.client.showing(&key));
        here.get("/location").expect(200);
        there.get("/location").expect(200);
        // Keys of the command line belong to nobody.
        people.client.on_behalf_of("ogc internal").delete(&format!("/api_key/{id}")).expect(404);
        let (ok, text) = crate::service::program(&["--database-url", &other.db.url, "key", "revoke", &id.to_string()], &[]);
        assert!(ok && text.contains("revoked"), "{text}");
        let took = std::thread::scope(|scope| {
            let instances = [&here, &there].map(|client| scope.spawn(move || accepted_for(client)));
            instances.map(|instance| instance.join().unwrap())
        });
        assert!(took.iter().all(|took| *took < A_SECOND), "{took:?}");
        unknown(&here.get("/location"));
        // A person's own key.
        let made = people.client.on_behalf_of("ogc internal").create("/api_key", json!({"name": "n"}));
        let client = one.client.showing(made["token"].as_str().unwrap());
        client.get("/api_key").expect(403);
        assert_eq!(people.client.on_behalf_of("ogc internal").delete(&format!("/api_key/{}", made["id"])).status, 204);
        std::thread::sleep(Duration::from_secs(1));
        client.get("/api_key").expect(401);
    }

    fn an_expired_key_is_refused(db: Database) {
        let app = start(db);
        let (id, key) = issue(&app.db, &["--role", "viewer", "--days", "1"]);
        let client = app.client.showing(&key);
        client.get("/location").expect(200);
        app.db.execute(&format!("UPDATE api_key SET expires_at = '2020-01-01 00:00:00' WHERE id = {id}"));
        assert!(accepted_for(&client) < A_SECOND);
        // Also without another look-up: the moment is known.
        let soon = (chrono::Utc::now() + chrono::TimeDelta::milliseconds(1500)).format("%Y-%m-%d %H:%M:%S%.6f");
        let (id, key) = issue(&app.db, &["--role", "viewer"]);
        app.db.execute(&format!("UPDATE api_key SET expires_at = '{soon}' WHERE id = {id}"));
        assert!(accepted_for(&app.client.showing(&key)) < Duration::from_millis(2300));
    }

    fn a_key_may_do_what_its_roles_say(db: Database) {
        let app = start(db);
        let location = json!({"point": "POINT (0 0)", "elevation": 0});
        let term = |name: &str| json!({"term": name, "definition": "d", "categories": []});
        let client = |roles: &[&str]| {
            let arguments: Vec<&str> = roles.iter().flat_map(|role| ["--role", *role]).collect();
            app.client.showing(&issue(&app.db, &arguments).1)
        };
        let statuses = |client: &Client, name: &str| {
            let made = client.post("/location", location.clone()).status;
            let id = app.db.number("SELECT coalesce(max(id), 987654) FROM location");
            [client.get("/location").status, client.get("/observation").status, made,
                client.patch(&format!("/location/{id}"), json!({"elevation": 1})).status,
                client.delete("/observation/987654").status,
                client.post("/lexicon/term", term(name)).status, client.get("/api_key").status]
        };
        // (403 of the last one: keys do not manage keys.)
        assert_eq!(statuses(&client(&["admin"]), "a"), [200, 200, 201, 200, 404, 201, 403]);
        assert_eq!(statuses(&client(&["viewer"]), "b"), [200, 200, 403, 403, 403, 403, 403]);
        assert_eq!(statuses(&client(&["editor"]), "c"), [200, 200, 403, 200, 403, 403, 403]);
        assert_eq!(statuses(&client(&["lexicon-editor"]), "d"), [403, 403, 403, 403, 403, 201, 403]);
        assert_eq!(statuses(&client(&["amp-admin"]), "e"), [403, 200, 403, 403, 404, 403, 403]);
        assert_eq!(statuses(&client(&["viewer", "lexicon-editor"]), "f"), [200, 200, 403, 403, 403, 201, 403]);
        assert_eq!(statuses(&client(&["ogc-internal"]), "g"), [403; 7]);
        // What was stored with a key names it.
        let key = app.db.number("SELECT min(id) FROM api_key");
        let who = "SELECT created_by_id || ' ' || created_by_name AS value FROM location";
        assert_eq!(app.db.texts(who), [format!("api_key:{key} test")]);
    }

    fn keys_do_not_manage_keys(db: Database) {
        let app = start(db);
        let (id, key) = issue(&app.db, &["--role", "admin"]);
        let client = app.client.showing(&key);
        // Whatever else is wrong with the request.
        let path = format!("/api_key/{id}");
        for reply in [client.get("/api_key"), client.post("/api_key", json!({"name": "n"})), client.post("/api_key", json!({})),
            client.patch(&path, json!({"name": "n"})), client.delete(&path), client.delete("/api_key/x")] {
            assert_eq!((reply.detail(403), reply.queries()), (json!("An API key cannot be used to manage API keys"), 0));
        }
        assert_eq!(app.db.number("SELECT count(*) FROM api_key WHERE revoked_at IS NULL"), 1);
    }

    fn the_last_use_is_noted_later(db: Database) {
        let app = start(db);
        let (_, key) = issue(&app.db, &["--role", "viewer"]);
        issue(&app.db, &["--role", "viewer"]);
        let client = app.client.showing(&key);
        for _ in 0..5 {
            client.get("/location").expect(200);
        }
        assert_eq!((app.db.number("SELECT count(last_used_at) FROM api_key"), counted(&app, "note_api_key_use")), (0, 0), "nobody waits for it");
        wait_until("the use is noted", || app.db.number("SELECT count(last_used_at) FROM api_key") == 1);
        client.get("/location").expect(200);
        std::thread::sleep(Duration::from_secs(6));
        assert_eq!(counted(&app, "note_api_key_use"), 1, "not again within a minute");
    }
}

#[test]
#[ignore = "needs OCOTILLO_TEST_POSTGRES_URL"]
fn without_the_database_a_key_is_neither_accepted_nor_refused() {
    let db = Database::postgres();
    let proxy = Proxy::start(upstream(&db.url));
    let url = proxy.url(&db.url);
    let (_, key) = issue(&db, &["--role", "viewer"]);
    let app = db.start_with(
        |config| {
            required(config);
            config.database.url = url;
        },
        |_| {},
    );
    let client = app.client.showing(&key);
    client.get("/location").expect(200);
    proxy.cut();
    std::thread::sleep(Duration::from_millis(1100));
    for reply in [client.get("/location"), app.client.showing(&format!("ocot_{}", "A".repeat(43))).get("/location")] {
        assert!(reply.status == 503 && reply.header("retry-after").is_some(), "{} {}", reply.status, reply.text());
    }
    unknown(&app.client.showing("ocot_x").get("/location"));
    proxy.restore();
    wait_until("the key is accepted again", || client.get("/location").status == 200);
}
