//! Both schemas say the same, every constraint is answered, and migrations go up and down.

use std::collections::{BTreeMap, BTreeSet};

use diesel::result::Error;
use ocotillo::StoreError;
use ocotillo::config::Config;
use ocotillo::db::migrate;
use ocotillo::{db, server};

use crate::support::*;

const ROWS: &str = include_str!("../fixtures/one_row_each.sql");

/// What can be compared between the two catalogs, one text a fact.
fn catalog(db: &Database) -> BTreeSet<String> {
    let facts = if db.is_postgres() {
        db.texts(
            "SELECT 'column ' || c.table_name || '.' || c.column_name || ' ' || c.is_nullable AS value \
             FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name) \
             WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.is_generated = 'NEVER' \
               AND c.table_name NOT IN ('__diesel_schema_migrations', 'spatial_ref_sys') \
             UNION ALL \
             SELECT 'key ' || r.relname || ' -> ' || f.relname || ' ' || confdeltype::text || confupdtype::text || ' ' || \
                    (SELECT attname FROM pg_attribute WHERE attrelid = k.conrelid AND attnum = k.conkey[1]) \
             FROM pg_constraint k JOIN pg_class r ON r.oid = conrelid JOIN pg_class f ON f.oid = confrelid \
             WHERE contype = 'f' \
             UNION ALL \
             SELECT 'constraint ' || conname FROM pg_constraint k JOIN pg_class r ON r.oid = conrelid \
             WHERE r.relnamespace = 'public'::regnamespace AND contype IN ('c', 'u', 'f', 'p') \
               AND r.relname NOT IN ('__diesel_schema_migrations', 'spatial_ref_sys') \
             UNION ALL \
             SELECT 'index ' || i.indexname FROM pg_indexes i WHERE schemaname = 'public' \
               AND tablename NOT IN ('__diesel_schema_migrations', 'spatial_ref_sys') \
               AND indexdef !~ ' USING (gin|gist) ' \
               AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = i.indexname)",
        )
    } else {
        db.texts(
            "WITH t AS (SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' \
                AND name NOT LIKE '%\\_fts%' ESCAPE '\\' AND name NOT LIKE '%\\_rtree%' ESCAPE '\\' \
                AND name NOT IN ('__diesel_schema_migrations', 'history_context')) \
             SELECT 'column ' || t.name || '.' || c.name || ' ' || iif(c.\"notnull\", 'NO', 'YES') AS value \
             FROM t, pragma_table_info(t.name) c \
             UNION ALL \
             SELECT 'key ' || t.name || ' -> ' || f.\"table\" || ' ' || \
                CASE f.on_delete WHEN 'CASCADE' THEN 'c' WHEN 'SET NULL' THEN 'n' ELSE 'a' END || \
                CASE f.on_update WHEN 'CASCADE' THEN 'c' ELSE 'a' END || ' ' || f.\"from\" \
             FROM t, pragma_foreign_key_list(t.name) f \
             UNION ALL \
             SELECT 'index ' || name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
        )
    };
    let mut facts: BTreeSet<String> = facts.into_iter().collect();
    if !db.is_postgres() {
        for sql in db.texts("SELECT sql AS value FROM sqlite_master WHERE type = 'table' AND sql LIKE '%CONSTRAINT%' AND name <> 'history_context'") {
            for name in sql.split("CONSTRAINT ").skip(1).map(|rest| rest.split_whitespace().next().unwrap()) {
                facts.insert(format!("constraint {name}"));
            }
        }
    }
    facts
        .into_iter()
        // Types that only PostgreSQL has are checks in SQLite.
        .filter(|fact| !fact.ends_with("_length_check") && !fact.ends_with("_boolean_check"))
        // The one unique rule over an expression: a constraint there, an index here.
        .filter(|fact| !fact.ends_with(" group_name_group_type_key"))
        .collect()
}

#[test]
#[ignore = "needs OCOTILLO_TEST_POSTGRES_URL"]
fn both_schemas_say_the_same() {
    let postgres = Database::postgres();
    let (left, right) = (catalog(&postgres), catalog(&Database::sqlite()));
    let only = |a: &BTreeSet<String>, b: &BTreeSet<String>| a.difference(b).cloned().collect::<Vec<_>>();
    assert_eq!((only(&left, &right), only(&right, &left)), (vec![], vec![]));
    assert!(left.len() > 700, "{} facts compared", left.len());
}

