//! The database goes away and comes back; statements run too long; replicas; sizes that do not fit.

use std::io::Write as _;
use std::time::{Duration, Instant};

use ocotillo::StoreError;
use ocotillo::db::{Ask, Asker, Weight};

use crate::support::proxy::{Proxy, upstream};
use crate::support::routes::routes;
use crate::support::*;

fn until(what: &str, mut reached: impl FnMut() -> bool) {
    let started = Instant::now();
    while !reached() {
        assert!(started.elapsed() < Duration::from_secs(15), "{what}");
        std::thread::sleep(Duration::from_millis(25));
    }
}

#[test]
#[ignore = "needs OCOTILLO_TEST_POSTGRES_URL"]
fn postgres_stops_and_starts_again() {
    let db = Database::postgres();
    let proxy = Proxy::start(upstream(&db.url));
    let url = proxy.url(&db.url);
    let app = db.start_with(
        |config| {
            config.database.url = url;
            config.concurrency.checkout_timeout = Duration::from_millis(500);
        },
        routes,
    );
    app.get("/location").expect(200);
    app.get("/ready").expect(200);

    proxy.cut();
    for _ in 0..3 {
        let started = Instant::now();
        let reply = app.get("/location");
        // The first attempt finds a dead connection, the second none: twice the time-out at most, and slack.
        assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
        assert_eq!(reply.expect(503)["reason"], "database_unavailable");
        assert!(reply.header("retry-after").is_some());
    }
    let write = app.post("/group", json!({"name": "lost"}));
    assert_eq!(write.expect(503)["detail"], "the database is unavailable");
    assert_eq!(app.get("/ready").expect(503)["database"], "unavailable");
    assert_eq!(app.get("/health").status, 200, "alive all the same");

    proxy.restore();
    until("it never recovered", || app.get("/location").status == 200);
    app.get("/ready").expect(200);
    app.create("/group", json!({"name": "kept"}));
}

#[test]
#[ignore = "needs OCOTILLO_TEST_POSTGRES_URL"]
fn a_read_survives_a_connection_that_was_closed_while_idle() {
    let db = Database::postgres();
    let proxy = Proxy::start(upstream(&db.url));
    let url = proxy.url(&db.url);
    let app = db.start_with(|config| config.database.url = url, routes);
    app.get("/location").expect(200);
    proxy.cut();
    proxy.restore();
    // Every idle connection is dead, and none lay idle long enough to be asked first.
    for _ in 0..4 {
        app.get("/location").expect(200);
    }
}

