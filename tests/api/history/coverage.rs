//! No table, and no column, is left out.

use std::collections::BTreeSet;

use super::*;

const ROWS: &str = include_str!("../../fixtures/one_row_each.sql");

/// All tables, by the database's own word, but for those that keep the history and the migrations, and answers for a day.
fn tables(db: &Database) -> Vec<String> {
    db.texts(if db.is_postgres() {
        "SELECT table_name AS value FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE' \
         AND table_name NOT IN ('spatial_ref_sys', 'history', 'idempotency', '__diesel_schema_migrations') ORDER BY 1"
    } else {
        "SELECT name AS value FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE TABLE%' AND name NOT LIKE 'sqlite%' \
         AND name NOT LIKE '%\\_fts%' ESCAPE '\\' AND name NOT LIKE '%\\_rtree%' ESCAPE '\\' \
         AND name NOT IN ('history', 'history_context', 'idempotency', '__diesel_schema_migrations') ORDER BY 1"
    })
}

/// The columns of a table that the database does not work out of others.
fn own_columns(db: &Database, table: &str) -> BTreeSet<String> {
    let generated = if db.is_postgres() {
        db.texts(&format!(
            "SELECT column_name AS value FROM information_schema.columns WHERE table_schema = 'public' \
                           AND table_name = '{table}' AND is_generated = 'ALWAYS'"
        ))
    } else {
        Vec::new()
    };
    db.columns(table).into_iter().filter(|column| !generated.contains(column)).collect()
}

fn migrate_up(db: &Database) {
    crate::import::executor(db).admin_blocking(migrate::up).unwrap();
}

