//! Who may call what: 401 and 403 come before anything else of a request is looked at.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use ocotillo::api::{Access, Routes};
use ocotillo::auth::Role;
use ocotillo::config::Roles;

use crate::openapi::{fill, operations};
use crate::support::issuer::Issuer;
use crate::support::principals::HOLDERS;
use crate::support::tokens::Signer;
use crate::support::*;

/// Routes that ask nobody who he is. One more needs a reason.
const ANONYMOUS: &[&str] = &[
    "/",
    "/_ah/warmup",
    // The URL is signed.
    "/asset/{asset_id}/content",
    "/disclaimer",
    "/docs",
    "/docs-auth",
    "/docs-auth/oauth2-redirect",
    "/docs-auth/swagger-initializer.js",
    "/docs-auth/{_:.*}",
    "/docs/{_:.*}",
    "/health",
    "/metrics",
    // The federal harvester polls these.
    "/ngwmn/lithology/{pointid}",
    "/ngwmn/waterlevels/{pointid}",
    "/ngwmn/wellconstruction/{pointid}",
    "/openapi-auth.json",
    "/openapi.json",
    "/ready",
    "/redoc",
];

/// All routes of a server: path, method, access.
fn table() -> Vec<(String, String, Access)> {
    let table = ocotillo::api::routes(|_: &mut Routes| {}).table();
    table.all().map(|(path, method, access)| (path.to_owned(), method.to_string(), access)).collect()
}

/// The table of who may call what, as it is agreed: path and method with the role.
fn agreed() -> BTreeMap<(String, String), Access> {
    let mut rows = BTreeMap::new();
    for line in include_str!("../fixtures/roles.txt").lines().filter(|line| !line.starts_with('#')) {
        let [method, path, role] = line.split_whitespace().collect::<Vec<_>>()[..] else { panic!("{line}") };
        let access = match role {
            "anonymous" => Access::Anonymous,
            role => Access::Role(held(&role.replace('_', " "))),
        };
        assert!(rows.insert((path.to_owned(), method.to_owned()), access).is_none(), "twice: {line}");
    }
    rows
}

