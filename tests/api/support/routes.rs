//! Routes that only tests have: slow ones that wait until they are told, ones that panic, ones that write half.

use std::collections::HashMap;
use std::sync::{Condvar, Mutex};
use std::time::Duration;

use actix_web::web::{self, ServiceConfig};
use diesel::prelude::*;
use ocotillo::api::{Answer, Caller, Db, Params};
use ocotillo::auth::Viewer;
use ocotillo::db::{Connection, Weight};
use ocotillo::store::StoreError;
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

async fn slow(_caller: Caller<Viewer>, db: Db, mut params: Params) -> Answer {
    let name = params.required("name");
    let weight = if params.text("heavy").is_some() { Weight::Heavy } else { Weight::Light };
    params.finish()?;
    db.read("test_slow", weight, move |_| {
        hold(&name);
        Ok(json!("done"))
    })
    .await
}

async fn slow_write(_caller: Caller<Viewer>, db: Db, mut params: Params) -> Answer {
    let name = params.required("name");
    let fails = params.text("fails").is_some();
    params.finish()?;
    db.create("test_slow_write", move |conn| {
        insert_term(conn, &name)?;
        hold(&name);
        if fails { Err(StoreError::Missing("rolled back".to_owned())) } else { Ok(json!("written")) }
    })
    .await
}

fn insert_term(conn: &mut Connection, term: &str) -> QueryResult<usize> {
    use ocotillo::db::schema::lexicon_term;
    diesel::insert_into(lexicon_term::table)
        .values((lexicon_term::term.eq(term), lexicon_term::definition.eq("of a test")))
        .execute(conn)
}

async fn panics(_caller: Caller<Viewer>, db: Db, mut params: Params) -> Answer {
    let writes = params.text("write").is_some();
    params.finish()?;
    if writes {
        return db
            .create("test_panic", |conn| -> Result<(), StoreError> {
                insert_term(conn, "half written")?;
                panic!("on purpose")
            })
            .await;
    }
    db.get("test_panic", |_| -> Result<(), StoreError> { panic!("on purpose") }).await
}

/// Reads a number, then writes the next one: what a deferred transaction loses under load.
async fn count(_caller: Caller<Viewer>, db: Db) -> Answer {
    use ocotillo::db::schema::location;
    db.update("test_count", |conn| {
        let before: f64 = location::table.select(location::elevation).first(conn)?;
        diesel::update(location::table).set(location::elevation.eq(before + 1.0)).execute(conn)?;
        Ok(json!(before))
    })
    .await
}

async fn sleeps(_caller: Caller<Viewer>, db: Db) -> Answer {
    db.get("test_sleep", |conn| {
        diesel::sql_query("SELECT pg_sleep(30)").execute(conn)?;
        Ok(json!("slept"))
    })
    .await
}

async fn undeclared() -> &'static str {
    "nobody was asked"
}

/// For `Database::start_with`.
pub fn routes(config: &mut ServiceConfig) {
    config
        .route("/test/slow", web::get().to(slow))
        .route("/test/slow-write", web::post().to(slow_write))
        .route("/test/panic", web::get().to(panics))
        .route("/test/count", web::post().to(count))
        .route("/test/sleep", web::get().to(sleeps))
        .route("/test/undeclared", web::get().to(undeclared));
}
