//! Requests that meet: what they leave is what one after the other would have left, and none of them is answered with a 500.

use std::collections::BTreeSet;
use std::sync::Barrier;
use std::thread;

use crate::support::planted::{self, Family};
use crate::support::*;

const ROUNDS: usize = 8;

fn start(db: Database) -> App {
    db.start_with(|config| config.concurrency.pool_size = Some(8), |_| {})
}

/// Sends all of them at once, and gives their answers in that order.
fn at_once(app: &App, requests: &[(&str, String, Value)]) -> Vec<Reply> {
    let barrier = Barrier::new(requests.len());
    thread::scope(|scope| {
        let threads: Vec<_> = requests
            .iter()
            .map(|(method, path, body)| {
                let (client, barrier) = (app.client.clone(), &barrier);
                scope.spawn(move || {
                    barrier.wait();
                    client.send(method, path, Some("application/json"), body.to_string().as_bytes())
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

fn statuses(replies: &[Reply]) -> Vec<u16> {
    let mut statuses: Vec<u16> = replies.iter().map(|reply| reply.status).collect();
    statuses.sort_unstable();
    statuses
}

/// So many times the same.
fn equal(count: usize, method: &'static str, path: &str, body: &Value) -> Vec<(&'static str, String, Value)> {
    vec![(method, path.to_owned(), body.clone()); count]
}

both! {
    fn a_set_that_is_replaced_four_times_is_one_set(db: Database) {
        let app = start(db);
        for round in 0..ROUNDS {
            let location = planted::location(&app.client, "l");
            let well = planted::well(&app.client, &format!("w{round}"), Some(location), None);
            let path = format!("/thing/water-well/{well}");
            let change = json!({"well_purposes": ["Livestock", "Mining"], "well_casing_materials": ["PVC", "Concrete"],
                "well_construction_notes": "rebuilt"});
            assert_eq!(statuses(&at_once(&app, &equal(4, "PATCH", &path, &change))), [200; 4]);
            let after = app.get(&path).expect(200);
            assert_eq!(json!([after["well_purposes"], after["well_casing_materials"]]), json!([["Livestock", "Mining"], ["PVC", "Concrete"]]));
            assert_eq!(after["construction_notes"].as_array().unwrap().len(), 1);
            let change = json!({"notes": [{"note_type": "Access", "content": "new"}], "elevation_method": "LiDAR DEM"});
            assert_eq!(statuses(&at_once(&app, &equal(4, "PATCH", &format!("/location/{location}"), &change))), [200; 4]);
            let after = app.get(&format!("/location/{location}")).expect(200);
            assert_eq!((after["notes"].as_array().unwrap().len(), &after["elevation_method"]), (1, &json!("LiDAR DEM")));
            assert_eq!(app.db.number(&format!("SELECT count(*) FROM data_provenance WHERE target_table = 'location' \
                AND target_id = {location} AND field_name = 'elevation'")), 1);
        }
    }

    fn one_measuring_point_is_open(db: Database) {
        let app = start(db);
        for round in 0..ROUNDS {
            let well = app.create("/thing/water-well", json!({"name": format!("w{round}"), "measuring_point_height": 1}))["id"].clone();
            let change = |height: f64| ("PATCH", format!("/thing/water-well/{well}"), json!({"measuring_point_height": height}));
            assert_eq!(statuses(&at_once(&app, &[change(2.0), change(2.0), change(3.0), change(3.0)])), [200; 4]);
            let open = format!("SELECT count(*) FROM measuring_point_history WHERE thing_id = {well} AND end_date IS NULL");
            assert_eq!(app.db.number(&open), 1);
        }
    }

    fn nothing_hangs_on_a_removed_thing(db: Database) {
        let app = start(db);
        for _ in 0..ROUNDS {
            let well = planted::well(&app.client, "w", None, None);
            let histories = format!("/thing/{well}/status-history");
            let status = json!({"status_type": "Well Status", "status_value": "Abandoned", "start_date": "2020-01-01"});
            let link = json!({"thing_id": well, "relation": "same_as", "alternate_id": "a", "alternate_organization": "USGS"});
            let replies = at_once(&app, &[
                ("POST", histories.clone(), status.clone()), ("DELETE", format!("/thing/{well}"), Value::Null), ("POST", histories, status),
                ("POST", "/thing/id-link".to_owned(), link), ("PATCH", format!("/thing/water-well/{well}"), json!({"well_construction_notes": "x"})),
            ]);
            assert_eq!(replies[1].status, 204);
            for (reply, fine) in [(0, [201, 404]), (2, [201, 404]), (3, [201, 409]), (4, [200, 404])] {
                assert!(fine.contains(&replies[reply].status), "{:?}", replies[reply]);
            }
            for table in ["status_history", "notes"] {
                let orphans = format!("SELECT count(*) FROM {table} WHERE target_table = 'thing' AND target_id = {well}");
                assert_eq!(app.db.number(&orphans), 0, "{table}");
            }
        }
    }

    fn groups_stay_a_tree(db: Database) {
        let app = start(db);
        for round in 0..ROUNDS {
            let ids: Vec<Value> = (0..3).map(|at| app.create("/group", json!({"name": format!("g{round} {at}")}))["id"].clone()).collect();
            let below = |child: usize, parent: usize| ("PATCH", format!("/group/{}", ids[child]), json!({"parent_group_id": ids[parent]}));
            let found = statuses(&at_once(&app, &[below(0, 1), below(1, 2), below(2, 0)]));
            assert!(found.iter().all(|status| [200, 409].contains(status)) && found.contains(&409), "{found:?}");
            // From each of them the way up ends.
            for id in &ids {
                let mut at = id.clone();
                for _ in 0..3 {
                    at = if at.is_null() { at } else { app.get(&format!("/group/{at}")).expect(200)["parent_group_id"].clone() };
                }
                assert_eq!(at, Value::Null, "a circle");
            }
        }
    }

    fn what_is_unique_is_stored_once(db: Database) {
        let app = start(db);
        for round in 0..ROUNDS {
            let term = json!({"term": format!("t{round}"), "definition": "d", "categories": ["unit", {"name": "release_status"}]});
            let replies = at_once(&app, &equal(4, "POST", "/lexicon/term", &term));
            let ids: BTreeSet<String> = replies.iter().map(|reply| reply.expect(201)["id"].to_string()).collect();
            assert_eq!(ids.len(), 1);
            for (path, body) in [
                ("/sensor", json!({"name": "s", "sensor_type": "Barometer", "serial_no": format!("n{round}")})),
                ("/group", json!({"name": format!("g{round}")})),
                ("/lexicon/category", json!({"name": format!("k{round}")})),
            ] {
                assert_eq!(statuses(&at_once(&app, &equal(4, "POST", path, &body))), [201, 409, 409, 409], "{path}");
            }
            let (group, well) = (planted::group(&app.client, &format!("m{round}")), planted::well(&app.client, "w", None, None));
            let member = format!("/group/{group}/things/{well}");
            assert_eq!(statuses(&at_once(&app, &equal(4, "POST", &member, &json!({})))), [201, 409, 409, 409]);
        }
    }

    fn no_two_requests_are_in_each_others_way_for_good(db: Database) {
        let app = start(db);
        let families = [planted::family(&app.client, "one", "Lead"), planted::family(&app.client, "two", "Zinc")];
        for _ in 0..ROUNDS {
            // Each goes from one family to the other, in both directions.
            let requests: Vec<(&str, String, Value)> = [(0, 1), (1, 0)].into_iter().flat_map(|(from, to)| crossing(&families[from], &families[to])).collect();
            for reply in at_once(&app, &requests) {
                // A collision that could not be tried again is told as such.
                let fine = reply.status < 500 || (reply.json()["reason"] == "collision" && reply.header("retry-after").is_some());
                assert!(fine, "{reply:?}");
            }
        }
    }
}

fn crossing(from: &Family, to: &Family) -> Vec<(&'static str, String, Value)> {
    let (mine, other) = (from.visit, to.visit);
    vec![
        ("PATCH", format!("/deployment/{}", from.deployment), json!({"thing_id": to.well, "sensor_id": to.sensor})),
        ("PATCH", format!("/field-event/{}", mine.event), json!({"thing_id": to.well})),
        ("PATCH", format!("/field-activity/{}", mine.activity), json!({"field_event_id": other.event})),
        ("PATCH", format!("/sample/{}", mine.sample), json!({"field_activity_id": other.activity})),
        (
            "PATCH",
            format!("/observation/groundwater-level/{}", mine.observation),
            json!({"sample_id": other.sample, "sensor_id": to.sensor, "parameter_id": to.parameter}),
        ),
        (
            "PATCH",
            format!("/thing/water-well/{}", from.well),
            json!({"well_purposes": ["Mining"], "measuring_point_height": 7}),
        ),
        ("PATCH", format!("/group/{}", from.group), json!({"parent_group_id": to.group})),
        ("PATCH", format!("/sensor/{}", from.sensor), json!({"serial_no": format!("of {}", to.sensor)})),
    ]
}
