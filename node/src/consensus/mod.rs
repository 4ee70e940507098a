//! The rules of `docs/protocol.md`, each named by the context it needs.
//!
//! What is checked without any context is `..._in_isolation`; what needs the headers before is
//! `..._in_chain`; what needs the unspent outputs is `..._in_utxo_context` (the whole block's share
//! of these is [`crate::ledger::connect_block`]).

mod block_in_isolation;
mod error;
mod header_in_chain;
mod header_in_isolation;
mod params;
mod payment_in_isolation;
mod payment_in_utxo_context;
mod retarget;
mod tie_break;

pub use block_in_isolation::{SoundBlock, WellFormedBlock, check_block_in_isolation};
pub use error::{BlockError, HeaderError, PaymentError};
pub use header_in_chain::{HeaderContext, check_header_in_chain};
pub use header_in_isolation::check_header_in_isolation;
pub use params::{
    ChainParams, GenesisParams, HEADER_VERSION, MAX_BLOCK_BYTES, MAX_FUTURE_TIME, MEDIAN_TIME_BLOCKS, ParamsError,
};
pub use payment_in_isolation::{MAX_PAYMENT_BYTES, SoundPayment, WellFormedPayment, check_payment_in_isolation};
pub use payment_in_utxo_context::{check_payment_in_utxo_context, first_spendable_height};
pub use retarget::Retarget;
pub use tie_break::TieBreak;

pub(crate) use payment_in_isolation::EMPTY_BLOCK_BYTES;
pub(crate) use retarget::PacedClock;
