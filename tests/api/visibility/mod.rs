//! Who sees public rows only does not notice the others.
//!
//! There are two databases: one has public rows alone, the other the same rows (with the same ids) and many that are hidden: drafts,
//! public rows below drafts, drafts of things that are seen, people. Whatever he asks for, both must give him the very same
//! bytes: items, totals, order, children, and what is said of an id that is hidden here and never existed there.

mod anonymous;
mod canary;
mod embargo;
mod plant;
pub mod requests;
mod rounding;

use std::thread;

use crate::columns::table::Listing;
use crate::support::planted;
use crate::support::principals::{ByName, EVERYTHING, PUBLIC};
use crate::support::*;

use plant::{HIDDEN_IDS, Seen, at_the_same_time, hidden, seen};
use requests::{NEVER, Route};

fn start(db: Database) -> App {
    db.start_asking(|_| {}, ByName)
}

/// A server with public rows alone, and one with hidden rows too.
struct Two {
    without: App,
    with: App,
    seen: Seen,
}

impl Two {
    fn start(db: Database) -> Self {
        let without = start(Database::of(db.kind));
        let with = start(db);
        let seen = seen(&without);
        let same = plant::seen(&with);
        assert_eq!(format!("{:?}{}", seen.family, seen.plain), format!("{:?}{}", same.family, same.plain));
        hidden(&with, &seen);
        at_the_same_time(&without.db);
        at_the_same_time(&with.db);
        Self { without, with, seen }
    }

    /// What differs between two answers, if anything does.
    fn differ(&self, path: &str) -> Option<String> {
        let asked = |app: &App, principal: &str| app.client.on_behalf_of(principal).get(path);
        let (here, there) = (asked(&self.with, PUBLIC), asked(&self.without, PUBLIC));
        if (here.status, &here.body) != (there.status, &there.body) {
            return Some(format!("{path}\n    {}", difference(&here, &there)));
        }
        // Otherwise he might not see anything at all.
        let all = asked(&self.without, EVERYTHING);
        let internal = path.split(['=', '&', '%']).any(|word| Listing::is_internal(word.trim_start_matches("22")));
        if !internal && (there.status, &there.body) != (all.status, &all.body) {
            return Some(format!("{path} is not what everybody sees\n    {}", difference(&there, &all)));
        }
        None
    }
}

/// Two answers from where they begin to differ.
fn difference(one: &Reply, other: &Reply) -> String {
    let same = one.body.iter().zip(&other.body).take_while(|(one, other)| one == other).count();
    let part = |reply: &Reply| {
        let end = reply.body.len().min(same + 300);
        format!("{} ...{}", reply.status, String::from_utf8_lossy(&reply.body[same.saturating_sub(100)..end]))
    };
    format!("{}\n    {}", part(one), part(other))
}

fn total(client: &Client, path: &str) -> i64 {
    client.get(path).expect(200)["total"].as_i64().unwrap()
}

