use crate::primitives::{Payment, TxId};
use std::collections::BTreeMap;

/// Sorts parents before the payments that spend their outputs.
pub(super) fn in_dependency_order(payments: &[Payment]) -> Vec<Payment> {
    let mut waiting: BTreeMap<TxId, Payment> = payments.iter().map(|p| (p.txid(), p.clone())).collect();
    let mut ordered = Vec::with_capacity(waiting.len());
    for payment in payments {
        let mut stack = vec![payment.txid()];
        while let Some(txid) = stack.last().copied() {
            let Some(payment) = waiting.get(&txid) else {
                stack.pop();
                continue;
            };
            let inputs = payment.unsigned.inputs.iter().map(|i| i.txid);
            // An id covers the ids of its inputs, so a payment cannot be its own ancestor.
            let parents: Vec<TxId> = inputs.filter(|parent| waiting.contains_key(parent)).collect();
            if parents.is_empty() {
                ordered.extend(waiting.remove(&txid));
                stack.pop();
            } else {
                stack.extend(parents);
            }
        }
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::primitives::{Address, OutPoint, Output, PublicKey, Signature, UnsignedPayment};
    use crate::units::Amount;

    #[test]
    fn parents_come_first() {
        let spend = |parent: TxId| Payment {
            unsigned: UnsignedPayment {
                sender: PublicKey::from_bytes([2; 33]),
                replaceable: false,
                inputs: vec![OutPoint { txid: parent, index: 0 }],
                outputs: vec![Output { amount: Amount::from_fed(1), recipient: Address([0; 20]) }],
            },
            signature: Signature::ZERO,
        };
        let a = spend(TxId::default());
        let b = spend(a.txid());
        let c = spend(b.txid());
        let ordered = in_dependency_order(&[c.clone(), a.clone(), b.clone()]);
        assert_eq!(ordered, [a, b, c]);
    }
}
