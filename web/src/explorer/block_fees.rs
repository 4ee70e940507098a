use crate::session::Session;
use crate::shapes::fee_level::{fee_level, per_kilobyte};
use fedcoin_node::units::Amount;
use node_wasm::messages::BlockSummary;

/// What a block's miner takes beyond the new money.
pub(crate) fn fees(session: Session, block: &BlockSummary) -> Option<Amount> {
    Some(block.reward?.saturating_sub(session.params()?.subsidy_at(block.height)))
}

/// The level of a block's fees.
pub(crate) fn level(session: Session, block: &BlockSummary) -> u32 {
    let rate = fees(session, block).zip(block.bytes).map(|(fees, bytes)| per_kilobyte(fees.units(), bytes));
    rate.map_or(0, fee_level)
}
