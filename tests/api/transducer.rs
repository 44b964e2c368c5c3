use crate::support::*;

const PATH: &str = "/observation/transducer-groundwater-level";

/// A thing with one deployment, and the seeded parameter.
#[derive(Clone, Copy)]
struct Site {
    thing: i64,
    deployment: i64,
    parameter: i64,
}

impl Site {
    fn new(db: &Database, name: &str) -> Self {
        db.execute(&format!(
            "INSERT INTO thing (name, thing_type, release_status) VALUES ('{name}', 'water well', 'draft')"
        ));
        let thing = db.number(&format!("SELECT id FROM thing WHERE name = '{name}'"));
        let parameter = db.number("SELECT min(id) FROM parameter WHERE parameter_name = 'groundwater level'");
        Self { thing, deployment: deploy(db, thing, None, None), parameter }
    }

    fn body(&self, measurements: Value) -> Value {
        json!({"thing_id": self.thing, "parameter_id": self.parameter, "measurements": measurements})
    }

    /// Publishes a block with a reading a day.
    fn publish(&self, app: &App, days: std::ops::RangeInclusive<u32>) -> Value {
        app.create(&format!("{PATH}/block"), self.body(json!(days.map(measurement).collect::<Vec<_>>())))
    }

    /// A block without readings, as old data may have, overlapping or not.
    fn block(&self, db: &Database, first: u32, last: u32) -> i64 {
        let Self { thing, parameter, .. } = self;
        db.execute(&format!(
            "INSERT INTO transducer_observation_block (thing_id, parameter_id, review_status, release_status, \
             start_datetime, end_datetime) VALUES ({thing}, {parameter}, 'not reviewed', 'draft', \
             '2026-01-{first:02} 00:00:00', '2026-01-{last:02} 00:00:00')"
        ));
        db.number("SELECT max(id) FROM transducer_observation_block")
    }

    /// A reading outside all rules.
    fn reading(&self, db: &Database, day: u32, value: f64) -> i64 {
        self.reading_at(db, &format!("2026-01-{day:02} 00:00:00"), value)
    }

    fn reading_at(&self, db: &Database, time: &str, value: f64) -> i64 {
        let Self { deployment, parameter, .. } = self;
        db.execute(&format!(
            "INSERT INTO transducer_observation (deployment_id, parameter_id, observation_datetime, value) \
             VALUES ({deployment}, {parameter}, '{time}', {value})"
        ));
        db.number("SELECT max(id) FROM transducer_observation")
    }

    fn list(&self, app: &App, query: &str) -> Value {
        app.get(&format!("{PATH}?thing_id={}&{query}", self.thing)).expect(200)
    }

    fn delete_range(&self, app: &App, start: &str, end: &str) -> Reply {
        app.delete(&format!("{PATH}?thing_id={}&start_time={start}&end_time={end}", self.thing))
    }
}

