//! Readings: lists, single ones, ranges; and what the tests of blocks share.

use crate::support::*;

pub const PATH: &str = "/observation/transducer-groundwater-level";

/// A thing with one deployment, and the seeded parameter.
#[derive(Clone, Copy)]
pub struct Site {
    pub thing: i64,
    pub deployment: i64,
    pub parameter: i64,
}

impl Site {
    pub fn new(db: &Database, name: &str) -> Self {
        db.execute(&format!(
            "INSERT INTO thing (name, thing_type, release_status) VALUES ('{name}', 'water well', 'draft')"
        ));
        let thing = db.number(&format!("SELECT id FROM thing WHERE name = '{name}'"));
        let parameter = db.number("SELECT min(id) FROM parameter WHERE parameter_name = 'groundwater level'");
        Self { thing, deployment: deploy(db, thing, None, None), parameter }
    }

    pub fn body(&self, measurements: Value) -> Value {
        json!({"thing_id": self.thing, "parameter_id": self.parameter, "measurements": measurements})
    }

    /// Publishes a block with a reading a day.
    pub fn publish(&self, app: &App, days: std::ops::RangeInclusive<u32>) -> Value {
        app.create(&format!("{PATH}/block"), self.body(json!(days.map(measurement).collect::<Vec<_>>())))
    }

    /// A block without readings, as old data may have, overlapping or not.
    pub fn block(&self, db: &Database, first: u32, last: u32) -> i64 {
        let Self { thing, parameter, .. } = self;
        db.execute(&format!(
            "INSERT INTO transducer_observation_block (thing_id, parameter_id, review_status, release_status, \
             start_datetime, end_datetime) VALUES ({thing}, {parameter}, 'not reviewed', 'draft', \
             '2026-01-{first:02} 00:00:00', '2026-01-{last:02} 00:00:00')"
        ));
        db.number("SELECT max(id) FROM transducer_observation_block")
    }

    /// A reading outside all rules.
    pub fn reading(&self, db: &Database, day: u32, value: f64) -> i64 {
        self.reading_at(db, &format!("2026-01-{day:02} 00:00:00"), value)
    }

    pub fn reading_at(&self, db: &Database, time: &str, value: f64) -> i64 {
        let Self { deployment, parameter, .. } = self;
        db.execute(&format!(
            "INSERT INTO transducer_observation (deployment_id, parameter_id, observation_datetime, value) \
             VALUES ({deployment}, {parameter}, '{time}', {value})"
        ));
        db.number("SELECT max(id) FROM transducer_observation")
    }

    pub fn list(&self, app: &App, query: &str) -> Value {
        app.get(&format!("{PATH}?thing_id={}&{query}", self.thing)).expect(200)
    }

    pub fn delete_range(&self, app: &App, start: &str, end: &str) -> Reply {
        app.delete(&format!("{PATH}?thing_id={}&start_time={start}&end_time={end}", self.thing))
    }
}

pub fn deploy(db: &Database, thing: i64, from: Option<&str>, to: Option<&str>) -> i64 {
    let date = |date: Option<&str>| date.map_or("NULL".to_owned(), |date| format!("'{date}'"));
    db.execute("INSERT INTO sensor (name, sensor_type) VALUES ('Diver', 'Pressure Transducer')");
    db.execute(&format!(
        "INSERT INTO deployment (thing_id, sensor_id, installation_date, removal_date) \
         SELECT {thing}, max(id), {}, {} FROM sensor",
        date(from),
        date(to)
    ));
    db.number("SELECT max(id) FROM deployment")
}

pub fn time(day: u32) -> String {
    format!("2026-01-{day:02}T00:00:00Z")
}

pub fn measurement(day: u32) -> Value {
    json!({"observation_datetime": time(day), "value": f64::from(day)})
}

