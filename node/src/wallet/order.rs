use crate::primitives::Address;
use crate::units::Amount;

/// What a payment is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PaymentOrder {
    /// Who gets it.
    pub recipient: Address,
    /// How much.
    pub amount: Amount,
    /// What the miner gets.
    pub fee: Amount,
    /// Whether the payment says that one of a higher fee may take its place while it waits.
    pub replaceable: bool,
}

impl PaymentOrder {
    /// An order of a replaceable payment, as wallets make it unless told otherwise: if it waits too
    /// long, its sender can raise the fee.
    #[must_use]
    pub const fn new(recipient: Address, amount: Amount, fee: Amount) -> Self {
        Self { recipient, amount, fee, replaceable: true }
    }
}
