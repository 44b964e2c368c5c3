//! The embedded database as a file: its log, its permissions, copies, damage, and other programs that write to it.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, SqliteConnection};
use ocotillo::config::Config;
use ocotillo::{StoreError, server};

use crate::service::program;
use crate::shutdown::Program;
use crate::support::routes::routes;
use crate::support::*;

fn beside(path: &Path, suffix: &str) -> PathBuf {
    PathBuf::from(format!("{}{suffix}", path.display()))
}

fn size(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |file| file.len())
}

fn plain(path: &Path) -> SqliteConnection {
    SqliteConnection::establish(path.to_str().unwrap()).unwrap()
}

#[test]
fn what_ails_the_file_is_told_with_a_time_to_come_back() {
    let app = Database::sqlite().start_with(
        |config| {
            config.concurrency.statement_timeout = Duration::from_millis(300);
            config.concurrency.checkout_timeout = Duration::from_millis(100);
        },
        routes,
    );
    let mut other = plain(&app.db.path());
    other.batch_execute("BEGIN IMMEDIATE").unwrap();
    let reply = app.post("/group", json!({"name": "x"}));
    assert_eq!(reply.expect(503)["reason"], "database_busy");
    assert!(reply.header("retry-after").is_some());
    other.batch_execute("ROLLBACK").unwrap();
    app.create("/group", json!({"name": "x"}));
    let reply = app.send("POST", "/test/hindered?pragma=max_page_count%3D1", None, b"");
    assert_eq!(reply.expect(503)["reason"], "database_full");
    let reply = app.send("POST", "/test/hindered?pragma=max_page_count%3D1000000", None, b"");
    assert_eq!(reply.status, 201, "there is room again");
    let reply = app.send("POST", "/test/hindered?pragma=query_only%3DON", None, b"");
    assert_eq!(reply.expect(503)["reason"], "database_read_only");
    assert_eq!(app.get("/ready").status, 200);
}

#[test]
fn a_damaged_page_is_told_by_readiness() {
    let db = Database::sqlite();
    db.execute("INSERT INTO \"group\" (name) VALUES ('x'); PRAGMA wal_checkpoint(TRUNCATE)");
    let page = db.number("SELECT rootpage FROM sqlite_master WHERE name = 'group'");
    let page_size = db.number("SELECT page_size FROM pragma_page_size");
    let mut bytes = std::fs::read(db.path()).unwrap();
    let start = usize::try_from((page - 1) * page_size).unwrap();
    bytes[start..start + 100].fill(0xa5);
    std::fs::write(db.path(), bytes).unwrap();
    let (ok, text) = program(&["--database-url", &db.url, "check", "--integrity"], &[]);
    assert!(!ok && text.contains("damaged") || text.contains("malformed"), "{text}");
    let app = db.start();
    assert_eq!(app.get("/ready").status, 200, "nobody has looked yet");
    let reply = app.get("/group");
    assert_eq!(reply.expect(503)["reason"], "database_corrupt");
    assert_eq!(app.get("/ready").expect(503), json!({"status": "unavailable", "database": "corrupt"}));
    assert_eq!(app.get("/location").status, 200, "what is sound is still served");
}

/// As an import does: holds the write lock nearly always.
fn write_without_pause(url: String, chunk: Duration, ended: &AtomicBool) {
    let mut config = Config::default();
    config.database.url = url;
    config.database.migrate_on_start = false;
    let executor = server::prepare(&config).unwrap().executor;
    while !ended.load(Ordering::Relaxed) {
        executor
            .write_blocking(|session| {
                use ocotillo::db::prelude::*;
                use ocotillo::db::schema::lexicon_term;
                let term = uuid::Uuid::new_v4().to_string();
                diesel::insert_into(lexicon_term::table)
                    .values((lexicon_term::term.eq(term), lexicon_term::definition.eq("of a test")))
                    .execute(session)?;
                std::thread::sleep(chunk);
                Ok::<_, StoreError>(())
            })
            .unwrap();
    }
}

