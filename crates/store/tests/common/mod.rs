//! Change sets like a node's: new headers and blocks on known ones, new and spent outputs, arriving and leaving
//! payments.
#![allow(dead_code, reason = "each test file uses some of it")]

use fastrand::Rng;
use fedcoin_chain::ChangeSet;
use fedcoin_chain::Durability;
use fedcoin_consensus::ledger::{Undo, Utxo};
use fedcoin_consensus::{ChainParams, Commitments};
use fedcoin_primitives::units::{Amount, Height};
use fedcoin_primitives::{
    Address, Block, BlockId, Coinbase, HistoryRoot, LedgerRoot, OutPoint, Output, Payment, PublicKey, Signature,
    StateRoots, TxId, UnsignedPayment,
};
use std::sync::Arc;

/// Generates random change sets. The same seed generates the same ones.
pub(crate) struct Scenario {
    rng: Rng,
    params: ChainParams,
    headers: Vec<BlockId>,
    blocks: Vec<BlockId>,
    utxos: Vec<OutPoint>,
    pool: Vec<TxId>,
}

impl Scenario {
    pub(crate) fn new(seed: u64) -> Self {
        let params = ChainParams::regtest();
        let genesis = params.genesis_block().id();
        Self {
            rng: Rng::with_seed(seed),
            params,
            headers: vec![genesis],
            blocks: Vec::new(),
            utxos: Vec::new(),
            pool: Vec::new(),
        }
    }

    /// One change set in four must be on disk at once.
    pub(crate) fn draw(&mut self) -> (ChangeSet, Durability) {
        let mut changes = ChangeSet::default();
        for _ in 0..self.rng.usize(0..3) {
            let header = self.block(0).header;
            self.headers.push(header.id());
            changes.headers.push(header.into());
        }
        for _ in 0..self.rng.usize(0..3) {
            self.add_block(&mut changes);
        }
        if self.rng.u8(..) < 20 {
            changes.invalid.push(self.headers[self.rng.usize(1.min(self.headers.len() - 1)..self.headers.len())]);
        }
        self.change_utxos(&mut changes);
        self.change_mempool(&mut changes);
        if self.rng.u8(..) < 40 {
            let port = self.rng.u16(1..);
            changes.addresses =
                Some((0..self.rng.u16(0..4)).map(|i| format!("host{i}:{port}").parse().unwrap()).collect());
        }
        let durability = if self.rng.u8(..) < 64 { Durability::Immediate } else { Durability::Eventual };
        (changes, durability)
    }

    /// The next block of a chain. Its payment spends one coin and makes two.
    pub(crate) fn next(&mut self, previous: BlockId, height: Height) -> ChangeSet {
        let mut changes = ChangeSet::default();
        let mut block = self.block(1);
        (block.header.previous, block.coinbase.height) = (previous, height);
        block.header.commitment = block.commitment();
        let id = block.id();
        changes.undos.push((id, Undo { spent: vec![(self.outpoint(), self.utxo())], peaks: Vec::new() }));
        changes.utxos.created = (0..3).map(|_| (self.outpoint(), self.utxo())).collect();
        (changes.tip, changes.headers) = (Some(id), vec![block.header.into()]);
        changes.blocks.push(Arc::new(block.into()));
        changes
    }

    /// Ids of stored blocks, and one unknown id.
    pub(crate) fn ids(&mut self) -> Vec<BlockId> {
        let mut ids: Vec<BlockId> = (0..3).filter_map(|_| self.rng.choice(&self.blocks).copied()).collect();
        ids.push(BlockId(self.bytes()));
        ids
    }

    fn add_block(&mut self, changes: &mut ChangeSet) {
        let payments = self.rng.usize(0..5);
        let block = self.block(payments);
        let id = block.id();
        self.headers.push(id);
        self.blocks.push(id);
        if self.rng.bool() {
            changes.headers.push(block.header.into());
        }
        if self.rng.bool() {
            let spent = (0..self.rng.usize(0..3)).map(|_| (self.outpoint(), self.utxo())).collect();
            let mut after = Commitments::after(&self.params.genesis_block().into());
            let peaks = after.connect(&block.clone().into(), |_| LedgerRoot::default());
            changes.undos.push((id, Undo { spent, peaks }));
            (changes.tip, changes.commitments) = (Some(id), Some(after));
        }
        changes.blocks.push(Arc::new(block.into()));
    }

    fn change_utxos(&mut self, changes: &mut ChangeSet) {
        for _ in 0..self.rng.usize(0..6) {
            if !self.utxos.is_empty() {
                let at = self.rng.usize(..self.utxos.len());
                changes.utxos.spent.push(self.utxos.swap_remove(at));
            }
        }
        for _ in 0..self.rng.usize(0..6) {
            let (outpoint, utxo) = (self.outpoint(), self.utxo());
            self.utxos.push(outpoint);
            changes.utxos.created.push((outpoint, utxo));
        }
    }

    fn change_mempool(&mut self, changes: &mut ChangeSet) {
        for _ in 0..self.rng.usize(0..3) {
            if !self.pool.is_empty() {
                let at = self.rng.usize(..self.pool.len());
                changes.pool_removed.push(self.pool.swap_remove(at));
            }
        }
        for _ in 0..self.rng.usize(0..3) {
            let payment = self.payment();
            self.pool.push(payment.txid());
            changes.pool_added.push(payment);
        }
    }

    fn block(&mut self, payments: usize) -> Block {
        let mut header = self.params.genesis_block().header;
        header.previous = self.headers[self.rng.usize(..self.headers.len())];
        header.nonce = self.rng.u32(..);
        header.salt = self.rng.u32(..);
        let coinbase = Coinbase { height: Height(self.rng.u32(..)), output: self.utxo().output };
        let roots = StateRoots { history: HistoryRoot(self.bytes()), ledger: LedgerRoot(self.bytes()) };
        let payments = (0..payments).map(|_| self.payment()).collect();
        let mut block = Block { header, roots, coinbase, payments };
        block.header.commitment = block.commitment();
        block
    }

    fn payment(&mut self) -> Payment {
        let inputs: Vec<OutPoint> = (0..self.rng.usize(1..4)).map(|_| self.outpoint()).collect();
        let unsigned = UnsignedPayment {
            sender: PublicKey::from_bytes([2; 33]),
            replaceable: inputs.len() > 1,
            inputs,
            outputs: (0..self.rng.usize(1..4)).map(|_| self.utxo().output).collect(),
        };
        Payment { unsigned, signature: Signature::from_bytes([self.rng.u8(..); 64]) }
    }

    fn utxo(&mut self) -> Utxo {
        let mut owner = [0; 20];
        self.rng.fill(&mut owner);
        let output = Output { amount: Amount::from_fed(self.rng.u32(..1_000)), recipient: Address(owner) };
        Utxo { output, height: Height(self.rng.u32(..)), coinbase: self.rng.bool() }
    }

    fn outpoint(&mut self) -> OutPoint {
        OutPoint { txid: TxId(self.bytes()), index: self.rng.u32(..) }
    }

    fn bytes(&mut self) -> [u8; 32] {
        let mut bytes = [0; 32];
        self.rng.fill(&mut bytes);
        bytes
    }
}
