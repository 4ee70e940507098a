use super::keys;
use fedcoin_node::consensus::ChainParams;
use fedcoin_node::primitives::{
    Address, Block, BlockId, Coinbase, NetworkId, OutPoint, Output, Payment, PublicKey, Signature, UnsignedPayment,
};
use fedcoin_node::units::{Amount, Height, Timestamp};
use fedcoin_testkit::blocks;
use std::sync::LazyLock;

pub use fedcoin_testkit::blocks::{mined, sealed};

/// A valid block without payments, before proof of work.
pub fn block(params: &ChainParams, height: u32, previous: BlockId, time: u64) -> Block {
    // Deriving it takes longer than all the rest, and some tests make thousands of blocks.
    static RECIPIENT: LazyLock<Address> = LazyLock::new(|| keys::address(keys::A));
    let output = Output { amount: params.subsidy_at(Height(height)), recipient: *RECIPIENT };
    let coinbase = Coinbase { height: Height(height), output };
    blocks::block(params, previous, Timestamp(time), coinbase, Vec::new())
}

pub fn with_payments(mut block: Block, payments: Vec<Payment>) -> Block {
    block.payments = payments;
    sealed(block)
}

/// `count` empty blocks on `parent`, mined, one second apart.
pub fn chain_on(params: &ChainParams, parent: &Block, count: usize) -> Vec<Block> {
    branch_on(params, parent, count, 1_000)
}

/// Like [`chain_on`], with another interval, which makes another branch.
pub fn branch_on(params: &ChainParams, parent: &Block, count: usize, spacing: u64) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::with_capacity(count);
    for _ in 0..count {
        let last = blocks.last().unwrap_or(parent);
        let (height, time) = (last.coinbase.height.next().0, last.header.time.0 + spacing);
        blocks.push(mined(block(params, height, last.id(), time)));
    }
    blocks
}

/// The genesis block's output: 50 FED for the genesis key.
pub fn genesis_coin(params: &ChainParams) -> OutPoint {
    params.genesis_block().coinbase.outpoint()
}

/// A signed payment by the genesis key.
pub fn payment(network: NetworkId, inputs: Vec<OutPoint>, outputs: Vec<(Amount, Address)>) -> Payment {
    payment_by(keys::GENESIS, network, inputs, outputs)
}

/// A signed payment by any of the course's keys.
pub fn payment_by(
    private_hex: &str,
    network: NetworkId,
    inputs: Vec<OutPoint>,
    outputs: Vec<(Amount, Address)>,
) -> Payment {
    let key = keys::private(private_hex);
    let outputs = outputs.into_iter().map(|(amount, recipient)| Output { amount, recipient }).collect();
    let unsigned = UnsignedPayment { sender: key.public_key(), replaceable: false, inputs, outputs };
    blocks::sign(&key, network, unsigned)
}

/// The payment with another signature.
pub fn signed_with(mut payment: Payment, signature: [u8; 64]) -> Payment {
    payment.signature = Signature::from_bytes(signature);
    payment
}

/// The payment with another sender's key.
pub fn sent_by(mut payment: Payment, key: [u8; 33]) -> Payment {
    payment.unsigned.sender = PublicKey::from_bytes(key);
    payment
}
