//! Which sites' pages may use this server from a browser, and under which names it answers.
//!
//! A browser sends what any page tells it to, also to addresses that only this machine reaches. As long as nobody has to prove who
//! he is, that would let every page on the web read and write here. So the page's origin must be on this machine or configured,
//! and so must the name that the server is called by (a foreign name may be made to lead here after the page was loaded).

use std::net::IpAddr;

use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, HOST, HeaderMap, HeaderValue, ORIGIN, VARY,
};
use actix_web::http::{Method, StatusCode, Uri};

/// Answers' headers that a page may read besides the harmless ones.
const EXPOSED: &str = "etag, idempotency-replayed, link, location, retry-after, server-timing, x-request-id";

/// Who may use the server from other sites.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrossSite {
    origins: Origins,
    /// Names that the server answers to; `None` means any.
    hosts: Option<Vec<String>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Origins {
    /// Any page.
    Any,
    /// Those listed, and perhaps those of this machine.
    Listed { listed: Vec<String>, loopback: bool },
}

/// A request that is refused for where it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Foreign {
    /// The server is called by a name that is not its own: 421.
    #[error("This server does not answer to that host name (server.allowed_hosts)")]
    Host,
    /// A page of another site wants to write: 403.
    #[error("Pages of that origin may not use this server (server.allowed_origins)")]
    Origin,
}

impl Foreign {
    /// The status that says so.
    pub fn status(self) -> StatusCode {
        match self {
            Self::Host => StatusCode::MISDIRECTED_REQUEST,
            Self::Origin => StatusCode::FORBIDDEN,
        }
    }
}

/// What the headers of an answer say about other sites.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cors {
    allowed: Option<HeaderValue>,
    /// The answer would be another one for another origin.
    varies: bool,
}

impl CrossSite {
    /// Nobody has to prove who he is: only pages and names of this machine, and those listed.
    pub fn guarded(origins: &[String], hosts: &[String]) -> Self {
        Self { origins: Origins::Listed { listed: lower(origins), loopback: true }, hosts: Some(lower(hosts)) }
    }

    /// Callers prove who they are by a header that a browser never adds of its own accord: any page and any name, or those
    /// listed.
    pub fn proven(origins: &[String], hosts: &[String]) -> Self {
        let listed = Origins::Listed { listed: lower(origins), loopback: false };
        Self {
            origins: if origins.is_empty() { Origins::Any } else { listed },
            hosts: (!hosts.is_empty()).then(|| lower(hosts)),
        }
    }

    /// Looks at a request; gives what its answer says about other sites.
    pub fn check(&self, method: &Method, uri: &Uri, headers: &HeaderMap) -> Result<Cors, Foreign> {
        let named = uri.authority().map(|authority| authority.as_str().to_owned());
        let mut hosts = headers.get_all(HOST).map(|host| host.to_str().map(str::to_owned)).chain(named.map(Ok));
        if !hosts.all(|host| host.is_ok_and(|host| self.answers_to(&host))) {
            return Err(Foreign::Host);
        }
        let writes = ![Method::GET, Method::HEAD, Method::OPTIONS].contains(method);
        let varies = self.origins != Origins::Any;
        let Some(origin) = headers.get(ORIGIN) else {
            let foreign = headers.get("sec-fetch-site").is_some_and(|site| {
                ["cross-site", "same-site"]
                    .iter()
                    .any(|foreign| site.as_bytes().eq_ignore_ascii_case(foreign.as_bytes()))
            });
            return if varies && writes && foreign { Err(Foreign::Origin) } else { Ok(Cors { allowed: None, varies }) };
        };
        let allowed = match &self.origins {
            Origins::Any => Some(HeaderValue::from_static("*")),
            Origins::Listed { .. } => self.may(origin, headers).then(|| origin.clone()),
        };
        // A preflight asks for permission to do more than to read.
        let asks = *method == Method::OPTIONS && headers.contains_key("access-control-request-method");
        if (writes || asks) && allowed.is_none() { Err(Foreign::Origin) } else { Ok(Cors { allowed, varies }) }
    }

    fn answers_to(&self, host: &str) -> bool {
        let Some(allowed) = &self.hosts else { return true };
        let host = host.to_ascii_lowercase();
        let name = without_port(&host);
        is_loopback(name) || allowed.iter().any(|allowed| *allowed == host || allowed == name)
    }

    fn may(&self, origin: &HeaderValue, headers: &HeaderMap) -> bool {
        let Origins::Listed { listed, loopback } = &self.origins else { return true };
        let Ok(origin) = origin.to_str() else { return false };
        let origin = origin.to_ascii_lowercase();
        let Some((scheme, authority)) = origin.split_once("://") else { return false };
        // A page of this very server; its name has been looked at.
        let own = headers.get(HOST).is_some_and(|host| host.as_bytes().eq_ignore_ascii_case(authority.as_bytes()));
        let here = *loopback && ["http", "https"].contains(&scheme) && is_loopback(without_port(authority));
        own || here || listed.contains(&origin)
    }
}

impl Cors {
    /// True when the page that asks may go on.
    pub fn allows(&self) -> bool {
        self.allowed.is_some()
    }

