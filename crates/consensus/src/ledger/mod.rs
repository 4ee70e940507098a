//! The unspent outputs, and reversible changes to them. The other modules of `consensus` define which changes are
//! valid.

mod diff;
mod overlay;
mod tree;
mod undo;
mod utxo;

pub use diff::UtxoDiff;
pub use overlay::UtxoOverlay;
pub use tree::{PAGE_OUTPUTS, ledger_root};
pub use undo::Undo;
pub use utxo::{Utxo, UtxoSet, state_hash};
