//! Invariants under random actions: payments, double spends, mining and reorganisations.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by it")]

use fedcoin_testkit::ledger as common;

use common::{Ledger, address, key, params, pay, pool_of, sound, units};
use fedcoin_node::chain::ChangeSet;
use fedcoin_node::consensus::{
    ChainParams, SoundBlock, SoundPayment, check_payment_in_isolation, connect_block, disconnect_block,
};
use fedcoin_node::ledger::{Utxo, UtxoDiff, UtxoOverlay, UtxoSet};
use fedcoin_node::mempool::{Dropped, Mempool, PoolError};
use fedcoin_node::primitives::{Block, OutPoint, Output, Payment, Signature, TxId, UnsignedPayment};
use fedcoin_node::units::{Amount, Height};
use fedcoin_node::wallet::{
    Balance, Coin, Confirmed, Fee, PaymentOrder, Pending, WalletError, build_payment, mature_coins, select,
    spendable_coins,
};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// More payments than any story has.
const ROOMY: usize = 1_000;

/// Number of people in the stories, one key each.
const PEOPLE: u8 = 4;

#[derive(Clone, Debug)]
enum Action {
    /// A wallet pays a part of its spendable coins.
    Pay { from: u8, to: u8, part: u8, fee: u64 },
    /// A payment of a confirmed coin, which may already be spent in the mempool.
    SpendAgain { from: u8, to: u8, coin: usize },
    /// A block of the mempool's best payments, or an empty one.
    Mine { miner: u8, empty: bool },
    /// The last blocks are replaced by others, one more of them.
    Reorganise { depth: usize, miner: u8, empty_first: bool },
}

fn action() -> impl Strategy<Value = Action> {
    let who = || 1..=PEOPLE;
    prop_oneof![
        6 => (who(), who(), 1..=255_u8, 0..5_000_u64).prop_map(|(from, to, part, fee)| Action::Pay { from, to, part, fee }),
        2 => (who(), who(), 0..9_usize).prop_map(|(from, to, coin)| Action::SpendAgain { from, to, coin }),
        3 => (who(), any::<bool>()).prop_map(|(miner, empty)| Action::Mine { miner, empty }),
        1 => (1..5_usize, who(), any::<bool>())
            .prop_map(|(depth, miner, empty_first)| Action::Reorganise { depth, miner, empty_first }),
    ]
}

fn story() -> impl Strategy<Value = Vec<Action>> {
    proptest::collection::vec(action(), 1..30)
}

/// A ledger with a mempool on top.
struct World {
    ledger: Ledger,
    pool: Mempool,
}

impl World {
    fn new(coinbase_maturity: u32, max_payments: usize) -> Self {
        let ledger = Ledger::new(ChainParams { coinbase_maturity, ..params() });
        Self { ledger, pool: pool_of(max_payments, usize::MAX) }
    }

    /// Runs a whole story, checking the mempool after every action.
    fn tell(&mut self, story: &[Action]) {
        for action in story {
            match *action {
                Action::Pay { from, to, part, fee } => self.pay(from, to, part, fee),
                Action::SpendAgain { from, to, coin } => self.spend_again(from, to, coin),
                Action::Mine { miner, empty } => self.mine(miner, empty),
                Action::Reorganise { depth, miner, empty_first } => self.reorganise(depth, miner, empty_first),
            }
            self.check_pool();
        }
    }

    fn spendable(&self, owner: u8) -> Vec<Coin> {
        let Ledger { utxos, params, .. } = &self.ledger;
        spendable_coins(utxos, &self.pool, &address(owner), self.ledger.next_height(), params)
    }

    fn pay(&mut self, from: u8, to: u8, part: u8, fee: u64) {
        let coins = self.spendable(from);
        let all: u64 = coins.iter().map(|coin| coin.amount.units()).sum();
        let amount = units(all * u64::from(part) / 255).saturating_sub(units(fee));
        if amount > Amount::ZERO {
            let network = self.ledger.network;
            let order = PaymentOrder::new(address(to), amount, Fee::Total(units(fee)));
            let payment = build_payment(&key(from), network, &coins, &order).unwrap();
            let result = self.offer(&payment);
            assert!(
                result.as_ref().err().is_none_or(PoolError::is_temporary),
                "a wallet's payment is refused: {result:?}"
            );
        }
    }