#[test]
fn migrations_have_the_same_names() {
    let names = |backend: &str| -> BTreeSet<String> {
        let path = format!("{}/migrations/{backend}", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    };
    assert_eq!(names("postgres"), names("sqlite"));
}

fn columns(db: &Database) -> BTreeMap<String, Vec<(String, bool)>> {
    let mut tables: BTreeMap<String, Vec<(String, bool)>> = BTreeMap::new();
    for fact in catalog(db) {
        if let Some(column) = fact.strip_prefix("column ") {
            let (name, nullable) = column.split_once(' ').unwrap();
            let (table, column) = name.split_once('.').unwrap();
            tables.entry(table.to_owned()).or_default().push((column.to_owned(), nullable == "YES"));
        }
    }
    tables
}

/// The statement must violate a constraint, and the violation must have an answer without the database's words.
fn must_be_answered(db: &Database, sql: &str) -> String {
    let error = db.try_execute(sql).expect_err(sql);
    let violation = db::classify(&error).unwrap_or_else(|| panic!("{sql}: {error:?}"));
    let problem = ocotillo::answer(&violation);
    assert!(
        !problem.msg.is_empty() && !problem.msg.contains("violates") && !problem.msg.contains("failed"),
        "{problem:?}"
    );
    let Error::DatabaseError(..) = error else { panic!("{error:?}") };
    violation.constraint.unwrap_or_default()
}

both! {
    /// `pg_restore` makes tables with an empty search path, and columns are computed with these functions.
    fn functions_of_columns_and_indexes_are_found_without_a_search_path(db: Database) {
        if db.is_postgres() {
            db.execute("SET search_path = ''; SELECT public.search_text('\u{c4} b'), public.fold('\u{c4} b'); SET search_path = public");
        }
    }

    fn every_constraint_of_every_table_is_answered(db: Database) {
        db.execute(ROWS);
        // A row of what is kept, too.
        db.execute("UPDATE sensor SET model = 'other'");
        let mut seen = BTreeSet::new();
        for (table, columns) in columns(&db) {
            let first = format!("id = (SELECT min(id) FROM \"{table}\")");
            for (column, nullable) in &columns {
                // (Nobody writes versions: see below.)
                if !nullable && column != "id" && column != "version" {
                    must_be_answered(&db, &format!("UPDATE \"{table}\" SET \"{column}\" = NULL WHERE {first}"));
                }
            }
            let duplicate = format!("INSERT INTO \"{table}\" SELECT * FROM \"{table}\" WHERE {first}");
            if !db.is_postgres() {
                // (PostgreSQL's generated columns cannot be copied this way.)
                must_be_answered(&db, &duplicate);
            }
        }
        for fact in catalog(&db).into_iter().filter(|fact| fact.starts_with("key ")) {
            let words: Vec<&str> = fact.split(' ').collect();
            let (table, column) = (words[1], words[5]);
            let nothing = if words[3] == "lexicon_term" && !column.ends_with("_id") { "'no such term'" } else { "987654" };
            let row = format!("id = (SELECT min(id) FROM \"{table}\")");
            seen.insert(must_be_answered(&db, &format!("UPDATE \"{table}\" SET \"{column}\" = {nothing} WHERE {row}")));
        }
        if db.is_postgres() {
            assert!(seen.len() > 100, "PostgreSQL names its keys: {}", seen.len());
        }
        for (sql, name) in [
            ("UPDATE location SET longitude = 181", "location_longitude_range_check"),
            ("UPDATE location SET latitude = -91", "location_latitude_range_check"),
            ("UPDATE transducer_observation_block SET end_datetime = '1999-01-01 00:00:00'",
                "transducer_observation_block_time_order_check"),
            ("INSERT INTO \"group\" (name) VALUES ('G')", "group_name_group_type_key"),
            ("INSERT INTO lexicon_term (term, definition) VALUES ('PVC', 'again')", "lexicon_term_term_key"),
            ("INSERT INTO lexicon_category (name) VALUES ('unit')", "lexicon_category_name_key"),
            ("INSERT INTO sensor (name, sensor_type, serial_no) VALUES ('S', 'Barometer', 's1')", "sensor_serial_no_key"),
            ("INSERT INTO parameter (parameter_name, matrix, default_unit) VALUES ('pH', 'groundwater', 'ft')",
                "parameter_parameter_name_matrix_key"),
            ("INSERT INTO contact (name, organization, role, contact_type) VALUES ('One', 'USGS', 'Owner', 'Primary')",
                "contact_name_organization_key"),
            ("INSERT INTO sample (field_activity_id, sample_date, sample_name, sample_matrix, sample_method, qc_type) \
                SELECT field_activity_id, sample_date, sample_name, sample_matrix, sample_method, qc_type FROM sample",
                "sample_sample_name_key"),
            ("INSERT INTO publication (title, publication_type, doi) VALUES ('t', 'Map', '10.1/x')", "publication_doi_key"),
            ("INSERT INTO pub_author (name) VALUES ('a')", "pub_author_name_key"),
            ("INSERT INTO pub_author_publication_association (publication_id, author_id, author_order) VALUES (1, 1, 2)",
                "pub_author_publication_association_publication_id_author_id_key"),
            ("INSERT INTO destination (slug, name, destination_kind, active) VALUES ('d', 'D', 'document', TRUE)", "destination_slug_key"),
            ("UPDATE permission_grant SET scope_type = 'thing'", "permission_grant_scope_check"),
            ("UPDATE permission_grant SET ends_at = '2019-12-31'", "permission_grant_time_order_check"),
            ("UPDATE publication_consent SET ends_at = '2019-12-31'", "publication_consent_time_order_check"),
            ("INSERT INTO publication_consent (thing_id, destination_id, data_type, starts_at) VALUES (1, 1, 'all', '2021-01-01')",
                "publication_consent_thing_id_destination_id_data_type_key"),
            ("UPDATE feedback SET type = 'praise'", "feedback_type_check"),
            ("INSERT INTO group_thing_association (group_id, thing_id) VALUES (1, 1)",
                "group_thing_association_group_id_thing_id_key"),
        ] {
            assert_eq!(must_be_answered(&db, sql), name, "{sql}");
        }
        // A term in use, a deployed sensor, a measured parameter.
        for table in ["lexicon_term WHERE term = 'ft'", "sensor", "parameter"] {
            let before = db.number(&format!("SELECT count(*) FROM {table}"));
            must_be_answered(&db, &format!("DELETE FROM {table}"));
            assert!(before > 0 && db.number(&format!("SELECT count(*) FROM {table}")) == before, "{table}");
        }
    }

    fn every_write_raises_the_version_of_its_rows(db: Database) {
        db.execute(ROWS);
        let tables = db.tables_with("created_at");
        assert_eq!(db.tables_with("version").iter().filter(|table| !table.starts_with("__")).collect::<Vec<_>>(), tables.iter().collect::<Vec<_>>());
        assert!(tables.len() > 35, "{tables:?}");
        for table in tables {
            let number = |what: &str| db.number(&format!("SELECT {what} FROM \"{table}\""));
            let (sum, rows) = (number("sum(version)"), number("count(*)"));
            assert!(rows > 0 && sum >= rows, "{table}");
            db.execute(&format!("UPDATE \"{table}\" SET created_at = created_at"));
            assert_eq!(number("sum(version)"), sum + rows, "{table}: one more a row");
            db.execute(&format!("UPDATE \"{table}\" SET created_at = created_at WHERE id = (SELECT max(id) FROM \"{table}\")"));
            assert_eq!(number("sum(version)"), sum + rows + 1, "{table}: of what was written only");
        }
        let of_screens = "SELECT sum(version) FROM well_screen";
        let before = db.number(of_screens);
        db.execute("DELETE FROM aquifer_system");
        assert_eq!(db.number(of_screens), before + 1, "by a cascade too");
    }

    fn migrations_go_down_and_up_again(db: Database) {
        db.execute(ROWS);
        let mut config = Config::default();
        config.database.url = db.url.clone();
        config.concurrency.pool_size = Some(1);
        let executor = server::connect(&config).unwrap().executor;
        let before = catalog(&db);
        let mut reverted = 0;
        while let Some(name) = executor.admin_blocking(migrate::down).unwrap() {
            assert!(name.starts_with("20"));
            reverted += 1;
        }
        assert_eq!(catalog(&db), BTreeSet::new());
        let applied = executor.admin_blocking(migrate::up).unwrap();
        assert_eq!(applied.len(), reverted);
        assert_eq!(catalog(&db), before);
        assert_eq!(executor.admin_blocking(migrate::up).unwrap(), Vec::<String>::new());
        let states = executor.admin_blocking(migrate::status).unwrap();
        assert!(states.iter().all(|state| state.applied) && states.len() == reverted);
    }

    fn a_newer_schema_is_refused(db: Database) {
        db.execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('20990101000000')");
        let refusal = db.refuses_to_start(|_| {});
        assert!(refusal.contains("20990101000000") && refusal.contains("newer"), "{refusal}");
        assert!(db.refuses_to_start(|config| config.database.migrate_on_start = true).contains("newer"));
    }

    fn pending_migrations_are_refused_when_they_may_not_be_applied(db: Database) {
        db.execute("DELETE FROM __diesel_schema_migrations WHERE version LIKE '%00700'");
        assert!(db.refuses_to_start(|_| {}).contains("ocotillo migrate up"));
    }
}

/// Three instances at once on a database without tables.
fn start_together(db: &Database) {
    let starts: Vec<_> = (0..3)
        .map(|_| {
            let mut config = Config::default();
            config.database.url = db.url.clone();
            config.concurrency.pool_size = Some(1);
            std::thread::spawn(move || server::prepare(&config).map(drop).map_err(|error| error.to_string()))
        })
        .collect();
    for start in starts {
        start.join().unwrap().unwrap();
    }
    assert_eq!(db.number("SELECT count(*) FROM lexicon_term"), 1151);
}

#[test]
fn instances_that_start_together_migrate_once_on_sqlite() {
    start_together(&Database::empty_sqlite());
}

#[test]
#[ignore = "needs OCOTILLO_TEST_POSTGRES_URL"]
fn instances_that_start_together_migrate_once_on_postgres() {
    start_together(&Database::empty_postgres());
}

#[test]
fn a_refused_rollback_leaves_the_first_error() {
    // A job's own error comes out although its transaction is rolled back.
    let db = Database::sqlite();
    let mut config = Config::default();
    config.database.url = db.url.clone();
    let executor = server::connect(&config).unwrap().executor;
    let result: Result<(), StoreError> = executor.write_blocking(|_| Err(StoreError::not_found("Thing", 7)));
    assert_eq!(result.unwrap_err().to_string(), "Thing with ID 7 not found.");
}
