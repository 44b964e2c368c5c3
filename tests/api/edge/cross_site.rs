//! Pages of other sites, and foreign names of the server, while nobody has to prove who he is.

use super::exchange;
use crate::support::*;

const BODY: &[u8] = b"{\"point\": \"POINT (0 0)\", \"elevation\": 0}";

fn stored(app: &App) -> i64 {
    app.db.number("SELECT count(*) FROM location")
}

both! {
    fn a_foreign_page_writes_nothing(db: Database) {
        let app = db.start_with(|config| config.server.allowed_origins = vec!["https://ui.example.org".to_owned()], |_| {});
        for (header, value) in [("origin", "https://evil.example"), ("origin", "null"), ("origin", "http://localhost.evil.example"),
            ("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site")] {
            let foreign = app.client.with_header(header, value);
            for (method, path) in [("POST", "/location"), ("PATCH", "/location/1"), ("DELETE", "/location/1"), ("POST", "/nowhere")] {
                let refused = foreign.send(method, path, Some("application/json"), BODY);
                assert!(refused.detail(403).as_str().unwrap().contains("allowed_origins"), "{method} {header}: {value}");
                assert_eq!((refused.queries(), refused.header("access-control-allow-origin")), (0, None));
            }
            let read = foreign.get("/location");
            assert_eq!((read.status, read.header("access-control-allow-origin")), (200, None), "{header}: {value}");
        }
        assert_eq!(stored(&app), 0);
        for origin in ["http://localhost:3000", "http://127.0.0.1:5173", "https://ui.example.org"] {
            let page = app.client.with_header("origin", origin);
            for reply in [page.send("POST", "/location", Some("application/json"), BODY), page.get("/location"), page.get("/nowhere")] {
                assert_eq!(reply.header("access-control-allow-origin"), Some(origin));
                assert!(reply.header("access-control-expose-headers").unwrap().contains("location"));
                assert!(reply.header("vary").unwrap().contains("origin"));
            }
        }
        assert_eq!(stored(&app), 3);
    }

    fn preflights_need_no_database(db: Database) {
        let app = db.start();
        let page = app.client.with_header("origin", "http://localhost:3000").with_header("access-control-request-method", "PATCH")
            .with_header("access-control-request-headers", "content-type, if-match");
        let granted = page.send("OPTIONS", "/location/1", None, b"");
        assert_eq!((granted.status, granted.queries(), granted.body.len()), (204, 0, 0));
        for (name, value) in [("access-control-allow-origin", "http://localhost:3000"), ("access-control-allow-headers", "content-type, if-match"),
            ("access-control-allow-methods", "DELETE, GET, HEAD, OPTIONS, PATCH"), ("access-control-max-age", "600"),
            ("allow", "DELETE, GET, HEAD, OPTIONS, PATCH")] {
            assert_eq!(granted.header(name), Some(value), "{name}");
        }
        assert_eq!(page.send("OPTIONS", "/nowhere", None, b"").status, 404);
        let foreign = app.client.with_header("origin", "https://evil.example").with_header("access-control-request-method", "GET");
        let refused = foreign.send("OPTIONS", "/location", None, b"");
        assert_eq!((refused.status, refused.header("access-control-allow-methods")), (403, None));
    }

    fn a_foreign_name_opens_nothing(db: Database) {
        let app = db.start_with(|config| config.server.allowed_hosts = vec!["data.example.org".to_owned()], |_| {});
        for host in ["evil.example", "evil.example:80", "localhost.evil.example", "0.0.0.0"] {
            for path in ["/location", "/health", "/"] {
                let (status, _, body) = exchange(&app, &[&format!("GET {path} HTTP/1.1"), &format!("host: {host}")]);
                assert!(status == 421 && body.contains("allowed_hosts"), "{host}: {status} {body}");
            }
        }
        for host in ["localhost", "data.example.org", "Data.Example.Org:443", "[::1]:8080", "127.0.0.1:1"] {
            assert_eq!(exchange(&app, &["GET /location HTTP/1.1", &format!("host: {host}")]).0, 200, "{host}");
        }
        assert_eq!(exchange(&app, &["GET http://evil.example/location HTTP/1.1", "host: evil.example"]).0, 421);
        // Two names, or none: refused by the framework or by us.
        for lines in [
            &["GET http://evil.example/location HTTP/1.1", "host: localhost"][..],
            &["GET /location HTTP/1.1", "host: localhost", "host: evil.example"],
            &["GET /location HTTP/1.1"],
        ] {
            let status = exchange(&app, lines).0;
            assert!([400, 421].contains(&status), "{lines:?}: {status}");
        }
        // A page of the server under its own name.
        let lines = ["POST /location HTTP/1.1", "host: data.example.org", "origin: https://data.example.org", "content-length: 0"];
        assert_eq!(exchange(&app, &lines).0, 422);
    }

    fn a_body_without_a_type_is_no_json(db: Database) {
        let app = db.start();
        let refused = |kind: Option<&str>| app.send("POST", "/location", kind, BODY).detail(422);
        let untyped = refused(None);
        assert_eq!(untyped, refused(Some("text/plain")));
        assert_eq!(untyped, refused(Some("application/x-www-form-urlencoded")));
        assert_eq!(untyped[0]["loc"], json!(["body"]), "{untyped}");
        assert_eq!(stored(&app), 0);
        for kind in ["application/json", "application/json; charset=utf-8", "application/merge-patch+json"] {
            app.send("POST", "/location", Some(kind), BODY).expect(201);
        }
    }
}

#[test]
fn what_cannot_be_allowed_is_refused_at_the_start() {
    let db = Database::sqlite();
    let refused = |change: fn(&mut ocotillo::config::Server)| db.refuses_to_start(|config| change(&mut config.server));
    assert!(refused(|server| server.allowed_origins = vec!["*".into()]).contains("server.allowed_origins"));
    assert!(
        refused(|server| server.allowed_origins = vec!["ui.example.org".into()]).contains("server.allowed_origins")
    );
    assert!(refused(|server| server.allowed_origins = vec!["https://a.b/c".into()]).contains("server.allowed_origins"));
    assert!(refused(|server| server.allowed_hosts = vec!["https://a.b".into()]).contains("server.allowed_hosts"));
    assert!(refused(|server| server.body_memory = 1024).contains("server.body_memory"));
    assert!(refused(|server| server.long_answers = 0).contains("server.long_answers"));
}