    fn spend_again(&mut self, from: u8, to: u8, coin: usize) {
        let coins = self.ledger.coins(address(from));
        if let Some(coin) = coins.get(coin) {
            let outputs = vec![Output { amount: coin.amount, recipient: address(to) }];
            let taken = self.pool.spender(&coin.outpoint);
            let result = self.offer(&pay(&key(from), self.ledger.network, vec![coin.outpoint], outputs));
            if let Some(with) = taken {
                // A wallet's payment may be replaced, but not without a fee.
                let error = result.unwrap_err();
                let refused = match &error {
                    PoolError::Known => true,
                    PoolError::Conflict { outpoint, with: by } => (*outpoint, *by) == (coin.outpoint, with),
                    PoolError::ReplacementRate { replaced, got, .. } => (*replaced, *got) == (with, Amount::ZERO),
                    // A full mempool has no room for a payment without a fee anyway.
                    PoolError::BelowRisingMinimum { .. } => true,
                    _ => false,
                };
                assert!(refused, "{error}");
            }
        }
    }

    fn offer(&mut self, payment: &Payment) -> Result<Vec<Dropped>, PoolError> {
        let Ledger { params, network, .. } = &self.ledger;
        let sound = check_payment_in_isolation(payment.clone(), params).unwrap().verify(*network).unwrap();
        self.pool.insert(sound, &self.ledger.context())
    }

    fn mine(&mut self, miner: u8, empty: bool) {
        let block = if empty {
            self.ledger.block(address(miner), vec![], Amount::ZERO)
        } else {
            self.ledger.block_of(&self.pool, address(miner))
        };
        self.ledger.connect_verified(block.clone()).unwrap();
        let change = self.pool.block_connected(&sound(&block));
        let payments: Vec<TxId> = block.payments.iter().map(Payment::txid).collect();
        assert_eq!((change.mined, change.dropped), (payments, vec![]));
    }

    fn reorganise(&mut self, depth: usize, miner: u8, empty_first: bool) {
        let depth = depth.min(self.ledger.blocks.len() - 1);
        let mut blocks: Vec<Block> = (0..depth).map(|_| self.ledger.disconnect()).collect();
        blocks.reverse();
        let returned = blocks.into_iter().flat_map(|block| block.payments).map(SoundPayment::from_block).collect();
        self.pool.reorganised(returned, &self.ledger.context());
        self.check_pool();
        for n in 0..=depth {
            self.mine(miner, empty_first && n == 0);
        }
    }

    fn check_pool(&self) {
        let mut spent = BTreeSet::new();
        let made: BTreeSet<OutPoint> = self.pool.iter().flat_map(|e| e.payment().outputs()).map(|(o, _)| o).collect();
        for entry in self.pool.iter() {
            assert!(self.pool.by_hash(&entry.payment().hash()));
            for input in &entry.payment().unsigned.inputs {
                assert!(spent.insert(*input), "two payments spend {input}");
                assert_eq!(self.pool.spender(input), Some(entry.txid()));
                assert!(made.contains(input) || self.ledger.utxos.get(input).is_some(), "{input} is gone");
            }
        }
        assert_eq!(self.pool.bytes(), self.pool.iter().map(|e| e.payment().size()).sum::<usize>());
        assert_eq!(self.pool.len(), self.pool.txids().count());
        // All payments fit into one block here, which must connect.
        let block = self.ledger.block_of(&self.pool, address(1));
        assert_eq!(block.payments.len(), self.pool.len());
        let mut after = self.ledger.clone();
        after.connect_verified(block).unwrap();
        self.check_balances(&after);
    }

