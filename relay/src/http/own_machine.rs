use crate::api::{Problem, ProblemKind};
use axum::http::{HeaderMap, header};
use std::net::{IpAddr, SocketAddr};

/// What proxies add to requests that they pass on.
const OF_PROXIES: [&str; 5] = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"];

/// Lets programs on the node's own machine through, and nobody else: `what` they want is theirs only.
///
/// A request that a proxy passes on comes from who knows where. A browser names the page's origin
/// wherever it could do harm, and its `Host` is the name that the page was found under: whatever page
/// its user looks at, it gives this node no orders and reads nothing of this.
///
/// # Errors
/// The [`Problem`] to answer with.
pub(crate) fn only_own_machine(remote: SocketAddr, headers: &HeaderMap, what: &str) -> Result<(), Problem> {
    let own = remote.ip().to_canonical().is_loopback()
        && !headers.contains_key(header::ORIGIN)
        && !OF_PROXIES.iter().any(|name| headers.contains_key(*name))
        && headers.get(header::HOST).is_none_or(|host| host.to_str().is_ok_and(is_own_name));
    if own {
        return Ok(());
    }
    let detail = format!("{what} from the node's own machine only, and not through proxies or by web pages");
    Err(Problem::new(ProblemKind::FORBIDDEN, detail))
}

/// Whether a `Host` can only be this machine: its loopback addresses, and `localhost`.
fn is_own_name(host: &str) -> bool {
    let name = without_port(host);
    name.eq_ignore_ascii_case("localhost") || address(name).is_some_and(|ip| ip.to_canonical().is_loopback())
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

    fn allowed(remote: &str, headers: &[(&'static str, &str)]) -> bool {
        let headers = headers.iter().map(|(name, value)| {
            (axum::http::HeaderName::from_static(name), axum::http::HeaderValue::from_str(value).unwrap())
        });
        only_own_machine(remote.parse().unwrap(), &headers.collect(), "this is done").is_ok()
    }

    #[test]
    fn programs_on_this_machine_and_nobody_else() {
        for host in ["127.0.0.1:5000", "127.9.9.9", "localhost:5000", "LOCALHOST", "[::1]:5000", "[::1]"] {
            assert!(allowed("127.0.0.1:9", &[("host", host)]), "{host}");
        }
        assert!(allowed("[::1]:9", &[]) && allowed("[::ffff:127.0.0.1]:9", &[]));
        assert!(!allowed("192.168.1.2:9", &[("host", "127.0.0.1:5000")]));
        for host in ["relay.example", "localhost.evil.example:5000", "192.168.1.2:5000", "127.0.0.1.evil.example", ""] {
            assert!(!allowed("127.0.0.1:9", &[("host", host)]), "{host}");
        }
        for header in ["origin", "forwarded", "x-forwarded-for", "x-real-ip", "via"] {
            assert!(!allowed("127.0.0.1:9", &[("host", "localhost"), (header, "127.0.0.1")]), "{header}");
        }
    }
}
