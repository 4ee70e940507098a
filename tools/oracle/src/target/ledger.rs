use crate::fixtures::{self, Defect, PEOPLE, block_on, key, params, pay, units};
use crate::{Bytes, Coin, Driver, NaiveChain, NaiveLedger};
use fedcoin_node::consensus::{ChainParams, Retarget};
use fedcoin_node::primitives::{Block, BlockId, Coinbase, Header, OutPoint, Output, Payment, TxId};
use fedcoin_node::units::{CompactTarget, Height, Timestamp};
use fedcoin_node::{Command, Event, Input, MiningPolicy, MiningSettings, RequestId};
use std::collections::{BTreeMap, BTreeSet};

/// A run's length.
const MAX_STEPS: usize = 48;
/// With more payments, the mempool's limits on ancestors and descendants may refuse what the ledger allows.
const FAMILY: usize = 24;

/// People pay, cheat, mine on any block, send blocks late or twice, and pull plugs. After each step the node's ledger,
/// tip and mempool must equal those of the naive chain.
pub fn ledger(bytes: &[u8]) {
    let mut bytes = Bytes::new(bytes);
    let mut story = Story::new(&mut bytes);
    for _ in 0..MAX_STEPS {
        if bytes.is_empty() {
            break;
        }
        story.step(&mut bytes);
        story.check();
    }
}

/// Two nodes that get the same blocks in different orders agree in the end.
pub fn arrival_order(bytes: &[u8], order: &[u8]) {
    let mut bytes = Bytes::new(bytes);
    let mut story = Story::new(&mut bytes);
    for _ in 0..MAX_STEPS {
        if bytes.is_empty() {
            break;
        }
        story.step(&mut bytes);
    }
    let mut blocks: Vec<Block> = story.made.blocks().cloned().collect();
    blocks.iter().for_each(|block| story.give_block(block.clone()));
    story.check();
    let mut other = Driver::new(story.params.clone());
    other.now = story.driver.now;
    let mut order = Bytes::new(order);
    while !blocks.is_empty() {
        let block = blocks.swap_remove(order.below(blocks.len()));
        other.give(submit(block));
    }
    assert_eq!(other.node.chain().tip(), story.driver.node.chain().tip());
    assert_eq!(other.node.chain().utxos(), story.driver.node.chain().utxos());
}

struct Story {
    params: ChainParams,
    driver: Driver,
    oracle: NaiveChain,
    /// All blocks that were made, whether the node has received them or not.
    made: NaiveChain,
    held_back: Vec<Block>,
    payments: Vec<Payment>,
    /// Payments that the node must keep while the ledger allows them.
    kept: BTreeMap<TxId, Payment>,
    events_seen: usize,
}

impl Story {
    fn new(bytes: &mut Bytes<'_>) -> Self {
        let choice = bytes.below(6) as u32;
        let params = if choice < 3 {
            params()
        } else {
            // Most blocks come sooner, so targets get harder. The easiest target takes 32 hashes, enough to tell
            // targets apart.
            let target = CompactTarget(0x2007_ffff);
            ChainParams { retarget: Retarget::EachBlock, target, spacing_ms: 20_000, ..params() }
        };
        let params = ChainParams { coinbase_maturity: choice % 3, ..params };
        Self {
            driver: Driver::new(params.clone()),
            oracle: NaiveChain::new(params.clone()),
            made: NaiveChain::new(params.clone()),
            held_back: Vec::new(),
            payments: Vec::new(),
            kept: BTreeMap::new(),
            events_seen: 0,
            params,
        }
    }

    fn step(&mut self, bytes: &mut Bytes<'_>) {
        match bytes.below(16) {
            0..=4 => self.pay(bytes),
            5..=8 => {
                let block = self.make_block(bytes);
                self.give_block(block);
            }
            9 => {
                let block = self.make_block(bytes);
                self.held_back.push(block);
            }
            10 if !self.held_back.is_empty() => {
                let block = self.held_back.remove(bytes.below(self.held_back.len()));
                self.give_block(block);
            }
            11 => {
                let blocks: Vec<Block> = self.oracle.blocks().cloned().collect();
                bytes.choose(&blocks).cloned().into_iter().for_each(|block| self.give_block(block));
            }
            // Half an hour would expire orphans.
            12 => self.driver.pass(u64::from(bytes.byte()) * 100),
            13 => self.crash(bytes),
            14 => self.node_mines(bytes),
            _ => {
                self.driver.restart();
                self.oracle.restart(&self.driver.store.snapshot());
            }
        }
    }

