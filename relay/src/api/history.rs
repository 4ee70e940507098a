use super::addresses::OwnerPath;
use super::answers::{Always, BadRequest};
use super::extract::{self, Params, Segment};
use super::{AppState, stored};
use crate::node_handle::NodeHandle;
use crate::problem::Problem;
use crate::schema;
use axum::Json;
use axum::extract::State;
use fedcoin_node::ledger::Undo;
use fedcoin_node::primitives::{Address, Block, BlockId, OutPoint, Payment, TxId};
use fedcoin_node::units::{Amount, Height, Timestamp};
use fedcoin_store::TxLocation;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// Maximum transactions in one answer; each may require reading a block.
const MAX_LISTED: u32 = 100;
/// Transactions in an answer without `limit`.
const USUALLY_LISTED: u32 = 25;

/// A page of an address's transactions.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = History)]
pub(super) struct HistoryView {
    #[schema(value_type = schema::Address)]
    address: Address,
    /// Its payments in the mempool, at most `limit`; on the first page only.
    #[schema(value_type = Vec<schema::TxId>)]
    waiting: Vec<TxId>,
    /// Its transactions in the chain, newest first.
    transactions: Vec<HistoryEntry>,
    /// The value of `before` for the next page; null on the last page.
    #[schema(required, pattern = "^[0-9]{1,10}-[0-9]{1,10}$")]
    next: Option<String>,
}

/// The effect of one transaction on an address.
#[derive(Debug, Serialize, ToSchema)]
struct HistoryEntry {
    #[schema(value_type = schema::TxId)]
    txid: TxId,
    /// The block that contains it.
    #[schema(value_type = schema::BlockId)]
    block: BlockId,
    #[schema(value_type = u32)]
    height: Height,
    /// The block's time, in milliseconds since 1970.
    #[schema(value_type = u64)]
    time: Timestamp,
    /// Whether it is a coinbase.
    coinbase: bool,
    /// Amount paid to the address, change included.
    #[schema(value_type = schema::Amount)]
    received: Amount,
    /// Amount spent from the address's coins, fee included.
    #[schema(value_type = schema::Amount)]
    spent: Amount,
}

/// A page of the history.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct HistoryPart {
    /// Only entries before this position: the `next` of the previous page.
    #[param(value_type = String, required = false, pattern = "^[0-9]{1,10}-[0-9]{1,10}$", example = "12-1")]
    before: Option<String>,
    /// Maximum number of entries to return.
    #[param(value_type = u32, required = false, minimum = 1, maximum = 100, default = 25, example = 25)]
    limit: Option<u32>,
}

/// The transactions of an address, newest first
///
/// Transactions in the chain, in pages. The first page also lists payments in the mempool.
#[utoipa::path(
    get,
    path = "/addresses/{address}/transactions",
    tag = "addresses",
    operation_id = "history",
    params(OwnerPath, HistoryPart),
    responses((status = 200, description = "A page of the history", body = HistoryView), BadRequest, Always)
)]
pub(super) async fn history(
    State(state): State<AppState>,
    Segment(address): Segment,
    Params(part): Params<HistoryPart>,
) -> Result<Json<HistoryView>, Problem> {
    let address = extract::address(&address)?;
    let limit = extract::within("limit", part.limit, USUALLY_LISTED, 1..=MAX_LISTED)? as usize;
    let before = part.before.as_deref().map(place).transpose()?;
    stored::beside(Arc::clone(&state.reading), move || page(&state.node, address, before, limit).map(Json)).await
}

/// Reads `HEIGHT-POSITION`.
fn place(text: &str) -> Result<TxLocation, Problem> {
    let number = |digits: &str| if digits.bytes().all(|b| b.is_ascii_digit()) { digits.parse().ok() } else { None };
    let read = || {
        let (height, position) = text.split_once('-')?;
        Some(TxLocation { height: Height(number(height)?), position: number(position)? })
    };
    read().ok_or_else(|| Problem::bad_request("before: must be the `next` of the previous page, such as 12-1"))
}

fn page(node: &NodeHandle, address: Address, before: Option<TxLocation>, limit: usize) -> Result<HistoryView, Problem> {
    let waiting = match before {
        None => node
            .settled_blocking()
            .mempool()
            .pending(&address)
            .take(limit)
            .map(|entry| entry.payment().txid())
            .collect(),
        Some(_) => Vec::new(),
    };
    let places = node.store().history(&address, before, limit).map_err(stored::failed)?;
    let last = places.last().filter(|_| places.len() == limit);
    let next = last.map(|TxLocation { height, position }| format!("{height}-{position}"));
    let (mut transactions, mut open) = (Vec::new(), None::<OpenBlock>);
    for place in places {
        if open.as_ref().is_none_or(|block| block.height != place.height) {
            open = OpenBlock::load(node, place.height)?;
        }
        // `None` if the chain has just changed, or if the index entry belongs to another address with the same prefix.
        transactions.extend(open.as_ref().and_then(|block| block.entry(&address, place.position)));
    }
    Ok(HistoryView { address, waiting, transactions, next })
}

/// A block of the chain, with the outputs that it spends.
struct OpenBlock {
    id: BlockId,
    height: Height,
    block: Block,
    spent: HashMap<OutPoint, Amount>,
}

impl OpenBlock {
    /// Loads the block at this height. Blocking.
    fn load(node: &NodeHandle, height: Height) -> Result<Option<Self>, Problem> {
        let Some(id) = node.settled_blocking().chain().id_at(height) else { return Ok(None) };
        let Some((block, Undo { spent, .. })) = stored::with_undo(node, &id)? else { return Ok(None) };
        let earlier = spent.into_iter().map(|(outpoint, utxo)| (outpoint, utxo.output.amount));
        let own = block.payments.iter().flat_map(Payment::outputs).map(|(outpoint, output)| (outpoint, output.amount));
        let spent = earlier.chain(own).collect();
        Ok(Some(Self { id, height, block, spent }))
    }

    /// The effect of the transaction at this position on the address, if any.
    fn entry(&self, address: &Address, position: u32) -> Option<HistoryEntry> {
        let entry = |txid, coinbase, received, spent| HistoryEntry {
            txid,
            block: self.id,
            height: self.height,
            time: self.block.header.time,
            coinbase,
            received,
            spent,
        };
        let Some(at) = position.checked_sub(1) else {
            let coinbase = &self.block.coinbase;
            let own = coinbase.output.recipient == *address;
            return own.then(|| entry(coinbase.txid(), true, coinbase.output.amount, Amount::ZERO));
        };
        let payment = self.block.payments.get(at as usize)?;
        let unsigned = &payment.unsigned;
        let sends = unsigned.sender.address() == *address;
        let mut own = unsigned.outputs.iter().filter(|output| output.recipient == *address).peekable();
        if !sends && own.peek().is_none() {
            return None;
        }
        let received = Amount::saturating_sum(own.map(|output| output.amount));
        let inputs = unsigned.inputs.iter().filter(|_| sends);
        let spent = Amount::saturating_sum(inputs.filter_map(|outpoint| self.spent.get(outpoint).copied()));
        Some(entry(payment.txid(), false, received, spent))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_read_and_written() {
        assert_eq!(place("12-3"), Ok(TxLocation { height: Height(12), position: 3 }));
        for text in ["", "12", "-", "1-", "-1", "+1-2", "1-2-3", "5000000000-1", "a-b"] {
            assert!(place(text).is_err(), "{text}");
        }
    }
}
