//! The database goes away and comes back; statements run too long; replicas; sizes that do not fit.

use std::io::Write as _;
use std::time::{Duration, Instant};

use ocotillo::StoreError;
use ocotillo::db::{Ask, Asker, Weight};

use crate::support::proxy::{Proxy, upstream};
use crate::support::routes::{place, routes};
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
    for round in 0..3 {
        let started = Instant::now();
        let reply = app.get("/location");
        // The first finds a dead connection and no other; from then on it is known.
        let longest = if round == 0 { 1000 } else { 200 };
        assert!(started.elapsed() < Duration::from_millis(longest), "{round}: {:?}", started.elapsed());
        assert_eq!(reply.expect(503)["reason"], "database_unavailable");
        assert!(reply.header("retry-after").is_some());
    }
    let write = app.post("/group", json!({"name": "lost"}));
    assert_eq!(write.expect(503)["detail"], "the database is unavailable");
    assert_eq!(app.get("/ready").expect(503)["database"], "unavailable");
    assert_eq!(app.get("/health").status, 200, "alive all the same");

    proxy.restore();
    let restored = Instant::now();
    until("it never recovered", || app.get("/location").status == 200);
    assert!(restored.elapsed() < Duration::from_secs(1), "{:?}", restored.elapsed());
    app.get("/ready").expect(200);
    app.create("/group", json!({"name": "kept"}));
}

#[test]
#[ignore = "needs OCOTILLO_TEST_POSTGRES_URL"]
fn a_link_that_swallows_everything_is_noticed_and_found_again() {
    let db = Database::postgres();
    let proxy = Proxy::start(upstream(&db.url));
    let url = proxy.url(&db.url);
    let app = db.start_with(
        |config| {
            config.database.url = url;
            config.concurrency.checkout_timeout = Duration::from_millis(500);
            config.concurrency.statement_timeout = Duration::from_secs(3);
        },
        routes,
    );
    app.get("/location").expect(200);
    proxy.swallow();
    let began = Instant::now();
    let clients: Vec<_> = (0..10)
        .map(|_| {
            let client = app.client.clone();
            std::thread::spawn(move || (client.get("/location"), Instant::now()))
        })
        .collect();
    until("it is never noticed", || app.get("/ready").status == 503);
    for client in clients {
        let (reply, ended) = client.join().unwrap();
        assert_eq!(reply.expect(503)["reason"], "database_unavailable");
        // Neither those who hold the permits nor those who wait hang for as long as the link does.
        assert!(ended - began < Duration::from_millis(3500), "{:?}", ended - began);
    }
    for _ in 0..3 {
        let started = Instant::now();
        assert_eq!(app.get("/location").expect(503)["reason"], "database_unavailable");
        assert!(started.elapsed() < Duration::from_millis(200), "{:?}", started.elapsed());
        assert_eq!(app.get("/ready").expect(503)["database"], "unavailable");
    }
    assert_eq!(app.get("/health").status, 200, "alive all the same");
    proxy.restore();
    let restored = Instant::now();
    until("it never recovered", || app.get("/location").status == 200);
    assert!(restored.elapsed() < Duration::from_secs(1), "{:?}", restored.elapsed());
    app.get("/ready").expect(200);
}

#[test]
#[ignore = "needs OCOTILLO_TEST_POSTGRES_URL"]
fn readiness_tells_an_outage_under_load() {
    let db = Database::postgres();
    let proxy = Proxy::start(upstream(&db.url));
    let url = proxy.url(&db.url);
    let app = db.start_with(|config| config.database.url = url, routes);
    let ended = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..10 {
            scope.spawn(|| {
                while !ended.load(std::sync::atomic::Ordering::Relaxed) {
                    assert!([200, 503].contains(&app.get("/location").status));
                }
            });
        }
        std::thread::sleep(Duration::from_millis(200));
        proxy.cut();
        let cut = Instant::now();
        until("it is never noticed", || app.get("/ready").status == 503);
        let noticed = cut.elapsed();
        proxy.restore();
        let restored = Instant::now();
        until("it never recovered", || app.get("/ready").status == 200);
        let recovered = restored.elapsed();
        ended.store(true, std::sync::atomic::Ordering::Relaxed);
        assert!(noticed < Duration::from_secs(1) && recovered < Duration::from_secs(1), "{noticed:?} {recovered:?}");
    });
}

/// A statement that fails as the state of a database makes it fail.
fn fails(db: &Database, code: &str, message: &str) {
    db.execute(&format!(
        "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{code}', MESSAGE = '{message}'; END $$;
         DROP TRIGGER IF EXISTS refused ON \"group\";
         CREATE TRIGGER refused BEFORE INSERT ON \"group\" FOR EACH ROW EXECUTE FUNCTION refuse()"
    ));
}

#[test]
#[ignore = "needs OCOTILLO_TEST_POSTGRES_URL"]
fn what_ails_the_server_is_told_with_a_time_to_come_back() {
    let app = Database::postgres().start();
    for (code, message, reason) in [
        ("53100", "could not extend file \"base/1/2\": No space left on device", "database_full"),
        ("53200", "out of memory", "database_out_of_memory"),
        ("25006", "cannot execute INSERT in a read-only transaction", "database_read_only"),
        ("58030", "could not write block 1 in file \"base/1/2\": Input/output error", "database_disk"),
        ("40001", "could not serialize access due to concurrent update", "collision"),
        ("57014", "canceling statement due to statement timeout", "deadline"),
    ] {
        fails(&app.db, code, message);
        let reply = app.post("/group", json!({"name": "x"}));
        assert_eq!(reply.expect(503)["reason"], reason, "{code}");
        assert!(reply.header("retry-after").is_some(), "{code}");
    }
    app.get("/ready").expect(200);
    fails(&app.db, "XX001", "invalid page in block 3 of relation base/1/2");
    assert_eq!(app.post("/group", json!({"name": "x"})).expect(503)["reason"], "database_corrupt");
    assert_eq!(app.get("/ready").expect(503)["database"], "corrupt");
}

#[test]
#[ignore = "needs OCOTILLO_TEST_POSTGRES_URL"]
fn a_connection_that_the_server_ends_costs_a_write_at_most() {
    let app = Database::postgres().start();
    app.get("/location").expect(200);
    let name = app.db.url.rsplit('/').next().unwrap().to_owned();
    app.db.number(&format!(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{name}' AND pid <> pg_backend_pid()"
    ));
    let reply = app.post("/group", json!({"name": "x"}));
    assert_eq!(reply.expect(503)["reason"], "database_unavailable");
    app.create("/group", json!({"name": "y"}));
    app.get("/ready").expect(200);
}

#[test]
#[ignore = "needs OCOTILLO_TEST_POSTGRES_URL"]
fn a_read_that_a_standby_cancels_is_repeated_once() {
    let app = Database::postgres().start_with(|_| {}, routes);
    app.db.execute(
        "CREATE FUNCTION conflict() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN
         RAISE EXCEPTION USING ERRCODE = '40001', MESSAGE = 'canceling statement due to conflict with recovery'; END $$",
    );
    let name = place();
    // The route fails so often as a standby fails that has to keep up.
    assert_eq!(app.get(&format!("/test/standby?name={name}&times=1")).expect(200), json!("read"));
    let reply = app.get(&format!("/test/standby?name={name}-again&times=2"));
    assert_eq!(reply.expect(503)["reason"], "replica_conflict");
    assert!(reply.header("retry-after").is_some());
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
    let ask = Ask { operation: "test_write_in_read", weight: Weight::Light, asker, current: false };
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
