//! `ocotillo history prune`

use super::*;
use crate::service::program;

both! {
    fn old_entries_are_removed_and_counted(db: Database) {
        let many = if db.is_postgres() { "generate_series(1, 4500) numbers (n)" } else {
            "(WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 4500) SELECT n FROM numbers)"
        };
        db.execute(&format!("INSERT INTO history (table_name, row_id, action, before, changed_at) \
            SELECT 'thing', n, 'update', '{{}}', '2020-12-31 23:59:59.999' FROM {many}"));
        let app = db.start();
        let id = app.create("/location", place())["id"].as_i64().unwrap();
        for elevation in 1..=3 {
            app.patch(&format!("/location/{id}"), json!({"elevation": elevation})).expect(200);
        }
        app.db.execute("UPDATE history SET changed_at = '2021-01-01 00:00:00' WHERE id = (SELECT min(id) FROM history WHERE table_name = 'location')");
        let created = history(&app, "location", id).pop();
        // A server may be at it meanwhile.
        let prune = |before: &str| program(&["history", "prune", "--before", before, "--database-url", &app.db.url], &[]);
        let (ok, text) = prune("2021-01-01");
        assert!(ok && text.ends_with("removed 4500 entries from before 2021-01-01\n"), "{text}");
        assert_eq!(app.db.number("SELECT count(*) FROM history"), 3);
        let (ok, text) = prune("2021-01-02");
        assert!(ok && text.ends_with("removed 1 entries from before 2021-01-02\n"), "{text}");
        let entries = history(&app, "location", id);
        assert_eq!((actions(&entries), entries.last().cloned()), (vec!["update", "update", "create"], created));
        assert!(prune("2021-01-02").1.contains("removed 0 entries"));
        for wrong in ["2206-01-01", "yesterday", "2021-02-30"] {
            assert!(!prune(wrong).0, "{wrong}");
        }
        assert_eq!(app.db.number("SELECT count(*) FROM history"), 2);
    }
}
