//! Every write route against every other one of the same parent, each of them twice and all at once: whatever comes first, what
//! they leave is whole, and nobody is answered with a 500.

mod routes;
mod scene;

use std::collections::BTreeSet;
use std::sync::Barrier;
use std::thread;

use crate::openapi::operations;
use crate::support::planted;
use crate::support::*;

use crate::bulk_water_levels;
use routes::{PARENTS, ROUTES, Route, fill};
use scene::{Props, Scene};

/// How often each pair of routes meets. SQLite has one writer at a time, so its requests meet in the queue only.
fn passes(db: &Database) -> usize {
    if db.is_postgres() { 3 } else { 1 }
}

/// So many routes meet in a round.
const AT_ONCE: usize = 4;

/// Rounds in which every route meets every other one, and itself.
fn rounds<'r>(routes: &[&'r Route]) -> Vec<Vec<&'r Route>> {
    let pair = |one: usize, other: usize| (one.min(other), one.max(other));
    let mut left: BTreeSet<(usize, usize)> =
        (0..routes.len()).flat_map(|one| (one..routes.len()).map(move |other| (one, other))).collect();
    let mut rounds = Vec::new();
    while let Some((one, other)) = left.first().copied() {
        let mut met = vec![one, other];
        met.dedup();
        while met.len() < AT_ONCE.min(routes.len()) {
            let others = (0..routes.len()).filter(|new| !met.contains(new));
            // Whoever has most left to meet.
            let next = others
                .max_by_key(|new| met.iter().chain([new]).filter(|old| left.contains(&pair(**old, *new))).count());
            met.extend(next);
        }
        left.retain(|(one, other)| !met.contains(one) || !met.contains(other));
        rounds.push(met.into_iter().map(|at| routes[at]).collect());
    }
    rounds
}

