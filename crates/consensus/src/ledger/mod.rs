//! Who owns what: the unspent outputs, and their changes, forth and back. What changes are allowed, `consensus` says.

mod diff;
mod overlay;
mod undo;
mod utxo;

pub use diff::UtxoDiff;
pub use overlay::UtxoOverlay;
pub use undo::Undo;
pub use utxo::{Utxo, UtxoSet, state_hash};
