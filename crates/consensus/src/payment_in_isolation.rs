use super::{ChainParams, PaymentError, SignatureCheck};
use fedcoin_primitives::units::Amount;
use fedcoin_primitives::{EMPTY_BLOCK_BYTES, NetworkId, Payment, PaymentHash, TxId};
use std::collections::BTreeSet;

/// The largest encoded payment in bytes, if blocks are large enough for it (rule T3). It also bounds the number of
/// inputs and outputs.
pub const MAX_PAYMENT_BYTES: usize = 100_000;

/// A payment that obeys rules T1 to T8. Its signature is not checked yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WellFormedPayment {
    payment: Payment,
    txid: TxId,
    hash: PaymentHash,
}

/// A payment that obeys rules T1 to T9: its sender has signed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SoundPayment(WellFormedPayment);

/// Checks a payment by the rules that need nothing else, except its signature: T1 to T8.
///
/// # Errors
/// The first [`PaymentError`] found.
pub fn check_payment_in_isolation(payment: Payment, params: &ChainParams) -> Result<WellFormedPayment, PaymentError> {
    check(&payment, params)?;
    Ok(WellFormedPayment { txid: payment.txid(), hash: payment.hash(), payment })
}

/// Rules T1 to T8, the cheapest first.
pub(super) fn check(payment: &Payment, params: &ChainParams) -> Result<(), PaymentError> {
    let unsigned = &payment.unsigned;
    if unsigned.inputs.is_empty() {
        return Err(PaymentError::NoInputs);
    }
    if unsigned.outputs.is_empty() {
        return Err(PaymentError::NoOutputs);
    }
    let (got, max) = (payment.size(), max_payment_bytes(params));
    if got > max {
        return Err(PaymentError::TooLarge { got, max });
    }
    let mut seen = BTreeSet::new();
    if let Some(outpoint) = unsigned.inputs.iter().find(|input| !seen.insert(**input)) {
        return Err(PaymentError::DuplicateInput { outpoint: *outpoint });
    }
    if let Some((index, _)) = (0..).zip(&unsigned.outputs).find(|(_, output)| output.amount == Amount::ZERO) {
        return Err(PaymentError::ZeroOutput { index });
    }
    if Amount::checked_sum(unsigned.outputs.iter().map(|output| output.amount)).is_none() {
        return Err(PaymentError::OutputsTooLarge { max: Amount::MAX });
    }
    let tag = unsigned.sender.as_bytes()[0];
    if !matches!(tag, 2 | 3) {
        return Err(PaymentError::KeyForm { got: tag });
    }
    if payment.signature.is_low_s() { Ok(()) } else { Err(PaymentError::HighS) }
}

/// The largest payment that fits in a block that holds nothing else (rule T3).
fn max_payment_bytes(params: &ChainParams) -> usize {
    MAX_PAYMENT_BYTES.min((params.max_block_bytes as usize).saturating_sub(EMPTY_BLOCK_BYTES))
}

impl WellFormedPayment {
    /// The payment.
    #[must_use]
    pub const fn payment(&self) -> &Payment {
        &self.payment
    }

    /// Its id, computed once.
    #[must_use]
    pub const fn txid(&self) -> TxId {
        self.txid
    }

    /// Its hash with the signature, computed once.
    #[must_use]
    pub const fn hash(&self) -> PaymentHash {
        self.hash
    }

    /// The signature check that is still missing (rule T9).
    #[must_use]
    pub fn signature_check(&self, network: NetworkId) -> SignatureCheck {
        SignatureCheck::of(&self.payment, network)
    }

    /// Checks the signature (rule T9). A node lets its driver do this, which is faster.
    ///
    /// # Errors
    /// [`PaymentError::BadSignature`].
    pub fn verify(self, network: NetworkId) -> Result<SoundPayment, PaymentError> {
        if self.signature_check(network).run() { Ok(self.verified()) } else { Err(PaymentError::BadSignature) }
    }

    /// Marks the payment as sound. Call this only after [`WellFormedPayment::signature_check`] was found valid, now or
    /// earlier.
    #[must_use]
    pub const fn verified(self) -> SoundPayment {
        SoundPayment(self)
    }
}

impl SoundPayment {
    /// A payment that this node has checked before: from a block of its chain, or from its store.
    #[must_use]
    pub fn from_block(payment: Payment) -> Self {
        Self(WellFormedPayment { txid: payment.txid(), hash: payment.hash(), payment })
    }

    /// The payment.
    #[must_use]
    pub const fn payment(&self) -> &Payment {
        &self.0.payment
    }

    /// The payment without what was computed of it.
    #[must_use]
    pub fn into_payment(self) -> Payment {
        self.0.payment
    }

    /// Its id, computed once.
    #[must_use]
    pub const fn txid(&self) -> TxId {
        self.0.txid
    }

    /// Its hash with the signature, computed once.
    #[must_use]
    pub const fn hash(&self) -> PaymentHash {
        self.0.hash
    }

    /// The payment without the proof of its signature.
    #[must_use]
    pub const fn as_well_formed(&self) -> &WellFormedPayment {
        &self.0
    }
}
