//! What is shown has a tag that changes with everything that is shown; what the client has is not sent again.

use super::*;
use crate::large_page::many;
use crate::round_trips::{OTHERS, changes, last, release};
use crate::support::principals::{ByName, EVERYTHING, PUBLIC};

/// A change of something.
type Write = Box<dyn Fn(&Client)>;

fn is_tag(text: &str) -> bool {
    let opaque = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or_default();
    opaque.len() == 32 && opaque.bytes().all(|byte| byte.is_ascii_hexdigit())
}

both! {
    fn what_the_client_has_is_not_sent_again(db: Database) {
        let app = db.start();
        let (family, _) = plant_by(&app, &app.client);
        release(&app);
        let mut tagged = 0;
        for (path, concrete, operation) in readings(&app, &family) {
            let reply = app.get(&concrete);
            assert_eq!(reply.status, 200, "{concrete}: {}", reply.text());
            if operation["responses"]["304"].is_null() {
                // What is sent while it is read or made anew each time, and what is no JSON.
                let streamed = ["/geospatial", "/thing/{thing_id}/time-series", "/asset/{asset_id}"].contains(&path.as_str());
                let other = ["service", "NGWMN"].iter().any(|tag| operation["tags"][0] == *tag);
                assert!(streamed || other, "{path} does not declare 304");
                assert!(operation["tags"][0] == "NGWMN" || reply.header("etag").is_none(), "{path}");
                continue;
            }
            tagged += 1;
            let tag = reply.header("etag").unwrap_or_else(|| panic!("{path} has no tag")).to_owned();
            assert!(is_tag(&tag), "{path}: {tag}");
            assert_eq!(app.get(&concrete).header("etag"), Some(tag.as_str()), "{path}: nothing has changed");
            for named in [tag.clone(), format!("W/{tag}"), format!("\"a\" , {tag}"), "*".to_owned()] {
                for method in ["GET", "HEAD"] {
                    let known = app.client.with_header("if-none-match", &named).send(method, &concrete, None, b"");
                    assert_eq!((known.status, known.body.len()), (304, 0), "{method} {path} {named}");
                    assert_eq!(known.header("etag"), Some(tag.as_str()), "{path}");
                    assert_eq!(known.header("vary"), reply.header("vary"), "{path}");
                    assert!(known.header("vary").unwrap().contains("accept-encoding"), "{path}");
                    assert_eq!((known.header("content-type"), known.header("link")), (None, None), "{path}");
                }
            }
            // What cannot be read of it saves nothing.
            for named in ["\"a\"", &tag.replace('"', ""), &tag.to_uppercase().replace('"', "\"F"), "W/*", ""] {
                let full = app.client.with_header("if-none-match", named).get(&concrete);
                assert_eq!((full.status, &full.body), (200, &reply.body), "{path} {named}");
            }
            // Asked for on the condition that it is what the client knows.
            if_match(&app.client, &tag).get(&concrete).expect(200);
            if_match(&app.client, "*").get(&concrete).expect(200);
            for other in ["\"a\"", &format!("W/{tag}")] {
                let refused = if_match(&app.client, other).get(&concrete);
                assert_eq!(refused.detail(412), "What is asked for is not as If-Match says", "{path}");
                assert_eq!(refused.header("etag"), Some(tag.as_str()), "{path}");
            }
            let unreadable = if_match(&app.client, "a").get(&concrete).detail(400);
            assert_eq!(unreadable, "If-Match is neither * nor a list of ETags", "{path}");
        }
        assert!(tagged > 45, "{tagged}");
    }

    fn a_tag_names_the_coding(db: Database) {
        many(&db, 40, "");
        let app = db.start();
        let path = "/thing/water-well?size=30";
        let plain = tag(&app.client, path);
        let taking = |coding: &str| app.client.with_header("accept-encoding", coding);
        for coding in ["gzip", "zstd"] {
            let reply = taking(coding).get(path);
            assert_eq!(reply.header("content-encoding"), Some(coding));
            let packed = reply.header("etag").unwrap();
            assert_eq!(packed, format!("\"{}-{coding}\"", plain.replace('"', "")));
            let known = taking(coding).with_header("if-none-match", packed).get(path);
            assert_eq!((known.status, known.header("etag"), known.header("content-encoding")), (304, Some(packed), None));
            // Another client's bytes are no use.
            assert_eq!(taking(coding).with_header("if-none-match", &plain).get(path).status, 200);
            assert_eq!(app.client.with_header("if-none-match", packed).get(path).status, 200);
            if_match(&app.client, packed).get(path).expect(200);
        }
        // What is too short to be packed has the same tag for everybody.
        let short = "/lexicon/category?size=1";
        assert_eq!(tag(&taking("zstd"), short), tag(&app.client, short));
    }

    fn what_is_sent_in_pieces_has_none(db: Database) {
        many(&db, 600, "");
        let app = db.start();
        for path in ["/thing/water-well?size=501", "/geospatial", "/geospatial?format=shapefile"] {
            let reply = app.client.with_header("if-none-match", "*").get(path);
            assert_eq!((reply.status, reply.header("etag")), (200, None), "{path}");
        }
        tag(&app.client, "/thing/water-well?size=500");
        for path in ["/thing/water-well?size=0", "/thing/4711"] {
            let reply = app.client.with_header("if-none-match", "*").get(path);
            assert!(reply.status >= 400 && reply.header("etag").is_none(), "{path}");
        }
    }

    fn a_tag_changes_with_everything_that_is_shown(db: Database) {
        let app = db.start();
        let (family, _) = plant_by(&app, &app.client);
        let Family { location, group, well, sensor, deployment, visit, .. } = family;
        let at = |path: &str, id: i64| format!("{path}/{id}");
        let (shown, full) = (at("/thing/water-well", well), format!("/thing/water-well/{well}/details"));
        let whole = |path: &str| [at("/thing", well), at("/thing/water-well", well), "/thing".to_owned(), path.to_owned()];
        let patch = |path: String, body: Value| move |client: &Client| { client.patch(&path, body.clone()).expect(200); };
        let post = |path: String, body: Value| move |client: &Client| { client.post(&path, body.clone()).expect(201); };
        let writes: Vec<(&str, Write, Vec<String>)> = vec![
            ("notes", Box::new(patch(shown.clone(), json!({"well_construction_notes": "another"}))), vec![shown.clone(), full.clone()]),
            ("a purpose", Box::new(patch(shown.clone(), json!({"well_purposes": ["Livestock"]}))), vec![shown.clone(), full.clone()]),
            ("a status", Box::new(post(format!("/thing/{well}/status-history"), json!({"status_type": "Monitoring Status",
                "status_value": "Not currently monitored", "start_date": "2024-01-01"}))), whole(&full).into()),
            ("a frequency", Box::new(post(format!("/thing/{well}/monitoring-frequency-history"),
                json!({"monitoring_frequency": "Biannual", "start_date": "2024-01-01"}))), whole(&full).into()),
            ("a measuring point", Box::new(patch(shown.clone(), json!({"measuring_point_height": 9.5}))), vec![shown.clone(), full.clone()]),
            ("a name", Box::new(post("/thing/id-link".to_owned(), json!({"thing_id": well, "relation": "same_as", "alternate_id": "new",
                "alternate_organization": "USGS"}))), whole(&full).into()),
            ("its place", Box::new(patch(at("/location", location), json!({"elevation": 77}))), whole(&full).into()),
            ("its group", Box::new(patch(at("/group", group), json!({"description": "another"}))), whole(&at("/group", group)).into()),
            ("a membership", Box::new(move |client: &Client| {
                assert_eq!(client.delete(&format!("/group/{group}/things/{well}")).status, 204);
            }), whole(&at("/group", group)).into()),
            ("a screen", Box::new(post("/thing/well-screen".to_owned(), json!({"thing_id": well, "screen_depth_top": 20,
                "screen_type": "PVC"}))), vec![full.clone(), format!("/thing/water-well/{well}/well-screen")]),
            ("a sensor", Box::new(patch(at("/sensor", sensor), json!({"notes": "another"}))),
                vec![at("/deployment", deployment), "/deployment".to_owned(), full.clone(), format!("/thing/{well}/deployment")]),
            ("an observation", Box::new(patch(at("/observation/groundwater-level", visit.observation), json!({"value": 99}))),
                vec!["/observation".to_owned(), at("/observation", visit.observation), full.clone()]),
            ("a block", Box::new(patch(at("/observation/transducer-groundwater-level/block", family.block), json!({"review_status": "approved"}))),
                vec!["/observation/transducer-groundwater-level".to_owned()]),
            ("a word", Box::new(|client: &Client| { client.create("/lexicon/term", json!({"term": "zz", "definition": "d", "categories": []})); }),
                vec!["/lexicon/term?order=desc".to_owned()]),
        ];
        for (what, write, paths) in writes {
            let before: Vec<String> = paths.iter().map(|path| tag(&app.client, path)).collect();
            write(&app.client);
            for (path, before) in paths.iter().zip(before) {
                assert_ne!(tag(&app.client, path), before, "{what} shows in {path}");
                assert_eq!(app.client.with_header("if-none-match", &before).get(path).status, 200, "{what}: {path}");
            }
        }
    }

    fn what_is_changed_or_stored_is_answered_with_the_tag_that_it_is_read_with(db: Database) {
        let app = db.start();
        let (family, _) = plant_by(&app, &app.client);
        let others = OTHERS.iter().copied().map(|(path, table, body)| {
            (format!("{path}/{}", last(&app, table)), serde_json::from_str(body).unwrap())
        });
        let mut tried = 0;
        for (path, body) in changes(&family).into_iter().chain(others) {
            let changed = app.patch(&path, body);
            assert_eq!(changed.status, 200, "{path}: {}", changed.text());
            if app.get(&path).header("etag").is_none() {
                assert_eq!(changed.header("etag"), None, "{path}");
                continue;
            }
            assert_eq!(changed.header("etag"), Some(tag(&app.client, &path).as_str()), "{path}");
            tried += 1;
        }
        assert!(tried > 18, "{tried}");
        for (path, body) in [
            ("/location", json!({"point": "POINT (0 0)", "elevation": 0})),
            ("/thing/water-well", json!({"name": "new", "location_id": family.location})),
            ("/lexicon/category", json!({"name": "new"})),
            ("/lexicon/term", json!({"term": "new", "definition": "d", "categories": ["new"]})),
            (&format!("/thing/{}/status-history", family.well), json!({"status_type": "Well Status", "status_value": "Abandoned", "start_date": "2026-01-01"})),
        ] {
            let made = app.post(path, body);
            assert_eq!(made.status, 201, "{path}: {}", made.text());
            assert_eq!(made.header("etag"), Some(tag(&app.client, made.header("location").unwrap()).as_str()), "{path}");
        }
        // Nothing shows a key as the answer does that it is made with.
        assert_eq!(app.post("/api_key", json!({"name": "k"})).header("etag"), None);
    }

    fn what_is_hidden_changes_no_tag(db: Database) {
        let app = db.start_asking(|_| {}, ByName);
        let (everything, public) = (app.client.on_behalf_of(EVERYTHING), app.client.on_behalf_of(PUBLIC));
        let well = everything.create("/thing/water-well", json!({"name": "w", "release_status": "public"}))["id"].clone();
        for path in [format!("/thing/water-well/{well}"), "/thing".to_owned()] {
            let (all, seen) = (tag(&everything, &path), tag(&public, &path));
            everything.create("/thing/id-link", json!({"thing_id": well, "relation": "same_as", "alternate_id": "x",
                "alternate_organization": "USGS", "release_status": "draft"}));
            assert_ne!(tag(&everything, &path), all, "{path}");
            let known = public.with_header("if-none-match", &seen).get(&path);
            assert_eq!((known.status, known.header("cache-control")), (304, Some("private, no-cache")), "{path}");
        }
    }
}
