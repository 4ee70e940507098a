use super::Mempool;
use super::selection::Selection;
use fedcoin_consensus::ChainParams;
use fedcoin_primitives::units::Amount;
use fedcoin_primitives::{EMPTY_BLOCK_BYTES, Payment};

/// The payments for the next block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Template {
    /// The payments, parents before children.
    pub payments: Vec<Payment>,
    /// The sum of their fees.
    pub fees: Amount,
}

impl Mempool {
    /// Selects payments for the next block by rule P6, within rules B1 and B2.
    #[must_use]
    pub fn template(&self, params: &ChainParams) -> Template {
        let bytes = (params.max_block_bytes as usize).saturating_sub(EMPTY_BLOCK_BYTES);
        let mut selection = Selection::new(self, params.max_block_payments as usize, bytes);
        let mut template = Template::default();
        while let Some((payments, _)) = selection.next_package() {
            for entry in payments {
                // Fees are part of the supply, which stays below the maximum.
                template.fees = template.fees.checked_add(entry.fee).unwrap_or(Amount::MAX);
                template.payments.push(entry.payment().clone());
            }
        }
        template
    }
}
