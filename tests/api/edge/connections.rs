//! Connections that make no progress are ended, and what they may hold is bounded.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::{connect, until_the_end};
use crate::large_page::many;
use crate::support::routes::{place, release, routes, wait_for};
use crate::support::slow::{SlowClient, metric, wait_until};
use crate::support::*;

/// The head of a POST that announces so many bytes.
fn announce(stream: &mut TcpStream, bytes: usize) {
    let head = "POST /location HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n";
    write!(stream, "{head}content-length: {bytes}\r\n\r\n").unwrap();
}

/// An answer that is in a connection already.
fn answer(stream: &mut TcpStream, last: &str) -> String {
    let mut seen = Vec::new();
    while !String::from_utf8_lossy(&seen).contains(last) {
        let mut part = [0; 4096];
        let count = stream.read(&mut part).unwrap();
        assert!(count > 0, "{}", String::from_utf8_lossy(&seen));
        seen.extend_from_slice(&part[..count]);
    }
    String::from_utf8_lossy(&seen).into_owned()
}

both! {
    fn a_body_that_stalls_is_ended(db: Database) {
        let app = db.start_with(|config| config.server.body_pause = Duration::from_millis(200), |_| {});
        let mut stream = connect(&app);
        announce(&mut stream, 1000);
        stream.write_all(b"{\"point\": ").unwrap();
        let began = Instant::now();
        let (status, headers, body) = until_the_end(&mut stream);
        assert_eq!((status, headers["connection"].as_str()), (408, "close"), "{body}");
        assert!(body.contains("too long") && began.elapsed() < Duration::from_secs(10));
        assert_eq!(metric(&app, "ocotillo_http_body_bytes "), 0);
    }

    fn a_body_that_trickles_is_ended_too(db: Database) {
        let app = db.start_with(|config| {
            config.server.body_pause = Duration::from_millis(400);
            config.server.body_timeout = Duration::from_millis(1200);
        }, |_| {});
        let mut stream = connect(&app);
        announce(&mut stream, 1000);
        let began = Instant::now();
        let mut trickle = stream.try_clone().unwrap();
        let trickling = std::thread::spawn(move || while trickle.write_all(b" ").is_ok() { std::thread::sleep(Duration::from_millis(50)); });
        let mut head = [0; 12];
        stream.read_exact(&mut head).unwrap();
        assert_eq!(&head, b"HTTP/1.1 408");
        let took = began.elapsed();
        assert!(took > Duration::from_millis(1000) && took < Duration::from_secs(10), "{took:?}");
        trickling.join().unwrap();
    }

    fn all_bodies_together_have_a_limit(db: Database) {
        let app = db.start_with(|config| {
            config.server.body_limit = 100_000;
            config.server.body_memory = 150_000;
        }, |_| {});
        let mut first = connect(&app);
        announce(&mut first, 100_000);
        first.write_all(&vec![b' '; 90_000]).unwrap();
        wait_until("the first body is held", || metric(&app, "ocotillo_http_body_bytes ") >= 90_000);
        assert!(metric(&app, "ocotillo_http_body_bytes ") <= 100_000);
        let mut second = connect(&app);
        announce(&mut second, 100_000);
        // It may be refused before all of it is sent.
        let _ = second.write_all(&vec![b' '; 90_000]);
        let mut refused = [0; 2048];
        let count = second.read(&mut refused).unwrap();
        let refused = String::from_utf8_lossy(&refused[..count]).into_owned();
        assert!(refused.starts_with("HTTP/1.1 503") && refused.contains("retry-after: 1") && refused.contains("bodies_full"), "{refused}");
        assert_eq!(metric(&app, "ocotillo_refused_total{reason=\"bodies_full\"} "), 1);
        // Small ones still fit, and so do large ones once the first is gone.
        app.create("/location", json!({"point": "POINT (0 0)", "elevation": 0}));
        drop(first);
        wait_until("the first body is gone", || metric(&app, "ocotillo_http_body_bytes ") == 0);
        app.create("/location", json!({"point": "POINT (0 0)", "elevation": 0, "ignored": " ".repeat(90_000)}));
    }

    fn bodies_that_wait_for_their_turn_count(db: Database) {
        let app = db.start_with(|config| {
            config.concurrency.pool_size = Some(1);
            config.server.body_limit = 100_000;
            config.server.body_memory = 150_000;
            config.concurrency.queue_timeout = Duration::from_secs(25);
        }, routes);
        let here = place();
        let send = |path: String, body: Value| {
            let client = app.client.clone();
            std::thread::spawn(move || client.post(&path, body).status)
        };
        let running = send(format!("/test/slow-write?name={here}"), json!({}));
        wait_for(&here, 1);
        let large = json!({"point": "POINT (0 0)", "elevation": 0, "ignored": " ".repeat(90_000)});
        let waiting = send("/location".to_owned(), large.clone());
        wait_until("it waits", || app.state.executor.lanes().iter().any(|lane| lane.waiting == 1));
        assert_eq!(app.post("/location", large).expect(503)["reason"], "bodies_full");
        release(&here);
        assert_eq!((running.join().unwrap(), waiting.join().unwrap()), (201, 201));
        wait_until("nothing is held", || metric(&app, "ocotillo_http_body_bytes ") == 0);
    }

    fn a_client_that_never_reads_is_ended(db: Database) {
        many(&db, 2000, &"-".repeat(8000));
        let app = db.start_with(|config| config.server.send_timeout = Duration::from_secs(1), |_| {});
        let slow = SlowClient::begin(&app, "/thing/water-well?size=10000");
        assert_eq!(metric(&app, "ocotillo_http_long_answers "), 1);
        let connections = metric(&app, "ocotillo_http_connections ");
        wait_until("the answer is given up", || {
            std::thread::sleep(Duration::from_millis(50));
            metric(&app, "ocotillo_http_long_answers ") == 0
        });
        assert!(metric(&app, "ocotillo_http_connections ") < connections);
        let (body, proper) = slow.finish();
        assert!(body.len() > 1000 && !proper);
    }

    fn a_slow_client_that_goes_on_reading_gets_everything(db: Database) {
        many(&db, 1000, &"-".repeat(8000));
        let app = db.start_with(|config| {
            config.server.send_timeout = Duration::from_secs(2);
            config.server.keep_alive = Duration::from_millis(500);
            config.server.head_timeout = Duration::from_secs(1);
        }, |_| {});
        let mut stream = connect(&app);
        write!(stream, "GET /thing/water-well?size=10000 HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").unwrap();
        let (mut all, mut part) = (Vec::new(), vec![0; 256 * 1024]);
        let began = Instant::now();
        while let Ok(count) = stream.read(&mut part) {
            if count == 0 { break; }
            all.extend_from_slice(&part[..count]);
            std::thread::sleep(Duration::from_millis(100));
        }
        assert!(began.elapsed() > Duration::from_secs(2), "{:?} is not slow", began.elapsed());
        assert!(all.ends_with(b"\r\n0\r\n\r\n"), "{} bytes", all.len());
    }

    fn a_slow_head_is_ended_on_every_request(db: Database) {
        let app = db.start_with(|config| {
            config.server.keep_alive = Duration::from_millis(700);
            config.server.head_timeout = Duration::from_millis(500);
        }, |_| {});
        for before in 0..3 {
            let mut stream = connect(&app);
            for _ in 0..before {
                stream.write_all(b"GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
                assert!(answer(&mut stream, "}").starts_with("HTTP/1.1 200"));
            }
            let began = Instant::now();
            let mut slowly = stream.try_clone().unwrap();
            let writing = std::thread::spawn(move || {
                let head = b"GET /health HTTP/1.1\r\nhost: localhost\r\nx-slow: ".iter().chain(std::iter::repeat(&b'x'));
                for byte in head.take(300) {
                    if slowly.write_all(&[*byte]).is_err() { return; }
                    std::thread::sleep(Duration::from_millis(50));
                }
            });
            let (status, ..) = until_the_end(&mut stream);
            assert!(status == 0 || status == 408, "{status}");
            assert!(began.elapsed() < Duration::from_secs(8), "{before} requests before: {:?}", began.elapsed());
            writing.join().unwrap();
        }
    }

    fn a_request_in_work_is_not_quiet(db: Database) {
        let app = db.start_with(|config| {
            config.server.keep_alive = Duration::from_millis(600);
            config.server.head_timeout = Duration::from_millis(600);
        }, routes);
        let here = place();
        let mut stream = connect(&app);
        write!(stream, "GET /test/slow?name={here} HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
        wait_for(&here, 1);
        std::thread::sleep(Duration::from_millis(1500));
        release(&here);
        assert!(answer(&mut stream, "done").starts_with("HTTP/1.1 200"));
    }

    fn long_answers_have_a_limit(db: Database) {
        many(&db, 2000, &"-".repeat(8000));
        let app = db.start_with(|config| config.server.long_answers = 1, |_| {});
        let slow = SlowClient::begin(&app, "/thing/water-well?size=10000");
        for path in ["/thing/water-well?size=10000", "/geospatial", "/geospatial?format=shapefile"] {
            let refused = app.get(path);
            assert_eq!((refused.expect(503)["reason"].as_str(), refused.header("retry-after")), (Some("answers_full"), Some("1")), "{path}");
        }
        app.get("/thing/water-well?size=500").expect(200);
        let (_, proper) = slow.finish();
        assert!(proper);
        wait_until("its place is free", || metric(&app, "ocotillo_http_long_answers ") == 0);
        assert_eq!(app.get("/thing/water-well?size=10000").status, 200);
    }
}