#[test]
fn an_import_beside_the_server_makes_nobody_wait_more_than_a_chunk() {
    let app = Database::sqlite().start();
    let (chunk, ended) = (Duration::from_millis(300), AtomicBool::new(false));
    std::thread::scope(|scope| {
        scope.spawn(|| write_without_pause(app.db.url.clone(), chunk, &ended));
        std::thread::sleep(chunk);
        let mut longest = Duration::ZERO;
        for number in 0..8 {
            let started = Instant::now();
            let reply = app.post("/group", json!({"name": format!("beside {number}")}));
            longest = longest.max(started.elapsed());
            assert_eq!(reply.status, 201, "{}", reply.text());
        }
        ended.store(true, Ordering::Relaxed);
        // The rest of a chunk, and how often SQLite looks.
        assert!(longest < chunk + Duration::from_millis(900), "{longest:?}");
    });
}

#[test]
fn the_log_stays_short_under_steady_reads_and_writes() {
    let app = Database::sqlite().start_with(|config| config.concurrency.pool_size = Some(4), |_| {});
    let (log, ended) = (beside(&app.db.path(), "-wal"), AtomicBool::new(false));
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while !ended.load(Ordering::Relaxed) {
                    app.get("/lexicon/term?size=100").expect(200);
                }
            });
        }
        // As many bytes as 300 ordinary writes, in less time.
        let note = "x".repeat(60_000);
        let mut longest = 0;
        for _ in 0..300 {
            let location = json!({"point": "POINT (-106 34)", "elevation": 1.0,
                "notes": [{"note_type": "Directions", "content": note}, {"note_type": "Access", "content": note}]});
            app.create("/location", location);
            longest = longest.max(size(&log));
        }
        ended.store(true, Ordering::Relaxed);
        assert!(longest < 24 << 20, "{longest} bytes");
    });
}

#[test]
fn a_clean_stop_leaves_everything_in_one_file() {
    for signal in ["-TERM", "-INT", "-TERM", "-INT"] {
        let db = Database::empty_sqlite();
        let mut program = Program::start(&["--database-url", &db.url, "serve", "--bind", "127.0.0.1:0"], &[]);
        program.client.create("/group", json!({"name": "kept"}));
        program.client.get("/group").expect(200);
        let killed =
            std::process::Command::new("kill").args([signal, &program.child.id().to_string()]).status().unwrap();
        assert!(killed.success() && program.child.wait().unwrap().success());
        assert!(!beside(&db.path(), "-wal").exists() && !beside(&db.path(), "-shm").exists(), "{signal}");
        let copy = Database::empty_sqlite();
        std::fs::copy(db.path(), copy.path()).unwrap();
        assert_eq!(copy.number("SELECT count(*) FROM \"group\" WHERE name = 'kept'"), 1);
    }
    let db = Database::empty_sqlite();
    for command in [&["migrate", "up"][..], &["seed"], &["migrate", "down"], &["migrate", "status"], &["check"]] {
        let (ok, text) = program(&[&["--database-url", db.url.as_str()], command].concat(), &[]);
        assert!(ok, "{text}");
        assert!(!beside(&db.path(), "-wal").exists(), "{command:?}");
    }
}

