//! Which tokens are accepted.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use ring::signature::{RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256};

use super::{refused, start};
use crate::support::issuer::{AUDIENCE, Issuer};
use crate::support::tokens::{Signer, base64, now, raw, token};
use crate::support::*;

/// The claims with another value for one of them; without it when the value is null.
fn with(mut claims: Value, name: &str, value: Value) -> Value {
    let map = claims.as_object_mut().unwrap();
    map.remove(name);
    if !value.is_null() {
        map.insert(name.to_owned(), value);
    }
    claims
}

fn hmac(secret: &[u8], message: &[u8]) -> Vec<u8> {
    ring::hmac::sign(&ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret), message).as_ref().to_vec()
}

/// Everything that must not be accepted, with a name for it.
fn forgeries(issuer: &Issuer, rsa: &Signer, ec: &Signer, thief: &Signer, rogue: &Issuer) -> Vec<(String, String)> {
    let fine = issuer.claims(&["AMP.Admin"]);
    let claim = |name: &str, value: Value| rsa.token(&with(fine.clone(), name, value));
    let header = |name: &str, value: Value| token(&with(rsa.header(), name, value), &fine, |message| rsa.sign(message));
    let good = rsa.token(&fine);
    let parts: Vec<&str> = good.split('.').collect();
    let (head, body, signature) = (parts[0], parts[1], parts[2]);
    let mut all: Vec<(String, String)> = Vec::new();
    let mut add = |name: &str, token: String| all.push((name.to_owned(), token));

    // Algorithms.
    for none in ["none", "None", "NONE", "nOnE", ""] {
        let header = json!({"alg": none, "kid": rsa.kid});
        add("alg none, unsigned", token(&header, &fine, |_| Vec::new()));
        add("alg none, signed", token(&header, &fine, |message| rsa.sign(message)));
    }
    for (signer, secret) in
        [(rsa, rsa.public()), (ec, ec.public()), (rsa, rsa.jwk().to_string().into_bytes()), (rsa, Vec::new())]
    {
        let header = json!({"alg": "HS256", "kid": signer.kid});
        add("HS256 with the public key", token(&header, &fine, |message| hmac(&secret, message)));
    }
    let named = |alg: &str| json!({"alg": alg, "kid": rsa.kid});
    add("PS256", token(&named("PS256"), &fine, |message| rsa.sign_rsa(&RSA_PSS_SHA256, message)));
    add("PSS called RS256", token(&named("RS256"), &fine, |message| rsa.sign_rsa(&RSA_PSS_SHA256, message)));
    add("RS256 called PS256", token(&named("PS256"), &fine, |message| rsa.sign(message)));
    add("RS384", token(&named("RS384"), &fine, |message| rsa.sign_rsa(&RSA_PKCS1_SHA384, message)));
    add("RS512", token(&named("RS512"), &fine, |message| rsa.sign_rsa(&RSA_PKCS1_SHA512, message)));
    add("RS512 called RS256", token(&named("RS256"), &fine, |message| rsa.sign_rsa(&RSA_PKCS1_SHA512, message)));
    add("ES256 with an RSA key", token(&named("ES256"), &fine, |message| ec.sign(message)));
    add("RS256 with a P-256 key", token(&json!({"alg": "RS256", "kid": ec.kid}), &fine, |message| rsa.sign(message)));
    for alg in ["EdDSA", "ES384", "ES256K", "rs256", "RS256 ", "dir", "RSA-OAEP"] {
        add("another alg", token(&named(alg), &fine, |message| rsa.sign(message)));
    }

    // Signatures.
    let order = "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551";
    let order: Vec<u8> = (0..32).map(|at| u8::from_str_radix(&order[2 * at..2 * at + 2], 16).unwrap()).collect();
    let one = [vec![0; 31], vec![1]].concat();
    for (r, s) in [
        (vec![0; 32], vec![0; 32]),
        (vec![0; 32], one.clone()),
        (one.clone(), vec![0; 32]),
        (order.clone(), order),
        (one.clone(), one),
    ] {
        add("an empty ECDSA signature", token(&ec.header(), &fine, |_| [r, s].concat()));
    }
    add("a DER signature of zeros", token(&ec.header(), &fine, |_| vec![0x30, 6, 2, 1, 0, 2, 1, 0]));
    for bytes in [Vec::new(), vec![0; 1], vec![0; 256], vec![0xFF; 256], vec![1; 512]] {
        add("an empty RSA signature", token(&rsa.header(), &fine, |_| bytes));
    }
    add("no signature", format!("{head}.{body}."));
    add("two parts", format!("{head}.{body}"));
    add("four parts", format!("{good}.{signature}"));
    add("five parts", format!("{head}..{body}.{signature}.{signature}"));
    add("another's signature", {
        let other = thief.token(&fine);
        format!("{head}.{body}.{}", other.split('.').nth(2).unwrap())
    });
    add("the signature of other claims", {
        let other = rsa.token(&issuer.claims(&["AMP.Viewer"]));
        format!("{head}.{body}.{}", other.split('.').nth(2).unwrap())
    });
    let other_claims = base64(issuer.claims(&["AMP.Admin", "Lexicon.Editor"]).to_string());
    add("altered claims", format!("{head}.{other_claims}.{signature}"));
    add(
        "an altered header",
        format!("{}.{body}.{signature}", base64(json!({"alg": "RS256", "kid": rsa.kid, "x": 1}).to_string())),
    );
    add("padding", format!("{head}.{body}.{signature}=="));
    add("parts in another order", format!("{body}.{head}.{signature}"));

    // Keys.
    for kid in [
        json!("unknown"),
        json!(""),
        json!(null),
        json!(7),
        json!("../../jwks"),
        json!("k".repeat(300)),
        json!([rsa.kid]),
        json!("\u{0}"),
    ] {
        add(&format!("kid {kid}"), header("kid", kid));
    }
    add("another key of the same name", token(&rsa.header(), &fine, |message| thief.sign(message)));
    for kid in [json!(rsa.kid), json!(thief.kid), json!(null)] {
        let stolen = |name: &str, value: Value| {
            let header = with(with(rsa.header(), "kid", kid.clone()), name, value);
            token(&header, &fine, |message| thief.sign(message))
        };
        add("jwk of its own", stolen("jwk", thief.jwk()));
        add("jku of its own", stolen("jku", json!(rogue.jwks_url())));
        add("x5u of its own", stolen("x5u", json!(rogue.jwks_url())));
    }
    for (name, value) in [
        ("jwk", rsa.jwk()),
        ("jku", json!(issuer.jwks_url())),
        ("x5u", json!(issuer.jwks_url())),
        ("x5c", json!(["AAAA"])),
        ("crit", json!(["exp"])),
        ("crit", json!([])),
        ("zip", json!("DEF")),
        ("enc", json!("A128GCM")),
        ("typ", json!("logout+jwt")),
        ("typ", json!("dpop+jwt")),
        ("typ", json!(7)),
    ] {
        add(&format!("header {name} {value}"), header(name, value));
    }

    // Claims.
    for aud in [
        json!(null),
        json!(""),
        json!("other"),
        json!([]),
        json!(["other"]),
        json!(7),
        json!({"a": AUDIENCE}),
        json!(format!("{AUDIENCE} ")),
        json!([[AUDIENCE]]),
    ] {
        add(&format!("aud {aud}"), claim("aud", aud));
    }
    let name = issuer.name();
    for iss in [
        json!(null),
        json!(""),
        json!(rogue.name()),
        json!(format!("{name}/")),
        json!(name.to_uppercase()),
        json!(format!("{name}x")),
        json!(7),
        json!(name.replace("http:", "https:")),
        json!("http://127.0.0.1/application/o/ocotillo/"),
    ] {
        add(&format!("iss {iss}"), claim("iss", iss));
    }
    for exp in [
        json!(null),
        json!(0),
        json!(now() - 31),
        json!(now() - 86_400),
        json!(-1),
        json!("soon"),
        json!((now() + 600).to_string()),
        json!([now() + 600]),
        json!(1e300),
        json!(true),
    ] {
        add(&format!("exp {exp}"), claim("exp", exp));
    }
    for nbf in [json!(now() + 40), json!(now() + 86_400), json!("now"), json!(-1), json!([])] {
        add(&format!("nbf {nbf}"), claim("nbf", nbf));
    }
    for sub in
        [json!(null), json!(""), json!(7), json!("a\u{0}b"), json!("a\nb"), json!("x".repeat(256)), json!(["ana"])]
    {
        add(&format!("sub {sub}"), claim("sub", sub));
    }

    // What is no token at all.
    for text in [
        "a",
        ".",
        "..",
        "...",
        "ey",
        "ey.ey.ey",
        "null.null.null",
        "ocot_",
        "ocot_aaaa",
        "%00",
        "e30.e30.e30",
        "undefined",
    ] {
        add("no token", text.to_owned());
    }
    let sign = |message: &[u8]| rsa.sign(message);
    for json in ["", "{", "[]", "null", "7", "\"x\"", "{\"alg\": \"RS256\"", "\u{feff}{}"] {
        add(&format!("header {json}"), raw(json.as_bytes(), fine.to_string().as_bytes(), sign));
        add(&format!("claims {json}"), raw(rsa.header().to_string().as_bytes(), json.as_bytes(), sign));
    }
    let twice = format!("{{\"alg\":\"RS256\",\"kid\":\"{0}\",\"kid\":\"{0}\"}}", rsa.kid);
    add("kid twice", raw(twice.as_bytes(), fine.to_string().as_bytes(), sign));
    let twice = fine.to_string().replacen('{', "{\"sub\":\"eve\",", 1);
    add("sub twice", raw(rsa.header().to_string().as_bytes(), twice.as_bytes(), sign));
    add("no text", raw(&[0xFF, 0xFE], &[0xFF], sign));
    let deep = format!("{}{}", "[".repeat(4000), "]".repeat(4000));
    add("deep header", raw(deep.as_bytes(), b"{}", sign));
    add("deep claims", raw(rsa.header().to_string().as_bytes(), deep.as_bytes(), sign));
    add("long", "a".repeat(16_000));
    add("long parts", format!("{0}.{0}.{0}", "a".repeat(5_000)));
    add("longer than anybody looks at", "a".repeat(17_000));
    add("long and good", rsa.token(&with(fine.clone(), "groups", json!(vec!["AMP.Admin"; 2000]))));
    add("dots", ".".repeat(10_000));
    all
}

