//! The executor under load, seen through HTTP. Nothing here is timed: slow jobs wait until the test lets them go.

use std::io::Write as _;
use std::net::TcpStream;
use std::thread::JoinHandle;
use std::time::Duration;

use crate::support::routes::{place, release, routes, wait_for};
use crate::support::*;

fn background(app: &App, method: &'static str, path: String) -> JoinHandle<Reply> {
    let client = app.client.clone();
    std::thread::spawn(move || client.send(method, &path, None, b""))
}

fn background_many(app: &App, count: usize, path: &str) -> Vec<JoinHandle<Reply>> {
    (0..count).map(|_| background(app, "GET", path.to_owned())).collect()
}

fn statuses(requests: Vec<JoinHandle<Reply>>) -> Vec<u16> {
    requests.into_iter().map(|request| request.join().unwrap().status).collect()
}

/// Waits for a state of the lanes; they change right before and after a request's own end.
#[track_caller]
fn wait_until(app: &App, what: &str, reached: impl Fn(&[ocotillo::db::LaneState]) -> bool) {
    for _ in 0..2000 {
        if reached(&app.state.executor.lanes()) {
            return;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!("{what}: {:?}", app.state.executor.lanes());
}

/// The lane that ordinary reads take.
fn read_lane(lanes: &[ocotillo::db::LaneState]) -> ocotillo::db::LaneState {
    *lanes.iter().find(|lane| lane.name == "read").unwrap_or(&lanes[0])
}

#[track_caller]
fn all_permits_are_back(app: &App) {
    wait_until(app, "permits are missing", |lanes| lanes.iter().all(|lane| lane.in_use == 0 && lane.waiting == 0));
}

both! {
    fn exactly_the_surplus_is_refused(db: Database) {
        let app = db.start_with(|config| {
            config.concurrency.pool_size = Some(3);
            config.concurrency.queue_limit = Some(4);
            config.concurrency.queue_timeout = Duration::from_secs(25);
        }, routes);
        let here = place();
        let path = format!("/test/slow?name={here}");
        let running = background_many(&app, 3, &path);
        wait_for(&here, 3);
        let waiting = background_many(&app, 4, &path);
        wait_until(&app, "the queue fills", |lanes| read_lane(lanes).waiting == 4);

        let surplus = app.get(&path);
        let body = surplus.expect(503);
        assert_eq!((&body["reason"], &body["detail"]), (&json!("queue_full"), &json!("overloaded: the queue is full")));
        assert!(surplus.header("retry-after").unwrap().parse::<u32>().unwrap() >= 1);
        assert_eq!(app.get("/location").status, 503, "whatever it asks for");

        release(&here);
        assert_eq!(statuses(running), [200; 3]);
        assert_eq!(statuses(waiting), [200; 4], "nothing else is lost");
        all_permits_are_back(&app);
        app.get("/location").expect(200);
        let metrics = app.get("/metrics").text();
        assert!(metrics.contains(r#"ocotillo_refused_total{reason="queue_full"} 2"#), "{metrics}");
    }

    fn a_wait_that_is_too_long_is_refused(db: Database) {
        let app = db.start_with(|config| {
            config.concurrency.pool_size = Some(1);
            config.concurrency.queue_timeout = Duration::from_millis(50);
        }, routes);
        let here = place();
        let running = background(&app, "GET", format!("/test/slow?name={here}"));
        wait_for(&here, 1);
        let late = app.get("/location");
        assert_eq!(late.expect(503)["reason"], "queue_timeout");
        assert!(late.header("retry-after").is_some());
        release(&here);
        assert_eq!(running.join().unwrap().status, 200);
        all_permits_are_back(&app);
    }

    fn connections_of_one_worker_use_the_whole_pool(db: Database) {
        let app = db.start_with(|config| {
            config.concurrency.workers = Some(1);
            config.concurrency.pool_size = Some(8);
        }, routes);
        let here = place();
        let requests = background_many(&app, 8, &format!("/test/slow?name={here}"));
        // None of the eight ends before all have begun.
        wait_for(&here, 8);
        release(&here);
        assert_eq!(statuses(requests), [200; 8]);
        all_permits_are_back(&app);
    }

    fn a_full_heavy_lane_delays_neither_light_reads_nor_health(db: Database) {
        let app = db.start_with(|config| {
            config.concurrency.pool_size = Some(2);
            config.concurrency.heavy_limit = Some(1);
        }, routes);
        let (heavy, light) = (place(), place());
        let heavies = background_many(&app, 5, &format!("/test/slow?heavy=1&name={heavy}"));
        wait_for(&heavy, 1);
        wait_until(&app, "the heavy lane fills", |lanes| lanes.iter().any(|lane| lane.name == "heavy" && lane.waiting == 4));
        app.get("/location").expect(200);

        // Now the ordinary lane too.
        let lights = background_many(&app, 3, &format!("/test/slow?name={light}"));
        wait_until(&app, "the lane fills", |lanes| { let lane = read_lane(lanes); lane.in_use == 2 && lane.waiting == 2 });
        for path in ["/health", "/ready", "/metrics", "/openapi.json", "/docs/", "/_ah/warmup"] {
            assert_eq!(app.get(path).status, 200, "{path}");
        }
        release(&light);
        release(&heavy);
        assert_eq!(statuses(lights), [200; 3]);
        assert_eq!(statuses(heavies), [200; 5]);
        all_permits_are_back(&app);
    }

    fn large_pages_take_the_heavy_lane(db: Database) {
        let app = db.start_with(|config| {
            config.concurrency.pool_size = Some(2);
            config.concurrency.queue_timeout = Duration::from_millis(50);
        }, routes);
        let here = place();
        let heavy = background(&app, "GET", format!("/test/slow?heavy=1&name={here}"));
        wait_for(&here, 1);
        assert_eq!(app.get("/lexicon/term?size=501").expect(503)["reason"], "queue_timeout");
        app.get("/lexicon/term?size=500").expect(200);
        release(&here);
        assert_eq!(heavy.join().unwrap().status, 200);
    }

    fn heavy_reads_give_way_to_light_ones_and_go_on(db: Database) {
        let app = db.start_with(|_| {}, routes);
        let here = place();
        let light = background(&app, "GET", format!("/test/slow?name={here}"));
        wait_for(&here, 1);
        // The light one does not end, so each statement of the heavy one waits for as long as it would for anybody.
        let heavy = app.get("/lexicon/term?size=501");
        heavy.expect(200);
        let (statements, took) = (heavy.queries(), heavy.timing("query"));
        assert!(statements >= 2 && took >= 4.0 * f64::from(u32::try_from(statements).unwrap()), "{statements} in {took} ms");
        release(&here);
        assert_eq!(light.join().unwrap().status, 200);
    }

    fn permits_come_back_after_aborted_clients(db: Database) {
        let app = db.start_with(|config| config.concurrency.pool_size = Some(2), routes);
        let here = place();
        let mut clients: Vec<TcpStream> = (0..5).map(|_| TcpStream::connect(app.address).unwrap()).collect();
        for client in &mut clients {
            write!(client, "GET /test/slow?name={here} HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
        }
        wait_for(&here, 2);
        wait_until(&app, "three wait", |lanes| read_lane(lanes).waiting == 3);
        drop(clients);
        // The jobs still run, so their permits stay taken; those who waited are gone.
        wait_until(&app, "the queue empties", |lanes| { let lane = read_lane(lanes); lane.waiting == 0 && lane.in_use == 2 });
        release(&here);
        all_permits_are_back(&app);
        app.get("/location").expect(200);
    }

    fn a_panicking_job_is_a_500_and_the_pool_lives_on(db: Database) {
        let app = db.start_with(|_| {}, routes);
        for _ in 0..5 {
            let reply = app.get("/test/panic");
            assert_eq!((reply.status, reply.text()), (500, "Internal Server Error".to_owned()));
            assert_eq!(app.get("/test/panic?write=1").status, 500);
        }
        all_permits_are_back(&app);
        assert_eq!(app.db.number("SELECT count(*) FROM lexicon_term WHERE term = 'half written'"), 0, "rolled back");
        app.get("/location").expect(200);
        app.create("/group", json!({"name": "after"}));
    }

    fn eight_hundred_read_then_write_transactions_all_succeed(db: Database) {
        let app = db.start_with(|config| {
            config.concurrency.workers = Some(2);
            config.concurrency.queue_limit = Some(1000);
            config.concurrency.queue_timeout = Duration::from_secs(50);
        }, routes);
        app.create("/location", json!({"point": "POINT (0 0)", "elevation": 0}));
        let requests: Vec<JoinHandle<Vec<u16>>> = (0..100).map(|_| {
            let client = app.client.clone();
            std::thread::spawn(move || (0..8).map(|_| client.send("POST", "/test/count", None, b"").status).collect())
        }).collect();
        let statuses: Vec<u16> = requests.into_iter().flat_map(|request| request.join().unwrap()).collect();
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 800);
        if !app.db.is_postgres() {
            // One writer after the other: no update is lost either. (PostgreSQL's read-committed updates may overwrite.)
            assert_eq!(app.get("/location").expect(200)["items"][0]["elevation"], 800.0);
        }
    }
}
