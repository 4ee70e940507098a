use super::AppState;
use super::answers::Always;
use crate::clock;
use crate::cluster::{ClusterState, ClusterStatus};
use crate::page;
use crate::problem::Problem;
use crate::schema;
use axum::Json;
use axum::extract::State;
use fedcoin_node::primitives::{BlockId, NetworkId};
use fedcoin_node::units::{Amount, CompactTarget, Height, Timestamp};
use fedcoin_node::{ClockComparison, MiningStatus, Node, SyncStatus, TipInfo};
use serde::Serialize;
use utoipa::ToSchema;

/// The node's state.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Status)]
pub(super) struct StatusView {
    /// The program's version.
    version: &'static str,
    /// The build of the page that it serves, a digest of all its files; the page shows it too.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    page_build: Option<String>,
    /// The network's name.
    #[schema(example = "classroom")]
    network: String,
    #[schema(value_type = schema::NetworkId)]
    network_id: NetworkId,
    /// Seconds since the node was started.
    uptime_s: u64,
    #[schema(value_type = schema::TipInfo)]
    tip: TipInfo,
    /// Number of blocks on the primary chain, genesis included.
    chain_length: u64,
    /// The target of the next block if it were found now (rule H4).
    #[schema(value_type = schema::CompactTarget)]
    next_target: CompactTarget,
    sync: SyncView,
    /// Peers with a complete handshake.
    peers: usize,
    /// Payments in the mempool.
    mempool_payments: u32,
    /// Encoded size of the payments in the mempool.
    mempool_bytes: u64,
    /// All FED in existence.
    #[schema(value_type = schema::Amount)]
    supply: Amount,
    /// Number of unspent outputs.
    utxos: u32,
    /// Number of blocks on side branches.
    side_blocks: u32,
    /// Number of blocks with unknown parents.
    orphans: u32,
    mining: MiningView,
    /// This machine's clock compared with the peers' clocks; absent without peers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    clock: Option<ClockView>,
    /// Number of mining threads.
    mining_threads: usize,
    /// Hashes per second, averaged over the last seconds.
    hash_rate: u64,
    /// State of the cluster of the operator's nodes, if this node is a member.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    cluster: Option<ClusterView>,
}

/// This machine's clock compared with the peers' clocks (rule M10).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Clock)]
struct ClockView {
    /// Median lead of this machine's clock over the peers' clocks; negative if it is behind.
    ahead_ms: i64,
    /// Number of peers, or of network groups, that the median covers.
    votes: u32,
    /// Whether the difference exceeds a minute.
    differs: bool,
    /// Whether mining uses the peers' time.
    counts: bool,
}

impl From<ClockComparison> for ClockView {
    fn from(clock: ClockComparison) -> Self {
        Self { ahead_ms: clock.ahead_ms, votes: clock.votes, differs: clock.differs(), counts: clock.counts }
    }
}

/// State of the cluster of the operator's nodes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Cluster)]
struct ClusterView {
    /// Membership: `connecting`, `connected`, or `payload_too_small`.
    #[schema(example = "connected")]
    state: &'static str,
    /// Other members that have said hello lately.
    members: usize,
    /// Messages sent to members.
    sent: u64,
    /// Messages of other members passed to the node.
    received: u64,
    /// Messages dropped: invalid, too large, too many, or not sent.
    dropped: u64,
}

impl From<&ClusterStatus> for ClusterView {
    fn from(status: &ClusterStatus) -> Self {
        let state = match status.state() {
            ClusterState::Connecting => "connecting",
            ClusterState::Connected => "connected",
            ClusterState::PayloadTooSmall { .. } => "payload_too_small",
        };
        Self {
            state,
            members: status.members(),
            sent: status.sent(),
            received: status.received(),
            dropped: status.dropped(),
        }
    }
}

/// How far the node is behind the best chain it has heard of.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Sync)]
#[serde(tag = "state", rename_all = "snake_case")]
enum SyncView {
    /// Neighbours are configured, and none is connected.
    WaitingForPeers,
    /// Downloading headers; `height` is that of the best header.
    Headers {
        #[schema(value_type = u32)]
        height: Height,
    },
    /// Downloading and checking blocks: checked up to `height`, known up to `target`.
    Blocks {
        #[schema(value_type = u32)]
        height: Height,
        #[schema(value_type = u32)]
        target: Height,
    },
    /// Peers have headers that are too early by this machine's clock but not by theirs: this clock is behind.
    EarlyHeaders,
    /// In sync with all connected peers.
    Synced,
}

