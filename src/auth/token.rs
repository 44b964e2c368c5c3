//! Tokens of the configured issuer: JWT signed with RS256 or ES256.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use jsonwebtoken::dangerous::insecure_decode_claims;
use jsonwebtoken::{Algorithm, Header, Validation, decode, decode_header};
use serde::Deserialize;
use serde_json::{Number, Value};

use crate::auth::Denied;
use crate::auth::fetch::Source;
use crate::auth::issuer::{Issuer, NoKey};
use crate::auth::jwks::LONGEST_KID;
use crate::auth::roles::Groups;
use crate::auth::signature;
use crate::auth::verified::{Digest, Entry, Verified};
use crate::config::{Auth, ConfigError};
use crate::domain::principal::{Grants, Principal, Sight};

/// Most tokens that are remembered as checked: about 5 MB.
const MOST_VERIFIED: usize = 10_000;
/// Longest `sub` and `name`: what the audit columns hold.
const LONGEST_TEXT: usize = 255;

/// Why tokens cannot be checked.
#[derive(Debug, thiserror::Error)]
pub enum TokensError {
    /// The configuration cannot work.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The thread that fetches the issuer's keys cannot be started.
    #[error("the thread that fetches the issuer's keys: {0}")]
    Thread(#[from] std::io::Error),
}

/// Why a token is refused. Goes to the log; the client is not told.
#[derive(Debug, thiserror::Error)]
enum Refused {
    #[error("{}", told(.0))]
    Token(#[from] jsonwebtoken::errors::Error),
    #[error("signed in a way that is not accepted")]
    Algorithm,
    #[error("brings a key of its own, or asks for what nobody here knows")]
    Header,
    #[error("no token for callers")]
    Kind,
    #[error("names no key")]
    NoKid,
    #[error("names a key that the issuer has not published")]
    UnknownKey,
    #[error("names a key of another kind")]
    OtherKind,
    #[error("another issuer's, or expired")]
    NotOurs,
    #[error("its sub cannot be used")]
    Subject,
    #[error("the issuer does not answer")]
    NoKeysYet,
}

/// What is wrong with a token. An error of its JSON quotes what is in it.
fn told(error: &jsonwebtoken::errors::Error) -> String {
    match error.kind() {
        jsonwebtoken::errors::ErrorKind::Json(_) => "its JSON cannot be read".to_owned(),
        _ => error.to_string(),
    }
}

/// Checks tokens of one issuer.
pub struct Tokens {
    issuer: Issuer,
    verified: Verified,
    names: [String; 2],
    audience: Vec<String>,
    skew: u64,
    groups: Groups,
}

/// What is read of a token.
#[derive(Deserialize)]
struct Claims {
    sub: String,
    exp: Number,
    name: Option<Value>,
    groups: Option<Value>,
}

/// What is looked at before the issuer is asked for a key.
#[derive(Deserialize)]
struct Hint {
    iss: String,
    exp: Number,
}

impl Tokens {
    /// What groups give whoever is in them.
    pub fn grants_of(&self, groups: &[String]) -> Grants {
        self.groups.grants(Some(&Value::from(groups)))
    }

    /// Begins to fetch the issuer's keys; `None` without an issuer.
    pub fn start(config: &Auth) -> Result<Option<Self>, TokensError> {
        let Some((issuer, keys)) = config.endpoints()? else { return Ok(None) };
        signature::install();
        let name = issuer.url().trim_end_matches('/');
        Ok(Some(Self {
            names: [name.to_owned(), format!("{name}/")],
            issuer: Issuer::start(Source::new(issuer, keys, config.authorities()?), config.jwks_ttl)?,
            verified: Verified::new(MOST_VERIFIED),
            audience: config.audience.clone(),
            skew: config.clock_skew.as_secs(),
            groups: Groups::new(&config.roles),
        }))
    }

