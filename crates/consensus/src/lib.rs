//! The rules of `docs/protocol.md`, each named by the context it needs.
//!
//! Checks without context are named `..._in_isolation`; those that need earlier headers `..._in_chain`; those that need
//! the unspent outputs `..._in_utxo_context` (for a whole block [`connect_block`]).
#![forbid(unsafe_code)]

pub mod ledger;

mod block_in_isolation;
mod block_in_utxo_context;
mod commitments;
mod error;
mod header_in_chain;
mod header_in_isolation;
mod history;
mod params;
mod payment_in_isolation;
mod payment_in_utxo_context;
mod retarget;
mod signature_check;
mod tie_break;

pub use block_in_isolation::{SoundBlock, WellFormedBlock, check_block_in_isolation};
pub use block_in_utxo_context::{ConnectedBlock, connect_block, disconnect_block};
pub use commitments::{CHECKPOINT_AGE, CHECKPOINT_INTERVAL, Commitments, checkpoint_of};
pub use error::{BlockError, HeaderError, PaymentError};
pub use header_in_chain::{HeaderContext, check_header_in_chain};
pub use header_in_isolation::check_header_in_isolation;
pub use history::{History, HistoryNode};
pub use params::{
    ChainParams, GenesisParams, HEADER_VERSION, MAX_BLOCK_BYTES, MAX_FUTURE_TIME, MEDIAN_TIME_BLOCKS, MOST_OF_ONE_COIN,
    ParamsError, RULES,
};
pub use payment_in_isolation::{MAX_PAYMENT_BYTES, SoundPayment, WellFormedPayment, check_payment_in_isolation};
pub use payment_in_utxo_context::{check_payment_in_utxo_context, first_spendable_height};
pub use retarget::{PacedClock, Retarget};
pub use signature_check::SignatureCheck;
pub use tie_break::TieBreak;
