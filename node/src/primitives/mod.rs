//! The things that are hashed, signed and sent: keys, transactions, headers and blocks.

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
