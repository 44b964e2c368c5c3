//! Workers, connections, threads, queues and time-outs: one section, checked together.
//!
//! The rule behind the numbers: **holding a permit guarantees a thread and a connection at once**. So permits = connections,
//! and the blocking threads can always run that many jobs. Nothing then waits where it cannot be seen or refused.

use std::num::NonZeroUsize;
use std::thread::available_parallelism;
use std::time::Duration;

use serde::Deserialize;

use crate::config::source::duration;
use crate::db::{Sizing, SizingError, Target};

/// `[concurrency]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Concurrency {
    /// HTTP worker threads, each with its own event loop. Default: the machine's cores.
    pub workers: Option<usize>,
    /// Connections to the database (to each, when there is a replica), and so the jobs that run at once.
    /// Default: twice the cores, at least 4.
    pub pool_size: Option<usize>,
    /// Requests that may wait for a permit in one lane; the next one is refused at once. Default: 64 times `pool_size`.
    pub queue_limit: Option<usize>,
    /// Longest wait for a permit. Default `5s`.
    #[serde(deserialize_with = "duration")]
    pub queue_timeout: Duration,
    /// Longest wait for a connection while holding a permit: it means that the database is down. Default `2s`.
    #[serde(deserialize_with = "duration")]
    pub checkout_timeout: Duration,
    /// Longest run of one SQL statement. Default `20s`.
    #[serde(deserialize_with = "duration")]
    pub statement_timeout: Duration,
    /// Longest wait for running requests at shutdown. Default `25s`.
    #[serde(deserialize_with = "duration")]
    pub shutdown_timeout: Duration,
    /// What the orchestrator grants between SIGTERM and SIGKILL; only checked against the others. Default `30s`.
    #[serde(deserialize_with = "duration")]
    pub termination_grace: Duration,
    /// Jobs of the heavy lane (large pages, exports, imports) at once. Default: half of `pool_size`.
    pub heavy_limit: Option<usize>,
    /// Blocking threads for work without a connection: files, hashing, object storage. Default 2.
    pub extra_blocking_threads: usize,
    /// Instances of this service that share the database. Default 1.
    pub instances: u32,
    /// Connections kept free for people and tools. Default 3.
    pub admin_connections: u32,
}

impl Default for Concurrency {
    fn default() -> Self {
        Self {
            workers: None,
            pool_size: None,
            queue_limit: None,
            queue_timeout: Duration::from_secs(5),
            checkout_timeout: Duration::from_secs(2),
            statement_timeout: Duration::from_secs(20),
            shutdown_timeout: Duration::from_secs(25),
            termination_grace: Duration::from_secs(30),
            heavy_limit: None,
            extra_blocking_threads: 2,
            instances: 1,
            admin_connections: 3,
        }
    }
}

const MOST: usize = 4096;

impl Concurrency {
    /// Derives and checks the effective numbers for a database.
    pub fn sizing(&self, primary: &Target, replica: bool) -> Result<Sizing, SizingError> {
        let cores = available_parallelism().map_or(2, NonZeroUsize::get);
        let pool_size = ranged("pool_size", self.pool_size.unwrap_or_else(|| (2 * cores).max(4)), 1)?;
        let workers = ranged("workers", self.workers.unwrap_or(cores), 1)?;
        let extra_permits = ranged("extra_blocking_threads", self.extra_blocking_threads, 1)?;
        let heavy_permits = ranged("heavy_limit", self.heavy_limit.unwrap_or((pool_size / 2).max(1)), 1)?;
        if heavy_permits >= pool_size && pool_size > 1 {
            let reason = "must be smaller than pool_size, or heavy work could hold every connection";
            return Err(SizingError::Range { key: "heavy_limit", value: heavy_permits as u128, reason });
        }
        let queue_limit = self.queue_limit.unwrap_or(64 * pool_size);
        if queue_limit > 1_000_000 {
            let reason = "at most 1000000 requests may wait";
            return Err(SizingError::Range { key: "queue_limit", value: queue_limit as u128, reason });
        }
        for (key, value) in [("instances", self.instances), ("admin_connections", self.admin_connections)] {
            if value > 10_000 || (key == "instances" && value == 0) {
                let reason = "must lie between 1 and 10000";
                return Err(SizingError::Range { key, value: u128::from(value), reason });
            }
        }
        self.check_timeouts()?;

        let single_writer = primary.single_writer();
        let write_permits = if single_writer { 1 } else { pool_size };
        let lanes_split = single_writer || replica;
        let connections = pool_size + if lanes_split { write_permits } else { 0 };
        Ok(Sizing {
            workers,
            read_permits: pool_size,
            write_permits,
            lanes_split,
            heavy_permits,
            extra_permits,
            blocking_threads_per_worker: connections + extra_permits,
            queue_limit,
            queue_timeout: self.queue_timeout,
            checkout_timeout: self.checkout_timeout,
            statement_timeout: self.statement_timeout,
            shutdown_timeout: self.shutdown_timeout,
            instances: self.instances,
            admin_connections: self.admin_connections,
        })
    }

