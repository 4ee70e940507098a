//! The system's limit on open files, of which each connection takes one.

/// Files that the node opens beside connections to peers: the chain, requests for page and API,
/// connections that it dials.
const OTHERS: usize = 300;

/// As many peers as wanted, or as the open files allow; raises the limit as far as it goes.
pub fn peers_allowed(wanted: usize) -> usize {
    let Some(files) = raise() else { return wanted };
    let allowed = files.saturating_sub(OTHERS);
    if wanted > allowed {
        tracing::warn!("this system allows {files} open files: at most {allowed} peers, not {wanted}");
    }
    wanted.min(allowed)
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
    fn no_more_peers_than_files() {
        assert_eq!(peers_allowed(3), 3);
        if let Some(files) = raise() {
            assert_eq!(peers_allowed(usize::MAX), files - OTHERS);
        }
    }
}
