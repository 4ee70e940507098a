//! The history of keys.

use crate::messages::{HistoryEntry, HistoryKind};
use fedcoin_node::consensus::{ChainParams, first_spendable_height};
use fedcoin_node::ledger::Utxo;
use fedcoin_node::primitives::{Address, Block, BlockId, Output, Payment};
use fedcoin_node::units::{Amount, Height, Timestamp};

/// The block that contains a transaction: its id, height and time.
pub(super) type InBlock = (BlockId, Height, Timestamp);

/// The history entry of a block's reward for the owner of some addresses, if any.
pub(super) fn coinbase_entry(
    block: &Block,
    (id, height, time): InBlock,
    own: &[Address],
    params: &ChainParams,
) -> Option<HistoryEntry> {
    let coinbase = &block.coinbase;
    let reward = Utxo { output: coinbase.output, height, coinbase: true };
    own.contains(&coinbase.output.recipient).then(|| HistoryEntry {
        txid: coinbase.txid(),
        block: Some((id, height)),
        time: Some(time),
        kind: HistoryKind::Mined,
        own: coinbase.output.recipient,
        amount: coinbase.output.amount,
        fee: Amount::ZERO,
        spendable_from: Some(first_spendable_height(&reward, params)),
        other: None,
    })
}

/// The history entry of a payment with this fee for the owner of some addresses, if any.
pub(super) fn entry(
    payment: &Payment,
    fee: impl FnOnce() -> Amount,
    own: &[Address],
    block: Option<InBlock>,
) -> Option<HistoryEntry> {
    let sender = payment.unsigned.sender.address();
    let is_own = |output: &&Output| own.contains(&output.recipient);
    let outputs = &payment.unsigned.outputs;
    let (first_own, first_other) = (outputs.iter().find(is_own), outputs.iter().find(|output| !is_own(output)));
    let sum_if = |counts: &dyn Fn(&&Output) -> bool| {
        Amount::saturating_sum(outputs.iter().filter(counts).map(|output| output.amount))
    };
    let (kind, amount, other) = match (own.contains(&sender), first_own, first_other) {
        (true, _, Some(other)) => (HistoryKind::Paid, sum_if(&|output| !is_own(output)), other.recipient),
        (true, _, None) => {
            // What goes back to the key that paid is change, unless there is nothing else.
            let moved = outputs.iter().find(|output| output.recipient != sender).map(|output| output.recipient);
            (
                HistoryKind::ToSelf,
                sum_if(&|output| moved.is_none() || output.recipient != sender),
                moved.unwrap_or(sender),
            )
        }
        (false, Some(_), _) => (HistoryKind::Received, sum_if(&is_own), sender),
        (false, None, _) => return None,
    };
    let is_payer = kind != HistoryKind::Received;
    Some(HistoryEntry {
        txid: payment.txid(),
        block: block.map(|(id, height, _)| (id, height)),
        time: block.map(|(_, _, time)| time),
        kind,
        own: if is_payer { sender } else { first_own?.recipient },
        amount,
        fee: if is_payer { fee() } else { Amount::ZERO },
        spendable_from: None,
        other: Some(other),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use fedcoin_node::primitives::{PublicKey, Signature, UnsignedPayment};
    use wasm_bindgen_test::wasm_bindgen_test;

    const SENDER: PublicKey = PublicKey::from_bytes([2; 33]);
    const SECOND: Address = Address([8; 20]);
    const OTHER: Address = Address([9; 20]);

    fn units(n: u64) -> Amount {
        Amount::from_units(n).unwrap()
    }

    /// What a payment of these outputs and a fee of 3 is to the owner of these addresses.
    fn seen_by(own: &[Address], outputs: &[(Address, u64)]) -> Option<(HistoryKind, u64, (u64, u64), Address)> {
        let outputs =
            outputs.iter().map(|(recipient, n)| Output { amount: units(*n), recipient: *recipient }).collect();
        let unsigned = UnsignedPayment { sender: SENDER, replaceable: true, inputs: Vec::new(), outputs };
        let payment = Payment { unsigned, signature: Signature::ZERO };
        let entry = entry(&payment, || units(3), own, None)?;
        let (adds, takes) = entry.change();
        Some((entry.kind, entry.amount.units(), (adds.units(), takes.units()), entry.own))
    }

    #[wasm_bindgen_test]
    fn changes_of_the_balance_count_fees_and_all_own_keys() {
        use HistoryKind::{Paid, Received, ToSelf};
        let own = SENDER.address();
        let paid = [(OTHER, 10), (own, 85)];
        assert_eq!(seen_by(&[own], &paid), Some((Paid, 10, (0, 13), own)));
        assert_eq!(seen_by(&[OTHER], &paid), Some((Received, 10, (10, 0), OTHER)));
        assert_eq!(seen_by(&[own, OTHER], &paid), Some((ToSelf, 10, (0, 3), own)), "between one's own keys");
        assert_eq!(seen_by(&[own], &[(own, 85)]), Some((ToSelf, 85, (0, 3), own)));
        let three = [(OTHER, 10), (SECOND, 20), (own, 65)];
        assert_eq!(seen_by(&[own, SECOND], &three), Some((Paid, 10, (0, 13), own)), "to others and to oneself");
        assert_eq!(seen_by(&[SECOND], &three), Some((Received, 20, (20, 0), SECOND)));
        assert_eq!(seen_by(&[Address([1; 20])], &three), None);
    }
}