    fn pay(&mut self, bytes: &mut Bytes<'_>) {
        let (_, mut ledger) = self.oracle.primary();
        for entry in self.driver.node.mempool().iter().filter(|_| bytes.once_in(2)) {
            let coins =
                entry.payment().outputs().map(|(o, output)| (o, Coin { output: *output, height: 0, coinbase: false }));
            ledger.unspent.extend(coins);
        }
        let Some(mut payment) = make_payment(bytes, &ledger) else { return };
        if bytes.once_in(6) {
            Defect::of(bytes).spoil(&mut payment);
        }
        self.payments.push(payment.clone());
        self.driver.give(Input::Command(Command::SubmitPayment { request: RequestId(1), payment, may_replace: true }));
    }

    /// A block on any block made so far, most often the tip.
    fn make_block(&mut self, bytes: &mut Bytes<'_>) -> Block {
        let parents: Vec<Block> = self.made.blocks().cloned().collect();
        let tip = self.driver.node.chain().tip().id;
        let parent = match bytes.byte() {
            0..=159 => parents.iter().find(|block| block.id() == tip).unwrap_or(&parents[0]),
            n => &parents[usize::from(n) % parents.len()],
        };
        let height = self.made.height(parent.id()) + 1;
        let mut ledger = self.made.replay(parent.id()).map_or_else(NaiveLedger::default, |(_, ledger)| ledger);
        let mut fees = 0;
        let mut payments = Vec::new();
        let waiting: Vec<Payment> = self.driver.node.mempool().iter().map(|e| e.payment().clone()).collect();
        let chosen: Vec<&Payment> = waiting.iter().chain(&self.payments).filter(|_| bytes.once_in(2)).collect();
        for payment in chosen {
            // Sometimes a block with one invalid payment.
            let mut after = ledger.clone();
            match after.take_payment(&self.params, height, payment) {
                Some(fee) => (fees, ledger) = (fees + fee, after),
                None if bytes.once_in(16) => {}
                None => continue,
            }
            payments.push(payment.clone());
        }
        let reward = u64::try_from(NaiveLedger::subsidy(&self.params, height) + fees).unwrap();
        let took = match bytes.byte() {
            // Late, where the target follows the hash rate: a step, a few, and a rest.
            255 => 3_600_000,
            n @ 250.. => 360_001 + u64::from(n - 250) * 4_000,
            n => 1 + u64::from(n) * 50,
        };
        let time = Timestamp(parent.header.time.0.saturating_add(took));
        let recipient = key(1 + bytes.byte() % PEOPLE).address();
        let coinbase = Coinbase { height: Height(height), output: Output { amount: units(reward), recipient } };
        let mut block = block_on(&self.params, &parent.header, time, coinbase, payments);
        block.header.target = self.made.target_after(parent.id(), time);
        block.roots = self.made.roots_on(parent.id());
        fixtures::solve(&mut block);
        if bytes.once_in(6) {
            fixtures::spoil_block(bytes, &mut block);
        }
        // With any time.
        self.made.give(&block, Timestamp(u64::MAX));
        block
    }

    fn give_block(&mut self, block: Block) {
        self.oracle.give(&block, self.driver.now.wall);
        self.driver.give(submit(block));
    }

    /// Pulls the plug while the node handles a block.
    fn crash(&mut self, bytes: &mut Bytes<'_>) {
        let block = self.make_block(bytes);
        self.oracle.give(&block, self.driver.now.wall);
        self.driver.crash(submit(block), bytes.below(16), bytes.byte().into());
        self.oracle.restart(&self.driver.store.snapshot());
    }

    /// The node mines a block.
    fn node_mines(&mut self, bytes: &mut Bytes<'_>) {
        let recipient = key(1 + bytes.byte() % PEOPLE).address();
        let settings = MiningSettings { recipient, policy: MiningPolicy::Always };
        self.driver.give(Input::Command(Command::SetMining(Some(settings))));
        let job = self.driver.job.map(|job| (job, job.header));
        if let Some((job, mut header)) = job
            && fixtures::solve_header(&mut header)
        {
            let Header { salt, time, nonce, .. } = header;
            let mined = Input::Mined { generation: job.generation, salt, time, nonce };
            self.driver.give(mined);
            let block = self.driver.node.chain().recent_block(&header.id()).expect("the node keeps its own block");
            assert_eq!(self.driver.node.chain().tip().id, header.id());
            self.oracle.give(block.block(), self.driver.now.wall);
            self.made.give(block.block(), self.driver.now.wall);
        }
        self.driver.give(Input::Command(Command::SetMining(None)));
    }

