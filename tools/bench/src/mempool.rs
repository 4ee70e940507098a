use crate::report::{line, median, millis};
use anyhow::{Result, ensure};
use fastrand::Rng;
use fedcoin_node::collections::MapKey;
use fedcoin_node::consensus::{ChainParams, SoundPayment};
use fedcoin_node::ledger::{Utxo, UtxoSet};
use fedcoin_node::mempool::{FeeRate, Mempool, PoolContext, PoolPolicy};
use fedcoin_node::primitives::{Address, OutPoint, Output, Payment, PublicKey, Signature, TxId, UnsignedPayment};
use fedcoin_node::units::{Amount, Height, Monotonic};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Amount of each coin in units.
const COIN: u64 = 1_000_000;
/// One payment in this many spends waiting change, if there is any.
const ON_CHANGE: u32 = 3;
/// Number of payments submitted to the full mempool, each better than most.
const NEWCOMERS: usize = 1_000;

/// Measures a full mempool on `main`: the next block, fee estimates, and new payments. Signatures are not included,
/// because they are checked before.
pub(crate) fn measure(runs: usize) -> Result<()> {
    let (params, policy) = (ChainParams::main(), PoolPolicy::server(&ChainParams::main()));
    let mut payer = Payer::new(2 * policy.max_payments + NEWCOMERS);
    let utxos = payer.utxos();
    let context = PoolContext { utxos: &utxos, next_height: Height(1), params: &params, now: Monotonic(0) };
    let mut pool = Mempool::new(policy, MapKey::new(1));
    while pool.len() < policy.max_payments {
        payer.offer(&mut pool, &context, 1..50);
    }
    let families = pool.iter().filter(|entry| entry.with_ancestors().count > 1).count();
    line("mempool", format!("{} payments, {} bytes, {families} build on others", pool.len(), pool.bytes()));

    let template = pool.template(&params);
    let bytes: usize = template.payments.iter().map(Payment::size).sum();
    let next = time(runs, || drop(black_box(pool.template(&params))));
    line("choosing the next block's payments", millis(median(next)));
    line("chosen", format!("{} payments, {bytes} bytes", template.payments.len()));
    let estimate = time(runs, || {
        black_box(pool.fee_estimate(&params, Monotonic(0)));
    });
    line("estimating fees for 1, 3 and 10 blocks", millis(median(estimate)));

    let mut admissions: Vec<Duration> = (0..NEWCOMERS).map(|_| payer.offer(&mut pool, &context, 60..99)).collect();
    ensure!(pool.len() == policy.max_payments, "the mempool is not full");
    admissions.sort_unstable();
    let micros = |time: Duration| format!("{:.0} µs", time.as_secs_f64() * 1e6);
    line("accepting one more, which evicts others: median", micros(admissions[NEWCOMERS / 2]));
    line("slowest of 1,000", micros(admissions[NEWCOMERS - 1]));
    let reorganised = time(runs, || drop(black_box(pool.reorganised(Vec::new(), &context))));
    line("scanning the mempool after a reorganisation", millis(median(reorganised)));
    Ok(())
}

/// The time of each run of a piece of work.
fn time(runs: usize, mut work: impl FnMut()) -> Vec<Duration> {
    let run = |_| {
        let started = Instant::now();
        work();
        started.elapsed()
    };
    (0..runs).map(run).collect()
}

/// A wallet that pays itself.
struct Payer {
    rng: Rng,
    sender: PublicKey,
    address: Address,
    /// Unspent coins in the ledger.
    coins: Vec<OutPoint>,
    /// Outputs of waiting payments, with their amounts.
    change: Vec<(OutPoint, u64)>,
}

impl Payer {
    fn new(coins: usize) -> Self {
        let (mut rng, sender) = (Rng::with_seed(1), PublicKey::from_bytes([2; 33]));
        let mut coin = || {
            let mut id = [0; 32];
            rng.fill(&mut id);
            OutPoint { txid: TxId(id), index: 0 }
        };
        let coins = (0..coins).map(|_| coin()).collect();
        Self { rng, sender, address: sender.address(), coins, change: Vec::new() }
    }

    fn utxos(&self) -> UtxoSet {
        let utxo = Utxo { output: self.output(COIN), height: Height(0), coinbase: false };
        UtxoSet::from_entries(self.coins.iter().map(|coin| (*coin, utxo)), MapKey::new(1))
    }

    fn output(&self, units: u64) -> Output {
        Output { amount: Amount::from_units(units).unwrap_or(Amount::MAX), recipient: self.address }
    }

    /// Submits a payment with a random fee rate in units per byte. Returns the time that the mempool took.
    fn offer(&mut self, pool: &mut Mempool, context: &PoolContext<'_>, rates: core::ops::Range<u64>) -> Duration {
        let on_change = !self.change.is_empty() && self.rng.u32(..ON_CHANGE) == 0;
        let (input, worth) = if on_change {
            let at = self.rng.usize(..self.change.len());
            self.change.swap_remove(at)
        } else {
            (self.coins.pop().unwrap_or(OutPoint { txid: TxId([0; 32]), index: 0 }), COIN)
        };
        let thousand = 1_000 * self.rng.u64(rates);
        let rate = FeeRate::per_kilobyte(self.output(thousand).amount);
        let rest = worth.saturating_sub(rate.fee_for(Payment::size_of(1, 2)).units()) / 2;
        let outputs = vec![self.output(rest.max(1)); 2];
        let unsigned = UnsignedPayment { sender: self.sender, replaceable: true, inputs: vec![input], outputs };
        let payment = Payment { unsigned, signature: Signature::ZERO };
        let change = OutPoint { txid: payment.txid(), index: 0 };
        let sound = SoundPayment::from_block(payment);
        let started = Instant::now();
        let result = pool.insert(sound, context);
        let taken = started.elapsed();
        if result.is_ok() {
            self.change.push((change, rest));
        }
        taken
    }
}
