use crate::NaiveLedger;
use fedcoin_node::codec::encode;
use fedcoin_node::consensus::ChainParams;
use fedcoin_node::primitives::{Block, HistoryRoot, LedgerRoot, StateRoots, sha256};
use std::collections::BTreeMap;

/// What a block after this chain must commit to (rules B8 and B9), from genesis on.
#[must_use]
pub fn roots_after(params: &ChainParams, chain: &[&Block]) -> StateRoots {
    let checkpoint = checkpoint_of(chain.len());
    let ledger = NaiveLedger::of_blocks(params, chain.iter().copied().take(checkpoint as usize + 1));
    naive_roots(chain, &BTreeMap::from([(checkpoint, ledger.expect("a valid chain").root(checkpoint))]))
}

fn checkpoint_of(height: usize) -> u32 {
    (height.saturating_sub(64) / 1_024 * 1_024) as u32
}

/// What a block after these must commit to; `checkpoints` has the ledger roots of their checkpoints
/// by height.
pub(crate) fn naive_roots(before: &[&Block], checkpoints: &BTreeMap<u32, LedgerRoot>) -> StateRoots {
    StateRoots { history: history_root(before), ledger: checkpoints[&checkpoint_of(before.len())] }
}

/// Hash and work of a perfect tree over headers, or of a single one. Genesis has no work.
fn history_node(blocks: &[&Block]) -> Vec<u8> {
    if let [block] = blocks {
        let needed = block.coinbase.height.0 > 0;
        let work =
            block.header.target.expand().ok().filter(|_| needed).map_or(vec![0; 32], |target| encode(&target.work()));
        return [block.id().0.to_vec(), work].concat();
    }
    let (left, right) = blocks.split_at(blocks.len() / 2);
    let (left, right) = (history_node(left), history_node(right));
    let hash = sha256(&[b"FEDCoin history node", &left, &right]);
    [hash.to_vec(), sum(&left[32..], &right[32..])].concat()
}

/// The sum of two numbers of 32 bytes, big-endian.
fn sum(a: &[u8], b: &[u8]) -> Vec<u8> {
    let mut carry = 0;
    let digits = a.iter().zip(b).rev().map(|(a, b)| {
        let sum = u16::from(*a) + u16::from(*b) + carry;
        carry = sum / 256;
        (sum % 256) as u8
    });
    let mut sum: Vec<u8> = digits.collect();
    sum.reverse();
    sum
}

/// The root over headers: they are cut into perfect trees, the largest first.
fn history_root(blocks: &[&Block]) -> HistoryRoot {
    let mut bytes = [b"FEDCoin history".to_vec(), encode(&(blocks.len() as u32))].concat();
    let mut rest = blocks;
    while !rest.is_empty() {
        let (tree, smaller) = rest.split_at(1 << rest.len().ilog2());
        bytes.extend(history_node(tree));
        rest = smaller;
    }
    HistoryRoot(sha256(&[&bytes]))
}

impl NaiveLedger {
    /// The root of this ledger as a checkpoint at `height` (rule B9).
    #[must_use]
    pub fn root(&self, height: u32) -> LedgerRoot {
        // Keys as texts of binary digits.
        let mut entries = BTreeMap::new();
        for (outpoint, coin) in &self.unspent {
            let key = sha256(&[b"FEDCoin output", &encode(outpoint)]);
            let digits: String = key.iter().map(|byte| format!("{byte:08b}")).collect();
            entries.insert(digits, encode(&(outpoint, coin.output, coin.height, coin.coinbase)));
        }
        let supply = u64::try_from(self.supply()).unwrap();
        let facts = encode(&(height, entries.len() as u64, supply));
        LedgerRoot(sha256(&[b"FEDCoin ledger", &facts, &part(&entries, "")]))
    }
}

/// The hash over the entries whose keys begin with `start`.
fn part(entries: &BTreeMap<String, Vec<u8>>, start: &str) -> [u8; 32] {
    let end = format!("{start}2");
    let here: Vec<&Vec<u8>> = entries.range(start.to_owned()..end).map(|(_, entry)| entry).collect();
    if here.len() > 16 {
        let halves = [format!("{start}0"), format!("{start}1")].map(|start| part(entries, &start));
        return sha256(&[b"FEDCoin ledger node", &halves.concat()]);
    }
    let page: Vec<u8> = here.into_iter().flatten().copied().collect();
    sha256(&[b"FEDCoin ledger page", &[(page.len() / 69) as u8], &page])
}
