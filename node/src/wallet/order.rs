use crate::mempool::FeeRate;
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
    pub fee: Fee,
    /// Whether the payment says that one of a higher fee may take its place while it waits.
    pub replaceable: bool,
}

/// What a miner gets for a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fee {
    /// So much.
    Total(Amount),
    /// So much for each byte, rounded up.
    Rate(FeeRate),
}

impl PaymentOrder {
    /// An order of a replaceable payment, as wallets make it unless told otherwise: if it waits too
    /// long, its sender can raise the fee.
    #[must_use]
    pub const fn new(recipient: Address, amount: Amount, fee: Fee) -> Self {
        Self { recipient, amount, fee, replaceable: true }
    }
}

impl Fee {
    /// The fee of a payment of so many bytes.
    #[must_use]
    pub fn of(self, bytes: usize) -> Amount {
        match self {
            Self::Total(fee) => fee,
            Self::Rate(rate) => rate.fee_for(bytes),
        }
    }
}
