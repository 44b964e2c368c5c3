//! A change on the condition of a tag never undoes another one.

use super::*;
use crate::round_trips::{OTHERS, changes, last};
use crate::support::principals::{ByName, EVERYTHING};

fn sensor(client: &Client) -> (String, String) {
    let made = client.post("/sensor", json!({"name": "s", "sensor_type": "Barometer"}));
    assert_eq!(made.status, 201);
    (made.header("location").unwrap().to_owned(), made.header("etag").unwrap().to_owned())
}

both! {
    fn a_row_that_has_changed_is_left_alone(db: Database) {
        let app = db.start();
        let (family, _) = plant_by(&app, &app.client);
        let others = OTHERS.iter().copied().map(|(path, table, body)| {
            (format!("{path}/{}", last(&app, table)), serde_json::from_str(body).unwrap())
        });
        let (mut tried, mut same) = (0, Vec::new());
        for (path, body) in changes(&family).into_iter().chain(others) {
            if app.get(&path).header("etag").is_none() {
                let refused = if_match(&app.client, "*").patch(&path, body);
                assert_eq!(refused.detail(412), "What this request is for has no ETag that If-Match could name", "{path}");
                continue;
            }
            let before = tag(&app.client, &path);
            for other in ["\"a\"".to_owned(), format!("W/{before}"), format!("\"a\", W/{before}")] {
                let refused = if_match(&app.client, &other).patch(&path, body.clone());
                let detail = refused.detail(412);
                assert!(detail.as_str().unwrap().ends_with(" is not in the state that the condition names."), "{path}: {detail}");
                assert_eq!(refused.header("etag"), Some(before.as_str()), "{path}");
            }
            assert_eq!(tag(&app.client, &path), before, "{path}: nothing was done");
            let changed = if_match(&app.client, &format!("\"a\", {before}")).patch(&path, body.clone());
            assert_eq!(changed.status, 200, "{path}: {}", changed.text());
            let after = tag(&app.client, &path);
            if_match(&app.client, "*").patch(&path, json!({})).expect(200);
            tried += 1;
            // (One of them sends what is stored already.)
            if after == before {
                same.push(path);
                continue;
            }
            let late = if_match(&app.client, &before).patch(&path, json!({}));
            assert_eq!((late.status, late.header("etag")), (412, Some(after.as_str())), "{path}");
        }
        assert!(tried > 18 && same.len() < 2, "{tried}, {same:?}");
    }

    fn a_row_that_has_changed_is_not_removed(db: Database) {
        let app = db.start();
        let (family, _) = plant_by(&app, &app.client);
        let document = app.get("/openapi-auth.json").expect(200);
        let mut removals: Vec<String> = operations(&document).into_iter()
            .filter(|(method, _, operation)| method == "DELETE" && !operation["responses"]["412"].is_null())
            .map(|(_, path, _)| path)
            .collect();
        assert!(removals.len() > 15, "{removals:?}");
        // Children before their parents.
        let late = ["/lexicon/term", "/lexicon/category", "/observation", "/sample", "/field-activity", "/field-event", "/deployment", "/contact/{contact_id}", "/thing-aquifer-association", "/aquifer-system", "/geologic-formation", "/thing/{thing_id}", "/sensor", "/parameter", "/location", "/group"];
        removals.sort_by_key(|path| late.iter().position(|late| path.starts_with(late)).map_or(0, |at| at + 1));
        app.db.execute("DELETE FROM well_screen WHERE id > 1; DELETE FROM observation WHERE id > 1");
        let filled = |path: String| (fill(&path, &id_for(&app, &path, &family).to_string()), path);
        let removals: Vec<(String, String)> = removals.into_iter().map(filled).collect();
        for (concrete, path) in removals {
            let before = tag(&app.client, &concrete);
            let refused = if_match(&app.client, "\"a\"").delete(&concrete);
            assert_eq!((refused.status, refused.header("etag")), (412, Some(before.as_str())), "{path}");
            assert_eq!(tag(&app.client, &concrete), before, "{path}");
            let removed = if_match(&app.client, &before).delete(&concrete);
            // (What is in use is kept, which is found out after.)
            assert!([204, 409].contains(&removed.status), "{path}: {}", removed.text());
            if removed.status == 204 {
                for condition in [before.as_str(), "\"a\"", "*"] {
                    assert_eq!(if_match(&app.client, condition).delete(&concrete).status, 404, "{path}");
                }
            }
        }
    }

    fn conditions_come_after_what_is_not_there_and_before_what_is_done(db: Database) {
        let app = db.start();
        let (path, tag) = sensor(&app.client);
        for unreadable in ["a", "\"a", "", "W/", "\"a\" \"b\""] {
            for reply in [if_match(&app.client, unreadable).patch(&path, json!({})), if_match(&app.client, unreadable).delete(&path)] {
                assert_eq!(reply.detail(400), "If-Match is neither * nor a list of ETags", "{unreadable}");
            }
        }
        let unless = |condition: &str| app.client.with_header("if-none-match", condition);
        assert_eq!(unless("a").patch(&path, json!({})).detail(400), "If-None-Match is neither * nor a list of ETags");
        for named in [tag.as_str(), "*"] {
            assert_eq!(unless(named).patch(&path, json!({"notes": "x"})).status, 412, "{named}");
        }
        unless("\"a\"").patch(&path, json!({})).expect(200);
        // A tag of two lines of the header.
        app.client.with_header("if-match", "\"a\"").with_header("if-match", &tag).patch(&path, json!({})).expect(200);
        assert_eq!(if_match(&app.client, "\"a\"").patch("/sensor/4711", json!({})).detail(404), "Sensor with ID 4711 not found.");
        assert_eq!(if_match(&app.client, "\"a\"").patch(&path, json!({"sensor_type": "Spade"})).status, 412);
        assert_eq!(if_match(&app.client, &tag).patch(&path, json!({"sensor_type": "Spade"})).detail(422)[0]["loc"], json!(["body", "sensor_type"]));
        // The tag is that of the path: a well as a thing is shown otherwise.
        let well = app.post("/thing/water-well", json!({"name": "w"}));
        let (at, tag) = (well.header("location").unwrap(), well.header("etag").unwrap());
        let thing = at.replace("/water-well", "");
        assert_eq!(if_match(&app.client, tag).patch(&at.replace("water-well", "spring"), json!({})).status, 404, "of another type");
        assert_eq!(if_match(&app.client, tag).delete(&thing).status, 412);
        let tag = super::tag(&app.client, &thing);
        assert_eq!(if_match(&app.client, &tag).delete(&thing).status, 204);
        // What is stored has no tag yet, and a membership never has one.
        for (method, path) in [("POST", "/sensor"), ("POST", "/group/1/things/1"), ("DELETE", "/group/1/things/1"),
            ("DELETE", "/observation/transducer-groundwater-level?thing_id=1&start_time=2026-01-01&end_time=2026-01-02"), ("POST", "/api_key")] {
            let reply = if_match(&app.client, "\"a\"").send(method, path, Some("application/json"), b"{\"name\": \"n\"}");
            assert_eq!(reply.detail(412), "What this request is for has no ETag that If-Match could name", "{method} {path}");
        }
    }

    fn a_tag_of_a_packed_answer_counts(db: Database) {
        let app = db.start();
        let zstd = app.client.with_header("accept-encoding", "zstd");
        let well = zstd.post("/thing/water-well", json!({"name": "w", "notes": [{"note_type": "General", "content": "x".repeat(2000)}]}));
        let (path, tag) = (well.header("location").unwrap(), well.header("etag").unwrap());
        assert!(tag.ends_with("-zstd\""), "{tag}");
        assert_eq!(zstd.get(path).header("etag"), Some(tag));
        let changed = if_match(&app.client, tag).patch(path, json!({"name": "v"}));
        assert_eq!(changed.status, 200);
        let refused = if_match(&zstd, tag).patch(path, json!({"name": "u"}));
        let now = changed.header("etag").unwrap().replace('"', "");
        assert_eq!((refused.status, refused.header("etag")), (412, Some(format!("\"{now}-zstd\"").as_str())));
    }

    fn of_several_at_once_one_wins(db: Database) {
        let app = db.start_with(|config| config.concurrency.pool_size = Some(8), |_| {});
        let (family, _) = plant_by(&app, &app.client);
        let rounds = if app.db.is_postgres() { 5 } else { 2 };
        for round in 0..rounds {
            for (path, field) in [(format!("/sensor/{}", family.sensor), "notes"), (format!("/group/{}", family.group), "description"),
                (format!("/thing/water-well/{}", family.well), "well_construction_notes"), (format!("/lexicon/term/{}", last(&app, "lexicon_term")), "definition")] {
                let tag = tag(&app.client, &path);
                let clients = vec![if_match(&app.client, &tag); 4];
                let replies = at_once(&clients, |client, at| client.patch(&path, json!({field: format!("{round} {at}")})));
                let mut statuses: Vec<u16> = replies.iter().map(|reply| reply.status).collect();
                let winner = statuses.iter().position(|status| *status == 200).unwrap();
                statuses.sort_unstable();
                assert_eq!(statuses, [200, 412, 412, 412], "{path}");
                let now = super::tag(&app.client, &path);
                assert!(replies.iter().all(|reply| reply.header("etag") == Some(now.as_str())), "{path}");
                assert!(app.get(&path).text().contains(&format!("{round} {winner}")), "{path}");
            }
        }
    }

    fn removals_and_changes_meet(db: Database) {
        let app = db.start_with(|config| config.concurrency.pool_size = Some(8), |_| {});
        for round in 0..if app.db.is_postgres() { 10 } else { 2 } {
            let group = app.post("/group", json!({"name": format!("g {round}")}));
            let term = app.post("/lexicon/term", json!({"term": format!("t {round}"), "definition": "d"}));
            for made in [group, term] {
                let (path, tag) = (made.header("location").unwrap(), made.header("etag").unwrap());
                let (plain, bound) = (app.client.clone(), if_match(&app.client, tag));
                let clients = [plain.clone(), bound.clone(), plain, bound.clone(), bound];
                let field = if path.starts_with("/group") { "description" } else { "definition" };
                let replies = at_once(&clients, |client, at| match at {
                    0 | 1 => client.delete(path),
                    _ => client.patch(path, json!({field: format!("{at}")})),
                });
                let statuses: Vec<u16> = replies.iter().map(|reply| reply.status).collect();
                assert!(statuses.iter().all(|status| [200, 204, 404, 412].contains(status)), "{path}: {statuses:?}");
                assert_eq!(statuses.iter().filter(|status| **status == 204).count(), 1, "{path}: {statuses:?}");
                // At most one of those that had the first tag in mind.
                let bound = [1, 3, 4].iter().filter(|at| statuses[**at] < 300).count();
                assert!(bound <= 1, "{path}: {statuses:?}");
                assert_eq!(app.get(path).status, 404, "{path}");
            }
        }
    }

    fn who_may_not_write_is_told_so_first(db: Database) {
        let app = db.start_asking(|_| {}, ByName);
        let (path, tag) = sensor(&app.client.on_behalf_of(EVERYTHING));
        assert_eq!(if_match(&app.client, &tag).patch(&path, json!({})).status, 401);
        assert_eq!(if_match(&app.client.on_behalf_of("viewer"), "\"a\"").patch(&path, json!({})).status, 403);
        assert_eq!(if_match(&app.client.on_behalf_of("editor"), "\"a\"").patch(&path, json!({})).status, 412);
        if_match(&app.client.on_behalf_of("editor"), &tag).patch(&path, json!({})).expect(200);
    }
}

#[test]
#[ignore = "needs OCOTILLO_TEST_POSTGRES_URL"]
fn a_condition_takes_two_statements() {
    let app = Database::postgres().start();
    let (path, tag) = sensor(&app.client);
    let plain = app.patch(&path, json!({})).queries();
    assert_eq!(if_match(&app.client, &tag).patch(&path, json!({})).queries(), plain + 2);
    let refused = if_match(&app.client, "\"a\"").patch(&path, json!({}));
    // BEGIN, the lock, the row; ROLLBACK.
    assert_eq!((refused.status, refused.queries()), (412, 4));
}
