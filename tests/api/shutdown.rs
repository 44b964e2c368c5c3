//! Shutdown in order: a write is answered and committed, or rolled back.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;

use crate::support::client::Client;
use crate::support::routes::{place, release, routes, wait_for};
use crate::support::slow::wait_until;
use crate::support::*;

both! {
    fn running_writes_end_and_waiting_ones_are_refused(db: Database) {
        let mut app = db.start_with(|config| {
            config.concurrency.pool_size = Some(1);
            config.concurrency.heavy_limit = Some(1);
            config.server.drain_delay = Duration::from_millis(700);
        }, routes);
        let here = place();
        let send = |path: String| {
            let client = app.client.clone();
            std::thread::spawn(move || client.send("POST", &path, None, b""))
        };
        let running = send(format!("/test/slow-write?name={here}"));
        wait_for(&here, 1);
        let waiting = send(format!("/test/slow-write?name=never-{here}"));
        wait_until("the other write waits", || app.state.executor.lanes().iter().any(|lane| lane.waiting > 0));
        app.begin_shutdown();
        wait_until("the server drains", || app.state.is_draining());
        assert_eq!(app.get("/ready").expect(503)["status"], "draining");
        assert_eq!(app.get("/health").status, 200);
        let refused = waiting.join().unwrap();
        assert_eq!(refused.expect(503)["reason"], "shutting_down");
        assert!(refused.header("retry-after").is_some());
        release(&here);
        assert_eq!(running.join().unwrap().status, 201);
        let db = app.finish();
        assert_eq!(db.number(&format!("SELECT count(*) FROM lexicon_term WHERE term = '{here}'")), 1);
        assert_eq!(db.number(&format!("SELECT count(*) FROM lexicon_term WHERE term = 'never-{here}'")), 0);
    }

    fn a_failed_write_leaves_nothing(db: Database) {
        let app = db.start_with(|_| {}, routes);
        let here = place();
        release(&here);
        assert_eq!(app.send("POST", &format!("/test/slow-write?fails=1&name={here}"), None, b"").detail(404), "rolled back");
        assert_eq!(app.db.number(&format!("SELECT count(*) FROM lexicon_term WHERE term = '{here}'")), 0);
    }
}

/// The program itself, with its address.
pub struct Program {
    pub child: Child,
    pub client: Client,
}

impl Program {
    pub fn start(arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_ocotillo"))
            .args(arguments)
            .env_remove("DATABASE_URL")
            .env_remove("RUST_LOG")
            .envs(environment.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address =
            line.split("http://").nth(1).unwrap_or_else(|| panic!("'{line}'")).split_whitespace().next().unwrap();
        Self { client: Client::new(address.parse().unwrap()), child }
    }

    pub fn terminate(&self) {
        let killed = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(killed.success());
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_signal_in_the_middle_of_a_write() {
    let db = Database::sqlite();
    let mut program = Program::start(&["serve", "--bind", "127.0.0.1:0", "--database-url", &db.url], &[]);
    // Another process holds the write lock, so the server's write is in the middle for as long as we like.
    let mut other = SqliteConnection::establish(db.path().to_str().unwrap()).unwrap();
    other.batch_execute("BEGIN IMMEDIATE").unwrap();
    let client = program.client.clone();
    let write = std::thread::spawn(move || client.post("/group", json!({"name": "in the middle"})));
    // Sent, and waiting inside its transaction.
    wait_until("the write begins", || {
        program.client.get("/metrics").text().contains(r#"ocotillo_permits_in_use{lane="write"} 1"#)
    });
    program.terminate();
    std::thread::sleep(Duration::from_millis(100));
    other.batch_execute("COMMIT").unwrap();
    assert_eq!(write.join().unwrap().expect(201)["name"], "in the middle");
    assert!(program.child.wait().unwrap().success());
    assert_eq!(db.number("SELECT count(*) FROM \"group\" WHERE name = 'in the middle'"), 1);
}

#[test]
fn an_idle_keep_alive_connection_does_not_hold_the_shutdown_up() {
    let app = Database::sqlite().start_with(|config| config.server.keep_alive = Duration::from_secs(60), |_| {});
    app.get("/health");
    let started = std::time::Instant::now();
    drop(app.finish());
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
}
