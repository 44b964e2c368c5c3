//! Every row has a version, which every write raises; databases of the last release get it with their data, and lose it again.

use ocotillo::config::Config;
use ocotillo::db::migrate;
use ocotillo::server;

use crate::support::*;

const ROWS: &str = include_str!("../fixtures/one_row_each.sql");

fn migrate_by<T>(
    db: &Database,
    change: impl FnOnce(&mut ocotillo::db::Connection) -> Result<T, migrate::MigrateError>,
) -> T {
    let mut config = Config::default();
    config.database.url = db.url.clone();
    config.concurrency.pool_size = Some(1);
    server::connect(&config).unwrap().executor.admin_blocking(change).unwrap()
}

/// Reverts migrations until the one whose name ends so is reverted; returns how many.
fn down_to(db: &Database, name: &str) -> usize {
    let mut reverted = 1;
    while !migrate_by(db, migrate::down).unwrap().ends_with(name) {
        reverted += 1;
    }
    reverted
}

both! {
    fn a_database_of_the_last_release_keeps_its_data_up_and_down(db: Database) {
        let reverted = down_to(&db, "_version");
        // What came later had no rows then.
        let rows: Vec<&str> = ROWS
            .lines()
            .filter(|line| {
                [
                    "api_key",
                    "asset",
                    "destination",
                    "feedback",
                    "geochronology_age",
                    "geothermal_well",
                    "idempotency",
                    "permission_grant",
                    "pub_author",
                    "publication",
                ]
                    .iter()
                    .all(|new| !line.starts_with(&format!("insert into {new}")))
            })
            .collect();
        db.execute(&rows.join("\n"));
        db.execute("INSERT INTO data_provenance (target_table, target_id, field_name, origin_source) VALUES \
            ('location', 1, 'elevation', 'USGS, NGVD29, by eye'), ('location', 2, 'elevation', 'USGS, NAVD88'), \
            ('thing', 2, 'elevation', 'USGS, NGVD29')");
        let things = db.number("SELECT count(*) FROM thing");
        assert!(things > 0);
        assert_eq!(migrate_by(&db, migrate::up).len(), reverted);
        // What an import has said of an elevation is now shown with it.
        let datums = db.texts("SELECT vertical_datum AS value FROM location ORDER BY id");
        assert_eq!(datums, ["NGVD29", "NAVD88"]);
        assert_eq!(db.number("SELECT count(*) FROM thing WHERE version = 1"), things);
        db.execute("UPDATE thing SET name = 'renamed'");
        assert_eq!(db.number("SELECT count(*) FROM thing WHERE version = 2 AND name = 'renamed'"), things);
        down_to(&db, "_version");
        assert_eq!(db.number("SELECT count(*) FROM thing WHERE name = 'renamed'"), things);
    }

    fn what_is_said_of_a_row_goes_with_its_table(db: Database) {
        db.execute(ROWS);
        let tables = ["location", "group", "thing", "contact", "sensor", "deployment"];
        for table in tables {
            db.execute(&format!("INSERT INTO notes (target_table, target_id, note_type, content) VALUES ('{table}', 1, 'General', '{table}');
                INSERT INTO data_provenance (target_table, target_id) VALUES ('{table}', 1);
                INSERT INTO status_history (target_table, target_id, status_type, status_value, start_date) \
                    VALUES ('{table}', 1, 'Well Status', 'Abandoned', '2020-01-01')"));
        }
        loop {
            let reverted = migrate_by(&db, migrate::down).unwrap();
            for said in db.tables_with("target_table") {
                for about in db.texts(&format!("SELECT DISTINCT target_table AS value FROM {said}")) {
                    assert!(db.tables_with("id").contains(&about), "{reverted} leaves {said} of {about}");
                }
            }
            if reverted.ends_with("_group_parameter") {
                break;
            }
        }
        assert_eq!(db.texts("SELECT DISTINCT content AS value FROM notes"), ["location"], "the location is still there");
        migrate_by(&db, migrate::up);
        let app = db.start();
        let well = app.create("/thing/water-well", json!({"name": "a new one"}));
        assert_eq!((&well["id"], &well["general_notes"], &well["well_status"]), (&json!(1), &json!([]), &Value::Null));
    }

    fn no_id_is_given_twice(db: Database) {
        let numbered_otherwise = if db.is_postgres() {
            "SELECT table_name AS value FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name) \
             WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND column_name = 'id' AND is_identity = 'NO'"
        } else {
            "SELECT m.name AS value FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND c.name = 'id' \
             AND m.sql LIKE 'CREATE TABLE%' AND m.name NOT LIKE '%\\_fts%' ESCAPE '\\' AND m.name NOT LIKE '%\\_rtree%' ESCAPE '\\' \
             AND m.sql NOT LIKE '%AUTOINCREMENT%'"
        };
        assert!(db.texts(numbered_otherwise).is_empty());
        let app = db.start();
        let new = |app: &App| app.create("/location", json!({"point": "POINT (-106 34)", "elevation": 1}))["id"].as_i64().unwrap();
        let mut last = new(&app);
        let mut must_be_later = |app: &App| {
            let id = new(app);
            assert!(id > last, "{id} after {last}");
            last = id;
            assert_eq!(app.delete(&format!("/location/{id}")).status, 204);
        };
        // After the newest is gone, after a refused form, after an import, after a change of the schema and back.
        must_be_later(&app);
        must_be_later(&app);
        app.post("/location", json!({"point": "POINT (-106 34)", "elevation": 1, "release_status": "nonsense"})).expect(422);
        must_be_later(&app);
        let db = app.finish();
        crate::import::executor(&db).write_blocking(ocotillo::import::demo::load).unwrap();
        db.execute("DELETE FROM location");
        down_to(&db, "_version");
        migrate_by(&db, migrate::up);
        let app = db.start();
        must_be_later(&app);
        must_be_later(&app);
    }

    fn every_table_has_a_version_that_every_write_raises(db: Database) {
        db.execute(ROWS);
        let tables = if db.is_postgres() {
            "SELECT table_name AS value FROM information_schema.tables WHERE table_schema = 'public' \
             AND table_type = 'BASE TABLE' AND table_name NOT IN ('__diesel_schema_migrations', 'spatial_ref_sys', 'history')"
        } else {
            "SELECT name AS value FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE TABLE%' \
             AND name NOT LIKE 'sqlite%' AND name NOT LIKE '%\\_fts%' ESCAPE '\\' \
             AND name NOT LIKE '%\\_rtree%' ESCAPE '\\' AND name NOT IN ('__diesel_schema_migrations', 'history', 'history_context')"
        };
        let tables = db.texts(tables);
        assert!(tables.len() > 40, "{tables:?}");
        for table in tables {
            let before = db.number(&format!("SELECT max(version) FROM \"{table}\""));
            // A write that changes nothing is a write too.
            db.execute(&format!("UPDATE \"{table}\" SET id = id"));
            assert_eq!(db.number(&format!("SELECT max(version) FROM \"{table}\"")), before + 1, "{table}");
        }
    }

    fn a_change_through_the_api_raises_the_version(db: Database) {
        let app = db.start();
        let place = app.create("/location", json!({"point": "POINT (-106 34)", "elevation": 1}));
        let id = place["id"].as_i64().unwrap();
        app.patch(&format!("/location/{id}"), json!({"elevation": 2})).expect(200);
        assert_eq!(app.db.number(&format!("SELECT version FROM location WHERE id = {id}")), 2);
    }
}
