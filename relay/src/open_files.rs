//! The system's limit on open files, of which each connection takes one.

/// Files that the node opens beside connections that others open: the chain, connections that it dials.
const OTHERS: usize = 100;
/// Most connections that carry requests, to page and API.
const MAX_REQUESTS: usize = 2_000;

/// How many connections others may have open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shares {
    /// Of peers.
    pub peers: usize,
    /// That carry requests.
    pub requests: usize,
}

/// The wanted number of peers, or as many as the open files allow; raises that limit as far as possible.
pub fn shares(wanted_peers: usize) -> Shares {
    let Some(files) = raise() else { return Shares { peers: wanted_peers, requests: MAX_REQUESTS } };
    let shares = divide(files, wanted_peers);
    if wanted_peers > shares.peers {
        tracing::warn!("this system allows {files} open files: at most {} peers, not {wanted_peers}", shares.peers);
    }
    shares
}

/// Requests take a quarter of what there is, for they end soon.
fn divide(files: usize, wanted_peers: usize) -> Shares {
    let left = files.saturating_sub(OTHERS);
    let requests = (left / 4).clamp(1, MAX_REQUESTS);
    Shares { peers: wanted_peers.min(left.saturating_sub(requests)), requests }
}

/// Raises the limit as far as the system allows; returns it where there is one.
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
    fn no_more_connections_than_files() {
        assert_eq!(shares(3).peers, 3);
        for files in [0, OTHERS, OTHERS + 4, 1_024, 65_536, usize::MAX] {
            let Shares { peers, requests } = divide(files, 5_000);
            assert!(peers <= 5_000 && (1..=MAX_REQUESTS).contains(&requests), "{files}");
            assert!(peers + requests <= files.saturating_sub(OTHERS).max(1), "{files}");
        }
        assert_eq!(divide(65_536, 5_000), Shares { peers: 5_000, requests: MAX_REQUESTS });
    }
}
