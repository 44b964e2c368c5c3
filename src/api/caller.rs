//! Who calls, and the role that the route asks for.

use std::future::{Ready, ready};
use std::marker::PhantomData;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use crate::auth::Requirement;
use crate::domain::actor::Actor;

use super::ApiError;
use super::context::RequestContext;

/// The caller, who holds the role `R`. First among a handler's arguments: who may call is looked at before path, query
/// and body are. A route without it is answered 500 (see [`super::middleware`]).
pub struct Caller<R> {
    /// For the audit columns.
    pub actor: Actor,
    role: PhantomData<R>,
}

impl<R: Requirement> FromRequest for Caller<R> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        RequestContext::of(request).declare_role();
        // Authentication is disabled: everybody holds every role, and nobody has a name.
        ready(Ok(Self { actor: Actor::default(), role: PhantomData }))
    }
}
