use super::AllowedOrigin;
use crate::problem::{Problem, ProblemKind};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use fedcoin_node::PeerAddress;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

/// The host names of this node, for clients on this machine and in private networks.
///
/// A foreign page can point its own host name at an address in its visitor's network (DNS rebinding). The browser then
/// lets the page read this node's answers, but the `Host` header still has the foreign name. A nearby client must
/// therefore use an address, a name that no outsider can own, or a name that the operator has configured. A client on
/// the internet may use any name, because it could reach the node directly anyway.
#[derive(Clone, Debug)]
pub struct AllowedHosts(Arc<[String]>);

impl AllowedHosts {
    /// Allows the hosts of the advertised address and of these origins.
    #[must_use]
    pub fn new(advertised: Option<&PeerAddress>, origins: &[AllowedOrigin]) -> Self {
        let origins = origins.iter().filter_map(|origin| match origin {
            AllowedOrigin::One(origin) => origin.to_str().ok(),
            AllowedOrigin::Any => None,
        });
        let urls = advertised.map(PeerAddress::as_str).into_iter().chain(origins);
        let hosts = urls.filter_map(|url| url.split_once("://")?.1.split('/').next());
        Self(hosts.map(|host| without_port(host).to_ascii_lowercase()).collect())
    }

    /// Reason to refuse a request, if any.
    fn problem(&self, sender: IpAddr, headers: &HeaderMap) -> Option<Problem> {
        let host = headers.get(header::HOST).filter(|_| is_near(sender))?;
        let name = without_port(host.to_str().unwrap_or("?")).to_ascii_lowercase();
        if self.knows(&name) {
            return None;
        }
        let name: String = name.chars().take(80).collect();
        let detail = format!(
            "`{name}` is not a configured name of this node: use its address instead, or start it with \
             --advertise {name}:PORT"
        );
        Some(Problem::new(ProblemKind::MISDIRECTED, detail))
    }

    fn knows(&self, name: &str) -> bool {
        let name = name.trim_end_matches('.');
        // Names without a dot and names in `local` belong to the local network.
        let is_local = !name.contains('.') || name.ends_with(".local") || name.ends_with(".localhost");
        address(name).is_some() || is_local || self.0.iter().any(|known| known == name)
    }
}

/// Refuses requests for a foreign host, and requests without exactly one `Host` header (RFC 9112, section 3.2).
pub(crate) async fn check_host(State(hosts): State<AllowedHosts>, request: Request, next: Next) -> Response {
    if request.headers().get_all(header::HOST).iter().count() != 1 {
        return Problem::bad_request("a request must have exactly one `Host` header").into_response();
    }
    let sender = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(sender)| sender.ip());
    match sender.and_then(|sender| hosts.problem(sender, request.headers())) {
        Some(problem) => problem.into_response(),
        None => next.run(request).await,
    }
}

/// Whether an address belongs to this machine or to a network that the internet cannot reach.
fn is_near(address: IpAddr) -> bool {
    /// Shared address space between providers and their customers (RFC 6598).
    const SHARED: (Ipv4Addr, u32) = (Ipv4Addr::new(100, 64, 0, 0), 10);
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let shared = (v4.to_bits() ^ SHARED.0.to_bits()) >> (32 - SHARED.1) == 0;
            v4.is_loopback() || v4.is_private() || v4.is_link_local() || shared
        }
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}

/// The host part of a `Host` header. Brackets stay.
fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) && !name.is_empty() => name,
        _ => host,
    }
}

/// The address that a host name spells, if any.
fn address(name: &str) -> Option<IpAddr> {
    let bare = name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    match bare {
        Some(bare) => bare.parse().ok().map(IpAddr::V6),
        None => name.parse().ok().map(IpAddr::V4),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(sender: &str, host: &str, advertised: Option<&str>, origins: &[&str]) -> bool {
        let advertised: Option<PeerAddress> = advertised.map(|text| text.parse().unwrap());
        let origins: Vec<AllowedOrigin> = origins.iter().map(|origin| origin.parse().unwrap()).collect();
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        AllowedHosts::new(advertised.as_ref(), &origins).problem(sender.parse().unwrap(), &headers).is_some()
    }

    #[test]
    fn nearby_clients_must_use_an_address_or_a_local_name() {
        for sender in ["127.0.0.1", "::1", "192.168.1.7", "::ffff:10.0.0.1", "169.254.1.1", "100.127.0.1", "fd00::1"] {
            for host in ["127.0.0.1:5000", "192.168.1.2", "[::1]:5000", "localhost:5000", "relay", "relay.local:1"] {
                assert!(!refused(sender, host, None, &[]), "{sender} {host}");
            }
            for host in ["evil.example", "evil.example:5000", "192.168.1.2.evil.example", "localhost.evil.example"] {
                assert!(refused(sender, host, None, &["*"]), "{sender} {host}");
            }
        }
    }

    #[test]
    fn configured_names_are_allowed() {
        for host in ["relay.example", "relay.example:5000", "Relay.Example.:443"] {
            assert!(refused("127.0.0.1", host, None, &[]), "{host}");
            assert!(!refused("127.0.0.1", host, Some("wss://relay.example/ws"), &[]), "{host}");
            assert!(!refused("127.0.0.1", host, Some("relay.example:443"), &[]), "{host}");
            assert!(!refused("127.0.0.1", host, None, &["https://relay.example"]), "{host}");
        }
        assert!(refused("127.0.0.1", "evil.example", Some("relay.example:443"), &["https://relay.example"]));
    }

    #[test]
    fn clients_on_the_internet_may_use_any_name() {
        for sender in ["203.0.113.5", "2001:db8::5", "100.128.0.1", "172.32.0.1"] {
            assert!(!refused(sender, "relay.example", None, &[]), "{sender}");
        }
    }
}
