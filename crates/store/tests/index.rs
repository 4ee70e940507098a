//! The index always matches a scan of the whole primary chain.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use fastrand::Rng;
use fedcoin_chain::Durability;
use fedcoin_chain::{Chain, ChangeSet};
use fedcoin_consensus::ChainParams;
use fedcoin_primitives::units::{Amount, Height};
use fedcoin_primitives::{
    Address, Block, BlockId, Coinbase, OutPoint, Output, Payment, PublicKey, Signature, StateRoots, TxId,
    UnsignedPayment,
};
use fedcoin_store::{Store, StoreError, StoreOptions, TxLocation};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// A growing tree of blocks whose payments circulate among few addresses.
struct Tree {
    rng: Rng,
    blocks: Vec<Block>,
}

impl Tree {
    fn new(seed: u64) -> Self {
        Self { rng: Rng::with_seed(seed), blocks: vec![ChainParams::regtest().genesis_block()] }
    }

    /// Adds a few blocks to any block. The last becomes the tip.
    fn grow(&mut self) -> ChangeSet {
        let mut parent = self.rng.usize(self.blocks.len().saturating_sub(6)..self.blocks.len());
        let first = self.blocks.len();
        for _ in 0..self.rng.usize(1..4) {
            let block = self.block(parent);
            parent = self.blocks.len();
            self.blocks.push(block);
        }
        let blocks = self.blocks[first..].to_vec();
        ChangeSet {
            tip: blocks.last().map(Block::id),
            blocks: blocks.into_iter().map(|block| Arc::new(block.into())).collect(),
            ..ChangeSet::default()
        }
    }

    fn block(&mut self, parent: usize) -> Block {
        let parent = &self.blocks[parent];
        let (mut header, height) = (parent.header, parent.coinbase.height.next());
        header.previous = parent.id();
        header.nonce = self.rng.u32(..);
        let payments = (0..self.rng.usize(0..3)).map(|_| self.payment()).collect();
        let mut block = Block {
            header,
            roots: StateRoots::default(),
            coinbase: Coinbase { height, output: self.output() },
            payments,
        };
        block.header.commitment = block.commitment();
        block
    }

    fn payment(&mut self) -> Payment {
        let unsigned = UnsignedPayment {
            sender: PublicKey::from_bytes([self.rng.u8(2..4); 33]),
            replaceable: false,
            inputs: vec![OutPoint { txid: TxId([self.rng.u8(..); 32]), index: self.rng.u32(..) }],
            outputs: (0..self.rng.usize(1..4)).map(|_| self.output()).collect(),
        };
        Payment { unsigned, signature: Signature::from_bytes([1; 64]) }
    }

    fn output(&mut self) -> Output {
        Output { amount: Amount::from_fed(1), recipient: Address([self.rng.u8(1..4); 20]) }
    }

    fn chain(&self, tip: BlockId) -> Vec<&Block> {
        let by_id: BTreeMap<BlockId, &Block> = self.blocks.iter().map(|block| (block.id(), block)).collect();
        let mut chain = Vec::new();
        let mut next = by_id.get(&tip);
        while let Some(block) = next {
            chain.push(*block);
            next = by_id.get(&block.header.previous);
        }
        chain
    }

    fn addresses(&self) -> Vec<Address> {
        let owners = [2, 3].map(|n| PublicKey::from_bytes([n; 33]).address());
        owners.into_iter().chain([1, 2, 3, 4].map(|n| Address([n; 20]))).collect()
    }
}

/// All transactions of a block with their indexes and the addresses they touch.
fn transactions(block: &Block) -> Vec<(TxId, TxLocation, Vec<Address>)> {
    let location = |position| TxLocation { height: block.coinbase.height, position };
    let coinbase = (block.coinbase.txid(), location(0), vec![block.coinbase.output.recipient]);
    let payments = (1..).zip(&block.payments).map(|(position, payment)| {
        let touched = payment.unsigned.outputs.iter().map(|o| o.recipient).chain([payment.unsigned.sender.address()]);
        (payment.txid(), location(position), touched.collect())
    });
    [coinbase].into_iter().chain(payments).collect()
}

