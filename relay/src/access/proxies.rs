use axum::http::HeaderMap;
use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

/// Proxies whose `X-Forwarded-For` or `Forwarded` (RFC 7239) header names the client. From any other sender these
/// headers prove nothing.
#[derive(Clone, Debug)]
pub struct TrustedProxies(Arc<[IpNet]>);

impl TrustedProxies {
    /// Trusts proxies with addresses in these networks.
    #[must_use]
    pub fn new(networks: &[IpNet]) -> Self {
        Self(networks.into())
    }

    pub(crate) fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }

    /// The client behind a connection from `remote`: the last address in the header that is not a trusted proxy. The
    /// port stays that of `remote`, because it distinguishes connections.
    ///
    /// A proxy that writes one of the two headers may pass on the client's version of the other. If both are present,
    /// both are ignored.
    pub(crate) fn client(&self, remote: SocketAddr, headers: &HeaderMap) -> SocketAddr {
        if !self.contains(remote.ip()) {
            return remote;
        }
        let (plain, standard) = (values(headers, "x-forwarded-for"), values(headers, "forwarded"));
        let hops: Vec<Option<IpAddr>> = match (plain.is_empty(), standard.is_empty()) {
            (false, true) => plain.into_iter().map(address).collect(),
            (true, false) => standard.into_iter().map(|element| address(forwarded_for(element)?)).collect(),
            _ => return remote,
        };
        let mut client = remote.ip();
        // The connected proxy wrote the last hop, that hop wrote the one before it, and so on.
        for hop in hops.into_iter().rev() {
            let Some(hop) = hop else { break };
            client = hop;
            if !self.contains(hop) {
                break;
            }
        }
        SocketAddr::new(client, remote.port())
    }
}

/// The elements of a header that may occur several times.
fn values<'a>(headers: &'a HeaderMap, name: &str) -> Vec<&'a str> {
    headers.get_all(name).iter().flat_map(|value| value.to_str().unwrap_or("?").split(',')).map(str::trim).collect()
}

/// The `for` parameter of one element of `Forwarded`.
fn forwarded_for(element: &str) -> Option<&str> {
    element.split(';').find_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        name.eq_ignore_ascii_case("for").then(|| value.trim_matches('"'))
    })
}

/// Reads `1.2.3.4`, `1.2.3.4:5`, `2001:db8::1`, `[2001:db8::1]` and `[2001:db8::1]:5`.
fn address(text: &str) -> Option<IpAddr> {
    let whole = text.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|socket| socket.ip()));
    whole.or_else(|| text.strip_prefix('[')?.strip_suffix(']')?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(remote: &str, headers: &[(&'static str, &str)]) -> String {
        let proxies = TrustedProxies::new(&["127.0.0.1/32".parse().unwrap(), "10.0.0.0/8".parse().unwrap()]);
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        proxies.client(SocketAddr::new(remote.parse().unwrap(), 7), &map).to_string()
    }

    #[test]
    fn only_trusted_proxies_name_the_client() {
        let header = ("x-forwarded-for", "192.0.2.1");
        assert_eq!(client("203.0.113.5", &[header]), "203.0.113.5:7");
        assert_eq!(client("127.0.0.1", &[header]), "192.0.2.1:7");
        assert_eq!(client("::ffff:10.1.1.1", &[header]), "192.0.2.1:7");
        assert_eq!(client("127.0.0.1", &[]), "127.0.0.1:7");
    }

    #[test]
    fn headers_written_by_the_client_are_ignored() {
        assert_eq!(client("127.0.0.1", &[("x-forwarded-for", "198.51.100.9, 192.0.2.1, 10.2.2.2")]), "192.0.2.1:7");
        let lines = [("x-forwarded-for", "198.51.100.9"), ("x-forwarded-for", "192.0.2.1")];
        assert_eq!(client("127.0.0.1", &lines), "192.0.2.1:7");
        let both = [("x-forwarded-for", "192.0.2.1"), ("forwarded", "for=198.51.100.9")];
        assert_eq!(client("127.0.0.1", &both), "127.0.0.1:7");
        assert_eq!(client("127.0.0.1", &[("x-forwarded-for", "192.0.2.1, rubbish")]), "127.0.0.1:7");
        assert_eq!(client("127.0.0.1", &[("x-forwarded-for", "rubbish, 10.2.2.2")]), "10.2.2.2:7");
    }

    #[test]
    fn both_headers_and_all_forms_of_addresses() {
        for (value, expected) in [
            ("for=192.0.2.60;proto=http;by=203.0.113.43", "192.0.2.60:7"),
            ("For=\"[2001:db8:cafe::17]:4711\"", "[2001:db8:cafe::17]:7"),
            ("for=192.0.2.43, for=\"10.0.0.9\"", "192.0.2.43:7"),
            ("for=unknown", "127.0.0.1:7"),
            ("proto=https", "127.0.0.1:7"),
        ] {
            assert_eq!(client("127.0.0.1", &[("forwarded", value)]), expected, "{value}");
        }
        assert_eq!(client("127.0.0.1", &[("x-forwarded-for", "2001:db8::1")]), "[2001:db8::1]:7");
        assert_eq!(client("127.0.0.1", &[("x-forwarded-for", "192.0.2.1:99")]), "192.0.2.1:7");
    }
}
