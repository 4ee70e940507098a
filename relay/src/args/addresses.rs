//! Parsers of addresses on the command line and in settings.

use crate::node_address::bracketed;
use fedcoin_node::PeerAddress;
use ipnet::IpNet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// Reads a peer: any form that [`PeerAddress`] accepts, the page's own address, or a URL without a path.
pub(super) fn peer(text: &str) -> Result<PeerAddress, String> {
    let text = text.trim();
    if text.contains(char::is_whitespace) {
        return Err(format!("`{}` is not a peer: write HOST:PORT, and separate several by commas", shortened(text)));
    }
    let (scheme, rest) = text.split_once("://").unwrap_or(("", text));
    let scheme = match scheme.to_ascii_lowercase().as_str() {
        "http" | "ws" => "ws://",
        "https" | "wss" => "wss://",
        // Without a scheme a port is required: no node listens on 80.
        "" => "",
        _ => return text.parse::<PeerAddress>().map_err(|error| error.to_string()),
    };
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    bracketed(authority)?;
    let address = match (scheme, path) {
        ("", "" | "ws") => authority.parse::<PeerAddress>(),
        (_, "" | "ws") => format!("{scheme}{authority}/ws").parse(),
        _ => text.parse(),
    };
    address.map_err(|error| error.to_string())
}

/// Reads an address of this machine to listen on.
pub(super) fn own(text: &str) -> Result<IpAddr, String> {
    match host(text) {
        Some(address) => Ok(address),
        None if text.trim().parse::<SocketAddr>().is_ok() => {
            Err("write the address without a port; choose the port with -p PORT".to_owned())
        }
        None => Err("write an address of this machine, such as 127.0.0.1, localhost, 0.0.0.0 or ::".to_owned()),
    }
}

/// Reads an address and a port to listen on.
pub(super) fn own_with_port(text: &str) -> Result<SocketAddr, String> {
    let text = text.trim();
    let read = text.rsplit_once(':').and_then(|(address, port)| {
        let bracketless = address.contains(':') && !address.starts_with('[');
        Some(SocketAddr::new(host(address).filter(|_| !bracketless)?, port.parse().ok()?))
    });
    read.ok_or_else(|| "write ADDRESS:PORT, such as 127.0.0.1:9100 or [::1]:9100".to_owned())
}

/// Reads a network of proxies; a single address is a network of one.
pub(super) fn proxies(text: &str) -> Result<IpNet, String> {
    let network = text.trim().parse::<IpNet>().ok().or_else(|| host(text).map(IpNet::from));
    network.ok_or_else(|| "write an address, such as 127.0.0.1, or a network, such as 10.0.0.0/8".to_owned())
}

fn shortened(text: &str) -> String {
    text.chars().take(80).collect()
}

fn host(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    if text.eq_ignore_ascii_case("localhost") {
        return Some(Ipv4Addr::LOCALHOST.into());
    }
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    match bare {
        Some(v6) => v6.parse::<Ipv6Addr>().ok().map(IpAddr::from),
        None => text.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peers_are_read_in_all_usual_forms() {
        for (text, url) in [
            ("127.0.0.1:5000", "ws://127.0.0.1:5000/ws"),
            (" [::1]:5310 ", "ws://[::1]:5310/ws"),
            ("localhost:5000/", "ws://localhost:5000/ws"),
            ("localhost:5000/ws", "ws://localhost:5000/ws"),
            ("ws://127.0.0.1:5000", "ws://127.0.0.1:5000/ws"),
            ("WS://127.0.0.1:5000/", "ws://127.0.0.1:5000/ws"),
            ("http://127.0.0.1:5000/", "ws://127.0.0.1:5000/ws"),
            ("https://relay.example", "wss://relay.example/ws"),
            ("wss://relay.example", "wss://relay.example/ws"),
        ] {
            assert_eq!(peer(text).map(|address| address.to_string()).as_deref(), Ok(url), "{text}");
        }
        for (text, words) in [
            ("::1:5310", "[::1]:5310"),
            ("ws://::1:5310/ws", "[::1]:5310"),
            ("fe80::", "[fe80::]:5000"),
            ("localhost", "write HOST:PORT"),
            ("a:1 b:2", "separate several by commas"),
            ("", "write HOST:PORT"),
            ("ftp://a:1", "write HOST:PORT"),
            ("a:1/other", "the path must be /ws"),
            ("a:0", "1 to 65535"),
        ] {
            let error = peer(text).unwrap_err();
            assert!(error.contains(words), "{text}: {error}");
        }
    }

    #[test]
    fn own_addresses_and_proxies_are_read() {
        for (text, address) in [("127.0.0.1", "127.0.0.1"), ("localhost", "127.0.0.1"), ("[::1]", "::1"), ("::", "::")]
        {
            assert_eq!(own(text).map(|address| address.to_string()).as_deref(), Ok(address), "{text}");
        }
        for (text, words) in
            [("127.0.0.1:5000", "-p PORT"), ("[::1]:80", "-p PORT"), ("here", "localhost"), ("", "localhost")]
        {
            let error = own(text).unwrap_err();
            assert!(error.contains(words), "{text}: {error}");
        }
        for (text, network) in [
            ("127.0.0.1", "127.0.0.1/32"),
            ("::1", "::1/128"),
            ("10.0.0.0/8", "10.0.0.0/8"),
            ("localhost", "127.0.0.1/32"),
        ] {
            assert_eq!(proxies(text).map(|network| network.to_string()).as_deref(), Ok(network), "{text}");
        }
        assert!(proxies("proxy").unwrap_err().contains("10.0.0.0/8"));
        for (text, address) in [("localhost:9100", "127.0.0.1:9100"), ("[::1]:9100", "[::1]:9100")] {
            assert_eq!(own_with_port(text).map(|address| address.to_string()).as_deref(), Ok(address), "{text}");
        }
        for text in ["::1:9100", ":9100", "9100", "a:9100", "127.0.0.1:"] {
            assert!(own_with_port(text).unwrap_err().contains("ADDRESS:PORT"), "{text}");
        }
    }
}
