//! `ocotillo key`.

use super::issue;
use crate::service::program;
use crate::shutdown::Program;
use crate::support::*;

both! {
    fn keys_are_made_listed_and_revoked(db: Database) {
        let run = |arguments: &[&str]| program(&[&["--database-url", db.url.as_str(), "key"], arguments].concat(), &[]);
        let (ok, text) = run(&["create", "--name", "logger", "--role", "editor", "--role", "lexicon-editor", "--days", "7"]);
        let mut lines = text.lines();
        let key = lines.next().unwrap();
        assert!(ok && key.len() == 48 && key.starts_with("ocot_"), "{text}");
        assert!(lines.next().unwrap().contains("logger") && lines.all(|line| !line.contains("ocot_")), "{text}");
        issue(&db, &["--role", "admin", "--role", "viewer"]);
        let (ok, text) = run(&["list"]);
        let lines: Vec<&str> = text.lines().collect();
        assert!(ok && lines[0].starts_with("id  state") && lines.len() == 3 && !text.contains(key), "{text}");
        assert!(["live", "logger", "editor lexicon_editor", &key[..11]].iter().all(|word| lines[1].contains(word)), "{text}");
        let (ok, text) = run(&["list", "--json"]);
        let list: Value = serde_json::from_str(&text).unwrap();
        assert!(ok && !text.contains(key) && !text.contains("digest"), "{text}");
        assert_eq!(json!([list[1]["name"], list[1]["scope"], list[1]["owner"], list[1]["state"]]), json!(["test", "admin", null, "live"]));
        let id = list[0]["id"].to_string();
        let (ok, text) = run(&["revoke", &id]);
        assert!(ok && text == format!("revoked {id} (logger)\n"), "{text}");
        assert!(run(&["list"]).1.lines().nth(1).unwrap().contains("revoked"));
        let (ok, text) = run(&["revoke", "987654"]);
        assert!(!ok && text.contains("there is no key with the id 987654"), "{text}");
    }
}

#[test]
fn what_cannot_be_a_key_is_refused_by_name() {
    let db = Database::empty_sqlite();
    let run = |arguments: &[&str]| program(&[&["--database-url", db.url.as_str(), "key"], arguments].concat(), &[]);
    for (arguments, words) in [
        (&["create", "--name", "n"][..], ["--role", "required"]),
        (&["create", "--role", "admin"], ["--name", "required"]),
        (&["create", "--name", "n", "--role", "root"], ["root", "viewer"]),
        (&["create", "--name", "n", "--role", "viewer", "--days", "0"], ["--days", "365"]),
        (&["create", "--name", "n", "--role", "viewer", "--days", "366"], ["--days", "365"]),
        (&["create", "--name", " ", "--role", "viewer"], ["--name", "255"]),
        (&["create", "--name", "a\u{1b}[2J", "--role", "viewer"], ["--name", "control"]),
        (&["list"], ["there is no database", "test.db"]),
        (&["revoke", "1"], ["there is no database", "test.db"]),
    ] {
        let (ok, text) = run(arguments);
        assert!(!ok && words.iter().all(|word| text.contains(word)), "{arguments:?}: {text}");
    }
    assert!(!db.path().exists());
}

#[test]
fn a_key_is_enough_to_run_a_secured_server() {
    let db = Database::empty_sqlite();
    // The database is made by the command.
    let (_, key) = issue(&db, &["--role", "admin"]);
    // On another address the mode follows from it; here it is said.
    let server = Program::start(
        &["--database-url", &db.url, "serve", "--bind", "127.0.0.1:0"],
        &[("OCOTILLO_AUTH_MODE", "required")],
    );
    server.client.get("/location").expect(401);
    server.client.get("/health").expect(200);
    let client = server.client.showing(&key);
    client.create("/location", json!({"point": "POINT (0 0)", "elevation": 0}));
    assert_eq!(client.get("/lexicon/term?size=1").expect(200)["total"], 1151);
    let (ok, text) = program(&["health", "--address", server.client.address()], &[]);
    assert!(ok && text == "healthy\n", "{text}");
}