both! {
    fn a_statement_beyond_its_time_is_cut_off(db: Database) {
        let path = if db.is_postgres() { "/test/sleep" } else { "/test/sleep?sqlite" };
        let app = db.start_with(|config| config.concurrency.statement_timeout = Duration::from_millis(200), routes);
        let reply = app.get(path);
        assert_eq!(reply.expect(503)["reason"], "deadline");
        assert!(reply.header("retry-after").is_some());
        app.get("/location").expect(200);
    }

    fn a_statement_whose_client_has_left_is_cut_off(db: Database) {
        let path = if db.is_postgres() { "/test/sleep" } else { "/test/sleep?sqlite" };
        let app = db.start_with(|config| config.concurrency.statement_timeout = Duration::from_secs(24), routes);
        let mut client = std::net::TcpStream::connect(app.address).unwrap();
        write!(client, "GET {path} HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
        let in_use = || app.state.executor.lanes().iter().map(|lane| lane.in_use).sum::<usize>();
        until("the statement runs", || in_use() == 1);
        drop(client);
        until("the statement ends", || in_use() == 0);
        app.get("/location").expect(200);
    }
}

#[test]
#[ignore = "needs OCOTILLO_TEST_POSTGRES_URL"]
fn reads_go_to_the_replica_and_writes_to_the_primary() {
    let (primary, replica) = (Database::postgres(), Database::postgres());
    replica.execute("INSERT INTO \"group\" (name) VALUES ('only on the replica')");
    let url = replica.url.clone();
    let app = primary.start_with(|config| config.database.replica_url = Some(url), routes);
    assert_eq!(json!(app.items("/group", "name")), json!(["only on the replica"]));
    let made = app.create("/group", json!({"name": "on the primary"}));
    assert_eq!(made["name"], "on the primary");
    assert_eq!(app.db.number("SELECT count(*) FROM \"group\" WHERE name = 'on the primary'"), 1);
    assert_eq!(replica.number("SELECT count(*) FROM \"group\""), 1);
}

#[test]
#[ignore = "needs OCOTILLO_TEST_POSTGRES_URL"]
fn more_connections_than_the_server_allows_are_refused_at_the_start() {
    let db = Database::postgres();
    let refusal = db.refuses_to_start(|config| {
        config.concurrency.pool_size = Some(20);
        config.concurrency.instances = 10;
    });
    assert!(refusal.contains("10 instances x 21 connections + 3 for administration = 213"), "{refusal}");
    let name = db.url.rsplit('/').next().unwrap().to_owned();
    db.execute(&format!("ALTER DATABASE {name} CONNECTION LIMIT 4"));
    let refusal = db.refuses_to_start(|config| config.concurrency.pool_size = Some(2));
    assert!(refusal.contains("the database allows 4"), "{refusal}");
}

#[test]
#[ignore = "needs OCOTILLO_TEST_POSTGRES_URL"]
fn a_replica_has_limits_of_its_own() {
    let (primary, replica) = (Database::postgres(), Database::postgres());
    let name = replica.url.rsplit('/').next().unwrap().to_owned();
    replica.execute(&format!("ALTER DATABASE {name} CONNECTION LIMIT 4"));
    let refusal = primary.refuses_to_start(|config| config.database.replica_url = Some(replica.url.clone()));
    assert!(refusal.contains("the database allows 4"), "{refusal}");
}

#[test]
#[ignore = "needs OCOTILLO_TEST_POSTGRES_URL"]
fn a_database_that_is_not_there_is_said() {
    let db = Database::postgres();
    let refusal = db.refuses_to_start(|config| {
        config.database.url = "postgres://nobody:secret@127.0.0.1:1/nothing".to_owned();
        config.database.migrate_on_start = true;
        config.concurrency.checkout_timeout = Duration::from_millis(200);
    });
    assert!(refusal.contains("postgres://nobody@127.0.0.1:1/nothing"), "{refusal}");
    assert!(!refusal.contains("secret"), "{refusal}");
}

#[derive(diesel::QueryableByName)]
struct Written {
    #[diesel(sql_type = diesel::sql_types::Integer)]
    id: i32,
}

/// What comes of a write in a reading job, which the types let through only where the SQL is our own.
fn write_in_a_reading_job(app: &App) -> String {
    let asker = Asker::program("test");
    let ask = Ask { operation: "test_write_in_read", weight: Weight::Light, asker };
    let done = actix_web::rt::System::new().block_on(app.state.executor.read(
        ask,
        || Ok::<_, StoreError>(()),
        |session, ()| {
            let insert = diesel::sql_query("INSERT INTO \"group\" (name) VALUES ('x') RETURNING id");
            let written: Vec<Written> = session.select(insert)?;
            Ok(written.iter().map(|row| row.id).sum::<i32>())
        },
        |result| result.map_err(|error| error.to_string()),
    ));
    done.result.unwrap().unwrap_err()
}

#[test]
fn a_reader_of_sqlite_cannot_write() {
    let app = Database::sqlite().start();
    let refused = write_in_a_reading_job(&app);
    assert!(refused.contains("readonly"), "{refused}");
    assert_eq!(app.db.number("SELECT count(*) FROM \"group\""), 0);
}

#[test]
#[ignore = "needs OCOTILLO_TEST_POSTGRES_URL"]
fn a_reader_of_a_replica_cannot_write() {
    let db = Database::postgres();
    let url = db.url.clone();
    let app = db.start_with(|config| config.database.replica_url = Some(url), routes);
    let refused = write_in_a_reading_job(&app);
    assert!(refused.contains("read-only transaction"), "{refused}");
    assert_eq!(app.db.number("SELECT count(*) FROM \"group\""), 0);
}
