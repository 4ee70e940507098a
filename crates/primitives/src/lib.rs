//! The types that all other crates share: keys, addresses, transactions, headers and blocks, which are hashed, signed
//! and sent; the [`units`] in them; their encodings ([`codec`]); and hash maps of them ([`collections`]).
//!
//! This crate defines the form of things and contains no rules of the network.
#![forbid(unsafe_code)]

pub mod codec;
pub mod collections;
pub mod units;

mod address;
mod block;
mod commitment;
mod hash;
mod header;
mod identified;
mod keys;
mod merkle;
mod transaction;

pub use address::{Address, AddressError};
pub use block::{Block, EMPTY_BLOCK_BYTES};
pub use commitment::StateRoots;
pub use hash::{
    BlockId, Commitment, HistoryRoot, LedgerRoot, NetworkId, ParseHashError, PaymentHash, PaymentsRoot, TxId, sha256,
};
pub use header::{HEADER_BYTES, Header};
pub use identified::Identified;
pub use keys::{KeyError, PrivateKey, PublicKey, Signature};
pub use merkle::merkle_root;
pub use transaction::{Coinbase, OutPoint, Output, Payment, Recipient, RecipientError, UnsignedPayment};
