use super::encoder::MetricsEncoder;
use crate::access::ConnectionLimiter;
use crate::api::AppState;
use crate::clock;
use crate::cluster::{ClusterState, ClusterStatus};
use fedcoin_node::{Counters, MiningStatus, Node, SyncStatus};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::DescriptorEncoder;
use std::fmt;
use std::sync::Arc;

/// The state of the node and its surroundings, read at each scrape.
pub(super) struct NodeState {
    state: AppState,
    limiter: Arc<ConnectionLimiter>,
}

impl NodeState {
    pub(super) fn new(state: AppState, limiter: Arc<ConnectionLimiter>) -> Self {
        Self { state, limiter }
    }
}

impl fmt::Debug for NodeState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NodeState").finish_non_exhaustive()
    }
}

impl Collector for NodeState {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let mut metrics = MetricsEncoder::new(encoder);
        let counters = {
            let node = self.state.node.read();
            chain(&mut metrics, &node, clock::wall().0)?;
            mempool(&mut metrics, &node)?;
            peers(&mut metrics, &node)?;
            mining_state(&mut metrics, &node)?;
            peers_clock(&mut metrics, &node)?;
            node.counters().clone()
        };
        refused(&mut metrics, &counters, &self.limiter, self.state.connections.refused())?;
        self.traffic(&mut metrics)?;
        self.miner(&mut metrics)?;
        if let Ok(file) = self.state.node.chain_file().metadata() {
            let help = "Size of the chain file in bytes";
            metrics.gauge("fedcoin_store_size_bytes", help, file.len() as f64)?;
        }
        self.state.cluster.as_deref().map_or(Ok(()), |cluster| cluster_state(&mut metrics, cluster))
    }
}

impl NodeState {
    fn traffic(&self, metrics: &mut MetricsEncoder<'_>) -> fmt::Result {
        let traffic = self.state.connections.traffic();
        let both = || [("in", traffic.received()), ("out", traffic.sent())];
        let messages = || both().into_iter().flat_map(|(way, t)| t.by_kind().map(move |k| ([way, k.0], k.1)));
        let bytes = || both().into_iter().flat_map(|(way, t)| t.by_kind().map(move |k| ([way, k.0], k.2)));
        let labels = ["direction", "kind"];
        metrics.counters("fedcoin_peer_messages", "Messages to and from peers, by kind", labels, messages())?;
        metrics.counters("fedcoin_peer_bytes", "Bytes of messages to and from peers, by kind", labels, bytes())?;
        let (queued, cut_off) = (self.state.connections.queued(), self.state.connections.cut_off());
        let help = "Bytes in memory that wait to be sent to peers; a frame for many peers counts once";
        metrics.gauge("fedcoin_peer_queue_bytes", help, queued.in_memory as f64)?;
        let help = "Bytes in the longest queue of a peer";
        metrics.gauge("fedcoin_peer_queue_longest_bytes", help, queued.longest as f64)?;
        let help = "Connections cut off because the peer read too slowly";
        metrics.counter("fedcoin_peer_slow_readers", help, cut_off as f64)
    }

    fn miner(&self, metrics: &mut MetricsEncoder<'_>) -> fmt::Result {
        let rate = self.state.hash_rate.per_second() as f64;
        metrics.gauge("fedcoin_mining_hashes_per_second", "Hashes per second over the last ten seconds", rate)?;
        metrics.counter("fedcoin_mining_hashes", "Hashes computed", self.state.miners.hashes() as f64)?;
        metrics.gauge("fedcoin_mining_threads", "Mining threads", self.state.miners.threads() as f64)
    }
}

fn chain(metrics: &mut MetricsEncoder<'_>, node: &Node, now_ms: u64) -> fmt::Result {
    let (tip, best) = (node.chain().tip(), node.chain().best_header());
    let age = now_ms.saturating_sub(tip.time.0) as f64 / 1_000.0;
    metrics.gauge("fedcoin_tip_height", "Height of the primary chain's tip", f64::from(tip.height.0))?;
    metrics.gauge("fedcoin_tip_age_seconds", "Age of the tip by its own timestamp", age)?;
    metrics.gauge("fedcoin_best_header_height", "Height of the best header", f64::from(best.height.0))?;
    metrics.gauge("fedcoin_side_blocks", "Blocks on side branches", node.chain().side_blocks() as f64)?;
    metrics.gauge("fedcoin_orphan_blocks", "Blocks with unknown parents", node.chain().orphan_count() as f64)?;
    metrics.gauge("fedcoin_unspent_outputs", "Unspent outputs", node.chain().utxos().len() as f64)?;
    let state = match node.sync() {
        SyncStatus::WaitingForPeers => "waiting_for_peers",
        SyncStatus::Headers { .. } => "headers",
        SyncStatus::Blocks { .. } => "blocks",
        SyncStatus::EarlyHeaders => "early_headers",
        SyncStatus::Synced => "synced",
    };
    let all = ["waiting_for_peers", "headers", "blocks", "early_headers", "synced"];
    let help = "Sync state: 1 for the current state";
    metrics.gauges("fedcoin_sync_state", help, "state", all.map(|one| (one, f64::from(one == state))))
}