pub fn days(page: &Value) -> Vec<u32> {
    let items = page["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| item["observation"]["observation_datetime"].as_str().unwrap()[8..10].parse().unwrap())
        .collect()
}

pub fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

/// `["body", ...]` of the only problem.
pub fn only(detail: &Value) -> (&Value, &str, &str) {
    assert_eq!(detail.as_array().unwrap().len(), 1, "{detail}");
    (&detail[0]["loc"], detail[0]["type"].as_str().unwrap(), detail[0]["msg"].as_str().unwrap())
}

both! {
    fn readings_without_a_block_are_neither_listed_nor_counted(db: Database) {
        let app = db.start();
        let site = Site::new(&app.db, "A");
        for day in 1..=12 {
            site.reading(&app.db, day, f64::from(day));
        }
        assert_eq!(site.list(&app, "")["total"], 0);
        assert_eq!(app.get(PATH).expect(200)["items"], json!([]));
        site.block(&app.db, 3, 4);
        site.block(&app.db, 6, 6);
        site.block(&app.db, 9, 11);
        let page = site.list(&app, "");
        assert_eq!((days(&page), &page["total"]), (vec![11, 10, 9, 6, 4, 3], &json!(6)));
        let all = app.get(PATH).expect(200);
        assert_eq!((days(&all), &all["total"]), (vec![11, 10, 9, 6, 4, 3], &json!(6)));
        assert_eq!(app.get(&format!("{PATH}?thing_id=4711")).expect(200)["total"], 0);
        assert_eq!(app.get(&format!("{PATH}?thing_id=99999999999")).expect(200)["total"], 0);
    }

    fn pages_and_their_total_agree(db: Database) {
        let app = db.start();
        let site = Site::new(&app.db, "A");
        for day in 1..=20 {
            site.reading(&app.db, day, f64::from(day));
        }
        site.block(&app.db, 2, 5);
        site.block(&app.db, 4, 9);
        site.block(&app.db, 12, 19);
        let other = Site { deployment: deploy(&app.db, site.thing, None, None), ..site };
        for day in 8..=13 {
            other.reading_at(&app.db, &format!("2026-01-{day:02} 12:00:00"), 100.0);
        }
        for of_thing in [format!("thing_id={}", site.thing), String::new()] {
            let whole = app.get(&format!("{PATH}?{of_thing}&size=1000")).expect(200);
            let items = whole["items"].as_array().unwrap();
            assert_eq!((items.len(), &whole["total"]), (19, &json!(19)), "8 + 8 readings, and three of the second sensor");
            let mut paged = Vec::new();
            for page in 1..=5 {
                let part = app.get(&format!("{PATH}?{of_thing}&size=4&page={page}")).expect(200);
                assert_eq!((&part["total"], &part["pages"]), (&json!(19), &json!(5)));
                paged.extend(part["items"].as_array().unwrap().clone());
            }
            assert_eq!(&paged, items);
            let beyond = app.get(&format!("{PATH}?{of_thing}&size=4&page=6")).expect(200);
            assert_eq!((&beyond["items"], &beyond["total"]), (&json!([]), &json!(19)));
            assert_eq!(app.get(&format!("{PATH}?{of_thing}&page=9223372036854775807&size=10000")).expect(200)["items"], json!([]));
        }
    }

    fn bounds_are_inclusive_and_both_count(db: Database) {
        let app = db.start();
        let site = Site::new(&app.db, "A");
        site.publish(&app, 1..=10);
        site.publish(&app, 15..=20);
        for (query, expected) in [
            ("start_time=2026-01-09T00:00:00Z&end_time=2026-01-15T00:00:00Z", vec![15, 10, 9]),
            ("start_time=2026-01-18T00:00:00.000001Z", vec![20, 19]),
            ("end_time=2026-01-02", vec![2, 1]),
            ("start_time=2026-01-03T01:00:00%2B01:00&end_time=2026-01-03T00:00:00Z", vec![3]),
            ("start_time=2026-01-11T00:00:00Z&end_time=2026-01-14T00:00:00Z", vec![]),
            ("start_time=2026-01-05T00:00:00Z&end_time=2026-01-04T00:00:00Z", vec![]),
        ] {
            let page = site.list(&app, query);
            assert_eq!(days(&page), expected, "{query}");
            assert_eq!(page["total"], expected.len(), "{query}");
            let all = app.get(&format!("{PATH}?{query}")).expect(200);
            assert_eq!((days(&all), &all["total"]), (expected.clone(), &json!(expected.len())), "{query}");
        }
        assert_eq!(app.get(&format!("{PATH}?start_time=soon&end_time=later&thing_id=x")).detail(422).as_array().unwrap().len(), 3);
    }

    fn sorting(db: Database) {
        let app = db.start();
        let site = Site::new(&app.db, "A");
        let ids: Vec<i64> = [(1, 5.0), (2, 7.0), (3, 5.0), (4, 1.0)]
            .map(|(day, value)| site.reading(&app.db, day, value)).to_vec();
        site.block(&app.db, 1, 3);
        site.block(&app.db, 4, 4);
        let sorted = |query: &str| {
            let ids_of = |page: Value| json!(page["items"].as_array().unwrap().iter().map(|item| item["observation"]["id"].clone()).collect::<Vec<_>>());
            let of_thing = ids_of(site.list(&app, query));
            assert_eq!(of_thing, ids_of(app.get(&format!("{PATH}?{query}")).expect(200)), "{query}");
            of_thing
        };
        let expect = |places: [usize; 4]| json!(places.map(|place| ids[place]));
        assert_eq!(sorted(""), expect([3, 2, 1, 0]));
        assert_eq!(sorted("sort=observation_datetime"), expect([0, 1, 2, 3]));
        assert_eq!(sorted("order=ASC"), expect([0, 1, 2, 3]), "a lone order is about the time");
        assert_eq!(sorted("sort=value"), expect([3, 0, 2, 1]));
        assert_eq!(sorted("sort=value&order=Desc"), expect([1, 2, 0, 3]), "ties by id, in the same direction");
        assert_eq!(sorted("sort=id&order=desc"), expect([3, 2, 1, 0]));
        assert_eq!(sorted("unheard_of=x"), expect([3, 2, 1, 0]), "other parameters are ignored");
        for column in ["thing_id", "block", "value; DROP TABLE thing"] {
            let detail = app.get(&format!("{PATH}?sort={}", encode(column))).detail(422);
            assert_eq!((only(&detail).0, only(&detail).1, &detail[0]["input"]), (&json!(["query", "sort"]), "value_error", &json!(column)));
        }
        assert_eq!(only(&app.get(&format!("{PATH}?sort=id&order=up")).detail(422)).0, &json!(["query", "order"]));
        assert_eq!(only(&app.get(&format!("{PATH}?size=0")).detail(422)).0, &json!(["query", "size"]));
    }

    fn of_several_blocks_the_latest_starting_one_counts(db: Database) {
        let app = db.start();
        let site = Site::new(&app.db, "A");
        for day in 1..=10 {
            site.reading(&app.db, day, f64::from(day));
        }
        let wide = site.block(&app.db, 1, 10);
        let inner = site.block(&app.db, 3, 5);
        app.db.execute(&format!("INSERT INTO transducer_observation_block (thing_id, parameter_id, review_status, start_datetime, end_datetime) \
            VALUES ({}, {}, 'approved', '2026-01-03 00:00:00', '2026-01-04 00:00:00')", site.thing, site.parameter));
        let twin = app.db.number("SELECT max(id) FROM transducer_observation_block");
        // Neither another parameter's block nor another thing's counts.
        let other = app.db.number("SELECT max(id) FROM parameter");
        Site { parameter: other, ..site }.block(&app.db, 8, 9);
        Site::new(&app.db, "B").block(&app.db, 8, 9);
        let expected = json!([wide, wide, wide, wide, wide, inner, twin, twin, wide, wide]);
        for query in [format!("{PATH}?thing_id={}", site.thing), PATH.to_owned()] {
            let page = app.get(&query).expect(200);
            assert_eq!(days(&page), (1..=10).rev().collect::<Vec<_>>(), "one item a reading");
            assert_eq!(json!(page["items"].as_array().unwrap().iter().map(|item| item["block"]["id"].clone()).collect::<Vec<_>>()), expected);
            assert_eq!(page["total"], 10);
        }
        let fourth = app.db.number("SELECT id FROM transducer_observation WHERE value = 4");
        assert_eq!(app.get(&format!("{PATH}/{fourth}")).expect(200)["block"]["id"], twin);
    }

    fn a_list_takes_a_fixed_number_of_statements(db: Database) {
        let app = db.start();
        let sites = ["A", "B", "C"].map(|name| Site::new(&app.db, name));
        sites[0].publish(&app, 1..=2);
        let few = app.get(PATH).queries();
        let few_of_thing = app.get(&format!("{PATH}?thing_id={}", sites[0].thing)).queries();
        sites[0].publish(&app, 5..=20);
        sites[1].publish(&app, 1..=20);
        sites[2].publish(&app, 1..=20);
        assert_eq!(app.get(PATH).queries(), few);
        assert_eq!(app.get(&format!("{PATH}?thing_id={}", sites[0].thing)).queries(), few_of_thing);
        if app.db.is_postgres() {
            assert!(few <= 3 && few_of_thing <= 3, "{few} {few_of_thing}");
        }
    }

    fn many_deployments_make_no_difference(db: Database) {
        let app = db.start();
        let site = Site::new(&app.db, "A");
        app.db.execute("INSERT INTO sensor (name, sensor_type) VALUES ('S', 'Barometer')");
        for part in 0..120 {
            app.db.execute(&format!("INSERT INTO deployment (thing_id, sensor_id) SELECT {}, max(id) FROM sensor", site.thing));
            let deployment = app.db.number("SELECT max(id) FROM deployment");
            Site { deployment, ..site }.reading_at(&app.db, &format!("2026-01-01 {:02}:{:02}:00", part / 60, part % 60), f64::from(part));
        }
        site.block(&app.db, 1, 2);
        let page = site.list(&app, "size=10&page=2&sort=value");
        assert_eq!((&page["total"], &page["items"][0]["observation"]["value"]), (&json!(120), &json!(10.0)));
        site.block(&app.db, 3, 4);
        site.reading(&app.db, 5, 1.0);
        assert_eq!(site.list(&app, "size=10")["items"][0]["observation"]["value"], 119.0);
    }

    fn one_reading_is_changed(db: Database) {
        let app = db.start();
        let site = Site::new(&app.db, "A");
        site.publish(&app, 1..=2);
        let loose = site.reading(&app.db, 9, 1.0);
        assert_eq!(app.get(&format!("{PATH}/{loose}")).expect(200)["block"], Value::Null);
        let item = site.list(&app, "order=asc")["items"][0].clone();
        let path = format!("{PATH}/{}", item["observation"]["id"]);
        let before = app.get(&path).expect(200);
        assert_eq!(app.patch(&path, json!({})).expect(200), before);
        assert_eq!(app.patch(&path, json!({"value": "1.0"})).expect(200), before, "the same value needs no note");
        for (body, input) in [(json!({"value": 2}), json!(null)), (json!({"value": 2, "note": null}), json!(null)),
                              (json!({"value": 2, "note": "  "}), json!("  "))] {
            let detail = app.patch(&path, body).detail(422);
            assert_eq!(only(&detail), (&json!(["body", "note"]), "value_error", "Value error, note is required when value changes"));
            assert_eq!(detail[0]["input"], input);
        }
        let changed = app.patch(&path, json!({"value": 2, "note": "misread", "data_maturity": "in review", "release_status": "public"})).expect(200);
        assert_eq!(keys(&changed), ["observation", "block", "thing_id"]);
        let observation = &changed["observation"];
        assert_eq!((&observation["value"], &observation["note"]), (&json!(2.0), &json!("misread")));
        assert_eq!((&observation["data_maturity"], &observation["release_status"]), (&json!("in review"), &json!("public")));
        let cleared = app.patch(&path, json!({"note": null, "data_maturity": null, "release_status": null})).expect(200);
        assert_eq!((&cleared["observation"]["note"], &cleared["observation"]["data_maturity"], &cleared["observation"]["value"]),
            (&Value::Null, &Value::Null, &json!(2.0)));
        assert_eq!(only(&app.patch(&path, json!({"value": 3})).detail(422)).0, &json!(["body", "note"]), "an older note is not enough");

        let detail = app.patch(&path, json!({"observation_datetime": time(5), "value": null, "parameter_id": 2, "data_maturity": "final"})).detail(422);
        let places: Vec<Value> = detail.as_array().unwrap().iter().map(|problem| json!([problem["loc"][1], problem["type"]])).collect();
        assert_eq!(json!(places), json!([["value", "float_type"], ["data_maturity", "enum"], ["observation_datetime", "extra_forbidden"],
            ["parameter_id", "extra_forbidden"]]));

        assert_eq!(app.delete(&path).status, 204);
        for reply in [app.get(&path), app.delete(&path), app.patch(&path, json!({"x": 1}))] {
            assert_eq!(reply.detail(404), json!(format!("TransducerObservation with ID {} not found.", item["observation"]["id"])));
        }
        assert_eq!(app.get(&format!("{PATH}/geothermal")).detail(422)[0]["loc"], json!(["path", "observation_id"]));
        let page = site.list(&app, "");
        assert_eq!((days(&page), &page["items"][0]["block"]), (vec![2], &before["block"]), "the block stays as it was");
    }

    fn a_range_is_removed_with_the_blocks_it_empties(db: Database) {
        let app = db.start();
        let site = Site::new(&app.db, "A");
        let ids: Vec<Value> = [1..=4, 6..=8, 10..=13, 20..=21].map(|days| site.publish(&app, days)["block"]["id"].clone()).to_vec();
        site.reading(&app.db, 9, 1.0);
        let other = Site::new(&app.db, "B");
        other.publish(&app, 1..=20);
        let deleted = site.delete_range(&app, &time(3), &time(11)).expect(200);
        assert_eq!(deleted, json!({"deleted_observation_count": 8, "deleted_block_ids": [ids[1]], "updated_block_ids": [ids[0], ids[2]],
            "thing_id": site.thing}));
        let page = site.list(&app, "order=asc");
        assert_eq!((days(&page), &page["total"]), (vec![1, 2, 12, 13, 20, 21], &json!(6)));
        let span = |at: usize| (page["items"][at]["block"]["start_datetime"].clone(), page["items"][at]["block"]["end_datetime"].clone());
        assert_eq!((span(0), span(2), span(4)), ((json!(time(1)), json!(time(2))), (json!(time(12)), json!(time(13))), (json!(time(20)), json!(time(21)))));
        assert_eq!(app.db.number("SELECT count(*) FROM transducer_observation"), 26);
        assert_eq!(other.list(&app, "")["total"], 20);
        let nothing = json!({"deleted_observation_count": 0, "deleted_block_ids": [], "updated_block_ids": [], "thing_id": site.thing});
        assert_eq!(site.delete_range(&app, &time(3), &time(11)).expect(200), nothing);
        assert_eq!(site.delete_range(&app, &time(30), &time(1)).expect(200), nothing);
        site.publish(&app, 3..=11);
        let rest = site.delete_range(&app, "0001-01-01", "9999-12-31").expect(200);
        assert_eq!((&rest["deleted_observation_count"], rest["deleted_block_ids"].as_array().unwrap().len()), (&json!(15), 4));
        assert_eq!(app.db.number("SELECT count(*) FROM transducer_observation_block"), 1);
    }

    fn a_range_in_overlapping_blocks_takes_from_the_one_that_holds_it(db: Database) {
        let app = db.start();
        let site = Site::new(&app.db, "A");
        for day in 1..=10 {
            site.reading(&app.db, day, f64::from(day));
        }
        let wide = site.block(&app.db, 1, 10);
        let inner = site.block(&app.db, 3, 5);
        let empty = site.block(&app.db, 12, 13);
        let parameter = app.db.number("SELECT max(id) FROM parameter");
        let second = Site { parameter, ..site };
        second.reading(&app.db, 4, 4.0);
        let of_other_parameter = second.block(&app.db, 4, 20);
        let first = site.delete_range(&app, &time(2), &time(4)).expect(200);
        assert_eq!(first, json!({"deleted_observation_count": 4, "deleted_block_ids": [of_other_parameter],
            "updated_block_ids": [wide, inner], "thing_id": site.thing}));
        let page = site.list(&app, "order=asc");
        assert_eq!(days(&page), [1, 5, 6, 7, 8, 9, 10]);
        assert_eq!((&page["items"][0]["block"]["id"], &page["items"][1]["block"]["id"]), (&json!(wide), &json!(inner)));
        assert_eq!((&page["items"][1]["block"]["start_datetime"], &page["items"][0]["block"]["end_datetime"]), (&json!(time(5)), &json!(time(10))));
        let second = site.delete_range(&app, &time(5), &time(13)).expect(200);
        assert_eq!((&second["deleted_block_ids"], &second["updated_block_ids"]), (&json!([inner]), &json!([wide])));
        assert_eq!(app.db.number(&format!("SELECT count(*) FROM transducer_observation_block WHERE id = {empty}")), 1, "it lost nothing");
    }

    fn a_deep_page_is_the_same_as_one_counted_from_the_start(db: Database) {
        let sites = ["one", "two", "three"].map(|name| Site::new(&db, name));
        for (at, site) in sites.iter().enumerate() {
            // Two series share their times; two have a gap between their blocks.
            let first = ["2020-01-01 00:00:00", "2020-01-01 00:00:00", "2020-02-01 00:07:30"][at];
            let moment = if db.is_postgres() {
                format!("timestamptz '{first}+00' + i * interval '1 hour'")
            } else {
                format!("datetime('{first}', i || ' hours')")
            };
            db.execute(&format!(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
                 INSERT INTO transducer_observation (deployment_id, parameter_id, observation_datetime, value, release_status)
                     SELECT {}, {}, {moment}, i, 'draft' FROM n", site.deployment, site.parameter));
            for (first, last) in [("2020-01-03 00:00:00", "2020-03-01 12:00:00"), ("2020-03-05 00:30:00", "2021-01-01 00:00:00")] {
                db.execute(&format!(
                    "INSERT INTO transducer_observation_block (thing_id, parameter_id, review_status, release_status, start_datetime, end_datetime)
                     VALUES ({}, {}, 'not reviewed', 'draft', '{first}', '{last}')", site.thing, site.parameter));
            }
        }
        let expected = |order: &str| -> Vec<i64> {
            let ids = db.texts(&format!(
                "SELECT CAST(o.id AS text) AS value FROM transducer_observation o JOIN deployment d ON d.id = o.deployment_id \
                 WHERE EXISTS (SELECT 1 FROM transducer_observation_block b WHERE b.thing_id = d.thing_id \
                     AND o.observation_datetime >= b.start_datetime AND o.observation_datetime <= b.end_datetime) \
                 ORDER BY o.observation_datetime {order}, o.id {order}"));
            ids.iter().map(|id| id.parse().unwrap()).collect()
        };
        let (oldest, newest) = (expected("ASC"), expected("DESC"));
        let total = oldest.len();
        assert!(total > 14_000);
        let app = db.start();
        for (order, all) in [("asc", &oldest), ("desc", &newest)] {
            for (page, size) in [(101, 100), (102, 100), (130, 100), (141, 100), (11, 1000), (14, 1000), (15, 1000), (401, 25), (9999, 25), (2, 10_000)] {
                let found = app.get(&format!("{PATH}?order={order}&page={page}&size={size}")).expect(200);
                let ids: Vec<i64> = found["items"].as_array().unwrap().iter().map(|item| item["observation"]["id"].as_i64().unwrap()).collect();
                let start = ((page - 1) * size).min(total);
                assert_eq!(ids, all[start..(start + size).min(total)], "{order} {page} {size}");
                assert_eq!(found["total"], total, "{order} {page} {size}");
            }
        }
        // From row to row, it is the same again.
        for (order, all) in [("asc", &oldest), ("desc", &newest)] {
            for (narrowed, all) in [("", all.clone()), ("&start_time=2020-01-20&end_time=2020-04-01", Vec::new())] {
                let whole = format!("{PATH}?order={order}{narrowed}");
                let ids = |items: Vec<Value>| items.iter().map(|item| item["observation"]["id"].as_i64().unwrap()).collect::<Vec<_>>();
                let all = if narrowed.is_empty() { all } else { ids(app.get(&format!("{whole}&size=10000")).expect(200)["items"].as_array().unwrap().clone()) };
                assert!(all.len() > 3000);
                assert_eq!(ids(crate::long_lists::walk(&app, &format!("{whole}&size=470"))), all, "{whole}");
            }
        }
        let of_one = app.get(&format!("{PATH}?thing_id={}&page=101&size=100", sites[0].thing)).expect(200);
        assert_eq!((&of_one["items"], of_one["total"].as_i64() > Some(4000)), (&json!([]), true));
        let filtered = app.get(&format!("{PATH}?page=101&size=100&{}", filter("value", "gt", json!(1000)))).expect(200);
        assert!(filtered["items"].as_array().unwrap().iter().all(|item| item["observation"]["value"].as_f64() > Some(1000.0)));
        assert_eq!(filtered["items"].as_array().unwrap().len(), 100);
    }

    fn a_range_must_be_whole(db: Database) {
        let app = db.start();
        let missing = |name: &str| json!({"type": "missing", "loc": ["query", name], "msg": "Field required", "input": null});
        assert_eq!(app.delete(PATH).detail(422), json!([missing("thing_id"), missing("start_time"), missing("end_time")]));
        let detail = app.delete(&format!("{PATH}?thing_id=x&end_time=later")).detail(422);
        assert_eq!((&detail[0]["type"], &detail[1], &detail[2]["loc"]), (&json!("int_parsing"), &missing("start_time"), &json!(["query", "end_time"])));
        for id in ["4711", "99999999999"] {
            let reply = app.delete(&format!("{PATH}?thing_id={id}&start_time=2026-01-01&end_time=2026-01-02"));
            assert_eq!(reply.detail(404), json!(format!("Thing with ID {id} not found.")));
        }
        assert_eq!(app.post(PATH, json!({})).detail(405), "Method Not Allowed");
    }
}
