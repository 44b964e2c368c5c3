//! Where the configuration's values come from: file, environment, flags.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Deserializer, de};
use toml::{Table, Value};

use crate::config::{Config, ConfigError};

/// What the command line sets; it wins over file and environment.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// `--config FILE`
    pub file: Option<PathBuf>,
    /// `--bind ADDR:PORT`
    pub bind: Option<SocketAddr>,
    /// `--database-url URL`
    pub database_url: Option<String>,
    /// `--instances N`
    pub instances: Option<u32>,
}

const SECTIONS: [&str; 7] = ["server", "database", "concurrency", "log", "auth", "limits", "assets"];

/// Sections within a section: `OCOTILLO_AUTH_ROLES_VIEWER` is `viewer` in `[auth.roles]`.
const INNER_SECTIONS: [(&str, &str); 1] = [("auth", "roles")];

/// Variables with our prefix that are no configuration keys.
const OTHER_VARIABLES: [&str; 1] = ["OCOTILLO_CONFIG"];

/// Reads file, environment and flags, in this order.
///
/// `environment` is given, so that a test can pass its own: pairs of name and value.
pub fn load(
    overrides: &Overrides,
    environment: impl IntoIterator<Item = (String, String)>,
) -> Result<Config, ConfigError> {
    let environment: Vec<(String, String)> = environment.into_iter().collect();
    let variable = |name: &str| environment.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());

    let file = overrides.file.clone().or_else(|| variable("OCOTILLO_CONFIG").map(PathBuf::from));
    let mut table = match file {
        None => Table::new(),
        Some(path) => {
            let text =
                std::fs::read_to_string(&path).map_err(|cause| ConfigError::File { path: path.clone(), cause })?;
            text.parse::<Table>().map_err(|error| ConfigError::Syntax(at_line(&path, &text, &error)))?
        }
    };
    for (name, key) in [("DATABASE_URL", "url"), ("DATABASE_REPLICA_URL", "replica_url")] {
        if let Some(url) = variable(name) {
            set(&mut table, "database", key, Value::String(url))?;
        }
    }
    if let Some(bucket) = variable("GCS_BUCKET_NAME").filter(|name| !name.is_empty()) {
        set(&mut table, "assets", "url", Value::String(format!("gs://{bucket}")))?;
    }
    if let Some(key) = variable("GCS_SERVICE_ACCOUNT_KEY").filter(|key| !key.is_empty()) {
        set(&mut table, "assets", "service_account_key", Value::String(key))?;
    }
    for (name, value) in &environment {
        apply_variable(&mut table, name, value)?;
    }
    if let Some(url) = &overrides.database_url {
        set(&mut table, "database", "url", Value::String(url.clone()))?;
    }
    if let Some(bind) = overrides.bind {
        set(&mut table, "server", "bind", Value::String(bind.to_string()))?;
    }
    if let Some(instances) = overrides.instances {
        set(&mut table, "concurrency", "instances", Value::Integer(i64::from(instances)))?;
    }
    Config::deserialize(table).map_err(|error| {
        let key = error.to_string();
        let place = key.lines().rev().find(|line| line.starts_with("in `")).map(|line| format!(" {line}"));
        ConfigError::Syntax(without_values(error.message()) + &place.unwrap_or_default())
    })
}

/// Where and what, but never the line itself: it may hold a password.
fn at_line(path: &Path, text: &str, error: &toml::de::Error) -> String {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let (line, column) = (before.matches('\n').count() + 1, before.rsplit('\n').next().unwrap_or_default().len() + 1);
    format!("{}, line {line}, column {column}: {}", path.display(), without_values(error.message()))
}

/// A message of the parser without the values that it quotes: `string "..."` is one, and so is an unknown variant. Names of keys,
/// which stand between backticks too, are needed.
fn without_values(message: &str) -> String {
    let mut text = message.trim_end().replace('\n', " ");
    for (before, after) in [("string \"", "\","), ("unknown variant `", "`,")] {
        if let Some(start) = text.find(before)
            && let Some(end) = text.rfind(after)
            && start + before.len() <= end
        {
            text.replace_range(start + before.len()..end, "...");
        }
    }
    text
}

fn apply_variable(table: &mut Table, name: &str, value: &str) -> Result<(), ConfigError> {
    let Some(rest) = name.strip_prefix("OCOTILLO_") else {
        return Ok(());
    };
    if OTHER_VARIABLES.contains(&name) || rest.starts_with("TEST_") {
        return Ok(());
    }
    let unknown = || ConfigError::UnknownVariable(name.to_owned());
    let (section, key) = rest.split_once('_').ok_or_else(unknown)?;
    let (section, key) = (section.to_ascii_lowercase(), key.to_ascii_lowercase());
    if !SECTIONS.contains(&section.as_str()) || key.is_empty() {
        return Err(unknown());
    }
    let value = match (value.parse::<i64>(), value.parse::<bool>()) {
        // What a number would be written as otherwise is a text, such as an audience 0042.
        (Ok(number), _) if number.to_string() == value => Value::Integer(number),
        (_, Ok(flag)) => Value::Boolean(flag),
        _ => Value::String(value.to_owned()),
    };
    for (outer, inner) in INNER_SECTIONS {
        if section == outer
            && let Some(key) = key.strip_prefix(inner).and_then(|rest| rest.strip_prefix('_'))
        {
            return match table.entry(section).or_insert_with(|| Value::Table(Table::new())) {
                Value::Table(outer) => set(outer, inner, key, value),
                _ => Err(ConfigError::Syntax(format!("{outer} should be a section"))),
            };
        }
    }
    set(table, &section, &key, value)
}

