//! What waits, what leaves, and what the next block takes.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test fails by it")]

mod common;

use common::{Ledger, address, key, params, units};
use fedcoin_node::consensus::{ChainParams, SoundPayment};
use fedcoin_node::ledger::{Utxo, UtxoSet};
use fedcoin_node::mempool::{MAX_POOL_BYTES, MAX_POOL_PAYMENTS, Mempool, PAYMENT_LIFETIME, PoolChange, PoolError};
use fedcoin_node::primitives::{OutPoint, Output, Payment, PublicKey, Signature, TxId, UnsignedPayment, sha256};
use fedcoin_node::units::{Amount, Height, Monotonic};
use fedcoin_node::wallet::{Balance, Coin, spendable_coins};

/// What each of the coins is worth in units.
const COIN: u64 = 1_000_000;

/// The `n`th coin of person 1.
fn coin(n: usize) -> OutPoint {
    OutPoint { txid: TxId(sha256(&[&n.to_le_bytes()])), index: 0 }
}

fn utxos(coins: usize) -> UtxoSet {
    let output = Output { amount: units(COIN), recipient: address(1) };
    UtxoSet::from_entries((0..coins).map(|n| (coin(n), Utxo { output, height: Height(0), coinbase: false })))
}

/// Payments of one person, whose signatures nobody looks at here.
struct Payer(PublicKey);

impl Payer {
    fn new() -> Self {
        Self(key(1).public_key())
    }

    /// Spends outputs worth `sum` units to itself, in `outputs` parts, but for `fee` units.
    fn pay(&self, inputs: &[OutPoint], sum: u64, fee: u64, outputs: usize) -> Payment {
        let parts = outputs as u64;
        let mut amounts = vec![(sum - fee) / parts; outputs];
        amounts[0] += (sum - fee) % parts;
        let outputs = amounts.into_iter().map(|amount| Output { amount: units(amount), recipient: address(1) });
        let unsigned =
            UnsignedPayment { sender: self.0, replaceable: false, inputs: inputs.to_vec(), outputs: outputs.collect() };
        Payment { unsigned, signature: Signature::ZERO }
    }

    /// Spends one coin into one output.
    fn simple(&self, n: usize, fee: u64) -> Payment {
        self.pay(&[coin(n)], COIN, fee, 1)
    }
}

fn out(payment: &Payment, index: u32) -> OutPoint {
    OutPoint { txid: payment.txid(), index }
}

fn insert_at(pool: &mut Mempool, utxos: &UtxoSet, payment: &Payment, now: u64) -> Result<Vec<TxId>, PoolError> {
    pool.insert(SoundPayment::from_block(payment.clone()), utxos, Height(1), Monotonic(now), &params())
}

fn insert(pool: &mut Mempool, utxos: &UtxoSet, payment: &Payment) -> Result<Vec<TxId>, PoolError> {
    insert_at(pool, utxos, payment, 0)
}

fn ids(payments: &[&Payment]) -> Vec<TxId> {
    payments.iter().map(|payment| payment.txid()).collect()
}

#[test]
fn the_lowest_rates_make_room_children_before_parents() {
    let (utxos, payer) = (utxos(9), Payer::new());
    let mut pool = Mempool::with_limits(3, MAX_POOL_BYTES);
    let parent = payer.simple(0, 10);
    let child = payer.pay(&[out(&parent, 0)], COIN - 10, 30, 1);
    let other = payer.simple(1, 20);
    for payment in [&parent, &child, &other] {
        assert_eq!(insert(&mut pool, &utxos, payment), Ok(vec![]));
    }
    // The parent's rate is the lowest, but its child holds it.
    assert_eq!(insert(&mut pool, &utxos, &payer.simple(2, 20)), Err(PoolError::Full));
    assert_eq!(insert(&mut pool, &utxos, &payer.simple(2, 25)), Ok(ids(&[&other])));
    assert_eq!(insert(&mut pool, &utxos, &payer.simple(3, 26)), Ok(ids(&[&payer.simple(2, 25)])));
    assert_eq!(insert(&mut pool, &utxos, &payer.simple(4, 26)), Err(PoolError::Full));
    // Two must leave for one of twice the size.
    let mut small = Mempool::with_limits(99, 2 * parent.size());
    insert(&mut small, &utxos, &parent).unwrap();
    insert(&mut small, &utxos, &child).unwrap();
    let large = payer.pay(&[coin(5)], COIN, 500, 6);
    assert!(large.size() > parent.size() && large.size() <= 2 * parent.size());
    assert_eq!(insert(&mut small, &utxos, &large), Ok(ids(&[&child, &parent])));
    assert_eq!((small.len(), small.bytes()), (1, large.size()));
}

