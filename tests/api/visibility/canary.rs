//! The canary: whatever those ask who do not say who they are, they get the very same bytes before hidden rows are there and after.
//! And those who say who they are see what their roles show them.

use std::collections::BTreeMap;
use std::thread;

use ocotillo::api::OPENABLE;
use ocotillo::auth::{Grants, Role};

use super::plant::{Seen, at_the_same_time, hidden, seen};
use super::requests::{Route, openable};
use crate::long_lists::next;
use crate::support::principals::{ByName, EVERYTHING, HOLDERS};
use crate::support::*;

/// A server on which everything is open that can be.
pub fn open(db: Database) -> App {
    db.start_asking(
        |config| config.auth.anonymous = OPENABLE.iter().map(|family| (*family).to_owned()).collect(),
        ByName,
    )
}

/// An answer without what differs from one request to the next.
#[derive(PartialEq)]
pub struct Answer {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn of(reply: Reply) -> Self {
        let queries = reply.queries();
        let mut headers: BTreeMap<String, String> = reply.headers.into_iter().collect();
        // (`Cache-Control` says that somebody is known, not what he sees.)
        for passing in ["x-request-id", "date", "server-timing", "cache-control"] {
            headers.remove(passing);
        }
        headers.insert("queries".to_owned(), queries.to_string());
        Self { status: reply.status, headers, body: reply.body }
    }

    /// Where another one differs.
    pub fn difference(&self, other: &Self) -> String {
        let same = self.body.iter().zip(&other.body).take_while(|(one, other)| one == other).count();
        let part = |answer: &Self| {
            let end = answer.body.len().min(same + 200);
            let part = String::from_utf8_lossy(&answer.body[same.saturating_sub(60)..end]).into_owned();
            format!("{} {:?} ...{part}", answer.status, answer.headers)
        };
        format!("{}\n    {}", part(self), part(other))
    }
}

