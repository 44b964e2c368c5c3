//! The configuration: one TOML file, overridden by `OCOTILLO_<SECTION>_<KEY>` environment variables, overridden by flags.
//!
//! Unknown keys and impossible values are refused at start with the key's name. Every key is documented on its field.

mod assets;
mod auth;
mod concurrency;
mod limits;
mod source;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

pub use assets::{AssetPlace, Assets, Bucket};
pub use auth::{Auth, AuthMode, Endpoint, Roles};
pub use concurrency::Concurrency;
pub use limits::Limits;
pub use source::{Overrides, load};

use crate::db::{Sizing, SizingError, Target, TargetError};
use crate::domain::disclaimer::{self, Disclaimer};
use crate::domain::request::network::Network;

/// Why the configuration cannot be used. Names the key.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the configuration file {path}: {cause}")]
    File {
        /// The file.
        path: PathBuf,
        /// The operating system's reason.
        cause: std::io::Error,
    },
    /// The file is not TOML, has an unknown key, or a value of the wrong type.
    #[error("configuration: {0}")]
    Syntax(String),
    /// An `OCOTILLO_*` variable that names no key.
    #[error("environment variable {0} names no configuration key")]
    UnknownVariable(String),
    /// A value that cannot work.
    #[error("{key}: {reason}")]
    Value {
        /// `section.key`.
        key: &'static str,
        /// What is wrong with the value.
        reason: String,
    },
    /// Sizes that cannot work together.
    #[error(transparent)]
    Sizing(#[from] SizingError),
}

/// The whole configuration.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// `[server]`: the HTTP side.
    pub server: Server,
    /// `[database]`: which database.
    pub database: Database,
    /// `[concurrency]`: workers, connections, threads, queues and time-outs, set together.
    pub concurrency: Concurrency,
    /// `[log]`: what is logged, and how.
    pub log: Log,
    /// `[auth]`: who may do what.
    pub auth: Auth,
    /// `[limits]`: how much one caller may ask for.
    pub limits: Limits,
    /// `[assets]`: where files are kept.
    pub assets: Assets,
}

/// `[server]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Server {
    /// `ADDR:PORT` to listen on; port 0 takes a free one. Default `127.0.0.1:8080`.
    pub bind: SocketAddr,
    /// Largest request body in bytes; more is answered 413. Default 2 MiB.
    pub body_limit: usize,
    /// How long an idle client connection is kept. Default `75s`.
    #[serde(deserialize_with = "source::duration")]
    pub keep_alive: Duration,
    /// Longest time for the head of a request. Default `5s`.
    #[serde(deserialize_with = "source::duration")]
    pub head_timeout: Duration,
    /// Longest wait for more of a request's body. Default `10s`.
    #[serde(deserialize_with = "source::duration")]
    pub body_pause: Duration,
    /// Longest time for a whole body. Default `1m`.
    #[serde(deserialize_with = "source::duration")]
    pub body_timeout: Duration,
    /// Bytes that all bodies together may hold; beyond it 503. Default 64 MiB.
    pub body_memory: usize,
    /// How long a client may take nothing of what was sent to it (Linux). Default `1m`.
    #[serde(deserialize_with = "source::duration")]
    pub send_timeout: Duration,
    /// Answers in pieces (large pages, exports) that may be on their way at once; beyond it 503. Default 64.
    pub long_answers: usize,
    /// Origins, such as `https://ui.example.org`, whose pages may read and write besides those of this machine.
    #[serde(deserialize_with = "source::list")]
    pub allowed_origins: Vec<String>,
    /// Names, such as `data.example.org`, that the server answers to besides those of this machine.
    #[serde(deserialize_with = "source::list")]
    pub allowed_hosts: Vec<String>,
    /// Addresses and networks of proxies before the server, such as `10.0.0.0/8`: what they say in `X-Forwarded-For` of a request's
    /// origin is believed. Default none.
    #[serde(deserialize_with = "source::list")]
    pub trusted_proxies: Vec<String>,
    /// The server's certificate with those between it and the authority, as PEM: then clients come over TLS. Needs
    /// `server.tls_key`. A file that changes is read again within a minute. Default none: TLS is a proxy's business.
    pub tls_certificate: Option<PathBuf>,
    /// The certificate's private key, as PEM.
    pub tls_key: Option<PathBuf>,
    /// A text that `/disclaimer` shows: a title, then paragraphs with empty lines between them, of which one may begin with
    /// `Contact:`. Read at the start. Default: a short text of the program's own.
    pub disclaimer: Option<PathBuf>,
    /// Most client connections of one worker. Default 25,000, or fewer where the system allows fewer open files.
    pub max_connections: Option<usize>,
    /// Between "not ready" and "not listening" at shutdown, for load balancers to notice. Default `0s`.
    #[serde(deserialize_with = "source::duration")]
    pub drain_delay: Duration,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            bind: SocketAddr::from(([127, 0, 0, 1], 8080)),
            body_limit: 2 * 1024 * 1024,
            keep_alive: Duration::from_secs(75),
            head_timeout: Duration::from_secs(5),
            body_pause: Duration::from_secs(10),
            body_timeout: Duration::from_secs(60),
            body_memory: 64 * 1024 * 1024,
            send_timeout: Duration::from_secs(60),
            long_answers: 64,
            allowed_origins: Vec::new(),
            allowed_hosts: Vec::new(),
            trusted_proxies: Vec::new(),
            tls_certificate: None,
            tls_key: None,
            disclaimer: None,
            max_connections: None,
            drain_delay: Duration::ZERO,
        }
    }
}

