use super::answers::{Always, BadRequest, PaymentRefused, TransactionUnknown};
use super::extract::{self, Body, Bounded, Params, Segment};
use super::{AppState, stored};
use crate::node_handle::NodeHandle;
use crate::problem::Problem;
use crate::schema;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use fedcoin_node::Node;
use fedcoin_node::mempool::{FeeEstimate, PoolError};
use fedcoin_node::primitives::{BlockId, Coinbase, Payment, TxId};
use fedcoin_node::units::Height;
use fedcoin_store::TxLocation;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// Maximum ids in one answer.
const MAX_LISTED: u32 = 10_000;
/// Ids in an answer without `limit`.
const USUALLY_LISTED: u32 = 1_000;

/// A transaction and its state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Transaction)]
pub struct TransactionView {
    /// The transaction's id.
    #[schema(value_type = schema::TxId)]
    pub txid: TxId,
    /// In the mempool or in a block.
    pub state: TransactionState,
    /// The block that contains it.
    #[schema(value_type = Option<schema::BlockId>, required)]
    pub block: Option<BlockId>,
    /// The height of that block.
    #[schema(value_type = Option<u32>, required)]
    pub height: Option<Height>,
    /// Number of blocks from that one to the tip, both included; 0 in the mempool.
    pub confirmations: u32,
    /// The payment, unless it is a coinbase.
    #[schema(value_type = Option<schema::Payment>, required)]
    pub payment: Option<Payment>,
    /// The coinbase, unless it is a payment.
    #[schema(value_type = Option<schema::Coinbase>, required)]
    pub coinbase: Option<Coinbase>,
}

/// The state of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TransactionState {
    /// In the mempool.
    Mempool,
    /// In a block of the primary chain.
    Confirmed,
}

/// An accepted payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SubmittedPayment)]
pub struct Submitted {
    /// The payment's id.
    #[schema(value_type = schema::TxId)]
    pub txid: TxId,
}

/// A page of the mempool.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Mempool)]
pub(super) struct MempoolView {
    /// Number of payments in the mempool.
    payments: usize,
    /// Their encoded size in bytes.
    bytes: usize,
    /// Ids in order of arrival.
    #[schema(value_type = Vec<schema::TxId>)]
    txids: Vec<TxId>,
}

/// A page of the mempool.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PoolPart {
    /// Number of ids to skip.
    #[param(value_type = u32, required = false, minimum = 0, default = 0, example = 0)]
    offset: Option<u32>,
    /// Maximum number of ids to return.
    #[param(value_type = u32, required = false, minimum = 1, maximum = 10_000, default = 1_000, example = 100)]
    limit: Option<u32>,
}

/// Options of a submitted payment.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Replacing {
    /// Whether it may replace waiting, replaceable payments that spend the same coins. Default: true. Set it to false
    /// unless you mean to replace: a conflict is then refused as `payment-conflict`, and other coins avoid it.
    #[param(value_type = bool, required = false, default = true, example = false)]
    replace: Option<bool>,
}

/// The requested transaction.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[allow(dead_code, reason = "describes the path, which is parsed by the handler")]
pub(super) struct TransactionPath {
    /// A transaction id.
    #[param(pattern = "^[0-9a-fA-F]{64}$")]
    txid: String,
}

impl Bounded for Payment {
    /// JSON takes less than three times the size that rule T3 allows.
    const MAX_BYTES: usize = 500_000;
}

/// The payments in the mempool
///
/// With more than 1,000 payments, pages after the first may be up to a second old.
#[utoipa::path(
    get,
    path = "/mempool",
    tag = "transactions",
    params(PoolPart),
    responses((status = 200, description = "Number, size and ids of the payments", body = MempoolView), BadRequest, Always)
)]
pub(super) async fn mempool(
    State(state): State<AppState>,
    Params(part): Params<PoolPart>,
) -> Result<Json<MempoolView>, Problem> {
    let limit = extract::within("limit", part.limit, USUALLY_LISTED, 1..=MAX_LISTED)?;
    let (offset, limit) = (part.offset.unwrap_or(0) as usize, limit as usize);
    let txids = if offset > 0 {
        let mempool = state.mempool.clone();
        let node = state.node.clone();
        let all = stored::beside(Arc::clone(&state.reading), move || Ok(mempool.txids(&node))).await?;
        all.iter().skip(offset).take(limit).copied().collect()
    } else {
        state.node.settled().await.mempool().txids().take(limit).collect()
    };
    let node = state.node.read();
    Ok(Json(MempoolView { payments: node.mempool().len(), bytes: node.mempool().bytes(), txids }))
}

