use super::{AppState, Problem, stored};
use axum::Json;
use axum::extract::State;
use fedcoin_node::primitives::{BlockId, NetworkId};
use fedcoin_node::units::{Amount, Height};
use fedcoin_node::{MiningStatus, SyncStatus, TipInfo};
use serde::Serialize;
use std::sync::Arc;

/// The node's state in one look.
#[derive(Debug, Serialize)]
pub(super) struct StatusView {
    version: &'static str,
    network: String,
    network_id: NetworkId,
    uptime_s: u64,
    tip: TipInfo,
    /// Blocks on the primary chain, genesis included.
    chain_length: u64,
    sync: SyncView,
    peers: usize,
    mempool_payments: u32,
    mempool_bytes: u64,
    supply: Amount,
    utxos: u32,
    side_blocks: u32,
    orphans: u32,
    mining: MiningView,
    mining_threads: usize,
    /// Completed hashes a second over the last seconds.
    hash_rate: u64,
}

#[derive(Debug, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
enum SyncView {
    WaitingForPeers,
    Headers { height: Height },
    Blocks { height: Height, target: Height },
    Synced,
}

#[derive(Debug, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
enum MiningView {
    Off,
    Syncing,
    CheckingBlock { id: BlockId },
    NothingToMine,
    Mining { height: Height, payments: u32, reward: Amount },
}

/// `GET /status`
pub(super) async fn status(State(state): State<AppState>) -> Json<StatusView> {
    let status = state.node.read().status();
    Json(StatusView {
        version: env!("CARGO_PKG_VERSION"),
        network: status.network,
        network_id: status.network_id,
        uptime_s: state.started.elapsed().as_secs(),
        tip: status.tip,
        chain_length: u64::from(status.tip.height.0) + 1,
        sync: status.sync.into(),
        peers: status.peers.len(),
        mempool_payments: status.mempool_payments,
        mempool_bytes: status.mempool_bytes,
        supply: status.supply,
        utxos: status.utxos,
        side_blocks: status.side_blocks,
        orphans: status.orphans,
        mining: status.mining.into(),
        mining_threads: state.miner.threads(),
        hash_rate: state.hash_rate.per_second(),
    })
}

/// The ledger's state, for comparing nodes.
#[derive(Debug, Serialize)]
pub(super) struct LedgerView {
    tip: BlockId,
    height: Height,
    utxos: usize,
    supply: Amount,
    /// SHA-256 over all unspent outputs, in hex.
    state_hash: String,
}

/// `GET /ledger`
pub(super) async fn ledger(State(state): State<AppState>) -> Result<Json<LedgerView>, Problem> {
    stored::beside(Arc::clone(&state.reading), move || {
        let node = state.node.read();
        let (tip, utxos) = (node.chain().tip(), node.chain().utxos());
        Ok(Json(LedgerView {
            tip: tip.id,
            height: tip.height,
            utxos: utxos.len(),
            supply: utxos.supply(),
            state_hash: hex::encode(utxos.state_hash()),
        }))
    })
    .await
}

impl From<SyncStatus> for SyncView {
    fn from(status: SyncStatus) -> Self {
        match status {
            SyncStatus::WaitingForPeers => Self::WaitingForPeers,
            SyncStatus::Headers { height } => Self::Headers { height },
            SyncStatus::Blocks { height, target } => Self::Blocks { height, target },
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
            MiningStatus::NothingToMine => Self::NothingToMine,
            MiningStatus::Mining { height, payments, reward, .. } => Self::Mining { height, payments, reward },
        }
    }
}
