//! Finding out who asks: what a request shows ([`Credential`]), and who makes a [`Principal`] of it ([`Authenticator`]).

mod chain;
mod credential;
mod fetch;
mod issuer;
mod jwks;
mod key;
mod roles;
mod signature;
mod token;
mod verified;

use std::sync::Arc;

use futures_util::future::{LocalBoxFuture, ready};

pub use crate::domain::principal::{Grants, Principal, Role, Sight};
pub use chain::{Chain, KEY_PREFIX, KeyCheck};
pub use credential::{Credential, KEY_PARAMETER};
pub use key::Keys;
pub use token::{Tokens, TokensError};

/// Why somebody is sent away before his request is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// Nobody knows who he is: 401.
    #[error("Not authenticated")]
    Unauthenticated,
    /// He may not do that: 403.
    #[error("Not authorized")]
    Forbidden,
    /// Whether he is who he says cannot be found out at the moment: 503.
    #[error("Who asks cannot be found out at the moment")]
    Unavailable,
}

/// Tells by what a request shows who asks.
pub trait Authenticator: Send + Sync + 'static {
    /// The principal, or why there is none. Runs on the event loop of a worker: it must not block.
    fn authenticate<'a>(&'a self, shown: &'a Credential) -> LocalBoxFuture<'a, Result<Arc<Principal>, Denied>>;

    /// What groups of the identity provider give whoever is in them.
    fn grants_of(&self, _groups: &[String]) -> Grants {
        Grants::Some(Vec::new())
    }

    /// True when a name with a password can be of use here, so that clients may be asked for one.
    fn accepts_passwords(&self) -> bool {
        false
    }

    /// True when an API key may also stand in the query string: see [`Credential::of_either`].
    fn takes_keys_in_queries(&self) -> bool {
        false
    }
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

    fn grants_of(&self, _groups: &[String]) -> Grants {
        Grants::All
    }
}
