//! The real server, on a thread of its own.

use std::net::SocketAddr;
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;

use ocotillo::api::{AppState, Routes};
use ocotillo::auth::Authenticator;
use ocotillo::config::{Config, Limits};
use ocotillo::server::{self, Extras};
use tokio::sync::oneshot;

use super::Database;
use super::client::Client;

/// A running server. Stops when dropped; the database is removed after it.
pub struct App {
    pub address: SocketAddr,
    pub client: Client,
    pub state: AppState,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    pub db: Database,
}

impl std::ops::Deref for App {
    type Target = Client;
    fn deref(&self) -> &Client {
        &self.client
    }
}

impl Database {
    /// Starts a server on this database.
    pub fn start(self) -> App {
        self.start_with(|_| {}, |_| {})
    }

    /// Starts a server with settings and routes of the test's own.
    pub fn start_with(self, change: impl FnOnce(&mut Config), routes: fn(&mut Routes)) -> App {
        self.launch(change, Extras { routes, ..Extras::default() })
    }

    /// Starts a server with settings of the test's own, which finds out who asks as the test says.
    pub fn start_asking(self, change: impl FnOnce(&mut Config), authenticator: impl Authenticator) -> App {
        self.launch(change, Extras { authenticator: Some(Arc::new(authenticator)), ..Extras::default() })
    }

    fn launch(self, change: impl FnOnce(&mut Config), extras: Extras) -> App {
        let mut config = config(&self);
        change(&mut config);
        let (send, receive) = mpsc::channel();
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                match server::start(&config, extras) {
                    Err(error) => send.send(Err(error.to_string())).unwrap(),
                    Ok(server) => {
                        send.send(Ok((server.address(), server.state().clone()))).unwrap();
                        // Dropping the sender counts as a stop too.
                        let _ = stopped.await;
                        server.shutdown().await;
                    }
                }
            });
        });
        let (address, state) = receive.recv().unwrap().unwrap();
        App { address, client: Client::new(address), state, stop: Some(stop), thread: Some(thread), db: self }
    }

    /// Why a server does not start on this database.
    pub fn refuses_to_start(&self, change: impl FnOnce(&mut Config)) -> String {
        let mut config = config(self);
        change(&mut config);
        match server::prepare(&config) {
            Ok(_) => panic!("the server started"),
            Err(error) => error.to_string(),
        }
    }
}

fn config(db: &Database) -> Config {
    let mut config = Config::default();
    config.server.bind = SocketAddr::from(([127, 0, 0, 1], 0));
    config.server.keep_alive = std::time::Duration::from_secs(2);
    // What tests that write their requests by hand call the server.
    config.server.allowed_hosts = vec!["x".to_owned()];
    config.database.url = db.url.clone();
    config.assets.url = Some(db.files.display().to_string());
    // The templates are complete.
    config.database.migrate_on_start = false;
    config.concurrency.workers = Some(1);
    config.concurrency.pool_size = Some(2);
    // Tests ask for much.
    config.limits =
        Limits { caller_rate: 0, caller_burst: 0, address_rate: 0, address_burst: 0, refused_per_minute: 0 };
    config
}

impl App {
    /// Begins a shutdown and returns at once.
    pub fn begin_shutdown(&mut self) {
        drop(self.stop.take());
    }

    /// Shuts down, waits for the end, and gives the database back for a look.
    pub fn finish(mut self) -> Database {
        self.end();
        std::mem::replace(&mut self.db, Database::empty_sqlite())
    }

    fn end(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            if !std::thread::panicking() {
                ended.unwrap();
            }
        }
    }
}

impl Drop for App {
    fn drop(&mut self) {
        self.end();
    }
}
