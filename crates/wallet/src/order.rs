use core::{fmt, str::FromStr};
use fedcoin_mempool::FeeRate;
use fedcoin_primitives::units::{Amount, ParseAmountError};
use fedcoin_primitives::{Address, Payment};
use serde::{Deserialize, Serialize};

/// What a payment is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PaymentOrder {
    /// Who gets it.
    pub recipient: Address,
    /// How much.
    pub amount: Sum,
    /// What the miner gets.
    pub fee: Fee,
    /// Whether the payment says that one of a higher fee may take its place while it waits.
    pub replaceable: bool,
    /// Whether to spend some small coins too: they are cheapest to spend while fees are low.
    pub gather: bool,
}

/// How much is to be paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sum {
    /// So much.
    Exactly(Amount),
    /// All that can be spent, less the fees.
    All,
}

/// What a miner gets for a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    pub fn new(recipient: Address, amount: impl Into<Sum>, fee: Fee) -> Self {
        Self { recipient, amount: amount.into(), fee, replaceable: true, gather: false }
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

    /// Whether a coin is worth more than its own place in a payment costs.
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
