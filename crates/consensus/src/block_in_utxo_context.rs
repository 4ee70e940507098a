use super::{BlockError, ChainParams, Commitments, SoundBlock, check_payment_in_utxo_context};
use crate::ledger::{Undo, Utxo, UtxoOverlay, UtxoSet, ledger_root};
use fedcoin_primitives::units::{Amount, Height};
use fedcoin_primitives::{Block, BlockId, OutPoint, Output, Payment, TxId};

/// Proof that a block obeys all rules on top of the chain it was connected to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectedBlock {
    id: BlockId,
    /// The data to disconnect it again.
    pub undo: Undo,
    /// The sum of its payments' fees.
    pub fees: Amount,
}

impl ConnectedBlock {
    /// The block's id.
    #[must_use]
    pub const fn id(&self) -> BlockId {
        self.id
    }
}

/// Checks a block against the chain before it and the unspent outputs, and applies its changes to the overlay and the
/// commitments: rules B8 and B9, C1 to C5 for its payments in order, then B6. A payment may spend outputs of earlier
/// ones in the block, but not the block's own coinbase.
///
/// # Errors
/// The first [`BlockError`] found. The overlay must then be discarded; the commitments are unchanged.
pub fn connect_block(
    block: &SoundBlock,
    commitments: &mut Commitments,
    base: &UtxoSet,
    overlay: &mut UtxoOverlay,
    params: &ChainParams,
) -> Result<ConnectedBlock, BlockError> {
    commitments.check(block.block())?;
    let height = block.height();
    let (mut undo, mut fees) = (Undo::default(), Amount::ZERO);
    for ((index, payment), txid) in (0..).zip(&block.block().payments).zip(block.txids()) {
        let fee = check_payment_in_utxo_context(&payment.unsigned, |o| overlay.get(base, o), height, params)
            .map_err(|error| BlockError::Payment { index, error })?;
        // Fees are part of the money supply, which stays below the maximum.
        fees = fees.checked_add(fee).unwrap_or(Amount::MAX);
        spend_inputs(payment, height, base, overlay, &mut undo);
        create_outputs(payment, *txid, height, base, overlay)?;
    }
    let coinbase = &block.block().coinbase;
    let max = params.subsidy_at(height).checked_add(fees).unwrap_or(Amount::MAX);
    if coinbase.output.amount > max {
        return Err(BlockError::CoinbaseAmount { got: coinbase.output.amount, max });
    }
    if coinbase.output.amount > Amount::ZERO {
        create(coinbase.outpoint(), utxo(coinbase.output, height, true), base, overlay)?;
    }
    undo.peaks = commitments.connect(block.identified(), |height| ledger_root(height, overlay.outputs(base)));
    Ok(ConnectedBlock { id: block.id(), undo, fees })
}

/// The reverse of [`connect_block`]: restores the state before the block. `undo` is what connecting this block
/// returned.
pub fn disconnect_block(
    block: &Block,
    undo: &Undo,
    commitments: &mut Commitments,
    base: &UtxoSet,
    overlay: &mut UtxoOverlay,
) {
    debug_assert_eq!(block.coinbase.height.next(), commitments.next_height(), "the block is the last one");
    commitments.disconnect(block, &undo.peaks);
    overlay.spend(base, &block.coinbase.outpoint());
    for payment in &block.payments {
        for (outpoint, _) in payment.outputs() {
            // Outputs that the block itself spent are already gone.
            overlay.spend(base, &outpoint);
        }
    }
    for (outpoint, utxo) in &undo.spent {
        overlay.create(base, *outpoint, *utxo);
    }
}

fn spend_inputs(payment: &Payment, height: Height, base: &UtxoSet, overlay: &mut UtxoOverlay, undo: &mut Undo) {
    for outpoint in &payment.unsigned.inputs {
        let spent = overlay.spend(base, outpoint);
        // Only this block makes outputs at this height.
        if let Some(utxo) = spent.filter(|utxo| utxo.height != height) {
            undo.spent.push((*outpoint, utxo));
        }
    }
}

fn create_outputs(
    payment: &Payment,
    txid: TxId,
    height: Height,
    base: &UtxoSet,
    overlay: &mut UtxoOverlay,
) -> Result<(), BlockError> {
    for (index, output) in (0..).zip(&payment.unsigned.outputs) {
        create(OutPoint { txid, index }, utxo(*output, height, false), base, overlay)?;
    }
    Ok(())
}

/// Rule C5.
fn create(outpoint: OutPoint, utxo: Utxo, base: &UtxoSet, overlay: &mut UtxoOverlay) -> Result<(), BlockError> {
    if overlay.get(base, &outpoint).is_some() {
        return Err(BlockError::OutputExists { outpoint });
    }
    overlay.create(base, outpoint, utxo);
    Ok(())
}

const fn utxo(output: Output, height: Height, coinbase: bool) -> Utxo {
    Utxo { output, height, coinbase }
}
