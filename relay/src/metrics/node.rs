use super::sheet::Sheet;
use crate::api::AppState;
use crate::clock;
use crate::cluster::{ClusterState, ClusterStatus};
use crate::http::Guests;
use fedcoin_node::{Counters, MiningStatus, Node, SyncStatus};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::DescriptorEncoder;
use std::fmt;
use std::sync::Arc;

/// The node's state and that of what is around it, looked at when it is asked for.
pub(super) struct NodeState {
    state: AppState,
    guests: Arc<Guests>,
}

impl NodeState {
    pub(super) fn new(state: AppState, guests: Arc<Guests>) -> Self {
        Self { state, guests }
    }
}

impl fmt::Debug for NodeState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NodeState").finish_non_exhaustive()
    }
}

impl Collector for NodeState {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let mut sheet = Sheet::new(encoder);
        let counters = {
            let node = self.state.node.read();
            chain(&mut sheet, &node, clock::wall().0)?;
            mempool(&mut sheet, &node)?;
            peers(&mut sheet, &node)?;
            mining_state(&mut sheet, &node)?;
            peers_clock(&mut sheet, &node)?;
            node.counters().clone()
        };
        refused(&mut sheet, &counters, &self.guests, self.state.connections.refused())?;
        self.traffic(&mut sheet)?;
        self.miner(&mut sheet)?;
        if let Ok(file) = self.state.node.chain_file().metadata() {
            let help = "Size of the file that holds the chain";
            sheet.gauge("fedcoin_store_size_bytes", help, file.len() as f64)?;
        }
        self.state.cluster.as_deref().map_or(Ok(()), |cluster| shared(&mut sheet, cluster))
    }
}

impl NodeState {
    fn traffic(&self, sheet: &mut Sheet<'_>) -> fmt::Result {
        let traffic = self.state.connections.traffic();
        let both = || [("in", traffic.received()), ("out", traffic.sent())];
        let messages = || both().into_iter().flat_map(|(way, t)| t.by_kind().map(move |k| ([way, k.0], k.1)));
        let bytes = || both().into_iter().flat_map(|(way, t)| t.by_kind().map(move |k| ([way, k.0], k.2)));
        let labels = ["direction", "kind"];
        sheet.counters("fedcoin_peer_messages", "Messages to and from peers, by kind", labels, messages())?;
        sheet.counters("fedcoin_peer_bytes", "Bytes of messages to and from peers, by kind", labels, bytes())?;
        let (queued, cut_off) = (self.state.connections.queued(), self.state.connections.cut_off());
        let help = "Memory of what waits to be sent; what many peers get counts once";
        sheet.gauge("fedcoin_peer_queue_bytes", help, queued.in_memory as f64)?;
        let help = "What waits for the peer for whom most waits";
        sheet.gauge("fedcoin_peer_queue_longest_bytes", help, queued.longest as f64)?;
        let help = "Connections cut off because the peer read too slowly";
        sheet.counter("fedcoin_peer_slow_readers", help, cut_off as f64)
    }

    fn miner(&self, sheet: &mut Sheet<'_>) -> fmt::Result {
        let rate = self.state.hash_rate.per_second() as f64;
        sheet.gauge("fedcoin_mining_hashes_per_second", "Hashes a second over the last ten seconds", rate)?;
        sheet.counter("fedcoin_mining_hashes", "Hashes computed", self.state.miner.hashes() as f64)?;
        sheet.gauge(
            "fedcoin_mining_threads",
            "Threads that mine when there is a job",
            self.state.miner.threads() as f64,
        )
    }
}

fn chain(sheet: &mut Sheet<'_>, node: &Node, now_ms: u64) -> fmt::Result {
    let (tip, best) = (node.chain().tip(), node.chain().best_header());
    let age = now_ms.saturating_sub(tip.time.0) as f64 / 1_000.0;
    sheet.gauge("fedcoin_tip_height", "Height of the primary chain's last block", f64::from(tip.height.0))?;
    sheet.gauge("fedcoin_tip_age_seconds", "How long ago that block was mined, by its own time", age)?;
    sheet.gauge("fedcoin_best_header_height", "Height of the best header known", f64::from(best.height.0))?;
    sheet.gauge("fedcoin_side_blocks", "Blocks known beside the primary chain", node.chain().side_blocks() as f64)?;
    sheet.gauge("fedcoin_orphan_blocks", "Blocks whose parents are unknown", node.chain().orphan_count() as f64)?;
    sheet.gauge("fedcoin_unspent_outputs", "Unspent outputs", node.chain().utxos().len() as f64)?;
    let state = match node.sync() {
        SyncStatus::WaitingForPeers => "waiting_for_peers",
        SyncStatus::Headers { .. } => "headers",
        SyncStatus::Blocks { .. } => "blocks",
        SyncStatus::EarlyHeaders => "early_headers",
        SyncStatus::Synced => "synced",
    };
    let all = ["waiting_for_peers", "headers", "blocks", "early_headers", "synced"];
    let help = "How far the node has got: 1 for the state it is in";
    sheet.gauges("fedcoin_sync_state", help, "state", all.map(|one| (one, f64::from(one == state))))
}

