//! Routes that only tests have: slow ones that wait until they are told, ones that panic, ones that write half.

use std::collections::HashMap;
use std::sync::{Condvar, Mutex};
use std::time::Duration;

use actix_web::http::{Method, StatusCode};
use actix_web::web;
use diesel::sql_types::Integer;
use ocotillo::StoreError;
use ocotillo::api::{Access, Answer, Db, Params, Routes};
use ocotillo::auth::Role;
use ocotillo::db::prelude::*;
use ocotillo::db::{Weight, WriteSession};
use serde_json::json;

/// Counts who has come to a place, and whether they may go.
static PLACES: Mutex<Option<HashMap<String, (usize, bool)>>> = Mutex::new(None);
static MOVED: Condvar = Condvar::new();

fn arrive(name: &str) {
    let mut places = PLACES.lock().unwrap();
    places.get_or_insert_default().entry(name.to_owned()).or_default().0 += 1;
    MOVED.notify_all();
}

/// Waits until the place is released. Gives up after half a minute, so that a failed test ends.
fn hold(name: &str) {
    arrive(name);
    let mut places = PLACES.lock().unwrap();
    while !places.get_or_insert_default().entry(name.to_owned()).or_default().1 {
        let (guard, timeout) = MOVED.wait_timeout(places, Duration::from_secs(30)).unwrap();
        assert!(!timeout.timed_out(), "nobody released {name}");
        places = guard;
    }
}

/// Lets everybody go who holds there, now and later.
pub fn release(name: &str) {
    PLACES.lock().unwrap().get_or_insert_default().entry(name.to_owned()).or_default().1 = true;
    MOVED.notify_all();
}

/// Waits until so many have come.
pub fn wait_for(name: &str, count: usize) {
    let mut places = PLACES.lock().unwrap();
    while places.get_or_insert_default().entry(name.to_owned()).or_default().0 < count {
        let (guard, timeout) = MOVED.wait_timeout(places, Duration::from_secs(30)).unwrap();
        assert!(!timeout.timed_out(), "{count} never came to {name}");
        places = guard;
    }
}

/// A place of this test's own.
pub fn place() -> String {
    uuid::Uuid::new_v4().simple().to_string()
}

async fn slow(db: Db, params: Params) -> Answer {
    let weight = if params.has("heavy") { Weight::Heavy } else { Weight::Light };
    let name = move || params.read(|params| params.required("name"));
    db.read("test_slow", weight, name, |_, name: String| {
        hold(&name);
        Ok(json!("done"))
    })
    .await
}

async fn slow_write(db: Db, params: Params) -> Answer {
    let asked = move || params.read(|params| (params.required("name"), params.text("fails").is_some()));
    db.write("test_slow_write", StatusCode::CREATED, asked, |session, (name, fails): (String, bool)| {
        insert_term(session, &name)?;
        hold(&name);
        if fails { Err(StoreError::Missing("rolled back".to_owned())) } else { Ok(json!("written")) }
    })
    .await
}

fn insert_term(session: &mut WriteSession<'_>, term: &str) -> QueryResult<usize> {
    use ocotillo::db::schema::lexicon_term;
    diesel::insert_into(lexicon_term::table)
        .values((lexicon_term::term.eq(term), lexicon_term::definition.eq("of a test")))
        .execute(session)
}

async fn panics(db: Db, params: Params) -> Answer {
    if params.has("write") {
        return db
            .write(
                "test_panic",
                StatusCode::CREATED,
                || Ok(()),
                |session, ()| -> Result<(), StoreError> {
                    insert_term(session, "half written")?;
                    panic!("on purpose")
                },
            )
            .await;
    }
    db.get("test_panic", (), |_, ()| -> Result<(), StoreError> { panic!("on purpose") }).await
}

/// Reads a number, then writes the next one: what a deferred transaction loses under load.
async fn count(db: Db) -> Answer {
    use ocotillo::db::schema::location;
    db.write(
        "test_count",
        StatusCode::OK,
        || Ok(()),
        |session, ()| {
            let before: f64 = location::table.select(location::elevation).first(session)?;
            diesel::update(location::table).set(location::elevation.eq(before + 1.0)).execute(session)?;
            Ok(json!(before))
        },
    )
    .await
}

#[derive(QueryableByName)]
struct Slept {
    #[diesel(sql_type = Integer)]
    value: i32,
}

/// One statement that takes half a minute.
async fn sleeps(db: Db, params: Params) -> Answer {
    let sql = if params.has("sqlite") {
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000000) \
         SELECT count(*) AS value FROM n"
    } else {
        "SELECT 1 AS value FROM pg_sleep(30)"
    };
    db.get("test_sleep", (), move |session, ()| {
        let slept: Vec<Slept> = session.select(diesel::sql_query(sql))?;
        Ok(json!(slept.iter().map(|slept| slept.value).sum::<i32>()))
    })
    .await
}

/// Fails so many times as a standby fails that cancels what is in its way.
async fn standby(db: Db, params: Params) -> Answer {
    let asked = move || params.read(|params| (params.required("name"), params.text("times")));
    db.read("test_standby", Weight::Light, asked, |session, (name, times): (String, Option<String>)| {
        arrive(&name);
        let came = PLACES.lock().unwrap().get_or_insert_default().get(&name).map_or(0, |place| place.0);
        if came <= times.and_then(|times| times.parse().ok()).unwrap_or(0) {
            let _: Vec<Slept> = session.select(diesel::sql_query("SELECT conflict() AS value"))?;
        }
        Ok(json!("read"))
    })
    .await
}

/// Fills a page-bound SQLite file, writes to one that takes no writes, or waits for its lock.
async fn hindered(db: Db, params: Params) -> Answer {
    let hindrance = move || params.read(|params| params.required("pragma"));
    db.write("test_hindered", StatusCode::CREATED, hindrance, |session, pragma: String| {
        // Some pragmas answer with a row, some with none.
        let rows: Vec<Pragma> = session.select(diesel::sql_query(format!("PRAGMA {pragma}")))?;
        assert!(rows.iter().all(|row| row.max_page_count > 0));
        for number in 0..2000 {
            insert_term(session, &format!("{number} {}", "x".repeat(80)))?;
        }
        Ok(json!("written"))
    })
    .await
}

#[derive(QueryableByName)]
struct Pragma {
    #[diesel(sql_type = Integer)]
    max_page_count: i32,
}

/// For `Database::start_with`.
pub fn routes(routes: &mut Routes) {
    let viewer = Access::Role(Role::Viewer);
    routes
        .undocumented(viewer, Method::GET, "/test/slow", web::get().to(slow))
        .undocumented(viewer, Method::POST, "/test/slow-write", web::post().to(slow_write))
        .undocumented(viewer, Method::GET, "/test/panic", web::get().to(panics))
        .undocumented(viewer, Method::POST, "/test/count", web::post().to(count))
        .undocumented(viewer, Method::GET, "/test/standby", web::get().to(standby))
        .undocumented(viewer, Method::POST, "/test/hindered", web::post().to(hindered))
        .undocumented(viewer, Method::GET, "/test/sleep", web::get().to(sleeps));
}
