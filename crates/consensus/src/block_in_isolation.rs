use super::payment_in_isolation::check;
use super::{BlockError, ChainParams, PaymentError, SignatureCheck, check_header_in_isolation};
use fedcoin_primitives::units::Height;
use fedcoin_primitives::{Block, BlockId, Identified, NetworkId, Payment, PaymentHash, TxId};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A block that obeys H1 to H3, B1 to B5, and T1 to T8 for each payment: all rules that need no ledger. Its payments'
/// signatures are not checked yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WellFormedBlock {
    sound_but_for_signatures: SoundBlock,
    hashes: Vec<PaymentHash>,
}

/// A block that obeys all rules that need no ledger, including T9: its payments' signatures are valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SoundBlock {
    height: Height,
    block: Arc<Identified<Block>>,
    txids: Vec<TxId>,
}

/// Checks a block at `height` by all rules that need no ledger, except signatures: H1 to H3, B1 to B5, and T1 to T8 for
/// each payment.
///
/// The commitment is checked first. If it differs, the body says nothing about the header's block
/// ([`BlockError::is_mutation`]). Any other error invalidates the block's id for good.
///
/// # Errors
/// The first [`BlockError`] found.
pub fn check_block_in_isolation(
    block: impl Into<Identified<Block>>,
    height: Height,
    params: &ChainParams,
) -> Result<WellFormedBlock, BlockError> {
    let block = block.into();
    let hashes: Vec<PaymentHash> = block.payments.iter().map(Payment::hash).collect();
    check_commitment(&block, &hashes)?;
    check_header_in_isolation(block.identified_header())?;
    check_size(&block, params)?;
    if block.coinbase.height != height {
        return Err(BlockError::CoinbaseHeight { got: block.coinbase.height, expected: height });
    }
    for (index, payment) in (0..).zip(&block.payments) {
        check(payment, params).map_err(|error| BlockError::Payment { index, error })?;
    }
    check_double_spends(&block)?;
    Ok(WellFormedBlock { sound_but_for_signatures: SoundBlock::from_store(block, height), hashes })
}

/// Rule B3.
fn check_commitment(block: &Block, hashes: &[PaymentHash]) -> Result<(), BlockError> {
    let payments = block.payments_root(hashes.iter().copied());
    let (got, expected) = (block.roots.commitment(&payments), block.header.commitment);
    if got == expected { Ok(()) } else { Err(BlockError::Commitment { got, expected }) }
}

/// Rules B1 and B2.
fn check_size(block: &Block, params: &ChainParams) -> Result<(), BlockError> {
    let (got, max) = (block.size(), params.max_block_bytes as usize);
    if got > max {
        return Err(BlockError::TooLarge { got, max });
    }
    let (got, min, max) = (block.payments.len(), params.min_block_payments, params.max_block_payments);
    if got < min as usize || got > max as usize {
        return Err(BlockError::PaymentCount { got, min, max });
    }
    Ok(())
}

/// Rule B4.
fn check_double_spends(block: &Block) -> Result<(), BlockError> {
    let mut seen = BTreeSet::new();
    let mut inputs = block.payments.iter().flat_map(|payment| &payment.unsigned.inputs);
    match inputs.find(|input| !seen.insert(**input)) {
        Some(outpoint) => Err(BlockError::DoubleSpend { outpoint: *outpoint }),
        None => Ok(()),
    }
}

impl WellFormedBlock {
    /// The block's id, computed once.
    #[must_use]
    pub fn id(&self) -> BlockId {
        self.sound_but_for_signatures.id()
    }

    /// The block's height.
    #[must_use]
    pub const fn height(&self) -> Height {
        self.sound_but_for_signatures.height
    }

    /// The block.
    #[must_use]
    pub fn block(&self) -> &Block {
        &self.sound_but_for_signatures.block
    }

    /// The payments in order with their hashes. A payment whose hash was valid before (it is in the mempool) needs no
    /// second signature check.
    pub fn payments(&self) -> impl ExactSizeIterator<Item = (&Payment, PaymentHash)> {
        self.block().payments.iter().zip(self.hashes.iter().copied())
    }

    /// Checks the signatures (rule T9). A node lets its driver do this, which is faster.
    ///
    /// # Errors
    /// [`PaymentError::BadSignature`] of the first payment with an invalid signature.
    pub fn verify(self, network: NetworkId) -> Result<SoundBlock, BlockError> {
        match (0..).zip(&self.block().payments).find(|(_, payment)| !SignatureCheck::of(payment, network).run()) {
            Some((index, _)) => Err(BlockError::Payment { index, error: PaymentError::BadSignature }),
            None => Ok(self.into_sound()),
        }
    }

    /// Marks the block as sound. Call this only after the signatures of all payments were found valid (rule T9).
    #[must_use]
    pub fn into_sound(self) -> SoundBlock {
        self.sound_but_for_signatures
    }
}

impl SoundBlock {
    /// A block that this node has stored, which it does only with sound blocks, or the genesis block, which is known by
    /// its id.
    #[must_use]
    pub fn from_store(block: impl Into<Identified<Block>>, height: Height) -> Self {
        let block = Arc::new(block.into());
        let txids = block.payments.iter().map(Payment::txid).collect();
        Self { height, block, txids }
    }

    /// The block's id, computed once.
    #[must_use]
    pub fn id(&self) -> BlockId {
        self.block.id()
    }

    /// The block's height.
    #[must_use]
    pub const fn height(&self) -> Height {
        self.height
    }

    /// The block.
    #[must_use]
    pub fn block(&self) -> &Block {
        &self.block
    }

    /// The block with its id.
    #[must_use]
    pub fn identified(&self) -> &Identified<Block> {
        &self.block
    }

    /// The block, to be kept by another part as well: a store, a cache.
    #[must_use]
    pub fn share(&self) -> Arc<Identified<Block>> {
        Arc::clone(&self.block)
    }

    /// The ids of the payments in order, computed once.
    #[must_use]
    pub fn txids(&self) -> &[TxId] {
        &self.txids
    }

    /// The block without the proof.
    #[must_use]
    pub fn into_block(self) -> Block {
        Arc::unwrap_or_clone(self.block).into_inner()
    }
}
