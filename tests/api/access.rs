//! Who may call what: 401 and 403 come before anything else of a request is looked at.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use ocotillo::api::{Access, Routes};
use ocotillo::auth::Role;

use crate::openapi::{fill, operations};
use crate::support::principals::{self, BANNED, ByName, EVERYTHING, HOLDERS};
use crate::support::*;

/// Routes that ask nobody who he is. One more needs a reason.
const ANONYMOUS: [&str; 9] = [
    "/",
    "/_ah/warmup",
    "/docs",
    "/docs/{_:.*}",
    "/health",
    "/metrics",
    "/openapi-auth.json",
    "/openapi.json",
    "/ready",
];

/// All routes of a server: path, method, access.
fn table() -> Vec<(String, String, Access)> {
    let table = ocotillo::api::routes(|_: &mut Routes| {}).table();
    table.all().map(|(path, method, access)| (path.to_owned(), method.to_string(), access)).collect()
}

/// The role that a route asks for, as the rules are written: observations have a family of their own, and so has writing the
/// vocabulary; in each, reading, changing, and creating or removing are three levels.
fn role(path: &str, method: &str) -> Role {
    let observations = path.starts_with("/observation");
    match method {
        "GET" if observations => Role::AmpViewer,
        // Before images tell everything, of rows that are gone too.
        "GET" if path.starts_with("/history") => Role::Admin,
        "GET" => Role::Viewer,
        _ if path.starts_with("/lexicon") => Role::LexiconEditor,
        // Whoever reviews a series may also remove it.
        "PATCH" if path.starts_with("/observation/transducer-groundwater-level") => Role::AmpAdmin,
        "PATCH" if observations => Role::AmpEditor,
        "PATCH" => Role::Editor,
        _ if observations => Role::AmpAdmin,
        _ => Role::Admin,
    }
}

/// The holders who may do what a role may.
fn may(role: Role) -> &'static [&'static str] {
    match role {
        Role::Viewer => &["viewer", "editor", "admin"],
        Role::Editor => &["editor", "admin"],
        Role::Admin => &["admin"],
        Role::AmpViewer => &["amp viewer", "amp editor", "amp admin"],
        Role::AmpEditor => &["amp editor", "amp admin"],
        Role::AmpAdmin => &["amp admin"],
        Role::LexiconEditor => &["lexicon editor"],
        Role::OgcInternal => &["ogc internal"],
    }
}

#[test]
fn the_routes_without_a_role_are_these() {
    let open: BTreeSet<String> =
        table().into_iter().filter(|(.., access)| *access == Access::Anonymous).map(|(path, ..)| path).collect();
    assert_eq!(open, ANONYMOUS.map(str::to_owned).into());
    for (path, method, access) in table() {
        if !ANONYMOUS.contains(&path.as_str()) {
            assert_eq!(access, Access::Role(role(&path, &method)), "{method} {path}");
        }
    }
}

#[test]
fn the_document_and_the_table_know_the_same_routes() {
    let document = serde_json::from_str(&ocotillo::api::openapi_json().unwrap()).unwrap();
    let documented: BTreeSet<(String, String)> =
        operations(&document).into_iter().map(|(method, path, _)| (path, method)).collect();
    let undocumented = ["/", "/docs", "/docs/{_:.*}", "/openapi-auth.json", "/openapi.json"];
    let all = table();
    let registered: BTreeSet<(String, String)> = all
        .iter()
        .filter(|(path, ..)| !undocumented.contains(&path.as_str()))
        .map(|(path, method, _)| (path.clone(), method.clone()))
        .collect();
    assert_eq!(registered, documented);
    assert_eq!(all.len(), documented.len() + undocumented.len(), "each once");
}

fn start(db: Database) -> App {
    db.start_asking(|config| config.server.body_limit = 2048, ByName)
}

/// Rows of all tables.
fn counts(db: &Database) -> BTreeMap<String, i64> {
    let count = |table: String| {
        let rows = db.number(&format!("SELECT count(*) FROM \"{table}\""));
        (table, rows)
    };
    db.tables_with("created_at").into_iter().map(count).collect()
}

#[track_caller]
fn unknown(reply: &Reply) {
    assert_eq!(reply.detail(401), "Not authenticated");
    assert_eq!((reply.header("www-authenticate"), reply.queries()), (Some("Bearer"), 0));
}

#[track_caller]
fn forbidden(reply: &Reply) {
    assert_eq!(reply.detail(403), "Not authorized");
    assert_eq!((reply.header("www-authenticate"), reply.queries()), (None, 0));
}

