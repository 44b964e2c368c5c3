//! Every change and removal is kept with the row before it, its author, time and request.

mod authors;
mod coverage;
mod prune;

use ocotillo::db::migrate;

use crate::support::planted;
use crate::support::principals::{self, ByName, EVERYTHING, PUBLIC};
use crate::support::*;

/// All entries of a row, newest first.
fn history(app: &App, resource: &str, id: impl std::fmt::Display) -> Vec<Value> {
    let page = app.client.on_behalf_of("admin").get(&format!("/history/{resource}/{id}?size=500")).expect(200);
    page["items"].as_array().unwrap().clone()
}

fn actions(entries: &[Value]) -> Vec<&str> {
    entries.iter().map(|entry| entry["action"].as_str().unwrap()).collect()
}

fn place() -> Value {
    json!({"point": "POINT (-106.9 34.1)", "elevation": 1400.5})
}

/// Has an insert of a note fail.
fn refuse_notes(db: &Database) {
    db.execute(if db.is_postgres() {
        "CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$; \
         CREATE TRIGGER stop BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION stop()"
    } else {
        "CREATE TRIGGER stop BEFORE INSERT ON notes BEGIN SELECT RAISE(ABORT, 'no'); END"
    });
}

both! {
    fn a_change_is_kept_with_the_row_before_it(db: Database) {
        let app = db.start_asking(|_| {}, ByName);
        let (admin, editor) = (app.client.on_behalf_of("admin"), app.client.on_behalf_of("editor"));
        let id = admin.create("/location", place())["id"].as_i64().unwrap();
        let before = history(&app, "location", id);
        assert_eq!(before.len(), 1, "{before:?}");
        assert_eq!((&before[0]["id"], &before[0]["action"], &before[0]["before"]), (&Value::Null, &json!("create"), &Value::Null));
        assert_eq!((&before[0]["changed_by_id"], &before[0]["changed_by_name"]), (&json!(principals::id("admin")), &json!("admin")));

        let reply = editor.patch(&format!("/location/{id}"), json!({"elevation": 0.300_000_000_000_000_04, "release_status": "public"}));
        reply.expect(200);
        let request = reply.header("x-request-id").unwrap().to_owned();
        editor.patch(&format!("/location/{id}"), json!({"elevation": 7})).expect(200);
        let entries = history(&app, "location", id);
        assert_eq!(actions(&entries), ["update", "update", "create"]);
        assert_eq!(entries[2], before[0], "the creation is told as before");
        let (last, first) = (&entries[0], &entries[1]);
        assert_eq!(first["request_id"], json!(request));
        assert_ne!(last["request_id"], json!(request));
        assert_eq!((&first["changed_by_id"], &first["changed_by_name"]), (&json!(principals::id("editor")), &json!("editor")));
        let image = &first["before"];
        assert_eq!((&image["id"], &image["elevation"], &image["longitude"], &image["version"]), (&json!(id), &json!(1400.5), &json!(-106.9), &json!(1)));
        assert_eq!((&image["release_status"], &image["county"]), (&json!("draft"), &Value::Null));
        assert_eq!((&image["created_by_name"], &image["updated_by_name"]), (&json!("admin"), &Value::Null));
        assert_eq!((&last["before"]["elevation"], &last["before"]["updated_by_name"], &last["before"]["version"]),
            (&json!(0.300_000_000_000_000_04), &json!("editor"), &json!(2)), "to the last digit");
        // Times are told alike by both databases.
        let at = image["created_at"].as_str().unwrap();
        assert!(at.len() >= 25 && at.ends_with("+00:00") && at.as_bytes()[10] == b'T', "{at}");
        let (made, changed) = (before[0]["changed_at"].as_str().unwrap(), last["changed_at"].as_str().unwrap());
        assert!(made <= changed && made.ends_with('Z'), "{made} {changed}");
        let now: String = app.db.texts(if app.db.is_postgres() {
            "SELECT to_char(now(), 'YYYY-MM-DD\"T\"HH24:MI:SS') AS value" } else { "SELECT strftime('%Y-%m-%dT%H:%M:%S', 'now') AS value" }).remove(0);
        assert_eq!(changed[..10], now[..10]);
    }

    fn values_of_every_sort_are_kept(db: Database) {
        let app = db.start_asking(|_| {}, ByName);
        let family = planted::family(&app.client.on_behalf_of(EVERYTHING), "it's \"here\" \\ ☃", "Lead");
        app.db.execute("UPDATE measuring_point_history SET reason = reason; UPDATE well_screen SET screen_depth_top = 10; UPDATE \"group\" SET description = 'other'");
        let last = |table: &str| app.db.number(&format!("SELECT max(id) FROM \"{table}\""));
        let point = &history(&app, "measuring-point-history", last("measuring_point_history"))[0]["before"];
        assert_eq!((&point["measuring_point_height_is_assumed"], &point["start_date"], &point["measuring_point_height"]),
            (&json!(false), &json!("2021-01-01"), &json!(2.5)));
        assert_eq!(point["reason"], json!("it's \"here\" \\ ☃"));
        let group = &history(&app, "group", family.group)[0]["before"];
        assert!(group["project_area"].as_str().unwrap().starts_with("MULTIPOLYGON"), "{group}");
        assert!(group.as_object().unwrap().keys().all(|column| !column.contains("geom")), "{group}");
    }

    fn a_removal_is_kept_with_all_that_goes_with_it(db: Database) {
        let app = db.start_asking(|_| {}, ByName);
        let everything = app.client.on_behalf_of(EVERYTHING);
        let family = planted::family(&everything, "one", "Lead");
        planted::contact(&everything, &app.db, "one", family.well, family.visit);
        let rows = |table: &str| app.db.number(&format!("SELECT count(*) FROM \"{table}\""));
        let tables: Vec<String> = app.db.tables_with("created_at");
        let before: Vec<i64> = tables.iter().map(|table| rows(table)).collect();
        let earlier = app.db.number("SELECT count(*) FROM history");
        let reply = everything.delete(&format!("/thing/{}", family.well));
        assert_eq!(reply.status, 204, "{}", reply.text());
        let mut gone = 0;
        for (table, before) in tables.iter().zip(before) {
            let removed = before - rows(table);
            let kept = app.db.number(&format!("SELECT count(*) FROM history WHERE table_name = '{table}' AND action = 'delete' AND id > {earlier}"));
            assert_eq!(kept, removed, "{table}");
            gone += i64::from(removed > 0);
        }
        assert!(gone >= 18, "{gone}");
        let request = reply.header("x-request-id").unwrap();
        let others = format!("SELECT count(*) FROM history WHERE action = 'delete' AND id > {earlier} \
            AND (request_id <> '{request}' OR changed_by_name <> '{EVERYTHING}' OR changed_by_id IS NULL)");
        assert_eq!(app.db.number(&others), 0, "all of them by him who removed the well");

        app.get(&format!("/thing/{}", family.well));
        let entries = history(&app, "thing", family.well);
        assert_eq!((actions(&entries)[0], actions(&entries).last()), ("delete", Some(&"create")));
        assert_eq!(entries[0]["before"]["name"], json!("one well"));
        assert_eq!(entries.last().unwrap()["changed_by_name"], json!(EVERYTHING), "though the row is gone");
        // A cascade that empties a column is a change.
        let number = |sql: &str| app.db.number(sql);
        planted::hydrogeology(&everything, "aquifer", planted::well(&everything, "two", None, None), "110ALVM");
        everything.create("/thing/well-screen", json!({"thing_id": number("SELECT max(id) FROM thing")}));
        app.db.execute("UPDATE well_screen SET aquifer_system_id = (SELECT max(id) FROM aquifer_system)");
        let screen = number("SELECT max(id) FROM well_screen");
        app.db.execute("DELETE FROM aquifer_system");
        let entries = history(&app, "well-screen", screen);
        assert_eq!(actions(&entries), ["update", "update", "create"]);
        assert!(entries[0]["before"]["aquifer_system_id"].is_i64(), "{entries:?}");
    }

    fn what_other_programs_write_is_kept_too(db: Database) {
        let app = db.start_asking(|_| {}, ByName);
        let (admin, editor) = (app.client.on_behalf_of("admin"), app.client.on_behalf_of("editor"));
        let id = admin.create("/location", place())["id"].as_i64().unwrap();
        editor.patch(&format!("/location/{id}"), json!({"elevation": 1})).expect(200);
        app.db.execute("UPDATE location SET county = 'Socorro'");
        let entries = history(&app, "location", id);
        assert_eq!(actions(&entries), ["update", "update", "create"]);
        for member in ["changed_by_id", "changed_by_name", "request_id"] {
            assert_eq!(entries[0][member], Value::Null, "nobody is taken for the author: {member}");
        }
        app.db.execute("DELETE FROM location");
        assert_eq!(actions(&history(&app, "location", id))[0], "delete");
        if app.db.is_postgres() {
            let other = admin.create("/location", place())["id"].as_i64().unwrap();
            let third = admin.create("/location", place())["id"].as_i64().unwrap();
            app.db.execute("SET ocotillo.actor_name = 'jane at psql'; SET timezone = 'America/Denver'; TRUNCATE location CASCADE");
            for id in [other, third] {
                let entries = history(&app, "location", id);
                assert_eq!((actions(&entries), &entries[0]["changed_by_name"]), (vec!["delete", "create"], &json!("jane at psql")));
                assert!(entries[0]["before"]["created_at"].as_str().unwrap().ends_with("+00:00"), "{entries:?}");
            }
        }
    }

    fn a_write_that_fails_leaves_nothing(db: Database) {
        let app = db.start_asking(|_| {}, ByName);
        let admin = app.client.on_behalf_of("admin");
        let id = admin.create("/location", place())["id"].as_i64().unwrap();
        let entries = || app.db.number("SELECT count(*) FROM history");
        admin.patch(&format!("/location/{id}"), json!({"release_status": "nonsense"})).detail(422);
        assert_eq!(entries(), 0);
        app.db.execute("BEGIN; UPDATE location SET elevation = 5; ROLLBACK");
        assert_eq!(entries(), 0);
        refuse_notes(&app.db);
        let both = json!({"elevation": 5, "notes": [{"note_type": "Access", "content": "c"}]});
        assert_eq!(admin.patch(&format!("/location/{id}"), both).status, 500);
        assert_eq!((entries(), app.db.number("SELECT count(*) FROM location WHERE elevation = 5")), (0, 0));
        admin.patch(&format!("/location/{id}"), json!({"elevation": 5})).expect(200);
        assert_eq!(entries(), 1);
    }

    fn every_version_of_a_row_has_its_entry(db: Database) {
        let app = db.start_asking(|_| {}, ByName);
        let admin = app.client.on_behalf_of(EVERYTHING);
        let family = planted::family(&admin, "one", "Lead");
        for depth in 1..=4 {
            let body = json!({"well_depth": depth, "well_purposes": ["Livestock"], "measuring_point_height": depth});
            admin.patch(&format!("/thing/water-well/{}", family.well), body).expect(200);
        }
        admin.patch(&format!("/group/{}", family.group), json!({"name": "renamed"})).expect(200);
        for table in app.db.tables_with("version").into_iter().filter(|table| !table.starts_with("__")) {
            let versions = app.db.number(&format!("SELECT coalesce(sum(version - 1), 0) FROM \"{table}\""));
            let updates = app.db.number(&format!("SELECT count(*) FROM history WHERE table_name = '{table}' AND action = 'update' \
                AND row_id IN (SELECT id FROM \"{table}\")"));
            assert_eq!(updates, versions, "{table}");
        }
        let images = history(&app, "thing", family.well);
        let depths: Vec<Option<f64>> = images.iter().map(|entry| entry["before"]["well_depth"].as_f64()).collect();
        assert_eq!(depths, [Some(3.0), Some(2.0), Some(1.0), Some(310.0), None]);
    }

    fn entries_come_in_pages_newest_first(db: Database) {
        let app = db.start_asking(|_| {}, ByName);
        let admin = app.client.on_behalf_of("admin");
        let id = admin.create("/location", place())["id"].as_i64().unwrap();
        let page = |query: &str| admin.get(&format!("/history/location/{id}?{query}"));
        for change in 0..6 {
            app.db.execute(&format!("UPDATE location SET elevation = {change}"));
        }
        let all = page("").expect(200);
        assert_eq!((&all["total"], &all["page"], &all["size"], &all["pages"]), (&json!(7), &json!(1), &json!(25), &json!(1)));
        let all = all["items"].as_array().unwrap().clone();
        let images: Vec<Option<f64>> = all.iter().map(|entry| entry["before"]["elevation"].as_f64()).collect();
        assert_eq!(images, [Some(4.0), Some(3.0), Some(2.0), Some(1.0), Some(0.0), Some(1400.5), None]);
        for size in 1..=8 {
            let mut walked = Vec::new();
            for number in 1..=8 {
                let reply = page(&format!("size={size}&page={number}"));
                let items = reply.expect(200)["items"].as_array().unwrap().clone();
                assert!(items.len() <= size);
                walked.extend(items);
            }
            assert_eq!(walked, all, "{size} a page");
        }
        let reply = page("size=2&page=2");
        assert!(reply.header("link").unwrap().contains("&size=2>; rel=\"next\""), "{:?}", reply.headers);
        for size in 1..=8 {
            let walked = crate::long_lists::walk(&admin, &format!("/history/location/{id}?size={size}"));
            assert_eq!(walked, all, "{size} a page, by rows");
        }
        // What happens meanwhile is newer than all that is still to come.
        let next = page("size=3&count=false").expect(200);
        assert_eq!(next["total"], Value::Null);
        app.db.execute("UPDATE location SET elevation = 7");
        let rest = page(&format!("after={}", next["next"].as_str().unwrap())).expect(200)["items"].clone();
        assert_eq!(rest.as_array().unwrap(), &all[3..]);
        app.db.execute("UPDATE location SET elevation = 5");
        let all = page("").expect(200)["items"].as_array().unwrap().clone();
        assert_eq!(page("size=10000").expect(200)["items"].as_array().unwrap(), &all, "in pieces too");
        assert_eq!(page("size=0").detail(422)[0]["loc"], json!(["query", "size"]));
        assert_eq!(page("thing_id=1").detail(422)[0]["loc"], json!(["query", "thing_id"]));
    }

    fn only_admins_are_told_and_only_of_what_was(db: Database) {
        let app = db.start_asking(|_| {}, ByName);
        let admin = app.client.on_behalf_of("admin");
        let id = admin.create("/location", place())["id"].as_i64().unwrap();
        let path = format!("/history/location/{id}");
        assert_eq!(app.get(&path).status, 401);
        for (holder, _) in principals::HOLDERS.iter().filter(|(holder, _)| *holder != "admin") {
            assert_eq!(app.client.on_behalf_of(holder).get(&path).status, 403, "{holder}");
        }
        // Who sees public rows only sees none, whatever he may do.
        app.db.execute("UPDATE location SET release_status = 'public'");
        assert_eq!(app.client.on_behalf_of(PUBLIC).get(&path).detail(404), json!(format!("Location with ID {id} not found.")));
        admin.get(&path).expect(200);
        assert_eq!(admin.get("/history/location/987654").detail(404), json!("Location with ID 987654 not found."));
        assert_eq!(admin.get("/history/well-screen/987654").detail(404), json!("WellScreen with ID 987654 not found."));
        assert_eq!(admin.get("/history/location/99999999999").status, 404);
        assert_eq!(admin.get("/history/location/x").detail(422)[0]["loc"], json!(["path", "row_id"]));
        for unknown in ["history", "history-context", "nothing", "well_screen", "Thing", "thing%22", "--diesel-schema-migrations"] {
            let detail = admin.get(&format!("/history/{unknown}/1")).detail(404);
            assert!(detail.as_str().unwrap().contains("well-screen"), "{detail}");
        }
    }
}