    /// Checks balances; `after` is the ledger after person 1 has mined the whole mempool.
    fn check_balances(&self, after: &Ledger) {
        let Ledger { utxos, params, .. } = &self.ledger;
        let reward = after.blocks.last().unwrap().0.coinbase.output.amount;
        for person in 1..=PEOPLE {
            let next = self.ledger.next_height();
            let pending = Pending::of(&address(person), &self.pool, utxos, next, params);
            let balance = Balance::of(Confirmed::of(utxos.of(&address(person)), next, params), &pending);
            let reward = if person == 1 { reward } else { Amount::ZERO };
            let expected = balance.confirmed.units() + balance.pending_in.units() + reward.units();
            assert_eq!(owned(&after.utxos, person) + balance.pending_out.units(), expected, "{balance:?}");
            assert_eq!(owned(utxos, person), balance.confirmed.units());
            let spendable: u64 = self.spendable(person).iter().map(|coin| coin.amount.units()).sum();
            assert_eq!(spendable, balance.spendable.units());
            let mature = mature_coins(utxos.of(&address(person)), next, params).len();
            assert_eq!(self.spendable(person).len(), pending.spendable_count(mature));
        }
    }
}

fn owned(utxos: &UtxoSet, person: u8) -> u64 {
    utxos.of(&address(person)).map(|(_, utxo)| utxo.output.amount.units()).sum()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn disconnecting_undoes_connecting(story in story()) {
        let mut world = World::new(0, ROOMY);
        world.tell(&story);
        let mut replayed = Ledger::new(world.ledger.params.clone());
        let mut states = vec![replayed.utxos.clone()];
        for (block, undo) in &world.ledger.blocks[1..] {
            prop_assert_eq!(&replayed.connect_verified(block.clone()).unwrap().undo, undo);
            states.push(replayed.utxos.clone());
        }
        prop_assert_eq!(&replayed.utxos, &world.ledger.utxos);
        prop_assert_eq!(replayed.utxos.state_hash(), world.ledger.utxos.state_hash());
        while let Some(state) = states.pop() {
            prop_assert_eq!(&world.ledger.utxos, &state);
            if !states.is_empty() {
                world.ledger.disconnect();
            }
        }
    }

    #[test]
    fn merged_changes_have_the_same_outcome(story in story(), group in 1..7_usize) {
        let mut world = World::new(0, ROOMY);
        world.tell(&story);
        let mut utxos = UtxoSet::new(common::map_key());
        for diffs in world.ledger.diffs.chunks(group) {
            let mut merged = UtxoDiff::default();
            for diff in diffs {
                merged.merge(diff.clone());
            }
            let created: BTreeSet<OutPoint> = merged.created.iter().map(|(outpoint, _)| *outpoint).collect();
            let spent: BTreeSet<&OutPoint> = merged.spent.iter().collect();
            prop_assert_eq!((created.len(), spent.len()), (merged.created.len(), merged.spent.len()));
            prop_assert!(merged.spent.iter().all(|outpoint| utxos.get(outpoint).is_some()), "nothing to remove");
            utxos.apply(&merged);
        }
        prop_assert_eq!(utxos, world.ledger.utxos);
    }

    #[test]
    fn one_overlay_holds_a_whole_reorganisation(ours in story(), theirs in story()) {
        let (mut one, mut other) = (World::new(0, ROOMY), World::new(0, ROOMY));
        one.tell(&ours);
        other.tell(&theirs);
        let (one, other) = (one.ledger, other.ledger);
        let (mut overlay, mut commitments) = (UtxoOverlay::default(), one.commitments.clone());
        for (block, undo) in one.blocks[1..].iter().rev() {
            disconnect_block(block, undo, &mut commitments, &one.utxos, &mut overlay);
        }
        for (block, _) in &other.blocks[1..] {
            let block = SoundBlock::from_store(block.clone(), block.coinbase.height);
            connect_block(&block, &mut commitments, &one.utxos, &mut overlay, &one.params).unwrap();
        }
        let mut utxos = one.utxos.clone();
        utxos.apply(&overlay.into_diff());
        prop_assert_eq!(utxos, other.utxos);
        prop_assert_eq!(commitments, other.commitments);
    }

    #[test]
    fn a_full_mempool_stays_consistent(story in story(), max_payments in 1..8_usize) {
        // `tell` checks after every action.
        let mut world = World::new(0, max_payments);
        world.tell(&story);
        prop_assert!(world.pool.len() <= max_payments);
    }
}

