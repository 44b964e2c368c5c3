//! Keys are in no log line, however they are shown.

use std::process::{Command, Stdio};

use super::issue;
use crate::support::*;

#[test]
fn no_log_line_tells_a_key() {
    let db = Database::sqlite();
    let (id, key) = issue(&db, &["--role", "viewer"]);
    let log = tempfile::NamedTempFile::new().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_ocotillo"))
        .args(["serve", "--bind", "127.0.0.1:0", "--database-url", &db.url])
        .envs([("OCOTILLO_AUTH_MODE", "required"), ("OCOTILLO_AUTH_KEY_IN_QUERY", "true"), ("RUST_LOG", "debug")])
        .stdout(Stdio::piped())
        .stderr(log.reopen().unwrap())
        .spawn()
        .unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.take().unwrap()), &mut line).unwrap();
    let address = line.split("http://").nth(1).unwrap().split_whitespace().next().unwrap();
    let client = Client::new(address.parse().unwrap());
    let secret = &key["ocot_".len() + 6..];
    client.showing(&key).get("/location").expect(200);
    client.get(&format!("/location?token={key}")).expect(200);
    for wrong in [format!("{key}A"), key.replacen("ocot_", "ocot_A", 1), format!("x{key}")] {
        client.showing(&wrong).get("/location").expect(401);
        client.get(&format!("/location?token={wrong}")).expect(401);
    }
    client.get(&format!("/location/?token={key}"));
    client.get(&format!("/location?token={key}&size=x")).expect(422);
    client.send("POST", &format!("/location?token={key}"), Some("application/json"), b"{");
    let _ = child.kill();
    let _ = child.wait();
    let text = std::fs::read_to_string(log.path()).unwrap();
    assert!(!text.contains(secret), "{}", text.lines().find(|line| line.contains(secret)).unwrap());
    // It tells whose key it was.
    let id = format!("api_key:{id}");
    assert!(text.lines().any(|line| line.contains("/location") && line.contains(&id)), "{text}");
}
