//! `[auth]`: who may do what.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;
use ureq::http::Uri;
use ureq::tls::{Certificate, PemItem, parse_pem};

use crate::config::{ConfigError, source};
use crate::domain::measure::decimals::Decimals;
use crate::domain::principal::Role;

/// `[auth]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Auth {
    /// `required`: callers show a token or a key. `disabled`: everybody may do everything, on a loopback address only. When it is
    /// not set: `required` with an issuer or on another address, else `disabled`.
    pub mode: Option<AuthMode>,
    /// Whose tokens are accepted: the text of their `iss`, such as `https://id.example.org/application/o/ocotillo/`. It makes no
    /// difference whether it ends with a slash.
    pub issuer: Option<String>,
    /// One of these must be in a token's `aud`: what the issuer calls this service, or the clients that use it.
    #[serde(deserialize_with = "source::list")]
    pub audience: Vec<String>,
    /// What the issuer calls the page `/docs-auth`, from which people log in; a public client with PKCE. Default: the first
    /// `audience`.
    pub client_id: Option<String>,
    /// Where the issuer's public keys are. Without it the issuer is asked, at `<issuer>/.well-known/openid-configuration`.
    pub jwks_url: Option<String>,
    /// Certificates (PEM) of the authorities that the issuer's certificate is checked against. Without it: Mozilla's, as they were when
    /// the program was built.
    pub ca_file: Option<PathBuf>,
    /// How often the issuer's keys are fetched anew, so the longest time that a withdrawn key is accepted. Default `15m`.
    #[serde(deserialize_with = "source::duration")]
    pub jwks_ttl: Duration,
    /// How far the issuer's clock may be from this machine's. Default `30s`.
    #[serde(deserialize_with = "source::duration")]
    pub clock_skew: Duration,
    /// What anybody may read without saying who he is, as far as it is public: families of routes, such as `thing` or `geospatial`,
    /// or single paths as the documentation has them, such as `/thing/{thing_id}`. Default none.
    #[serde(deserialize_with = "source::list")]
    pub anonymous: Vec<String>,
    /// To how many decimals of a degree (0 to 6) coordinates of places are rounded for them. Default: not at all.
    pub anonymous_decimals: Option<u8>,
    /// An API key may also be shown as the parameter `token` of the query string. Then it stands in the logs of proxies and in the
    /// histories of browsers: only for programs that can send nothing else. Default false.
    pub key_in_query: bool,
    /// `[auth.roles]`: which groups of a token give which role.
    pub roles: Roles,
}

impl Default for Auth {
    fn default() -> Self {
        Self {
            mode: None,
            issuer: None,
            audience: Vec::new(),
            client_id: None,
            jwks_url: None,
            ca_file: None,
            jwks_ttl: Duration::from_secs(15 * 60),
            clock_skew: Duration::from_secs(30),
            anonymous: Vec::new(),
            anonymous_decimals: None,
            key_in_query: false,
            roles: Roles::default(),
        }
    }
}

/// How callers are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AuthMode {
    /// Everybody may do everything.
    Disabled,
    /// Whoever asks for more than the open routes shows a token or a key.
    Required,
}

/// `[auth.roles]`: names of groups for each role; who is in one of them holds the role. Roles that are not named keep their default.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Roles {
    /// Reads. Default `AMP.Viewer`.
    #[serde(deserialize_with = "source::list")]
    pub viewer: Vec<String>,
    /// Changes records. Default `AMP.Editor`.
    #[serde(deserialize_with = "source::list")]
    pub editor: Vec<String>,
    /// Creates and removes records. Default `AMP.Admin`.
    #[serde(deserialize_with = "source::list")]
    pub admin: Vec<String>,
    /// Reads observations and contacts. Default `AMP.Viewer`.
    #[serde(deserialize_with = "source::list")]
    pub amp_viewer: Vec<String>,
    /// Changes observations and contacts. Default `AMP.Editor`.
    #[serde(deserialize_with = "source::list")]
    pub amp_editor: Vec<String>,
    /// Creates and removes observations and contacts. Default `AMP.Admin`.
    #[serde(deserialize_with = "source::list")]
    pub amp_admin: Vec<String>,
    /// Writes the vocabulary. Default `Lexicon.Editor`.
    #[serde(deserialize_with = "source::list")]
    pub lexicon_editor: Vec<String>,
    /// Reads what is not released through OGC API. Default `OGC.Internal`.
    #[serde(deserialize_with = "source::list")]
    pub ogc_internal: Vec<String>,
}

