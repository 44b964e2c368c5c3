//! A client that takes its time, and what can be seen of the server meanwhile.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use super::App;

/// A client that asks and then stops reading.
pub struct SlowClient {
    stream: TcpStream,
    seen: Vec<u8>,
}

impl SlowClient {
    /// Asks, and reads the first 1000 bytes of the answer.
    pub fn begin(app: &App, path: &str) -> Self {
        let mut stream = TcpStream::connect(app.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
        let mut seen = vec![0; 1000];
        stream.read_exact(&mut seen).unwrap();
        Self { stream, seen }
    }

    /// Reads on to the end of the connection, however it ends: the body, and whether it had a proper end.
    pub fn finish(mut self) -> (String, bool) {
        let _ = self.stream.read_to_end(&mut self.seen);
        let head = self.seen.windows(4).position(|window| window == b"\r\n\r\n").unwrap() + 4;
        let mut rest = &self.seen[head..];
        let mut body = Vec::new();
        while let Some(line) = rest.windows(2).position(|window| window == b"\r\n") {
            let length = usize::from_str_radix(std::str::from_utf8(&rest[..line]).unwrap(), 16).unwrap();
            if length == 0 || rest.len() < line + 2 + length + 2 {
                return (String::from_utf8_lossy(&body).into_owned(), length == 0);
            }
            body.extend_from_slice(&rest[line + 2..line + 2 + length]);
            rest = &rest[line + 2 + length + 2..];
        }
        (String::from_utf8_lossy(&body).into_owned(), false)
    }
}

/// One number of `/metrics`; 0 when it is not there yet.
pub fn metric(app: &App, name: &str) -> u64 {
    let metrics = app.get("/metrics").text();
    metrics.lines().find_map(|line| line.strip_prefix(name)).map_or(0, |value| value.parse().unwrap())
}

/// Jobs of an operation that ran so far.
pub fn jobs(app: &App, operation: &str) -> u64 {
    metric(app, &format!(r#"ocotillo_job_seconds_count{{operation="{operation}",stage="query"}} "#))
}

#[track_caller]
pub fn wait_until(what: &str, reached: impl Fn() -> bool) {
    for _ in 0..2000 {
        if reached() {
            return;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!("{what}");
}

/// Permits in use and requests waiting, in all lanes.
pub fn permits_in_use(app: &App) -> usize {
    app.state.executor.lanes().iter().map(|lane| lane.in_use + lane.waiting).sum()
}

/// Waits until nothing is in use and nobody has asked for another piece for a while. Returns the jobs that ran so far.
#[track_caller]
pub fn jobs_until_quiet(app: &App, operation: &str) -> u64 {
    for _ in 0..100 {
        let asked = jobs(app, operation);
        std::thread::sleep(Duration::from_millis(100));
        if permits_in_use(app) == 0 && jobs(app, operation) == asked {
            return asked;
        }
    }
    panic!("{operation}: pieces are asked for though nobody reads");
}