both! {
    fn whatever_is_asked_hidden_rows_are_not_noticed(db: Database) {
        let two = Two::start(db);
        let document = two.with.get("/openapi-auth.json").expect(200);
        let requests: Vec<String> = Route::all(&document).iter().flat_map(|route| route.requests(&two.with.db, &two.seen)).collect();
        assert!(requests.len() > 1500, "{} requests", requests.len());
        let differ: Vec<String> = thread::scope(|scope| {
            let halves = requests.chunks(requests.len().div_ceil(2));
            let two = &two;
            let walk = |half: &[String]| half.iter().filter_map(|path| two.differ(path)).collect::<Vec<_>>();
            let threads: Vec<_> = halves.map(|half| scope.spawn(move || walk(half))).collect();
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        });
        assert!(differ.is_empty(), "{} of {} differ:\n{}", differ.len(), requests.len(), differ[..differ.len().min(12)].join("\n"));
    }

    fn the_hidden_rows_are_there_for_others(db: Database) {
        let two = Two::start(db);
        let (public, everything) = (two.with.client.on_behalf_of(PUBLIC), two.with.client.on_behalf_of(EVERYTHING));
        let document = two.with.get("/openapi-auth.json").expect(200);
        for route in Route::all(&document) {
            let pattern = &route.pattern;
            if route.is_list() {
                let path = route.of_seen(&two.seen);
                let (few, all) = (total(&public, &path), total(&everything, &path));
                assert!(0 < few && few < all, "{path}: {few} of {all}");
            } else if pattern.contains('{') {
                let paths = route.paths(&two.with.db);
                let hidden = paths.iter().filter(|path| everything.get(path).status == 200 && public.get(path).status == 404).count();
                let seen = paths.iter().filter(|path| public.get(path).status == 200).count();
                assert!(hidden > 0 && seen > 0, "{pattern}: {hidden} hidden, {seen} seen");
            }
        }
    }

    fn a_hidden_id_answers_like_one_that_never_was(db: Database) {
        let two = Two::start(db);
        let public = two.with.client.on_behalf_of(PUBLIC);
        let document = two.with.get("/openapi-auth.json").expect(200);
        for route in Route::all(&document).iter().filter(|route| route.pattern.contains('{')) {
            let paths = route.paths(&two.with.db);
            // (A UUID ends with the number that it stands for.)
            let part = |part: &str| part.rsplit('-').next().and_then(|part| part.parse::<i64>().ok());
            let number = |path: &str| path.split('/').find_map(part).unwrap();
            let plainly = |path: &str| {
                let reply = public.get(path);
                (reply.status, reply.text().replace(&number(path).to_string(), "the id"))
            };
            let never = plainly(paths.iter().find(|path| number(path) == NEVER).unwrap());
            assert!(never.1.contains("the id not found."), "{never:?}");
            for path in paths.iter().filter(|path| number(path) >= HIDDEN_IDS) {
                assert_eq!(plainly(path), never, "{path}");
            }
        }
    }

    fn internal_columns_are_neither_shown_nor_asked_for(db: Database) {
        let app = start(db);
        let (public, everything) = (app.client.on_behalf_of(PUBLIC), app.client.on_behalf_of(EVERYTHING));
        let Seen { family, .. } = seen(&app);
        app.db.execute("UPDATE sensor SET pcn_number = 'P-1', nma_pk_equipment = 'e'; UPDATE thing SET created_by_name = 'somebody'");
        let sensor = |client: &Client| client.get(&format!("/sensor/{}", family.sensor)).expect(200)["pcn_number"].clone();
        assert_eq!((sensor(&public), sensor(&everything)), (Value::Null, json!("P-1")));
        assert_eq!(public.get("/sensor").expect(200)["items"][0]["pcn_number"], Value::Null);
        let details = public.get(&format!("/thing/water-well/{}/details", family.well)).expect(200);
        assert_eq!(json!([details["sensors"][0]["pcn_number"], details["deployments"][0]["sensor"]["pcn_number"]]), json!([null, null]));
        for (list, column, model) in [("/sensor", "pcn_number", "Sensor"), ("/sensor", "nma_pk_equipment", "Sensor"),
            ("/thing", "created_by_name", "Thing"), ("/thing", "created_by_id", "Thing"), ("/thing/water-well", "updated_by_name", "Thing"),
            ("/thing/spring", "updated_by_id", "Thing"), ("/sample", "field_event_participant_id", "Sample")] {
            let (sort, filter) = (format!("{list}?sort={column}"), format!("{list}?{}", filter(column, "nnull", json!(0))));
            everything.get(&sort).expect(200);
            everything.get(&filter).expect(200);
            assert_eq!(public.get(&sort).detail(422), json!([{"type": "value_error", "loc": ["query", "sort"], "input": column,
                "msg": format!("Value error, Unknown sort column '{column}' for {model}"), "ctx": {"error": {}}}]));
            assert_eq!(public.get(&filter).detail(400), format!("Unknown filter field '{column}' for {model}"));
        }
    }

    fn a_seen_row_does_not_tell_what_it_names(db: Database) {
        let app = start(db);
        let public = app.client.on_behalf_of(PUBLIC);
        let Seen { family, plain } = seen(&app);
        let screen = app.db.number("SELECT max(id) FROM well_screen");
        let before = public.get(&format!("/thing/well-screen/{screen}")).expect(200);
        assert_eq!(json!([before["aquifer_system"], before["aquifer_type"], before["geologic_formation"]]), json!(["SEEN", "Fractured", "110ALVM"]));
        planted::contact(&app.client.on_behalf_of(EVERYTHING), &app.db, "HIDDEN", family.well, family.visit);
        app.db.execute("UPDATE aquifer_system SET release_status = 'draft'; UPDATE geologic_formation SET release_status = 'draft'");
        let after = public.get(&format!("/thing/well-screen/{screen}")).expect(200);
        assert_eq!(json!([after["aquifer_system"], after["aquifer_type"], after["geologic_formation"]]), json!([null, null, null]));
        assert_eq!(json!([after["aquifer_system_id"], after["geologic_formation_id"]]), json!([null, null]), "not even that there is one");
        for field in ["aquifer_system_id", "geologic_formation_id"] {
            let narrowed = format!("/thing/well-screen?{}", filter(field, "nnull", Value::Null));
            for path in [narrowed, format!("/thing/well-screen?sort={field}")] {
                assert!([400, 422].contains(&public.get(&path).status), "{path}");
                app.client.on_behalf_of(EVERYTHING).get(&path).expect(200);
            }
        }
        for path in ["details", "export"] {
            let all = public.get(&format!("/thing/water-well/{}/{path}", family.well)).expect(200);
            assert_eq!(json!([all["contacts"], all["well"]["contacts"], all["well"]["aquifers"]]), json!([[], [], []]), "{path}");
        }
        assert_eq!(public.get(&format!("/sample/{}", family.visit.sample)).expect(200)["contact"], Value::Null);
        assert_eq!(public.get(&format!("/thing/water-well/{plain}")).expect(200)["permissions"][0]["permission_allowed"], Value::Null);
    }

    fn what_hangs_on_a_hidden_row_is_hidden(db: Database) {
        let app = start(db);
        let public = app.client.on_behalf_of(PUBLIC);
        let Seen { family, .. } = seen(&app);
        let total = |path: &str| public.get(path).expect(200)["total"].as_i64().unwrap();
        let lists = ["/observation", "/observation/transducer-groundwater-level"];
        assert!(lists.iter().all(|path| total(path) > 0));
        let sensor = app.db.number("SELECT max(sensor_id) FROM observation");
        let of_sensor = format!("/observation?sensor_id={sensor}");
        assert!(total(&of_sensor) > 0);
        app.db.execute(&format!("UPDATE sensor SET release_status = 'draft', release_at = NULL WHERE id = {sensor}"));
        assert_eq!(total(&of_sensor), 0);
        app.db.execute("UPDATE parameter SET release_status = 'draft', release_at = NULL");
        assert_eq!(lists.map(total), [0, 0]);
        let reading = app.db.number("SELECT max(id) FROM transducer_observation");
        public.get(&format!("/observation/transducer-groundwater-level/{reading}")).expect(404);
        assert!(family.well > 0);
    }
}
