//! What all handlers of a server share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::api::http::connections::Connections;
use crate::api::http::cross_site::CrossSite;
use crate::api::http::error::{ApiError, Busy};
use crate::api::http::gather::Bodies;
use crate::api::http::limits::Limits;
use crate::api::http::pages::Pages;
use crate::api::http::routes::RouteTable;
use crate::auth::Authenticator;
use crate::db::Executor;
use crate::domain::request::network::Network;
use crate::storage::Storage;
use crate::telemetry::Metrics;

/// What clients may take and do, before a request of theirs is looked at.
#[derive(Clone)]
pub struct Edge {
    /// Their connections.
    pub connections: Connections,
    /// Bodies that they send.
    pub bodies: Bodies,
    /// Long answers that may be on their way.
    pub answers: Answers,
    /// Pages of other sites.
    pub cross_site: CrossSite,
    /// How much one caller may ask for.
    pub limits: Limits,
    /// Clients come over TLS.
    pub secure: bool,
    /// Proxies whose word is taken for where a request comes from.
    pub trusted_proxies: Arc<[Network]>,
}

/// Long answers on their way: each keeps a piece in memory until the client has taken it. Cheap to clone.
#[derive(Clone)]
pub struct Answers {
    most: usize,
    places: Arc<Semaphore>,
}

impl Answers {
    /// So many at once.
    pub fn new(most: usize) -> Self {
        Self { most, places: Arc::new(Semaphore::new(most)) }
    }

    /// A place for one, until it is dropped.
    pub fn begin(&self) -> Result<OwnedSemaphorePermit, Busy> {
        Arc::clone(&self.places).try_acquire_owned().map_err(|_none_left| Busy::Answers)
    }

    /// Those on their way at the moment.
    pub fn count(&self) -> usize {
        self.most.saturating_sub(self.places.available_permits())
    }
}

/// Where files are kept, and what clients may do with them. Cheap to clone.
#[derive(Clone)]
pub struct FileRules {
    /// The storage.
    pub storage: Storage,
    /// Bytes of the largest file.
    pub most: u64,
    /// Longest time for a whole upload.
    pub whole: Duration,
    /// How clients reach the server, when that is not as requests come.
    pub public_url: Option<Arc<str>>,
}

/// Shared by all workers. Cheap to clone.
#[derive(Clone)]
pub struct AppState {
    /// The way to the database.
    pub executor: Executor,
    /// What is counted.
    pub metrics: Metrics,
    /// What clients may take and do.
    pub edge: Edge,
    /// Files of assets.
    pub files: FileRules,
    pub(in crate::api) authenticator: Arc<dyn Authenticator>,
    pub(in crate::api) routes: Arc<RouteTable>,
    /// Documents and pages.
    pub(in crate::api) pages: Arc<Pages>,
    draining: Arc<AtomicBool>,
}

impl AppState {
    /// The state of a new server with these routes.
    pub fn new(
        executor: Executor,
        metrics: Metrics,
        edge: Edge,
        files: FileRules,
        authenticator: Arc<dyn Authenticator>,
        routes: RouteTable,
        pages: Pages,
    ) -> Self {
        let draining = Arc::new(AtomicBool::new(false));
        let (routes, pages) = (Arc::new(routes), Arc::new(pages));
        Self { executor, metrics, edge, files, authenticator, routes, pages, draining }
    }

    /// Counts an error that says that there is enough of something.
    pub(in crate::api) fn note_busy(&self, error: &ApiError) {
        if let ApiError::Busy(busy) = error {
            self.metrics.turned_away(busy.reason());
        }
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
