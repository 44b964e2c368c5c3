//! What goes for every request, whatever it asks for: how answers travel, connections, other sites, methods, headers.

mod coding;
mod connections;
mod cross_site;
mod related;
mod tls;

use std::collections::HashMap;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use crate::support::*;

/// A connection of its own.
pub fn connect(app: &App) -> TcpStream {
    let stream = TcpStream::connect(app.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream
}

/// Status, headers and body of what comes until the connection ends; empty when nothing comes.
pub fn until_the_end(stream: &mut TcpStream) -> (u16, HashMap<String, String>, String) {
    let mut all = Vec::new();
    // A connection that is ended by force may end with an error.
    let _ = stream.read_to_end(&mut all);
    let text = String::from_utf8_lossy(&all).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).map_or(0, |status| status.parse().unwrap());
    let headers = lines.filter_map(|line| line.split_once(": "));
    let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
    (status, headers, body.to_owned())
}

/// Sends lines as the head of a request without a body, and reads the answer.
pub fn exchange(app: &App, lines: &[&str]) -> (u16, HashMap<String, String>, String) {
    let mut stream = connect(app);
    write!(stream, "{}\r\nconnection: close\r\n\r\n", lines.join("\r\n")).unwrap();
    until_the_end(&mut stream)
}
