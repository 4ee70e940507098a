use super::{Address, AddressError, KeyError, NetworkId, PaymentHash, PublicKey, Signature, TxId, sha256};
use crate::codec::encode;
use crate::units::{Amount, Height};
use borsh::{BorshDeserialize, BorshSerialize};
use core::{fmt, str::FromStr};
use serde::{Deserialize, Serialize};

/// Names one output of one transaction.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
pub struct OutPoint {
    /// The transaction that made the output.
    pub txid: TxId,
    /// The output's place in it, from 0.
    pub index: u32,
}

impl OutPoint {
    /// The lowest of all.
    pub const FIRST: Self = Self { txid: TxId([0; 32]), index: 0 };
}

/// An amount for the owner of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct Output {
    /// How much.
    pub amount: Amount,
    /// For whom.
    pub recipient: Address,
}

/// The first transaction of each block: it pays the miner the subsidy and the fees (rule B6).
/// It has no inputs; the height makes its id unique.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct Coinbase {
    /// The height of its block (rule B5).
    pub height: Height,
    /// What the miner gets.
    pub output: Output,
}

/// A payment before it is signed: what its id and its signature cover.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct UnsignedPayment {
    /// The one owner of all inputs.
    pub sender: PublicKey,
    /// The sender's word that another payment of the same coins, with a higher fee, may take its
    /// place while it waits. Signed like the rest; blocks do not ask for it.
    pub replaceable: bool,
    /// The outputs spent.
    pub inputs: Vec<OutPoint>,
    /// The outputs made. What they leave of the inputs is the fee.
    pub outputs: Vec<Output>,
}

/// A signed payment from one sender.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct Payment {
    /// What is paid.
    pub unsigned: UnsignedPayment,
    /// The sender's signature over [`UnsignedPayment::signing_message`] (rules T8 and T9).
    pub signature: Signature,
}

/// Domain tags: a coinbase, a payment and a signed message can never be taken for one another.
const COINBASE_TAG: &[u8] = b"FEDCoin coinbase";
const PAYMENT_TAG: &[u8] = b"FEDCoin payment";
const SIGNED_TAG: &[u8] = b"FEDCoin signature";

impl Coinbase {
    /// The transaction id (rule E4).
    #[must_use]
    pub fn txid(&self) -> TxId {
        TxId(sha256(&[COINBASE_TAG, &encode(self)]))
    }

    /// The outpoint of its only output.
    #[must_use]
    pub fn outpoint(&self) -> OutPoint {
        OutPoint { txid: self.txid(), index: 0 }
    }
}

impl UnsignedPayment {
    /// The transaction id, which the signature does not change (rule E4).
    #[must_use]
    pub fn txid(&self) -> TxId {
        TxId(sha256(&[PAYMENT_TAG, &encode(self)]))
    }

    /// What the sender signs: a tag, the network and the id, so that a payment is valid on one
    /// network only (rule E6). ECDSA hashes it with SHA-256.
    #[must_use]
    pub fn signing_message(&self, network: NetworkId) -> Vec<u8> {
        [SIGNED_TAG, &network.0, &self.txid().0].concat()
    }
}

impl Payment {
    /// The transaction id (rule E4).
    #[must_use]
    pub fn txid(&self) -> TxId {
        self.unsigned.txid()
    }

    /// The hash of everything, signature included.
    #[must_use]
    pub fn hash(&self) -> PaymentHash {
        PaymentHash(sha256(&[&encode(self)]))
    }

    /// Size of the encoding in bytes.
    #[must_use]
    pub const fn size(&self) -> usize {
        Self::size_of(self.unsigned.inputs.len(), self.unsigned.outputs.len())
    }

    /// Size of the encoding in bytes of a payment with so many inputs and outputs.
    #[must_use]
    pub const fn size_of(inputs: usize, outputs: usize) -> usize {
        33 + 1 + 64 + 4 + 36 * inputs + 4 + 28 * outputs
    }

    /// The outputs with their outpoints.
    pub fn outputs(&self) -> impl Iterator<Item = (OutPoint, &Output)> {
        let txid = self.txid();
        (0..).zip(&self.unsigned.outputs).map(move |(index, output)| (OutPoint { txid, index }, output))
    }
}

impl fmt::Display for OutPoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.txid, self.index)
    }
}

/// A recipient as people write it: an address, or a public key in the teaching coin's hex.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recipient(pub Address);

impl FromStr for Recipient {
    type Err = RecipientError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        if text.starts_with("30") && text.len() > 90 {
            return PublicKey::from_hex(text).map(|k| Self(k.address())).map_err(RecipientError::Key);
        }
        text.parse().map(Self).map_err(RecipientError::Address)
    }
}

/// A text is neither an address nor a public key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecipientError {
    /// It looks like a key and is none.
    #[error(transparent)]
    Key(KeyError),
    /// It is not an address.
    #[error(transparent)]
    Address(AddressError),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_as_encoded() {
        for (inputs, outputs) in [(1, 1), (2, 2), (7, 0), (0, 3)] {
            let payment = Payment {
                unsigned: UnsignedPayment {
                    sender: PublicKey::from_bytes([2; 33]),
                    replaceable: inputs > 1,
                    inputs: vec![OutPoint { txid: TxId([1; 32]), index: 9 }; inputs],
                    outputs: vec![Output { amount: Amount::from_fed(1), recipient: Address([1; 20]) }; outputs],
                },
                signature: Signature::from_bytes([0; 64]),
            };
            assert_eq!(payment.size(), encode(&payment).len());
        }
    }
}