fn mempool(metrics: &mut MetricsEncoder<'_>, node: &Node) -> fmt::Result {
    // Units per kilobyte are exact, because rates per byte have at most three decimals.
    let minimum = node.minimum_fee_rate().of_kilobyte().units() as f64 / 1_000.0;
    metrics.gauge("fedcoin_mempool_payments", "Payments in the mempool", node.mempool().len() as f64)?;
    metrics.gauge(
        "fedcoin_mempool_bytes",
        "Encoded size of the payments in the mempool",
        node.mempool().bytes() as f64,
    )?;
    metrics.gauge("fedcoin_mempool_min_fee_units_per_byte", "Minimum fee rate of payments accepted now", minimum)
}

fn peers(metrics: &mut MetricsEncoder<'_>, node: &Node) -> fmt::Result {
    let counts = node.peer_counts();
    let kinds = [
        ("outbound", counts.outbound),
        ("inbound_node", counts.inbound_nodes),
        ("inbound_tab", counts.inbound_tabs),
        ("in_passing", counts.in_passing),
    ];
    let help = "Connections by kind: dialled by this node, from nodes, from tabs (which cannot be dialled), opening or closing";
    metrics.gauges("fedcoin_peers", help, "kind", kinds.map(|(kind, count)| (kind, count as f64)))?;
    metrics.gauge("fedcoin_banned_hosts", "Banned hosts of misbehaving peers", node.banned_hosts() as f64)
}

fn mining_state(metrics: &mut MetricsEncoder<'_>, node: &Node) -> fmt::Result {
    let state = match node.mining() {
        MiningStatus::Off => "off",
        MiningStatus::Syncing => "syncing",
        MiningStatus::CheckingBlock { .. } => "checking_block",
        MiningStatus::ClockBehind => "clock_behind",
        MiningStatus::ChainAhead { .. } => "chain_ahead",
        MiningStatus::NothingToMine => "nothing_to_mine",
        MiningStatus::Mining { .. } => "mining",
    };
    let all = ["off", "syncing", "checking_block", "clock_behind", "chain_ahead", "nothing_to_mine", "mining"];
    let help = "Mining state: 1 for the current state";
    metrics.gauges("fedcoin_mining_state", help, "state", all.map(|one| (one, f64::from(one == state))))
}

fn peers_clock(metrics: &mut MetricsEncoder<'_>, node: &Node) -> fmt::Result {
    let help = "Median lead of this machine's clock over its peers' clocks; negative if behind, NaN without peers";
    let ahead = node.clock().map_or(f64::NAN, |clock| clock.ahead_ms as f64 / 1_000.0);
    metrics.gauge("fedcoin_clock_ahead_seconds", help, ahead)
}

fn refused(
    metrics: &mut MetricsEncoder<'_>,
    counters: &Counters,
    limiter: &ConnectionLimiter,
    no_permit: u64,
) -> fmt::Result {
    let (full, too_fast) = limiter.refused();
    let reasons = [
        (["address_full"], full),
        (["address_too_fast"], too_fast),
        (["no_place"], no_permit),
        (["no_room"], counters.inbound_refused),
        (["banned"], counters.inbound_banned),
    ];
    metrics.counters("fedcoin_connections_refused", "Connections refused, by reason", ["reason"], reasons)?;
    metrics.counter("fedcoin_peers_evicted", "Peers evicted in favour of new ones", counters.peers_evicted as f64)?;
    let rules = counters.payments_refused.iter().map(|(rule, count)| ([*rule], *count));
    metrics.counters("fedcoin_payments_refused", "Payments refused, by rule", ["rule"], rules)
}

fn cluster_state(metrics: &mut MetricsEncoder<'_>, cluster: &ClusterStatus) -> fmt::Result {
    let connected = f64::from(cluster.state() == ClusterState::Connected);
    metrics.gauge("fedcoin_cluster_connected", "Whether this node is connected to the cluster's server", connected)?;
    metrics.gauge("fedcoin_cluster_members", "Other members that have said hello lately", cluster.members() as f64)?;
    let messages = [(["sent"], cluster.sent()), (["received"], cluster.received()), (["dropped"], cluster.dropped())];
    metrics.counters("fedcoin_cluster_messages", "Messages to and from other members", ["what"], messages)
}
