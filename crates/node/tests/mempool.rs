//! Admission to the mempool, departures from it, and the selection for the next block.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test fails by it")]

use fedcoin_testkit::ledger as common;

use common::{Ledger, address, key, params, pool, pool_of, sound, units};
use fedcoin_node::consensus::{ChainParams, SoundPayment};
use fedcoin_node::ledger::{Utxo, UtxoSet};
use fedcoin_node::mempool::{
    DropReason, Dropped, FeeRate, MINIMUM_HALF_LIFE, Mempool, PAYMENT_LIFETIME, PoolChange, PoolContext, PoolError,
    PoolPolicy, Readmission,
};
use fedcoin_node::primitives::{OutPoint, Output, Payment, PublicKey, Signature, TxId, UnsignedPayment, sha256};
use fedcoin_node::units::{Amount, Height, Monotonic};
use fedcoin_node::wallet::{Balance, Coin, Confirmed, Pending, spendable_coins};

/// The value of each coin in units.
const COIN: u64 = 1_000_000;

/// The `n`th coin of person 1.
fn coin(n: usize) -> OutPoint {
    OutPoint { txid: TxId(sha256(&[&n.to_le_bytes()])), index: 0 }
}

fn utxos(coins: usize) -> UtxoSet {
    let output = Output { amount: units(COIN), recipient: address(1) };
    UtxoSet::from_entries(
        (0..coins).map(|n| (coin(n), Utxo { output, height: Height(0), coinbase: false })),
        common::map_key(),
    )
}

/// Payments of one person; nobody checks their signatures here.
struct Payer(PublicKey);

impl Payer {
    fn new() -> Self {
        Self(key(1).public_key())
    }