proptest! {
    #[test]
    fn coin_selection_is_sufficient_and_minimal(
        amounts in proptest::collection::vec(1..1_000_u64, 0..50),
        amount in 1..20_000_u64,
        fee in 0..1_000_u64,
    ) {
        let coin = |(n, amount): (usize, &u64)| {
            let index = u32::try_from(n).unwrap();
            Coin { outpoint: OutPoint { txid: TxId([1; 32]), index }, amount: units(*amount), mined: true }
        };
        let coins: Vec<Coin> = amounts.iter().enumerate().map(coin).collect();
        let (needed, all) = (amount + fee, amounts.iter().sum::<u64>());
        let order = PaymentOrder::new(address(2), units(amount), Fee::Total(units(fee)));
        let payment = build_payment(&key(1), params().network_id(), &coins, &order);
        if all < needed {
            let error = WalletError::NotEnough { needed: units(needed), spendable: units(all) };
            prop_assert_eq!(payment, Err(error));
            return Ok(());
        }
        let unsigned = payment.unwrap().unsigned;
        let taken = unsigned.inputs.len();
        let sum: u64 = amounts[..taken].iter().sum();
        prop_assert_eq!(&unsigned.inputs, &coins[..taken].iter().map(|c| c.outpoint).collect::<Vec<_>>());
        prop_assert!(sum - amounts[taken - 1] < needed, "one coin less would suffice");
        prop_assert_eq!(unsigned.outputs[0], Output { amount: units(amount), recipient: address(2) });
        let change: Vec<Output> = unsigned.outputs[1..].to_vec();
        let expected = Output { amount: units(sum - needed), recipient: address(1) };
        prop_assert_eq!(change, if sum == needed { vec![] } else { vec![expected] });
        prop_assert_eq!(select(&coins, |_| Ok(units(needed))).unwrap().1, units(sum));
    }
}

/// The shortest time to merge changes of `count` payments and outputs with a later change that removes them.
#[expect(clippy::disallowed_methods, reason = "this measures time")]
fn merging(count: u32) -> Duration {
    let outpoint = |index| OutPoint { txid: TxId::default(), index };
    let output = Output { amount: units(1), recipient: address(1) };
    let sender = key(1).public_key();
    let payment = |index| {
        let (inputs, outputs) = (vec![outpoint(index)], vec![output]);
        Payment {
            unsigned: UnsignedPayment { sender, replaceable: false, inputs, outputs },
            signature: Signature::ZERO,
        }
    };
    let pool_added: Vec<Payment> = (0..count).map(payment).collect();
    let created = (0..count).map(|n| (outpoint(n), Utxo { output, height: Height(1), coinbase: false })).collect();
    let later = ChangeSet {
        pool_removed: pool_added.iter().map(Payment::txid).collect(),
        utxos: UtxoDiff { created: Vec::new(), spent: (0..count).map(outpoint).collect() },
        ..ChangeSet::default()
    };
    let first = ChangeSet { pool_added, utxos: UtxoDiff { created, spent: Vec::new() }, ..ChangeSet::default() };
    let merge = |_| {
        let (mut merged, later) = (first.clone(), later.clone());
        let started = Instant::now();
        merged.merge(later);
        let took = started.elapsed();
        assert!(merged.pool_added.is_empty() && merged.utxos.is_empty());
        took
    };
    (0..3).map(merge).min().unwrap()
}

#[test]
fn merging_takes_linear_time() {
    // Eight times as much takes a little more than eight times as long; quadratic time would be 64 times. A busy
    // machine may disturb one measurement, but not each.
    let ratio = || merging(16_000).as_secs_f64() / merging(2_000).as_secs_f64();
    assert!((0..5).any(|_| ratio() < 24.0));
}