impl Server {
    /// Where this machine reaches a server of this configuration.
    pub fn reached_at(&self) -> SocketAddr {
        let mut address = self.bind;
        match address.ip() {
            IpAddr::V4(any) if any.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
            IpAddr::V6(any) if any.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
            _ => {}
        }
        address
    }

    /// The effective settings, for people; without the most connections, which the system has a say in.
    pub fn table(&self) -> Vec<(String, String)> {
        let list = |list: &[String]| if list.is_empty() { "none listed".to_owned() } else { list.join(", ") };
        let file = |path: &Option<PathBuf>| path.as_ref().map_or("none".to_owned(), |path| path.display().to_string());
        let time = |time: Duration| format!("{time:?}");
        [
            ("bind", self.bind.to_string()),
            ("body_limit", self.body_limit.to_string()),
            ("body_memory", self.body_memory.to_string()),
            ("body_pause", time(self.body_pause)),
            ("body_timeout", time(self.body_timeout)),
            ("head_timeout", time(self.head_timeout)),
            ("keep_alive", time(self.keep_alive)),
            ("send_timeout", time(self.send_timeout)),
            ("drain_delay", time(self.drain_delay)),
            ("long_answers", self.long_answers.to_string()),
            ("allowed_origins", list(&self.allowed_origins)),
            ("allowed_hosts", list(&self.allowed_hosts)),
            ("trusted_proxies", list(&self.trusted_proxies)),
            ("tls_certificate", file(&self.tls_certificate)),
            ("tls_key", file(&self.tls_key)),
            ("disclaimer", file(&self.disclaimer)),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
    }

    /// What `/disclaimer` shows.
    pub fn disclaimer(&self) -> Result<Disclaimer, ConfigError> {
        let Some(path) = &self.disclaimer else { return Ok(Disclaimer::default()) };
        let wrong = |reason: String| ConfigError::Value { key: "server.disclaimer", reason };
        let text = std::fs::read_to_string(path).map_err(|cause| wrong(format!("{}: {cause}", path.display())))?;
        if text.len() > disclaimer::MOST {
            return Err(wrong(format!("at most {} bytes", disclaimer::MOST)));
        }
        Disclaimer::read(&text)
            .ok_or_else(|| wrong("a title and a paragraph, with an empty line between them".to_owned()))
    }

    /// The proxies that are trusted; `None` when one of them cannot be read.
    pub fn proxies(&self) -> Option<Vec<Network>> {
        self.trusted_proxies.iter().map(|text| text.parse().ok()).collect()
    }

    fn check(&self) -> Result<(), ConfigError> {
        self.disclaimer()?;
        let least = Duration::from_millis(10);
        let wrong = [
            (self.body_limit < 1024, "server.body_limit", "at least 1024 bytes"),
            (self.body_limit > 1 << 30, "server.body_limit", "at most 1 GiB"),
            (self.body_memory < self.body_limit, "server.body_memory", "at least server.body_limit"),
            (self.max_connections == Some(0), "server.max_connections", "at least 1"),
            (self.long_answers == 0, "server.long_answers", "at least 1"),
            (self.long_answers > 1_000_000, "server.long_answers", "at most 1000000"),
            (self.head_timeout < least, "server.head_timeout", "at least 10ms"),
            (self.body_pause < least, "server.body_pause", "at least 10ms"),
            (self.body_timeout < self.body_pause, "server.body_timeout", "at least server.body_pause"),
            (self.send_timeout < least, "server.send_timeout", "at least 10ms"),
            (
                !self.allowed_origins.iter().all(|origin| is_origin(origin)),
                "server.allowed_origins",
                "each is a scheme and a host, such as https://ui.example.org",
            ),
            (
                !self.allowed_hosts.iter().all(|host| is_host(host)),
                "server.allowed_hosts",
                "each is a name, such as data.example.org",
            ),
            (
                self.tls_key.is_none() && self.tls_certificate.is_some(),
                "server.tls_key",
                "needed with server.tls_certificate",
            ),
            (
                self.tls_certificate.is_none() && self.tls_key.is_some(),
                "server.tls_certificate",
                "needed with server.tls_key",
            ),
            (
                self.proxies().is_none(),
                "server.trusted_proxies",
                "each is an address or a network, such as 10.0.0.7 or 10.0.0.0/8",
            ),
        ];
        match wrong.into_iter().find(|(wrong, ..)| *wrong) {
            Some((_, key, reason)) => Err(ConfigError::Value { key, reason: reason.to_owned() }),
            None => Ok(()),
        }
    }
}

fn is_origin(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    host.is_some_and(|host| is_host(host.strip_suffix('/').unwrap_or(host)))
}

fn is_host(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]_".contains(&byte))
}