#[test]
fn a_payment_never_pushes_its_own_ancestors_out() {
    let (utxos, payer) = (utxos(9), Payer::new());
    let mut pool = Mempool::with_limits(2, MAX_POOL_BYTES);
    let parent = payer.simple(0, 1);
    let rich = payer.simple(1, 900);
    insert(&mut pool, &utxos, &parent).unwrap();
    insert(&mut pool, &utxos, &rich).unwrap();
    let child = payer.pay(&[out(&parent, 0)], COIN - 1, 500, 1);
    assert_eq!(insert(&mut pool, &utxos, &child), Err(PoolError::Full));
    let child = payer.pay(&[out(&parent, 0)], COIN - 1, 901, 1);
    assert_eq!(insert(&mut pool, &utxos, &child), Ok(ids(&[&rich])));
    assert!(pool.contains(&parent.txid()));
}

#[test]
fn payments_that_cannot_make_enough_room_push_nobody_out() {
    let (utxos, payer) = (utxos(9), Payer::new());
    let mut pool = Mempool::with_limits(99, 500);
    let (low, high) = (payer.simple(0, 1), payer.simple(1, 400));
    insert(&mut pool, &utxos, &low).unwrap();
    insert(&mut pool, &utxos, &high).unwrap();
    let large = payer.pay(&[coin(2)], COIN, 100, 12);
    assert_eq!(insert(&mut pool, &utxos, &large), Err(PoolError::Full));
    assert_eq!(pool.txids().collect::<Vec<_>>(), ids(&[&low, &high]));
}

#[test]
fn a_full_mempool_keeps_the_best_and_stays_fast() {
    let (set, payer) = (utxos(4 * MAX_POOL_PAYMENTS), Payer::new());
    let mut pool = Mempool::new();
    for n in 0..4 * MAX_POOL_PAYMENTS {
        // In an order that is neither rising nor falling.
        let fee = (n as u64 * 7_919) % (4 * MAX_POOL_PAYMENTS as u64);
        let _ = insert(&mut pool, &set, &payer.simple(n, fee));
    }
    let fees: Vec<u64> = pool.iter().map(|entry| entry.fee().units()).collect();
    assert_eq!(fees.len(), MAX_POOL_PAYMENTS);
    assert!(fees.iter().all(|fee| *fee >= 3 * MAX_POOL_PAYMENTS as u64));
}

#[test]
fn payments_expire_with_all_that_build_on_them() {
    let (utxos, payer) = (utxos(3), Payer::new());
    let mut pool = Mempool::new();
    let old = payer.simple(0, 0);
    let child = payer.pay(&[out(&old, 0)], COIN, 0, 1);
    let young = payer.simple(1, 0);
    insert_at(&mut pool, &utxos, &old, 1_000).unwrap();
    insert_at(&mut pool, &utxos, &child, 5_000).unwrap();
    insert_at(&mut pool, &utxos, &young, 6_000).unwrap();
    let due = Monotonic(1_000).after(PAYMENT_LIFETIME);
    assert_eq!(pool.next_expiry(), Some(due));
    assert_eq!(pool.expire(Monotonic(due.0 - 1)), vec![]);
    assert_eq!(pool.expire(due), ids(&[&old, &child]));
    assert_eq!(pool.next_expiry(), Some(Monotonic(6_000).after(PAYMENT_LIFETIME)));
    assert_eq!(pool.expire(Monotonic(u64::MAX)), ids(&[&young]));
    assert_eq!((pool.next_expiry(), pool.len(), pool.bytes()), (None, 0, 0));
}

#[test]
fn a_block_takes_out_what_it_holds_and_what_it_makes_impossible() {
    let (utxos, payer) = (utxos(9), Payer::new());
    let mut pool = Mempool::new();
    let mined = payer.simple(0, 0);
    let on_mined = payer.pay(&[out(&mined, 0)], COIN, 0, 1);
    let beaten = payer.pay(&[coin(1)], COIN, 0, 2);
    let on_beaten = payer.pay(&[out(&beaten, 1)], COIN / 2, 0, 1);
    let apart = payer.simple(2, 0);
    for payment in [&mined, &on_mined, &beaten, &on_beaten, &apart] {
        insert(&mut pool, &utxos, payment).unwrap();
    }
    let block = Ledger::new(params()).block(address(3), vec![mined.clone(), payer.simple(1, 7)], Amount::ZERO);
    let change = pool.block_connected(&block);
    assert_eq!(change, PoolChange { mined: ids(&[&mined]), dropped: ids(&[&beaten, &on_beaten]) });
    assert_eq!(pool.txids().collect::<Vec<_>>(), ids(&[&on_mined, &apart]));
    assert_eq!(pool.template(&params()).payments, [on_mined, apart]);
}

