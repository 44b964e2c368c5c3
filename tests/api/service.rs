//! Health, metrics, headers, logs, and the program from outside.

use std::process::Command;

use crate::shutdown::Program;
use crate::support::*;

both! {
    fn every_answer_tells_its_id_and_timing(db: Database) {
        let app = db.start();
        let reply = app.get("/location");
        let id = reply.header("x-request-id").unwrap();
        assert!(id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{id}");
        let timing = reply.header("server-timing").unwrap();
        for part in ["wait;dur=", "checkout;dur=", "query;dur=", "serialise;dur=", "total;dur=", "queries;desc="] {
            assert!(timing.contains(part), "{timing}");
        }
        assert!(reply.queries() >= 2, "{timing}: a transaction and what it finds");
        assert_eq!(app.get("/health").queries(), 0);
        for failed in [app.get("/nowhere"), app.get("/location/x"), app.post("/location", json!({}))] {
            assert!(failed.header("x-request-id").is_some() && failed.header("server-timing").is_some());
        }
    }

    fn metrics_tell_requests_jobs_and_lanes(db: Database) {
        let app = db.start();
        app.get("/location").expect(200);
        app.get("/location/1").expect(404);
        let metrics = app.get("/metrics").text();
        for line in [
            r#"ocotillo_http_requests_total{method="GET",route="/location",status="200"} 1"#,
            r#"ocotillo_http_requests_total{method="GET",route="/location/{location_id}",status="404"} 1"#,
            r#"ocotillo_job_seconds_count{operation="list_locations",stage="wait"} 1"#,
            r#"ocotillo_job_seconds_count{operation="list_locations",stage="query"} 1"#,
            r#"ocotillo_queries_total{operation="list_locations"}"#,
            r#"ocotillo_permits{lane="write"}"#,
            r#"ocotillo_waiting{lane="heavy"} 0"#,
            "ocotillo_http_requests_in_flight 1",
        ] {
            assert!(metrics.contains(line), "{line}\n{metrics}");
        }
    }

    fn metrics_are_there_from_the_start_and_cannot_be_invented(db: Database) {
        let app = db.start();
        let first = app.get("/metrics").text();
        for reason in ["queue_full", "queue_timeout", "database_unavailable", "deadline", "collision", "shutting_down", "panicked", "bodies_full", "answers_full", "identity_unavailable"] {
            let line = format!("ocotillo_refused_total{{reason=\"{reason}\"}} 0\n");
            assert!(first.contains(&line), "{line}{first}");
        }
        for line in [
            concat!("ocotillo_build_info{version=\"", env!("CARGO_PKG_VERSION"), "\"} 1\n"),
            "ocotillo_http_requests_total{method=\"PATCH\",route=\"/location/{location_id}\",status=\"503\"} 0\n",
            "process_resident_memory_bytes ", "process_cpu_seconds_total ", "process_open_fds ", "process_start_time_seconds ",
            "ocotillo_http_connections 1\n", "ocotillo_http_body_bytes 0\n", "ocotillo_http_long_answers 0\n",
        ] {
            assert!(first.contains(line), "{line}\n{first}");
        }
        for number in 0..50 {
            assert_eq!(app.send(&format!("INVENTED{number}"), "/location", None, b"").status, 405);
            assert_eq!(app.get(&format!("/invented/{number}?x={number}")).status, 404);
            assert_eq!(app.send(&format!("INVENTED{number}"), &format!("/invented-{number}"), None, b"").status, 404);
        }
        let second = app.get("/metrics").text();
        for line in [
            r#"ocotillo_http_requests_total{method="other",route="/location",status="405"} 50"#,
            r#"ocotillo_http_requests_total{method="GET",route="other",status="404"} 50"#,
            r#"ocotillo_http_requests_total{method="other",route="other",status="404"} 50"#,
        ] {
            assert!(second.contains(line), "{line}\n{second}");
        }
        assert!(!second.to_lowercase().contains("invented"));
        assert!(second.len() < 60_000, "{} bytes", second.len());
    }

    fn health_and_readiness(db: Database) {
        let app = db.start();
        assert_eq!(app.get("/health").expect(200), json!({"status": "ok", "version": env!("CARGO_PKG_VERSION")}));
        assert_eq!(app.get("/_ah/warmup").expect(200), json!({"status": "ok"}));
        assert_eq!(app.get("/ready").expect(200), json!({"status": "ready", "database": "ok"}));
    }
}

/// Runs the program to its end: whether all went well, and all that it printed.
pub fn program(arguments: &[&str], environment: &[(&str, &str)]) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_ocotillo"))
        .args(arguments)
        .env_remove("DATABASE_URL")
        .env_remove("RUST_LOG")
        .envs(environment.iter().copied())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.success(), text)
}

