//! Commands and flags.

use std::net::SocketAddr;
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand, value_parser};

use crate::domain::api_key::{MOST_DAYS, Scope};

use crate::domain::measure::time::{UtcDateTime, parse_date};

/// REST service for a geological survey's groundwater and sample data.
///
/// Without a command it serves: an embedded SQLite database `ocotillo.db` in the current directory, on
/// http://127.0.0.1:8080, with the documentation at /docs.
///
/// Settings come from a TOML file (--config), then OCOTILLO_SECTION_KEY variables (and DATABASE_URL,
/// DATABASE_REPLICA_URL), then flags; the later ones win. `ocotillo check` prints what comes out.
#[derive(Debug, Parser)]
#[command(name = "ocotillo", version, about, long_about)]
pub struct Cli {
    /// Configuration file (TOML); also OCOTILLO_CONFIG.
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// `sqlite:PATH` or `postgres://USER@HOST/DATABASE`; also DATABASE_URL.
    #[arg(long, global = true, value_name = "URL")]
    pub database_url: Option<String>,
    /// What to do; `serve` when left out.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the API: bring the schema up to date, seed the vocabulary, listen.
    Serve(Serve),
    /// Show, apply or revert schema migrations.
    Migrate {
        /// Which.
        #[command(subcommand)]
        action: Option<Migrate>,
    },
    /// Check configuration and database; print every effective number. Exits 1 with the reason when something is wrong.
    Check(Check),
    /// Print the OpenAPI document.
    Openapi,
    /// Add what the database lacks of the vocabulary and the parameters.
    Seed,
    /// Bring data in from files. What is there already is left as it is, so an import can be stopped and repeated.
    Import {
        /// From where.
        #[command(subcommand)]
        source: Import,
    },
    /// Look after what is kept of changed and removed rows.
    History {
        /// How.
        #[command(subcommand)]
        action: History,
    },
    /// Make, list and revoke API keys. A server that is running obeys within a second.
    Key {
        /// What.
        #[command(subcommand)]
        action: Key,
    },
    /// Write a consistent copy of a SQLite database into a new file, while a server uses it.
    Backup {
        /// The copy.
        file: PathBuf,
    },
    /// Give the room of removed rows of a SQLite database back. A server may go on reading meanwhile, but its writes wait.
    Vacuum,
    /// Ask a running server for its health; exits 1 when it does not answer 200 within two seconds. For container health
    /// checks, where no other client is installed.
    Health {
        /// Address of the server, where it is not the configured one.
        #[arg(long, value_name = "ADDR:PORT")]
        address: Option<SocketAddr>,
    },
}

/// Flags of `serve`.
#[derive(Debug, Default, Args)]
pub struct Serve {
    /// Address to listen on; port 0 takes a free one.
    #[arg(long, value_name = "ADDR:PORT")]
    pub bind: Option<SocketAddr>,
    /// Use a throw-away SQLite database that is removed at the end. For test harnesses: with `--bind 127.0.0.1:0` the one
    /// line on standard output tells the real address once the server is ready.
    #[arg(long, conflicts_with = "database_url")]
    pub ephemeral: bool,
    /// Load a small made-up example into a database that has no things yet.
    #[arg(long)]
    pub demo: bool,
}

/// What to do with the history of rows.
#[derive(Clone, Copy, Debug, Subcommand)]
pub enum History {
    /// Remove what was kept before a day, some entries at a time, so that others can write meanwhile.
    Prune {
        /// The first day (UTC) whose entries stay.
        #[arg(long, value_name = "YYYY-MM-DD", value_parser = past_day)]
        before: NaiveDate,
    },
}

/// A day that is not in the future: with a mistyped year nothing would be left.
fn past_day(text: &str) -> Result<NaiveDate, String> {
    let day = parse_date(text).ok_or("not a day, such as 2026-11-21")?;
    if day > UtcDateTime::now().date() { Err("in the future".to_owned()) } else { Ok(day) }
}

/// Where data come from.
#[derive(Debug, Subcommand)]
pub enum Import {
    /// Sites and water levels as the U.S. Geological Survey publishes them: two CSV files, gzipped or not.
    Usgs(ImportUsgs),
    /// Water levels from a field crew's CSV file, as `POST /observation/groundwater-level/bulk-upload` takes them. Good rows are
    /// stored, or overwrite what an earlier upload stored; the outcome is printed as JSON. Exits 1 when nothing could be stored.
    WaterLevels {
        /// The file.
        file: PathBuf,
        /// Do all of it, print what would come of it, and keep nothing.
        #[arg(long)]
        dry_run: bool,
    },
}

/// Flags of `import usgs`.
#[derive(Debug, Args)]
pub struct ImportUsgs {
    /// The monitoring locations.
    #[arg(long, value_name = "FILE")]
    pub sites: PathBuf,
    /// Their water levels, measured by hand and daily means. Values of sites in neither file nor database are not used.
    #[arg(long, value_name = "FILE")]
    pub levels: PathBuf,
    /// Where to list the rows that cannot be used, with line and reason; standard error when left out.
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
}

/// What to do with migrations.
#[derive(Clone, Copy, Debug, Subcommand)]
pub enum Migrate {
    /// List all migrations and whether each is applied.
    Status,
    /// Apply all pending ones.
    Up,
    /// Revert the newest one. Its tables are dropped with their rows.
    Down,
}

/// Flags of `check`.
#[derive(Debug, Args)]
pub struct Check {
    /// Instances that share the database, in place of the configured number.
    #[arg(long, value_name = "N")]
    pub instances: Option<u32>,
    /// Connections that the database tier allows, in place of asking it: checks a planned deployment without one.
    #[arg(long, value_name = "N")]
    pub max_connections: Option<i64>,
    /// Also read every page and reference of a SQLite database, and list what is wrong.
    #[arg(long)]
    pub integrity: bool,
}

/// What to do with API keys.
#[derive(Debug, Subcommand)]
pub enum Key {
    /// Make a key and print it, this once. A new database is made ready first.
    Create(CreateKey),
    /// List all keys. The keys themselves are kept nowhere.
    List(ListKeys),
    /// Revoke a key.
    Revoke {
        /// Its id, as `list` shows it.
        id: i32,
    },
}

/// Flags of `key create`.
#[derive(Debug, Args)]
pub struct CreateKey {
    /// What it is called: who or what uses it.
    #[arg(long, value_name = "NAME")]
    pub name: String,
    /// What it may do; may be given several times. `viewer`, `editor` and `admin` are for all records, those with `amp-` for
    /// observations and contacts alone; `admin` includes everything.
    #[arg(long, value_name = "ROLE", required = true, value_parser = PossibleValuesParser::new(Scope::words()))]
    pub role: Vec<String>,
    /// How many days it lives.
    #[arg(long, value_name = "N", default_value_t = MOST_DAYS, value_parser = value_parser!(i64).range(1..=MOST_DAYS))]
    pub days: i64,
}

/// Flags of `key list`.
#[derive(Debug, Args)]
pub struct ListKeys {
    /// As JSON.
    #[arg(long)]
    pub json: bool,
}
