//! A small HTTP client that gives status, headers and body of any answer.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use ureq::http::{Method, Request};

use super::principals::token;

/// Sends requests to one server. Cheap to clone.
#[derive(Clone)]
pub struct Client {
    agent: ureq::Agent,
    base: String,
    principal: Option<String>,
    headers: Vec<(String, String)>,
    log: Option<Arc<Mutex<Vec<Sent>>>>,
}

/// A request of a client that notes what it sends, with the answer's status and statements.
#[derive(Clone, Debug)]
pub struct Sent {
    pub method: String,
    pub path: String,
    pub status: u16,
    pub queries: u64,
}

/// An answer.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HashMap<String, String>,
    pub body: Vec<u8>,
    what: String,
}

impl Client {
    pub fn new(address: SocketAddr) -> Self {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .allow_non_standard_methods(true)
            .timeout_global(Some(Duration::from_secs(60)))
            .build()
            .into();
        Self { agent, base: format!("http://{address}"), principal: None, headers: Vec::new(), log: None }
    }

    /// The address of the server.
    pub fn address(&self) -> &str {
        self.base.trim_start_matches("http://")
    }

    /// The same as somebody: see [`super::principals`].
    pub fn on_behalf_of(&self, principal: &str) -> Self {
        Self { principal: Some(principal.to_owned()), ..self.clone() }
    }

    /// The same, with one more header in every request.
    pub fn with_header(&self, name: &str, value: &str) -> Self {
        let mut client = self.clone();
        client.headers.push((name.to_owned(), value.to_owned()));
        client
    }

    /// The same, showing a token or a key.
    pub fn showing(&self, secret: &str) -> Self {
        self.with_header("authorization", &format!("Bearer {secret}"))
    }

    /// The same with a preference.
    pub fn preferring(&self, preference: &str) -> Self {
        self.with_header("prefer", preference)
    }

    /// The same, noting what is sent from now on.
    pub fn noting(&self) -> (Self, Arc<Mutex<Vec<Sent>>>) {
        let log = Arc::default();
        (Self { log: Some(Arc::clone(&log)), ..self.clone() }, log)
    }

    /// A request with any method, type and body.
    pub fn send(&self, method: &str, path: &str, kind: Option<&str>, body: &[u8]) -> Reply {
        let again = |error| match error {
            // The server may close an idle connection just when the client takes it again.
            ureq::Error::Io(_) if method == "GET" => self.try_send(method, path, kind, body),
            error => Err(error),
        };
        let reply = self.try_send(method, path, kind, body).or_else(again);
        reply.unwrap_or_else(|error| panic!("{method} {path}: {error}"))
    }

    /// As [`Self::send`]; an error is a dropped connection.
    pub fn try_send(&self, method: &str, path: &str, kind: Option<&str>, body: &[u8]) -> Result<Reply, ureq::Error> {
        let mut request = Request::builder()
            .method(Method::from_bytes(method.as_bytes()).unwrap())
            .uri(format!("{}{path}", self.base));
        if let Some(kind) = kind {
            request = request.header("content-type", kind);
        }
        if let Some(principal) = &self.principal {
            request = request.header("authorization", format!("Bearer {}", token(principal)));
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let mut response = if body.is_empty() {
            self.agent.run(request.body(()).unwrap())?
        } else {
            self.agent.run(request.body(body).unwrap())?
        };
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        let body = response.body_mut().with_config().limit(1 << 30).read_to_vec()?;
        let reply = Reply { status: response.status().as_u16(), headers, body, what: format!("{method} {path}") };
        if let Some(log) = &self.log {
            let (method, path) = (method.to_owned(), path.to_owned());
            log.lock().unwrap().push(Sent { method, path, status: reply.status, queries: reply.queries() });
        }
        Ok(reply)
    }

    pub fn get(&self, path: &str) -> Reply {
        self.send("GET", path, None, b"")
    }

    pub fn post(&self, path: &str, body: Value) -> Reply {
        self.send("POST", path, Some("application/json"), body.to_string().as_bytes())
    }

    pub fn patch(&self, path: &str, body: Value) -> Reply {
        self.send("PATCH", path, Some("application/json"), body.to_string().as_bytes())
    }

    pub fn delete(&self, path: &str) -> Reply {
        self.send("DELETE", path, None, b"")
    }

    /// POST that must store; gives the stored record.
    pub fn create(&self, path: &str, body: Value) -> Value {
        self.post(path, body).expect(201)
    }

    /// The values of one key of all items of a list.
    pub fn items(&self, path: &str, key: &str) -> Vec<Value> {
        let page = self.get(path).expect(200);
        page["items"].as_array().unwrap().iter().map(|item| item[key].clone()).collect()
    }
}

impl Reply {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{}: {error}: {}", self.what, self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    /// The body, after a look at the status. Null for an empty body.
    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}: {}", self.what, self.text());
        if self.body.is_empty() { Value::Null } else { self.json() }
    }

    /// An error's `detail`, after a look at the status.
    #[track_caller]
    pub fn detail(&self, status: u16) -> Value {
        self.expect(status)["detail"].clone()
    }

    /// Milliseconds of one part of the answer, from `Server-Timing`.
    pub fn timing(&self, part: &str) -> f64 {
        let timing = self.header("server-timing").unwrap();
        let value = timing.split(", ").find_map(|entry| entry.strip_prefix(part)?.strip_prefix(";dur="));
        value.unwrap().parse().unwrap()
    }

    /// Statements that the answer took, from `Server-Timing`.
    pub fn queries(&self) -> u64 {
        let timing = self.header("server-timing").unwrap();
        timing.split("queries;desc=\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap()
    }
}

/// Percent-encodes a value of a query string.
pub fn encode(value: &str) -> String {
    form_urlencoded::byte_serialize(value.as_bytes()).collect()
}

/// `filter=...` for a query string.
pub fn filter(field: &str, operator: &str, value: Value) -> String {
    format!("filter={}", encode(&serde_json::json!({"field": field, "operator": operator, "value": value}).to_string()))
}