/// Whether the node mines, and if not, why.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Mining)]
#[serde(tag = "state", rename_all = "snake_case")]
enum MiningView {
    /// Mining is off.
    Off,
    /// The node is not in sync: it would mine on an old block.
    Syncing,
    /// The node is checking a better block.
    CheckingBlock {
        #[schema(value_type = schema::BlockId)]
        id: BlockId,
    },
    /// Blocks of others are refused, because this machine's clock is behind.
    ClockBehind,
    /// The last blocks are dated so far ahead that other nodes accept no block on top of them before this time.
    ChainAhead {
        #[schema(value_type = u64)]
        until: Timestamp,
    },
    /// The mempool is empty.
    NothingToMine,
    /// The node mines the block of this height.
    Mining {
        #[schema(value_type = u32)]
        height: Height,
        payments: u32,
        #[schema(value_type = schema::Amount)]
        reward: Amount,
    },
}

/// The node's state
#[utoipa::path(get, path = "/status", tag = "node", responses((status = 200, description = "The state", body = StatusView), Always))]
pub(super) async fn status(State(state): State<AppState>) -> Json<StatusView> {
    let (status, next) = {
        let node = state.node.settled().await;
        (node.status(), node.chain().next_header())
    };
    Json(StatusView {
        version: env!("CARGO_PKG_VERSION"),
        page_build: page::build(&*state.page),
        network: status.network,
        network_id: status.network_id,
        uptime_s: state.started.elapsed().as_secs(),
        tip: status.tip,
        chain_length: u64::from(status.tip.height.0) + 1,
        next_target: next.target.at(clock::wall()),
        sync: status.sync.into(),
        peers: status.peers.len(),
        mempool_payments: status.mempool_payments,
        mempool_bytes: status.mempool_bytes,
        supply: status.supply,
        utxos: status.utxos,
        side_blocks: status.side_blocks,
        orphans: status.orphans,
        mining: status.mining.into(),
        clock: status.clock.map(ClockView::from),
        mining_threads: state.miners.threads(),
        hash_rate: state.hash_rate.per_second(),
        cluster: state.cluster.as_deref().map(ClusterView::from),
    })
}

/// The state of the ledger, for comparing nodes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Ledger)]
pub(super) struct LedgerView {
    #[schema(value_type = schema::BlockId)]
    tip: BlockId,
    #[schema(value_type = u32)]
    height: Height,
    /// Number of unspent outputs.
    utxos: usize,
    #[schema(value_type = schema::Amount)]
    supply: Amount,
    /// SHA-256 of all unspent outputs, in hex.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    state_hash: String,
}

/// The ledger's state as one hash
///
/// Nodes with the same hash agree about all unspent outputs.
#[utoipa::path(get, path = "/ledger", tag = "chain", responses((status = 200, description = "The ledger's state", body = LedgerView), Always))]
pub(super) async fn ledger(State(state): State<AppState>) -> Result<Json<LedgerView>, Problem> {
    let (state_hash, (tip, utxos, supply)) = state.coins.state_hash(state.node, totals).await?;
    let state_hash = hex::encode(state_hash);
    Ok(Json(LedgerView { tip: tip.id, height: tip.height, utxos, supply, state_hash }))
}

fn totals(node: &Node) -> (TipInfo, usize, Amount) {
    let chain = node.chain();
    (chain.tip(), chain.utxos().len(), chain.utxos().supply())
}

impl From<SyncStatus> for SyncView {
    fn from(status: SyncStatus) -> Self {
        match status {
            SyncStatus::WaitingForPeers => Self::WaitingForPeers,
            SyncStatus::Headers { height } => Self::Headers { height },
            SyncStatus::Blocks { height, target } => Self::Blocks { height, target },
            SyncStatus::EarlyHeaders => Self::EarlyHeaders,
            SyncStatus::Synced => Self::Synced,
        }
    }
}

impl From<MiningStatus> for MiningView {
    fn from(status: MiningStatus) -> Self {
        match status {
            MiningStatus::Off => Self::Off,
            MiningStatus::Syncing => Self::Syncing,
            MiningStatus::CheckingBlock { id } => Self::CheckingBlock { id },
            MiningStatus::ClockBehind => Self::ClockBehind,
            MiningStatus::ChainAhead { until } => Self::ChainAhead { until },
            MiningStatus::NothingToMine => Self::NothingToMine,
            MiningStatus::Mining { height, payments, reward, .. } => Self::Mining { height, payments, reward },
        }
    }
}
