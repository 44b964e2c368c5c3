//! What is told: who asked, and never with what.

use std::io::BufRead as _;
use std::process::{Command, Stdio};

use crate::service::program;
use crate::support::issuer::{AUDIENCE, Issuer};
use crate::support::tokens::Signer;
use crate::support::*;

#[test]
fn the_log_says_who_asked_and_never_with_what() {
    let (signer, thief) = (Signer::ec("e-1"), Signer::ec("e-1"));
    let issuer = Issuer::start(&[&signer]);
    let good = signer.token(&issuer.claims(&["AMP.Viewer"]));
    let poor = signer.token(&issuer.claims(&["Nobody"]));
    let forged = thief.token(&issuer.claims(&["AMP.Admin"]));
    for format in ["json", "text"] {
        let db = Database::sqlite();
        let log = tempfile::NamedTempFile::new().unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_ocotillo"))
            .args(["serve", "--bind", "127.0.0.1:0", "--database-url", &db.url])
            .envs([("OCOTILLO_LOG_FORMAT", format), ("RUST_LOG", "trace")])
            .envs([("OCOTILLO_AUTH_ISSUER", issuer.name().as_str()), ("OCOTILLO_AUTH_AUDIENCE", AUDIENCE)])
            .stdout(Stdio::piped())
            .stderr(log.reopen().unwrap())
            .spawn()
            .unwrap();
        let mut line = String::new();
        std::io::BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.split("http://").nth(1).unwrap().split_whitespace().next().unwrap();
        let client = Client::new(address.parse().unwrap());
        client.showing(&good).get("/sensor").expect(200);
        client.showing(&poor).get("/group").expect(403);
        client.showing(&forged).get("/thing").expect(401);
        client.get("/location").expect(401);
        let _ = child.kill();
        let _ = child.wait();
        let text = std::fs::read_to_string(log.path()).unwrap();
        for token in [&good, &poor, &forged] {
            for part in token.split('.').skip(1) {
                assert!(!text.contains(part), "a token is in the log");
            }
        }
        assert!(text.contains("a token is refused: InvalidSignature"), "the reason is there for those who look");
        let of = |path: &str| {
            let path = if format == "json" { format!("\"path\":\"{path}\"") } else { format!("path={path}") };
            text.lines().find(|line| line.contains("request_completed") && line.contains(&path)).unwrap()
        };
        let named =
            |id: &str| if format == "json" { format!("\"principal\":\"{id}\"") } else { format!("principal={id}") };
        for (path, id) in [("/sensor", "ana-7"), ("/group", "ana-7"), ("/thing", "-"), ("/location", "-")] {
            assert!(of(path).contains(&named(id)), "{}", of(path));
        }
    }
}

#[test]
fn a_check_prints_what_is_configured() {
    let db = Database::sqlite();
    let check = |environment: &[(&str, &str)]| program(&["check", "--database-url", &db.url], environment);
    let (ok, text) = check(&[]);
    assert!(ok && text.contains("auth.mode") && text.contains("disabled"), "{text}");
    let issuer = [
        ("OCOTILLO_AUTH_ISSUER", "https://id.example.org/o/x/"),
        ("OCOTILLO_AUTH_AUDIENCE", "one, two"),
        ("OCOTILLO_AUTH_JWKS_TTL", "5m"),
        ("OCOTILLO_AUTH_ROLES_ADMIN", "Admin, AMP.Admin"),
        ("OCOTILLO_AUTH_ROLES_OGC_INTERNAL", ""),
    ];
    let (ok, text) = check(&issuer);
    let line = |key: &str| {
        let line = text
            .lines()
            .find(|line| line.split_whitespace().next() == Some(key))
            .unwrap_or_else(|| panic!("{key}: {text}"));
        line[key.len()..].trim().to_owned()
    };
    assert!(ok, "{text}");
    for (key, value) in [
        ("auth.mode", "required"),
        ("auth.issuer", "https://id.example.org/o/x/"),
        ("auth.audience", "one, two"),
        ("auth.jwks_url", "as the issuer says"),
        ("auth.jwks_ttl", "300s"),
        ("auth.clock_skew", "30s"),
        ("auth.roles.admin", "Admin, AMP.Admin"),
        ("auth.roles.viewer", "AMP.Viewer"),
        ("auth.roles.ogc_internal", "nobody"),
    ] {
        assert_eq!(line(key), value, "{key}");
    }
    let (ok, text) = program(&["check", "--database-url", &db.url], &[("OCOTILLO_SERVER_BIND", "0.0.0.0:8080")]);
    assert!(ok && text.contains("required") && text.contains("none: no tokens are accepted"), "{text}");
}
