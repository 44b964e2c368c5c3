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

both! {
    fn a_database_of_the_last_release_keeps_its_data_up_and_down(db: Database) {
        assert!(migrate_by(&db, migrate::down).unwrap().ends_with("_version"));
        db.execute(ROWS);
        let things = db.number("SELECT count(*) FROM thing");
        assert!(things > 0);
        assert_eq!(migrate_by(&db, migrate::up).len(), 1);
        assert_eq!(db.number("SELECT count(*) FROM thing WHERE version = 1"), things);
        db.execute("UPDATE thing SET name = 'renamed'");
        assert_eq!(db.number("SELECT count(*) FROM thing WHERE version = 2 AND name = 'renamed'"), things);
        migrate_by(&db, migrate::down);
        assert_eq!(db.number("SELECT count(*) FROM thing WHERE name = 'renamed'"), things);
    }

    fn every_table_has_a_version_that_every_write_raises(db: Database) {
        db.execute(ROWS);
        let tables = if db.is_postgres() {
            "SELECT table_name AS value FROM information_schema.tables WHERE table_schema = 'public' \
             AND table_type = 'BASE TABLE' AND table_name NOT IN ('__diesel_schema_migrations', 'spatial_ref_sys')"
        } else {
            "SELECT name AS value FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE TABLE%' \
             AND name NOT LIKE 'sqlite%' AND name NOT LIKE '%\\_fts%' ESCAPE '\\' \
             AND name NOT LIKE '%\\_rtree%' ESCAPE '\\' AND name <> '__diesel_schema_migrations'"
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
