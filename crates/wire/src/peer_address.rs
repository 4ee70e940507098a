use borsh::{BorshDeserialize, BorshSerialize, io};
use core::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    str::FromStr,
};
use fedcoin_primitives::codec::serde_as_text;

/// Maximum size in bytes of a peer address (rule W7).
pub const MAX_ADDRESS_BYTES: usize = 256;

/// An address where a node accepts connections: a WebSocket URL such as `ws://127.0.0.1:5000/ws`, whose path is always
/// `/ws` (rule W7). A host has one form: an IP address its canonical form, a name lower case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize)]
pub struct PeerAddress(String);

/// A group of addresses that one operator may control together: the same first 16 bits of IPv4, the same first 32 of
/// IPv6, or the same name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NetworkGroup {
    /// IPv4.
    V4([u8; 2]),
    /// IPv6.
    V6([u16; 2]),
    /// A host's name.
    Name(String),
}

/// From how far away an address can be reached, in rising order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// From the same machine.
    Machine,
    /// From the same private network.
    Lan,
    /// From anywhere.
    World,
}

/// The address that represents one customer of a network: an IPv4 address itself, or the /64 of an IPv6 address.
#[must_use]
pub fn subscriber(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V6(ip) => IpAddr::V6(Ipv6Addr::from_bits(ip.to_bits() >> 64 << 64)),
        ip @ IpAddr::V4(_) => ip,
    }
}

/// A text is not a peer address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PeerAddressError {
    /// Neither `HOST:PORT` nor a WebSocket URL.
    #[error("`{0}` is not a peer: write HOST:PORT or ws://HOST:PORT/ws")]
    Form(String),
    /// A host that is neither a name nor an IP address.
    #[error("`{0}`: the host must be a name, an IPv4 address, or an IPv6 address in brackets, as in [::1]:5000")]
    Host(String),
    /// A path other than `/ws`.
    #[error("`{0}`: the path must be /ws, where nodes listen")]
    Path(String),
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

    /// The address's network group.
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

    /// From how far away the address can be reached, or `None` if nobody can listen there, as at a multicast address. A
    /// name is judged by common usage.
    #[must_use]
    pub fn reach(&self) -> Option<Reach> {
        match self.ip() {
            Some(IpAddr::V4(ip)) => reach_of_v4(ip),
            Some(IpAddr::V6(ip)) => reach_of_v6(ip),
            None => Some(reach_of_name(self.host())),
        }
    }

    /// Whether a name learnt from a peer may resolve to this address. A public name must not lead into a private
    /// network or to this machine.
    #[must_use]
    pub fn may_stand_for(&self, found: SocketAddr) -> bool {
        let found = Self::from(found).reach();
        found.is_some() && found >= self.reach()
    }

    fn host(&self) -> &str {
        let authority = self.0.split_once("://").map_or(self.0.as_str(), |(_, rest)| rest);
        let authority = authority.split_once('/').map_or(authority, |(authority, _)| authority);
        split_port(authority).0.trim_start_matches('[').trim_end_matches(']')
    }
}

/// Splits host and port.
fn split_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    }
}

/// The canonical form of a host.
fn canonical_host(host: &str) -> Option<String> {
    if let Some(ip) = host.strip_prefix('[') {
        let ip: Ipv6Addr = ip.strip_suffix(']')?.parse().ok()?;
        return Some(match ip.to_canonical() {
            IpAddr::V4(ip) => ip.to_string(),
            IpAddr::V6(ip) => format!("[{ip}]"),
        });
    }
    let name = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
    let letters =
        |label: &str| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if !name.split('.').all(letters) {
        return None;
    }
    // A resolver would read a name that ends in a number as an IPv4 address.
    let last = name.rsplit('.').next()?;
    let numeric = last.bytes().all(|b| b.is_ascii_digit())
        || last.strip_prefix("0x").is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
    if numeric { Some(spelt_ipv4(&name)?.to_string()) } else { Some(name) }
}

/// Reads an IPv4 address of one to four numbers, each decimal, octal (`0...`) or hexadecimal (`0x...`). The last number
/// fills the remaining bytes.
fn spelt_ipv4(text: &str) -> Option<Ipv4Addr> {
    let number = |part: &str| match part.strip_prefix("0x") {
        Some("") => Some(0),
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None if part.len() > 1 && part.starts_with('0') => u64::from_str_radix(part, 8).ok(),
        None => part.parse().ok(),
    };
    let parts = text.split('.').map(number).collect::<Option<Vec<u64>>>()?;
    let (last, bytes) = parts.split_last()?;
    let left = 4_usize.checked_sub(bytes.len()).filter(|left| *left > 0)?;
    if bytes.iter().any(|byte| *byte > 255) || *last >> (8 * left) != 0 {
        return None;
    }
    let high = bytes.iter().fold(0, |high, byte| high << 8 | byte);
    Some(Ipv4Addr::from_bits(u32::try_from(high << (8 * left) | last).ok()?))
}

