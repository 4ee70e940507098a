use crate::roots::naive_roots;
use fedcoin_node::codec::encode;
use fedcoin_node::consensus::ChainParams;
use fedcoin_node::primitives::{Block, OutPoint, Output, Payment, Signature, StateRoots, sha256};
use std::collections::{BTreeMap, BTreeSet};

/// The ledger after a list of blocks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NaiveLedger {
    /// Every unspent output.
    pub unspent: BTreeMap<OutPoint, Coin>,
}

/// An unspent output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Coin {
    /// Amount and owner.
    pub output: Output,
    /// The height of the block that made it.
    pub height: u32,
    /// Whether a coinbase made it.
    pub coinbase: bool,
}

impl NaiveLedger {
    /// The ledger after these blocks, genesis first, or `None` if one of them is invalid.
    pub fn replay<'a>(params: &ChainParams, blocks: impl IntoIterator<Item = &'a Block>) -> Option<Self> {
        Self::replay_with_roots(params, blocks).map(|(ledger, _)| ledger)
    }

    /// Like [`NaiveLedger::replay`], with what a block after them must commit to.
    pub fn replay_with_roots<'a>(
        params: &ChainParams,
        blocks: impl IntoIterator<Item = &'a Block>,
    ) -> Option<(Self, StateRoots)> {
        let (mut ledger, mut before, mut checkpoints) = (Self::default(), Vec::new(), BTreeMap::new());
        for (height, block) in (0..).zip(blocks) {
            // Genesis follows from the rules.
            if height > 0 && block.roots != naive_roots(&before, &checkpoints) {
                return None;
            }
            ledger.take_block(params, height, block)?;
            if height % 1_024 == 0 {
                checkpoints.insert(height, ledger.root(height));
            }
            before.push(block);
        }
        let roots = naive_roots(&before, &checkpoints);
        Some((ledger, roots))
    }

    /// The ledger after these blocks, whatever roots they have.
    pub(crate) fn of_blocks<'a>(params: &ChainParams, blocks: impl IntoIterator<Item = &'a Block>) -> Option<Self> {
        let mut ledger = Self::default();
        for (height, block) in (0..).zip(blocks) {
            ledger.take_block(params, height, block)?;
        }
        Some(ledger)
    }

    /// Rules B1, B2, B5 to B7 and those of each payment. B4 follows from C1.
    fn take_block(&mut self, params: &ChainParams, height: u32, block: &Block) -> Option<()> {
        let count = block.payments.len();
        let counts = params.min_block_payments as usize..=params.max_block_payments as usize;
        let sound = encode(block).len() <= params.max_block_bytes as usize
            && (counts.contains(&count) || height == 0)
            && block.coinbase.height.0 == height;
        if !sound {
            return None;
        }
        let mut fees = 0;
        for payment in &block.payments {
            fees += self.take_payment(params, height, payment)?;
        }
        let reward = block.coinbase.output;
        if u128::from(reward.amount.units()) > Self::subsidy(params, height) + fees {
            return None;
        }
        if reward.amount.units() > 0 {
            self.create(block.coinbase.outpoint(), Coin { output: reward, height, coinbase: true })?;
        }
        Some(())
    }

    /// Applies a payment as part of a block at `height`. Returns the fee in units. Returns `None` if it breaks one of
    /// the rules T1 to T9 and C1 to C5; the ledger is then inconsistent.
    pub fn take_payment(&mut self, params: &ChainParams, height: u32, payment: &Payment) -> Option<u128> {
        let unsigned = &payment.unsigned;
        let distinct: BTreeSet<&OutPoint> = unsigned.inputs.iter().collect();
        let size = encode(payment).len();
        let out: u128 = unsigned.outputs.iter().map(|output| u128::from(output.amount.units())).sum();
        let sound = !unsigned.inputs.is_empty()
            && !unsigned.outputs.is_empty()
            && size <= 100_000
            && size + 88 + 64 + 32 + 4 <= params.max_block_bytes as usize
            && distinct.len() == unsigned.inputs.len()
            && unsigned.outputs.iter().all(|output| output.amount.units() > 0)
            && out <= 1_000_000_000 * 100_000_000
            && [2, 3].contains(&unsigned.sender.as_bytes()[0])
            && payment.signature.is_low_s()
            && Self::is_signed(&payment.signature);
        if !sound {
            return None;
        }
        let mut sum = 0;
        for input in &unsigned.inputs {
            let coin = self.unspent.remove(input)?;
            let matures = u64::from(coin.height) + u64::from(params.coinbase_maturity);
            if coin.output.recipient != unsigned.sender.address() || coin.coinbase && u64::from(height) < matures {
                return None;
            }
            sum += u128::from(coin.output.amount.units());
        }
        for (outpoint, output) in payment.outputs() {
            self.create(outpoint, Coin { output: *output, height, coinbase: false })?;
        }
        sum.checked_sub(out)
    }

    /// Applies all these payments, in any order that the rules allow. Returns those that do not fit a block at `height`
    /// after the others.
    pub fn take_payments<'a>(
        &mut self,
        params: &ChainParams,
        height: u32,
        payments: impl IntoIterator<Item = &'a Payment>,
    ) -> Vec<&'a Payment> {
        let mut remaining: Vec<&Payment> = payments.into_iter().collect();
        loop {
            let before = remaining.len();
            remaining.retain(|payment| {
                let mut after = self.clone();
                let fits = after.take_payment(params, height, payment).is_some();
                if fits {
                    *self = after;
                }
                !fits
            });
            if remaining.len() == before {
                return remaining;
            }
        }
    }

    /// Rule C5.
    fn create(&mut self, outpoint: OutPoint, coin: Coin) -> Option<()> {
        self.unspent.insert(outpoint, coin).is_none().then_some(())
    }

    /// Replaces cryptography: a signature is valid if it begins with 1.
    #[must_use]
    pub fn is_signed(signature: &Signature) -> bool {
        signature.as_bytes()[0] == 1
    }

    /// The subsidy of a block, without fees (rule B6).
    #[must_use]
    pub fn subsidy(params: &ChainParams, height: u32) -> u128 {
        if height == 0 {
            return params.genesis.amount.units().into();
        }
        let halvings = (height / params.halving_interval).min(64);
        (0..halvings).fold(params.subsidy.units().into(), |subsidy, _| subsidy / 2)
    }

    /// The supply at `height` if every miner took the maximum.
    #[must_use]
    pub fn schedule(params: &ChainParams, height: u32) -> u128 {
        (0..=height).map(|height| Self::subsidy(params, height)).sum()
    }

    /// The money supply in units.
    #[must_use]
    pub fn supply(&self) -> u128 {
        self.unspent.values().map(|coin| u128::from(coin.output.amount.units())).sum()
    }

    /// The hash that `UtxoSet::state_hash` defines.
    #[must_use]
    pub fn state_hash(&self) -> [u8; 32] {
        let mut bytes = encode(&(self.unspent.len() as u64));
        for (outpoint, coin) in &self.unspent {
            bytes.extend(encode(&(*outpoint, coin.output, coin.height, coin.coinbase)));
        }
        sha256(&[&bytes])
    }
}
