use std::collections::BTreeMap;

/// Counts since the node started that no event reports, for metrics.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Payments refused, from any source, by rule number in `docs/protocol.md`.
    pub payments_refused: BTreeMap<&'static str, u64>,
    /// Connected peers evicted in favour of new ones.
    pub peers_evicted: u64,
    /// Connections refused because slots were scarce and their host is banned (rule W9).
    pub inbound_banned: u64,
    /// Connections refused because all slots were taken.
    pub inbound_refused: u64,
}

/// Current connections by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PeerCounts {
    /// Connections without a complete handshake, or being closed.
    pub in_passing: usize,
    /// Peers that this node dialled.
    pub outbound: usize,
    /// Peers that dialled this node and accept connections themselves.
    pub inbound_nodes: usize,
    /// Peers that dialled this node and cannot be dialled, mostly tabs.
    pub inbound_tabs: usize,
}
