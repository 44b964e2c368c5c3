//! Finding out who asks. Until access control lands, the only mode is `disabled`: everybody is the same principal, who holds
//! every role and sees everything, and the server binds loopback addresses alone.

use std::sync::Arc;

use actix_web::http::header::HeaderMap;

pub use crate::domain::principal::{Grants, Principal, Role, Sight};

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

/// Tells by a request's headers who asks.
pub trait Authenticator: Send + Sync + 'static {
    /// The principal, or why there is none.
    fn authenticate(&self, headers: &HeaderMap) -> Result<Arc<Principal>, Denied>;
}

/// Authentication is disabled.
#[derive(Clone, Debug, Default)]
pub struct Disabled {
    everybody: Arc<Principal>,
}

impl Authenticator for Disabled {
    fn authenticate(&self, _: &HeaderMap) -> Result<Arc<Principal>, Denied> {
        Ok(Arc::clone(&self.everybody))
    }
}