#[test]
fn an_ephemeral_server_leaves_nothing_behind() {
    let place = tempfile::tempdir().unwrap();
    let directory = place.path().to_str().unwrap();
    let mut server = Program::start(&["serve", "--ephemeral", "--bind", "127.0.0.1:0"], &[("TMPDIR", directory)]);
    server.client.create("/group", json!({"name": "short-lived"}));
    assert_eq!(std::fs::read_dir(directory).unwrap().count(), 1);
    server.terminate();
    assert!(server.child.wait().unwrap().success());
    assert_eq!(std::fs::read_dir(directory).unwrap().count(), 0);
}

#[test]
fn a_new_database_is_created_migrated_and_seeded() {
    let db = Database::empty_sqlite();
    let server = Program::start(&["--database-url", &db.url, "serve", "--bind", "127.0.0.1:0"], &[]);
    assert_eq!(server.client.get("/lexicon/term?size=1").expect(200)["total"], 1151);
}

#[test]
fn json_log_lines_have_the_request_and_its_timing() {
    let db = Database::sqlite();
    let log = tempfile::NamedTempFile::new().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_ocotillo"))
        .args(["serve", "--bind", "127.0.0.1:0", "--database-url", &db.url])
        .env("OCOTILLO_LOG_FORMAT", "json")
        .env_remove("RUST_LOG")
        .stdout(std::process::Stdio::piped())
        .stderr(log.reopen().unwrap())
        .spawn()
        .unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.take().unwrap()), &mut line).unwrap();
    let address = line.split("http://").nth(1).unwrap().split_whitespace().next().unwrap();
    let reply = crate::support::client::Client::new(address.parse().unwrap()).get("/location?size=3");
    let _ = child.kill();
    let _ = child.wait();
    let text = std::fs::read_to_string(log.path()).unwrap();
    let lines: Vec<Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"))).collect();
    let access = lines.iter().find(|line| line["target"] == "access").unwrap();
    assert_eq!(access["request_id"], reply.header("x-request-id").unwrap());
    assert_eq!(
        (&access["method"], &access["path"], &access["status"]),
        (&json!("GET"), &json!("/location"), &json!(200))
    );
    for key in ["duration_ms", "wait_ms", "checkout_ms", "query_ms", "serialise_ms", "queries"] {
        assert!(access[key].is_number(), "{key}: {access}");
    }
    assert!(lines.iter().any(|line| line["message"].as_str().unwrap().starts_with("sizes workers=")));
}

#[test]
fn commands_do_what_they_say() {
    let db = Database::empty_sqlite();
    let url = ["--database-url", db.url.as_str()];
    let run = |rest: &[&str]| program(&[&url[..], rest].concat(), &[]);
    let (ok, text) = run(&["check"]);
    assert!(ok && text.contains("does not exist yet") && text.contains("blocking_threads_per_worker"), "{text}");
    assert!(!db.path().exists(), "a check creates nothing");
    let (ok, text) = run(&["migrate", "status"]);
    let migrations = text.lines().filter(|line| line.starts_with("pending ")).count();
    assert!(ok && migrations >= 8 && migrations == text.lines().count(), "{text}");
    let (ok, text) = run(&["migrate", "up"]);
    assert!(ok && text.contains("applied 2026-11-21-000100_vocabulary"), "{text}");
    assert_eq!(text.lines().filter(|line| line.starts_with("applied ")).count(), migrations, "{text}");
    assert_eq!(run(&["seed"]), (true, "added 62 categories, 1151 terms, 1215 links, 24 parameters\n".to_owned()));
    assert_eq!(run(&["seed"]), (true, "added 0 categories, 0 terms, 0 links, 0 parameters\n".to_owned()));
    let (ok, text) = run(&["check"]);
    assert!(ok && text.ends_with("ok\n") && text.contains("pending_migrations"), "{text}");
    let (ok, text) = run(&["migrate", "down"]);
    assert!(ok && text.starts_with("reverted "), "{text}");
    let (ok, text) = run(&["migrate", "status"]);
    assert!(ok && text.lines().filter(|line| line.starts_with("pending ")).count() == 1, "{text}");
    let (ok, text) = run(&["migrate", "up"]);
    assert!(ok && text.lines().filter(|line| line.starts_with("applied ")).count() == 1, "{text}");
    let (ok, text) = program(&["openapi"], &[]);
    assert!(ok && text == ocotillo::api::openapi_json().unwrap());
    let server = db.start();
    let (ok, text) = program(&["health", "--address", &server.address.to_string()], &[]);
    assert!(ok && text == "healthy\n", "{text}");
    let address = server.address.to_string();
    drop(server);
    assert!(!program(&["health", "--address", &address], &[]).0);
    let (ok, text) = program(&["--help"], &[]);
    assert!(
        ok && ["serve", "migrate", "check", "openapi", "seed", "DATABASE_URL"].iter().all(|word| text.contains(word)),
        "{text}"
    );
}

