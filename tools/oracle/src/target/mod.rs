//! The bodies of the fuzz targets. Each accepts any bytes and panics if something is wrong.

mod block;
mod frame;
mod inputs;
mod ledger;
mod signature;

pub use block::block;
pub use frame::frame;
pub use inputs::inputs;
pub use ledger::{arrival_order, ledger};
pub use signature::signature;

/// A target's body.
pub type Target = fn(&[u8]);

/// The targets by name, as in `fuzz/`.
pub const ALL: [(&str, Target); 5] =
    [("block", block), ("frame", frame), ("inputs", inputs), ("ledger", ledger), ("signature", signature)];
