use fedcoin_node::codec;
use fedcoin_node::ledger::Undo;
use fedcoin_node::primitives::{Block, BlockId, OutPoint, Output};
use fedcoin_store::{Store, StoreError};
use std::collections::BTreeMap;

/// Outputs by outpoint: those that payments spend.
pub(super) type Spent = BTreeMap<OutPoint, Output>;

/// A stored block with the outputs that it spends, as far as they are known.
///
/// # Errors
/// [`StoreError`].
pub(super) fn read_with_spent(store: &Store, id: &BlockId) -> Result<Option<(Block, Spent)>, StoreError> {
    let Some(loaded) = store.load(&[*id])?.pop().flatten() else { return Ok(None) };
    let corrupt = |e: codec::DecodeError| StoreError::Corrupt { problem: format!("block {id}: {e}") };
    let block: Block = codec::decode(&loaded.block).map_err(corrupt)?;
    let undo = loaded.undo.as_deref().map(codec::decode::<Undo>).transpose().map_err(corrupt)?;
    let before = undo.into_iter().flat_map(|undo| undo.spent).map(|(outpoint, utxo)| (outpoint, utxo.output));
    let own = block.payments.iter().flat_map(|payment| payment.outputs()).map(|(outpoint, output)| (outpoint, *output));
    let spent = before.chain(own).collect();
    Ok(Some((block, spent)))
}