/// What somebody is answered to all requests.
pub fn crawl(client: &Client, requests: &[String]) -> Vec<Answer> {
    thread::scope(|scope| {
        let parts = requests.chunks(requests.len().div_ceil(3));
        let walk = |part: &[String]| part.iter().map(|path| Answer::of(client.get(path))).collect::<Vec<_>>();
        let threads: Vec<_> = parts.map(|part| scope.spawn(move || walk(part))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    })
}

/// A map shows water levels to those only who may read observations, and everything else as it is expected.
fn same_map(own: &Answer, expected: &Answer, reads_observations: bool, holder: &str) {
    const LEVELS: [&str; 2] = ["latest_water_level", "latest_water_level_datetime"];
    let features = |answer: &Answer| {
        let map: Value = serde_json::from_slice(&answer.body).unwrap();
        map["features"].as_array().unwrap().clone()
    };
    let (mut own, mut expected) = (features(own), features(expected));
    let levels = own.iter().filter(|feature| feature["properties"][LEVELS[0]].is_number()).count();
    assert_eq!(levels > 0, reads_observations, "{holder}: {levels} levels");
    for feature in own.iter_mut().chain(&mut expected) {
        LEVELS.iter().for_each(|level| feature["properties"][*level] = Value::Null);
    }
    assert_eq!(own, expected, "{holder}");
}

/// All ways to read, of a database with the most rows; with questions that are refused.
pub fn requests(app: &App, seen: &Seen) -> Vec<String> {
    let document = app.client.on_behalf_of(EVERYTHING).get("/openapi-auth.json").expect(200);
    let routes = Route::all(&document);
    let wrong = [
        "sort=colour",
        "filter=%7B",
        "size=0",
        "page=99999",
        "colour=red",
        "format=odd",
        "bbox=1",
        "within=POINT(1%201)",
    ];
    // Pages behind a row that everybody sees.
    let behind = |route: &Route| {
        let pages =
            ["", "&sort=id&order=desc", "&sort=created_at"].map(|sort| format!("{}?size=1{sort}", route.of_seen(seen)));
        pages.into_iter().filter_map(|page| next(&app.client.get(&page))).collect::<Vec<_>>()
    };
    let refused = |route: &Route| wrong.map(|query| format!("{}?{query}", route.of_seen(seen)));
    let asked: Vec<String> = routes.iter().flat_map(|route| route.requests(&app.db, seen)).collect();
    let lists = || routes.iter().filter(|route| route.is_list());
    let behind: Vec<String> = lists().flat_map(behind).collect();
    assert!(behind.iter().any(|path| path.contains("after=")), "{behind:?}");
    asked.into_iter().chain(behind).chain(lists().flat_map(refused)).collect()
}

both! {
    fn nothing_that_anybody_reads_changes_when_hidden_rows_come(db: Database) {
        let model = open(Database::of(db.kind));
        let known = seen(&model);
        hidden(&model, &known);
        let requests = requests(&model, &known);
        drop(model);
        assert!(requests.len() > 2000, "{} requests", requests.len());

        let app = open(db);
        let seen = seen(&app);
        assert_eq!(format!("{:?}{}", seen.family, seen.plain), format!("{:?}{}", known.family, known.plain));
        at_the_same_time(&app.db);
        let before = crawl(&app.client, &requests);
        let rows = before.iter().filter(|answer| answer.status == 200).count();
        assert!(rows > 1000 && before.iter().all(|answer| ![401, 403, 500, 503].contains(&answer.status)), "{rows} of {}", before.len());
        hidden(&app, &seen);
        let after = crawl(&app.client, &requests);
        let changed = |((path, before), after): ((&String, &Answer), &Answer)| {
            (before != after).then(|| format!("{path}\n    {}", before.difference(after)))
        };
        let changed: Vec<String> = requests.iter().zip(&before).zip(&after).filter_map(changed).collect();
        assert!(changed.is_empty(), "{} of {}:\n{}", changed.len(), requests.len(), changed[..changed.len().min(8)].join("\n"));
        for answer in &after {
            let text = String::from_utf8_lossy(&answer.body);
            // (What was asked for stands in refusals and in `Link`.)
            assert!(answer.status != 200 || !text.contains("HIDDEN"), "{text}");
        }
    }

    fn everybody_sees_what_his_roles_show_him(db: Database) {
        let app = open(db);
        let seen = seen(&app);
        hidden(&app, &seen);
        let document = app.get("/openapi-auth.json").expect(200);
        let roles = openable();
        let mut requests: Vec<(String, ocotillo::auth::Role)> = Vec::new();
        for route in Route::all(&document) {
            let paths = route.paths(&app.db).into_iter().step_by(5).chain([route.of_seen(&seen)]);
            let sorted = route.is_list().then(|| format!("{}?size=1000&sort=id", route.of_seen(&seen)));
            requests.extend(paths.chain(sorted).map(|path| (path, roles[&route.pattern])));
        }
        let paths: Vec<String> = requests.iter().map(|(path, _)| path.clone()).collect();
        let all = crawl(&app.client.on_behalf_of(EVERYTHING), &paths);
        let public = crawl(&app.client, &paths);
        let more = all.iter().zip(&public).filter(|(all, public)| all.body != public.body).count();
        assert!(more > 100, "{more} of {}", paths.len());
        for (holder, held) in HOLDERS {
            let grants = Grants::Some(vec![held]);
            let own = crawl(&app.client.on_behalf_of(holder), &paths);
            for (((path, role), own), (all, public)) in requests.iter().zip(&own).zip(all.iter().zip(&public)) {
                let expected = if grants.include(*role) { all } else { public };
                if path == "/geospatial" {
                    same_map(own, expected, grants.include(Role::AmpViewer), holder);
                    continue;
                }
                assert!(own == expected, "{holder} {path}\n    {}", own.difference(expected));
            }
        }
    }
}