/// `[database]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Database {
    /// `sqlite:PATH` or `postgres://...`; also read from `DATABASE_URL`. Default `sqlite:ocotillo.db`.
    pub url: String,
    /// A read replica (PostgreSQL only); also read from `DATABASE_REPLICA_URL`. Reads go there when it is set.
    pub replica_url: Option<String>,
    /// Bring the schema up to date and seed the vocabulary at start. Default true; with several instances one
    /// of them does it while the others wait.
    pub migrate_on_start: bool,
}

impl Default for Database {
    fn default() -> Self {
        Self { url: "sqlite:ocotillo.db".to_owned(), replica_url: None, migrate_on_start: true }
    }
}

impl Database {
    /// The primary and the replica that the URLs name.
    pub fn targets(&self) -> Result<(Target, Option<Target>), ConfigError> {
        let value = |key, error: TargetError| ConfigError::Value { key, reason: error.to_string() };
        let primary = Target::parse(&self.url).map_err(|error| value("database.url", error))?;
        let replica = match &self.replica_url {
            None => None,
            Some(url) => Some(Target::parse(url).map_err(|error| value("database.replica_url", error))?),
        };
        if replica.as_ref().is_some_and(Target::single_writer) || (replica.is_some() && primary.single_writer()) {
            let reason = "a replica needs PostgreSQL on both sides".to_owned();
            return Err(ConfigError::Value { key: "database.replica_url", reason });
        }
        Ok((primary, replica))
    }
}

/// `[log]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// `text` for people, `json` for collectors (one object a line). Default `text`.
    pub format: LogFormat,
    /// Filter in `env_logger`'s syntax; `RUST_LOG` wins over it. Default `info`.
    pub filter: String,
}

impl Default for Log {
    fn default() -> Self {
        Self { format: LogFormat::Text, filter: "info".to_owned() }
    }
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// A line for people.
    Text,
    /// One JSON object a line.
    Json,
}

impl Config {
    /// Checks what single keys cannot show, and derives the sizes.
    pub fn validate(&self) -> Result<Sizing, ConfigError> {
        let (primary, replica) = self.database.targets()?;
        self.auth.check()?;
        if self.auth.mode_on(self.server.bind) == AuthMode::Disabled && !self.server.bind.ip().is_loopback() {
            return Err(ConfigError::Value {
                key: "server.bind",
                reason: format!(
                    "{} is not a loopback address: authentication is disabled, so only this machine may connect",
                    self.server.bind
                ),
            });
        }
        self.server.check()?;
        self.limits.check()?;
        self.assets.check(self.server.body_pause)?;
        let sizing = self.concurrency.sizing(&primary, replica.is_some())?;
        if self.server.drain_delay + sizing.shutdown_timeout >= self.concurrency.termination_grace {
            return Err(ConfigError::Value {
                key: "server.drain_delay",
                reason: "with concurrency.shutdown_timeout it must be shorter than concurrency.termination_grace"
                    .to_owned(),
            });
        }
        Ok(sizing)
    }
}