impl Default for Roles {
    fn default() -> Self {
        let one = |group: &str| vec![group.to_owned()];
        Self {
            viewer: one("AMP.Viewer"),
            editor: one("AMP.Editor"),
            admin: one("AMP.Admin"),
            amp_viewer: one("AMP.Viewer"),
            amp_editor: one("AMP.Editor"),
            amp_admin: one("AMP.Admin"),
            lexicon_editor: one("Lexicon.Editor"),
            ogc_internal: one("OGC.Internal"),
        }
    }
}

impl Roles {
    /// Each role with its key in the configuration and its groups.
    pub fn all(&self) -> [(Role, &'static str, &[String]); 8] {
        [
            (Role::Viewer, "auth.roles.viewer", &self.viewer),
            (Role::Editor, "auth.roles.editor", &self.editor),
            (Role::Admin, "auth.roles.admin", &self.admin),
            (Role::AmpViewer, "auth.roles.amp_viewer", &self.amp_viewer),
            (Role::AmpEditor, "auth.roles.amp_editor", &self.amp_editor),
            (Role::AmpAdmin, "auth.roles.amp_admin", &self.amp_admin),
            (Role::LexiconEditor, "auth.roles.lexicon_editor", &self.lexicon_editor),
            (Role::OgcInternal, "auth.roles.ogc_internal", &self.ogc_internal),
        ]
    }
}

/// Shortest time between two fetches of the issuer's keys that the configuration may ask for.
const SHORTEST_TTL: Duration = Duration::from_secs(1);
const LONGEST_TTL: Duration = Duration::from_secs(24 * 60 * 60);
const LARGEST_SKEW: Duration = Duration::from_secs(10 * 60);

impl Auth {
    /// To what coordinates are rounded for those who do not say who they are.
    pub fn decimals(&self) -> Result<Option<Decimals>, ConfigError> {
        let too_many = || wrong("auth.anonymous_decimals", "at most 6");
        self.anonymous_decimals.map(|decimals| Decimals::new(decimals).ok_or_else(too_many)).transpose()
    }

    /// How callers are told apart by a server that listens on `bind`.
    pub fn mode_on(&self, bind: SocketAddr) -> AuthMode {
        let guarded = self.issuer.is_some() || !bind.ip().is_loopback();
        self.mode.unwrap_or(if guarded { AuthMode::Required } else { AuthMode::Disabled })
    }

    /// The issuer's address and where its keys are, if there is an issuer.
    pub fn endpoints(&self) -> Result<Option<(Endpoint, Option<Endpoint>)>, ConfigError> {
        let parse = |key, text: &str| Endpoint::parse(text).map_err(|reason| wrong(key, reason));
        let Some(issuer) = &self.issuer else {
            let lonely = [
                (!self.audience.is_empty(), "auth.audience"),
                (self.client_id.is_some(), "auth.client_id"),
                (self.jwks_url.is_some(), "auth.jwks_url"),
                (self.ca_file.is_some(), "auth.ca_file"),
            ];
            return match lonely.into_iter().find(|(set, _)| *set) {
                Some((_, key)) => Err(wrong(key, "of no use without auth.issuer")),
                None => Ok(None),
            };
        };
        let issuer = parse("auth.issuer", issuer)?;
        if issuer.url.contains('?') {
            return Err(wrong("auth.issuer", "an issuer's address has no query"));
        }
        let keys = self.jwks_url.as_deref().map(|url| parse("auth.jwks_url", url)).transpose()?;
        Ok(Some((issuer, keys)))
    }

    /// The certificates of `ca_file`.
    pub fn authorities(&self) -> Result<Option<Vec<Certificate<'static>>>, ConfigError> {
        let Some(path) = &self.ca_file else { return Ok(None) };
        let key = "auth.ca_file";
        let pem = std::fs::read(path).map_err(|cause| wrong(key, &format!("{}: {cause}", path.display())))?;
        let mut certificates = Vec::new();
        for item in parse_pem(&pem) {
            match item {
                Ok(PemItem::Certificate(certificate)) => certificates.push(certificate),
                Ok(_) => return Err(wrong(key, "there is something else than certificates in it")),
                Err(_unreadable) => return Err(wrong(key, "not in PEM form")),
            }
        }
        if certificates.is_empty() { Err(wrong(key, "there is no certificate in it")) } else { Ok(Some(certificates)) }
    }

