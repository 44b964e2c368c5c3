//! PostgreSQL's connection URLs, read here and not by libpq: libpq's messages quote what it could not read, and where a
//! password has a raw `@`, `/` or `%` that is a piece of the password. libpq is given the values one by one.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::db::dialect::{SessionLimits, TargetError};

/// A connection URL in its parts. Neither `Display` nor `Debug` shows a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct PostgresUrl {
    /// Names as libpq calls them, values decoded.
    values: Vec<(String, String)>,
}

/// What libpq understands; another name is refused without being quoted.
#[rustfmt::skip]
const NAMES: [&str; 49] = [
    "application_name", "channel_binding", "client_encoding", "connect_timeout", "dbname",
    "fallback_application_name", "gssdelegation", "gssencmode", "gsslib", "host",
    "hostaddr", "keepalives", "keepalives_count", "keepalives_idle", "keepalives_interval",
    "krbsrvname", "load_balance_hosts", "max_protocol_version", "min_protocol_version", "options",
    "passfile", "password", "port", "require_auth", "requirepeer",
    "scram_client_key", "scram_server_key", "service", "servicefile", "sslcert",
    "sslcertmode", "sslcompression", "sslcrl", "sslcrldir", "sslkey",
    "sslkeylogfile", "ssl_max_protocol_version", "ssl_min_protocol_version", "sslmode", "sslnegotiation",
    "sslpassword", "sslrootcert", "sslsni", "target_session_attrs", "tcp_user_timeout",
    "user", "replication", "requiressl", "ssl",
];

/// Values that must not be seen.
const SECRETS: [&str; 4] = ["password", "sslpassword", "scram_client_key", "scram_server_key"];

impl FromStr for PostgresUrl {
    type Err = TargetError;

    /// Reads what follows `postgres:`, by libpq's rules: `//[user[:password]@][host[:port],...][/database][?name=value&...]`.
    fn from_str(text: &str) -> Result<Self, TargetError> {
        let rest = text.strip_prefix("//").ok_or(TargetError::Malformed("it must begin with postgres://"))?;
        let mut url = Self { values: Vec::new() };
        let (userinfo, rest) = match rest.find(['@', '/']) {
            Some(at) if rest[at..].starts_with('@') => (Some(&rest[..at]), &rest[at + 1..]),
            _ => (None, rest),
        };
        if let Some(userinfo) = userinfo {
            let (user, password) = userinfo.split_once(':').map_or((userinfo, None), |(user, word)| (user, Some(word)));
            url.add("user", user)?;
            url.add("password", password.unwrap_or_default())?;
        }
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (hosts, rest) = rest.split_at(end);
        url.add_hosts(hosts)?;
        let (path, query) = rest.split_once('?').map_or((rest, None), |(path, query)| (path, Some(query)));
        let name = path.strip_prefix('/').unwrap_or(path);
        if name.contains(['@', '/', ':']) {
            return Err(TargetError::Unescaped);
        }
        url.add("dbname", name)?;
        for option in query.into_iter().flat_map(|query| query.split('&')).filter(|option| !option.is_empty()) {
            let (name, value) = option.split_once('=').ok_or(TargetError::Option)?;
            if !NAMES.contains(&name) {
                return Err(TargetError::Option);
            }
            // As other drivers call it.
            let (name, value) = if (name, value) == ("ssl", "true") { ("sslmode", "require") } else { (name, value) };
            url.values.retain(|(known, _)| known != name);
            url.add(name, value)?;
        }
        Ok(url)
    }
}

impl PostgresUrl {
    fn add(&mut self, name: &str, encoded: &str) -> Result<(), TargetError> {
        if !encoded.is_empty() {
            self.values.push((name.to_owned(), decoded(encoded)?));
        }
        Ok(())
    }

    /// `host:port,host:port`; a host may be an address in brackets, or a directory, percent-encoded.
    fn add_hosts(&mut self, list: &str) -> Result<(), TargetError> {
        let (mut hosts, mut ports) = (Vec::new(), Vec::new());
        for one in list.split(',') {
            let (host, port) = match one.strip_prefix('[') {
                Some(rest) => {
                    let (address, port) = rest.split_once(']').ok_or(TargetError::Unescaped)?;
                    (address, port.strip_prefix(':').unwrap_or(port))
                }
                None => one.split_once(':').unwrap_or((one, "")),
            };
            let plausible = |c: char| c.is_alphanumeric() || "._-%:".contains(c);
            if !host.chars().all(plausible) || !port.chars().all(|c| c.is_ascii_digit()) {
                return Err(TargetError::Unescaped);
            }
            hosts.push(host);
            ports.push(port);
        }
        self.add("host", &hosts.join(","))?;
        if ports.iter().any(|port| !port.is_empty()) {
            self.add("port", &ports.join(","))?;
        }
        Ok(())
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.values.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// What libpq is given: `name='value'` pairs, with time limits where the URL names none.
    pub(in crate::db::dialect) fn connection_string(&self, limits: &SessionLimits) -> String {
        let mut values = self.values.clone();
        for (name, value) in time_limits(limits) {
            if self.get(name).is_none() {
                values.push((name.to_owned(), value.to_string()));
            }
        }
        let quoted = |value: &str| value.replace('\\', "\\\\").replace('\'', "\\'");
        let pairs: Vec<String> = values.iter().map(|(name, value)| format!("{name}='{}'", quoted(value))).collect();
        pairs.join(" ")
    }

    /// Takes the secrets out of a text that libpq wrote.
    pub(in crate::db::dialect) fn masked(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (name, value) in &self.values {
            if SECRETS.contains(&name.as_str()) && value.len() > 2 {
                text = text.replace(value.as_str(), "***");
            }
        }
        text
    }
}

/// When a link counts as dead: after half of what a statement may take. A job never waits longer for a dead link than for a
/// slow statement. A living server acknowledges what it is sent at once, however long the statement then takes.
fn time_limits(limits: &SessionLimits) -> [(&'static str, u128); 5] {
    let seconds = |time: Duration| u128::from(time.as_secs().max(1));
    let half = (limits.statement_timeout / 2).max(Duration::from_secs(1));
    [
        ("connect_timeout", seconds(limits.connect_timeout)),
        // What was sent and is not acknowledged.
        ("tcp_user_timeout", half.as_millis()),
        // Nothing was sent: the first question after a quarter, two more after an eighth each.
        ("keepalives_idle", seconds(half / 2)),
        ("keepalives_interval", seconds(half / 4)),
        ("keepalives_count", 2),
    ]
}

/// `%40` -> `@`.
fn decoded(text: &str) -> Result<String, TargetError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || rest.next().and_then(|digit| char::from(digit).to_digit(16));
        let (Some(high), Some(low)) = (digit(), digit()) else { return Err(TargetError::Percent) };
        bytes.push(u8::try_from(high * 16 + low).unwrap_or_default());
    }
    match String::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => Ok(text),
        _ => Err(TargetError::Percent),
    }
}