fn deploy(db: &Database, thing: i64, from: Option<&str>, to: Option<&str>) -> i64 {
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

fn time(day: u32) -> String {
    format!("2026-01-{day:02}T00:00:00Z")
}

fn measurement(day: u32) -> Value {
    json!({"observation_datetime": time(day), "value": f64::from(day)})
}

fn days(page: &Value) -> Vec<u32> {
    let items = page["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| item["observation"]["observation_datetime"].as_str().unwrap()[8..10].parse().unwrap())
        .collect()
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

/// `["body", ...]` of the only problem.
fn only(detail: &Value) -> (&Value, &str, &str) {
    assert_eq!(detail.as_array().unwrap().len(), 1, "{detail}");
    (&detail[0]["loc"], detail[0]["type"].as_str().unwrap(), detail[0]["msg"].as_str().unwrap())
}

both! {
    fn a_published_block_comes_back_with_its_readings(db: Database) {
        let app = db.start();
        let site = Site::new(&app.db, "A");
        let mut body = site.body(json!([
            {"observation_datetime": "2026-01-01T01:00:00+01:00", "value": "120.5", "note": "first"},
            {"observation_datetime": "2026-01-02T00:00:00.250Z", "value": 121}
        ]));
        body["release_status"] = json!("public");
        body["provenance"] = json!({"source_file": " a.csv ", "source_kind": "water_head", "corrections": ["drift", "offset"],
            "notes": "second try"});
        let made = app.create(&format!("{PATH}/block"), body);
        assert_eq!(keys(&made), ["block", "observation_count", "thing_id", "deployment_id"]);
        let block = &made["block"];
        assert_eq!(keys(block), ["id", "created_at", "release_status", "review_status", "start_datetime", "end_datetime",
            "parameter_id", "source_file", "source_kind", "corrections", "comment"]);
        assert_eq!((&made["observation_count"], &made["thing_id"], &made["deployment_id"]),
            (&json!(2), &json!(site.thing), &json!(site.deployment)));
        assert_eq!((&block["start_datetime"], &block["end_datetime"]),
            (&json!("2026-01-01T00:00:00Z"), &json!("2026-01-02T00:00:00.250000Z")));
        assert_eq!((&block["review_status"], &block["release_status"]), (&json!("not reviewed"), &json!("public")));
        assert_eq!((&block["source_file"], &block["source_kind"], &block["corrections"], &block["comment"]),
            (&json!("a.csv"), &json!("water_head"), &json!(["drift", "offset"]), &json!("second try")));

        let page = app.get(PATH).expect(200);
        assert_eq!((&page["total"], &page["page"], &page["size"], &page["pages"]), (&json!(2), &json!(1), &json!(25), &json!(1)));
        let item = &page["items"][1];
        assert_eq!(keys(item), ["observation", "block"]);
        assert_eq!(&item["block"], block);
        let observation = &item["observation"];
        assert_eq!(keys(observation), ["id", "created_at", "release_status", "value", "observation_datetime", "parameter_id",
            "deployment_id", "note", "data_maturity"]);
        assert_eq!((&observation["value"], &observation["note"]), (&json!(120.5), &json!("first")));
        assert_eq!((&observation["release_status"], &observation["data_maturity"]), (&json!("public"), &json!("provisional")));
        assert_eq!((&observation["parameter_id"], &observation["deployment_id"]), (&json!(site.parameter), &json!(site.deployment)));
        assert_eq!(page["items"][0]["observation"]["observation_datetime"], "2026-01-02T00:00:00.250000Z");

        let one = app.get(&format!("{PATH}/{}", observation["id"])).expect(200);
        assert_eq!(one, json!({"observation": observation, "block": block, "thing_id": site.thing}));
    }

    fn a_bare_block_has_no_provenance(db: Database) {
        let app = db.start();
        let site = Site::new(&app.db, "A");
        let block = site.publish(&app, 1..=1)["block"].clone();
        for absent in ["source_file", "source_kind", "comment"] {
            assert_eq!(block[absent], Value::Null, "{absent}");
        }
        assert_eq!((&block["corrections"], &block["start_datetime"]), (&json!([]), &block["end_datetime"]));
        app.db.execute("UPDATE transducer_observation_block SET corrections = 'by hand'");
        assert_eq!(site.list(&app, "")["items"][0]["block"]["corrections"], json!(["by hand"]));
    }

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
        assert_eq!(sorted("filter={broken&query=x"), expect([3, 2, 1, 0]), "other parameters are ignored");
        for column in ["created_at", "block", "value; DROP TABLE thing"] {
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
        assert!(few <= 6 && few_of_thing <= 5, "{few} {few_of_thing}");
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

    fn what_a_block_needs(db: Database) {
        let app = db.start();
        let site = Site::new(&app.db, "A");
        let refused = |body: Value| app.post(&format!("{PATH}/block"), body).detail(422);
        let places = |detail: &Value| json!(detail.as_array().unwrap().iter().map(|problem| json!([problem["loc"], problem["type"]])).collect::<Vec<_>>());
        assert_eq!(places(&refused(json!({}))), json!([[["body", "thing_id"], "missing"], [["body", "parameter_id"], "missing"],
            [["body", "measurements"], "missing"]]));
        let detail = refused(json!({"thing_id": null, "parameter_id": "x", "deployment_id": 1.5, "release_status": "secret",
            "review_status": "liked", "provenance": {"source_file": "x".repeat(256), "source_kind": "guess", "corrections": [1], "notes": 5},
            "measurements": [{"observation_datetime": "2026-01-01T00:00:00", "value": "inf"}, {"observation_datetime": "2999-01-01T00:00:00Z"},
                {"observation_datetime": time(1), "value": null, "note": 1}, 7]}));
        assert_eq!(places(&detail), json!([
            [["body", "thing_id"], "int_type"], [["body", "deployment_id"], "int_from_float"], [["body", "parameter_id"], "int_parsing"],
            [["body", "release_status"], "value_error"], [["body", "review_status"], "enum"],
            [["body", "provenance", "source_file"], "string_too_long"], [["body", "provenance", "source_kind"], "enum"],
            [["body", "provenance", "corrections", 0], "string_type"], [["body", "provenance", "notes"], "string_type"],
            [["body", "measurements", 0, "observation_datetime"], "timezone_aware"], [["body", "measurements", 0, "value"], "finite_number"],
            [["body", "measurements", 1, "observation_datetime"], "value_error"], [["body", "measurements", 1, "value"], "missing"],
            [["body", "measurements", 2, "value"], "float_type"], [["body", "measurements", 2, "note"], "string_type"],
            [["body", "measurements", 3], "model_attributes_type"],
        ]));
        assert_eq!(detail[6]["msg"], "Input should be 'water_head' or 'depth_to_water'");
        assert_eq!(detail[6]["ctx"], json!({"expected": "'water_head' or 'depth_to_water'"}));
        let empty = refused(site.body(json!([])));
        assert_eq!(only(&empty), (&json!(["body", "measurements"]), "too_short", "List should have at least 1 item after validation, not 0"));
        let order = refused(site.body(json!([measurement(2), measurement(3), measurement(3), measurement(1)])));
        assert_eq!(places(&order), json!([[["body", "measurements", 2, "observation_datetime"], "value_error"],
            [["body", "measurements", 3, "observation_datetime"], "value_error"]]));
        assert_eq!((&order[0]["input"], &order[0]["msg"]), (&json!(time(3)), &json!("Value error, Measurement times must be strictly increasing")));
        assert_eq!(app.db.number("SELECT count(*) FROM transducer_observation_block"), 0);
        assert_eq!(app.post(&format!("{PATH}/block?replace_overlapping=perhaps"), site.body(json!([measurement(1)]))).detail(422)[0]["loc"],
            json!(["query", "replace_overlapping"]));
    }

    fn what_a_block_refers_to_must_be_there(db: Database) {
        let app = db.start();
        let site = Site::new(&app.db, "A");
        for (field, model) in [("thing_id", "Thing"), ("parameter_id", "Parameter"), ("deployment_id", "Deployment")] {
            for missing in [4711, 99_999_999_999_i64] {
                let mut body = site.body(json!([measurement(1)]));
                body[field] = json!(missing);
                assert_eq!(app.post(&format!("{PATH}/block"), body).detail(409), json!([{"type": "value_error", "loc": ["body", field],
                    "msg": format!("{model} with ID {missing} not found."), "input": {field: missing}}]));
            }
        }
        let other = Site::new(&app.db, "B");
        let mut body = site.body(json!([measurement(1)]));
        body["deployment_id"] = json!(other.deployment);
        let detail = app.post(&format!("{PATH}/block"), body).detail(422);
        assert_eq!(only(&detail), (&json!(["body", "deployment_id"]), "value_error",
            format!("Value error, Deployment with ID {} is not at Thing with ID {}.", other.deployment, site.thing).as_str()));
        assert_eq!(detail[0]["input"], other.deployment);
    }

    fn the_deployment_is_found_when_there_is_but_one(db: Database) {
        let app = db.start();
        let site = Site::new(&app.db, "A");
        app.db.execute("DELETE FROM deployment");
        let publish = |day: u32| app.post(&format!("{PATH}/block"), site.body(json!([measurement(day), measurement(day + 1)])));
        let message = |reply: Reply| {
            let detail = reply.detail(422);
            assert_eq!((only(&detail).0, &detail[0]["input"]), (&json!(["body", "deployment_id"]), &Value::Null));
            detail[0]["msg"].as_str().unwrap().to_owned()
        };
        assert!(message(publish(1)).ends_with("has no deployment."));
        let first = deploy(&app.db, site.thing, Some("2026-01-05"), Some("2026-01-10"));
        assert_eq!(publish(1).expect(201)["deployment_id"], first, "the only one, whatever its dates");
        let second = deploy(&app.db, site.thing, Some("2026-01-10"), None);
        assert_eq!(publish(5).expect(201)["deployment_id"], first);
        assert_eq!(publish(10).expect(201)["deployment_id"], second);
        assert!(message(publish(3)).ends_with("covers the measurements."), "neither reaches back so far");
        deploy(&app.db, site.thing, None, None);
        assert!(message(publish(12)).contains("name one of them"));
        let mut body = site.body(json!([measurement(12)]));
        body["deployment_id"] = json!(first);
        assert_eq!(app.create(&format!("{PATH}/block"), body)["deployment_id"], first, "dates do not bind who names it");
    }

    fn overlapping_blocks_are_refused(db: Database) {
        let app = db.start();
        let site = Site::new(&app.db, "A");
        let first = site.publish(&app, 1..=5)["block"].clone();
        let second = site.publish(&app, 8..=10)["block"].clone();
        let detail = app.post(&format!("{PATH}/block"), site.body(json!([measurement(5), measurement(8)]))).detail(409);
        assert_eq!(detail, json!([{"type": "value_error", "loc": ["body", "measurements"],
            "msg": format!("Time span overlaps existing block(s) {}, {}.", first["id"], second["id"]),
            "input": {"overlapping_blocks": [first, second]}}]));
        let detail = app.post(&format!("{PATH}/block"), site.body(json!([measurement(10), measurement(11)]))).detail(409);
        assert_eq!(only(&detail).2, format!("Time span overlaps existing block(s) {}.", second["id"]), "ends are inclusive");
        site.publish(&app, 6..=7);
        assert_eq!(site.list(&app, "")["total"], 10);
        // Another thing's and another parameter's blocks are no concern.
        Site::new(&app.db, "B").publish(&app, 1..=10);
        let parameter = app.db.number("SELECT max(id) FROM parameter");
        Site { parameter, ..site }.publish(&app, 1..=10);
    }

    fn overlapping_blocks_are_replaced_with_their_readings(db: Database) {
        let app = db.start();
        let site = Site::new(&app.db, "A");
        site.publish(&app, 1..=5);
        site.publish(&app, 8..=10);
        let untouched = site.publish(&app, 12..=13)["block"]["id"].clone();
        let other = Site::new(&app.db, "B");
        other.publish(&app, 1..=10);
        let replaced = app.create(&format!("{PATH}/block?replace_overlapping=true"),
            site.body(json!([{"observation_datetime": time(4), "value": 40}, {"observation_datetime": time(9), "value": 90}])));
        assert_eq!(replaced["observation_count"], 2);
        let page = site.list(&app, "");
        assert_eq!((days(&page), &page["total"]), (vec![13, 12, 9, 4], &json!(4)), "what the replaced blocks held outside the new span is gone too");
        assert_eq!(app.db.number("SELECT count(*) FROM transducer_observation"), 14);
        assert_eq!(app.db.number("SELECT count(*) FROM transducer_observation_block"), 3);
        assert_eq!((&page["items"][0]["block"]["id"], &page["items"][3]["block"]), (&untouched, &replaced["block"]));
        assert_eq!(page["items"][3]["observation"]["value"], 40.0);
        assert_eq!(other.list(&app, "")["total"], 10);
    }

    fn a_replaced_block_leaves_the_readings_of_others(db: Database) {
        let app = db.start();
        let site = Site::new(&app.db, "A");
        for day in [1, 3, 4, 5, 8, 12] {
            site.reading(&app.db, day, f64::from(day));
        }
        site.block(&app.db, 1, 10);
        let inner = site.block(&app.db, 3, 5);
        let body = site.body(json!([{"observation_datetime": "2026-01-09T12:00:00Z", "value": 1}, {"observation_datetime": time(11), "value": 2}]));
        app.create(&format!("{PATH}/block?replace_overlapping=1"), body);
        assert_eq!(json!(app.db.texts("SELECT CAST(value AS text) AS value FROM transducer_observation ORDER BY observation_datetime").len()), 6);
        let page = site.list(&app, "");
        assert_eq!(days(&page), [11, 9, 5, 4, 3], "1 and 8 were the replaced block's; 12 is in none");
        assert_eq!(page["items"][4]["block"]["id"], inner);
    }

    fn a_time_has_one_reading(db: Database) {
        let app = db.start();
        let site = Site::new(&app.db, "A");
        site.reading(&app.db, 3, 1.0);
        let detail = app.post(&format!("{PATH}/block"), site.body(json!([measurement(2), measurement(3), measurement(4)]))).detail(409);
        assert_eq!(detail, json!([{"type": "value_error", "loc": ["body", "measurements", 1, "observation_datetime"],
            "msg": format!("Deployment with ID {} already has a reading at 2026-01-03T00:00:00Z.", site.deployment),
            "input": {"observation_datetime": "2026-01-03T00:00:00Z"}}]));
        assert_eq!(app.db.number("SELECT count(*) FROM transducer_observation_block"), 0, "all or nothing");
        let mut body = site.body(json!([measurement(2), measurement(3)]));
        body["deployment_id"] = json!(deploy(&app.db, site.thing, None, None));
        assert_eq!(app.create(&format!("{PATH}/block"), body)["observation_count"], 2, "of another deployment it may");
        assert_eq!(site.list(&app, "")["total"], 3, "a reading that was in no block is now");
    }

    fn a_review_moves_the_maturity_of_the_readings(db: Database) {
        let app = db.start();
        let site = Site::new(&app.db, "A");
        let block = site.publish(&app, 1..=3)["block"].clone();
        site.publish(&app, 5..=6);
        let inner = site.block(&app.db, 2, 2);
        let path = format!("{PATH}/block/{}", block["id"]);
        let reviewed = app.patch(&path, json!({"review_status": "approved"})).expect(200);
        assert_eq!(keys(&reviewed), ["block", "data_maturity", "updated_observation_count"]);
        assert_eq!((&reviewed["data_maturity"], &reviewed["updated_observation_count"]), (&json!("approved"), &json!(2)), "the second is the inner block's");
        assert_eq!(reviewed["block"]["review_status"], "approved");
        let maturities = |app: &App| json!(site.list(app, "order=asc")["items"].as_array().unwrap().iter()
            .map(|item| item["observation"]["data_maturity"].clone()).collect::<Vec<_>>());
        assert_eq!(maturities(&app), json!(["approved", "provisional", "approved", "provisional", "provisional"]));
        assert_eq!(app.patch(&path, json!({})).expect(200), json!({"block": reviewed["block"], "data_maturity": "approved", "updated_observation_count": 0}));
        let back = app.patch(&path, json!({"review_status": "not reviewed"})).expect(200);
        assert_eq!((&back["block"], &back["data_maturity"]), (&block, &json!("provisional")));
        assert_eq!(maturities(&app), json!(["provisional", "provisional", "provisional", "provisional", "provisional"]));
        assert_eq!(app.patch(&format!("{PATH}/block/{inner}"), json!({"review_status": "approved"})).expect(200)["updated_observation_count"], 1);

        let detail = app.patch(&path, json!({"comment": "x", "review_status": "fine"})).detail(422);
        assert_eq!((&detail[0]["type"], &detail[0]["loc"]), (&json!("enum"), &json!(["body", "review_status"])));
        assert_eq!(detail[1], json!({"type": "extra_forbidden", "loc": ["body", "comment"], "msg": "Extra inputs are not permitted", "input": "x"}));
        assert_eq!(only(&app.patch(&path, json!({"review_status": null})).detail(422)).1, "string_type");
        assert_eq!(app.patch(&format!("{PATH}/block/4711"), json!({"x": 1})).detail(404), "TransducerObservationBlock with ID 4711 not found.");
        assert_eq!(app.patch(&format!("{PATH}/block/x"), json!({})).detail(422)[0]["loc"], json!(["path", "block_id"]));
        let approved = app.create(&format!("{PATH}/block"), {
            let mut body = site.body(json!([measurement(20)]));
            body["review_status"] = json!("approved");
            body
        });
        assert_eq!((&approved["block"]["review_status"], &maturities(&app)[5]), (&json!("approved"), &json!("approved")));
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

    fn publishing_at_the_same_time_leaves_one_block(db: Database) {
        let app = db.start();
        let site = Site::new(&app.db, "A");
        let body = site.body(json!((1..=28).map(measurement).collect::<Vec<_>>()));
        let threads: Vec<_> = (0..6).map(|_| {
            let (client, body) = (app.client.clone(), body.clone());
            std::thread::spawn(move || client.post(&format!("{PATH}/block"), body).status)
        }).collect();
        let mut statuses: Vec<u16> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409, 409, 409, 409, 409]);
        assert_eq!(site.list(&app, "")["total"], 28);
    }

    fn a_large_block_is_stored(db: Database) {
        let app = db.start();
        let site = Site::new(&app.db, "A");
        let measurements: Vec<Value> = (0..8000)
            .map(|minute| json!({"observation_datetime": format!("2026-01-{:02}T{:02}:{:02}:00Z", minute / 1440 + 1, minute / 60 % 24, minute % 60), "value": minute}))
            .collect();
        assert_eq!(app.create(&format!("{PATH}/block"), site.body(json!(measurements)))["observation_count"], 8000);
        let page = site.list(&app, "size=1000&page=8");
        assert_eq!((&page["total"], page["items"].as_array().unwrap().len()), (&json!(8000), 1000));
        assert_eq!(page["items"][999]["observation"]["value"], 0.0);
    }
}
