//! Finding out who asks: what a request shows ([`Credential`]), and who makes a [`Principal`] of it ([`Authenticator`]).

mod credential;
mod key;

use std::sync::Arc;

use futures_util::future::{LocalBoxFuture, ready};

pub use crate::domain::principal::{Grants, Principal, Role, Sight};
pub use credential::{Credential, KEY_PARAMETER};
pub use key::Keys;

/// Why somebody is sent away before his request is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// Nobody knows who he is: 401.
    #[error("Not authenticated")]
    Unauthenticated,
    /// He may not do that: 403.
    #[error("Not authorized")]
    Forbidden,
}

/// Tells by what a request shows who asks.
pub trait Authenticator: Send + Sync + 'static {
    /// The principal, or why there is none. Runs on the event loop of a worker: it must not block.
    fn authenticate<'a>(&'a self, shown: &'a Credential) -> LocalBoxFuture<'a, Result<Arc<Principal>, Denied>>;
}

/// Authentication is disabled.
#[derive(Clone, Debug, Default)]
pub struct Disabled {
    everybody: Arc<Principal>,
}

impl Authenticator for Disabled {
    fn authenticate<'a>(&'a self, _: &'a Credential) -> LocalBoxFuture<'a, Result<Arc<Principal>, Denied>> {
        Box::pin(ready(Ok(Arc::clone(&self.everybody))))
    }
}