impl fmt::Display for PostgresUrl {
    /// User, hosts and database; no password, no options.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("postgres://")?;
        if let Some(user) = self.get("user") {
            write!(out, "{user}@")?;
        }
        let mut ports = self.get("port").unwrap_or_default().split(',');
        for (at, host) in self.get("host").unwrap_or_default().split(',').enumerate() {
            let colon = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
            write!(out, "{}{colon}", if at > 0 { "," } else { "" })?;
            if let Some(port) = ports.next().filter(|port| !port.is_empty()) {
                write!(out, ":{port}")?;
            }
        }
        self.get("dbname").map_or(Ok(()), |name| write!(out, "/{name}"))
    }
}

impl fmt::Debug for PostgresUrl {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const LIMITS: SessionLimits =
        SessionLimits { statement_timeout: Duration::from_secs(20), connect_timeout: Duration::from_secs(2) };

    fn read(url: &str) -> Result<PostgresUrl, TargetError> {
        url.strip_prefix("postgres:").unwrap().parse()
    }

    #[test]
    fn every_part_is_found() {
        let url =
            read("postgres://ana:s%40cr'et@db.example:5433/wells?sslmode=require&application_name=a%20b").unwrap();
        assert_eq!(url.to_string(), "postgres://ana@db.example:5433/wells");
        let given = url.connection_string(&LIMITS);
        for part in [
            "user='ana'",
            "password='s@cr\\'et'",
            "host='db.example'",
            "port='5433'",
            "dbname='wells'",
            "sslmode='require'",
            "application_name='a b'",
            "connect_timeout='2'",
            "tcp_user_timeout='10000'",
            "keepalives_idle='5'",
            "keepalives_interval='2'",
        ] {
            assert!(given.contains(part), "{part}: {given}");
        }
        for (url, shown) in [
            ("postgres://", "postgres://"),
            ("postgres:///wells", "postgres:///wells"),
            ("postgres://u@a:1,b:2/d", "postgres://u@a:1,b:2/d"),
            ("postgres://u@[::1]:5432/d", "postgres://u@[::1]:5432/d"),
            ("postgres://u@%2Frun%2Fpostgresql/d", "postgres://u@/run/postgresql/d"),
            ("postgres:///d?host=/run/postgresql&password=s3cret", "postgres:///run/postgresql/d"),
            ("postgres://u:a?b#c@h/d", "postgres://u@h/d"),
        ] {
            assert_eq!(read(url).unwrap().to_string(), shown, "{url}");
        }
    }

    #[test]
    fn limits_of_the_url_win() {
        let given = read("postgres://h/d?tcp_user_timeout=7&connect_timeout=9").unwrap().connection_string(&LIMITS);
        assert!(given.contains("tcp_user_timeout='7'") && !given.contains("10000"), "{given}");
        assert!(given.contains("connect_timeout='9'") && !given.contains("connect_timeout='2'"), "{given}");
    }

    #[test]
    fn what_is_not_escaped_is_refused_without_being_quoted() {
        for url in [
            "postgres://u:top@secret@h/d",
            "postgres://u:top/secret@h/d",
            "postgres://u:12/secret@h/d",
            "postgres://u:top%secret@h/d",
            "postgres://u:12?top/secret@h/d",
            "postgres://u:12?topsecret=/x@h/d",
            "postgres://u:top%00secret@h/d",
            "postgres://u:[topsecret@h:top secret/d",
        ] {
            let refused = read(url).unwrap_err().to_string();
            assert!(!refused.contains("secret") && !refused.contains("top"), "{url}: {refused}");
        }
    }

    #[test]
    fn secrets_are_taken_out_of_a_text() {
        let url = read("postgres://u:s%40cret@h/d").unwrap();
        assert_eq!(url.masked("could not use s@cret at h"), "could not use *** at h");
        assert_eq!(format!("{url:?}"), "postgres://u@h/d");
    }
}
