//! Log lines by `env_logger`: text for people, or one JSON object a line.

use std::io::Write as _;

use env_logger::{Builder, Env, fmt::Formatter};
use log::Record;
use log::kv::{Error, Key, Value, VisitSource};

use crate::config::{Log, LogFormat};
use crate::domain::request;

/// Sets the logger up; a second call (tests) changes nothing. `RUST_LOG` wins over the configured filter.
pub fn init(config: &Log) {
    let mut builder = Builder::from_env(Env::default().default_filter_or(&config.filter));
    if config.format == LogFormat::Json {
        builder.format(json_line);
    } else {
        builder.format(text_line);
    }
    // Another logger is already there only in test binaries, where any will do.
    let _already_set = builder.try_init();
}

/// Collects the key-value pairs of a record.
struct Pairs(serde_json::Map<String, serde_json::Value>);

impl<'kvs> VisitSource<'kvs> for Pairs {
    fn visit_pair(&mut self, key: Key<'kvs>, value: Value<'kvs>) -> Result<(), Error> {
        let json = match (value.to_u64(), value.to_f64()) {
            (Some(number), _) => number.into(),
            (None, Some(number)) => number.into(),
            (None, None) => value.to_string().into(),
        };
        self.0.insert(key.to_string(), json);
        Ok(())
    }
}

fn pairs(record: &Record<'_>) -> serde_json::Map<String, serde_json::Value> {
    let mut pairs = Pairs(serde_json::Map::new());
    // Whatever is logged while a request is worked on can be found by its id.
    if let Some(id) = request::id::current() {
        pairs.0.insert("request_id".to_owned(), (*id).into());
    }
    // The visitor above never fails.
    let _infallible = record.key_values().visit(&mut pairs);
    pairs.0
}

fn json_line(out: &mut Formatter, record: &Record<'_>) -> std::io::Result<()> {
    let mut line = serde_json::Map::new();
    line.insert("time".to_owned(), chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Millis, true).into());
    line.insert("level".to_owned(), record.level().as_str().into());
    line.insert("target".to_owned(), record.target().into());
    line.insert("message".to_owned(), record.args().to_string().into());
    line.append(&mut pairs(record));
    writeln!(out, "{}", serde_json::Value::Object(line))
}

/// A character as it may stand in a line.
fn shown(c: char) -> impl Iterator<Item = char> {
    let (itself, escaped) =
        if c.is_control() && c != '\t' { (None, Some(c.escape_default())) } else { (Some(c), None) };
    itself.into_iter().chain(escaped.into_iter().flatten())
}

fn text_line(out: &mut Formatter, record: &Record<'_>) -> std::io::Result<()> {
    let time = chrono::Utc::now().format("%Y-%m-%dT%H:%M:%S%.3fZ");
    // One line, whatever stands in it.
    let message: String = record.args().to_string().chars().flat_map(shown).collect();
    write!(out, "{time} {:5} {} {message}", record.level(), record.target())?;
    for (key, value) in pairs(record) {
        match value {
            // What callers name themselves must not look like another field.
            serde_json::Value::String(text) if text.contains(|c: char| [' ', '"'].contains(&c) || c.is_control()) => {
                write!(out, " {key}={text:?}")?;
            }
            serde_json::Value::String(text) => write!(out, " {key}={text}")?,
            other => write!(out, " {key}={other}")?,
        }
    }
    writeln!(out)
}