    fn check_timeouts(&self) -> Result<(), SizingError> {
        for (key, value) in [
            ("queue_timeout", self.queue_timeout),
            ("checkout_timeout", self.checkout_timeout),
            ("statement_timeout", self.statement_timeout),
        ] {
            if value < Duration::from_millis(10) {
                return Err(SizingError::Range { key, value: value.as_millis(), reason: "at least 10ms" });
            }
        }
        let nested = [
            ("statement_timeout", self.statement_timeout, "shutdown_timeout", self.shutdown_timeout),
            ("shutdown_timeout", self.shutdown_timeout, "termination_grace", self.termination_grace),
        ];
        for (inner, shorter, outer, longer) in nested {
            if shorter >= longer {
                return Err(SizingError::Nesting {
                    inner,
                    inner_ms: shorter.as_millis(),
                    outer,
                    outer_ms: longer.as_millis(),
                });
            }
        }
        Ok(())
    }
}

fn ranged(key: &'static str, value: usize, least: usize) -> Result<usize, SizingError> {
    if (least..=MOST).contains(&value) {
        return Ok(value);
    }
    Err(SizingError::Range { key, value: value as u128, reason: "must lie between 1 and 4096" })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn postgres() -> Target {
        Target::parse("postgres://u@h/d").unwrap()
    }

    #[test]
    fn a_permit_always_has_a_thread() {
        let set = Concurrency { pool_size: Some(7), extra_blocking_threads: 3, ..Concurrency::default() };
        let shared = set.sizing(&postgres(), false).unwrap();
        assert_eq!((shared.read_permits, shared.write_permits, shared.blocking_threads_per_worker), (7, 7, 10));
        let replica = set.sizing(&postgres(), true).unwrap();
        assert_eq!((replica.lanes_split, replica.blocking_threads_per_worker), (true, 17));
        let sqlite = set.sizing(&Target::parse("sqlite:a.db").unwrap(), false).unwrap();
        assert_eq!((sqlite.write_permits, sqlite.blocking_threads_per_worker), (1, 11));
    }

    #[test]
    fn impossible_sizes_are_refused_by_name() {
        let refused = |set: Concurrency| set.sizing(&postgres(), false).unwrap_err().to_string();
        assert!(refused(Concurrency { pool_size: Some(0), ..Concurrency::default() }).contains("pool_size"));
        assert!(refused(Concurrency { workers: Some(0), ..Concurrency::default() }).contains("workers"));
        assert!(refused(Concurrency { instances: 0, ..Concurrency::default() }).contains("instances"));
        let heavy = Concurrency { pool_size: Some(4), heavy_limit: Some(4), ..Concurrency::default() };
        assert!(refused(heavy).contains("heavy_limit"));
        let long = Concurrency { statement_timeout: Duration::from_secs(26), ..Concurrency::default() };
        assert!(refused(long).contains("statement_timeout"));
        let late = Concurrency { shutdown_timeout: Duration::from_secs(31), ..Concurrency::default() };
        assert!(refused(late).contains("termination_grace"));
    }

    #[test]
    fn the_database_tier_must_bear_all_instances() {
        let set = Concurrency { pool_size: Some(10), instances: 10, ..Concurrency::default() };
        let sizing = set.sizing(&postgres(), false).unwrap();
        assert_eq!(sizing.worst_case_connections(), 113);
        assert!(sizing.check_budget(113).is_ok());
        assert!(sizing.check_budget(107).unwrap_err().to_string().contains("= 113"));
    }
}