fn held(holder: &str) -> Role {
    HOLDERS.iter().find(|(name, _)| *name == holder).unwrap_or_else(|| panic!("no role: {holder}")).1
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
fn routes_and_roles_are_as_agreed() {
    let agreed = agreed();
    let served: BTreeMap<(String, String), Access> =
        table().into_iter().map(|(path, method, access)| ((path, method), access)).collect();
    for (route, access) in &served {
        assert_eq!(agreed.get(route), Some(access), "{route:?}: tests/fixtures/roles.txt and the registration differ");
    }
    for route in agreed.keys() {
        assert!(served.contains_key(route), "{route:?} is in tests/fixtures/roles.txt and not served");
    }
    let open = agreed.iter().filter(|(_, access)| **access == Access::Anonymous).map(|((path, _), _)| path.clone());
    assert_eq!(open.collect::<BTreeSet<_>>(), ANONYMOUS.iter().map(|path| (*path).to_owned()).collect());
}

#[test]
fn the_document_and_the_table_know_the_same_routes() {
    let document = serde_json::from_str(&ocotillo::api::openapi_json().unwrap()).unwrap();
    let documented: BTreeSet<(String, String)> =
        operations(&document).into_iter().map(|(method, path, _)| (path, method)).collect();
    let pages =
        ["/", "/asset/{asset_id}/content", "/docs", "/docs/{_:.*}", "/redoc", "/openapi-auth.json", "/openapi.json"];
    let undocumented: Vec<&str> =
        pages.into_iter().chain(ANONYMOUS.iter().copied().filter(|path| path.starts_with("/docs-auth"))).collect();
    let all = table();
    let registered: BTreeSet<(String, String)> = all
        .iter()
        .filter(|(path, ..)| !undocumented.contains(&path.as_str()))
        .map(|(path, method, _)| (path.clone(), method.clone()))
        .collect();
    assert_eq!(registered, documented);
    assert_eq!(all.len(), documented.len() + undocumented.len(), "each once");
}

/// A server with an issuer that gives out tokens of each role. The names of the groups are the earlier revision's, so that each
/// gives one role.
struct Asked {
    app: App,
    issuer: Issuer,
    signer: Signer,
}

impl std::ops::Deref for Asked {
    type Target = App;
    fn deref(&self) -> &App {
        &self.app
    }
}

impl Asked {
    /// A client with a token of somebody who holds one role.
    fn holder(&self, holder: &str) -> Client {
        self.person(holder, &[holder])
    }

    /// A client with a token of somebody who holds every role.
    fn everything(&self) -> Client {
        self.person("everything", &HOLDERS.map(|(holder, _)| holder))
    }

    /// A client with a token of somebody without any role.
    fn without_role(&self) -> Client {
        self.person("nobody", &["Nobody"])
    }

    fn person(&self, name: &str, groups: &[&str]) -> Client {
        let mut claims = self.issuer.claims(groups);
        (claims["sub"], claims["name"]) = (json!(format!("id of {name}")), json!(name));
        self.client.showing(&self.signer.token(&claims))
    }
}

fn start(db: Database) -> Asked {
    let signer = Signer::ec("e-1");
    let issuer = Issuer::start(&[&signer]);
    let mut auth = issuer.auth();
    let [viewer, editor, admin, amp_viewer, amp_editor, amp_admin, lexicon_editor, ogc_internal] =
        HOLDERS.map(|(holder, _)| vec![holder.to_owned()]);
    auth.roles = Roles { viewer, editor, admin, amp_viewer, amp_editor, amp_admin, lexicon_editor, ogc_internal };
    let app = db.start_with(
        |config| {
            config.auth = auth;
            config.server.body_limit = 2048;
        },
        |_| {},
    );
    Asked { app, issuer, signer }
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
    let bearer = reply.header("www-authenticate").unwrap();
    let ways = ["Bearer", "Bearer error=\"invalid_token\"", "Basic realm=\"Ocotillo\", charset=\"UTF-8\""];
    assert!(ways.contains(&bearer), "{bearer}");
    assert_eq!(reply.queries(), 0);
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
        let holders = HOLDERS.map(|(holder, _)| (holder, app.holder(holder)));
        let (stranger, nobody) = (app.client.showing("somebody"), app.without_role());
        for ((path, method), access) in agreed() {
            let Access::Role(role) = access else { continue };
            // Wrong in every way: an id that is none, parameters that cannot be read, a body that is cut off or too large.
            let queries = "?size=none&page=0&filter=%7B&sort=colour&thing_id=x&start_time=soon&format=odd&replace_overlapping=x";
            for (id, query, body) in [("x", queries, "{\"name\": "), ("0", "", large.as_str()), ("0", queries, "")] {
                let concrete = format!("{}{query}", fill(&path, id));
                let send = |client: &Client| {
                    let body = if method == "GET" { "" } else { body };
                    client.send(&method, &concrete, Some("application/json"), body.as_bytes())
                };
                unknown(&send(&app.client));
                unknown(&send(&stranger));
                forbidden(&send(&nobody));
                for (holder, client) in &holders {
                    let reply = send(client);
                    if may(role).contains(holder) {
                        assert!(![401, 403].contains(&reply.status) && reply.status < 500, "{method} {concrete} {holder}: {}", reply.text());
                    } else {
                        forbidden(&reply);
                    }
                }
            }
            if method == "GET" {
                for (client, who) in holders.iter().map(|(holder, client)| (client, *holder)).chain([(&app.client, ""), (&stranger, ""), (&nobody, "")]) {
                    let path = fill(&path, "0");
                    let (head, get) = (client.send("HEAD", &path, None, b""), client.get(&path));
                    assert_eq!((head.status, head.body.len(), head.queries()), (get.status, 0, get.queries()), "HEAD {path} {who}");
                    assert_eq!(head.status != 401 && head.status != 403, may(role).contains(&who), "HEAD {path} {who}");
                }
            }
        }
        assert_eq!(counts(&app.db), before, "nothing is stored");
    }

    fn odd_spellings_open_no_operation(db: Database) {
        let app = start(db);
        let before = counts(&app.db);
        let (nobody, everything) = (app.without_role(), app.everything());
        for ((path, method), access) in agreed() {
            let Access::Role(role) = access else { continue };
            let wrong = HOLDERS.iter().find(|(holder, _)| !may(role).contains(holder)).unwrap().0;
            let wrong = app.holder(wrong);
            let path = fill(&path, "1");
            let (first, rest) = path[1..].split_at(1);
            let (head, tail) = path.rsplit_once('/').unwrap();
            let slash = if head.is_empty() { "/" } else { "" };
            for odd in [
                format!("/%{:02x}{rest}", first.as_bytes()[0]),
                format!("/%{:02X}{rest}?page=0", first.as_bytes()[0]),
                path.to_uppercase(),
                format!("/{path}"),
                format!("{path}/"),
                format!("{path}//"),
                format!("{path};x"),
                format!("{path};x=/health"),
                format!("{path}%00"),
                format!("{path}%2f"),
                format!("{path}."),
                format!("{path}%20"),
                format!("/.{path}"),
                format!("/health/..{path}"),
                format!("/docs/..{path}"),
                format!("{slash}{head}%2F{tail}"),
                format!("{head}//{tail}"),
                format!("{path}?x=/health"),
                format!("{path}%3Fx"),
                format!("{path}/../../health"),
            ] {
                let send = |client: &Client| {
                    let body = if method == "GET" { b"" as &[u8] } else { b"{" };
                    let reply = client.send(&method, &odd, Some("application/json"), body);
                    (reply.status, reply.text(), reply.queries())
                };
                let (unknown, stranger, wrong) = (send(&app.client), send(&nobody), send(&wrong));
                // Either it is this operation (or another one), with its role, or it is nothing, whoever asks.
                match unknown.0 {
                    401 => assert_eq!((stranger.0, stranger.2), (403, 0), "{method} {odd}"),
                    // What is below /docs is the documentation's own.
                    307 | 404 | 405 => assert_eq!((&unknown, &unknown), (&stranger, &wrong), "{method} {odd}"),
                    other => panic!("{method} {odd}: {other}"),
                }
                assert!(unknown.2 == 0 && (unknown.0 != 401 || wrong.0 != 200), "{method} {odd}: {wrong:?}");
                if unknown.0 != 401 {
                    assert_eq!(send(&everything), unknown, "{method} {odd}: it depends on who asks");
                }
            }
        }
        assert_eq!(counts(&app.db), before, "nothing is stored");
    }

    fn open_routes_ask_nobody(db: Database) {
        let app = start(db);
        for path in ["/health", "/ready", "/metrics", "/_ah/warmup", "/openapi.json", "/openapi-auth.json", "/docs/"] {
            for client in [app.client.clone(), app.client.showing("somebody"), app.without_role()] {
                assert_eq!(client.get(path).status, 200, "{path}");
            }
        }
        assert_eq!(app.get("/docs").header("location"), Some("/docs/"));
    }

    fn a_refusal_does_not_wait_for_the_body(db: Database) {
        let app = start(db);
        let header = |holder: &str| format!("authorization: Bearer {}\r\n", app.signer.token(&app.issuer.claims(&[holder])));
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
            assert_eq!(answer(&header("viewer"), announced), "HTTP/1.1 403", "{announced}");
        }
        assert_eq!(answer(&header("admin"), "content-length: 1000000000"), "HTTP/1.1 413");
        let large = json!({"point": "POINT (0 0)", "elevation": 0, "x": "x".repeat(5000)});
        forbidden(&app.holder("viewer").post("/location", large.clone()));
        assert_eq!(app.holder("admin").post("/location", large).status, 413);
        assert_eq!(app.db.number("SELECT count(*) FROM location"), 0);
    }

    fn other_spellings_of_a_path_open_nothing(db: Database) {
        let app = start(db);
        let (viewer, admin, everything) =
            (app.holder("viewer"), app.holder("admin"), app.everything());
        let body = json!({"point": "POINT (0 0)", "elevation": 0});
        // The router reads these as `/location`.
        for (stored, path) in ["/location", "/%6Cocation", "/locatio%6e", "/%6c%6f%63%61%74%69%6f%6e"].iter().enumerate() {
            unknown(&app.get(path));
            unknown(&app.post(path, body.clone()));
            forbidden(&viewer.post(path, body.clone()));
            forbidden(&app.holder("amp admin").get(path));
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
            forbidden(&app.holder("editor").delete(&path));
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
                for client in [app.client.clone(), app.without_role(), app.everything()] {
                    let reply = client.send(method, path, Some("application/json"), b"");
                    assert_eq!((reply.status, reply.queries()), (405, 0), "{method} {path}: {}", reply.text());
                }
            }
            for client in [app.client.clone(), app.without_role(), app.holder("viewer"), app.everything()] {
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
        let admin = app.holder("admin");
        let location = admin.create("/location", json!({"point": "POINT (0 0)", "elevation": 0, "notes": [{"note_type": "Access", "content": "c"}]}))["id"].clone();
        let group = admin.create("/group", json!({"name": "g"}))["id"].clone();
        let well = admin.create("/thing/water-well", json!({"name": "w", "location_id": location, "group_id": group, "well_depth": 5,
            "well_depth_source": "Other", "is_open": true, "well_purposes": ["Domestic"], "well_casing_materials": ["PVC"],
            "measuring_point_height": 1, "notes": [{"note_type": "Access", "content": "c"}],
            "alternate_ids": [{"relation": "same_as", "alternate_id": "a", "alternate_organization": "USGS"}],
            "monitoring_frequencies": [{"monitoring_frequency": "Annual", "start_date": "2020-01-01"}]}))["id"].clone();
        let tables = ["location", "notes", "group", "thing", "location_thing_association", "group_thing_association", "thing_id_link",
            "well_purpose", "well_casing_material", "measuring_point_history", "monitoring_frequency_history", "status_history", "data_provenance"];
        let id = "id of admin";
        for table in tables {
            let of_admin = format!("SELECT count(*) FROM \"{table}\" WHERE created_by_id = '{id}' AND created_by_name = 'admin'");
            let all = app.db.number(&format!("SELECT count(*) FROM \"{table}\""));
            assert_eq!((app.db.number(&of_admin), all > 0), (all, true), "{table}");
        }
        let editor = app.holder("editor");
        editor.patch(&format!("/thing/water-well/{well}"), json!({"well_depth": 6})).expect(200);
        let audit = "SELECT created_by_name || ', ' || created_by_id || ', ' || updated_by_name || ', ' || updated_by_id AS value FROM thing";
        assert_eq!(app.db.texts(audit), ["admin, id of admin, editor, id of editor"]);
        assert_eq!(editor.items(&format!("/thing?{}", filter("updated_by_name", "eq", json!("editor"))), "name"), ["w"]);
    }
}
