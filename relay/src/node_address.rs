//! The HTTP address of a node.

use core::{fmt, str::FromStr};
use std::net::Ipv6Addr;

/// A node's HTTP address, written `HOST:PORT`, `http://HOST:PORT`, `https://HOST` or `https://HOST:PORT`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeAddress {
    secure: bool,
    authority: String,
}

/// A text is not a node's address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NodeAddressError {
    /// The text is not `HOST:PORT` or a URL.
    #[error("`{0}` is not a node: write HOST:PORT, such as 127.0.0.1:5000, or https://HOST")]
    Form(String),
    /// An IPv6 address has no brackets.
    #[error("{0}")]
    Brackets(String),
}

impl NodeAddress {
    /// The URL of a path on this node; `path` begins with a slash.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}://{}{path}", if self.secure { "https" } else { "http" }, self.authority)
    }

    /// Whether to connect over TLS.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.secure
    }
}

impl FromStr for NodeAddress {
    type Err = NodeAddressError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = || NodeAddressError::Form(text.chars().take(80).collect());
        let (scheme, rest) = text.trim().split_once("://").unwrap_or(("", text.trim()));
        // Accept the node's WebSocket address, too.
        let secure = match scheme.to_ascii_lowercase().as_str() {
            "https" | "wss" => true,
            "" | "http" | "ws" => false,
            _ => return Err(bad()),
        };
        let authority = rest.strip_suffix("/ws").unwrap_or(rest).trim_end_matches('/');
        bracketed(authority).map_err(NodeAddressError::Brackets)?;
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.:[]".contains(c);
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
            _ => (authority, None),
        };
        let fits = |port: &str| port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|p| p > 0);
        // Without a scheme a port is required: no node listens on 80.
        if host.is_empty() || !authority.chars().all(plain) || !port.map_or(!scheme.is_empty(), fits) {
            return Err(bad());
        }
        Ok(Self { secure, authority: authority.to_owned() })
    }
}

impl fmt::Display for NodeAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.secure { "https://" } else { "" }, self.authority)
    }
}

/// Checks that an IPv6 address with a port has brackets. Without them it is unclear where the port begins.
///
/// # Errors
/// A message that shows the correct form.
pub(crate) fn bracketed(authority: &str) -> Result<(), String> {
    let bare = authority.matches(':').count() > 1 && !authority.contains('[');
    let (address, port) = authority.rsplit_once(':').unwrap_or((authority, ""));
    match (bare, address.parse::<Ipv6Addr>(), port.parse::<u16>()) {
        (true, Ok(address), Ok(port)) => Err(format!("an IPv6 address with a port needs brackets: [{address}]:{port}")),
        (true, ..) => Err(format!("an IPv6 address with a port needs brackets: [{authority}]:5000")),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_addresses_are_read_in_all_usual_forms() {
        let url = |text: &str| text.parse::<NodeAddress>().map(|n| n.url("/x"));
        for text in ["127.0.0.1:5000", "http://127.0.0.1:5000/", "ws://127.0.0.1:5000/ws", "HTTP://127.0.0.1:5000"] {
            assert_eq!(url(text).unwrap(), "http://127.0.0.1:5000/x");
        }
        assert!(url("::1:5000").unwrap_err().to_string().contains("[::1]:5000"));
        assert_eq!(url("http://relay.example").unwrap(), "http://relay.example/x");
        for text in ["https://relay.example", "https://relay.example/", "wss://relay.example/ws"] {
            assert_eq!(url(text).unwrap(), "https://relay.example/x");
        }
        for (text, shown) in
            [("https://a:1", "https://a:1"), ("https://[::1]", "https://[::1]"), ("[::1]:5000", "[::1]:5000")]
        {
            assert_eq!(text.parse::<NodeAddress>().unwrap().to_string(), shown);
        }
        for text in ["", "localhost", "a:0", "a:70000", ":1", "a b:1", "a:1/x", "https://", "https://a:x", "ftp://a:1"]
        {
            assert!(url(text).is_err(), "{text}");
        }
    }
}
