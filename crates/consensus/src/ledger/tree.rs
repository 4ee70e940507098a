use super::Utxo;
use borsh::BorshSerialize;
use fedcoin_primitives::codec::encode;
use fedcoin_primitives::units::{Amount, Height};
use fedcoin_primitives::{LedgerRoot, OutPoint, sha256};

/// Maximum number of outputs in a page, a leaf of the tree over the unspent outputs (rule B9).
pub const PAGE_OUTPUTS: usize = 16;

const KEY_TAG: &[u8] = b"FEDCoin output";
const PAGE_TAG: &[u8] = b"FEDCoin ledger page";
const NODE_TAG: &[u8] = b"FEDCoin ledger node";
const ROOT_TAG: &[u8] = b"FEDCoin ledger";

type Entry = ([u8; 32], (OutPoint, Utxo));

/// The root over all unspent outputs at a checkpoint (rule B9). It depends on the set of outputs only, not on their
/// order or history.
#[must_use]
pub fn ledger_root(checkpoint: Height, outputs: impl IntoIterator<Item = (OutPoint, Utxo)>) -> LedgerRoot {
    let mut supply = Amount::ZERO;
    let mut entries: Vec<Entry> = Vec::new();
    for output in outputs {
        // The money supply stays below the maximum (see `ChainParams::check`).
        supply = supply.checked_add(output.1.output.amount).unwrap_or(Amount::MAX);
        let OutPoint { txid, index } = output.0;
        entries.push((sha256(&[KEY_TAG, &txid.0, &index.to_le_bytes()]), output));
    }
    entries.sort_unstable_by_key(|(key, _)| *key);
    let facts = encode(&(checkpoint, entries.len() as u64, supply));
    LedgerRoot(sha256(&[ROOT_TAG, &facts, &subtree(&entries, 0)]))
}

/// The hash over the outputs whose keys share their first `depth` bits.
fn subtree(entries: &[Entry], depth: usize) -> [u8; 32] {
    if entries.len() <= PAGE_OUTPUTS {
        let mut page = Vec::with_capacity(PAGE_OUTPUTS * 69);
        for (_, output) in entries {
            output.serialize(&mut page).expect("encoding into memory does not fail");
        }
        return sha256(&[PAGE_TAG, &[entries.len() as u8], &page]);
    }
    let (left, right) = entries.split_at(entries.partition_point(|(key, _)| !bit(key, depth)));
    sha256(&[NODE_TAG, &subtree(left, depth + 1), &subtree(right, depth + 1)])
}

/// A bit of a key, the highest bit of the first byte first. Different keys differ in one of their 256 bits.
fn bit(key: &[u8; 32], index: usize) -> bool {
    key[index / 8] >> (7 - index % 8) & 1 == 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use fedcoin_primitives::{Address, Output, TxId};

    fn outputs(count: u32) -> Vec<(OutPoint, Utxo)> {
        let utxo = |n| Utxo {
            output: Output { amount: Amount::from_fed(n), recipient: Address([7; 20]) },
            height: Height(n),
            coinbase: n % 2 == 0,
        };
        (0..count).map(|index| (OutPoint { txid: TxId([5; 32]), index }, utxo(index))).collect()
    }

    #[test]
    fn up_to_sixteen_outputs_are_one_page() {
        for count in [0, 1, 16] {
            let mut sorted = outputs(count);
            sorted.sort_by_key(|(outpoint, _)| sha256(&[b"FEDCoin output", &encode(outpoint)]));
            let entries: Vec<u8> = sorted.iter().flat_map(encode).collect();
            assert_eq!(entries.len(), 69 * count as usize);
            let page = sha256(&[b"FEDCoin ledger page", &[count as u8], &entries]);
            let supply = Amount::from_fed((0..count).sum());
            let root = sha256(&[b"FEDCoin ledger", &encode(&(9_u32, u64::from(count), supply)), &page]);
            assert_eq!(ledger_root(Height(9), outputs(count)).0, root);
        }
    }

    #[test]
    fn the_order_does_not_matter_and_each_output_does() {
        let all = outputs(500);
        let root = ledger_root(Height(0), all.clone());
        assert_eq!(ledger_root(Height(0), all.iter().rev().copied()), root);
        assert_ne!(ledger_root(Height(1_024), all.clone()), root);
        for left_out in [0, 17, 499] {
            let mut fewer = all.clone();
            fewer.remove(left_out);
            assert_ne!(ledger_root(Height(0), fewer), root);
            let mut changed = all.clone();
            changed[left_out].1.height = Height(1_000);
            assert_ne!(ledger_root(Height(0), changed), root);
        }
    }

    #[test]
    fn bits_are_counted_from_the_highest_of_the_first_byte() {
        let mut key = [0; 32];
        (key[0], key[1], key[31]) = (0b1000_0001, 0b0100_0000, 1);
        let set: Vec<usize> = (0..256).filter(|index| bit(&key, *index)).collect();
        assert_eq!(set, [0, 7, 9, 255]);
    }
}