both! {
    fn a_token_of_the_issuer_is_accepted(db: Database) {
        let (rsa, ec) = (Signer::rsa("r-1", "first"), Signer::ec("e-1"));
        let issuer = Issuer::start(&[&rsa, &ec]);
        let app = start(db, &issuer);
        let fine = issuer.claims(&["AMP.Viewer"]);
        let name = issuer.name();
        for claims in [
            fine.clone(),
            with(fine.clone(), "aud", json!(["other", AUDIENCE])),
            with(fine.clone(), "iss", json!(name.trim_end_matches('/'))),
            with(fine.clone(), "groups", json!("AMP.Viewer")),
            with(fine.clone(), "groups", json!(["Everybody", "AMP.Viewer", 7])),
            with(fine.clone(), "name", json!(null)),
            with(fine.clone(), "name", json!({"given": "Ana"})),
            with(fine.clone(), "exp", json!(f64::from(u32::try_from(now()).unwrap()) + 600.5)),
            with(fine.clone(), "exp", json!(now() - 20)),
            with(fine.clone(), "nbf", json!(now() + 20)),
            with(fine.clone(), "sub", json!("ü".repeat(255))),
        ] {
            for signer in [&rsa, &ec] {
                for _ in 0..2 {
                    let reply = app.client.showing(&signer.token(&claims)).get("/sensor");
                    assert_eq!(reply.status, 200, "{claims}: {}", reply.text());
                }
            }
        }
        for typ in [json!("at+jwt"), json!("application/at+jwt"), json!("jwt"), json!(null)] {
            let token = token(&with(rsa.header(), "typ", typ), &fine, |message| rsa.sign(message));
            app.client.showing(&token).get("/sensor").expect(200);
        }
        // As programs that know passwords only show it.
        let basic = |name: &str| base64::Engine::encode(&base64::engine::general_purpose::STANDARD, format!("{name}:{}", rsa.token(&fine)));
        app.client.with_header("authorization", &format!("Basic {}", basic("ana"))).get("/sensor").expect(200);
        app.client.with_header("authorization", &format!("bearer  {}", rsa.token(&fine))).get("/sensor").expect(200);
        assert_eq!(issuer.fetches(), 1);
    }

    fn who_wrote_is_taken_from_the_token(db: Database) {
        let signer = Signer::ec("e-1");
        let issuer = Issuer::start(&[&signer]);
        let app = start(db, &issuer);
        let claims = with(with(issuer.claims(&["AMP.Admin"]), "sub", json!("u-4711")), "name", json!("Ana\u{0} \u{1b}Sánchez\n"));
        app.client.showing(&signer.token(&claims)).create("/sensor", json!({"name": "s", "sensor_type": "Barometer"}));
        let long = with(with(issuer.claims(&["AMP.Admin"]), "sub", json!("ü".repeat(255))), "name", json!("é".repeat(4000)));
        app.client.showing(&signer.token(&long)).create("/sensor", json!({"name": "t", "sensor_type": "Barometer"}));
        let who = app.db.texts("SELECT created_by_id || ', ' || created_by_name AS value FROM sensor ORDER BY id");
        assert_eq!(who, ["u-4711, Ana Sánchez".to_owned(), format!("{}, {}", "ü".repeat(255), "é".repeat(255))]);
    }

    fn everything_else_is_refused(db: Database) {
        let (rsa, ec, thief) = (Signer::rsa("r-1", "first"), Signer::ec("e-1"), Signer::rsa("t-1", "second"));
        let (issuer, rogue) = (Issuer::start(&[&rsa, &ec]), Issuer::start(&[&thief]));
        let app = start(db, &issuer);
        let good = app.client.showing(&rsa.token(&issuer.claims(&["AMP.Viewer"])));
        good.get("/sensor").expect(200);
        let forged = forgeries(&issuer, &rsa, &ec, &thief, &rogue);
        assert!(forged.len() > 150, "{}", forged.len());
        for (what, token) in &forged {
            for _ in 0..2 {
                refused(&app.client.showing(token).get("/sensor"), what);
            }
        }
        good.get("/sensor").expect(200);
        assert_eq!(rogue.fetches(), 0, "no address is taken from a token");
        assert!(issuer.fetches() <= 2, "{} fetches", issuer.fetches());
        let nothing = app.get("/sensor");
        assert_eq!((nothing.status, nothing.header("www-authenticate")), (401, Some("Bearer")));
        assert_eq!(nothing.text(), "{\"detail\":\"Not authenticated\"}");
    }

    fn five_hundred_forged_tokens(db: Database) {
        let (rsa, ec, thief) = (Signer::rsa("r-1", "first"), Signer::ec("e-1"), Signer::ec("e-1"));
        let issuer = Issuer::start(&[&rsa, &ec]);
        let app = start(db, &issuer);
        let (viewer, admin) = (issuer.claims(&["AMP.Viewer"]), issuer.claims(&["AMP.Admin"]));
        let good = [rsa.token(&viewer), ec.token(&viewer), rsa.token(&admin), ec.token(&admin)];
        for token in &good {
            app.client.showing(token).get("/sensor").expect(200);
        }
        let mut seed: usize = 0x2545_F491;
        let mut next = |below: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % below
        };
        let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let mut longest = Duration::ZERO;
        for number in 0..500 {
            let known = good[next(good.len())].clone();
            let mut bytes = known.into_bytes();
            let forged = match number % 5 {
                // One letter is another one.
                0 | 1 => {
                    let at = next(bytes.len());
                    bytes[at] = letters[next(letters.len())];
                    String::from_utf8(bytes).unwrap()
                }
                // Something is missing at its end, or there is more.
                2 => {
                    let end = bytes.len() - 1 - next(60);
                    bytes.truncate(end);
                    String::from_utf8(bytes).unwrap() + if next(2) == 0 { "" } else { "AAAA" }
                }
                // Parts of different tokens.
                3 => {
                    let other = |at: usize, pick: usize| good[pick].split('.').nth(at).unwrap().to_owned();
                    let picks = [next(good.len()), next(good.len()), next(good.len())];
                    format!("{}.{}.{}", other(0, picks[0]), other(1, picks[1]), other(2, picks[2]))
                }
                // Signed by somebody else, or for somebody else's key.
                _ => {
                    let (alg, kid) = (["ES256", "RS256", "HS256", "none"][next(4)], ["r-1", "e-1", "x", ""][next(4)]);
                    token(&json!({"alg": alg, "kid": kid}), &admin, |message| thief.sign(message))
                }
            };
            if good.contains(&forged) {
                continue;
            }
            let begun = Instant::now();
            refused(&app.client.showing(&forged).get("/sensor"), &forged);
            longest = longest.max(begun.elapsed());
        }
        assert!(longest < Duration::from_millis(500), "{longest:?}");
        assert!(issuer.fetches() <= 2, "{} fetches", issuer.fetches());
        for token in &good {
            app.client.showing(token).get("/sensor").expect(200);
        }
    }

    fn two_headers_are_none(db: Database) {
        let signer = Signer::ec("e-1");
        let issuer = Issuer::start(&[&signer]);
        let app = start(db, &issuer);
        let good = format!("Bearer {}", signer.token(&issuer.claims(&["AMP.Viewer"])));
        let status = |headers: &[&str]| {
            let mut stream = TcpStream::connect(app.address).unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
            write!(stream, "GET /sensor HTTP/1.1\r\nhost: x\r\n").unwrap();
            for header in headers {
                write!(stream, "{header}\r\n").unwrap();
            }
            write!(stream, "\r\n").unwrap();
            let mut head = [0; 12];
            stream.read_exact(&mut head).unwrap();
            String::from_utf8_lossy(&head[9..]).into_owned()
        };
        let line = format!("Authorization: {good}");
        assert_eq!(status(&[&line]), "200");
        assert_eq!(status(&[&line, &line]), "401");
        assert_eq!(status(&[&line, "authorization: Bearer x"]), "401");
        assert_eq!(status(&["AUTHORIZATION: Bearer x", &line]), "401");
        assert_eq!(status(&["authorization:", &line]), "401");
        assert_eq!(status(&[&format!("authorization: {good}, {good}")]), "401");
        assert_eq!(status(&[&format!("proxy-authorization: {good}")]), "401");
        assert_eq!(status(&[&format!("cookie: authorization={good}")]), "401");
        assert_eq!(status(&[&format!("authorization: {good} x")]), "401");
        assert_eq!(status(&[&format!("authorization: Token {}", &good[7..])]), "401");
        assert_eq!(app.client.get(&format!("/sensor?token={}", &good[7..])).status, 401);
        assert_eq!(app.client.get(&format!("/sensor?access_token={}", &good[7..])).status, 401);
    }

    fn pages_of_any_origin_may_show_a_token(db: Database) {
        let signer = Signer::ec("e-1");
        let issuer = Issuer::start(&[&signer]);
        let auth = issuer.auth();
        let open = |config: &mut ocotillo::config::Config| {
            config.auth = auth;
            config.server.allowed_hosts = Vec::new();
        };
        let app = db.start_with(open, |_| {});
        let page = app.client.with_header("origin", "https://ui.example.org").with_header("host", "data.example.org");
        let preflight = page.with_header("access-control-request-method", "POST").with_header("access-control-request-headers", "authorization");
        let reply = preflight.send("OPTIONS", "/sensor", None, b"");
        assert_eq!((reply.status, reply.header("access-control-allow-origin")), (204, Some("*")));
        assert_eq!(reply.header("access-control-allow-headers"), Some("authorization"));
        let admin = page.showing(&signer.token(&issuer.claims(&["AMP.Admin"])));
        let made = admin.post("/sensor", json!({"name": "s", "sensor_type": "Barometer"}));
        assert_eq!((made.status, made.header("access-control-allow-origin")), (201, Some("*")));
        let reply = page.post("/sensor", json!({"name": "s", "sensor_type": "Barometer"}));
        assert_eq!((reply.status, reply.header("access-control-allow-origin")), (401, Some("*")));
        assert_eq!(reply.header("access-control-allow-credentials"), None);
    }
}
