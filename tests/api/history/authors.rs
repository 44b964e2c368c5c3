//! Who made and who changed a row stands in the row, and in its history, whichever way it was written.

use std::sync::Arc;

use futures_util::future::{LocalBoxFuture, ready};
use ocotillo::auth::{Authenticator, Credential, Denied, Grants, Principal, Sight};

use super::*;
use crate::round_trips::{OTHERS, changes, last, plant_by};

/// What is found in the audit columns of a table that nobody, or somebody else, has written.
fn others(db: &Database, table: &str, what: &str, name: &str, after: i64) -> i64 {
    db.number(&format!(
        "SELECT count(*) FROM \"{table}\" WHERE id > {after} AND ({what}_by_name IS NULL OR {what}_by_name <> '{name}' \
         OR {what}_by_id IS NULL OR {what}_by_id <> '{}')",
        principals::id(name)
    ))
}

/// Somebody whose id and name try to get out of a statement.
struct Nasty;

const NASTY: &str = "o'hara\\'); DROP TABLE thing; -- \" $1 $$ %s ☃";

impl Authenticator for Nasty {
    fn authenticate<'a>(&'a self, _: &'a Credential) -> LocalBoxFuture<'a, Result<Arc<Principal>, Denied>> {
        let who = Principal {
            id: Some(NASTY.to_owned()),
            name: Some(format!("{NASTY}!")),
            grants: Grants::All,
            sight: Sight::Everything,
            ..Principal::default()
        };
        Box::pin(ready(Ok(Arc::new(who))))
    }
}

both! {
    fn every_write_names_its_author(db: Database) {
        let app = db.start_asking(|_| {}, ByName);
        // What has no routes is written by another program, as nobody.
        let seeded: Vec<(String, i64)> = app.db.tables_with("created_by_id").into_iter()
            .map(|table| { let last = app.db.number(&format!("SELECT coalesce(max(id), 0) FROM \"{table}\"")); (table, last) }).collect();
        let (family, _) = plant_by(&app, &app.client.on_behalf_of(EVERYTHING));
        let by_hand = ["incomplete_nma_phone"];
        for (table, seeded) in &seeded {
            let new = app.db.number(&format!("SELECT count(*) FROM \"{table}\" WHERE id > {seeded}"));
            if !by_hand.contains(&table.as_str()) {
                assert!(new > 0, "nothing was stored in {table}");
                assert_eq!(others(&app.db, table, "created", EVERYTHING, *seeded), 0, "{table}");
            }
        }
        let marked = app.db.number("SELECT coalesce(max(id), 0) FROM history");
        let mut somebody = 0;
        let mut change = |path: &str, body: Value| {
            // (Those who hold one role change what is theirs; the history names each.)
            let who = ["editor", "amp admin", "lexicon editor", EVERYTHING].into_iter()
                .find(|who| app.client.on_behalf_of(who).patch(path, body.clone()).status == 200);
            somebody += i64::from(who.is_some());
            assert!(who.is_some(), "nobody could change {path}");
        };
        for (path, body) in changes(&family) {
            change(&path, body);
        }
        for (path, table, body) in OTHERS {
            change(&format!("{path}/{}", last(&app, table)), serde_json::from_str(body).unwrap());
        }
        assert!(somebody > 20);
        let unnamed = app.db.texts(&format!("SELECT DISTINCT table_name AS value FROM history WHERE id > {marked} \
            AND (changed_by_id IS NULL OR changed_by_name IS NULL OR request_id IS NULL)"));
        assert!(unnamed.is_empty(), "{unnamed:?}");
        // The row says who changed it last, as the history does.
        for table in app.db.tables_with("updated_by_id") {
            let changed = format!("SELECT row_id FROM history WHERE table_name = '{table}' AND action = 'update' AND id > {marked}");
            let wrong = format!("SELECT count(*) FROM \"{table}\" t WHERE t.id IN ({changed}) AND NOT EXISTS (SELECT 1 FROM history h \
                WHERE h.table_name = '{table}' AND h.row_id = t.id AND h.changed_by_name = t.updated_by_name AND h.changed_by_id = t.updated_by_id)");
            assert_eq!(app.db.number(&wrong), 0, "{table}");
        }
    }

    fn whatever_somebody_is_called_is_kept_as_it_is(db: Database) {
        let app = db.start_asking(|_| {}, Nasty);
        let id = app.create("/location", place())["id"].as_i64().unwrap();
        app.patch(&format!("/location/{id}"), json!({"elevation": 1})).expect(200);
        app.patch(&format!("/location/{id}"), json!({"elevation": 2})).expect(200);
        let entries = history(&app, "location", id);
        assert_eq!(entries.len(), 3);
        for entry in entries {
            assert_eq!((&entry["changed_by_id"], &entry["changed_by_name"]), (&json!(NASTY), &json!(format!("{NASTY}!"))));
        }
        assert_eq!(app.db.number("SELECT count(*) FROM thing"), 0);
    }

    fn nobody_is_taken_for_the_one_before_him(db: Database) {
        // One connection for all.
        let app = db.start_asking(|config| config.concurrency.pool_size = Some(1), ByName);
        let id = app.client.on_behalf_of("admin").create("/location", place())["id"].as_i64().unwrap();
        let path = format!("/location/{id}");
        for who in ["editor", "admin", "editor", "everything"] {
            let client = app.client.on_behalf_of(who);
            client.patch(&path, json!({"elevation": "none"})).detail(422);
            client.patch(&path, json!({"elevation": 1})).expect(200);
            let newest = &history(&app, "location", id)[0];
            assert_eq!(newest["changed_by_name"], json!(who));
        }
        if !app.db.is_postgres() {
            let empty = "SELECT count(*) FROM history_context WHERE actor_id IS NULL AND actor_name IS NULL AND request_id IS NULL";
            assert_eq!(app.db.number(empty), 1);
        }
    }

    fn without_authentication_the_request_is_named(db: Database) {
        let app = db.start();
        let id = app.create("/location", place())["id"].as_i64().unwrap();
        let reply = app.with_header("x-request-id", "a-request-of-mine").patch(&format!("/location/{id}"), json!({"elevation": 1}));
        reply.expect(200);
        let entry = &history(&app, "location", id)[0];
        assert_eq!((&entry["changed_by_id"], &entry["changed_by_name"], &entry["request_id"]),
            (&Value::Null, &Value::Null, &json!("a-request-of-mine")));
    }

    fn an_import_keeps_nothing_of_what_it_adds(db: Database) {
        let executor = crate::import::executor(&db);
        executor.write_blocking(ocotillo::import::demo::load).unwrap();
        let changed = db.texts("SELECT table_name || ' ' || coalesce(request_id, 'none') AS value FROM history WHERE request_id IS NULL");
        assert!(changed.is_empty(), "the program is named: {changed:?}");
        assert!(db.number("SELECT count(*) FROM thing") > 0);
    }
}