#[test]
fn files_are_their_owners_alone() {
    let db = Database::empty_sqlite();
    let _program = Program::start(&["--database-url", &db.url, "serve", "--bind", "127.0.0.1:0"], &[]);
    for suffix in ["", "-wal", "-shm"] {
        let mode = std::fs::metadata(beside(&db.path(), suffix)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{suffix}");
    }
}

#[test]
fn backup_check_and_vacuum_beside_a_server() {
    let app = Database::sqlite().start();
    app.create("/group", json!({"name": "in the log"}));
    let copy = Database::empty_sqlite();
    let run = |rest: &[&str]| program(&[&["--database-url", app.db.url.as_str()], rest].concat(), &[]);
    let file = copy.path().display().to_string();
    let ended = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !ended.load(Ordering::Relaxed) {
                app.get("/group").expect(200);
            }
        });
        let (ok, text) = run(&["backup", &file]);
        assert!(ok && text.contains(&file), "{text}");
        let (ok, text) = run(&["backup", &file]);
        assert!(!ok && text.contains("exists already"), "{text}");
        let (ok, text) = run(&["check", "--integrity"]);
        assert!(ok && text.contains("sound"), "{text}");
        assert_eq!(run(&["vacuum"]), (true, "done\n".to_owned()));
        ended.store(true, Ordering::Relaxed);
    });
    app.create("/group", json!({"name": "after the copy"}));
    assert_eq!(std::fs::metadata(copy.path()).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(std::fs::read_dir(copy.path().parent().unwrap()).unwrap().count(), 1, "nothing else is left");
    let (ok, text) = program(&["--database-url", &copy.url, "check", "--integrity"], &[]);
    let none_pending = |line: &str| line.split_whitespace().eq(["pending_migrations", "0"]);
    assert!(ok && text.contains("sound") && text.lines().any(none_pending), "{text}");
    assert_eq!(json!(copy.start().items("/group", "name")), json!(["in the log"]));
    let (ok, text) = run(&["backup", "/nowhere/copy.db"]);
    assert!(!ok && text.contains("/nowhere/copy.db") && text.lines().count() == 1, "{text}");
}

/// What the program says when it does not start: the last line of its output.
fn refusal(url: &str) -> String {
    let (ok, text) = program(&["--database-url", url, "serve", "--bind", "127.0.0.1:0"], &[]);
    assert!(!ok, "{text}");
    text.lines().last().unwrap().to_owned()
}

#[test]
fn a_file_that_cannot_be_ours_is_left_as_it_is() {
    let scratch = tempfile::tempdir().unwrap();
    let at = |name: &str| scratch.path().join(name);
    let url = |name: &str| format!("sqlite:{}", at(name).display());
    let started = Instant::now();

    let said = refusal(&url("no/such/place.db"));
    assert!(said.contains("does not exist: create it"), "{said}");

    let said = refusal(&format!("sqlite:{}", scratch.path().display()));
    assert!(said.contains("is a directory"), "{said}");

    std::fs::write(at("garbage.db"), "not a database, but long enough to be taken for one".repeat(100)).unwrap();
    let said = refusal(&url("garbage.db"));
    assert!(said.contains("file is not a database: ") && said.contains("garbage.db"), "{said}");

    plain(&at("other.db")).batch_execute("CREATE TABLE recipe (id INTEGER)").unwrap();
    let said = refusal(&url("other.db"));
    assert!(said.contains("another program") && said.contains("recipe"), "{said}");
    assert_eq!(size(&at("other.db")), 8192);

    // Copied without the log that everything is in.
    let mut conn = plain(&at("live.db"));
    conn.batch_execute("PRAGMA journal_mode = WAL; CREATE TABLE __diesel_schema_migrations (version TEXT)").unwrap();
    std::fs::copy(at("live.db"), at("copied.db")).unwrap();
    let said = refusal(&url("copied.db"));
    assert!(said.contains("no tables") && said.contains("copied.db-wal"), "{said}");

    // A log whose database is elsewhere.
    std::fs::copy(at("live.db-wal"), at("lost.db-wal")).unwrap();
    let said = refusal(&url("lost.db"));
    assert!(said.contains("lost.db is missing, but") && said.contains("lost.db-wal"), "{said}");
    std::fs::write(at("lost.db"), "").unwrap();
    assert!(refusal(&url("lost.db")).contains("lost.db is empty, but"));
    assert!(size(&at("lost.db-wal")) > 0, "SQLite would have removed it");

    // None of these heals, so nothing is tried again.
    assert!(started.elapsed() < Duration::from_secs(4), "{:?}", started.elapsed());
}
