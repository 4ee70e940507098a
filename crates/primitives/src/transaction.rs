use super::{Address, AddressError, KeyError, NetworkId, PaymentHash, PublicKey, Signature, TxId, sha256};
use crate::codec::encode;
use crate::units::{Amount, Height};
use borsh::{BorshDeserialize, BorshSerialize};
use core::{fmt, str::FromStr};
use serde::{Deserialize, Serialize};

/// Identifies one output of one transaction.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
pub struct OutPoint {
    /// The transaction that created the output.
    pub txid: TxId,
    /// The output's index in the transaction, from 0.
    pub index: u32,
}

impl OutPoint {
    /// The lowest outpoint in sort order.
    pub const FIRST: Self = Self { txid: TxId([0; 32]), index: 0 };
}

/// An amount for the owner of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct Output {
    /// The amount.
    pub amount: Amount,
    /// The owner.
    pub recipient: Address,
}

/// The first transaction of each block. It pays the subsidy and the fees to the miner (rule B6). It has no inputs; the
/// height makes its id unique.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct Coinbase {
    /// The height of its block (rule B5).
    pub height: Height,
    /// The miner's reward (rule B6).
    pub output: Output,
}

/// A payment without its signature: the data that its id and its signature cover.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct UnsignedPayment {
    /// The owner of all inputs (rule C2).
    pub sender: PublicKey,
    /// Whether another payment of the same coins with a higher fee may replace this one while it waits (rule P2). It is
    /// signed like the rest. Blocks ignore it.
    pub replaceable: bool,
    /// The outputs spent.
    pub inputs: Vec<OutPoint>,
    /// The new outputs. The fee is the inputs minus these.
    pub outputs: Vec<Output>,
}

/// A signed payment from one sender.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct Payment {
    /// The payment without the signature.
    pub unsigned: UnsignedPayment,
    /// The sender's signature over [`UnsignedPayment::signing_message`] (rules T8 and T9).
    pub signature: Signature,
}

/// Domain tags, so that a coinbase, a payment and a signed message cannot be confused.
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
    /// The transaction id, which does not depend on the signature (rule E4).
    #[must_use]
    pub fn txid(&self) -> TxId {
        TxId(sha256(&[PAYMENT_TAG, &encode(self)]))
    }

    /// The message that the sender signs: a tag, the network and the id (rule E6). So a payment is valid on one network
    /// only. ECDSA hashes the message with SHA-256.
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

    /// The hash of the whole payment, including the signature (rule B3).
    #[must_use]
    pub fn hash(&self) -> PaymentHash {
        PaymentHash(sha256(&[&encode(self)]))
    }

    /// Encoded size in bytes (rule T3).
    #[must_use]
    pub const fn size(&self) -> usize {
        Self::size_of(self.unsigned.inputs.len(), self.unsigned.outputs.len())
    }

    /// Encoded size in bytes of a payment with this many inputs and outputs.
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

/// A recipient in text form: an address, or a public key in hex as the teaching coin writes it.
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

/// A text is not an address or a public key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecipientError {
    /// It looks like a key, but is not one.
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
    fn sizes_match_the_encodings() {
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
