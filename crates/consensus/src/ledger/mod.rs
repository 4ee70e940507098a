//! The unspent outputs and their changes, forward and back. The other modules of `consensus` say which changes are
//! allowed.

mod diff;
mod overlay;
mod undo;
mod utxo;

pub use diff::UtxoDiff;
pub use overlay::UtxoOverlay;
pub use undo::Undo;
pub use utxo::{Utxo, UtxoSet, state_hash};
