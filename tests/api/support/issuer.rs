//! An OIDC issuer on this machine whose answers are what the test wants: its keys, others, too late, too large, none.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ocotillo::config::{Auth, AuthMode};
use serde_json::{Value, json};

use super::tokens::{Signer, now};

/// What tokens are made for.
pub const AUDIENCE: &str = "ocotillo-tests";

/// How the issuer answers.
#[derive(Clone)]
pub enum Manner {
    /// As it should.
    Well,
    /// After a while.
    Late(Duration),
    /// Not at all: the connection is closed.
    Never,
    /// A byte now and then.
    Drip,
    /// With more than anybody wants.
    Endless,
    /// With this status and body.
    As(u16, String),
    /// With a redirect.
    Elsewhere(String),
}

/// A running issuer. Ends when dropped.
pub struct Issuer {
    address: SocketAddr,
    state: Arc<State>,
}

struct State {
    keys: Mutex<Value>,
    manner: Mutex<Manner>,
    /// What the discovery document says in place of the truth.
    discovery: Mutex<Option<Value>>,
    fetches: AtomicUsize,
    ended: AtomicBool,
}

impl Issuer {
    /// Publishes the keys of these signers.
    pub fn start(signers: &[&Signer]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(State {
            keys: Mutex::new(Value::Null),
            manner: Mutex::new(Manner::Well),
            discovery: Mutex::new(None),
            fetches: AtomicUsize::new(0),
            ended: AtomicBool::new(false),
        });
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if shared.ended.load(Ordering::Acquire) {
                    return;
                }
                let shared = Arc::clone(&shared);
                std::thread::spawn(move || drop(shared.answer(stream, address)));
            }
        });
        let issuer = Self { address, state };
        issuer.publish(signers);
        issuer
    }

    /// From now on these are the keys.
    pub fn publish(&self, signers: &[&Signer]) {
        let keys: Vec<Value> = signers.iter().map(|signer| signer.jwk()).collect();
        *self.state.keys.lock().unwrap() = json!({"keys": keys});
    }

    /// From now on it answers so when it is asked for keys.
    pub fn answer(&self, manner: Manner) {
        *self.state.manner.lock().unwrap() = manner;
    }

    /// From now on this is the discovery document.
    pub fn discover(&self, document: Value) {
        *self.state.discovery.lock().unwrap() = Some(document);
    }

    /// How often it was asked for its keys.
    pub fn fetches(&self) -> usize {
        self.state.fetches.load(Ordering::Acquire)
    }

    /// Its name, as tokens have it.
    pub fn name(&self) -> String {
        name(self.address)
    }

    pub fn jwks_url(&self) -> String {
        format!("http://{}/jwks", self.address)
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The configuration of a server that believes this issuer.
    pub fn auth(&self) -> Auth {
        Auth {
            mode: Some(AuthMode::Required),
            issuer: Some(self.name()),
            audience: vec![AUDIENCE.to_owned()],
            jwks_url: Some(self.jwks_url()),
            ..Auth::default()
        }
    }

    /// Claims that are fine, of somebody in these groups.
    pub fn claims(&self, groups: &[&str]) -> Value {
        json!({"iss": self.name(), "aud": AUDIENCE, "sub": "ana-7", "name": "Ana", "groups": groups, "iat": now(), "exp": now() + 600})
    }
}

impl Drop for Issuer {
    fn drop(&mut self) {
        self.state.ended.store(true, Ordering::Release);
        // Wakes the thread that waits for connections.
        drop(TcpStream::connect(self.address));
    }
}

fn name(address: SocketAddr) -> String {
    format!("http://{address}/application/o/ocotillo/")
}

impl State {
    fn answer(&self, stream: TcpStream, address: SocketAddr) -> std::io::Result<()> {
        let mut lines = BufReader::new(stream.try_clone()?).lines();
        let first = lines.next().transpose()?.unwrap_or_default();
        while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
        let mut stream = stream;
        let mut send = |status: u16, more: &str, body: &str| {
            write!(
                stream,
                "HTTP/1.1 {status} x\r\ncontent-length: {}\r\nconnection: close\r\n{more}\r\n{body}",
                body.len()
            )
        };
        if first.contains("/application/o/ocotillo/.well-known/openid-configuration") {
            let truth = json!({"issuer": name(address), "jwks_uri": format!("http://{address}/jwks")});
            return send(200, "", &self.discovery.lock().unwrap().clone().unwrap_or(truth).to_string());
        }
        if !first.starts_with("GET /jwks ") {
            return send(404, "", "");
        }
        self.fetches.fetch_add(1, Ordering::AcqRel);
        let keys = self.keys.lock().unwrap().to_string();
        let manner = self.manner.lock().unwrap().clone();
        match manner {
            Manner::Well => send(200, "", &keys),
            Manner::Late(pause) => {
                std::thread::sleep(pause);
                send(200, "", &keys)
            }
            Manner::Never => Ok(()),
            Manner::Drip => {
                write!(stream, "HTTP/1.1 200 x\r\ncontent-length: {}\r\n\r\n", keys.len())?;
                for byte in keys.bytes() {
                    stream.write_all(&[byte])?;
                    std::thread::sleep(Duration::from_millis(100));
                }
                Ok(())
            }
            Manner::Endless => {
                write!(stream, "HTTP/1.1 200 x\r\nconnection: close\r\n\r\n{{\"keys\": [")?;
                let some = format!("{}, ", json!({"kty": "x", "kid": "k".repeat(5000)}));
                loop {
                    stream.write_all(some.as_bytes())?;
                }
            }
            Manner::As(status, body) => send(status, "", &body),
            Manner::Elsewhere(place) => send(302, &format!("location: {place}\r\n"), ""),
        }
    }
}