    /// Checks everything but the mode, which depends on the address.
    pub(in crate::config) fn check(&self) -> Result<(), ConfigError> {
        self.decimals()?;
        let with_issuer = self.endpoints()?.is_some();
        self.authorities()?;
        if with_issuer && self.audience.is_empty() {
            return Err(wrong(
                "auth.audience",
                "needed with auth.issuer: tokens that the issuer made for others are refused",
            ));
        }
        if self.audience.iter().any(|audience| !is_name(audience)) {
            return Err(wrong("auth.audience", "each is a text without spaces around it"));
        }
        if self.client_id.as_ref().is_some_and(|client| !is_name(client)) {
            return Err(wrong("auth.client_id", "a text without spaces around it"));
        }
        if !(SHORTEST_TTL..=LONGEST_TTL).contains(&self.jwks_ttl) {
            return Err(wrong("auth.jwks_ttl", "between 1s and 1440m"));
        }
        if self.clock_skew > LARGEST_SKEW {
            return Err(wrong("auth.clock_skew", "at most 10m"));
        }
        for (_, key, groups) in self.roles.all() {
            if groups.iter().any(|group| !is_name(group)) {
                return Err(wrong(key, "each is a group's name without spaces around it"));
            }
        }
        Ok(())
    }

    /// The effective settings, for people.
    pub fn table(&self, bind: SocketAddr) -> Vec<(String, String)> {
        let mut table = Vec::new();
        let mut add = |name: &str, value: String| table.push((name.to_owned(), value));
        let mode = self.mode_on(bind);
        add("auth.mode", if mode == AuthMode::Disabled { "disabled" } else { "required" }.to_owned());
        if mode == AuthMode::Disabled {
            return table;
        }
        add("auth.anonymous", if self.anonymous.is_empty() { "nothing".to_owned() } else { self.anonymous.join(", ") });
        if let Some(decimals) = self.anonymous_decimals {
            add("auth.anonymous_decimals", decimals.to_string());
        }
        add("auth.issuer", self.issuer.clone().unwrap_or_else(|| "none: no tokens are accepted".to_owned()));
        add("auth.key_in_query", self.key_in_query.to_string());
        if self.issuer.is_some() {
            add("auth.audience", self.audience.join(", "));
            add("auth.client_id", self.client_id.clone().unwrap_or_else(|| "the first audience".to_owned()));
            add("auth.jwks_url", self.jwks_url.clone().unwrap_or_else(|| "as the issuer says".to_owned()));
            let authorities = self.ca_file.as_ref().map(|path| path.display().to_string());
            add("auth.ca_file", authorities.unwrap_or_else(|| "none: the authorities that Mozilla trusts".to_owned()));
            add("auth.jwks_ttl", format!("{:?}", self.jwks_ttl));
            add("auth.clock_skew", format!("{:?}", self.clock_skew));
            for (_, key, groups) in self.roles.all() {
                add(key, if groups.is_empty() { "nobody".to_owned() } else { groups.join(", ") });
            }
        }
        table
    }
}

fn wrong(key: &'static str, reason: &str) -> ConfigError {
    ConfigError::Value { key, reason: reason.to_owned() }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.trim() == text && text.len() <= 255 && !text.contains(char::is_control)
}

/// An address that may be asked for keys: `https`, or `http` on this machine. Whoever could change the answer on its way here could
/// make tokens of his own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    url: String,
    secure: bool,
    local: bool,
}

