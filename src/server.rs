//! Puts the floors together: pools, schema, self-checks, HTTP workers, graceful shutdown.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::HttpServer;
use actix_web::dev::ServerHandle;
use tokio::task::JoinHandle;

use crate::api::{
    self, Answers, AppState, Bodies, BodyLimits, Busy, Connections, CrossSite, Edge, FileRules, Limits, NoDocument,
    Pages, Patience, Rate, RouteTable, Routes, SignIn,
};
use crate::auth::{Authenticator, Chain, Disabled, Keys, Tokens, TokensError};
use crate::config::{AuthMode, Config, ConfigError};
use crate::db::migrate;
use crate::db::migrate::MigrateError;
use crate::db::{Connection, Executor, NoConnection, Sizing, SizingError, connection_budget};
use crate::descriptors::make_room;
use crate::storage::Storage;
use crate::store::StoreError;
use crate::store::history;
use crate::store::seed;
use crate::store::seed::SeedError;
use crate::telemetry::Metrics;
use crate::tls::{Certificate, TlsError};

/// Why the server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The configuration cannot work.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The sizes do not fit the database.
    #[error(transparent)]
    Sizing(#[from] SizingError),
    /// No connection.
    #[error("{database}: {cause}")]
    Database {
        /// The database's URL without its password.
        database: String,
        /// What went wrong.
        cause: NoConnection,
    },
    /// The schema cannot be brought up to date.
    #[error(transparent)]
    Migrate(#[from] MigrateError),
    /// Migrations are pending and may not be applied.
    #[error("the database lacks {0} migration(s): run `ocotillo migrate up`, or set database.migrate_on_start")]
    Pending(usize),
    /// All migrations were applied, and yet these tables are not there: a copy that was not whole.
    #[error("the database lacks the table(s) {0}, which its migrations made: restore it from a whole copy")]
    Incomplete(String),
    /// Changes of these tables would not be kept, and the triggers may not be made.
    #[error(
        "changes of {0} would not be kept in the history: run `ocotillo migrate up`, or set database.migrate_on_start"
    )]
    Uncovered(String),
    /// The vocabulary cannot be seeded.
    #[error(transparent)]
    Seed(#[from] SeedError),
    /// A query at start failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The OpenAPI document cannot be written: a defect of the build.
    #[error("the OpenAPI document: {0}")]
    Document(#[from] NoDocument),
    /// The metrics contradict each other: a defect of the build.
    #[error(transparent)]
    Metrics(#[from] prometheus::Error),
    /// Tokens cannot be checked.
    #[error(transparent)]
    Tokens(#[from] TokensError),
    /// Clients cannot come over TLS.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The address cannot be bound.
    #[error("cannot listen on {address}: {cause}")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// The operating system's reason.
        cause: std::io::Error,
    },
}

/// Pools and checked sizes, before there is an event loop.
pub struct Prepared {
    /// The way to the database.
    pub executor: Executor,
    /// What is counted.
    pub metrics: Metrics,
}

/// Makes the pools and the first connection.
pub fn connect(config: &Config) -> Result<Prepared, StartError> {
    let sizing = config.validate()?;
    let (primary, replica) = config.database.targets()?;
    let metrics = Metrics::new()?;
    let executor = Executor::new(&primary, replica.as_ref(), &sizing, Box::new(metrics.clone()));
    executor.reach().map_err(|(target, cause)| StartError::Database { database: target.to_string(), cause })?;
    Ok(Prepared { executor, metrics })
}

/// Brings the schema up to date, seeds, and checks that every permit has its connection. Blocking.
pub fn prepare(config: &Config) -> Result<Prepared, StartError> {
    let prepared = connect(config)?;
    let database = config.database.targets()?.0.to_string();
    let executor = &prepared.executor;
    let unavailable = |cause| StartError::Database { database: database.clone(), cause };
    if config.database.migrate_on_start {
        let applied = executor.admin_blocking(migrate::up)?;
        for name in applied {
            log::info!("applied migration {name}");
        }
        let added = executor.write_blocking(seed::start)?;
        if added != seed::Added::default() {
            log::info!("seeded {added:?}");
        }
    } else {
        let states = executor.admin_blocking(migrate::status)?;
        let pending = states.iter().filter(|state| !state.applied).count();
        if pending > 0 {
            return Err(StartError::Pending(pending));
        }
    }
    check_schema(executor)?;
    check_budget(executor)?;
    executor.self_test().map_err(unavailable)?;
    Ok(prepared)
}

/// Refuses a database that lacks a table, or in which not every change is kept.
pub fn check_schema(executor: &Executor) -> Result<(), StartError> {
    let present = executor.admin_blocking(migrate::tables)?;
    let is_missing = |table: &&&str| !present.iter().any(|known| known == **table);
    let missing: Vec<&str> = history::tables().iter().filter(is_missing).copied().collect();
    if !missing.is_empty() {
        return Err(StartError::Incomplete(missing.join(", ")));
    }
    let uncovered = executor.admin_blocking(migrate::uncovered)?;
    if uncovered.is_empty() { Ok(()) } else { Err(StartError::Uncovered(uncovered.join(", "))) }
}

/// Compares the worst case of all instances with what PostgreSQL, and its replica, allow. Returns the primary's limit.
pub fn check_budget(executor: &Executor) -> Result<Option<i64>, StartError> {
    let sizing = executor.sizing();
    let ask = |conn: &mut Connection| Ok::<_, StoreError>(connection_budget(conn)?);
    let Some(primary) = executor.admin_blocking(ask)? else {
        return Ok(None);
    };
    sizing.check_budget(primary.usable())?;
    if sizing.lanes_split
        && let Some(replica) = executor.read_blocking(ask)?
    {
        sizing.check_replica_budget(replica.usable())?;
    }
    Ok(Some(primary.usable()))
}

/// A directory for a throw-away database, removed when dropped. For test harnesses:
///
/// ```no_run
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use ocotillo::{config::Config, server};
/// let scratch = server::Scratch::new()?;
/// let mut config = Config::default();
/// config.database.url = scratch.url();
/// config.server.bind = "127.0.0.1:0".parse()?;
/// actix_web::rt::System::new().block_on(async {
///     let server = server::start(&config, server::Extras::default())?;
///     println!("http://{}", server.address());
///     server.shutdown().await;
///     Ok(())
/// })
/// # }
/// ```
pub struct Scratch(tempfile::TempDir);

impl Scratch {
    /// Makes the directory.
    pub fn new() -> std::io::Result<Self> {
        tempfile::Builder::new().prefix("ocotillo-").tempdir().map(Self)
    }

    /// The URL of the database in it.
    pub fn url(&self) -> String {
        format!("sqlite:{}", self.0.path().join("ocotillo.db").display())
    }
}

/// A server that is accepting requests.
pub struct Server {
    address: SocketAddr,
    state: AppState,
    handle: ServerHandle,
    running: JoinHandle<std::io::Result<()>>,
    drain_delay: Duration,
}

/// What a caller (a test harness) adds to a server.
pub struct Extras {
    /// Routes of the caller's own.
    pub routes: fn(&mut Routes),
    /// Who is who, in place of what the configuration says.
    pub authenticator: Option<Arc<dyn Authenticator>>,
}

impl Default for Extras {
    fn default() -> Self {
        Self { routes: |_| {}, authenticator: None }
    }
}

/// Starts the server of a configuration. Call it inside an actix system.
pub fn start(config: &Config, extras: Extras) -> Result<Server, StartError> {
    let began = Instant::now();
    let max_connections = make_room(&config.validate()?, config.server.max_connections)?;
    let Prepared { executor, metrics } = prepare(config)?;
    let sizing = executor.sizing().clone();
    log_sizes(&sizing, max_connections);
    let Extras { routes, authenticator } = extras;
    let mut table = api::routes(routes).table();
    // While nobody is asked who he is, everybody sees everything.
    if authenticator.is_some() || config.auth.mode_on(config.server.bind) != AuthMode::Disabled {
        open(config, &mut table)?;
    }
    for (path, method, _) in table.all() {
        let route = table.find(path).map_or(path, |known| &known.pattern);
        metrics.expect_requests(method.as_str(), route);
    }
    for reason in Busy::REASONS.into_iter().chain([api::TOO_MANY]) {
        metrics.expect_refusals(reason);
    }
    let edge = edge(config);
    let files = files(config)?;
    let connections = edge.connections.clone();
    actix_web::rt::spawn(connections.clone().watch());
    let authenticator = authenticator.map_or_else(|| authenticator_of(config, &executor), Ok)?;
    let pages = Pages::new(config.server.disclaimer()?, sign_in(config).as_ref())?;
    let state = AppState::new(executor, metrics, edge, files, authenticator, table, pages);
    let worker_state = state.clone();
    let bind = |cause| StartError::Bind { address: config.server.bind, cause };
    let certificate = Certificate::of(&config.server)?;
    let server = HttpServer::new(move || api::app(worker_state.clone(), routes))
        .workers(sizing.workers)
        .worker_max_blocking_threads(sizing.blocking_threads_per_worker)
        .max_connections(max_connections)
        .keep_alive(config.server.keep_alive)
        .client_request_timeout(config.server.head_timeout)
        .on_connect(move |io, data| connections.accept(io, data))
        // A long answer's last packet must not wait for the client to acknowledge the one before.
        .tcp_nodelay(true)
        // Who closes his side has left: what he asked for is ended.
        .h1_allow_half_closed(false)
        .shutdown_timeout(sizing.shutdown_timeout.as_secs())
        .tls_handshake_timeout(config.server.head_timeout)
        .disable_signals();
    let server = match &certificate {
        None => server.bind(config.server.bind),
        Some(certificate) => server.bind_rustls_0_23(config.server.bind, certificate.config()?),
    }
    .map_err(bind)?;
    if let Some(certificate) = certificate {
        actix_web::rt::spawn(certificate.watch());
    }
    let address = server.addrs().first().copied().unwrap_or(config.server.bind);
    let server = server.run();
    let handle = server.handle();
    let running = actix_web::rt::spawn(server);
    log::info!("instance_startup_complete startup_ms={}", began.elapsed().as_millis());
    Ok(Server { address, state, handle, running, drain_delay: config.server.drain_delay })
}

/// Opens the routes that anybody may read, as configured.
pub fn open(config: &Config, table: &mut RouteTable) -> Result<(), ConfigError> {
    let wrong = |reason: String| ConfigError::Value { key: "auth.anonymous", reason };
    table.open(&config.auth.anonymous, config.auth.decimals()?).map_err(|error| wrong(error.to_string()))
}

/// Who is who, as configured.
fn authenticator_of(config: &Config, executor: &Executor) -> Result<Arc<dyn Authenticator>, StartError> {
    Ok(match config.auth.mode_on(config.server.bind) {
        AuthMode::Disabled => Arc::new(Disabled::default()),
        AuthMode::Required => {
            let keys = Keys::new(executor.clone());
            actix_web::rt::spawn(keys.clone().note_uses());
            let tokens = Tokens::start(&config.auth)?;
            Arc::new(Chain { tokens, keys: Some(Arc::new(keys)), key_in_query: config.auth.key_in_query })
        }
    })
}

/// How people log in from the documentation, where there is an issuer.
fn sign_in(config: &Config) -> Option<SignIn> {
    let auth = &config.auth;
    let client_id = auth.client_id.as_ref().or(auth.audience.first())?.clone();
    Some(SignIn { issuer: auth.issuer.clone()?, client_id })
}

/// What clients may take and do, as configured.
fn edge(config: &Config) -> Edge {
    let server = &config.server;
    let patience = Patience { keep_alive: server.keep_alive, head: server.head_timeout, send: server.send_timeout };
    let bodies = BodyLimits {
        size: server.body_limit,
        memory: server.body_memory,
        pause: server.body_pause,
        whole: server.body_timeout,
    };
    let cross_site = match config.auth.mode_on(server.bind) {
        AuthMode::Disabled => CrossSite::guarded(&server.allowed_origins, &server.allowed_hosts),
        AuthMode::Required => CrossSite::proven(&server.allowed_origins, &server.allowed_hosts),
    };
    Edge {
        connections: Connections::new(patience),
        bodies: Bodies::new(bodies),
        answers: Answers::new(server.long_answers),
        cross_site,
        limits: limits(config),
        secure: server.tls_certificate.is_some(),
        trusted_proxies: server.proxies().unwrap_or_default().into(),
    }
}

/// The storage of files, as configured.
pub fn storage(config: &Config) -> Result<Storage, ConfigError> {
    Storage::open(&config.assets, config.database.targets()?.0.file())
}

/// Where files are kept, and what clients may do with them, as configured.
fn files(config: &Config) -> Result<FileRules, ConfigError> {
    let assets = &config.assets;
    let public_url = assets.public_url.as_deref().map(|url| url.trim_end_matches('/').into());
    Ok(FileRules { storage: storage(config)?, most: assets.size_limit, whole: assets.upload_timeout, public_url })
}

/// How much one caller may ask for. Where nobody says who he is, everybody is on this machine.
fn limits(config: &Config) -> Limits {
    let asked = match config.auth.mode_on(config.server.bind) {
        AuthMode::Disabled => return Limits::new(None, None, None),
        AuthMode::Required => &config.limits,
    };
    let rate = |per_second: f64, burst: u32| (per_second > 0.0).then(|| Rate { per_second, burst: burst.into() });
    Limits::new(
        rate(asked.caller_rate.into(), asked.caller_burst),
        rate(asked.address_rate.into(), asked.address_burst),
        rate(f64::from(asked.refused_per_minute) / 60.0, asked.refused_per_minute),
    )
}

fn log_sizes(sizing: &Sizing, max_connections: usize) {
    let numbers: Vec<String> = sizing.table().into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    log::info!("sizes {} max_connections={max_connections}", numbers.join(" "));
}

impl Server {
    /// The address that it really listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The state that its handlers share.
    pub fn state(&self) -> &AppState {
        &self.state
    }

    /// Serves until a signal to end, then shuts down in order.
    pub async fn run_until(self, mut signals: Signals) {
        signals.received().await;
        self.shutdown().await;
    }

    /// Not ready; after the drain delay not listening and nobody waiting; running requests are answered; the end.
    pub async fn shutdown(self) {
        log::info!("shutting down: not ready any more");
        self.state.drain();
        tokio::time::sleep(self.drain_delay).await;
        self.state.executor.close();
        self.handle.stop(true).await;
        if let Ok(Err(error)) = self.running.await {
            log::error!("server: {error}");
        }
        self.state.executor.finish();
        log::info!("shut down");
    }
}

/// The signals that end a server or a long command: SIGTERM, SIGINT and SIGHUP. They are caught from the moment that this exists, so that one that
/// comes while the server starts is not lost.
pub struct Signals {
    #[cfg(unix)]
    caught: [tokio::signal::unix::Signal; 3],
}

#[cfg(unix)]
impl Signals {
    /// Begins to catch them. Inside a runtime that waits for input and output.
    pub fn catch() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let caught =
            [signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?, signal(SignalKind::hangup())?];
        Ok(Self { caught })
    }

    /// Waits for the first one.
    pub async fn received(&mut self) {
        let [terminate, interrupt, hangup] = &mut self.caught;
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            _ = hangup.recv() => {}
        }
    }
}

#[cfg(not(unix))]
impl Signals {
    /// Begins to catch them. Inside a runtime that waits for input and output.
    pub fn catch() -> std::io::Result<Self> {
        Ok(Self {})
    }

    /// Waits for the first one.
    pub async fn received(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
