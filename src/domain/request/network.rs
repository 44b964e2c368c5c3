//! Networks, as the configuration names them.

use std::net::IpAddr;
use std::str::FromStr;

/// Some neighbouring addresses: `192.0.2.0/24`, or a single one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u32,
}

/// A text that names no network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("neither an address nor a network")]
pub struct NoNetwork;

impl FromStr for Network {
    type Err = NoNetwork;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_unreadable| NoNetwork)?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(most), |bits| bits.parse().map_err(|_unreadable| NoNetwork))?;
        if bits <= most { Ok(Self { address, bits }) } else { Err(NoNetwork) }
    }
}

impl Network {
    /// True for its addresses.
    pub fn holds(&self, address: IpAddr) -> bool {
        let same = |own: u128, other: u128, width: u32| {
            let unlike = width - self.bits;
            unlike >= width || own >> unlike == other >> unlike
        };
        match (self.address, address) {
            (IpAddr::V4(own), IpAddr::V4(other)) => same(own.to_bits().into(), other.to_bits().into(), 32),
            (IpAddr::V6(own), IpAddr::V6(other)) => same(own.to_bits(), other.to_bits(), 128),
            _ => false,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn networks() {
        for wrong in ["", "10.0.0.0/33", "10.0.0", "::1/129", "10.0.0.0/", "10.0.0.0/-1", "example.org"] {
            assert!(wrong.parse::<Network>().is_err(), "{wrong}");
        }
        let holds = |network: &str, address: &str| network.parse::<Network>().unwrap().holds(address.parse().unwrap());
        assert!(holds("2001:db8::/32", "2001:db8:1::1") && !holds("2001:db8::/32", "2001:db9::1"));
        assert!(holds("192.0.2.128/25", "192.0.2.200") && !holds("192.0.2.128/25", "192.0.2.100"));
        assert!(!holds("::/0", "192.0.2.1"));
    }
}
