//! Who checks what a request shows: API keys by their prefix, everything else as a token.

use std::sync::Arc;

use futures_util::future::{LocalBoxFuture, ready};

use crate::auth::token::Tokens;
use crate::auth::{Authenticator, Credential, Denied};
use crate::domain::principal::{Grants, Principal};

/// What every API key begins with. No token begins so: a token's header is JSON, which in base64 begins with `ey`.
pub const KEY_PREFIX: &str = crate::domain::api_key::PREFIX;

/// Knows API keys.
pub trait KeyCheck: Send + Sync + 'static {
    /// The holder of a key; `None` when there is no such key, or when it has expired or was revoked. `secret` begins with
    /// [`KEY_PREFIX`] and is not checked in any other way. When the keys cannot be looked up at the moment, the answer is
    /// [`Denied::Unavailable`]. Runs on the event loop of a worker: it must not block.
    fn check<'a>(&'a self, secret: &'a str) -> LocalBoxFuture<'a, Result<Option<Arc<Principal>>, Denied>>;
}

/// Checks tokens and API keys, each where it is configured.
#[derive(Default)]
pub struct Chain {
    /// The issuer's tokens; `None` without an issuer.
    pub tokens: Option<Tokens>,
    /// API keys.
    pub keys: Option<Arc<dyn KeyCheck>>,
    /// Keys may also stand in the query string.
    pub key_in_query: bool,
}

impl Chain {
    async fn principal(&self, shown: &Credential) -> Result<Arc<Principal>, Denied> {
        let secret = match shown {
            Credential::None | Credential::Unusable => return Err(Denied::Unauthenticated),
            // Clients that know names and passwords only show the secret as the password, with any name.
            Credential::Bearer(secret) | Credential::Basic { password: secret, .. } => secret,
        };
        if secret.starts_with(KEY_PREFIX) {
            let keys = self.keys.as_ref().ok_or(Denied::Unauthenticated)?;
            return keys.check(secret).await?.ok_or(Denied::Unauthenticated);
        }
        self.tokens.as_ref().ok_or(Denied::Unauthenticated)?.principal(secret).await
    }
}

impl Authenticator for Chain {
    fn authenticate<'a>(&'a self, shown: &'a Credential) -> LocalBoxFuture<'a, Result<Arc<Principal>, Denied>> {
        match shown {
            Credential::None | Credential::Unusable => Box::pin(ready(Err(Denied::Unauthenticated))),
            shown => Box::pin(self.principal(shown)),
        }
    }

    fn grants_of(&self, groups: &[String]) -> Grants {
        self.tokens.as_ref().map_or_else(|| Grants::Some(Vec::new()), |tokens| tokens.grants_of(groups))
    }

    fn accepts_passwords(&self) -> bool {
        self.keys.is_some()
    }

    fn takes_keys_in_queries(&self) -> bool {
        self.keys.is_some() && self.key_in_query
    }
}
