//! What the commands do.

use std::error::Error;
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use chrono::NaiveDate;

use crate::api;
use crate::config::{AuthMode, Config, Overrides, load};
use crate::db::{Executor, maintenance, migrate};
use crate::descriptors::make_room;
use crate::domain::measure::time::UtcDateTime;
use crate::import::demo;
use crate::server;
use crate::server::{Scratch, Signals, StartError};
use crate::store::{StoreError, history, seed};
use crate::telemetry::init_logging;
use crate::tls::{self, Certificate};

use crate::cli::args::{Check, Cli, Command, History, Migrate, Serve};
use crate::cli::assets;
use crate::cli::import;
use crate::cli::interrupt::interruptible;
use crate::cli::key;
use crate::cli::output::{Outcome, print};

/// Runs one command. The error's text is for the terminal.
pub fn run(cli: Cli) -> Outcome {
    let command = cli.command.unwrap_or(Command::Serve(Serve::default()));
    let mut overrides = Overrides { file: cli.config, database_url: cli.database_url, ..Overrides::default() };
    match &command {
        Command::Serve(serve) => overrides.bind = serve.bind,
        Command::Check(check) => overrides.instances = check.instances,
        _ => {}
    }
    let scratch = match &command {
        Command::Serve(Serve { ephemeral: true, .. }) => Some(Scratch::new()?),
        _ => None,
    };
    if let Some(scratch) = &scratch {
        overrides.database_url = Some(scratch.url());
    }
    let config = load(&overrides, std::env::vars())?;
    init_logging(&config.log);
    match command {
        Command::Serve(flags) => serve(&config, flags.demo),
        Command::Migrate { action } => migrations(&config, action.unwrap_or(Migrate::Status)),
        Command::Check(flags) => check(&config, &flags),
        Command::Openapi => print(&api::openapi_json()?),
        Command::Import { source } => import::run(&config, source),
        Command::Assets { action } => assets::run(&config, action),
        Command::Key { action } => key::run(&config, action),
        Command::Health { address } => health(&config, address.unwrap_or_else(|| config.server.reached_at())),
        Command::Backup { file } => {
            let executor = server::connect(&existing(&config)?)?.executor;
            let bytes = executor.admin_blocking(|conn| maintenance::backup(conn, &file))?;
            print(&format!("{}: {bytes} bytes\n", file.display()))
        }
        Command::History { action: History::Prune { before } } => {
            let executor = server::connect(&existing(&config)?)?.executor;
            interruptible(&executor, || {
                let removed = prune(&executor, before)?;
                print(&format!("removed {removed} entries from before {before}\n"))
            })
        }
        Command::Vacuum => {
            let executor = server::connect(&existing(&config)?)?.executor;
            executor.admin_blocking(maintenance::vacuum)?;
            print("done\n")
        }
        Command::Seed => {
            let added = server::connect(&config)?.executor.write_blocking(seed::seed)?;
            print(&format!(
                "added {} categories, {} terms, {} links, {} parameters\n",
                added.categories, added.terms, added.links, added.parameters
            ))
        }
    }
}

/// Removes what was kept of rows before a day; each batch is a transaction of its own.
fn prune(executor: &Executor, before: NaiveDate) -> Result<usize, StoreError> {
    const BATCH: i64 = 2000;
    let before = UtcDateTime::midnight(before).naive();
    let mut removed = 0;
    loop {
        match executor.write_blocking(|session| history::prune(session, before, BATCH))? {
            0 => return Ok(removed),
            some => removed += some,
        }
    }
}

/// The configuration, unless it names a SQLite file that is not there: only `serve`, `migrate`, `import` and `key create` make one.
pub(in crate::cli) fn existing(config: &Config) -> Result<Config, Box<dyn Error>> {
    match config.database.targets()?.0.missing_file() {
        Some(path) => Err(format!("there is no database {}", path.display()).into()),
        None => Ok(config.clone()),
    }
}

/// One plain request, without a client library.
fn health(config: &Config, address: SocketAddr) -> Outcome {
    let longest = Duration::from_secs(2);
    let stream = TcpStream::connect_timeout(&address, longest).map_err(|error| format!("{address}: {error}"))?;
    stream.set_read_timeout(Some(longest))?;
    stream.set_write_timeout(Some(longest))?;
    let answer = match config.server.tls_certificate {
        None => ask_health(stream, address)?,
        Some(_) => ask_health(tls::to_oneself(address, stream)?, address)?,
    };
    let status = answer.lines().next().unwrap_or("no answer");
    match status.starts_with("HTTP/1.1 ") {
        true if status.starts_with("HTTP/1.1 200") => print("healthy\n"),
        true => Err(status.to_owned().into()),
        false => Err(format!("{address} does not speak plain HTTP: see server.tls_certificate").into()),
    }
}

