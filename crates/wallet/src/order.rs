use core::{fmt, str::FromStr};
use fedcoin_mempool::FeeRate;
use fedcoin_primitives::units::{Amount, ParseAmountError};
use fedcoin_primitives::{Address, Payment};
use serde::{Deserialize, Serialize};

/// A payment to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PaymentOrder {
    /// The address to pay.
    pub recipient: Address,
    /// The amount to pay.
    pub amount: Sum,
    /// The fee to pay.
    pub fee: Fee,
    /// Whether a payment with a higher fee may replace this one while it waits.
    pub replaceable: bool,
    /// Whether to spend some small coins along, which is cheapest while fees are low.
    pub gather: bool,
}

/// The amount of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sum {
    /// This amount.
    Exactly(Amount),
    /// Everything spendable, minus the fees.
    All,
}

/// The fee of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fee {
    /// This fee in all.
    Total(Amount),
    /// This rate per byte, rounded up.
    Rate(FeeRate),
}

impl PaymentOrder {
    /// A replaceable order, the wallet's default: if the payment waits too long, its sender can raise the fee.
    #[must_use]
    pub fn new(recipient: Address, amount: impl Into<Sum>, fee: Fee) -> Self {
        Self { recipient, amount: amount.into(), fee, replaceable: true, gather: false }
    }
}

impl Fee {
    /// The fee of a payment of `bytes` bytes.
    #[must_use]
    pub fn of(self, bytes: usize) -> Amount {
        match self {
            Self::Total(fee) => fee,
            Self::Rate(rate) => rate.fee_for(bytes),
        }
    }

    /// Whether a coin's value exceeds the cost of its input.
    #[must_use]
    pub fn pays_off(self, coin: Amount) -> bool {
        match self {
            Self::Total(_) => true,
            Self::Rate(rate) => coin > rate.fee_for(Payment::size_of(1, 0) - Payment::size_of(0, 0)),
        }
    }
}

impl From<Amount> for Sum {
    fn from(amount: Amount) -> Self {
        Self::Exactly(amount)
    }
}

impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exactly(amount) => amount.fmt(f),
            Self::All => f.write_str("all"),
        }
    }
}

impl FromStr for Sum {
    type Err = ParseAmountError;

    /// Reads an amount or the word `all`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.trim() {
            all if all.eq_ignore_ascii_case("all") => Ok(Self::All),
            amount => amount.parse().map(Self::Exactly),
        }
    }
}
