use super::{ChainParams, PaymentError};
use crate::ledger::Utxo;
use fedcoin_primitives::units::{Amount, Height};
use fedcoin_primitives::{OutPoint, UnsignedPayment};

/// Checks a payment against the unspent outputs that `lookup` knows, as part of a block at
/// `height`: rules C1 to C4. Returns the fee. Blocks and mempool use the same check.
///
/// # Errors
/// The first [`PaymentError`] found.
pub fn check_payment_in_utxo_context(
    payment: &UnsignedPayment,
    lookup: impl Fn(&OutPoint) -> Option<Utxo>,
    height: Height,
    params: &ChainParams,
) -> Result<Amount, PaymentError> {
    let sender = payment.sender.address();
    let mut inputs = Amount::ZERO;
    for outpoint in &payment.inputs {
        let utxo = lookup(outpoint).ok_or(PaymentError::MissingInput { outpoint: *outpoint })?;
        if utxo.output.recipient != sender {
            return Err(PaymentError::NotOwner { outpoint: *outpoint, owner: utxo.output.recipient, sender });
        }
        let from = first_spendable_height(&utxo, params);
        if height < from {
            return Err(PaymentError::Immature { outpoint: *outpoint, from, height });
        }
        // The money supply stays below the maximum (see `ChainParams::check`).
        inputs = inputs.checked_add(utxo.output.amount).unwrap_or(Amount::MAX);
    }
    // Rule T6 was checked before.
    let outputs = Amount::saturating_sum(payment.outputs.iter().map(|output| output.amount));
    inputs.checked_sub(outputs).ok_or(PaymentError::Overspent { inputs, outputs })
}

/// The height of the first block that may spend an output (rule C4).
#[must_use]
pub const fn first_spendable_height(utxo: &Utxo, params: &ChainParams) -> Height {
    if utxo.coinbase { Height(utxo.height.0.saturating_add(params.coinbase_maturity)) } else { utxo.height }
}
