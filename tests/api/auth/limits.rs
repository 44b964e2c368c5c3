//! How much one caller may ask for, and what every answer says to browsers and caches.

use ocotillo::config::{Config, Limits};

use super::keys::{issue, required};
use crate::support::*;

/// Nobody is limited but as a test says.
const NONE: Limits =
    Limits { caller_rate: 0, caller_burst: 0, address_rate: 0, address_burst: 0, refused_per_minute: 0 };

fn start(db: Database, limits: Limits, change: fn(&mut Config)) -> App {
    db.start_with(
        |config| {
            required(config);
            config.limits = limits;
            change(config);
        },
        |_| {},
    )
}

/// Asks until it is too much; gives how often it was not, and the last answer.
fn until_too_much(client: &Client, path: &str) -> (usize, Reply) {
    for count in 0..500 {
        let reply = client.get(path);
        if reply.status == 429 {
            return (count, reply);
        }
    }
    panic!("never too much: {path}")
}

#[track_caller]
fn too_much(reply: &Reply) {
    assert_eq!((reply.detail(429), reply.queries()), ("Too many requests".into(), 0));
    let wait: u64 = reply.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
}

both! {
    fn a_caller_is_told_to_wait_and_others_are_not(db: Database) {
        let app = start(db, Limits { caller_rate: 1, caller_burst: 5, ..NONE }, |_| {});
        let (_, one) = issue(&app.db, &["--role", "viewer"]);
        let (_, other) = issue(&app.db, &["--role", "viewer"]);
        let (count, reply) = until_too_much(&app.client.showing(&one), "/location");
        assert!((5..=8).contains(&count), "{count}");
        too_much(&reply);
        app.client.showing(&other).get("/location").expect(200);
        // Whoever keeps the service alive is never sent away.
        for _ in 0..50 {
            for path in ["/health", "/ready", "/_ah/warmup", "/metrics"] {
                assert_eq!(app.client.showing(&one).get(path).status, 200, "{path}");
            }
        }
        assert!(app.get("/metrics").text().contains("ocotillo_refused_total{reason=\"too_many_requests\"}"));
        std::thread::sleep(std::time::Duration::from_millis(1200));
        app.client.showing(&one).get("/location").expect(200);
    }

    fn who_does_not_say_who_he_is_counts_by_address(db: Database) {
        let behind_a_proxy = |config: &mut Config| {
            config.server.trusted_proxies = vec!["127.0.0.0/8".to_owned()];
            config.auth.anonymous = vec!["location".to_owned()];
        };
        let app = start(db, Limits { address_rate: 1, address_burst: 5, ..NONE }, behind_a_proxy);
        let (_, key) = issue(&app.db, &["--role", "viewer"]);
        let from = |address: &str| app.client.with_header("x-forwarded-for", address);
        for path in ["/location", "/openapi.json", "/sample"] {
            let (count, reply) = until_too_much(&from(&format!("192.0.2.{}", path.len())), path);
            assert!((5..=8).contains(&count), "{path}: {count}");
            too_much(&reply);
        }
        from("198.51.100.1").get("/location").expect(200);
        // What a client wrote itself stands before what the proxy wrote.
        too_much(&from("203.0.113.77, 192.0.2.9").get("/location"));
        // One network of IPv6 is one address.
        until_too_much(&from("2001:db8::1"), "/location");
        too_much(&from("2001:db8::2").get("/location"));
        from("2001:db8:0:1::1").get("/location").expect(200);
        from("192.0.2.9").showing(&key).get("/location").expect(200);
    }

    fn a_proxy_that_is_not_trusted_is_not_believed(db: Database) {
        let app = start(db, Limits { address_rate: 1, address_burst: 5, ..NONE }, |_| {});
        for address in 0..8 {
            app.client.with_header("x-forwarded-for", &format!("192.0.2.{address}")).get("/location");
        }
        too_much(&app.client.with_header("x-forwarded-for", "192.0.2.99").get("/location"));
    }

    fn who_guesses_is_held_up_before_the_guess_is_looked_at(db: Database) {
        let app = start(db, Limits { refused_per_minute: 10, ..NONE }, |_| {});
        let (_, key) = issue(&app.db, &["--role", "viewer"]);
        app.client.showing(&key).get("/location").expect(200);
        let (count, reply) = until_too_much(&app.client.showing("ocot_guessed"), "/location");
        assert!((10..=12).contains(&count), "{count}");
        too_much(&reply);
        // The guess that is right does not stand out.
        too_much(&app.client.showing(&key).get("/location"));
        // Nothing shown, nothing guessed.
        assert_eq!(app.get("/location").status, 401);
    }

    fn keys_of_one_owner_count_together(db: Database) {
        let app = db.start_asking(
            |config| {
                required(config);
                config.limits = NONE;
            },
            crate::support::principals::ByName,
        );
        // Made by somebody for himself, and used on a server that limits him.
        let owner = app.on_behalf_of("ogc internal");
        let key = |name: &str| owner.create("/api_key", json!({"name": name}))["token"].as_str().unwrap().to_owned();
        let keys = [key("one"), key("two"), key("three")];
        let limited = start(app.finish(), Limits { caller_rate: 1, caller_burst: 5, ..NONE }, |_| {});
        let answers: Vec<u16> =
            (0..30).map(|at| limited.client.showing(&keys[at % keys.len()]).get("/api_key").status).collect();
        assert!(answers.iter().all(|status| [403, 429].contains(status)), "{answers:?}");
        let answered = answers.iter().filter(|status| **status == 403).count();
        assert!((5..=8).contains(&answered), "{answers:?}");
    }

    fn answers_tell_browsers_and_caches_what_not_to_do(db: Database) {
        let app = start(db, NONE, |_| {});
        let (_, key) = issue(&app.db, &["--role", "viewer"]);
        for (path, kept) in [
            ("/location", Some("private, no-cache")),
            ("/location/0", Some("private, no-cache")),
            ("/location?size=x", Some("private, no-cache")),
            ("/health", None),
            ("/docs/", None),
            ("/nowhere", None),
        ] {
            let reply = app.client.showing(&key).get(path);
            assert_eq!(reply.header("cache-control"), kept, "{path}");
            assert_eq!(reply.header("x-content-type-options"), Some("nosniff"), "{path}");
            assert_eq!(reply.header("x-frame-options"), Some("DENY"), "{path}");
            assert_eq!(reply.header("referrer-policy"), Some("no-referrer"), "{path}");
            let policy = reply.header("content-security-policy").unwrap();
            let expected = if path == "/docs/" { "default-src 'self'" } else { "default-src 'none'" };
            assert!(policy.starts_with(expected) && policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
            assert_eq!(reply.header("strict-transport-security"), None, "{path}");
        }
    }
}
