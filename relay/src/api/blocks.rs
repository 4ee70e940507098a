use super::extract::{Body, Params};
use super::{AppState, Problem, stored};
use crate::driver::NodeHandle;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use fedcoin_node::SubmitError;
use fedcoin_node::primitives::{Block, BlockId, Coinbase, Header, Payment, TxId};
use fedcoin_node::units::Height;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Most blocks in one list.
const MAX_LISTED: u32 = 100;

/// A block of the primary chain without its body.
#[derive(Debug, Serialize)]
pub(super) struct BlockSummary {
    id: BlockId,
    height: Height,
    header: Header,
}

/// A whole block.
#[derive(Debug, Serialize)]
pub(super) struct BlockView {
    id: BlockId,
    height: Height,
    /// Whether it is on the primary chain.
    primary: bool,
    /// Blocks from it to the tip, itself included; 0 beside the primary chain.
    confirmations: u32,
    header: Header,
    coinbase: CoinbaseView,
    payments: Vec<PaymentView>,
}

#[derive(Debug, Serialize)]
struct CoinbaseView {
    txid: TxId,
    #[serde(flatten)]
    coinbase: Coinbase,
}

#[derive(Debug, Serialize)]
struct PaymentView {
    txid: TxId,
    #[serde(flatten)]
    payment: Payment,
}

#[derive(Debug, Deserialize)]
pub(super) struct Range {
    from: Option<u32>,
    limit: Option<u32>,
}

/// What a submitted block came to.
#[derive(Debug, Serialize)]
pub(super) struct SubmittedBlock {
    id: BlockId,
}

/// `GET /blocks?from=HEIGHT&limit=N`: lowest first; without `from` the last ones.
pub(super) async fn list(
    State(state): State<AppState>,
    Params(range): Params<Range>,
) -> Result<Json<Vec<BlockSummary>>, Problem> {
    let limit = range.limit.unwrap_or(20);
    if !(1..=MAX_LISTED).contains(&limit) {
        return Err(Problem::bad_request(format!("limit = {limit}: must be between 1 and {MAX_LISTED}")));
    }
    let node = state.node.read();
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

/// `GET /blocks/ID` or `GET /blocks/HEIGHT`
pub(super) async fn one(State(state): State<AppState>, Path(which): Path<String>) -> Result<Json<BlockView>, Problem> {
    stored::beside(Arc::clone(&state.reading), move || view(&state.node, &which).map(Json)).await
}

/// `POST /blocks`
pub(super) async fn submit(
    State(state): State<AppState>,
    Body(block): Body<Block>,
) -> Result<(StatusCode, Json<SubmittedBlock>), Problem> {
    let id = block.id();
    let verdict = state.node.submit_block(block).await.map_err(|e| Problem::unavailable(e.to_string()))?;
    match verdict {
        Ok(()) => Ok((StatusCode::CREATED, Json(SubmittedBlock { id }))),
        Err(SubmitError::Known) => Ok((StatusCode::OK, Json(SubmittedBlock { id }))),
        Err(error @ SubmitError::Orphan { .. }) => {
            Err(Problem::new(StatusCode::CONFLICT, "parent unknown", error.to_string()))
        }
        Err(SubmitError::Invalid(error)) => {
            let title = format!("the block breaks rule {}", error.rule());
            Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, &title, error.to_string()))
        }
        Err(error @ SubmitError::OnInvalidBlock) => {
            Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "the block builds on an invalid one", error.to_string()))
        }
        Err(error @ (SubmitError::TooManySideBranches | SubmitError::Busy { .. })) => {
            Err(Problem::unavailable(error.to_string()))
        }
    }
}

fn view(node: &NodeHandle, which: &str) -> Result<BlockView, Problem> {
    let id = find(node, which)?;
    let (info, tip) = {
        let node = node.read();
        (node.chain().block_info(&id), node.chain().tip())
    };
    let unknown = || Problem::not_found(format!("block {id} is not known here"));
    let info = info.ok_or_else(unknown)?;
    let block = stored::block(node, &id)?
        .ok_or_else(|| Problem::not_found(format!("of block {id} only the header is known here")))?;
    let confirmations = if info.primary { tip.height.above(info.height).saturating_add(1) } else { 0 };
    Ok(BlockView {
        id,
        height: info.height,
        primary: info.primary,
        confirmations,
        header: block.header,
        coinbase: CoinbaseView { txid: block.coinbase.txid(), coinbase: block.coinbase },
        payments: block.payments.into_iter().map(|payment| PaymentView { txid: payment.txid(), payment }).collect(),
    })
}

fn find(node: &NodeHandle, which: &str) -> Result<BlockId, Problem> {
    if which.len() < 11 && which.bytes().all(|b| b.is_ascii_digit()) {
        let height = which.parse().map_err(|_| Problem::bad_request(format!("`{which}` is no height")))?;
        let node = node.read();
        let tip = node.chain().tip().height;
        return node.chain().id_at(Height(height)).ok_or_else(|| {
            Problem::not_found(format!("there is no block at height {height} yet; the tip is at {tip}"))
        });
    }
    which.parse().map_err(|_| Problem::bad_request("a block is named by its height or its id of 64 hex digits"))
}