    fn check(&mut self) {
        let (chain, ledger) = self.oracle.primary();
        let node = &self.driver.node;
        let tip: BlockId = chain[chain.len() - 1].id();
        assert_eq!(node.chain().tip().id, tip, "another tip");
        assert_eq!(node.chain().utxos().state_hash(), ledger.state_hash(), "another ledger");
        assert_eq!(node.chain().commitments().roots(), self.oracle.roots_on(tip), "other roots");
        assert_eq!(u128::from(node.supply().units()), ledger.supply(), "another supply");
        let height = u32::try_from(chain.len()).unwrap() - 1;
        assert!(ledger.supply() <= NaiveLedger::schedule(&self.params, height), "more money than the schedule allows");
        let stored = self.driver.store.snapshot();
        assert_eq!(stored.tip, Some(tip), "another tip is stored");
        let coins: BTreeMap<OutPoint, Coin> = stored
            .utxos
            .iter()
            .map(|(o, u)| (*o, Coin { output: u.output, height: u.height.0, coinbase: u.coinbase }))
            .collect();
        assert_eq!(coins, ledger.unspent, "another ledger is stored");
        let mined: BTreeMap<TxId, Payment> =
            chain.iter().flat_map(|block| &block.payments).map(|p| (p.txid(), p.clone())).collect();
        self.check_mempool(height + 1, ledger, mined);
    }

    /// All waiting payments can be mined in one block, and none is missing that could be.
    fn check_mempool(&mut self, height: u32, mut ledger: NaiveLedger, mined: BTreeMap<TxId, Payment>) {
        let pool = self.driver.node.mempool();
        let lost = ledger.take_payments(&self.params, height, pool.iter().map(|entry| entry.payment()));
        assert!(lost.is_empty(), "payments wait that nobody can mine: {lost:?}");
        let stored = self.driver.store.snapshot().payments.iter().map(Payment::txid).collect::<BTreeSet<_>>();
        assert_eq!(stored, pool.txids().collect(), "other payments are stored");
        let events = &self.driver.events[self.events_seen..];
        let moves = events.iter().filter(|event| matches!(event, Event::TipChanged { .. })).count();
        let accepted = events.iter().filter_map(|event| match event {
            Event::PaymentSubmitted { txid, result: Ok(()), .. } => pool.get(txid),
            _ => None,
        });
        self.kept.extend(accepted.map(|payment| (payment.txid(), payment.clone())));
        self.kept.extend(mined.clone());
        self.events_seen = self.driver.events.len();
        let forgiving = moves > 1 || pool.len() > FAMILY;
        self.kept.retain(|txid, payment| {
            let here = pool.contains(txid) || mined.contains_key(txid);
            let possible = || ledger.clone().take_payment(&self.params, height, payment).is_some();
            assert!(here || forgiving || !possible(), "payment {txid} is lost");
            here
        });
    }
}

/// A payment of one to three coins of one owner.
fn make_payment(bytes: &mut Bytes<'_>, ledger: &NaiveLedger) -> Option<Payment> {
    let all: Vec<(&OutPoint, &Coin)> = ledger.unspent.iter().collect();
    let (_, first) = bytes.choose(&all)?;
    let owner = first.output.recipient;
    let own: Vec<&(&OutPoint, &Coin)> = all.iter().filter(|(_, coin)| coin.output.recipient == owner).collect();
    let start = bytes.below(own.len());
    let taken: Vec<&&(&OutPoint, &Coin)> = own.iter().skip(start).take(1 + bytes.below(3)).collect();
    let sum: u64 = taken.iter().map(|(_, coin)| coin.output.amount.units()).sum();
    let rest = sum.saturating_sub(u64::from(bytes.byte()) * 1_000);
    let parts = 1 + bytes.below(3) as u64;
    let outputs =
        (0..parts).map(|_| Output { amount: units(rest / parts), recipient: key(1 + bytes.byte() % PEOPLE).address() });
    let outputs = outputs.collect();
    let mut payment = pay(fixtures::person(&owner), taken.iter().map(|(outpoint, _)| **outpoint).collect(), outputs);
    payment.unsigned.replaceable = bytes.once_in(2);
    Some(payment)
}

pub(super) fn submit(block: Block) -> Input {
    Input::Command(Command::SubmitBlock { request: RequestId(1), block: Box::new(block) })
}