#[test]
fn children_that_came_before_a_returning_parent_follow_it() {
    let (all, payer) = (utxos(2), Payer::new());
    let parent = payer.simple(0, 0);
    let child = payer.pay(&[out(&parent, 0)], COIN, 0, 1);
    let lost = payer.simple(1, 0);
    // The chain has mined the parent; then it is taken off, and coin 1 is gone.
    let mined = UtxoSet::from_entries([
        (out(&parent, 0), Utxo { output: parent.unsigned.outputs[0], height: Height(1), coinbase: false }),
        (coin(1), all.get(&coin(1)).unwrap()),
    ]);
    let mut pool = Mempool::new();
    insert(&mut pool, &mined, &child).unwrap();
    insert(&mut pool, &mined, &lost).unwrap();
    let after = UtxoSet::from_entries([(coin(0), all.get(&coin(0)).unwrap())]);
    insert(&mut pool, &after, &parent).unwrap();
    assert_eq!(pool.recheck(&after, Height(1), &params()), ids(&[&lost]));
    assert_eq!(pool.txids().collect::<Vec<_>>(), ids(&[&parent, &child]));
    assert_eq!(pool.template(&params()).payments, [parent, child]);
}

#[test]
fn the_next_block_takes_the_best_that_fit() {
    let (utxos, payer) = (utxos(20), Payer::new());
    let mut pool = Mempool::new();
    let first = payer.simple(0, 5);
    let second = payer.simple(1, 5);
    let best = payer.simple(2, 9);
    let child = payer.pay(&[out(&first, 0)], COIN - 5, 50, 1);
    let large = payer.pay(&[coin(3)], COIN, 100_000, 100);
    let on_large = payer.pay(&[out(&large, 99)], (COIN - 100_000) / 100, 9, 1);
    for payment in [&first, &second, &best, &child, &large, &on_large] {
        insert(&mut pool, &utxos, payment).unwrap();
    }
    let of = |change: fn(&mut ChainParams)| {
        let mut params = params();
        change(&mut params);
        pool.template(&params)
    };
    let everything = of(|_| ());
    assert_eq!(everything.payments.iter().collect::<Vec<_>>(), [&large, &best, &on_large, &first, &child, &second]);
    assert_eq!(everything.fees, units(5 + 5 + 9 + 50 + 100_000 + 9));
    // Where the large one does not fit, what builds on it has no place either.
    let small = of(|params| params.max_block_bytes = 2_000);
    assert_eq!(small.payments.iter().collect::<Vec<_>>(), [&best, &first, &child, &second]);
    let two = of(|params| params.max_block_payments = 2);
    assert_eq!(two.payments.iter().collect::<Vec<_>>(), [&large, &best]);
    assert_eq!(two.fees, units(100_009));
    assert_eq!(Mempool::new().template(&params()).payments, []);
}

#[test]
fn balances_tell_what_is_confirmed_pending_and_spendable() {
    // 50 FED of genesis for person 1, 50 FED of a young coinbase.
    let mut ledger = Ledger::new(ChainParams { coinbase_maturity: 3, ..params() });
    for _ in 0..2 {
        ledger.connect(ledger.block(address(1), vec![], Amount::ZERO)).unwrap();
    }
    let next = ledger.next_height();
    let mut pool = Mempool::new();
    let output = |fed, n| Output { amount: Amount::from_fed(fed), recipient: address(n) };
    // 10 FED to person 2, 1 FED fee, 39 FED change.
    let payment = common::pay(&key(1), ledger.network, vec![ledger.coinbase(0)], vec![output(10, 2), output(39, 1)]);
    let sound = SoundPayment::from_block(payment.clone());
    pool.insert(sound, &ledger.utxos, next, Monotonic(0), &ledger.params).unwrap();
    let of = |n| Balance::of(&address(n), &ledger.utxos, &pool, next, &ledger.params);
    let fed = Amount::from_fed;
    let mine = of(1);
    assert_eq!((mine.confirmed, mine.immature), (fed(150), fed(100)));
    assert_eq!((mine.pending_in, mine.pending_out, mine.spendable), (Amount::ZERO, fed(11), fed(39)));
    let theirs = of(2);
    assert_eq!((theirs.confirmed, theirs.pending_in, theirs.spendable), (Amount::ZERO, fed(10), Amount::ZERO));
    let coins = spendable_coins(&ledger.utxos, &pool, &address(1), next, &ledger.params);
    assert_eq!(coins, [Coin { outpoint: out(&payment, 1), amount: fed(39) }]);
}
