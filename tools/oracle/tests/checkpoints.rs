//! What blocks commit to, around a checkpoint and across forks: the node against the oracle.
#![allow(clippy::unwrap_used, reason = "a test fails by it")]

use fedcoin_node::consensus::ChainParams;
use fedcoin_node::primitives::{Block, BlockId, Coinbase, OutPoint, Output, Payment};
use fedcoin_node::units::{Amount, Height, Timestamp};
use fedcoin_node::{Command, Event, Input, RequestId};
use fedcoin_oracle::{Driver, block_on, key, params, pay, roots_after, solve};
use fedcoin_testkit::ledger::Ledger;
use fedcoin_testkit::lineage;
use proptest::collection::vec;
use proptest::prelude::*;
use std::sync::LazyLock;

/// The checkpoint.
const C: u32 = 1_024;

/// A network that pays a little for every block.
fn open_params() -> ChainParams {
    ChainParams { coinbase_maturity: 0, halving_interval: 100_000, ..params() }
}

/// A payment of one coin to two people.
fn split(owner: u8, coin: OutPoint, amount: Amount, to: [u8; 2]) -> Payment {
    let half = Amount::from_units(amount.units() / 2).unwrap();
    let outputs = to.map(|person| Output { amount: half, recipient: key(person).address() });
    pay(owner, vec![coin], outputs.to_vec())
}

/// A chain, and a hundred blocks before the checkpoint, each of which spends the coinbase before it.
static BASE: LazyLock<Ledger> = LazyLock::new(|| {
    let mut ledger = Ledger::new(open_params());
    while ledger.next_height().0 < C - 20 {
        let spends = ledger.next_height().0 > C - 120;
        extend(&mut ledger, 1, spends);
    }
    ledger
});

/// Connects a block for this person. It may spend the coinbase of the person's last block.
fn extend(ledger: &mut Ledger, person: u8, spends: bool) {
    let last = &ledger.blocks.last().unwrap().0.coinbase;
    let own = spends && last.output.recipient == key(person).address();
    let payments = own.then(|| split(person, last.outpoint(), last.output.amount, [1, 2]));
    let block = ledger.block(key(person).address(), payments.into_iter().collect(), Amount::ZERO);
    ledger.connect_verified(block).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn roots_are_what_the_oracle_says_after_any_moves(
        moves in vec((0..100_usize, 0..110_usize, 1..4_u8, any::<bool>()), 1..6),
    ) {
        let mut ledger = BASE.clone();
        for (down, up, person, spends) in moves {
            for _ in 0..down.min(ledger.blocks.len() - 950) {
                ledger.disconnect();
            }
            for _ in 0..up {
                extend(&mut ledger, person, spends);
            }
            let chain: Vec<&Block> = ledger.blocks.iter().map(|(block, _)| block).collect();
            prop_assert_eq!(ledger.commitments.roots(), roots_after(&ledger.params, &chain));
        }
    }
}

fn submit(driver: &mut Driver, block: &Block) {
    driver.give(Input::Command(Command::SubmitBlock { request: RequestId(1), block: Box::new(block.clone()) }));
}

/// A branch: all its blocks, genesis first.
#[derive(Clone)]
struct Branch {
    params: ChainParams,
    blocks: Vec<Block>,
    person: u8,
}

impl Branch {
    fn new(params: &ChainParams) -> Self {
        Self { params: params.clone(), blocks: vec![params.genesis_block()], person: 1 }
    }

    fn fork(&self, height: u32, person: u8) -> Self {
        Self { blocks: self.blocks[..=height as usize].to_vec(), person, params: self.params.clone() }
    }

    fn tip(&self) -> &Block {
        self.blocks.last().unwrap()
    }

    fn id(&self) -> BlockId {
        self.tip().id()
    }

