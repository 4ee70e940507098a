use crate::api::{Problem, ProblemKind};
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// What proxies add to requests that they pass on.
const OF_PROXIES: [&str; 5] = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"];

/// The address of this machine that a request's connection was made to.
#[derive(Clone, Copy, Debug)]
pub(super) struct LocalAddress(pub(super) IpAddr);

/// Who asks, as far as it tells whether it is a program on the node's own machine.
#[derive(Clone, Debug)]
pub(crate) struct Requester {
    remote: IpAddr,
    local: IpAddr,
    headers: HeaderMap,
}

impl<S: Sync> FromRequestParts<S> for Requester {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let nowhere = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
        let remote = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(remote)| remote.ip());
        let local = parts.extensions.get::<LocalAddress>().map(|local| local.0.to_canonical());
        Ok(Self {
            remote: remote.unwrap_or(nowhere).to_canonical(),
            local: local.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST)),
            headers: parts.headers.clone(),
        })
    }
}

impl Requester {
    /// Lets programs on the node's own machine through, and nobody else: `what` they want is theirs only.
    ///
    /// A request that a proxy passes on comes from who knows where. A browser names the page's origin
    /// wherever it could do harm, and its `Host` is the name that the page was found under: whatever page
    /// its user looks at, it gives this node no orders and reads nothing of this.
    ///
    /// # Errors
    /// The [`Problem`] to answer with.
    pub(crate) fn must_be_own_machine(&self, what: &str) -> Result<(), Problem> {
        let own = self.is_here(self.remote)
            && !self.headers.contains_key(header::ORIGIN)
            && !OF_PROXIES.iter().any(|name| self.headers.contains_key(*name))
            && self.headers.get(header::HOST).is_none_or(|host| host.to_str().is_ok_and(|host| self.is_own_name(host)));
        if own {
            return Ok(());
        }
        let detail = format!("{what} from the node's own machine only, and not through proxies or by web pages");
        Err(Problem::new(ProblemKind::FORBIDDEN, detail))
    }

    /// Whether an address is this machine's: a loopback address, or the one that was asked itself.
    fn is_here(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        address.is_loopback() || address == self.local
    }

    /// Whether a `Host` can only be this machine: its addresses, and `localhost`.
    fn is_own_name(&self, host: &str) -> bool {
        let name = without_port(host);
        name.eq_ignore_ascii_case("localhost") || address(name).is_some_and(|ip| self.is_here(ip))
    }
}

/// The host of a `Host`, in the brackets that it may have.
pub(super) fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) && !name.is_empty() => name,
        _ => host,
    }
}

/// The address that a host is, if it is one.
pub(super) fn address(name: &str) -> Option<IpAddr> {
    let bare = name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    match bare {
        Some(bare) => bare.parse().ok().map(IpAddr::V6),
        None => name.parse().ok().map(IpAddr::V4),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(remote: &str, local: &str, headers: &[(&'static str, &str)]) -> bool {
        let headers = headers.iter().map(|(name, value)| {
            (axum::http::HeaderName::from_static(name), axum::http::HeaderValue::from_str(value).unwrap())
        });
        let (remote, local) = (remote.parse::<IpAddr>().unwrap().to_canonical(), local.parse().unwrap());
        Requester { remote, local, headers: headers.collect() }.must_be_own_machine("this is done").is_ok()
    }

    #[test]
    fn programs_on_this_machine_and_nobody_else() {
        for host in ["127.0.0.1:5000", "127.9.9.9", "localhost:5000", "LOCALHOST", "[::1]:5000", "[::1]"] {
            assert!(allowed("127.0.0.1", "127.0.0.1", &[("host", host)]), "{host}");
        }
        assert!(allowed("::1", "::1", &[]) && allowed("::ffff:127.0.0.1", "127.0.0.1", &[]));
        assert!(!allowed("192.168.1.2", "192.168.1.3", &[("host", "127.0.0.1:5000")]));
        for host in ["relay.example", "localhost.evil.example:5000", "192.168.1.2:5000", "127.0.0.1.evil.example", ""] {
            assert!(!allowed("127.0.0.1", "127.0.0.1", &[("host", host)]), "{host}");
        }
        for header in ["origin", "forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"] {
            assert!(!allowed("127.0.0.1", "127.0.0.1", &[("host", "localhost"), (header, "127.0.0.1")]), "{header}");
        }
    }

    #[test]
    fn a_node_that_has_one_address_of_a_network_is_asked_there_by_its_own_machine() {
        let own = "192.168.1.2";
        assert!(allowed(own, own, &[("host", "192.168.1.2:5000")]));
        assert!(!allowed("192.168.1.7", own, &[("host", "192.168.1.2:5000")]), "a neighbour");
        assert!(!allowed(own, own, &[("host", "evil.example:5000")]), "a stranger's name for it");
        assert!(!allowed(own, own, &[("host", "192.168.1.7:5000")]), "another machine's address");
        assert!(!allowed(own, own, &[("host", "192.168.1.2:5000"), ("x-forwarded-for", own)]), "a proxy");
    }
}