fn set(table: &mut Table, section: &str, key: &str, value: Value) -> Result<(), ConfigError> {
    match table.entry(section.to_owned()).or_insert_with(|| Value::Table(Table::new())) {
        Value::Table(section) => {
            section.insert(key.to_owned(), value);
            Ok(())
        }
        _ => Err(ConfigError::Syntax(format!("{section} should be a section"))),
    }
}

/// Reads `250ms`, `2s` or `1m`.
pub(in crate::config) fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(deserializer)?;
    parse_duration(&text).ok_or_else(|| de::Error::custom("not a duration such as 250ms, 2s or 1m"))
}

/// Reads a list of texts, or one text with commas, as variables have it.
pub(in crate::config) fn list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum List {
        Text(String),
        Texts(Vec<String>),
        Number(i64),
    }
    Ok(match List::deserialize(deserializer)? {
        List::Texts(texts) => texts,
        List::Number(number) => vec![number.to_string()],
        List::Text(text) => text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect(),
    })
}

fn parse_duration(text: &str) -> Option<Duration> {
    let split = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(split);
    let number: u64 = number.parse().ok()?;
    match unit {
        "ms" => Some(Duration::from_millis(number)),
        "s" => Some(Duration::from_secs(number)),
        "m" => Some(Duration::from_secs(number.checked_mul(60)?)),
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn env(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn flags_win_over_environment_over_file() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "[concurrency]\npool_size = 3\nworkers = 3\nqueue_timeout = \"250ms\"\n").unwrap();
        let mut overrides = Overrides { file: Some(file.path().to_owned()), ..Overrides::default() };
        overrides.database_url = Some("sqlite:c.db".to_owned());
        let config =
            load(&overrides, env(&[("OCOTILLO_CONCURRENCY_POOL_SIZE", "5"), ("DATABASE_URL", "sqlite:b.db")])).unwrap();
        assert_eq!(config.concurrency.pool_size, Some(5));
        assert_eq!(config.concurrency.workers, Some(3));
        assert_eq!(config.concurrency.queue_timeout, Duration::from_millis(250));
        assert_eq!(config.database.url, "sqlite:c.db");
    }

    #[test]
    fn refusals_name_the_key() {
        let refused = |pairs: &[(&str, &str)]| load(&Overrides::default(), env(pairs)).unwrap_err().to_string();
        assert!(refused(&[("OCOTILLO_CONCURRENCY_POOLSIZE", "5")]).contains("poolsize"));
        assert!(refused(&[("OCOTILLO_CONCURENCY_POOL_SIZE", "5")]).contains("OCOTILLO_CONCURENCY_POOL_SIZE"));
        assert!(refused(&[("OCOTILLO_CONCURRENCY_QUEUE_TIMEOUT", "5 parsecs")]).contains("queue_timeout"));
        assert!(refused(&[("OCOTILLO_SERVER_BIND", "everywhere")]).contains("bind"));
    }

    #[test]
    fn the_bucket_has_names_of_its_own() {
        let named = [("GCS_BUCKET_NAME", "b"), ("GCS_SERVICE_ACCOUNT_KEY", "e30=")];
        let assets = load(&Overrides::default(), env(&named)).unwrap().assets;
        assert_eq!((assets.url.as_deref(), assets.service_account_key.as_deref()), (Some("gs://b"), Some("e30=")));
        let ours = [("GCS_BUCKET_NAME", "b"), ("OCOTILLO_ASSETS_URL", "files")];
        assert_eq!(load(&Overrides::default(), env(&ours)).unwrap().assets.url.as_deref(), Some("files"));
    }

    #[test]
    fn lists_may_be_one_text() {
        let config =
            load(&Overrides::default(), env(&[("OCOTILLO_SERVER_ALLOWED_HOSTS", "a.example, b.example")])).unwrap();
        assert_eq!(config.server.allowed_hosts, ["a.example", "b.example"]);
    }

    #[test]
    fn variables_reach_sections_within_sections() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "[auth.roles]\nviewer = [\"a\", \"b\"]\neditor = \"c, d\"\n").unwrap();
        let overrides = Overrides { file: Some(file.path().to_owned()), ..Overrides::default() };
        let variables = [("OCOTILLO_AUTH_ROLES_AMP_VIEWER", "e,f"), ("OCOTILLO_AUTH_AUDIENCE", "4711")];
        let auth = load(&overrides, env(&variables)).unwrap().auth;
        assert_eq!(
            (auth.roles.viewer, auth.roles.editor),
            (vec!["a".into(), "b".into()], vec!["c".into(), "d".into()])
        );
        assert_eq!((auth.roles.amp_viewer, auth.audience), (vec!["e".into(), "f".into()], vec!["4711".to_owned()]));
        assert_eq!(auth.roles.amp_admin, ["AMP.Admin"], "what is not named keeps its default");
        let refused = load(&overrides, env(&[("OCOTILLO_AUTH_ROLES_OWNER", "x")])).unwrap_err().to_string();
        assert!(refused.contains("owner"), "{refused}");
    }

    #[test]
    fn durations() {
        assert_eq!(parse_duration("1m"), Some(Duration::from_secs(60)));
        for bad in ["", "5", "s", "-1s", "1h", "99999999999999999999s"] {
            assert_eq!(parse_duration(bad), None, "{bad}");
        }
    }
}
