//! The issuer's keys: fetched in the background, kept while the issuer is away, forgotten when they are withdrawn.

use std::time::{Duration, Instant};

use super::{refused, start, until};
use crate::support::issuer::{Issuer, Manner};
use crate::support::tokens::{Signer, token};
use crate::support::*;

/// A server that fetches the keys every second.
fn impatient(db: Database, issuer: &Issuer) -> App {
    let mut auth = issuer.auth();
    auth.jwks_ttl = Duration::from_secs(1);
    db.start_with(|config| config.auth = auth, |_| {})
}

/// A token that no other one is like.
fn fresh(issuer: &Issuer, signer: &Signer) -> String {
    let mut claims = issuer.claims(&["AMP.Viewer"]);
    claims["jti"] = json!(uuid::Uuid::new_v4().to_string());
    signer.token(&claims)
}

fn status(app: &App, token: &str) -> u16 {
    app.client.showing(token).get("/sensor").status
}

both! {
    fn the_issuer_says_where_its_keys_are(db: Database) {
        let signer = Signer::ec("e-1");
        let issuer = Issuer::start(&[&signer]);
        let mut auth = issuer.auth();
        auth.jwks_url = None;
        let app = db.start_with(|config| config.auth = auth, |_| {});
        assert_eq!(status(&app, &fresh(&issuer, &signer)), 200);
        assert_eq!(issuer.fetches(), 1);
    }

    fn a_new_key_is_fetched_when_a_token_names_it(db: Database) {
        let (old, new) = (Signer::rsa("r-1", "first"), Signer::rsa("r-2", "second"));
        let issuer = Issuer::start(&[&old]);
        let app = start(db, &issuer);
        assert_eq!(status(&app, &fresh(&issuer, &old)), 200);
        issuer.publish(&[&old, &new]);
        assert_eq!(status(&app, &fresh(&issuer, &new)), 200);
        assert_eq!((issuer.fetches(), status(&app, &fresh(&issuer, &old))), (2, 200));
        // Whoever makes names up does not keep the issuer busy.
        let thief = Signer::ec("x");
        for number in 0..50 {
            let header = json!({"alg": "ES256", "kid": format!("x-{number}")});
            let forged = token(&header, &issuer.claims(&["AMP.Admin"]), |message| thief.sign(message));
            refused(&app.client.showing(&forged).get("/sensor"), "unknown key");
        }
        assert_eq!(issuer.fetches(), 2);
    }

    fn unknown_keys_ask_for_one_fetch_at_a_time(db: Database) {
        let (signer, thief) = (Signer::ec("e-1"), Signer::ec("x"));
        let issuer = Issuer::start(&[&signer]);
        let app = start(db, &issuer);
        assert_eq!(status(&app, &fresh(&issuer, &signer)), 200);
        // What would be refused anyway asks for none.
        for (name, value) in [("iss", json!("http://127.0.0.1/")), ("exp", json!(1)), ("exp", json!("x"))] {
            let mut claims = issuer.claims(&["AMP.Admin"]);
            claims[name] = value;
            refused(&app.client.showing(&thief.token(&claims)).get("/sensor"), name);
        }
        assert_eq!(issuer.fetches(), 1);
        issuer.answer(Manner::Late(Duration::from_millis(500)));
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| refused(&app.client.showing(&fresh(&issuer, &thief)).get("/sensor"), "unknown key"));
            }
        });
        assert_eq!(issuer.fetches(), 2);
    }

    fn a_withdrawn_key_stops_working(db: Database) {
        let (kept, withdrawn) = (Signer::rsa("r-1", "first"), Signer::rsa("r-2", "second"));
        let issuer = Issuer::start(&[&kept, &withdrawn]);
        let app = impatient(db, &issuer);
        let (stays, goes) = (fresh(&issuer, &kept), fresh(&issuer, &withdrawn));
        assert_eq!((status(&app, &stays), status(&app, &goes)), (200, 200));
        issuer.publish(&[&kept]);
        // Also tokens that were checked before.
        until(Duration::from_secs(3), "the key is withdrawn", || status(&app, &goes) == 401);
        refused(&app.client.showing(&fresh(&issuer, &withdrawn)).get("/sensor"), "withdrawn");
        assert_eq!((status(&app, &stays), status(&app, &fresh(&issuer, &kept))), (200, 200));
        // Another key under its name.
        issuer.publish(&[&kept, &Signer::ec("r-2")]);
        std::thread::sleep(Duration::from_millis(1500));
        assert_eq!(status(&app, &goes), 401);
        // None at all.
        issuer.publish(&[]);
        until(Duration::from_secs(3), "all are withdrawn", || status(&app, &stays) == 401);
        issuer.publish(&[&kept]);
        until(Duration::from_secs(3), "it is back", || status(&app, &stays) == 200);
    }

    fn while_the_issuer_is_away_its_keys_are_used(db: Database) {
        let (signer, other) = (Signer::ec("e-1"), Signer::ec("e-2"));
        let issuer = Issuer::start(&[&signer]);
        let app = impatient(db, &issuer);
        assert_eq!(status(&app, &fresh(&issuer, &signer)), 200);
        let elsewhere = Issuer::start(&[&other]);
        issuer.publish(&[&other]);
        for manner in [
            Manner::Never,
            Manner::Endless,
            Manner::As(500, "oops".to_owned()),
            Manner::As(404, json!({"keys": [other.jwk()]}).to_string()),
            Manner::As(200, "<html>Sign in, please</html>".to_owned()),
            Manner::As(200, "{\"keys\": 7}".to_owned()),
            Manner::As(200, String::new()),
            Manner::Elsewhere(elsewhere.jwks_url()),
        ] {
            issuer.answer(manner);
            let before = issuer.fetches();
            until(Duration::from_secs(10), "it was asked twice", || issuer.fetches() >= before + 2);
            assert_eq!(status(&app, &fresh(&issuer, &signer)), 200);
            // It may have been published since.
            assert_eq!(status(&app, &fresh(&issuer, &other)), 503);
        }
        assert_eq!(elsewhere.fetches(), 0, "redirects are not followed");
        issuer.answer(Manner::Well);
        until(Duration::from_secs(3), "it is back", || status(&app, &fresh(&issuer, &other)) == 200);
        assert_eq!(status(&app, &fresh(&issuer, &signer)), 401);
    }

    fn without_any_key_the_server_cannot_tell(db: Database) {
        let signer = Signer::ec("e-1");
        let issuer = Issuer::start(&[&signer]);
        issuer.answer(Manner::Never);
        let app = impatient(db, &issuer);
        let good = fresh(&issuer, &signer);
        until(Duration::from_secs(3), "it was asked", || issuer.fetches() > 0);
        let reply = app.client.showing(&good).get("/sensor");
        assert_eq!((reply.expect(503)["reason"].as_str(), reply.header("retry-after")), (Some("identity_unavailable"), Some("1")));
        assert_eq!(app.get("/sensor").status, 401);
        refused(&app.client.showing("x").get("/sensor"), "no token");
        app.get("/health").expect(200);
        app.get("/ready").expect(200);
        assert!(app.get("/metrics").text().contains("ocotillo_refused_total{reason=\"identity_unavailable\"} 1\n"));
        issuer.answer(Manner::Well);
        until(Duration::from_secs(5), "it is back", || status(&app, &good) == 200);
    }

    fn a_slow_issuer_holds_nobody_up_whose_key_is_known(db: Database) {
        let signer = Signer::rsa("r-1", "first");
        let issuer = Issuer::start(&[&signer]);
        issuer.answer(Manner::Late(Duration::from_secs(1)));
        let app = impatient(db, &issuer);
        // The first ones wait for the keys; nobody else does.
        std::thread::scope(|scope| {
            scope.spawn(|| assert_eq!(status(&app, &fresh(&issuer, &signer)), 200));
            std::thread::sleep(Duration::from_millis(100));
            let begun = Instant::now();
            app.get("/health").expect(200);
            assert!(begun.elapsed() < Duration::from_millis(700), "{:?}", begun.elapsed());
        });
        issuer.answer(Manner::Drip);
        let before = issuer.fetches();
        until(Duration::from_secs(3), "it was asked again", || issuer.fetches() > before);
        for _ in 0..20 {
            let begun = Instant::now();
            assert_eq!(status(&app, &fresh(&issuer, &signer)), 200);
            assert!(begun.elapsed() < Duration::from_millis(700), "{:?}", begun.elapsed());
        }
        // It is not waited for without an end.
        issuer.answer(Manner::Well);
        until(Duration::from_secs(9), "it was asked again", || issuer.fetches() > before + 1);
    }

    fn only_keys_that_are_good_for_it_are_believed(db: Database) {
        let (signer, twin) = (Signer::ec("e-1"), Signer::ec("e-1"));
        let issuer = Issuer::start(&[&signer]);
        let secret = b"a secret of the issuer's";
        let mut encryption = twin.jwk();
        (encryption["use"], encryption["kid"]) = (json!("enc"), json!("e-2"));
        let oct = json!({"kty": "oct", "kid": "o", "alg": "HS256", "k": tokens::base64(secret)});
        let keys = json!({"keys": [oct, encryption, signer.jwk(), twin.jwk(), {"kty": "RSA"}, 7]});
        issuer.answer(Manner::As(200, keys.to_string()));
        let app = start(db, &issuer);
        assert_eq!(status(&app, &fresh(&issuer, &signer)), 200);
        assert_eq!(status(&app, &fresh(&issuer, &twin)), 401, "the second key of a name");
        let claims = issuer.claims(&["AMP.Admin"]);
        let hmac = |message: &[u8]| {
            ring::hmac::sign(&ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret), message).as_ref().to_vec()
        };
        refused(&app.client.showing(&token(&json!({"alg": "HS256", "kid": "o"}), &claims, hmac)).get("/sensor"), "HS256");
        let header = json!({"alg": "ES256", "kid": "e-2"});
        refused(&app.client.showing(&token(&header, &claims, |message| twin.sign(message))).get("/sensor"), "use: enc");
    }

    fn another_issuers_discovery_document_is_not_believed(db: Database) {
        let signer = Signer::ec("e-1");
        let (issuer, rogue) = (Issuer::start(&[&signer]), Issuer::start(&[&signer]));
        let mut auth = issuer.auth();
        (auth.jwks_url, auth.jwks_ttl) = (None, Duration::from_secs(1));
        for document in [
            json!({"issuer": rogue.name(), "jwks_uri": rogue.jwks_url()}),
            json!({"issuer": issuer.name(), "jwks_uri": "file:///etc/passwd"}),
            json!({"issuer": issuer.name(), "jwks_uri": "http://169.254.169.254/jwks"}),
            json!({"issuer": issuer.name()}),
            json!([]),
        ] {
            issuer.discover(document);
            let auth = auth.clone();
            let app = Database::sqlite().start_with(|config| config.auth = auth, |_| {});
            assert_eq!(status(&app, &fresh(&issuer, &signer)), 503);
        }
        assert_eq!((issuer.fetches(), rogue.fetches()), (0, 0));
        issuer.discover(json!({"issuer": issuer.name().trim_end_matches('/'), "jwks_uri": rogue.jwks_url()}));
        let app = db.start_with(|config| config.auth = auth, |_| {});
        assert_eq!(status(&app, &fresh(&issuer, &signer)), 200);
        // (Once, or once more when a second has passed.)
        assert!(rogue.fetches() >= 1, "keys may be elsewhere");
    }

    fn the_issuers_certificate_is_checked(db: Database) {
        let signer = Signer::ec("e-1");
        let issuer = Issuer::start(&[&signer]);
        let port = tls::in_front_of(issuer.address()).port();
        let asking = |db: Database, host: &str, authority: Option<&str>| {
            let mut auth = issuer.auth();
            auth.jwks_url = Some(format!("https://{host}:{port}/jwks"));
            auth.ca_file = authority.map(|name| tls::file(name).into());
            let app = db.start_with(|config| config.auth = auth, |_| {});
            status(&app, &fresh(&issuer, &signer))
        };
        assert_eq!(asking(Database::sqlite(), "127.0.0.1", None), 503, "nobody else knows that authority");
        assert_eq!(asking(Database::sqlite(), "127.0.0.1", Some("other.pem")), 503, "another authority");
        assert_eq!(asking(Database::sqlite(), "localhost", Some("authority.pem")), 503, "another name");
        assert_eq!(issuer.fetches(), 0);
        assert_eq!(asking(db, "127.0.0.1", Some("authority.pem")), 200);
    }
}