fn reach_of_v4(ip: Ipv4Addr) -> Option<Reach> {
    let [a, b, c, _] = ip.octets();
    match (a, b, c) {
        (127, ..) => Some(Reach::Machine),
        (100, 64..128, _) => Some(Reach::Lan), // behind a provider's translation
        // This network, protocol assignments, benchmarks, multicast and reserved ranges.
        (0, ..) | (192, 0, 0) | (198, 18..20, _) | (224.., ..) => None,
        _ if ip.is_documentation() => None,
        _ if ip.is_private() || ip.is_link_local() => Some(Reach::Lan),
        _ => Some(Reach::World),
    }
}

fn reach_of_v6(ip: Ipv6Addr) -> Option<Reach> {
    let [a, b, c, .., g, h] = ip.segments();
    let v4 = |high: u16, low: u16| reach_of_v4(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)));
    match a {
        _ if ip.is_loopback() => Some(Reach::Machine),
        _ if ip.is_unique_local() => Some(Reach::Lan),
        // An IPv4 address inside a translation or tunnel prefix.
        0x0064 if b == 0xff9b => v4(g, h),
        0x2002 => v4(b, c),
        // Protocol assignments, including Teredo, and documentation.
        0x2001 if b < 0x0200 || b == 0x0db8 => None,
        0x3fff if b < 0x1000 => None,
        0x2000..0x4000 => Some(Reach::World),
        // Multicast, link-local and reserved ranges.
        _ => None,
    }
}

fn reach_of_name(name: &str) -> Reach {
    match name.rsplit_once('.').map_or(name, |(_, last)| last) {
        "localhost" => Reach::Machine,
        "local" | "internal" | "lan" | "home" | "corp" | "arpa" => Reach::Lan,
        last if last == name => Reach::Lan,
        _ => Reach::World,
    }
}

impl From<SocketAddr> for PeerAddress {
    fn from(address: SocketAddr) -> Self {
        let address = SocketAddr::new(address.ip().to_canonical(), address.port());
        Self(format!("ws://{address}/ws"))
    }
}

impl FromStr for PeerAddress {
    type Err = PeerAddressError;

    /// Reads `HOST:PORT`, which means plain WebSocket, or a `ws://` or `wss://` URL.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        if text.len() > MAX_ADDRESS_BYTES {
            return Err(PeerAddressError::TooLong(text.len()));
        }
        let shown = || text.chars().take(80).collect::<String>();
        let form = || PeerAddressError::Form(shown());
        if !text.chars().all(|c| c.is_ascii_graphic()) {
            return Err(form());
        }
        let (scheme, rest) = match text.split_once("://") {
            Some((scheme, rest)) => (Some(scheme.to_ascii_lowercase()), rest),
            None => (None, text),
        };
        if !matches!(scheme.as_deref(), None | Some("ws" | "wss")) {
            return Err(form());
        }
        let (authority, path) = rest.split_once('/').map_or((rest, ""), |(authority, path)| (authority, path));
        let (host, port) = split_port(authority);
        if host.is_empty() || host.contains('@') || (port.is_none() && scheme.is_none()) {
            return Err(form());
        }
        if !matches!(path, "" | "ws") {
            return Err(PeerAddressError::Path(shown()));
        }
        let host = canonical_host(host).ok_or_else(|| PeerAddressError::Host(shown()))?;
        let scheme = scheme.as_deref().unwrap_or("ws");
        let Some(port) = port else { return Ok(Self(format!("{scheme}://{host}/ws"))) };
        let digits = port.bytes().all(|b| b.is_ascii_digit());
        match port.parse::<u16>() {
            Ok(port @ 1..) if digits => Ok(Self(format!("{scheme}://{host}:{port}/ws"))),
            _ => Err(PeerAddressError::Port(shown())),
        }
    }
}

impl BorshDeserialize for PeerAddress {
    /// Reads at most [`MAX_ADDRESS_BYTES`] and accepts only canonical addresses.
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

serde_as_text!(PeerAddress);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_long_forms_are_read() {
        let url = |text: &str| text.parse::<PeerAddress>().unwrap().to_string();
        assert_eq!(url("127.0.0.1:5000"), "ws://127.0.0.1:5000/ws");
        assert_eq!(url("[::1]:5000"), "ws://[::1]:5000/ws");
        assert_eq!(url("wss://relay.example/ws"), "wss://relay.example/ws");
        assert_eq!(url(&url("relay.example:80")), "ws://relay.example:80/ws");
    }

