//! Keys, solved blocks, and a ledger that follows one chain, shared by several tests.

use fedcoin_node::collections::MapKey;
use fedcoin_node::consensus::{
    BlockError, ChainParams, Commitments, ConnectedBlock, SoundBlock, check_block_in_isolation, connect_block,
    disconnect_block,
};
use fedcoin_node::ledger::{Undo, UtxoDiff, UtxoOverlay, UtxoSet};
use fedcoin_node::mempool::{Mempool, PoolContext, PoolPolicy};
use fedcoin_node::primitives::{
    Address, Block, Coinbase, Header, NetworkId, OutPoint, Output, Payment, PrivateKey, UnsignedPayment,
};
use fedcoin_node::units::{Amount, Height, Monotonic, Timestamp};
use fedcoin_node::wallet::Coin;
use std::sync::OnceLock;

pub use crate::blocks::{sign, solve};

/// The `n`th test key, from 1.
pub fn key(n: u8) -> PrivateKey {
    PrivateKey::from_random(&[n; 32]).unwrap()
}

/// The address of the `n`th test key, computed once.
pub fn address(n: u8) -> Address {
    static ADDRESSES: [OnceLock<Address>; 16] = [const { OnceLock::new() }; 16];
    *ADDRESSES[usize::from(n)].get_or_init(|| key(n).public_key().address())
}

pub fn units(n: u64) -> Amount {
    Amount::from_units(n).unwrap()
}

/// `regtest` with the first coins for key 1, spendable at once.
pub fn params() -> ChainParams {
    let mut params = ChainParams { coinbase_maturity: 0, ..ChainParams::regtest() };
    params.genesis.recipient = address(1);
    params
}

/// The key for the hash maps of tests.
pub fn map_key() -> MapKey {
    MapKey::new(1)
}

/// An empty mempool with a server's bounds, in a test network.
pub fn pool() -> Mempool {
    Mempool::new(PoolPolicy::server(&params()), map_key())
}

/// An empty mempool with these bounds.
pub fn pool_of(max_payments: usize, max_bytes: usize) -> Mempool {
    Mempool::new(PoolPolicy { max_payments, max_bytes, ..PoolPolicy::server(&params()) }, map_key())
}

/// A signed payment with these parts, valid or invalid.
pub fn pay(key: &PrivateKey, network: NetworkId, inputs: Vec<OutPoint>, outputs: Vec<Output>) -> Payment {
    sign(key, network, UnsignedPayment { sender: key.public_key(), replaceable: false, inputs, outputs })
}

/// Marks the block as one that has passed all checks.
pub fn sound(block: &Block) -> SoundBlock {
    SoundBlock::from_store(block.clone(), block.coinbase.height)
}

/// A chain without forks and the ledger at its tip.
#[derive(Clone)]
pub struct Ledger {
    pub params: ChainParams,
    pub network: NetworkId,
    pub utxos: UtxoSet,
    pub commitments: Commitments,
    pub blocks: Vec<(Block, Undo)>,
    /// Every change since genesis, in order.
    pub diffs: Vec<UtxoDiff>,
}

impl Ledger {
    /// Starts with genesis only.
    pub fn new(params: ChainParams) -> Self {
        let genesis = params.genesis_block();
        let (network, utxos) = (params.network_id(), UtxoSet::new(map_key()));
        let commitments = Commitments::before(&genesis);
        let mut ledger = Self { params, network, utxos, commitments, blocks: Vec::new(), diffs: Vec::new() };
        ledger.connect_sound(&SoundBlock::from_store(genesis, Height::GENESIS)).unwrap();
        ledger
    }

    pub fn tip(&self) -> Header {
        self.blocks.last().unwrap().0.header
    }

    pub fn next_height(&self) -> Height {
        Height(u32::try_from(self.blocks.len()).unwrap())
    }

    /// The context for a mempool on top of this chain.
    pub fn context(&self) -> PoolContext<'_> {
        let (utxos, next_height, params) = (&self.utxos, self.next_height(), &self.params);
        PoolContext { utxos, next_height, params, now: Monotonic(0) }
    }

    /// The outpoint of a block's coinbase.
    pub fn coinbase(&self, height: usize) -> OutPoint {
        self.blocks[height].0.coinbase.outpoint()
    }

    /// A solved block on the tip that takes subsidy and `fees`.
    pub fn block(&self, recipient: Address, payments: Vec<Payment>, fees: Amount) -> Block {
        let height = self.next_height();
        let amount = self.params.subsidy_at(height).checked_add(fees).unwrap();
        let tip = self.tip();
        let mut block = Block {
            header: Header { previous: tip.id(), time: Timestamp(tip.time.0 + 1000), ..tip },
            roots: self.commitments.roots(),
            coinbase: Coinbase { height, output: Output { amount, recipient } },
            payments,
        };
        solve(&mut block);
        block
    }

    /// The block that a miner makes of a mempool.
    pub fn block_of(&self, pool: &Mempool, recipient: Address) -> Block {
        let template = pool.template(&self.params);
        self.block(recipient, template.payments, template.fees)
    }

    /// Checks all rules except those that need earlier headers, and connects the block.
    pub fn connect(&mut self, block: Block) -> Result<ConnectedBlock, BlockError> {
        let block = check_block_in_isolation(block, self.next_height(), &self.params)?.verify(self.network)?;
        self.connect_sound(&block)
    }

    /// Like [`Ledger::connect`], for payments whose signatures have been checked before.
    pub fn connect_verified(&mut self, block: Block) -> Result<ConnectedBlock, BlockError> {
        let block = check_block_in_isolation(block, self.next_height(), &self.params)?.into_sound();
        self.connect_sound(&block)
    }

    fn connect_sound(&mut self, block: &SoundBlock) -> Result<ConnectedBlock, BlockError> {
        let mut overlay = UtxoOverlay::default();
        let connected = connect_block(block, &mut self.commitments, &self.utxos, &mut overlay, &self.params)?;
        self.apply(overlay);
        self.blocks.push((block.block().clone(), connected.undo.clone()));
        Ok(connected)
    }

    /// Disconnects the tip.
    pub fn disconnect(&mut self) -> Block {
        let (block, undo) = self.blocks.pop().unwrap();
        let mut overlay = UtxoOverlay::default();
        disconnect_block(&block, &undo, &mut self.commitments, &self.utxos, &mut overlay);
        self.apply(overlay);
        block
    }

    fn apply(&mut self, overlay: UtxoOverlay) {
        let diff = overlay.into_diff();
        self.utxos.apply(&diff);
        self.diffs.push(diff);
    }

    /// All outputs of an address.
    pub fn coins(&self, owner: Address) -> Vec<Coin> {
        self.utxos
            .of(&owner)
            .map(|(outpoint, utxo)| Coin { outpoint, amount: utxo.output.amount, mined: true })
            .collect()
    }
}
