//! Answers are packed as the client likes them, and hold the same.

use std::io::Read as _;

use crate::large_page::many;
use crate::support::*;

fn unpacked(reply: &Reply) -> Vec<u8> {
    let mut out = Vec::new();
    match reply.header("content-encoding") {
        None => out.extend_from_slice(&reply.body),
        Some("gzip") => {
            flate2::read::GzDecoder::new(&reply.body[..]).read_to_end(&mut out).unwrap();
        }
        Some("zstd") => out = zstd::decode_all(&reply.body[..]).unwrap(),
        Some(other) => panic!("{other}"),
    }
    out
}

fn taking(app: &App, accept_encoding: &str) -> Client {
    app.client.with_header("accept-encoding", accept_encoding)
}

both! {
    fn what_is_packed_holds_the_same(db: Database) {
        many(&db, 1100, "");
        let app = db.start();
        for path in ["/thing/water-well?size=30", "/thing/water-well?size=10000", "/thing?size=600&page=2", "/geospatial",
            "/lexicon/term?size=1000", "/openapi.json", "/docs/swagger-ui-bundle.js", "/docs/"] {
            let plain = app.get(path);
            assert_eq!((plain.status, plain.header("content-encoding")), (200, None), "{path}");
            for (sent, coding) in [("gzip", Some("gzip")), ("zstd", Some("zstd")), ("gzip, deflate, br, zstd", Some("zstd")),
                ("gzip;q=1, zstd;q=0.5", Some("gzip")), ("identity, gzip;q=0.5", None), ("br", None), ("gzip;q=0", None)] {
                let reply = taking(&app, sent).get(path);
                let coding = coding.filter(|_| plain.body.len() >= 1024);
                assert_eq!((reply.status, reply.header("content-encoding")), (200, coding), "{path} {sent}");
                assert!(reply.header("vary").unwrap().contains("accept-encoding"), "{path}");
                assert_eq!(reply.header("content-type"), plain.header("content-type"));
                assert_eq!(unpacked(&reply), plain.body, "{path} {sent}");
                if coding.is_some() {
                    assert!(reply.body.len() * 2 < plain.body.len(), "{path} {sent}: {} of {}", reply.body.len(), plain.body.len());
                }
            }
        }
        let metrics = taking(&app, "gzip").get("/metrics");
        assert_eq!(metrics.header("content-encoding"), Some("gzip"));
        assert!(String::from_utf8(unpacked(&metrics)).unwrap().contains("ocotillo_build_info"));
    }

    fn little_answers_stay_as_they_are(db: Database) {
        let app = db.start();
        let gzip = taking(&app, "gzip");
        for path in ["/health", "/location", "/location/1", "/nowhere"] {
            let reply = gzip.get(path);
            assert_eq!(reply.header("content-encoding"), None, "{path}");
            assert_eq!(reply.body, app.get(path).body);
        }
        // Unless that is what the client refuses.
        let only = taking(&app, "identity;q=0, gzip").get("/health");
        assert_eq!(only.header("content-encoding"), Some("gzip"));
        assert_eq!(unpacked(&only), app.get("/health").body);
        let nothing = taking(&app, "identity;q=0, br").get("/location");
        assert!(nothing.detail(406).as_str().unwrap().contains("gzip"), "{}", nothing.text());
        assert_eq!(nothing.queries(), 0);
    }

    fn large_errors_too(db: Database) {
        let app = db.start();
        let body = json!({"point": "POINT (0 0)", "elevation": 0, "notes": vec![json!({}); 30]});
        let plain = app.post("/location", body.clone());
        assert_eq!(plain.status, 422);
        assert!(plain.body.len() >= 1024, "{}", plain.body.len());
        for coding in ["gzip", "zstd"] {
            let reply = taking(&app, coding).post("/location", body.clone());
            assert_eq!((reply.status, reply.header("content-encoding")), (422, Some(coding)));
            assert_eq!(unpacked(&reply), plain.body);
        }
        // One that is not found by a job.
        let path = format!("/location/{}", "x".repeat(3000));
        let reply = taking(&app, "gzip").get(&path);
        assert_eq!((reply.status, reply.header("content-encoding")), (422, Some("gzip")));
        assert_eq!(unpacked(&reply), app.get(&path).body);
        // Found when a large page is begun.
        let path = format!("/thing?size=1000&sort={}", "x".repeat(3000));
        let (reply, plain) = (taking(&app, "gzip").get(&path), app.get(&path));
        let coding = (plain.body.len() >= 1024).then_some("gzip");
        assert_eq!((reply.status, reply.header("content-encoding")), (422, coding));
        assert_eq!(unpacked(&reply), plain.body);
    }

    fn an_archive_is_not_packed_again(db: Database) {
        many(&db, 100, "");
        let app = db.start();
        let reply = taking(&app, "gzip").get("/geospatial?format=shapefile");
        assert_eq!((reply.status, reply.header("content-encoding"), reply.header("vary")), (200, None, Some("origin")));
        assert!(reply.body.starts_with(b"PK"));
    }

    fn head_is_get_without_a_body(db: Database) {
        many(&db, 600, "");
        let app = db.start();
        for coding in ["gzip", "identity"] {
            let client = taking(&app, coding);
            for path in ["/thing/water-well?size=30", "/thing/water-well?size=600", "/location/99999", "/health", "/docs/", "/", "/geospatial",
                "/thing/1", "/nowhere", "/location?size=x"] {
                let (get, head) = (client.get(path), client.send("HEAD", path, None, b""));
                assert_eq!((head.status, head.body.len()), (get.status, 0), "{path}");
                for name in ["content-type", "content-encoding", "content-length", "transfer-encoding", "vary", "location", "link"] {
                    assert_eq!(head.header(name), get.header(name), "{name} of {path}, {coding}");
                }
            }
        }
        let metrics = app.get("/metrics").text();
        assert!(metrics.contains(r#"ocotillo_http_requests_total{method="HEAD",route="/health",status="200"} 2"#), "{metrics}");
        assert!(metrics.contains("ocotillo_http_long_answers 0"), "{metrics}");
    }
}
