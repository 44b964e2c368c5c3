//! Where answers lead: `Location`, `Link`, the root; what may be asked of a path.

use std::collections::BTreeSet;

use ocotillo::api::Routes;

use crate::support::*;

#[test]
fn what_is_created_has_a_path_of_its_own() {
    let table = ocotillo::api::routes(|_: &mut Routes| {}).table();
    let without: BTreeSet<&str> = table
        .all()
        .filter(|(path, method, _)| *method == "POST" && table.find(path).and_then(|at| table.by_key(at)).is_none())
        .map(|(path, ..)| path)
        .collect();
    let expected = [
        // Its keys are the caller's.
        "/group/{group_id}/things/{thing_id}",
        // Records of access and feedback are shown in lists alone.
        "/access/consent",
        "/access/consent/{consent_id}/revocation",
        "/access/destination",
        "/access/grant",
        "/access/grant/{grant_id}/revocation",
        "/feedback",
        // The contract's path has a word more than that of the row.
        "/publication/add",
        // Files: what is stored of them is told in the answer.
        "/asset/upload",
        "/asset/upload-and-record",
        "/observation/groundwater-level/bulk-upload",
    ];
    assert_eq!(without, expected.into());
}

both! {
    fn location_leads_to_what_was_created(db: Database) {
        let app = db.start();
        let created = |path: &str, body: Value| {
            let reply = app.client.with_header("accept-encoding", "gzip, identity;q=0").post(path, body);
            assert_eq!(reply.status, 201, "{path}");
            reply.header("location").unwrap().to_owned()
        };
        let location = created("/location", json!({"point": "POINT (0 0)", "elevation": 0}));
        let id = app.get(&location).expect(200)["id"].clone();
        assert_eq!(location, format!("/location/{id}"));
        let well = created("/thing/water-well", json!({"name": "w", "location_id": id}));
        assert_eq!(app.get(&well).expect(200)["name"], "w");
        assert!(well.starts_with("/thing/water-well/"));
        let thing = well.rsplit('/').next().unwrap();
        let status = created(&format!("/thing/{thing}/measuring-point-history"), json!({"measuring_point_height": 1.5, "start_date": "2020-01-01"}));
        assert!(status.starts_with("/thing/measuring-point-history/"), "{status}");
        app.get(&status).expect(200);
        for reply in [app.post("/location", json!({})), app.get(&location), app.patch(&location, json!({"elevation": 1}))] {
            assert_eq!(reply.header("location"), None);
        }
    }

    fn pages_lead_to_their_neighbours(db: Database) {
        crate::large_page::many(&db, 1100, "");
        let app = db.start();
        // All wells, by following `next`.
        for size in [300, 600] {
            let (mut path, mut seen, mut pages) = (format!("/thing/water-well?size={size}&sort=id&order=desc"), Vec::new(), 0);
            loop {
                let reply = app.get(&path);
                let page = reply.expect(200);
                seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].as_i64().unwrap()));
                pages += 1;
                // The first page has a number, the others are behind a row.
                let first = pages == 1;
                assert_eq!(page["page"], if first { json!(1) } else { Value::Null });
                let link = reply.header("link").unwrap();
                assert!(link.contains("rel=\"first\"") && link.contains("order=desc") && !link.contains("rel=\"prev\""), "{link}");
                assert_eq!(link.contains("rel=\"last\""), first, "{link}");
                let Some(next) = link.split(", ").find_map(|part| part.strip_suffix(">; rel=\"next\"")) else { break };
                path = next.strip_prefix('<').unwrap().to_owned();
            }
            assert_eq!(seen, (1..=1100).rev().collect::<Vec<_>>());
        }
        assert_eq!(app.get("/group").header("link"), None, "there are no pages");
        assert_eq!(app.get("/thing/water-well?page=0").header("link"), None);
        let narrowed = app.get(&format!("/thing/water-well?{}&size=1", filter("name", "eq", json!("NM-1"))));
        let next = narrowed.header("link").unwrap().split('>').next().unwrap().strip_prefix('<').unwrap().to_owned();
        let next = app.get(&format!("{next}&count=exact")).expect(200);
        assert_eq!((&next["page"], &next["total"], &next["items"][0]["name"]), (&Value::Null, &narrowed.json()["total"], &json!("NM-1")));
        let by_number = app.get("/thing/water-well?size=300&page=3");
        let link = by_number.header("link").unwrap();
        assert!(link.starts_with("</thing/water-well?after=") && link.contains("page=2&size=300>; rel=\"prev\""), "{link}");
        assert!(link.ends_with("</thing/water-well?page=4&size=300>; rel=\"last\""), "{link}");
    }

    fn a_redirect_leads_to_what_was_asked_for(db: Database) {
        let app = db.start();
        for path in ["/thing/1", "/thing/a%0d%0aSet-Cookie:x", "/thing/%3fa=b", "/thing/%ff", "/thing/%e2%80%a8", "/thing/water%2Dwell"] {
            let reply = app.get(&format!("{path}/?size=1"));
            assert_eq!((reply.status, reply.header("location")), (307, Some(format!("{path}?size=1").as_str())), "{path}");
        }
    }

    fn the_root_leads_to_the_documentation(db: Database) {
        let app = db.start();
        let root = app.get("/");
        assert_eq!((root.status, root.header("location")), (307, Some("/docs/")));
        assert_eq!(app.get("/docs/").status, 200);
        assert_eq!(app.post("/", json!({})).status, 405);
    }

    fn every_path_tells_its_methods(db: Database) {
        let app = db.start();
        for (path, allow) in [("/location", "GET, HEAD, OPTIONS, POST"), ("/location/1", "DELETE, GET, HEAD, OPTIONS, PATCH"),
            ("/health", "GET, HEAD, OPTIONS"), ("/group/1/things/1", "DELETE, OPTIONS, POST"), ("/", "GET, HEAD, OPTIONS")] {
            let options = app.send("OPTIONS", path, None, b"");
            assert_eq!((options.status, options.header("allow"), options.queries()), (204, Some(allow), 0), "{path}");
            let refused = app.send("PUT", path, None, b"");
            assert_eq!((refused.status, refused.header("allow")), (405, Some(allow)), "{path}");
        }
        assert_eq!(app.send("OPTIONS", "/nowhere", None, b"").status, 404);
    }
}
