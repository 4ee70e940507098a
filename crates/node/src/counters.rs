use std::collections::BTreeMap;

/// What a node has counted since it started and tells in no event, for metrics.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Payments that were not taken, from peers and others, by the rule's number in `docs/protocol.md`.
    pub payments_refused: BTreeMap<&'static str, u64>,
    /// Connected peers that were left to make room for newcomers.
    pub peers_evicted: u64,
    /// Connections refused because places were short and their host is banned from the last (rule W9).
    pub inbound_banned: u64,
    /// Connections refused because there was no room.
    pub inbound_refused: u64,
}

/// The connections at one moment, by what they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PeerCounts {
    /// Connections whose handshake is not complete, or that are being closed.
    pub in_passing: usize,
    /// Peers that this node dialled.
    pub outbound: usize,
    /// Peers that dialled this node and say where they can be dialled themselves.
    pub inbound_nodes: usize,
    /// Peers that dialled this node and that nobody can dial: tabs, mostly.
    pub inbound_tabs: usize,
}
