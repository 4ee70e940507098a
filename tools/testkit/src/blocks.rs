//! Blocks with their work done, and signed payments.

use fedcoin_node::consensus::{ChainParams, HEADER_VERSION};
use fedcoin_node::pow::search;
use fedcoin_node::primitives::{
    Block, BlockId, Coinbase, Header, MerkleRoot, NetworkId, Payment, PrivateKey, UnsignedPayment,
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
        merkle_root: MerkleRoot::default(),
        time,
        target: params.target,
        nonce: 0,
    };
    sealed(Block { header, coinbase, payments })
}

/// The same block with the merkle root of its transactions.
pub fn sealed(mut block: Block) -> Block {
    block.header.merkle_root = block.merkle_root();
    block
}

/// The same block with its work done, whatever its target.
pub fn mined(mut block: Block) -> Block {
    let target = block.header.target.expand().unwrap();
    let found = (0..).find_map(|salt| Some((salt, search(&block.header, target, salt, 0..1 << 32)?)));
    (block.header.salt, block.header.nonce) = found.unwrap();
    block
}

/// Commits the header to the transactions and finds a nonce for its salt.
pub fn solve(block: &mut Block) {
    block.header.merkle_root = block.merkle_root();
    let target = block.header.target.expand().unwrap();
    block.header.nonce = search(&block.header, target, block.header.salt, 0..1 << 32).unwrap();
}

/// Signs a payment.
pub fn sign(key: &PrivateKey, network: NetworkId, unsigned: UnsignedPayment) -> Payment {
    let signature = key.sign(&unsigned.signing_message(network));
    Payment { unsigned, signature }
}
