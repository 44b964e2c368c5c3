//! A TCP proxy in front of PostgreSQL that can cut the link, as if the server were stopped and started again, or swallow
//! what it is given without closing anything, as a firewall does.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub struct Proxy {
    pub address: SocketAddr,
    state: Arc<State>,
}

struct State {
    open: AtomicBool,
    swallows: AtomicBool,
    ended: AtomicBool,
    links: Mutex<Vec<TcpStream>>,
}

impl Proxy {
    /// Listens on a free port and forwards to `upstream` (`host:port`).
    pub fn start(upstream: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        listener.set_nonblocking(true).unwrap();
        let state = Arc::new(State {
            open: AtomicBool::new(true),
            swallows: AtomicBool::new(false),
            ended: AtomicBool::new(false),
            links: Mutex::new(Vec::new()),
        });
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            while !shared.ended.load(Ordering::Acquire) {
                let Ok((client, _)) = listener.accept() else {
                    std::thread::sleep(Duration::from_millis(2));
                    continue;
                };
                if shared.open.load(Ordering::Acquire) {
                    link(&shared, client, &upstream);
                } else {
                    let _ = client.shutdown(Shutdown::Both);
                }
            }
        });
        Self { address, state }
    }

    /// The URL with this proxy in the server's place.
    pub fn url(&self, url: &str) -> String {
        let (head, tail) = url.split_once("//").unwrap();
        let (authority, path) = tail.split_once('/').unwrap();
        let user = authority.rsplit_once('@').map(|(user, _)| format!("{user}@")).unwrap_or_default();
        format!("{head}//{user}{}/{path}", self.address)
    }

    /// Closes every link, and every new one at once.
    pub fn cut(&self) {
        self.state.open.store(false, Ordering::Release);
        for stream in self.state.links.lock().unwrap().drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// Takes everything, old links and new ones, and forwards nothing; no socket is closed.
    pub fn swallow(&self) {
        self.state.swallows.store(true, Ordering::Release);
    }

    /// Lets connections through again.
    pub fn restore(&self) {
        self.state.swallows.store(false, Ordering::Release);
        self.state.open.store(true, Ordering::Release);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.state.ended.store(true, Ordering::Release);
        self.cut();
    }
}

/// `host:port` of a database URL.
pub fn upstream(url: &str) -> String {
    let authority = url.split_once("//").unwrap().1.split('/').next().unwrap();
    let host = authority.rsplit('@').next().unwrap();
    if host.contains(':') { host.to_owned() } else { format!("{host}:5432") }
}

fn link(state: &Arc<State>, client: TcpStream, upstream: &str) {
    client.set_nonblocking(false).unwrap();
    let server = TcpStream::connect(upstream).unwrap();
    let mut links = state.links.lock().unwrap();
    links.push(client.try_clone().unwrap());
    links.push(server.try_clone().unwrap());
    for (from, to) in [(client.try_clone().unwrap(), server.try_clone().unwrap()), (server, client)] {
        let state = Arc::clone(state);
        std::thread::spawn(move || copy(&state, from, to));
    }
}

fn copy(state: &State, mut from: TcpStream, mut to: TcpStream) {
    let mut buffer = [0; 16384];
    while let Ok(read) = from.read(&mut buffer) {
        while state.swallows.load(Ordering::Acquire) && !state.ended.load(Ordering::Acquire) {
            std::thread::sleep(Duration::from_millis(5));
        }
        if read == 0 || to.write_all(&buffer[..read]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
    let _ = from.shutdown(Shutdown::Both);
}