    /// Whose token it is. Somebody without a role is somebody too.
    pub async fn principal(&self, token: &str) -> Result<Arc<Principal>, Denied> {
        let digest = Digest::of(token);
        if let Some(principal) = self.verified.find(&digest, now()) {
            return Ok(principal);
        }
        match self.verify(token).await {
            Ok(entry) => {
                let principal = Arc::clone(&entry.principal);
                self.verified.keep(digest, entry);
                Ok(principal)
            }
            Err(reason) => {
                log::debug!("a token is refused: {reason}");
                Err(if matches!(reason, Refused::NoKeysYet) { Denied::Unavailable } else { Denied::Unauthenticated })
            }
        }
    }

    async fn verify(&self, token: &str) -> Result<Entry, Refused> {
        let header = decode_header(token)?;
        let kid = acceptable(&header)?;
        let key = match self.issuer.known(kid) {
            Some(key) => key,
            None => {
                // Nothing of this is proven; but the issuer need not be asked for what would be refused anyway.
                let hint: Hint = insecure_decode_claims(token)?;
                if !self.names.contains(&hint.iss) || seconds(&hint.exp).saturating_add(self.skew) <= now() {
                    return Err(Refused::NotOurs);
                }
                self.issuer.key(kid).await.map_err(|none| match none {
                    NoKey::Unknown => Refused::UnknownKey,
                    NoKey::Unavailable => Refused::NoKeysYet,
                })?
            }
        };
        if key.algorithm != header.alg {
            return Err(Refused::OtherKind);
        }
        let claims: Claims = decode(token, &key.decoding, &self.validation(key.algorithm))?.claims;
        let until = seconds(&claims.exp).saturating_add(self.skew);
        Ok(Entry { principal: Arc::new(self.person(claims)?), until, key })
    }

    fn validation(&self, algorithm: Algorithm) -> Validation {
        let mut validation = Validation::new(algorithm);
        validation.leeway = self.skew;
        validation.validate_nbf = true;
        validation.set_issuer(&self.names);
        validation.set_audience(&self.audience);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation
    }

    fn person(&self, claims: Claims) -> Result<Principal, Refused> {
        let Claims { sub, name, groups, .. } = claims;
        // It is stored beside what he writes, and written to the log.
        let usable = !sub.is_empty() && sub.chars().count() <= LONGEST_TEXT && !sub.contains(unprintable);
        // Keys are called so.
        if !usable || sub.starts_with("api_key:") {
            return Err(Refused::Subject);
        }
        let name = name.as_ref().and_then(Value::as_str);
        let name = name.map(|name| name.chars().filter(|c| !unprintable(*c)).take(LONGEST_TEXT).collect());
        let grants = self.groups.grants(groups.as_ref());
        Ok(Principal { id: Some(sub), name, grants, sight: Sight::Everything, ..Principal::default() })
    }
}

/// What would change how a line of a log is shown: ends of lines, directions of writing.
fn unprintable(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Looks at a token's header; gives the name of the key.
fn acceptable(header: &Header) -> Result<&str, Refused> {
    if ![Algorithm::RS256, Algorithm::ES256].contains(&header.alg) {
        return Err(Refused::Algorithm);
    }
    // Keys come from the issuer's set alone, and what is critical to understand is not understood here.
    let brings = [header.jku.is_some(), header.jwk.is_some(), header.x5u.is_some(), header.x5c.is_some()];
    if brings.contains(&true) || header.crit.is_some() || header.enc.is_some() || header.zip.is_some() {
        return Err(Refused::Header);
    }
    // The issuer signs other things with the same keys, such as notices that somebody has logged out.
    let kind = header.typ.as_deref().map(str::to_ascii_lowercase);
    if kind.is_some_and(|kind| !["jwt", "at+jwt", "application/at+jwt"].contains(&kind.as_str())) {
        return Err(Refused::Kind);
    }
    header.kid.as_deref().filter(|kid| (1..=LONGEST_KID).contains(&kid.len())).ok_or(Refused::NoKid)
}

/// Seconds since 1970.
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// A token's time in seconds; parts of a second may be there.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float that does not fit becomes the nearest that does"
)]
fn seconds(number: &Number) -> u64 {
    number.as_u64().unwrap_or_else(|| number.as_f64().map_or(0, |seconds| seconds as u64))
}
