//! Blocks with their work done, and signed payments.

use crate::lineage;
use fedcoin_node::consensus::{ChainParams, HEADER_VERSION};
use fedcoin_node::pow::search;
use fedcoin_node::primitives::{
    Block, BlockId, Coinbase, Commitment, Header, NetworkId, Payment, PrivateKey, UnsignedPayment,
};
use fedcoin_node::units::Timestamp;

/// A block with the network's easiest target, its work not done yet.
pub fn block(
    params: &ChainParams,
    previous: BlockId,
    time: Timestamp,
    coinbase: Coinbase,
    payments: Vec<Payment>,
) -> Block {
    let header = Header {
        version: HEADER_VERSION,
        salt: 0,
        previous,
        commitment: Commitment::default(),
        time,
        target: params.target,
        nonce: 0,
    };
    sealed(Block { header, roots: lineage::roots_on(params, previous), coinbase, payments })
}

/// The same block with a header that commits to it.
pub fn sealed(mut block: Block) -> Block {
    block.header.commitment = block.commitment();
    block
}

/// The same block with its work done, whatever its target.
pub fn mined(mut block: Block) -> Block {
    let target = block.header.target.expand().unwrap();
    let found = (0..).find_map(|salt| Some((salt, search(&block.header, target, salt, 0..1 << 32)?)));
    (block.header.salt, block.header.nonce) = found.unwrap();
    lineage::remember(&block);
    block
}

/// Commits the header to the block and finds a nonce for its salt.
pub fn solve(block: &mut Block) {
    block.header.commitment = block.commitment();
    let target = block.header.target.expand().unwrap();
    block.header.nonce = search(&block.header, target, block.header.salt, 0..1 << 32).unwrap();
    lineage::remember(block);
}

pub fn sign(key: &PrivateKey, network: NetworkId, unsigned: UnsignedPayment) -> Payment {
    let signature = key.sign(&unsigned.signing_message(network));
    Payment { unsigned, signature }
}
