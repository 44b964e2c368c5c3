//! What all handlers of a server share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;

use crate::api::http::routes::RouteTable;
use crate::auth::Authenticator;
use crate::db::Executor;
use crate::telemetry::Metrics;

/// Shared by all workers. Cheap to clone.
#[derive(Clone)]
pub struct AppState {
    /// The way to the database.
    pub executor: Executor,
    /// What is counted.
    pub metrics: Metrics,
    /// Largest request body in bytes.
    pub body_limit: usize,
    pub(in crate::api) authenticator: Arc<dyn Authenticator>,
    pub(in crate::api) routes: Arc<RouteTable>,
    /// The OpenAPI document, as it is sent.
    pub(in crate::api) document: Bytes,
    draining: Arc<AtomicBool>,
}

impl AppState {
    /// The state of a new server with these routes.
    pub fn new(
        executor: Executor,
        metrics: Metrics,
        body_limit: usize,
        authenticator: Arc<dyn Authenticator>,
        routes: RouteTable,
    ) -> Result<Self, serde_json::Error> {
        let document = serde_json::to_vec(&crate::api::openapi())?.into();
        let draining = Arc::new(AtomicBool::new(false));
        Ok(Self { executor, metrics, body_limit, authenticator, routes: Arc::new(routes), document, draining })
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
