use super::answers::{Always, BadRequest, BlockRefused, NotFound};
use super::extract::{self, Body, Bounded, Params, Segment};
use super::{AppState, stored};
use crate::node_handle::NodeHandle;
use crate::problem::Problem;
use crate::schema;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use fedcoin_node::SubmitError;
use fedcoin_node::primitives::{Block, BlockId, Header, Output, Payment, Signature, StateRoots, TxId, UnsignedPayment};
use fedcoin_node::units::Height;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// Maximum blocks in one list.
const MAX_LISTED: u32 = 100;
/// Blocks in a list without `limit`.
const USUALLY_LISTED: u32 = 20;

/// A block of the primary chain without its body.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BlockSummary {
    #[schema(value_type = schema::BlockId)]
    id: BlockId,
    #[schema(value_type = u32)]
    height: Height,
    #[schema(value_type = schema::Header)]
    header: Header,
}

/// A whole block.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BlockView {
    #[schema(value_type = schema::BlockId)]
    id: BlockId,
    #[schema(value_type = u32)]
    height: Height,
    /// Whether the block is on the primary chain.
    primary: bool,
    /// Number of blocks from this one to the tip, both included; 0 on a side branch.
    confirmations: u32,
    #[schema(value_type = schema::Header)]
    header: Header,
    #[schema(value_type = schema::StateRoots)]
    roots: StateRoots,
    coinbase: CoinbaseView,
    payments: Vec<PaymentView>,
}

/// A block's coinbase with its id.
#[derive(Debug, Serialize, ToSchema)]
struct CoinbaseView {
    #[schema(value_type = schema::TxId)]
    txid: TxId,
    #[schema(value_type = u32)]
    height: Height,
    #[schema(value_type = schema::Output)]
    output: Output,
}

/// A payment with its id.
#[derive(Debug, Serialize, ToSchema)]
struct PaymentView {
    #[schema(value_type = schema::TxId)]
    txid: TxId,
    #[schema(value_type = schema::UnsignedPayment)]
    unsigned: UnsignedPayment,
    #[schema(value_type = schema::Signature)]
    signature: Signature,
}

impl From<Payment> for PaymentView {
    fn from(payment: Payment) -> Self {
        Self { txid: payment.txid(), unsigned: payment.unsigned, signature: payment.signature }
    }
}

/// A range of blocks.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Range {
    /// The lowest height. Without it, the list ends at the tip.
    #[param(value_type = u32, required = false, minimum = 0, maximum = 4_294_967_295_u32, example = 0)]
    from: Option<u32>,
    /// Maximum number of entries to return.
    #[param(value_type = u32, required = false, minimum = 1, maximum = 100, default = 20, example = 20)]
    limit: Option<u32>,
}

/// The requested block.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[allow(dead_code, reason = "describes the path, which is parsed by the handler")]
pub(super) struct BlockPath {
    /// A height on the primary chain, or a block id.
    #[param(pattern = "^([0-9]{1,10}|[0-9a-fA-F]{64})$", example = "0")]
    block: String,
}

/// The answer to a submitted block.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SubmittedBlock {
    #[schema(value_type = schema::BlockId)]
    id: BlockId,
}

impl Bounded for Block {
    const MAX_BYTES: usize = 5_000_000;
}

/// Blocks of the primary chain, lowest first
#[utoipa::path(
    get,
    path = "/blocks",
    tag = "chain",
    operation_id = "blocks",
    params(Range),
    responses((status = 200, description = "The blocks, without their bodies", body = Vec<BlockSummary>), BadRequest, Always)
)]
pub(super) async fn list(
    State(state): State<AppState>,
    Params(range): Params<Range>,
) -> Result<Json<Vec<BlockSummary>>, Problem> {
    let limit = extract::within("limit", range.limit, USUALLY_LISTED, 1..=MAX_LISTED)?;
    let node = state.node.settled().await;
    let chain = node.chain();
    let from = range.from.unwrap_or(chain.tip().height.next().back(limit).0);
    let heights = (from..from.saturating_add(limit)).map(Height);
    let ids = heights.map_while(|height| Some((height, chain.id_at(height)?)));
    let summaries = ids.filter_map(|(height, id)| {
        let header = chain.block_info(&id)?.header;
        Some(BlockSummary { id, height, header })
    });
    Ok(Json(summaries.collect()))
}

/// A whole block
///
/// By height on the primary chain, or by id on any branch.
#[utoipa::path(
    get,
    path = "/blocks/{block}",
    tag = "chain",
    operation_id = "block",
    params(BlockPath),
    responses((status = 200, description = "The block", body = BlockView), NotFound, Always)
)]
pub(super) async fn one(State(state): State<AppState>, Segment(which): Segment) -> Result<Json<BlockView>, Problem> {
    stored::beside(Arc::clone(&state.reading), move || view(&state.node, &which).map(Json)).await
}

/// Submit a block
///
/// For external miners. The node checks, stores and announces it like a block from a peer.
#[utoipa::path(
    post,
    path = "/blocks",
    tag = "chain",
    operation_id = "submit_block",
    request_body = schema::Block,
    responses(
        (status = 201, description = "Kept", body = SubmittedBlock),
        (status = 200, description = "The block was already known", body = SubmittedBlock),
        BlockRefused,
        Always
    )
)]
pub(super) async fn submit(
    State(state): State<AppState>,
    Body(block): Body<Block>,
) -> Result<(StatusCode, Json<SubmittedBlock>), Problem> {
    let id = block.id();
    let verdict = state.node.submit_block(block).await.map_err(|e| Problem::unavailable(e.to_string()))?;
    match verdict {
        Ok(()) => Ok((StatusCode::CREATED, Json(SubmittedBlock { id }))),
        Err(SubmitError::Known) => Ok((StatusCode::OK, Json(SubmittedBlock { id }))),
        Err(error) => Err(error.into()),
    }
}

fn view(node: &NodeHandle, which: &str) -> Result<BlockView, Problem> {
    let id = find(node, which)?;
    let (info, tip) = {
        let node = node.settled_blocking();
        (node.chain().block_info(&id), node.chain().tip())
    };
    let unknown = || Problem::not_found(format!("block {id} is not known here"));
    let info = info.ok_or_else(unknown)?;
    let block = stored::block(node, &id)?
        .ok_or_else(|| Problem::not_found(format!("only the header of block {id} is known here")))?;
    let confirmations = if info.primary { tip.height.above(info.height).saturating_add(1) } else { 0 };
    Ok(BlockView {
        id,
        height: info.height,
        primary: info.primary,
        confirmations,
        header: block.header,
        roots: block.roots,
        coinbase: CoinbaseView {
            txid: block.coinbase.txid(),
            height: block.coinbase.height,
            output: block.coinbase.output,
        },
        payments: block.payments.into_iter().map(PaymentView::from).collect(),
    })
}

fn find(node: &NodeHandle, which: &str) -> Result<BlockId, Problem> {
    if which.len() < 11 && which.bytes().all(|b| b.is_ascii_digit()) {
        let height = which.parse().map_err(|_| Problem::bad_request(format!("`{which}` is not a height")))?;
        let node = node.settled_blocking();
        let tip = node.chain().tip().height;
        return node.chain().id_at(Height(height)).ok_or_else(|| {
            Problem::not_found(format!("there is no block at height {height} yet; the tip is at {tip}"))
        });
    }
    which.parse().map_err(|_| Problem::bad_request("name a block by its height or by its id of 64 hex digits"))
}
