//! Blocks: publishing, replacing, reviewing.

use super::transducer::*;
use crate::support::*;

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
        assert_eq!(keys(observation), ["id", "created_at", "release_status", "value", "unit", "observation_datetime", "parameter_id",
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