both! {
    fn every_table_is_kept_with_all_its_columns(db: Database) {
        db.execute(ROWS);
        let tables = tables(&db);
        assert!(tables.len() >= 42, "{tables:?}");
        let kept = |table: &str, action: &str| {
            db.number(&format!("SELECT count(*) FROM history WHERE table_name = '{table}' AND action = '{action}'"))
        };
        for table in &tables {
            let rows = db.number(&format!("SELECT count(*) FROM \"{table}\""));
            // (Keys are used by time and again, which is no change of them.)
            let column = own_columns(&db, table).into_iter().find(|column| !["id", "version", "last_used_at"].contains(&column.as_str())).unwrap();
            db.execute(&format!("UPDATE \"{table}\" SET \"{column}\" = \"{column}\""));
            let changed = kept(table, "update");
            assert!(rows > 0 && changed == rows, "{table}: {changed} of {rows}");
            for image in db.texts(&format!("SELECT CAST(before AS text) AS value FROM history WHERE table_name = '{table}' LIMIT 1")) {
                let image: Value = serde_json::from_str(&image).unwrap();
                let columns: BTreeSet<String> = image.as_object().unwrap().keys().cloned().collect();
                let mut expected = own_columns(&db, table);
                expected.remove("digest");
                assert_eq!(columns, expected, "{table}");
            }
        }
        // Children before their parents, whatever the order: until nothing is left.
        let mut left: Vec<(String, i64)> = tables.iter().map(|table| (table.clone(), db.number(&format!("SELECT count(*) FROM \"{table}\"")))).collect();
        let all = left.clone();
        for _ in 0..10 {
            left.retain(|(table, _)| db.try_execute(&format!("DELETE FROM \"{table}\"")).is_err());
        }
        assert!(left.is_empty(), "{left:?}");
        for (table, rows) in all {
            assert_eq!(kept(&table, "delete"), rows, "{table}");
        }
    }

    fn every_table_can_be_asked_for(db: Database) {
        db.execute(ROWS);
        let tables = tables(&db);
        let app = db.start_asking(|_| {}, ByName);
        for table in tables {
            let resource = table.replace('_', "-");
            let id = app.db.number(&format!("SELECT min(id) FROM \"{table}\""));
            let entries = history(&app, &resource, id);
            assert_eq!(actions(&entries), ["create"], "{table}");
            app.db.execute(&format!("UPDATE \"{table}\" SET created_at = created_at"));
            assert_eq!(actions(&history(&app, &resource, id)), ["update", "create"], "{table}");
        }
    }

    fn what_is_added_to_the_schema_is_kept_before_anybody_writes(db: Database) {
        db.execute("CREATE TABLE addition (id INTEGER PRIMARY KEY, name TEXT); ALTER TABLE location ADD COLUMN colour TEXT");
        let refusal = db.refuses_to_start(|_| {});
        assert!(refusal.contains("addition") && refusal.contains("location") != db.is_postgres() && refusal.contains("ocotillo migrate up"), "{refusal}");
        migrate_up(&db);
        let app = db.start();
        app.create("/location", place());
        app.db.execute("INSERT INTO addition VALUES (7, 'a'); UPDATE addition SET name = 'b'; DELETE FROM addition; \
            UPDATE location SET colour = 'red'; UPDATE location SET colour = 'blue'");
        let kept = |table: &str| {
            let entries = format!("SELECT action || ' ' || CAST(before AS text) AS value FROM history WHERE table_name = '{table}' AND row_id IS NOT NULL ORDER BY id");
            app.db.texts(&entries).iter().map(|entry| entry.replace(' ', "")).collect::<Vec<_>>()
        };
        assert_eq!(kept("addition"), [r#"update{"id":7,"name":"a"}"#, r#"delete{"id":7,"name":"b"}"#]);
        let colours = kept("location");
        assert!(colours.len() == 2 && colours[0].contains(r#""colour":null"#) && colours[1].contains(r#""colour":"red""#), "{colours:?}");
        // Nothing more is to be done.
        migrate_up(&app.db);
    }

    fn the_use_of_a_key_is_no_change(db: Database) {
        db.execute("CREATE TABLE api_thing (id INTEGER PRIMARY KEY, name TEXT, digest TEXT, last_used_at TEXT)");
        migrate_up(&db);
        db.execute("INSERT INTO api_thing VALUES (1, 'a', 'secret', NULL); UPDATE api_thing SET last_used_at = 'today'");
        let entries = || db.texts("SELECT CAST(before AS text) AS value FROM history ORDER BY id");
        assert!(entries().is_empty());
        db.execute("UPDATE api_thing SET last_used_at = 'tomorrow', name = 'b'; DELETE FROM api_thing");
        let entries = entries();
        assert!(entries.len() == 2 && !entries.concat().contains("secret") && entries[1].contains("tomorrow"), "{entries:?}");
    }

    fn a_trigger_that_was_removed_or_switched_off_is_missed(db: Database) {
        if db.is_postgres() {
            db.execute("ALTER TABLE thing DISABLE TRIGGER keep_history; DROP TRIGGER keep_history_truncate ON \"group\"");
        } else {
            db.execute("DROP TRIGGER history_of_thing_update; DROP TRIGGER history_of_group_delete");
        }
        let refusal = db.refuses_to_start(|_| {});
        assert!(refusal.contains("changes of group, thing would not be kept"), "{refusal}");
        migrate_up(&db);
        db.start().get("/location").expect(200);
    }

    fn a_table_that_is_missing_is_missed(db: Database) {
        db.execute("DROP TABLE aquifer_type; DROP TABLE phone");
        let refusal = db.refuses_to_start(|_| {});
        assert!(refusal.contains("lacks the table(s) aquifer_type, phone"), "{refusal}");
    }

    fn wide_tables_and_odd_names_are_kept(db: Database) {
        let columns: Vec<String> = (0..150).map(|at| format!("\"Column {at}\" TEXT")).collect();
        db.execute(&format!("CREATE TABLE \"Odd name's\" (id INTEGER PRIMARY KEY, {}); CREATE TABLE keyless (name TEXT)", columns.join(", ")));
        migrate_up(&db);
        db.execute("INSERT INTO \"Odd name's\" (id, \"Column 0\", \"Column 149\") VALUES (1, 'first', 'last'); \
            UPDATE \"Odd name's\" SET \"Column 100\" = 'x'; INSERT INTO keyless VALUES ('a'); DELETE FROM keyless");
        let image: Value = serde_json::from_str(&db.texts("SELECT CAST(before AS text) AS value FROM history WHERE row_id = 1")[0]).unwrap();
        assert_eq!((&image["Column 0"], &image["Column 100"], &image["Column 149"]), (&json!("first"), &Value::Null, &json!("last")));
        assert_eq!(image.as_object().unwrap().len(), 151);
        assert_eq!(db.number("SELECT count(*) FROM history WHERE table_name = 'keyless' AND row_id IS NULL AND action = 'delete'"), 1);
    }
}
