//! What every other crate speaks of: keys, addresses, transactions, headers and blocks, which are hashed, signed and
//! sent; the [`units`] in them; how they are encoded ([`codec`]); and hash maps of them ([`collections`]).
//!
//! Nothing here knows a rule of the network, but the form of things.
#![forbid(unsafe_code)]

pub mod codec;
pub mod collections;
pub mod units;

mod address;
mod block;
mod hash;
mod header;
mod keys;
mod merkle;
mod transaction;

pub use address::{Address, AddressError};
pub use block::{Block, EMPTY_BLOCK_BYTES};
pub use hash::{BlockId, MerkleRoot, NetworkId, ParseHashError, PaymentHash, TxId, sha256};
pub use header::{HEADER_BYTES, Header};
pub use keys::{KeyError, PrivateKey, PublicKey, Signature};
pub use merkle::merkle_root;
pub use transaction::{Coinbase, OutPoint, Output, Payment, Recipient, RecipientError, UnsignedPayment};