/// Sends all requests at once.
fn at_once(client: &Client, requests: &[(&str, String, Value)]) -> Vec<Reply> {
    let barrier = Barrier::new(requests.len());
    thread::scope(|scope| {
        let send = |(method, path, body): &(&str, String, Value)| {
            // A text is a file.
            let (kind, body) = match body {
                Value::Null => ("application/json", Vec::new()),
                Value::String(file) => (bulk_water_levels::KIND, bulk_water_levels::part("file", file.as_bytes())),
                body => ("application/json", body.to_string().into_bytes()),
            };
            barrier.wait();
            client.send(method, path, Some(kind), &body)
        };
        let threads: Vec<_> = requests.iter().map(|request| scope.spawn(move || send(request))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

/// One round; gives what it was about.
fn round(client: &Client, props: Props, parent: (&'static str, &str), routes: &[&Route], tag: String) -> String {
    let (parent, its_path) = parent;
    let scene = Scene::new(client, parent, tag, props);
    let its_path = fill(its_path, &scene);
    let requests: Vec<_> = routes.iter().chain(routes).map(|route| route.request(&scene)).collect();
    let replies = at_once(client, &requests);
    let mut what = format!("{:?}:", scene.made());
    for ((method, path, _), reply) in requests.iter().zip(&replies) {
        what += &format!("\n    {method} {path} {}", reply.status);
    }
    let mut gone = BTreeSet::new();
    for ((method, path, _), reply) in requests.iter().zip(&replies) {
        // A collision that could not be tried again is told as such.
        let refused = reply.status == 503 && reply.header("retry-after").is_some();
        assert!(reply.status < 500 || refused, "{what}\n{reply:?}");
        assert!(reply.status != 400 && reply.status != 422 || may_be_invalid(routes), "{what}\n{}", reply.text());
        // (A membership may be made again and removed again; a key that is revoked is there still.)
        let again = path.contains("/things/") || path.starts_with("/api_key/");
        if *method == "DELETE" && reply.status == 204 && !again {
            assert!(gone.insert(path.clone()), "{what}\nremoved twice: {path}");
        }
    }
    let left = client.get(&its_path);
    assert!(left.status == 404 || (left.status == 200 && !gone.contains(&its_path)), "{what}\n{}", left.text());
    what
}

/// Words and deployments that are gone make a body invalid that names them.
fn may_be_invalid(routes: &[&Route]) -> bool {
    routes.iter().any(|route| {
        // (A file of a single row is one that cannot be used once its well is gone.)
        let is_file = route.path.ends_with("/bulk-upload");
        is_file || route.path.starts_with("/lexicon") || (route.method == "DELETE" && route.parents.contains(&"series"))
    })
}

/// What must not be there, one line each.
const BROKEN: &str = "
    SELECT 'purposes twice: thing ' || CAST(thing_id AS text) AS value FROM well_purpose GROUP BY thing_id, purpose HAVING count(*) > 1
    UNION ALL SELECT 'materials twice: thing ' || CAST(thing_id AS text) FROM well_casing_material GROUP BY thing_id, material HAVING count(*) > 1
    UNION ALL SELECT 'notes twice: ' || target_table || ' ' || CAST(target_id AS text) FROM notes
        GROUP BY target_table, target_id, note_type, content HAVING count(*) > 1
    UNION ALL SELECT 'provenance twice: ' || target_table || ' ' || CAST(target_id AS text) FROM data_provenance
        GROUP BY target_table, target_id, field_name HAVING count(*) > 1
    UNION ALL SELECT 'authors twice: ' || CAST(min(id) AS text) FROM pub_author GROUP BY name HAVING count(*) > 1
    UNION ALL SELECT 'consents twice: thing ' || CAST(thing_id AS text) FROM publication_consent
        WHERE revoked_at IS NULL GROUP BY thing_id, destination_id, data_type HAVING count(*) > 1
    UNION ALL SELECT 'links twice: term ' || CAST(term_id AS text) FROM lexicon_term_category_association
        GROUP BY term_id, category_id HAVING count(*) > 1
    UNION ALL SELECT 'open measuring points: thing ' || CAST(thing_id AS text) FROM measuring_point_history
        WHERE end_date IS NULL GROUP BY thing_id HAVING count(*) > 1
    UNION ALL SELECT 'open statuses: thing ' || CAST(target_id AS text) FROM status_history
        WHERE end_date IS NULL GROUP BY target_table, target_id, status_type HAVING count(*) > 1
    UNION ALL SELECT 'places: thing ' || CAST(thing_id AS text) FROM location_thing_association
        WHERE effective_end IS NULL GROUP BY thing_id HAVING count(*) > 1
    UNION ALL SELECT 'overlapping blocks: thing ' || CAST(a.thing_id AS text) FROM transducer_observation_block a
        JOIN transducer_observation_block b ON a.thing_id = b.thing_id AND a.parameter_id = b.parameter_id AND a.id < b.id
            AND a.start_datetime <= b.end_datetime AND b.start_datetime <= a.end_datetime
    UNION ALL SELECT 'empty block: ' || CAST(b.id AS text) FROM transducer_observation_block b
        WHERE EXISTS (SELECT 1 FROM deployment d WHERE d.thing_id = b.thing_id) AND NOT EXISTS (
            SELECT 1 FROM transducer_observation o JOIN deployment d ON d.id = o.deployment_id WHERE d.thing_id = b.thing_id
                AND o.observation_datetime BETWEEN b.start_datetime AND b.end_datetime)
    UNION ALL SELECT 'note of nothing: ' || target_table || ' ' || CAST(target_id AS text) FROM notes
        WHERE (target_table = 'thing' AND NOT EXISTS (SELECT 1 FROM thing WHERE id = target_id))
           OR (target_table = 'location' AND NOT EXISTS (SELECT 1 FROM location WHERE id = target_id))
           OR (target_table = 'contact' AND NOT EXISTS (SELECT 1 FROM contact WHERE id = target_id))
           OR target_table NOT IN ('thing', 'location', 'contact')
    UNION ALL SELECT 'links twice: contact ' || CAST(contact_id AS text) FROM thing_contact_association
        GROUP BY thing_id, contact_id HAVING count(*) > 1
    UNION ALL SELECT 'nameless: contact ' || CAST(id AS text) FROM contact WHERE name IS NULL AND organization IS NULL
    UNION ALL SELECT 'status of nothing: thing ' || CAST(target_id AS text) FROM status_history
        WHERE NOT EXISTS (SELECT 1 FROM thing WHERE id = target_id)";

const CIRCLES: &str = "WITH RECURSIVE up (low, high, steps) AS (
        SELECT id, parent_group_id, 1 FROM \"group\" WHERE parent_group_id IS NOT NULL
        UNION ALL SELECT up.low, g.parent_group_id, up.steps + 1 FROM up JOIN \"group\" g ON g.id = up.high
            WHERE up.steps < 50 AND g.parent_group_id IS NOT NULL)
    SELECT DISTINCT 'circle: group ' || CAST(low AS text) AS value FROM up WHERE low = high";

fn broken(db: &Database) -> Vec<String> {
    let mut found = db.texts(BROKEN);
    found.extend(db.texts(CIRCLES));
    if !db.is_postgres() {
        found.extend(db.texts("SELECT \"table\" || ' refers to no ' || parent AS value FROM pragma_foreign_key_check"));
    }
    found
}

both! {
    fn whatever_comes_first_what_is_left_is_whole(db: Database) {
        let app = db.start_with(|config| config.concurrency.pool_size = Some(8), |_| {});
        app.db.execute("INSERT INTO contact (name, role, contact_type) VALUES ('Whoever allows it', 'Owner', 'Primary')");
        let props = Props {
            sensor: planted::sensor(&app.client, "prop"),
            parameter: planted::parameter(&app.client, "Lead"),
            contact: app.db.number("SELECT max(id) FROM contact"),
        };
        for parent in PARENTS {
            let routes: Vec<&Route> = ROUTES.iter().filter(|route| route.parents.contains(&parent.0)).collect();
            let mut said = Vec::new();
            for pass in 0..passes(&app.db) {
                for (at, routes) in rounds(&routes).iter().enumerate() {
                    said.push(round(&app.client, props, *parent, routes, format!("{} {pass} {at}", parent.0)));
                }
            }
            let broken = broken(&app.db);
            // Which round it was is for whoever looks for the cause.
            let about = |line: &String| {
                let id = line.rsplit(' ').next().unwrap();
                said.iter().find(|round| round.contains(&format!(": {id},")) || round.contains(&format!(": {id}}}")))
            };
            assert!(broken.is_empty(), "{broken:#?}\n{:#?}", broken.iter().map(about).collect::<Vec<_>>());
        }
    }
}

/// A path without queries and whatever its keys are called.
fn without_names(path: &str) -> String {
    let path = path.split('?').next().unwrap();
    path.split(['{', '}']).enumerate().map(|(at, part)| if at % 2 == 0 { part } else { "{}" }).collect()
}

#[test]
fn every_write_route_has_its_races() {
    let document: Value = serde_json::from_str(&ocotillo::api::openapi_json().unwrap()).unwrap();
    let writes = operations(&document)
        .into_iter()
        .filter(|(method, ..)| ["POST", "PATCH", "PUT", "DELETE"].contains(&method.as_str()));
    let documented: BTreeSet<(String, String)> =
        writes.map(|(method, path, _)| (method, without_names(&path))).collect();
    let raced: BTreeSet<(String, String)> =
        ROUTES.iter().map(|route| (route.method.to_owned(), without_names(route.path))).collect();
    assert_eq!(raced, documented);
    for route in ROUTES {
        assert!(
            !route.parents.is_empty()
                && route.parents.iter().all(|parent| PARENTS.iter().any(|(name, _)| name == parent))
        );
    }
}
