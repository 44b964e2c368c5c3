//! Fetching an issuer's keys. Blocking: see [`crate::auth::issuer`] for the thread that it runs on.

use std::time::Duration;

use serde::Deserialize;
use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

use crate::auth::jwks::{KeySet, NoKeySet};
use crate::config::Endpoint;

/// Longest time for one answer of the issuer's, from the first packet to the last.
pub const LONGEST: Duration = Duration::from_secs(5);
/// Largest answer. Those of large issuers are a tenth of it.
const LARGEST: u64 = 256 * 1024;

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// No answer, or not all of it.
    #[error("{0}")]
    Transport(Box<ureq::Error>),
    /// Another status than 200; a redirect is one.
    #[error("status {0}")]
    Status(u16),
    /// The discovery document cannot be read.
    #[error("the answer is no discovery document")]
    NoDocument,
    /// The discovery document is another issuer's.
    #[error("the discovery document is another issuer's")]
    OtherIssuer,
    /// The discovery document names an address that must not be asked.
    #[error("the discovery document's jwks_uri is not to be trusted: {0}")]
    Unsafe(&'static str),
    /// What is there are no keys.
    #[error(transparent)]
    NoKeySet(#[from] NoKeySet),
}

/// Where an issuer's keys are.
pub struct Source {
    agent: Agent,
    issuer: Endpoint,
    keys: Option<Endpoint>,
}

#[derive(Deserialize)]
struct Discovery {
    issuer: String,
    jwks_uri: String,
}

impl Source {
    /// The keys of an issuer: at an address, or where the issuer says that they are. Its certificate is checked against these
    /// authorities, or those that Mozilla trusts.
    pub fn new(issuer: Endpoint, keys: Option<Endpoint>, authorities: Option<Vec<Certificate<'static>>>) -> Self {
        let authorities = authorities.map_or(RootCerts::WebPki, RootCerts::from);
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .tls_config(TlsConfig::builder().root_certs(authorities).build())
            // What answers elsewhere has not been configured.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(LONGEST))
            // Fetches are minutes apart: no connection would live as long.
            .max_idle_connections(0)
            .user_agent(concat!("ocotillo/", env!("CARGO_PKG_VERSION")))
            .build()
            .into();
        Self { agent, issuer, keys }
    }

    /// The keys as they are now.
    pub fn fetch(&self) -> Result<KeySet, FetchError> {
        let answer = match &self.keys {
            Some(keys) => self.get(keys)?,
            None => self.get(&self.discover()?)?,
        };
        Ok(KeySet::parse(&answer)?)
    }

    fn discover(&self) -> Result<Endpoint, FetchError> {
        let issuer = self.issuer.url().trim_end_matches('/');
        let document = format!("{issuer}/.well-known/openid-configuration");
        let answer = self.get(&Endpoint::parse(&document).map_err(FetchError::Unsafe)?)?;
        let found: Discovery = serde_json::from_slice(&answer).map_err(|_unreadable| FetchError::NoDocument)?;
        if found.issuer.trim_end_matches('/') != issuer {
            return Err(FetchError::OtherIssuer);
        }
        let keys = Endpoint::parse(&found.jwks_uri).map_err(FetchError::Unsafe)?;
        if self.issuer.may_name(&keys) {
            Ok(keys)
        } else {
            Err(FetchError::Unsafe("the issuer itself is asked by https"))
        }
    }

    fn get(&self, endpoint: &Endpoint) -> Result<Vec<u8>, FetchError> {
        let mut request = self.agent.get(endpoint.url()).header("accept", "application/json");
        if endpoint.is_local() {
            // A proxy of the environment's would look for it on its own machine.
            request = request.config().proxy(None).build();
        }
        let mut response = request.call().map_err(transport)?;
        if response.status() != 200 {
            return Err(FetchError::Status(response.status().as_u16()));
        }
        response.body_mut().with_config().limit(LARGEST).read_to_vec().map_err(transport)
    }
}

fn transport(error: ureq::Error) -> FetchError {
    FetchError::Transport(Box::new(error))
}