    #[test]
    fn an_ip_address_has_one_canonical_form() {
        let url = |text: &str| text.parse::<PeerAddress>().unwrap().to_string();
        for text in [
            "127.1:80",
            "2130706433:80",
            "0177.0.0.1:80",
            "0x7f.0.0.1:80",
            "0X7F000001:80",
            "127.0.1:080",
            "127.0.0.1.:80",
            "[::ffff:127.0.0.1]:80",
            "[::ffff:7f00:1]:80",
            "WS://127.0.0.1:80",
            "ws://127.0.0.1:80/",
        ] {
            assert_eq!(url(text), "ws://127.0.0.1:80/ws", "{text}");
        }
        assert_eq!(url("[2001:DB8:0:0::1]:80"), "ws://[2001:db8::1]:80/ws");
        assert_eq!(url("wss://Relay.Example./ws"), "wss://relay.example/ws");
        for text in ["256.1:80", "1.2.3.4.5:80", "127.0.0.08:80", "4294967296:80", "1..2:80", "a.1:80", "0x1g.0x1:80"] {
            assert!(matches!(text.parse::<PeerAddress>(), Err(PeerAddressError::Host(_))), "{text}");
        }
        let guest = "[::ffff:10.1.2.3]:80".parse::<SocketAddr>().unwrap();
        assert_eq!(PeerAddress::from(guest), "10.1.2.3:80".parse().unwrap());
    }

    #[test]
    fn addresses_have_their_reach() {
        for (reach, hosts) in [
            (Some(Reach::Machine), &["127.0.0.1", "127.9.9.9", "2130706433", "[::1]", "localhost", "a.LOCALHOST."][..]),
            (Some(Reach::Lan), &["10.0.0.1", "172.16.0.1", "172.31.9.9", "192.168.1.1", "169.254.1.1", "100.64.0.1"]),
            (
                Some(Reach::Lan),
                &["0300.0250.1", "[::ffff:10.0.0.1]", "[fd00::1]", "printer", "nas.local", "a.internal"],
            ),
            (Some(Reach::Lan), &["[64:ff9b::10.0.0.1]", "[2002:a00:1::1]"]),
            (
                Some(Reach::World),
                &["8.8.8.8", "172.32.0.1", "100.128.0.1", "[2600::1]", "[2002:808:808::1]", "a.example"],
            ),
            (None, &["0.0.0.0", "224.0.0.1", "239.1.1.1", "255.255.255.255", "240.0.0.1", "192.0.2.1", "198.18.0.1"]),
            (None, &["[::]", "[ff02::1]", "[fe80::1]", "[fec0::1]", "[2001:db8::1]", "[::7f00:1]", "[2001::1]"]),
        ] {
            for host in hosts {
                assert_eq!(format!("{host}:80").parse::<PeerAddress>().unwrap().reach(), reach, "{host}");
            }
        }
    }

    #[test]
    fn nearby_addresses_are_in_one_group() {
        let group = |text: &str| text.parse::<PeerAddress>().unwrap().group();
        assert_eq!(group("10.1.2.3:5000"), NetworkGroup::V4([10, 1]));
        assert_eq!(group("[::ffff:10.1.9.9]:80"), NetworkGroup::V4([10, 1]));
        assert_eq!(group("ws://[2001:db8:7::1]:80/ws"), NetworkGroup::V6([0x2001, 0xdb8]));
        assert_eq!(group("ws://[2001:db8:7::1]/ws"), NetworkGroup::V6([0x2001, 0xdb8]));
        assert_eq!(group("wss://relay.example/ws"), NetworkGroup::Name("relay.example".into()));
        assert_eq!(group("relay.example:80"), group("wss://relay.example/ws"));
    }

    #[test]
    fn a_name_may_not_resolve_closer_than_it_seems() {
        let leads = |name: &str, to: &str| {
            name.parse::<PeerAddress>().unwrap().may_stand_for(format!("{to}:80").parse().unwrap())
        };
        for to in ["8.8.8.8", "[2600::1]"] {
            assert!(leads("relay.example:80", to) && leads("printer:80", to) && leads("localhost:80", to), "{to}");
        }
        assert!(!leads("relay.example:80", "10.0.0.1") && leads("printer:80", "10.0.0.1"));
        assert!(
            !leads("relay.example:80", "127.0.0.1") && !leads("printer:80", "[::1]") && leads("localhost:80", "[::1]")
        );
        assert!(!leads("localhost:80", "224.0.0.1") && !leads("relay.example:80", "[::ffff:10.0.0.1]"));
    }

    #[test]
    fn each_bad_text_gets_its_error() {
        for text in ["", "localhost", "http://a:1/ws", ":5000", "ws://", "ws://u@h:1/ws", "a b:1", "ä:1"] {
            assert!(matches!(text.parse::<PeerAddress>(), Err(PeerAddressError::Form(_))), "{text}");
        }
        for text in ["a:1/x", "ws://a:1/ws/", "ws://a/wsx", "ws://a:1/ws?x", "ws://a:1//ws"] {
            assert!(matches!(text.parse::<PeerAddress>(), Err(PeerAddressError::Path(_))), "{text}");
        }
        for text in ["::1:5310", "[::1:80", "[localhost]:80", "a?b:1", "a#b:1", "a\\b:1", "[fe80::1%3]:80"] {
            assert!(matches!(text.parse::<PeerAddress>(), Err(PeerAddressError::Host(_))), "{text}");
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