fn mempool(sheet: &mut Sheet<'_>, node: &Node) -> fmt::Result {
    // Units a kilobyte, exact; a rate a byte may have three decimals.
    let minimum = node.minimum_fee_rate().of_kilobyte().units() as f64 / 1_000.0;
    sheet.gauge("fedcoin_mempool_payments", "Payments that wait", node.mempool().len() as f64)?;
    sheet.gauge("fedcoin_mempool_bytes", "Their encoded size", node.mempool().bytes() as f64)?;
    sheet.gauge("fedcoin_mempool_min_fee_units_per_byte", "Least fee rate of payments taken now", minimum)
}

fn peers(sheet: &mut Sheet<'_>, node: &Node) -> fmt::Result {
    let counts = node.peer_counts();
    let kinds = [
        ("outbound", counts.outbound),
        ("inbound_node", counts.inbound_nodes),
        ("inbound_tab", counts.inbound_tabs),
        ("in_passing", counts.in_passing),
    ];
    let help = "Connections: dialled by this node, by nodes, by tabs that nobody can dial, and those that come or go";
    sheet.gauges("fedcoin_peers", help, "kind", kinds.map(|(kind, count)| (kind, count as f64)))?;
    sheet.gauge(
        "fedcoin_banned_hosts",
        "Hosts of dishonest peers, banned from the last places",
        node.banned_hosts() as f64,
    )
}

fn mining_state(sheet: &mut Sheet<'_>, node: &Node) -> fmt::Result {
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
    let help = "Whether the node mines: 1 for the state it is in";
    sheet.gauges("fedcoin_mining_state", help, "state", all.map(|one| (one, f64::from(one == state))))
}

fn peers_clock(sheet: &mut Sheet<'_>, node: &Node) -> fmt::Result {
    let help = "How far this machine's clock is ahead of its peers', the median; below zero behind, NaN without a peer";
    let ahead = node.clock().map_or(f64::NAN, |clock| clock.ahead_ms as f64 / 1_000.0);
    sheet.gauge("fedcoin_clock_ahead_seconds", help, ahead)
}

fn refused(sheet: &mut Sheet<'_>, counters: &Counters, guests: &Guests, no_place: u64) -> fmt::Result {
    let (crowds, hurries) = guests.refused();
    let reasons = [
        (["address_full"], crowds),
        (["address_too_fast"], hurries),
        (["no_place"], no_place),
        (["no_room"], counters.guests_turned_away),
        (["banned"], counters.guests_banned),
    ];
    sheet.counters("fedcoin_connections_refused", "Connections refused, by reason", ["reason"], reasons)?;
    sheet.counter("fedcoin_peers_evicted", "Peers left to make room for newcomers", counters.peers_evicted as f64)?;
    let rules = counters.payments_refused.iter().map(|(rule, count)| ([*rule], *count));
    sheet.counters("fedcoin_payments_refused", "Payments that were not taken, by the rule's number", ["rule"], rules)
}

fn shared(sheet: &mut Sheet<'_>, cluster: &ClusterStatus) -> fmt::Result {
    let connected = f64::from(cluster.state() == ClusterState::Connected);
    sheet.gauge("fedcoin_cluster_connected", "Whether this member is connected to the cluster's server", connected)?;
    sheet.gauge("fedcoin_cluster_members", "Other members heard of lately", cluster.members() as f64)?;
    let messages = [(["sent"], cluster.sent()), (["received"], cluster.received()), (["dropped"], cluster.dropped())];
    sheet.counters("fedcoin_cluster_messages", "Messages to and from other members", ["what"], messages)
}
