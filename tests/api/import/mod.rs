//! Importing files, and the example data.

mod example;
mod files;
mod usgs;

use ocotillo::config::Config;
use ocotillo::db::Executor;
use ocotillo::server;

use crate::support::Database;

/// As the command line has one.
pub fn executor(db: &Database) -> Executor {
    let mut config = Config::default();
    config.database.url = db.url.clone();
    config.concurrency.pool_size = Some(2);
    server::prepare(&config).unwrap().executor
}
