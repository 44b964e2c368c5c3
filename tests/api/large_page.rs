//! Pages of more than 500 rows are sent in pieces. They must hold what small pages hold.

use crate::support::slow::{SlowClient, jobs_until_quiet};
use crate::support::*;

/// So many wells with notes, purposes and locations; names and depths repeat, some depths are null.
pub fn many(db: &Database, count: usize, suffix: &str) {
    let numbers = format!("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})");
    db.execute(&format!(
        "INSERT INTO thing (name, thing_type, well_depth) {numbers}
             SELECT 'NM-' || (i % 100) || '{suffix}', 'water well', CASE WHEN i % 7 = 0 THEN NULL ELSE i % 50 END FROM n;
         INSERT INTO location (longitude, latitude, elevation) {numbers} SELECT -103 - i * 0.001, 33.5, 1000 + i FROM n;
         INSERT INTO location_thing_association (location_id, thing_id, effective_start)
             SELECT id, id, '2020-01-01 00:00:00' FROM thing WHERE id % 5 > 0;
         INSERT INTO well_purpose (thing_id, purpose) SELECT id, 'Domestic' FROM thing WHERE id % 3 = 0;
         INSERT INTO notes (target_table, target_id, note_type, content) SELECT 'thing', id, 'General', 'n' || id FROM thing"
    ));
}

/// So many readings of one deployment, a day apart, in one block but for the last ten.
pub fn series(db: &Database, count: usize) {
    db.execute(&format!(
        "INSERT INTO sensor (name, sensor_type) VALUES ('Diver', 'Pressure Transducer');
         INSERT INTO deployment (thing_id, sensor_id, installation_date) VALUES (1, 1, '2000-01-01');
         INSERT INTO transducer_observation_block (thing_id, parameter_id, review_status, start_datetime, end_datetime)
             VALUES (1, 1, 'approved', '2000-01-01 00:00:00', '2000-01-01 12:00:00');
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
         INSERT INTO transducer_observation (parameter_id, deployment_id, observation_datetime, value)
             SELECT 1, 1, {}, i % 10 FROM n",
        if db.is_postgres() {
            format!("timestamp '2000-01-01 12:00:00' + (i - {count} + 10) * interval '1 second'")
        } else {
            format!("strftime('%Y-%m-%d %H:%M:%f', '2000-01-01 12:00:00', (i - {count} + 10) || ' seconds') || '000'")
        }
    ));
}

/// The large page and the small ones it consists of must agree.
fn compare(app: &App, list: &str) {
    let glue = if list.contains('?') { '&' } else { '?' };
    let large = app.get(&format!("{list}{glue}size=2000"));
    assert_eq!(large.header("content-type"), Some("application/json"));
    let large = large.expect(200);
    let small = |page: usize| app.get(&format!("{list}{glue}size=300&page={page}")).expect(200);
    let first = small(1);
    let total = first["total"].as_i64().unwrap();
    assert!(total > 500, "{list}: {total}");
    assert_eq!(large.as_object().unwrap().keys().collect::<Vec<_>>(), ["items", "total", "page", "size", "pages"]);
    assert_eq!(
        (&large["total"], &large["page"], &large["size"], &large["pages"]),
        (&json!(total), &json!(1), &json!(2000), &json!(1))
    );
    let pages: usize = usize::try_from((total + 299) / 300).unwrap();
    let items: Vec<Value> = (1..=pages).flat_map(|page| small(page)["items"].as_array().unwrap().clone()).collect();
    assert_eq!(large["items"], json!(items), "{list}");
}

both! {
    fn it_holds_what_small_pages_hold(db: Database) {
        many(&db, 1100, "");
        series(&db, 900);
        let app = db.start();
        compare(&app, "/thing/water-well");
        compare(&app, "/thing/water-well?sort=name&order=desc");
        compare(&app, &format!("/thing?sort=well_depth&{}", filter("well_depth", "gt", json!(5))));
        compare(&app, "/location?sort=elevation&order=desc");
        compare(&app, "/lexicon/term");
        compare(&app, "/observation/transducer-groundwater-level?thing_id=1");
        compare(&app, "/observation/transducer-groundwater-level?sort=value&order=asc");
    }

    fn it_may_be_empty_or_end_within_the_first_piece(db: Database) {
        many(&db, 700, "");
        let app = db.start();
        assert_eq!(app.get("/thing/spring?size=10000").text(), r#"{"items":[],"total":0,"page":1,"size":10000,"pages":0}"#);
        let beyond = app.get("/thing/water-well?size=600&page=3").expect(200);
        assert_eq!(beyond, json!({"items": [], "total": 700, "page": 3, "size": 600, "pages": 2}));
        let last = app.get("/thing/water-well?size=600&page=2").expect(200);
        assert_eq!((last["items"].as_array().unwrap().len(), &last["items"][0]["id"]), (100, &json!(601)));
    }

    fn a_mistake_is_told_before_it_begins(db: Database) {
        let app = db.start();
        assert_eq!(app.get("/thing/water-well?size=10000&sort=nonsense").status, 422);
        assert_eq!(app.get("/thing/water-well?size=10001").status, 422);
        assert_eq!(app.get("/observation/transducer-groundwater-level?size=10000&sort=nonsense").status, 422);
    }

    fn a_slow_client_holds_nothing_and_misses_only_what_is_removed(db: Database) {
        many(&db, 2000, &"-".repeat(8000));
        let app = db.start();
        let slow = SlowClient::begin(&app, "/thing/water-well?size=10000");
        let asked = jobs_until_quiet(&app, "list_wells");
        assert!(asked < 8, "{asked}: the client has not got everything");
        app.delete("/thing/2000").expect(204);
        app.create("/thing/water-well", json!({"name": "new"}));
        let (body, proper) = slow.finish();
        assert!(proper);
        let page: Value = serde_json::from_str(&body).unwrap();
        let ids: Vec<i64> = page["items"].as_array().unwrap().iter().map(|item| item["id"].as_i64().unwrap()).collect();
        assert_eq!(ids, (1..2000).collect::<Vec<_>>());
        assert_eq!(page["total"], 2000, "as it was when the page was fixed");
    }
}
