use super::Mempool;
use crate::collections::HashSet;
use crate::consensus::{ChainParams, EMPTY_BLOCK_BYTES};
use crate::primitives::{Payment, TxId};
use crate::units::Amount;
use core::cmp::Reverse;

/// What the next block should hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Template {
    /// The payments, parents before children.
    pub payments: Vec<Payment>,
    /// The sum of their fees.
    pub fees: Amount,
}

impl Mempool {
    /// Chooses payments for the next block within rules B1 and B2: the highest fee rate first, at
    /// the same rate the earliest first, a child never before its parents. A child's fee does not
    /// speed its parents up.
    #[must_use]
    pub fn template(&self, params: &ChainParams) -> Template {
        let mut template = Template::default();
        let mut bytes = EMPTY_BLOCK_BYTES;
        let mut left_out: HashSet<TxId> = HashSet::default();
        for entry in self.parents_first(|entry| Reverse(entry.fee_rate())) {
            if template.payments.len() >= params.max_block_payments as usize {
                break;
            }
            let fits = bytes + entry.bytes <= params.max_block_bytes as usize;
            if !fits || entry.parents.iter().any(|parent| left_out.contains(parent)) {
                left_out.insert(entry.txid());
                continue;
            }
            bytes += entry.bytes;
            // Fees are a part of all money there is, which stays below the maximum.
            template.fees = template.fees.checked_add(entry.fee).unwrap_or(Amount::MAX);
            template.payments.push(entry.payment().clone());
        }
        template
    }
}
