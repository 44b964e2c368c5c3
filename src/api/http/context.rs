//! What one request carries along: its id, who asks, and its timing.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use actix_web::http::Uri;
use actix_web::{HttpMessage, HttpRequest};

use crate::api::http::coding::Accepts;
use crate::db::{Asker, Timing};
use crate::domain::principal::Principal;
use crate::domain::request::id::RequestId;

/// Per-request state, kept in the request's extensions.
#[derive(Clone)]
pub struct RequestContext {
    inner: Rc<Inner>,
}

struct Inner {
    asker: Asker,
    accepts: Accepts,
    uri: Uri,
    timing: Cell<Timing>,
}

impl RequestContext {
    /// A context of somebody's request.
    pub fn new(request_id: RequestId, principal: Arc<Principal>, accepts: Accepts, uri: Uri) -> Self {
        let asker = Asker { principal, request_id };
        Self { inner: Rc::new(Inner { asker, accepts, uri, timing: Cell::default() }) }
    }

    /// The context that the middleware has put there. No handler runs without one.
    pub fn of(request: &HttpRequest) -> Option<Self> {
        request.extensions().get::<Self>().cloned()
    }

    /// Who asks, with the request's id.
    pub fn asker(&self) -> Asker {
        self.inner.asker.clone()
    }

    /// How the client takes the answer.
    pub fn accepts(&self) -> Accepts {
        self.inner.accepts
    }

    /// What was asked for.
    pub fn uri(&self) -> &Uri {
        &self.inner.uri
    }

    /// Adds a job's timing; a request may run several.
    pub fn add(&self, timing: &Timing) {
        let mut sum = self.inner.timing.get();
        sum.wait += timing.wait;
        sum.checkout += timing.checkout;
        sum.query += timing.query;
        sum.serialise += timing.serialise;
        sum.queries += timing.queries;
        self.inner.timing.set(sum);
    }

    /// The time of all jobs so far.
    pub fn timing(&self) -> Timing {
        self.inner.timing.get()
    }
}
