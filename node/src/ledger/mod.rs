//! Who owns what: the unspent outputs, and how blocks change them forth and back.

mod connect;
mod diff;
mod overlay;
mod utxo;

pub use connect::{ConnectedBlock, Undo, connect_block, disconnect_block};
pub use diff::UtxoDiff;
pub use overlay::UtxoOverlay;
pub use utxo::{Utxo, UtxoSet, state_hash};
