//! The system's limit on open files; each connection takes one.

/// Files besides inbound connections: the chain, and connections that the node dials.
const OTHERS: usize = 100;
/// Maximum connections that carry requests to page and API.
const MAX_REQUESTS: usize = 2_000;

/// Maximum inbound connections by purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shares {
    /// Connections of peers.
    pub peers: usize,
    /// Connections that carry requests.
    pub requests: usize,
}

/// The wanted number of peers, or as many as the limit on open files allows. Raises that limit as far as possible.
pub fn shares(wanted_peers: usize) -> Shares {
    let Some(files) = raise() else { return Shares { peers: wanted_peers, requests: MAX_REQUESTS } };
    let shares = divide(files, wanted_peers);
    if wanted_peers > shares.peers {
        tracing::warn!("this system allows {files} open files: at most {} peers, not {wanted_peers}", shares.peers);
    }
    shares
}

/// Requests get a quarter of the files, because they end soon.
fn divide(files: usize, wanted_peers: usize) -> Shares {
    let remaining = files.saturating_sub(OTHERS);
    let requests = (remaining / 4).clamp(1, MAX_REQUESTS);
    Shares { peers: wanted_peers.min(remaining.saturating_sub(requests)), requests }
}

/// Raises the limit as far as the system allows. Returns it, if there is one.
#[cfg(unix)]
fn raise() -> Option<usize> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let raised = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit });
    let files = if raised.is_ok() { limit.maximum } else { limit.current };
    files.map(|files| usize::try_from(files).unwrap_or(usize::MAX))
}

#[cfg(not(unix))]
fn raise() -> Option<usize> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_never_exceed_open_files() {
        assert_eq!(shares(3).peers, 3);
        for files in [0, OTHERS, OTHERS + 4, 1_024, 65_536, usize::MAX] {
            let Shares { peers, requests } = divide(files, 5_000);
            assert!(peers <= 5_000 && (1..=MAX_REQUESTS).contains(&requests), "{files}");
            assert!(peers + requests <= files.saturating_sub(OTHERS).max(1), "{files}");
        }
        assert_eq!(divide(65_536, 5_000), Shares { peers: 5_000, requests: MAX_REQUESTS });
    }
}