both! {
    fn every_route_asks_who_it_is_before_it_looks_at_the_request(db: Database) {
        let app = start(db);
        let before = counts(&app.db);
        let large = format!("{{\"name\": \"{}\"}}", "x".repeat(5000));
        for (path, method, _) in table().into_iter().filter(|(path, ..)| !ANONYMOUS.contains(&path.as_str())) {
            let may = may(role(&path, &method));
            // Wrong in every way: an id that is none, parameters that cannot be read, a body that is cut off or too large.
            let queries = "?size=none&page=0&filter=%7B&sort=colour&thing_id=x&start_time=soon&format=odd&replace_overlapping=x";
            for (id, query, body) in [("x", queries, "{\"name\": "), ("0", "", large.as_str()), ("0", queries, "")] {
                let concrete = format!("{}{query}", fill(&path, id));
                let send = |client: &Client| {
                    let body = if method == "GET" { "" } else { body };
                    client.send(&method, &concrete, Some("application/json"), body.as_bytes())
                };
                unknown(&send(&app.client));
                unknown(&send(&app.client.on_behalf_of("somebody")));
                forbidden(&send(&app.client.on_behalf_of(BANNED)));
                for (holder, _) in HOLDERS {
                    let reply = send(&app.client.on_behalf_of(holder));
                    if may.contains(&holder) {
                        assert!(![401, 403].contains(&reply.status) && reply.status < 500, "{method} {concrete} {holder}: {}", reply.text());
                    } else {
                        forbidden(&reply);
                    }
                }
            }
        }
        assert_eq!(counts(&app.db), before, "nothing is stored");
    }

    fn open_routes_ask_nobody(db: Database) {
        let app = start(db);
        for path in ["/health", "/ready", "/metrics", "/_ah/warmup", "/openapi.json", "/openapi-auth.json", "/docs/"] {
            for client in [app.client.clone(), app.client.on_behalf_of(BANNED)] {
                assert_eq!(client.get(path).status, 200, "{path}");
            }
        }
        assert_eq!(app.get("/docs").header("location"), Some("/docs/"));
    }

    fn a_refusal_does_not_wait_for_the_body(db: Database) {
        let app = start(db);
        // The head of a request alone: what it announces never comes.
        let answer = |principal: &str, announced: &str| {
            let mut stream = TcpStream::connect(app.address).unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
            write!(stream, "POST /location HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n{principal}{announced}\r\n\r\n").unwrap();
            let mut head = [0; 12];
            stream.read_exact(&mut head).unwrap();
            String::from_utf8_lossy(&head).into_owned()
        };
        for announced in ["content-length: 1000", "content-length: 1000000000", "transfer-encoding: chunked"] {
            assert_eq!(answer("", announced), "HTTP/1.1 401", "{announced}");
            assert_eq!(answer("authorization: Bearer viewer\r\n", announced), "HTTP/1.1 403", "{announced}");
        }
        assert_eq!(answer("authorization: Bearer admin\r\n", "content-length: 1000000000"), "HTTP/1.1 413");
        let large = json!({"point": "POINT (0 0)", "elevation": 0, "x": "x".repeat(5000)});
        forbidden(&app.client.on_behalf_of("viewer").post("/location", large.clone()));
        assert_eq!(app.client.on_behalf_of("admin").post("/location", large).status, 413);
        assert_eq!(app.db.number("SELECT count(*) FROM location"), 0);
    }

    fn other_spellings_of_a_path_open_nothing(db: Database) {
        let app = start(db);
        let (viewer, admin, everything) =
            (app.client.on_behalf_of("viewer"), app.client.on_behalf_of("admin"), app.client.on_behalf_of(EVERYTHING));
        let body = json!({"point": "POINT (0 0)", "elevation": 0});
        // The router reads these as `/location`.
        for (stored, path) in ["/location", "/%6Cocation", "/locatio%6e", "/%6c%6f%63%61%74%69%6f%6e"].iter().enumerate() {
            unknown(&app.get(path));
            unknown(&app.post(path, body.clone()));
            forbidden(&viewer.post(path, body.clone()));
            forbidden(&app.client.on_behalf_of("amp admin").get(path));
            assert_eq!(app.db.number("SELECT count(*) FROM location"), i64::try_from(stored).unwrap(), "{path}");
            admin.create(path, body.clone());
            viewer.get(path).expect(200);
        }
        let id = app.db.number("SELECT max(id) FROM location");
        let digits: String = id.to_string().bytes().map(|digit| format!("%{digit:02x}")).collect();
        for path in [format!("/location/{digits}"), format!("/%6cocation/{id}?page=0")] {
            unknown(&app.get(&path));
            unknown(&app.delete(&path));
            forbidden(&viewer.delete(&path));
            forbidden(&app.client.on_behalf_of("editor").delete(&path));
            viewer.get(&path).expect(200);
        }
        // And these as nothing, whoever asks.
        for path in ["//location", "/location/", "/./location", "/health/../location", "/LOCATION", "/location;x", "/location%2F", "/location%2f1",
            "/location%00", "/location%20", "/%2flocation", "/thing%2Fwater-well", "/docs/../location", "/location%253F", "/health%2f..%2flocation"] {
            for (method, with) in [("GET", ""), ("POST", "{\"point\": \"POINT (0 0)\", \"elevation\": 0}"), ("DELETE", "")] {
                let plainly = |client: &Client| {
                    let reply = client.send(method, path, Some("application/json"), with.as_bytes());
                    (reply.status, reply.text(), reply.queries())
                };
                let (status, text, queries) = plainly(&app.client);
                // (What is below /docs is the documentation's own.)
                assert!([401, 404, 405, 307].contains(&status) && queries == 0, "{method} {path}: {status} {text}");
                if status != 401 {
                    assert_eq!(plainly(&everything), (status, text, 0), "{method} {path}: it depends on who asks");
                }
            }
        }
        assert_eq!(app.db.number("SELECT count(*) FROM location"), 4);
    }

    fn other_methods_open_nothing(db: Database) {
        let app = start(db);
        let before = counts(&app.db);
        for path in ["/location", "/location/1", "/thing/water-well", "/group/1/things/1", "/observation", "/lexicon/term/1", "/parameter/1"] {
            for method in ["TRACE", "PUT", "get", "post", "delete", "BREW", "PROPFIND"] {
                for client in [app.client.clone(), app.client.on_behalf_of(BANNED), app.client.on_behalf_of(EVERYTHING)] {
                    let reply = client.send(method, path, Some("application/json"), b"");
                    assert_eq!((reply.status, reply.queries()), (405, 0), "{method} {path}: {}", reply.text());
                }
            }
            for client in [app.client.clone(), app.client.on_behalf_of(BANNED), app.client.on_behalf_of("viewer"), app.client.on_behalf_of(EVERYTHING)] {
                let (head, get) = (client.send("HEAD", path, None, b""), client.get(path));
                assert_eq!((head.status, head.body.len()), (get.status, 0), "{path}");
                let options = client.send("OPTIONS", path, None, b"");
                assert_eq!((options.status, options.queries()), (204, 0), "{path}");
            }
        }
        assert_eq!(counts(&app.db), before);
    }

    fn who_wrote_a_row_is_recorded(db: Database) {
        let app = start(db);
        let admin = app.client.on_behalf_of("admin");
        let location = admin.create("/location", json!({"point": "POINT (0 0)", "elevation": 0, "notes": [{"note_type": "Access", "content": "c"}]}))["id"].clone();
        let group = admin.create("/group", json!({"name": "g"}))["id"].clone();
        let well = admin.create("/thing/water-well", json!({"name": "w", "location_id": location, "group_id": group, "well_depth": 5,
            "well_depth_source": "Other", "is_open": true, "well_purposes": ["Domestic"], "well_casing_materials": ["PVC"],
            "measuring_point_height": 1, "notes": [{"note_type": "Access", "content": "c"}],
            "alternate_ids": [{"relation": "same_as", "alternate_id": "a", "alternate_organization": "USGS"}],
            "monitoring_frequencies": [{"monitoring_frequency": "Annual", "start_date": "2020-01-01"}]}))["id"].clone();
        let tables = ["location", "notes", "group", "thing", "location_thing_association", "group_thing_association", "thing_id_link",
            "well_purpose", "well_casing_material", "measuring_point_history", "monitoring_frequency_history", "status_history", "data_provenance"];
        let id = principals::id("admin");
        for table in tables {
            let of_admin = format!("SELECT count(*) FROM \"{table}\" WHERE created_by_id = '{id}' AND created_by_name = 'admin'");
            let all = app.db.number(&format!("SELECT count(*) FROM \"{table}\""));
            assert_eq!((app.db.number(&of_admin), all > 0), (all, true), "{table}");
        }
        let editor = app.client.on_behalf_of("editor");
        editor.patch(&format!("/thing/water-well/{well}"), json!({"well_depth": 6})).expect(200);
        let audit = "SELECT created_by_name || ', ' || created_by_id || ', ' || updated_by_name || ', ' || updated_by_id AS value FROM thing";
        assert_eq!(app.db.texts(audit), ["admin, id of admin, editor, id of editor"]);
        assert_eq!(editor.items(&format!("/thing?{}", filter("updated_by_name", "eq", json!("editor"))), "name"), ["w"]);
    }
}
