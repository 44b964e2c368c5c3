//! Open files: every client, connection and file is one, and the system counts them for each process.

use crate::config::ConfigError;
use crate::db::Sizing;

/// Most client connections of a worker where the system allows as many.
const MOST_CLIENTS: usize = 25_000;

/// Fewer clients of a worker than this are no service.
const LEAST_CLIENTS: usize = 16;

/// Files of a client: its connection, and a second handle by which it is watched.
const OF_A_CLIENT: usize = 2;

/// What the program has open beside clients and databases: listeners, event loops, logs, the standard streams.
const OWN: usize = 64;

/// Raises the limit of this process as far as it needs to and may. Returns how many clients each worker may have at once:
/// what is configured, if that fits, or else as many as fit.
pub fn make_room(sizing: &Sizing, configured: Option<usize>) -> Result<usize, ConfigError> {
    // A SQLite connection is three files, a PostgreSQL one is one; one more looks for a database that is gone. An export may
    // write several files at once. Each lane cancels over a connection of its own.
    let connections = sizing.read_permits + sizing.write_permits + 3;
    let others = OWN + 8 * sizing.workers + 3 * connections + 8 * sizing.extra_permits;
    let clients = configured.unwrap_or(MOST_CLIENTS);
    let allowed = allow(others + sizing.workers.saturating_mul(clients).saturating_mul(OF_A_CLIENT));
    let fitting = allowed.saturating_sub(others) / sizing.workers.max(1) / OF_A_CLIENT;
    if fitting >= clients {
        return Ok(clients);
    }
    if configured.is_none() && fitting >= LEAST_CLIENTS {
        return Ok(fitting);
    }
    let workers = sizing.workers;
    Err(ConfigError::Value {
        key: "server.max_connections",
        reason: format!(
            "{workers} workers x {clients} clients x {OF_A_CLIENT} + {others} other files = {}, but the system allows {allowed} open files: \
             lower server.max_connections, or raise the limit (ulimit -n, LimitNOFILE)",
            others + workers.saturating_mul(clients).saturating_mul(OF_A_CLIENT)
        ),
    })
}

/// Asks the system for so many, and tells how many it allows.
#[cfg(unix)]
fn allow(needed: usize) -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let limit = getrlimit(Resource::Nofile);
    let number = |limit: Option<u64>| limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
    let current = number(limit.current);
    if current >= needed {
        return current;
    }
    let wanted = needed.min(number(limit.maximum));
    match setrlimit(Resource::Nofile, Rlimit { current: u64::try_from(wanted).ok(), maximum: limit.maximum }) {
        Ok(()) => wanted,
        Err(error) => {
            log::warn!("the limit of open files stays at {current}: {error}");
            current
        }
    }
}

#[cfg(not(unix))]
fn allow(_needed: usize) -> usize {
    usize::MAX
}
