//! What one request carries along: its id, its timing, and whether its route has declared a role.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use actix_web::{HttpMessage, HttpRequest};

use crate::db::Timing;

/// Per-request state, kept in the request's extensions.
#[derive(Clone, Default)]
pub struct RequestContext {
    inner: Rc<Inner>,
}

#[derive(Default)]
struct Inner {
    id: RefCell<String>,
    timing: Cell<Timing>,
    role_declared: Cell<bool>,
}

impl RequestContext {
    /// A context with the request's id.
    pub fn new(id: String) -> Self {
        let context = Self::default();
        context.inner.id.replace(id);
        context
    }

    /// The context that the middleware has put there; a fresh one in its absence.
    pub fn of(request: &HttpRequest) -> Self {
        if let Some(context) = request.extensions().get::<Self>() {
            return context.clone();
        }
        Self::default()
    }

    /// The request's id.
    pub fn id(&self) -> String {
        self.inner.id.borrow().clone()
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

    /// Notes that the route asks for a role.
    pub fn declare_role(&self) {
        self.inner.role_declared.set(true);
    }

    /// True when the route asked for a role.
    pub fn role_declared(&self) -> bool {
        self.inner.role_declared.get()
    }
}