fn holds_what_the_chain_says(store: &Store, tree: &Tree, tip: BlockId) {
    let chain: Vec<_> = tree.chain(tip).into_iter().flat_map(transactions).collect();
    for (txid, _, _) in tree.blocks.iter().flat_map(transactions) {
        let wanted: Vec<TxLocation> =
            chain.iter().filter(|(id, ..)| *id == txid).map(|(_, location, _)| *location).collect();
        assert_eq!(store.transaction(&txid).unwrap(), wanted, "{txid}");
        let begins_like_it = chain.iter().filter(|(id, ..)| id.0[..1] == txid.0[..1]);
        let mut wanted: Vec<TxLocation> = begins_like_it.map(|(_, location, _)| *location).collect();
        wanted.sort_unstable();
        let mut found = store.transactions_from(&txid.0[..1], usize::MAX).unwrap();
        found.sort_unstable();
        assert_eq!(found, wanted, "like {txid}");
    }
    for address in tree.addresses() {
        let touched = chain.iter().filter(|(.., touched)| touched.contains(&address));
        let mut wanted: Vec<TxLocation> = touched.map(|(_, location, _)| *location).collect();
        wanted.sort_unstable_by(|a, b| b.cmp(a));
        assert_eq!(store.history(&address, None, usize::MAX).unwrap(), wanted, "{address}");
        let mut pages = Vec::new();
        while let page @ [_, ..] = store.history(&address, pages.last().copied(), 3).unwrap().as_slice() {
            assert!(page.len() <= 3);
            pages.extend(page);
        }
        assert_eq!(pages, wanted, "{address} by pages");
    }
}

fn open(file: &Path, options: StoreOptions) -> Store {
    Store::open_file(file, &ChainParams::regtest(), options).unwrap().0
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_index_follows_the_chain(seed: u64, runs in prop::collection::vec((any::<bool>(), 1_usize..12), 1..6)) {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("chain.redb");
        let mut tree = Tree::new(seed);
        let mut tip = tree.blocks[0].id();
        let mut started = false;
        for (index, steps) in runs {
            // From time to time a program without the index continues the chain.
            let store = open(&file, StoreOptions { index, max_eventual_commits: 4, ..StoreOptions::default() });
            if !started {
                store.apply(&Chain::genesis_changes(&ChainParams::regtest()), Durability::Immediate).unwrap();
                started = true;
            }
            store.catch_up(|_, _| ()).unwrap();
            for _ in 0..steps {
                let changes = tree.grow();
                tip = changes.tip.unwrap();
                let durability = if tree.rng.bool() { Durability::Immediate } else { Durability::Eventual };
                store.apply(&changes, durability).unwrap();
                prop_assert_eq!(store.tip().unwrap(), Some(tip));
                if index && tree.rng.u8(..) < 80 {
                    holds_what_the_chain_says(&store, &tree, tip);
                }
            }
        }
        let store = open(&file, StoreOptions::server());
        store.catch_up(|_, _| ()).unwrap();
        holds_what_the_chain_says(&store, &tree, tip);
    }
}

#[test]
fn a_long_chain_is_indexed_in_parts() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("chain.redb");
    let mut tree = Tree::new(1);
    let store = open(&file, StoreOptions::default());
    store.apply(&Chain::genesis_changes(&ChainParams::regtest()), Durability::Eventual).unwrap();
    for at in 0..250 {
        let block = tree.block(at);
        let changes =
            ChangeSet { tip: Some(block.id()), blocks: vec![Arc::new(block.clone().into())], ..ChangeSet::default() };
        tree.blocks.push(block);
        store.apply(&changes, Durability::Eventual).unwrap();
    }
    assert_eq!(store.history(&Address([1; 20]), None, 1), Err(StoreError::NoIndex));
    drop(store);
    let store = open(&file, StoreOptions::server());
    let mut progress = Vec::new();
    store.catch_up(|done, total| progress.push((done, total))).unwrap();
    assert_eq!(progress, [(100, 251), (200, 251), (251, 251)]);
    holds_what_the_chain_says(&store, &tree, tree.blocks[250].id());
    assert_eq!(tree.blocks[250].coinbase.height, Height(250));
    progress.clear();
    store.catch_up(|done, total| progress.push((done, total))).unwrap();
    assert_eq!(progress, [], "there is nothing left to do");
}
