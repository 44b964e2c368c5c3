//! From which address a request comes: the connection's, or, where that is a proxy's that is trusted, the one that the proxy names.

use std::net::IpAddr;

use actix_web::dev::ServiceRequest;
use actix_web::http::header::HeaderMap;

use crate::domain::request::network::Network;

/// Where a request comes from. `trusted` are the proxies whose word is taken.
pub fn address(request: &ServiceRequest, trusted: &[Network]) -> IpAddr {
    // Over anything but TCP there is no address; such callers share one.
    let peer = request.peer_addr().map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.ip().to_canonical());
    behind(peer, request.headers(), trusted)
}

/// The last address in `X-Forwarded-For` that is no trusted proxy's: what stands before it, anybody may have written.
fn behind(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.holds(address));
    if !is_trusted(peer) {
        return peer;
    }
    let lines = headers.get_all("x-forwarded-for");
    // One that cannot be read says nothing of the others in its line.
    let named: Vec<Option<&str>> = lines
        .flat_map(|line| line.as_bytes().split(|byte| *byte == b','))
        .map(|name| std::str::from_utf8(name).ok())
        .collect();
    let mut client = peer;
    for name in named.into_iter().rev() {
        let Some(address) = name.and_then(|name| parse(name.trim())) else { break };
        client = address;
        if !is_trusted(address) {
            break;
        }
    }
    client
}

/// An address, perhaps with a port.
fn parse(name: &str) -> Option<IpAddr> {
    let address = name.parse::<std::net::SocketAddr>().map(|address| address.ip());
    let address = address.or_else(|_| name.trim_start_matches('[').trim_end_matches(']').parse());
    address.ok().map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn from(peer: &str, trusted: &[&str], forwarded: &[&str]) -> String {
        let trusted: Vec<Network> = trusted.iter().map(|network| network.parse().unwrap()).collect();
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers
                .append(HeaderName::from_static("x-forwarded-for"), HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        behind(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        assert_eq!(from("198.51.100.1", &[], &["192.0.2.1"]), "198.51.100.1");
        assert_eq!(from("198.51.100.1", &["10.0.0.0/8"], &["192.0.2.1"]), "198.51.100.1");
        assert_eq!(from("10.1.2.3", &["10.0.0.0/8"], &["192.0.2.1"]), "192.0.2.1");
        assert_eq!(from("10.1.2.3", &["10.0.0.0/8"], &["203.0.113.9, 192.0.2.1"]), "192.0.2.1", "who wrote the first?");
        assert_eq!(from("10.1.2.3", &["10.0.0.0/8"], &["203.0.113.9, 192.0.2.1, 10.9.9.9"]), "192.0.2.1");
        assert_eq!(from("10.1.2.3", &["10.0.0.0/8"], &["192.0.2.1", "10.9.9.9"]), "192.0.2.1");
        assert_eq!(from("10.1.2.3", &["10.0.0.0/8"], &[]), "10.1.2.3");
        assert_eq!(from("10.1.2.3", &["10.0.0.0/8"], &["unknown, 10.9.9.9"]), "10.9.9.9");
        assert_eq!(from("10.1.2.3", &["10.0.0.0/8"], &["\u{ff}, 192.0.2.1"]), "192.0.2.1", "not all of it is text");
        assert_eq!(from("10.1.2.3", &["10.0.0.0/8"], &["203.0.113.9", "\u{ff}, 192.0.2.1"]), "192.0.2.1");
        assert_eq!(from("10.1.2.3", &["10.1.2.3"], &["[2001:db8::1]:443"]), "2001:db8::1");
        assert_eq!(from("::1", &["::1"], &["192.0.2.1:5000"]), "192.0.2.1");
        assert_eq!(from("10.1.2.3", &["0.0.0.0/0"], &["192.0.2.1"]), "192.0.2.1");
    }
}
