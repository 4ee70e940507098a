use crate::codec::serde_as_text;
use borsh::{BorshDeserialize, BorshSerialize, io};
use core::{
    fmt,
    net::{IpAddr, Ipv6Addr},
    str::FromStr,
};
use serde::{Deserialize, Serialize};

/// Names one connection; the driver never uses a number twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PeerId(pub u64);

/// Who opened a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Direction {
    /// The other side.
    Inbound,
    /// This node.
    Outbound,
}

/// Longest peer address in bytes.
pub const MAX_ADDRESS_BYTES: usize = 256;

/// Where a node accepts connections: a WebSocket URL such as `ws://127.0.0.1:5000/ws`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize)]
pub struct PeerAddress(String);

/// Addresses that somebody is likely to have many of at once: the same first 16 bits of IPv4, the
/// same first 32 of IPv6, or the same name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NetworkGroup {
    /// IPv4.
    V4([u8; 2]),
    /// IPv6.
    V6([u16; 2]),
    /// A host's name.
    Name(String),
}

/// The address that stands for all that one customer of a network is likely to have: an IPv4 address
/// itself, of an IPv6 address its /64.
#[must_use]
pub fn subscriber(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V6(ip) => IpAddr::V6(Ipv6Addr::from_bits(ip.to_bits() >> 64 << 64)),
        ip @ IpAddr::V4(_) => ip,
    }
}

/// A text is no peer address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PeerAddressError {
    /// Neither `HOST:PORT` nor a WebSocket URL.
    #[error("`{0}` is not a peer: write HOST:PORT or ws://HOST:PORT/ws")]
    Form(String),
    /// The port is not 1 to 65535.
    #[error("`{0}`: the port must be a number from 1 to 65535")]
    Port(String),
    /// Above [`MAX_ADDRESS_BYTES`].
    #[error("a peer address of {0} bytes, at most {MAX_ADDRESS_BYTES} are allowed")]
    TooLong(usize),
}

impl PeerAddress {
    /// The URL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether connections there are encrypted.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.0.starts_with("wss://")
    }

    /// The part of the network that it is in.
    #[must_use]
    pub fn group(&self) -> NetworkGroup {
        match self.ip() {
            Some(IpAddr::V4(ip)) => NetworkGroup::V4([ip.octets()[0], ip.octets()[1]]),
            Some(IpAddr::V6(ip)) => NetworkGroup::V6([ip.segments()[0], ip.segments()[1]]),
            None => NetworkGroup::Name(self.host().into()),
        }
    }

    /// The host as an IP address, unless it is a name.
    #[must_use]
    pub fn ip(&self) -> Option<IpAddr> {
        self.host().parse::<IpAddr>().ok().map(|ip| ip.to_canonical())
    }

    fn host(&self) -> &str {
        let authority = self.0.split_once("://").map_or(self.0.as_str(), |(_, rest)| rest);
        let authority = authority.split_once('/').map_or(authority, |(authority, _)| authority);
        let host = authority.rsplit_once(':').filter(|(host, _)| !host.ends_with(':'));
        host.map_or(authority, |(host, _)| host).trim_start_matches('[').trim_end_matches(']')
    }
}

impl FromStr for PeerAddress {
    type Err = PeerAddressError;

    /// Reads `HOST:PORT` (then `/ws` over plain WebSocket is meant), or a `ws://` or `wss://` URL.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        if text.len() > MAX_ADDRESS_BYTES {
            return Err(PeerAddressError::TooLong(text.len()));
        }
        let form = || PeerAddressError::Form(text.chars().take(80).collect());
        if !text.chars().all(|c| c.is_ascii_graphic()) {
            return Err(form());
        }
        let (scheme, rest) = match text.split_once("://") {
            Some((scheme @ ("ws" | "wss"), rest)) => (Some(scheme), rest),
            Some(_) => return Err(form()),
            None => (None, text),
        };
        let (authority, path) = rest.split_once('/').map_or((rest, None), |(a, p)| (a, Some(p)));
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !host.ends_with(':') => (host, Some(port)),
            _ => (authority, None),
        };
        if host.is_empty() || host.contains('@') || (port.is_none() && scheme.is_none()) {
            return Err(form());
        }
        if let Some(port) = port {
            let valid = port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|p| p != 0);
            if !valid {
                return Err(PeerAddressError::Port(text.chars().take(80).collect()));
            }
        }
        match (scheme, path) {
            (None, None) => Ok(Self(format!("ws://{text}/ws"))),
            (None, Some(_)) => Err(form()),
            (Some(_), _) => Ok(Self(text.into())),
        }
    }
}

impl BorshDeserialize for PeerAddress {
    /// Reads no more than [`MAX_ADDRESS_BYTES`] and accepts only what `FromStr` leaves unchanged.
    fn deserialize_reader<R: io::Read>(reader: &mut R) -> io::Result<Self> {
        let invalid = |e: String| io::Error::new(io::ErrorKind::InvalidData, e);
        let text = String::deserialize_reader(reader)?;
        let address: Self = text.parse().map_err(|e: PeerAddressError| invalid(e.to_string()))?;
        if address.0 == text { Ok(address) } else { Err(invalid("a peer address must be a whole URL".into())) }
    }
}

impl fmt::Display for PeerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for PeerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

serde_as_text!(PeerAddress);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_long_forms() {
        let url = |text: &str| text.parse::<PeerAddress>().unwrap().to_string();
        assert_eq!(url("127.0.0.1:5000"), "ws://127.0.0.1:5000/ws");
        assert_eq!(url("[::1]:5000"), "ws://[::1]:5000/ws");
        assert_eq!(url("wss://relay.example/ws"), "wss://relay.example/ws");
        assert_eq!(url(&url("relay.example:80")), "ws://relay.example:80/ws");
    }

    #[test]
    fn neighbours_in_the_network_are_in_one_group() {
        let group = |text: &str| text.parse::<PeerAddress>().unwrap().group();
        assert_eq!(group("10.1.2.3:5000"), NetworkGroup::V4([10, 1]));
        assert_eq!(group("[::ffff:10.1.9.9]:80"), NetworkGroup::V4([10, 1]));
        assert_eq!(group("ws://[2001:db8:7::1]:80/ws"), NetworkGroup::V6([0x2001, 0xdb8]));
        assert_eq!(group("ws://[2001:db8:7::1]/ws"), NetworkGroup::V6([0x2001, 0xdb8]));
        assert_eq!(group("wss://relay.example/ws"), NetworkGroup::Name("relay.example".into()));
        assert_eq!(group("relay.example:80"), group("wss://relay.example/other"));
    }

    #[test]
    fn each_bad_text_has_its_error() {
        for text in ["", "localhost", "http://a:1/ws", ":5000", "ws://", "a:1/x", "ws://u@h:1/ws", "a b:1", "ä:1"] {
            assert!(matches!(text.parse::<PeerAddress>(), Err(PeerAddressError::Form(_))), "{text}");
        }
        for text in ["a:0", "a:65536", "a:x", "ws://a:/ws", "a:+1"] {
            assert!(matches!(text.parse::<PeerAddress>(), Err(PeerAddressError::Port(_))), "{text}");
        }
        let long = format!("{}:1", "a".repeat(300));
        assert_eq!(long.parse::<PeerAddress>(), Err(PeerAddressError::TooLong(302)));
        let short_form = codec_of("127.0.0.1:5000");
        assert!(borsh::from_slice::<PeerAddress>(&short_form).is_err());
    }

    fn codec_of(text: &str) -> Vec<u8> {
        borsh::to_vec(text).unwrap()
    }
}