/// Fee rates for mining within the next blocks
///
/// In units per byte; multiply by the size of the encoded payment. With more than 1,000 payments in the mempool, the
/// answer may be a second old.
#[utoipa::path(get, path = "/fees", tag = "transactions", responses((status = 200, description = "The fee rates", body = schema::FeeEstimate), Always))]
pub(super) async fn fees(State(state): State<AppState>) -> Result<Json<FeeEstimate>, Problem> {
    stored::beside(Arc::clone(&state.reading), move || Ok(Json(state.mempool.fees(&state.node)))).await
}

/// Submit a signed payment
///
/// Submitting a payment that already waits is not an error.
#[utoipa::path(
    post,
    path = "/transactions",
    tag = "transactions",
    operation_id = "submit_payment",
    params(Replacing),
    request_body = schema::Payment,
    responses(
        (status = 201, description = "The payment entered the mempool", body = Submitted),
        (status = 200, description = "The payment was already known", body = Submitted),
        PaymentRefused,
        Always
    )
)]
pub(super) async fn submit(
    State(state): State<AppState>,
    Params(Replacing { replace }): Params<Replacing>,
    Body(payment): Body<Payment>,
) -> Result<(StatusCode, Json<Submitted>), Problem> {
    let txid = payment.txid();
    let verdict = state
        .node
        .submit_payment(payment, replace.unwrap_or(true))
        .await
        .map_err(|e| Problem::unavailable(e.to_string()))?;
    match verdict {
        Ok(()) => Ok((StatusCode::CREATED, Json(Submitted { txid }))),
        Err(PoolError::Known) => Ok((StatusCode::OK, Json(Submitted { txid }))),
        Err(error) => {
            tracing::info!("payment {} refused: {error}", &txid.to_string()[..8]);
            Err(error.into())
        }
    }
}

/// A transaction and its state
///
/// A transaction in the mempool or on the primary chain. For a recently dropped payment, the answer states the reason.
#[utoipa::path(
    get,
    path = "/transactions/{txid}",
    tag = "transactions",
    operation_id = "transaction",
    params(TransactionPath),
    responses((status = 200, description = "The transaction", body = TransactionView), TransactionUnknown, Always)
)]
pub(super) async fn one(
    State(state): State<AppState>,
    Segment(txid): Segment,
) -> Result<Json<TransactionView>, Problem> {
    let txid = txid.parse::<TxId>().map_err(|e| Problem::bad_request(e.to_string()))?;
    if let Some(view) = waiting(&*state.node.settled().await, txid) {
        return Ok(Json(view));
    }
    stored::beside(Arc::clone(&state.reading), move || {
        // Look in the mempool again: the payment may have come back from a disconnected block meanwhile.
        let found = mined(&state.node, txid)?.or_else(|| waiting(&state.node.settled_blocking(), txid));
        let unknown = || Problem::not_found(format!("transaction {txid} is not in the mempool or the chain"));
        found.map(Json).ok_or_else(|| state.feed.dropped(&txid).map_or_else(unknown, Problem::dropped))
    })
    .await
}

/// The transaction, if it is in the mempool.
fn waiting(node: &Node, txid: TxId) -> Option<TransactionView> {
    let payment = node.mempool().get(&txid)?.clone();
    Some(TransactionView {
        txid,
        state: TransactionState::Mempool,
        block: None,
        height: None,
        confirmations: 0,
        payment: Some(payment),
        coinbase: None,
    })
}

/// The transaction, if it is in the chain. Blocking.
fn mined(node: &NodeHandle, txid: TxId) -> Result<Option<TransactionView>, Problem> {
    for TxLocation { height, position } in node.store().transaction(&txid).map_err(stored::failed)? {
        let (id, tip) = {
            let node = node.settled_blocking();
            (node.chain().id_at(height), node.chain().tip().height)
        };
        let Some(id) = id else { continue };
        let Some(block) = stored::block(node, &id)? else { continue };
        let (payment, coinbase) = match position.checked_sub(1) {
            None => (None, Some(block.coinbase)),
            Some(at) => (block.payments.into_iter().nth(at as usize), None),
        };
        let found = payment.as_ref().map(Payment::txid).or(coinbase.as_ref().map(Coinbase::txid));
        if found == Some(txid) {
            return Ok(Some(TransactionView {
                txid,
                state: TransactionState::Confirmed,
                block: Some(id),
                height: Some(height),
                confirmations: tip.above(height).saturating_add(1),
                payment,
                coinbase,
            }));
        }
    }
    Ok(None)
}
