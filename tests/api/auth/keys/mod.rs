//! API keys: who makes them, where they are shown, when they end, what is told of them.

mod accepted;
mod commands;
mod owned;
mod secret;

use ocotillo::config::{AuthMode, Config};

use crate::service::program;
use crate::support::*;

/// Keys are asked for.
pub fn required(config: &mut Config) {
    config.auth.mode = Some(AuthMode::Required);
}

/// A server that asks for keys.
pub fn start(db: Database) -> App {
    db.start_with(required, |_| {})
}

/// Makes a key by the program, and gives its id and the key.
pub fn issue(db: &Database, arguments: &[&str]) -> (i64, String) {
    let (ok, text) =
        program(&[&["--database-url", db.url.as_str(), "key", "create", "--name", "test"], arguments].concat(), &[]);
    assert!(ok, "{text}");
    (db.number("SELECT max(id) FROM api_key"), text.lines().next().unwrap().to_owned())
}

/// How often the database was asked for a key.
pub fn look_ups(app: &App) -> u64 {
    counted(app, "check_api_key")
}

/// How often a job was run.
pub fn counted(app: &App, operation: &str) -> u64 {
    let name = format!("ocotillo_job_seconds_count{{operation=\"{operation}\",stage=\"query\"}} ");
    let metrics = app.get("/metrics").text();
    metrics.lines().find_map(|line| line.strip_prefix(name.as_str())).map_or(0, |count| count.parse().unwrap())
}
