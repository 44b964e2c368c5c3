//! What all handlers of a server share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;

use crate::db::Executor;
use crate::telemetry::Metrics;

use super::route_table::RouteTable;

/// Shared by all workers. Cheap to clone.
#[derive(Clone)]
pub struct AppState {
    /// The way to the database.
    pub executor: Executor,
    /// What is counted.
    pub metrics: Metrics,
    /// Largest request body in bytes.
    pub body_limit: usize,
    pub(super) routes: Arc<RouteTable>,
    /// The OpenAPI document, as it is sent.
    pub(super) document: Bytes,
    draining: Arc<AtomicBool>,
}

impl AppState {
    /// The state of a new server.
    pub fn new(executor: Executor, metrics: Metrics, body_limit: usize) -> Result<Self, serde_json::Error> {
        let document = super::openapi();
        let routes = Arc::new(RouteTable::new(&document));
        let document = serde_json::to_vec(&document)?.into();
        Ok(Self { executor, metrics, body_limit, routes, document, draining: Arc::new(AtomicBool::new(false)) })
    }

    /// From now on the server says that it is not ready.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::Release);
    }

    /// True once [`Self::drain`] was called.
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Acquire)
    }
}