fn ask_health(mut stream: impl Read + Write, address: SocketAddr) -> std::io::Result<String> {
    write!(stream, "GET /health HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        // Over TLS, an end without a farewell; the status line has come before.
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => {}
        ended => drop(ended?),
    }
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

fn serve(config: &Config, with_demo: bool) -> Outcome {
    actix_web::rt::System::new().block_on(async {
        let signals = Signals::catch()?;
        if with_demo {
            let added = server::prepare(config)?.executor.write_blocking(demo::load)?;
            log::info!("example data: {added} things added");
        }
        let server = server::start(config, server::Extras::default())?;
        let scheme = if config.server.tls_certificate.is_some() { "https" } else { "http" };
        let url = format!("{scheme}://{}", server.address());
        print(&format!("ocotillo is ready on {url} (documentation: {url}/docs)\n"))?;
        std::io::stdout().flush()?;
        server.run_until(signals).await;
        Ok(())
    })
}

fn migrations(config: &Config, action: Migrate) -> Outcome {
    let executor = server::connect(config)?.executor;
    match action {
        Migrate::Status => {
            let mut table = String::new();
            for state in executor.admin_blocking(migrate::status)? {
                table += &format!("{} {}\n", if state.applied { "applied" } else { "pending" }, state.name);
            }
            print(&table)
        }
        Migrate::Up => {
            let applied = executor.admin_blocking(migrate::up)?;
            print(&applied.iter().map(|name| format!("applied {name}\n")).collect::<String>())
        }
        Migrate::Down => match executor.admin_blocking(migrate::down)? {
            Some(name) => print(&format!("reverted {name}\n")),
            None => print("nothing to revert\n"),
        },
    }
}

fn check(config: &Config, flags: &Check) -> Outcome {
    let sizing = config.validate()?;
    server::open(config, &mut api::routes(|_| {}).table())?;
    let (primary, replica) = config.database.targets()?;
    let mut lines = vec![("database".to_owned(), primary.to_string())];
    lines.extend(replica.map(|replica| ("replica".to_owned(), replica.to_string())));
    lines.extend(config.server.table());
    Certificate::of(&config.server)?;
    lines.extend(config.auth.table(config.server.bind));
    if config.auth.mode_on(config.server.bind) == AuthMode::Required {
        lines.extend(config.limits.table());
    }
    lines.extend(config.assets.table(primary.file()));
    // Of a planned deployment this machine's limits say nothing.
    if flags.max_connections.is_none() {
        lines.push(("max_connections".to_owned(), make_room(&sizing, config.server.max_connections)?.to_string()));
    }
    lines.extend(sizing.table().into_iter().map(|(name, value)| (name.to_owned(), value)));
    let width = lines.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    print(&lines.iter().map(|(name, value)| format!("{name:width$}  {value}\n")).collect::<String>())?;

    if let Some(usable) = flags.max_connections {
        sizing.check_budget(usable)?;
        return print(&format!("ok: the database tier allows {usable} connections\n"));
    }
    if primary.missing_file().is_some() {
        return print("ok: the database file does not exist yet; `serve` and `migrate up` create it\n");
    }
    let executor = server::connect(config)?.executor;
    let states = executor.admin_blocking(migrate::status)?;
    let pending = states.iter().filter(|state| !state.applied).count();
    if pending == 0 {
        server::check_schema(&executor)?;
    }
    let usable = server::check_budget(&executor)?;
    let connections =
        executor.self_test().map_err(|cause| StartError::Database { database: primary.to_string(), cause })?;
    if let Some(usable) = usable {
        print(&format!("{:width$}  {usable}\n", "connections_allowed"))?;
    }
    print(&format!("{:width$}  {connections}\n{:width$}  {pending}\n", "connections_tested", "pending_migrations"))?;
    if flags.integrity {
        let wrong = executor.admin_blocking(maintenance::integrity)?;
        if !wrong.is_empty() {
            return Err(format!("the database is damaged: {}", wrong.join("; ")).into());
        }
        print(&format!("{:width$}  sound\n", "integrity"))?;
    }
    print("ok\n")
}
