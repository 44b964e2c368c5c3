//! `ocotillo key`.

use std::io::Write as _;

use serde_json::{Value, json};

use crate::cli::args::{CreateKey, Key, ListKeys};
use crate::cli::commands::existing;
use crate::cli::output::{Outcome, print};
use crate::config::Config;
use crate::db::Executor;
use crate::domain::api_key::{ApiKey, Scope};
use crate::domain::measure::time::UtcDateTime;
use crate::server;
use crate::server::StartError;
use crate::store::{StoreError, api_key};

pub(in crate::cli) fn run(config: &Config, action: Key) -> Outcome {
    match action {
        Key::Create(flags) => create(config, &flags),
        Key::List(flags) => list(&existing(config)?, &flags),
        Key::Revoke { id } => {
            let revoked = executor(&existing(config)?)?.write_blocking(|session| api_key::revoke_any(session, id));
            match revoked {
                Ok(name) => print(&format!("revoked {id} ({})\n", plain(&name))),
                Err(StoreError::NotFound { .. }) => Err(format!("there is no key with the id {id}").into()),
                Err(error) => Err(error.into()),
            }
        }
    }
}

/// The way to a database that is brought up to date if need be. One connection is enough.
fn executor(config: &Config) -> Result<Executor, StartError> {
    let mut config = config.clone();
    config.concurrency.pool_size = Some(1);
    config.concurrency.heavy_limit = None;
    Ok(server::prepare(&config)?.executor)
}

fn create(config: &Config, flags: &CreateKey) -> Outcome {
    let name = flags.name.trim();
    if name.is_empty() || name.chars().count() > 255 || name.contains(char::is_control) {
        return Err("--name: from 1 to 255 characters, without control characters".into());
    }
    let scope = Scope::of(flags.role.iter().map(String::as_str));
    let executor = executor(config)?;
    let key = executor.write_blocking(|session| api_key::issue(session, name, &scope, flags.days))?;
    // Standard output has the key and nothing else, so that a script can take it.
    let about = format!("key {} ({name}): {scope}, until {}; it is shown this once", key.id, key.expires_at);
    writeln!(std::io::stderr(), "{about}")?;
    print(&format!("{}\n", key.token))
}

fn list(config: &Config, flags: &ListKeys) -> Outcome {
    let keys = executor(config)?.write_blocking(|session| api_key::list_all(session))?;
    let now = UtcDateTime::now();
    if flags.json {
        let keys: Vec<Value> = keys.iter().map(|(key, owner)| as_json(key, owner.as_deref(), now)).collect();
        return print(&(serde_json::to_string_pretty(&keys)? + "\n"));
    }
    let time = |time: Option<UtcDateTime>| time.map_or_else(|| "-".to_owned(), |time| time.to_string());
    let heading = ["id", "state", "name", "roles", "owner", "begins with", "created", "expires", "last used"];
    let mut lines = vec![heading.map(str::to_owned)];
    for (key, owner) in keys {
        let owner = owner.map_or_else(|| "-".to_owned(), |owner| plain(&owner));
        let state = state(&key, now).to_owned();
        let (created, expires) = (key.created_at.to_string(), key.expires_at.to_string());
        let used = time(key.last_used_at);
        let line =
            [key.id.to_string(), state, plain(&key.name), key.scope, owner, key.token_preview, created, expires, used];
        lines.push(line);
    }
    print(&table(&lines))
}

fn as_json(key: &ApiKey, owner: Option<&str>, now: UtcDateTime) -> Value {
    let mut value = json!(key);
    if let Some(fields) = value.as_object_mut() {
        fields.insert("owner".to_owned(), json!(owner));
        fields.insert("state".to_owned(), json!(state(key, now)));
    }
    value
}

fn state(key: &ApiKey, now: UtcDateTime) -> &'static str {
    match key.revoked_at {
        Some(_) => "revoked",
        None if key.expires_at <= now => "expired",
        None => "live",
    }
}

/// Names come from anybody: without what a terminal would obey.
fn plain(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { '?' } else { character }).collect()
}

/// Columns as wide as they need.
fn table<const N: usize>(lines: &[[String; N]]) -> String {
    let mut text = String::new();
    for line in lines {
        for (at, cell) in line.iter().enumerate() {
            let width =
                lines.iter().filter_map(|line| line.get(at)).map(|cell| cell.chars().count()).max().unwrap_or(0);
            text += &if at + 1 == N { format!("{cell}\n") } else { format!("{cell:width$}  ") };
        }
    }
    text
}