    /// The next block. It spends the coinbase of the same person's last one.
    fn next(&self) -> Block {
        let (parent, height) = (self.tip(), self.tip().coinbase.height.next());
        let recipient = key(self.person).address();
        let last = &parent.coinbase;
        let own = last.output.recipient == recipient && height > Height(1);
        let payments = own.then(|| split(self.person, last.outpoint(), last.output.amount, [1, 2]));
        let coinbase = Coinbase { height, output: Output { amount: self.params.subsidy_at(height), recipient } };
        let time = Timestamp(parent.header.time.0 + 1_000 + u64::from(self.person));
        block_on(&self.params, &parent.header, time, coinbase, payments.into_iter().collect())
    }

    /// Makes blocks up to a height and gives them to the node, which must then commit to what the oracle says, also
    /// after a restart.
    fn grow(&mut self, driver: &mut Driver, height: u32) {
        while self.tip().coinbase.height.0 < height {
            let block = self.next();
            lineage::remember(&block);
            submit(driver, &block);
            self.blocks.push(block);
        }
        let expected = roots_after(&self.params, &self.blocks.iter().collect::<Vec<_>>());
        for _ in 0..2 {
            let chain = driver.node.chain();
            assert_eq!((chain.tip().id, chain.commitments().roots()), (self.id(), expected), "height {height}");
            driver.restart();
        }
    }
}

/// Whether the node has found this block invalid, by this rule.
fn found_invalid(driver: &Driver, block: &Block, rule: &str) -> bool {
    driver.events.iter().any(|event| match event {
        Event::BlockRejected { id, error, .. } => *id == block.id() && error.rule() == rule,
        _ => false,
    })
}

#[test]
fn reorganisations_across_a_checkpoint_commit_to_their_own_ledger() {
    let params = open_params();
    let mut driver = Driver::new(params.clone());
    driver.now.wall = Timestamp(1_000_000_000);
    let mut a = Branch::new(&params);
    a.grow(&mut driver, C - 4);
    let mut b = a.fork(C - 4, 2);
    for k in [0, 63, 65] {
        a.grow(&mut driver, C + k);
        // A block of the other branch's checkpoint is not valid on this one.
        if k == 63 {
            let mut stolen = b.next();
            stolen.roots.ledger.0[0] ^= 1;
            solve(&mut stolen);
            submit(&mut driver, &stolen);
            assert!(!found_invalid(&driver, &stolen, "B9"), "a block that loses is not judged");
        }
        b.grow(&mut driver, C + k + 1);
    }
    assert_ne!(a.tip().roots.ledger, b.tip().roots.ledger);
    let mut stolen = b.next();
    stolen.roots.ledger = a.tip().roots.ledger;
    solve(&mut stolen);
    submit(&mut driver, &stolen);
    assert!(found_invalid(&driver, &stolen, "B9"));
    let mut forgetful = b.next();
    forgetful.roots.history = b.tip().roots.history;
    solve(&mut forgetful);
    submit(&mut driver, &forgetful);
    assert!(found_invalid(&driver, &forgetful, "B8"));
    // The fork is so deep that the node goes there and back in several moves.
    let mut deep = a.fork(C - 400, 3);
    deep.grow(&mut driver, C + 67);
    b.grow(&mut driver, C + 68);
}

#[test]
fn false_roots_on_a_losing_branch_are_found_when_it_wins() {
    let params = open_params();
    let mut driver = Driver::new(params.clone());
    let mut a = Branch::new(&params);
    a.grow(&mut driver, 3);
    let mut b = a.fork(0, 2);
    let mut false_roots = b.next();
    false_roots.roots.history.0[5] ^= 1;
    solve(&mut false_roots);
    lineage::remember(&false_roots);
    submit(&mut driver, &false_roots);
    b.blocks.push(false_roots.clone());
    for _ in 0..3 {
        assert!(!found_invalid(&driver, &false_roots, "B8"));
        let block = b.next();
        lineage::remember(&block);
        submit(&mut driver, &block);
        b.blocks.push(block);
    }
    assert!(found_invalid(&driver, &false_roots, "B8"));
    assert_eq!((driver.node.chain().tip().id, driver.node.chain().best_header().id), (a.id(), a.id()));
}