impl Endpoint {
    /// Reads an address, or says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        const NO_URL: &str = "not an address such as https://id.example.org/";
        if text.contains('#') || text.len() > 2048 {
            return Err(NO_URL);
        }
        let uri: Uri = text.parse().map_err(|_unusable| NO_URL)?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else { return Err(NO_URL) };
        if authority.as_str().contains('@') {
            return Err("an address with a name or a password in it");
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']');
        let local = host == "localhost" || host.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback());
        match scheme {
            "https" => Ok(Self { url: text.to_owned(), secure: true, local }),
            "http" if local => Ok(Self { url: text.to_owned(), secure: false, local }),
            "http" => Err("http is for addresses of this machine only: use https"),
            _ => Err(NO_URL),
        }
    }

    /// The address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// True on this machine.
    pub fn is_local(&self) -> bool {
        self.local
    }

    /// True when what this address answers may name `other` as the next to ask: never from `https` to `http`.
    pub fn may_name(&self, other: &Self) -> bool {
        other.secure || !self.secure
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn auth() -> Auth {
        let issuer = Some("https://id.example.org/o/x/".to_owned());
        Auth { issuer, audience: vec!["ocotillo".to_owned()], ..Auth::default() }
    }

    #[test]
    fn the_mode_follows_from_issuer_and_address() {
        let (here, anywhere): (SocketAddr, SocketAddr) =
            ("127.0.0.1:8080".parse().unwrap(), "0.0.0.0:80".parse().unwrap());
        let nobody = Auth::default();
        assert_eq!((nobody.mode_on(here), nobody.mode_on(anywhere)), (AuthMode::Disabled, AuthMode::Required));
        assert_eq!((auth().mode_on(here), auth().mode_on(anywhere)), (AuthMode::Required, AuthMode::Required));
        let disabled = Auth { mode: Some(AuthMode::Disabled), ..auth() };
        assert_eq!((disabled.mode_on(here), disabled.mode_on(anywhere)), (AuthMode::Disabled, AuthMode::Disabled));
    }

    #[test]
    fn what_cannot_work_is_refused_by_name() {
        auth().check().unwrap();
        Auth::default().check().unwrap();
        let text = |text: &str| Some(text.to_owned());
        let mut spaces = auth();
        spaces.roles.lexicon_editor = vec![" Lexicon.Editor".to_owned()];
        let day = Duration::from_secs(86_400);
        for (key, auth) in [
            ("auth.audience", Auth { audience: Vec::new(), ..auth() }),
            ("auth.audience", Auth { audience: vec![String::new()], ..auth() }),
            ("auth.audience", Auth { issuer: None, ..auth() }),
            ("auth.jwks_url", Auth { jwks_url: text("https://id.example.org/jwks"), ..Auth::default() }),
            ("auth.jwks_url", Auth { jwks_url: text("http://id.example.org/jwks"), ..auth() }),
            ("auth.jwks_url", Auth { jwks_url: text("jwks"), ..auth() }),
            ("auth.issuer", Auth { issuer: text(""), ..auth() }),
            ("auth.issuer", Auth { issuer: text("http://id.example.org/"), ..auth() }),
            ("auth.issuer", Auth { issuer: text("https://ana:secret@id.example.org/"), ..auth() }),
            ("auth.issuer", Auth { issuer: text("https://id.example.org/?a=b"), ..auth() }),
            ("auth.issuer", Auth { issuer: text("https://id.example.org/#a"), ..auth() }),
            ("auth.issuer", Auth { issuer: text("ftp://id.example.org/"), ..auth() }),
            ("auth.issuer", Auth { issuer: text("http://127.0.0.1.example.org/"), ..auth() }),
            ("auth.issuer", Auth { issuer: text("http://localhost@example.org/"), ..auth() }),
            ("auth.ca_file", Auth { ca_file: Some("/nowhere/ca.pem".into()), ..auth() }),
            ("auth.ca_file", Auth { ca_file: Some("/dev/null".into()), ..auth() }),
            ("auth.ca_file", Auth { ca_file: Some("tests/fixtures/tls/server.key".into()), ..auth() }),
            ("auth.ca_file", Auth { ca_file: Some("tests/fixtures/tls/other.pem".into()), ..Auth::default() }),
            ("auth.jwks_ttl", Auth { jwks_ttl: Duration::from_millis(999), ..auth() }),
            ("auth.jwks_ttl", Auth { jwks_ttl: day * 2, ..auth() }),
            ("auth.clock_skew", Auth { clock_skew: day, ..auth() }),
            ("auth.roles.lexicon_editor", spaces),
        ] {
            let refused = auth.check().unwrap_err().to_string();
            assert!(refused.starts_with(key) && !refused.contains("secret"), "{key}: {refused}");
        }
        for local in ["http://localhost:9000/o/", "http://127.0.0.1:1", "http://[::1]:9000/x"] {
            Auth { issuer: text(local), ..auth() }.check().unwrap();
        }
    }

    #[test]
    fn what_is_fetched_safely_leads_nowhere_unsafe() {
        let endpoint = |text: &str| Endpoint::parse(text).unwrap();
        let (far, near) = (endpoint("https://id.example.org/"), endpoint("http://localhost/"));
        assert!(far.may_name(&far) && near.may_name(&near) && near.may_name(&far) && !far.may_name(&near));
    }
}
