//! The effective sizes of lanes, pools and threads. `config` derives them; the executor and `ocotillo check` use them.

use std::time::Duration;

/// Sizes that cannot work together. Names the keys.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SizingError {
    /// A size outside its range.
    #[error("concurrency.{key} = {value}: {reason}")]
    Range {
        /// The key.
        key: &'static str,
        /// Its value.
        value: u128,
        /// What would be right.
        reason: &'static str,
    },
    /// Time-outs that are not nested.
    #[error("concurrency.{inner} ({inner_ms} ms) must be shorter than concurrency.{outer} ({outer_ms} ms)")]
    Nesting {
        /// The key that must be shorter.
        inner: &'static str,
        /// Its value in milliseconds.
        inner_ms: u128,
        /// The key that must be longer.
        outer: &'static str,
        /// Its value in milliseconds.
        outer_ms: u128,
    },
    /// More connections than the database tier bears.
    #[error(
        "concurrency: {instances} instances x {per_instance} connections + {admin} for administration = {worst_case}, \
         but the database allows {usable}: lower pool_size or instances, or raise the database's limit"
    )]
    Connections {
        /// Instances.
        instances: u64,
        /// Connections of one instance to this database.
        per_instance: u64,
        /// Kept for people and tools.
        admin: u64,
        /// The product.
        worst_case: u64,
        /// What the server, the role and the database allow.
        usable: i64,
    },
}

/// The effective numbers: what was set, and what follows from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sizing {
    /// HTTP worker threads.
    pub workers: usize,
    /// Connections, and permits, for reads.
    pub read_permits: usize,
    /// Connections, and permits, for writes; the same lane as the reads unless `lanes_split`.
    pub write_permits: usize,
    /// True when reads and writes have connections of their own (SQLite, or a replica).
    pub lanes_split: bool,
    /// Jobs of the heavy lane at once.
    pub heavy_permits: usize,
    /// Permits for work without a connection.
    pub extra_permits: usize,
    /// Cap of each worker's blocking threads: all permits together, so that a permit never waits for a thread.
    pub blocking_threads_per_worker: usize,
    /// Waiting requests in each lane.
    pub queue_limit: usize,
    /// Longest wait for a permit.
    pub queue_timeout: Duration,
    /// Longest wait for a connection.
    pub checkout_timeout: Duration,
    /// Longest statement.
    pub statement_timeout: Duration,
    /// Longest drain at shutdown.
    pub shutdown_timeout: Duration,
    /// Instances sharing the database.
    pub instances: u32,
    /// Connections kept free.
    pub admin_connections: u32,
}

impl Sizing {
    /// The most connections that all instances together can open to the primary, with those kept for administration.
    pub fn worst_case_connections(&self) -> u64 {
        self.worst_case(Self::connections(self.write_permits))
    }

    /// The connections of a lane: one for each permit, and one to cancel statements whose clients have left.
    fn connections(permits: usize) -> usize {
        permits + 1
    }

    fn worst_case(&self, per_instance: usize) -> u64 {
        u64::from(self.instances) * per_instance as u64 + u64::from(self.admin_connections)
    }

    /// Refuses when the primary cannot bear all instances.
    pub fn check_budget(&self, usable: i64) -> Result<(), SizingError> {
        self.check(Self::connections(self.write_permits), usable)
    }

    /// Refuses when the replica cannot bear all instances.
    pub fn check_replica_budget(&self, usable: i64) -> Result<(), SizingError> {
        self.check(Self::connections(self.read_permits), usable)
    }

    fn check(&self, per_instance: usize, usable: i64) -> Result<(), SizingError> {
        let worst_case = self.worst_case(per_instance);
        if i64::try_from(worst_case).is_ok_and(|needed| needed <= usable) {
            return Ok(());
        }
        Err(SizingError::Connections {
            instances: u64::from(self.instances),
            per_instance: per_instance as u64,
            admin: u64::from(self.admin_connections),
            worst_case,
            usable,
        })
    }

    /// Every effective number with its name, for the start-up line and `ocotillo check`.
    pub fn table(&self) -> Vec<(&'static str, String)> {
        let ms = |value: Duration| format!("{}ms", value.as_millis());
        vec![
            ("workers", self.workers.to_string()),
            ("read_permits", self.read_permits.to_string()),
            ("write_permits", self.write_permits.to_string()),
            ("separate_read_connections", self.lanes_split.to_string()),
            ("heavy_permits", self.heavy_permits.to_string()),
            ("extra_permits", self.extra_permits.to_string()),
            ("blocking_threads_per_worker", self.blocking_threads_per_worker.to_string()),
            ("queue_limit", self.queue_limit.to_string()),
            ("queue_timeout", ms(self.queue_timeout)),
            ("checkout_timeout", ms(self.checkout_timeout)),
            ("statement_timeout", ms(self.statement_timeout)),
            ("shutdown_timeout", ms(self.shutdown_timeout)),
            ("instances", self.instances.to_string()),
            ("admin_connections", self.admin_connections.to_string()),
            ("worst_case_connections", self.worst_case_connections().to_string()),
        ]
    }
}