    /// Spends outputs worth `sum` units to itself, in `outputs` parts, minus a fee of `fee` units.
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

fn dropped<const N: usize>(all: [(&Payment, DropReason); N]) -> Vec<Dropped> {
    all.map(|(payment, reason)| Dropped { txid: payment.txid(), reason }).into()
}

fn out(payment: &Payment, index: u32) -> OutPoint {
    OutPoint { txid: payment.txid(), index }
}

fn insert_at(pool: &mut Mempool, utxos: &UtxoSet, payment: &Payment, now: u64) -> Result<Vec<TxId>, PoolError> {
    let (params, now) = (params(), Monotonic(now));
    let context = PoolContext { utxos, next_height: Height(1), params: &params, now };
    let left = pool.insert(SoundPayment::from_block(payment.clone()), &context)?;
    Ok(left.iter().map(|dropped| dropped.txid).collect())
}

fn insert(pool: &mut Mempool, utxos: &UtxoSet, payment: &Payment) -> Result<Vec<TxId>, PoolError> {
    insert_at(pool, utxos, payment, 0)
}

fn ids(payments: &[&Payment]) -> Vec<TxId> {
    payments.iter().map(|payment| payment.txid()).collect()
}

#[test]
fn the_lowest_fee_rates_make_room_with_their_descendants() {
    let (utxos, payer) = (utxos(9), Payer::new());
    let mut pool = pool_of(3, usize::MAX);
    let parent = payer.simple(0, 170);
    let child = payer.pay(&[out(&parent, 0)], COIN - 170, 3 * 170, 1);
    let other = payer.simple(1, 340);
    for payment in [&parent, &child, &other] {
        assert_eq!(insert(&mut pool, &utxos, payment), Ok(vec![]));
    }
    // Parent and child have the same fee rate as the other, and came earlier.
    assert_eq!(insert(&mut pool, &utxos, &payer.simple(2, 340)), Err(PoolError::Full));
    assert_eq!(insert(&mut pool.clone(), &utxos, &payer.simple(2, 341)), Ok(ids(&[&other])));
    // A child with a low fee leaves alone; one with a high fee keeps its parent.
    let low = payer.pay(&[out(&other, 0)], COIN - 340, 170, 1);
    let mut with_low = pool_of(2, usize::MAX);
    insert(&mut with_low, &utxos, &other).unwrap();
    insert(&mut with_low, &utxos, &low).unwrap();
    assert_eq!(insert(&mut with_low, &utxos, &payer.simple(3, 341)), Ok(ids(&[&low])));
    // The root of a family takes all its descendants along, but no more leave than must.
    let mut family = pool_of(3, usize::MAX);
    let poor = payer.pay(&[out(&parent, 0)], COIN - 170, 170, 1);
    let rich = payer.simple(4, 9_000);
    for payment in [&parent, &poor, &rich] {
        insert(&mut family, &utxos, payment).unwrap();
    }
    assert_eq!(insert(&mut family.clone(), &utxos, &payer.simple(5, 341)), Ok(ids(&[&poor])));
    let large = payer.pay(&[coin(6)], COIN, 9_000, 6);
    family = Mempool::new(
        PoolPolicy { max_bytes: 2 * parent.size() + large.size() - 1, ..*family.policy() },
        common::map_key(),
    );
    for payment in [&parent, &poor, &rich] {
        insert(&mut family, &utxos, payment).unwrap();
    }
    assert_eq!(insert(&mut family, &utxos, &large), Ok(ids(&[&poor, &parent])));
    assert_eq!((family.len(), family.bytes()), (2, parent.size() + large.size()));
}

#[test]
fn a_payment_never_displaces_its_ancestors() {
    let (utxos, payer) = (utxos(9), Payer::new());
    let mut pool = pool_of(2, usize::MAX);
    let parent = payer.simple(0, 1);
    let rich = payer.simple(1, 900);
    insert(&mut pool, &utxos, &parent).unwrap();
    insert(&mut pool, &utxos, &rich).unwrap();
    // Parent and child together have a lower fee rate than the third payment.
    let child = |fee| payer.pay(&[out(&parent, 0)], COIN - 1, fee, 1);
    assert_eq!(insert(&mut pool, &utxos, &child(1_798)), Err(PoolError::Full));
    assert_eq!(insert(&mut pool, &utxos, &child(1_800)), Ok(ids(&[&rich])));
    assert!(pool.contains(&parent.txid()));
}

#[test]
fn payments_that_cannot_make_enough_room_displace_nothing() {
    let (utxos, payer) = (utxos(9), Payer::new());
    let mut pool = pool_of(99, 500);
    let (low, high) = (payer.simple(0, 1), payer.simple(1, 400));
    insert(&mut pool, &utxos, &low).unwrap();
    insert(&mut pool, &utxos, &high).unwrap();
    let large = payer.pay(&[coin(2)], COIN, 100, 12);
    assert_eq!(insert(&mut pool, &utxos, &large), Err(PoolError::Full));
    assert_eq!(pool.txids().collect::<Vec<_>>(), ids(&[&low, &high]));
}

#[test]
fn a_full_mempool_keeps_the_best_payments() {
    const MAX: u64 = 500;
    let (set, payer) = (utxos(4 * MAX as usize), Payer::new());
    let mut pool = pool_of(MAX as usize, usize::MAX);
    for n in 0..4 * MAX {
        // Fee rates in mixed order, each at a different step, so that the rising minimum refuses only those one step
        // better.
        let fee = 400 * ((n * 7_919) % (4 * MAX));
        let _ = insert(&mut pool, &set, &payer.simple(usize::try_from(n).unwrap(), fee));
    }
    let fees: Vec<u64> = pool.iter().map(|entry| entry.fee().units()).collect();
    assert_eq!(fees.len(), MAX as usize);
    assert!(fees.iter().all(|fee| *fee >= 400 * 3 * MAX));
}

#[test]
fn the_minimum_rises_after_displacements_and_falls_again() {
    let (utxos, payer) = (utxos(9), Payer::new());
    let mut pool = pool_of(4, usize::MAX);
    let rate = |fee: u64| FeeRate::new(units(fee), 1);
    for n in 0..5 {
        insert(&mut pool, &utxos, &payer.simple(n, 170 * (3 + n as u64))).unwrap();
    }
    assert_eq!(pool.minimum_fee_rate(Monotonic(0)), rate(4));
    let half_life = u64::try_from(MINIMUM_HALF_LIFE.as_millis()).unwrap();
    assert_eq!(pool.minimum_fee_rate(Monotonic(half_life)), rate(2));
    // A block that leaves the mempool half full changes nothing; the next one ends the minimum.
    let ledger = Ledger::new(params());
    for (n, expected) in [(1, 4), (2, 4), (3, 0)] {
        let block = ledger.block(address(3), vec![payer.simple(n, 170 * (3 + n as u64))], Amount::ZERO);
        pool.block_connected(&sound(&block));
        assert_eq!(pool.minimum_fee_rate(Monotonic(0)), rate(expected), "after {n} blocks");
    }
}

#[test]
fn estimates_match_the_next_blocks() {
    let (utxos, payer) = (utxos(40), Payer::new());
    let policy = PoolPolicy { min_fee_rate: FeeRate::new(units(2), 1), ..PoolPolicy::server(&params()) };
    let mut pool = Mempool::new(policy, common::map_key());
    let five = ChainParams { max_block_payments: 5, ..params() };
    for n in 0..12 {
        let estimate = pool.fee_estimate(&five, Monotonic(0));
        let expected = match n {
            0..5 => 2_000,
            // The fifth best, and a little more.
            n => 1_000 * (5 + n as u64 - 5) + 1,
        };
        assert_eq!(estimate.minimum, policy.min_fee_rate);
        assert_eq!(estimate.next_block, FeeRate::per_kilobyte(units(expected)), "{n} wait");
        assert_eq!(estimate.within_3_blocks, policy.min_fee_rate);
        insert(&mut pool, &utxos, &payer.simple(n, 170 * (5 + n as u64))).unwrap();
    }
    for n in 12..16 {
        insert(&mut pool, &utxos, &payer.simple(n, 170 * 2)).unwrap();
    }
    let estimate = pool.fee_estimate(&five, Monotonic(0));
    assert_eq!(estimate.next_block, FeeRate::per_kilobyte(units(12_001)));
    assert_eq!(estimate.within_3_blocks, FeeRate::per_kilobyte(units(2_001)));
    assert_eq!(estimate.within_10_blocks, policy.min_fee_rate);
    let waits =
        [12_001, 12_000, 2_001, 2_000, 1_999].map(|fee| estimate.wait_in_blocks(FeeRate::per_kilobyte(units(fee))));
    assert_eq!(waits, [Some(1), Some(3), Some(3), Some(10), None]);
    // The size limit fills blocks as well.
    let small = ChainParams { max_block_bytes: 1_000, ..params() };
    assert_eq!(pool.fee_estimate(&small, Monotonic(0)).next_block, FeeRate::per_kilobyte(units(13_001)));
}

#[test]
fn payments_expire_with_their_descendants() {
    let (utxos, payer) = (utxos(3), Payer::new());
    let mut pool = pool();
    let old = payer.simple(0, 0);
    let child = payer.pay(&[out(&old, 0)], COIN, 0, 1);
    let young = payer.simple(1, 0);
    insert_at(&mut pool, &utxos, &old, 1_000).unwrap();
    insert_at(&mut pool, &utxos, &child, 5_000).unwrap();
    insert_at(&mut pool, &utxos, &young, 6_000).unwrap();
    let due = Monotonic(1_000).after(PAYMENT_LIFETIME);
    assert_eq!(pool.next_expiry(), Some(due));
    assert_eq!(pool.expire(Monotonic(due.0 - 1)), vec![]);
    let parent_dropped = DropReason::ParentDropped { parent: old.txid() };
    assert_eq!(pool.expire(due), dropped([(&child, parent_dropped), (&old, DropReason::Expired)]));
    assert_eq!(pool.next_expiry(), Some(Monotonic(6_000).after(PAYMENT_LIFETIME)));
    assert_eq!(pool.expire(Monotonic(u64::MAX)), dropped([(&young, DropReason::Expired)]));
    assert_eq!((pool.next_expiry(), pool.len(), pool.bytes()), (None, 0, 0));
}

#[test]
fn a_block_removes_its_payments_and_their_conflicts() {
    let (utxos, payer) = (utxos(9), Payer::new());
    let mut pool = pool();
    let mined = payer.simple(0, 0);
    let on_mined = payer.pay(&[out(&mined, 0)], COIN, 0, 1);
    let beaten = payer.pay(&[coin(1)], COIN, 0, 2);
    let on_beaten = payer.pay(&[out(&beaten, 1)], COIN / 2, 0, 1);
    let apart = payer.simple(2, 0);
    for payment in [&mined, &on_mined, &beaten, &on_beaten, &apart] {
        insert(&mut pool, &utxos, payment).unwrap();
    }
    let rival = payer.simple(1, 7);
    let block = Ledger::new(params()).block(address(3), vec![mined.clone(), rival.clone()], Amount::ZERO);
    let change = pool.block_connected(&sound(&block));
    let conflict = DropReason::Conflict { by: rival.txid() };
    let parent_dropped = DropReason::ParentDropped { parent: beaten.txid() };
    let dropped = dropped([(&on_beaten, parent_dropped), (&beaten, conflict)]);
    assert_eq!(change, PoolChange { mined: ids(&[&mined]), dropped, bodies: vec![on_beaten, beaten] });
    assert_eq!(pool.txids().collect::<Vec<_>>(), ids(&[&on_mined, &apart]));
    assert_eq!(pool.template(&params()).payments, [on_mined, apart]);
}

#[test]
fn payments_of_disconnected_blocks_return_before_their_descendants() {
    let (all, payer) = (utxos(4), Payer::new());
    let parent = payer.simple(0, 0);
    let child = payer.pay(&[out(&parent, 0)], COIN, 170, 1);
    let grandchild = payer.pay(&[out(&child, 0)], COIN - 170, 170, 1);
    let (lost, on_lost) = (payer.simple(1, 170), payer.pay(&[out(&payer.simple(1, 170), 0)], COIN - 170, 170, 1));
    let (apart, gone) = (payer.simple(2, 170), payer.simple(3, 170));
    // The chain has mined the parent; then its block is disconnected, and another one has spent coins 1 and 3.
    let made = Utxo { output: parent.unsigned.outputs[0], height: Height(1), coinbase: false };
    let of = |n: usize| (coin(n), all.get(&coin(n)).unwrap());
    let before = UtxoSet::from_entries([(out(&parent, 0), made), of(1), of(2)], common::map_key());
    let after = UtxoSet::from_entries([of(0), of(2)], common::map_key());
    let mut pool = Mempool::new(
        PoolPolicy { min_fee_rate: FeeRate::new(units(1), 1), ..*common::pool().policy() },
        common::map_key(),
    );
    for payment in [&child, &lost, &on_lost, &grandchild, &apart] {
        insert(&mut pool, &before, payment).unwrap();
    }
    let params = params();
    let context = PoolContext { utxos: &after, next_height: Height(1), params: &params, now: Monotonic(5) };
    // The minimum fee does not apply to payments that were mined, and children keep their time.
    let returned = [&parent, &gone].map(|payment| SoundPayment::from_block(payment.clone()));
    let change = pool.reorganised(returned.to_vec(), &context);
    let missing = |outpoint| DropReason::Refused(PoolError::MissingInputs { outpoint });
    let dropped = dropped([(&gone, missing(coin(3))), (&lost, missing(coin(1))), (&on_lost, missing(out(&lost, 0)))]);
    assert_eq!(change, Readmission { returned: ids(&[&parent]), dropped, bodies: vec![lost, on_lost] });
    assert_eq!(pool.txids().collect::<Vec<_>>(), ids(&[&apart, &parent, &child, &grandchild]));
    assert_eq!(pool.entry(&grandchild.txid()).unwrap().with_ancestors().count, 3);
    assert_eq!(pool.entry(&parent.txid()).unwrap().with_descendants().fees, units(340));
    assert_eq!(pool.next_expiry(), Some(Monotonic(0).after(PAYMENT_LIFETIME)));
}

#[test]
fn the_next_block_has_the_best_packages_that_fit() {
    let (utxos, payer) = (utxos(20), Payer::new());
    let mut pool = pool();
    let parent = payer.simple(0, 5);
    let second = payer.simple(1, 30);
    let best = payer.simple(2, 90);
    let child = payer.pay(&[out(&parent, 0)], COIN - 5, 95, 1);
    let large = payer.pay(&[coin(3)], COIN, 100_000, 100);
    let on_large = payer.pay(&[out(&large, 99)], (COIN - 100_000) / 100, 9, 1);
    for payment in [&parent, &second, &best, &child, &large, &on_large] {
        insert(&mut pool, &utxos, payment).unwrap();
    }
    let of = |change: fn(&mut ChainParams)| {
        let mut params = params();
        change(&mut params);
        pool.template(&params)
    };
    // A child's fee brings its parent along; a parent's fee does not bring its child.
    let everything = of(|_| ());
    assert_eq!(everything.payments.iter().collect::<Vec<_>>(), [&large, &best, &parent, &child, &second, &on_large]);
    assert_eq!(everything.fees, units(5 + 30 + 90 + 95 + 100_000 + 9));
    // If the large payment does not fit, its descendants cannot be included either.
    let small = of(|params| params.max_block_bytes = 2_000);
    assert_eq!(small.payments.iter().collect::<Vec<_>>(), [&best, &parent, &child, &second]);
    // Exact to the byte.
    assert_eq!(of(|params| params.max_block_bytes = 188 + 4 * 170).payments.len(), 4);
    let tight = of(|params| params.max_block_bytes = 123 + 4 * 170);
    assert_eq!(tight.payments.iter().collect::<Vec<_>>(), [&best, &parent, &child]);
    // A package that does not fit as a whole gives way to the next.
    let two = of(|params| params.max_block_payments = 2);
    assert_eq!(two.payments.iter().collect::<Vec<_>>(), [&large, &best]);
    let three = of(|params| params.max_block_payments = 3);
    assert_eq!(three.payments.iter().collect::<Vec<_>>(), [&large, &best, &second]);
    assert_eq!(three.fees, units(100_120));
    assert_eq!(common::pool().template(&params()).payments, []);
}

#[test]
fn balances_show_confirmed_pending_and_spendable_amounts() {
    // 50 FED of genesis for person 1, and 50 FED of an immature coinbase.
    let mut ledger = Ledger::new(ChainParams { coinbase_maturity: 3, ..params() });
    for _ in 0..2 {
        ledger.connect(ledger.block(address(1), vec![], Amount::ZERO)).unwrap();
    }
    let next = ledger.next_height();
    let mut pool = pool();
    let output = |fed, n| Output { amount: Amount::from_fed(fed), recipient: address(n) };
    // 10 FED to person 2, 1 FED fee, 39 FED change.
    let payment = common::pay(&key(1), ledger.network, vec![ledger.coinbase(0)], vec![output(10, 2), output(39, 1)]);
    let sound = SoundPayment::from_block(payment.clone());
    pool.insert(sound, &ledger.context()).unwrap();
    let pending = |n| Pending::of(&address(n), &pool, &ledger.utxos, next, &ledger.params);
    let of = |n| Balance::of(Confirmed::of(ledger.utxos.of(&address(n)), next, &ledger.params), &pending(n));
    let fed = Amount::from_fed;
    let mine = of(1);
    assert_eq!((mine.confirmed, mine.immature), (fed(150), fed(100)));
    assert_eq!((mine.pending_in, mine.pending_out, mine.spendable), (Amount::ZERO, fed(11), fed(39)));
    let theirs = of(2);
    assert_eq!((theirs.confirmed, theirs.pending_in, theirs.spendable), (Amount::ZERO, fed(10), Amount::ZERO));
    let coins = spendable_coins(&ledger.utxos, &pool, &address(1), next, &ledger.params);
    assert_eq!(coins, [Coin { outpoint: out(&payment, 1), amount: fed(39), mined: false }]);
}
