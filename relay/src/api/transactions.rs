use super::extract::Body;
use super::{AppState, Problem, stored};
use crate::driver::NodeHandle;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use fedcoin_node::mempool::{FeeEstimate, PoolError};
use fedcoin_node::primitives::{BlockId, Coinbase, Payment, TxId};
use fedcoin_node::units::Height;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Blocks from the tip downwards that are looked through for a transaction.
const BLOCKS_SEARCHED: u32 = 1_000;

/// A transaction and where it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TransactionView {
    /// Its id.
    pub txid: TxId,
    /// Waiting or in a block.
    pub state: TransactionState,
    /// The block that holds it.
    pub block: Option<BlockId>,
    /// That block's height.
    pub height: Option<Height>,
    /// Blocks from that one to the tip, itself included; 0 in the mempool.
    pub confirmations: u32,
    /// What was paid, if it is a payment.
    pub payment: Option<Payment>,
    /// What the miner got, if it is a coinbase.
    pub coinbase: Option<Coinbase>,
}

/// Where a transaction stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransactionState {
    /// It waits for a block.
    Mempool,
    /// It is in a block of the primary chain.
    Confirmed,
}

/// A payment that the node has taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submitted {
    /// Its id.
    pub txid: TxId,
}

/// The mempool.
#[derive(Debug, Serialize)]
pub(super) struct MempoolView {
    payments: usize,
    bytes: usize,
    /// In the order in which they came.
    txids: Vec<TxId>,
}

/// `GET /mempool`
pub(super) async fn mempool(State(state): State<AppState>) -> Json<MempoolView> {
    let node = state.node.read();
    let pool = node.mempool();
    Json(MempoolView { payments: pool.len(), bytes: pool.bytes(), txids: pool.txids().collect() })
}

/// `GET /fees`: which fee rates, in units a byte, get a payment into the next blocks.
pub(super) async fn fees(State(state): State<AppState>) -> Result<Json<FeeEstimate>, Problem> {
    stored::beside(Arc::clone(&state.reading), move || Ok(Json(state.node.read().fee_estimate()))).await
}

/// `POST /transactions`: a signed payment. Sending one again that waits already is no mistake.
pub(super) async fn submit(
    State(state): State<AppState>,
    Body(payment): Body<Payment>,
) -> Result<(StatusCode, Json<Submitted>), Problem> {
    let txid = payment.txid();
    let verdict = state.node.submit_payment(payment).await.map_err(|e| Problem::unavailable(e.to_string()))?;
    match verdict {
        Ok(()) => Ok((StatusCode::CREATED, Json(Submitted { txid }))),
        Err(PoolError::Known) => Ok((StatusCode::OK, Json(Submitted { txid }))),
        Err(error) => {
            let status = match error {
                PoolError::Conflict { .. } | PoolError::MissingInputs { .. } => StatusCode::CONFLICT,
                ref error if error.is_temporary() => StatusCode::SERVICE_UNAVAILABLE,
                _ => StatusCode::UNPROCESSABLE_ENTITY,
            };
            Err(Problem::new(status, &format!("the payment breaks rule {}", error.rule()), error.to_string()))
        }
    }
}

/// `GET /transactions/TXID`
pub(super) async fn one(
    State(state): State<AppState>,
    Path(txid): Path<String>,
) -> Result<Json<TransactionView>, Problem> {
    let txid = txid.parse::<TxId>().map_err(|e| Problem::bad_request(e.to_string()))?;
    if let Some(payment) = state.node.read().mempool().get(&txid) {
        return Ok(Json(TransactionView {
            txid,
            state: TransactionState::Mempool,
            block: None,
            height: None,
            confirmations: 0,
            payment: Some(payment.clone()),
            coinbase: None,
        }));
    }
    stored::beside(Arc::clone(&state.reading), move || search(&state.node, txid).map(Json)).await
}

/// Looks through the last blocks, newest first.
fn search(node: &NodeHandle, txid: TxId) -> Result<TransactionView, Problem> {
    let tip = node.read().chain().tip().height;
    for height in (0..=tip.0).rev().take(BLOCKS_SEARCHED as usize).map(Height) {
        // The chain may move meanwhile; then a block is missed or seen twice, and asked for again.
        let Some(id) = node.read().chain().id_at(height) else { continue };
        let Some(block) = stored::block(node, &id)? else { continue };
        let coinbase = (block.coinbase.txid() == txid).then_some(block.coinbase);
        let payment = block.payments.into_iter().find(|p| p.txid() == txid);
        if coinbase.is_some() || payment.is_some() {
            return Ok(TransactionView {
                txid,
                state: TransactionState::Confirmed,
                block: Some(id),
                height: Some(height),
                confirmations: tip.above(height).saturating_add(1),
                payment,
                coinbase,
            });
        }
    }
    Err(Problem::not_found(format!(
        "transaction {txid} is neither in the mempool nor in the last {BLOCKS_SEARCHED} blocks; it may be older, or \
         unknown here"
    )))
}