    /// Writes the headers.
    pub fn write(&self, headers: &mut HeaderMap) {
        if self.varies {
            // In one header with what else it depends on.
            let others = headers.get(VARY).and_then(|others| others.to_str().ok());
            let all = others.map_or_else(|| "origin".to_owned(), |others| format!("{others}, origin"));
            if let Ok(all) = HeaderValue::from_str(&all) {
                headers.insert(VARY, all);
            }
        }
        if let Some(allowed) = &self.allowed {
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, allowed.clone());
            headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
        }
    }
}

fn lower(names: &[String]) -> Vec<String> {
    names.iter().map(|name| name.trim_end_matches('/').to_ascii_lowercase()).collect()
}

/// The name in `name:port`, `[address]:port`.
fn without_port(authority: &str) -> &str {
    if let Some(rest) = authority.strip_prefix('[') {
        return match rest.split_once(']') {
            Some((address, after)) if after.is_empty() || is_port(after) => address,
            _ => "",
        };
    }
    match authority.rfind(':') {
        Some(colon) if authority.get(colon..).is_some_and(is_port) => authority.get(..colon).unwrap_or(""),
        Some(_) => "",
        None => authority,
    }
}

fn is_port(text: &str) -> bool {
    text.strip_prefix(':').is_some_and(|port| port.bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_loopback(name: &str) -> bool {
    name == "localhost"
        || name.ends_with(".localhost")
        || name.parse::<IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn check(policy: &CrossSite, method: &str, headers: &[(&str, &str)]) -> Result<Cors, Foreign> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(name.parse().unwrap(), HeaderValue::from_str(value).unwrap());
        }
        policy.check(&method.parse().unwrap(), &Uri::from_static("/location"), &map)
    }

    #[test]
    fn names_of_this_machine_and_configured_ones() {
        let policy = CrossSite::guarded(&[], &["data.example.org".into(), "other.example.org:8443".into()]);
        for host in [
            "localhost",
            "LOCALHOST:8080",
            "a.localhost:1",
            "127.0.0.1",
            "127.9.9.9:80",
            "[::1]:8080",
            "[::1]",
            "Data.Example.org",
            "data.example.org:99",
            "other.example.org:8443",
        ] {
            assert!(check(&policy, "GET", &[("host", host)]).is_ok(), "{host}");
        }
        for host in [
            "evil.example",
            "evil.example:8080",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "",
            "0.0.0.0",
            "other.example.org",
            "localhost:80:evil",
            "[::1]evil",
            "192.168.0.1",
            "localhost@evil.example",
        ] {
            assert_eq!(check(&policy, "GET", &[("host", host)]), Err(Foreign::Host), "{host}");
        }
        let both = [("host", "localhost"), ("host", "evil.example")];
        assert_eq!(check(&policy, "GET", &both), Err(Foreign::Host));
        let anybody = CrossSite::proven(&[], &[]);
        assert!(check(&anybody, "GET", &[("host", "evil.example")]).is_ok());
        assert!(check(&CrossSite::proven(&[], &["a.example".into()]), "GET", &[("host", "b.example")]).is_err());
    }

    #[test]
    fn pages_of_this_machine_and_configured_ones() {
        let policy = CrossSite::guarded(&["https://ui.example.org/".into()], &["data.example.org".into()]);
        let host = ("host", "data.example.org");
        for origin in [
            "http://localhost:3000",
            "https://127.0.0.1",
            "http://[::1]:5173",
            "https://UI.example.org",
            "https://data.example.org",
        ] {
            let cors = check(&policy, "POST", &[host, ("origin", origin), ("sec-fetch-site", "cross-site")]).unwrap();
            assert_eq!(cors.allowed.unwrap(), origin);
        }
        for origin in [
            "https://evil.example",
            "http://ui.example.org",
            "null",
            "https://localhost.evil.example",
            "file://localhost",
            "https://ui.example.org.evil.example",
            "http://localhost:3000/x",
            "",
        ] {
            assert_eq!(check(&policy, "POST", &[host, ("origin", origin)]), Err(Foreign::Origin), "{origin}");
            assert!(!check(&policy, "GET", &[host, ("origin", origin)]).unwrap().allows(), "{origin}");
            let asks = [host, ("origin", origin), ("access-control-request-method", "GET")];
            assert_eq!(check(&policy, "OPTIONS", &asks), Err(Foreign::Origin), "{origin}");
        }
        for (site, fine) in [("cross-site", false), ("same-site", false), ("same-origin", true), ("none", true)] {
            assert_eq!(check(&policy, "DELETE", &[host, ("sec-fetch-site", site)]).is_ok(), fine, "{site}");
            assert!(check(&policy, "GET", &[host, ("sec-fetch-site", site)]).is_ok(), "{site}");
        }
        assert!(check(&policy, "POST", &[host]).is_ok(), "no browser");
    }

    #[test]
    fn who_proves_himself_may_come_from_anywhere() {
        let evil = [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")];
        assert_eq!(check(&CrossSite::proven(&[], &[]), "POST", &evil).unwrap().allowed.unwrap(), "*");
        assert!(check(&CrossSite::proven(&[], &[]), "POST", &evil[1..]).is_ok());
        let listed = CrossSite::proven(&["https://ui.example.org".into()], &[]);
        assert!(check(&listed, "POST", &evil).is_err());
        assert!(check(&listed, "POST", &[("origin", "http://localhost:3000")]).is_err());
        assert!(check(&listed, "POST", &[("origin", "https://ui.example.org")]).is_ok());
    }
}