#[test]
fn what_cannot_work_is_refused_at_the_start_by_name() {
    let refused = |arguments: &[&str], environment: &[(&str, &str)], words: &[&str]| {
        let (ok, text) = program(arguments, environment);
        assert!(!ok, "{text}");
        for word in words {
            assert!(text.contains(word), "'{word}' is not in: {text}");
        }
    };
    let scratch = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", scratch.path().join("x.db").display());
    refused(&["--database-url", "sqlit:x.db", "serve"], &[], &["database.url", "sqlit"]);
    let disabled = ("OCOTILLO_AUTH_MODE", "disabled");
    refused(&["--database-url", &url, "serve", "--bind", "0.0.0.0:0"], &[disabled], &["server.bind", "loopback"]);
    let issuer = ("OCOTILLO_AUTH_ISSUER", "https://id.example.org/");
    refused(&["--database-url", &url, "check"], &[issuer], &["auth.audience"]);
    refused(&["--database-url", &url, "check"], &[("OCOTILLO_AUTH_ISSUER", "http://id.example.org")], &["auth.issuer"]);
    refused(&["--database-url", &url, "check"], &[("OCOTILLO_AUTH_ROLES_KING", "x")], &["king"]);
    refused(&["--database-url", &url, "check"], &[("OCOTILLO_CONCURRENCY_POOL_SIZE", "0")], &["concurrency.pool_size"]);
    refused(&["--database-url", &url, "check"], &[("OCOTILLO_CONCURRENCY_POOLS", "1")], &["pools"]);
    refused(&["--database-url", &url, "check"], &[("OCOTILLO_SPEED", "1")], &["OCOTILLO_SPEED"]);
    refused(&["--database-url", &url, "check"], &[("OCOTILLO_AUTH_MODE", "oidc")], &["mode"]);
    refused(&["--database-url", &url, "check"], &[("OCOTILLO_SERVER_DRAIN_DELAY", "6s")], &["server.drain_delay"]);
    refused(&["--config", "/nowhere/x.toml", "check"], &[], &["/nowhere/x.toml"]);
    refused(
        &["--database-url", "postgres://u@127.0.0.1/d", "check", "--instances", "10", "--max-connections", "30"],
        &[("OCOTILLO_CONCURRENCY_POOL_SIZE", "5")],
        &["10 instances x 6 connections + 3 for administration = 63", "allows 30"],
    );
    let most = [("OCOTILLO_SERVER_MAX_CONNECTIONS", "2000000000")];
    refused(&["--database-url", &url, "check"], &most, &["server.max_connections", "open files", "ulimit"]);
    assert!(!scratch.path().join("x.db").exists());
}

#[test]
#[ignore = "needs OCOTILLO_TEST_POSTGRES_URL"]
fn the_check_knows_the_real_limits() {
    let db = Database::postgres();
    let (ok, text) = program(&["--database-url", &db.url, "check"], &[]);
    assert!(ok && text.contains("connections_allowed") && text.contains("connections_tested"), "{text}");
    let (ok, text) = program(&["--database-url", &db.url, "check", "--instances", "1000"], &[]);
    assert!(!ok && text.contains("1000 instances"), "{text}");
}
