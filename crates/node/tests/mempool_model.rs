//! Compares the mempool with a naive one that recomputes everything from a list of payments.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by it")]

use fedcoin_testkit::ledger as common;

use common::{Ledger, address, key, params, sound, units};
use fedcoin_node::consensus::{ChainParams, SoundPayment};
use fedcoin_node::mempool::{FEE_STEP, FeeRate, Mempool, PAYMENT_LIFETIME, PoolContext, PoolPolicy};
use fedcoin_node::primitives::{Block, OutPoint, Output, Payment, Signature, TxId, UnsignedPayment};
use fedcoin_node::units::{Amount, Monotonic};
use proptest::prelude::*;
use std::cmp::Reverse;
use std::collections::BTreeSet;

#[derive(Clone, Debug)]
enum Action {
    /// A payment of any existing coins, spent or not, in the mempool or mined.
    Pay { coins: Vec<prop::sample::Index>, outputs: usize, fee: u64, replaceable: bool },
    /// A chain of `length` payments, each spending the previous one.
    Chain { length: usize, fee: u64 },
    /// A block with the best payments, and possibly an unknown one.
    Mine { most: u32, rival: Option<prop::sample::Index> },
    /// `depth` blocks are replaced by one more, which are empty.
    Reorganise { depth: usize },
    /// An hour passes.
    Wait,
}

fn action() -> impl Strategy<Value = Action> {
    let coins = || prop::collection::vec(any::<prop::sample::Index>(), 1..4);
    prop_oneof![
        24 => (coins(), 1..4_usize, 0..5_000_u64, any::<bool>())
            .prop_map(|(coins, outputs, fee, replaceable)| Action::Pay { coins, outputs, fee, replaceable }),
        2 => (1..30_usize, 0..2_000_u64).prop_map(|(length, fee)| Action::Chain { length, fee }),
        2 => (0..20_u32, any::<Option<prop::sample::Index>>()).prop_map(|(most, rival)| Action::Mine { most, rival }),
        2 => (1..4_usize).prop_map(|depth| Action::Reorganise { depth }),
        1 => Just(Action::Wait),
    ]
}

/// A waiting payment.
#[derive(Clone)]
struct Waiting {
    txid: TxId,
    payment: Payment,
    fee: u64,
    entered: Monotonic,
}

impl Waiting {
    fn rate(&self) -> FeeRate {
        FeeRate::new(units(self.fee), self.payment.size())
    }

    fn spends_from(&self, other: &Self) -> bool {
        self.payment.unsigned.inputs.iter().any(|input| input.txid == other.txid)
    }
}

/// Payments in the order of entry, and the other state of a mempool.
#[derive(Clone)]
struct Naive {
    policy: PoolPolicy,
    list: Vec<Waiting>,
    minimum: FeeRate,
}

type Places = Vec<usize>;

impl Naive {
    /// A payment and its ancestors, all of which came before it.
    fn ancestors(&self, place: usize) -> Places {
        let mut family = vec![place];
        for other in (0..place).rev() {
            if family.iter().any(|member| self.list[*member].spends_from(&self.list[other])) {
                family.push(other);
            }
        }
        family.reverse();
        family
    }

    fn descendants(&self, place: usize) -> Places {
        self.with_descendants(&[place])
    }

    /// Payments and their descendants.
    fn with_descendants(&self, places: &[usize]) -> Places {
        let mut family = Places::new();
        for other in self.all() {
            if places.contains(&other) || family.iter().any(|member| self.list[other].spends_from(&self.list[*member]))
            {
                family.push(other);
            }
        }
        family
    }

    fn bytes(&self, places: &[usize]) -> usize {
        places.iter().map(|p| self.list[*p].payment.size()).sum()
    }

    fn rate(&self, places: &[usize]) -> FeeRate {
        FeeRate::new(units(places.iter().map(|p| self.list[*p].fee).sum()), self.bytes(places))
    }

    fn all(&self) -> Places {
        (0..self.list.len()).collect()
    }

    fn drop(&mut self, places: &[usize]) -> Vec<Waiting> {
        let mut place = 0..;
        let (gone, kept) = self.list.drain(..).partition(|_| places.contains(&place.next().unwrap()));
        self.list = kept;
        gone
    }

    /// The value of an outpoint, if it can be spent.
    fn worth(&self, ledger: &Ledger, outpoint: &OutPoint) -> Option<u64> {
        let waiting = self.list.iter().flat_map(|w| w.payment.outputs()).find(|(made, _)| made == outpoint);
        let mined = ledger.utxos.get(outpoint).map(|utxo| utxo.output);
        waiting.map(|(_, output)| *output).or(mined).map(|output| output.amount.units())
    }

    /// Admits a payment, or returns the rule that it violates.
    fn place(&mut self, ledger: &Ledger, payment: &Payment, entered: Monotonic, new: bool) -> Result<(), &'static str> {
        let shares = |w: &Waiting| w.payment.unsigned.inputs.iter().any(|i| payment.unsigned.inputs.contains(i));
        let direct: Places = (0..self.list.len()).filter(|p| shares(&self.list[*p])).collect();
        if self.list.iter().any(|w| w.payment == *payment) {
            return Err("P1");
        }
        if direct.iter().any(|p| !self.list[*p].payment.unsigned.replaceable) {
            return Err("P2");
        }
        let worth: Option<u64> = payment.unsigned.inputs.iter().map(|input| self.worth(ledger, input)).sum();
        let paid: u64 = payment.unsigned.outputs.iter().map(|output| output.amount.units()).sum();
        let fee = worth.ok_or("C1")?.checked_sub(paid).ok_or("C3")?;
        let newcomer = Waiting { txid: payment.txid(), payment: payment.clone(), fee, entered };
        let rate = newcomer.rate();
        match rate {
            rate if new && rate < self.policy.min_fee_rate => return Err("P7"),
            rate if new && rate < self.minimum => return Err("P8"),
            _ => {}
        }
        let mut after = self.clone();
        after.list.push(newcomer);
        let place = self.list.len();
        let ancestors = after.ancestors(place);
        if ancestors.len() > 26 || after.bytes(&ancestors) > 101_000 {
            return Err("P3");
        }
        let replaced = self.with_descendants(&direct);
        self.check_replacement(&after, &direct, &replaced)?;
        after.drop(&replaced);
        let place = after.list.len() - 1;
        for ancestor in after.ancestors(place) {
            let family = after.descendants(ancestor);
            if family.len() > 26 || after.bytes(&family) > 101_000 {
                return Err("P9");
            }
        }
        after.make_room(payment)?;
        *self = after;
        Ok(())
    }

    /// Rules P10 to P14 for the last payment in `after`.
    fn check_replacement(&self, after: &Self, direct: &[usize], replaced: &[usize]) -> Result<(), &'static str> {
        if direct.is_empty() {
            return Ok(());
        }
        let (place, new) = (self.list.len(), after.list.last().unwrap());
        let fees: u64 = replaced.iter().map(|p| self.list[*p].fee).sum();
        let built_on: Places = (0..place).filter(|p| new.spends_from(&self.list[*p])).collect();
        let known = |p: &usize| direct.iter().any(|d| self.list[*d].spends_from(&self.list[*p]));
        let rules = [
            ("P10", direct.iter().all(|p| new.rate() > self.list[*p].rate())),
            ("P12", replaced.len() <= 100),
            ("P13", !after.ancestors(place).iter().any(|p| replaced.contains(p))),
            ("P11", new.fee >= fees + new.payment.size() as u64),
            ("P14", built_on.iter().all(known)),
        ];
        rules.iter().find(|(_, holds)| !holds).map_or(Ok(()), |(rule, _)| Err(*rule))
    }

    /// Displaces the payments with the lowest fee rates, but not the newcomer or its ancestors.
    fn make_room(&mut self, newcomer: &Payment) -> Result<(), &'static str> {
        while self.list.len() > self.policy.max_payments || self.bytes(&self.all()) > self.policy.max_bytes {
            let worth = |p: &usize| self.list[*p].rate().max(self.rate(&self.descendants(*p)));
            let worst = self.all().into_iter().min_by_key(|p| (worth(p), Reverse(*p))).unwrap();
            let last = self.list.iter().position(|w| w.payment == *newcomer).unwrap();
            if self.ancestors(last).contains(&worst) {
                return Err("P4");
            }
            self.minimum = self.minimum.max(worth(&worst).plus(FEE_STEP));
            self.drop(&self.descendants(worst));
        }
        Ok(())
    }

    fn connect(&mut self, block: &Block) {
        for payment in &block.payments {
            let same = self.list.iter().position(|w| w.payment == *payment);
            let shares = |w: &Waiting| w.payment.unsigned.inputs.iter().any(|i| payment.unsigned.inputs.contains(i));
            let rivals: Places = (0..self.list.len()).filter(|p| shares(&self.list[*p])).collect();
            let gone = same.map_or_else(|| self.with_descendants(&rivals), |place| vec![place]);
            self.drop(&gone);
        }
        if 2 * self.list.len() < self.policy.max_payments && 2 * self.bytes(&self.all()) < self.policy.max_bytes {
            self.minimum = FeeRate::ZERO;
        }
    }

    fn reorganise(&mut self, ledger: &Ledger, returned: &[Payment], now: Monotonic) {
        let there = |input: &OutPoint| self.worth(ledger, input).is_some();
        let settled = |p: &usize| self.list[*p].payment.unsigned.inputs.iter().all(there);
        let unsettled: Places = self.all().into_iter().filter(|p| !settled(p)).collect();
        let waiting = self.drop(&self.with_descendants(&unsettled));
        for payment in returned {
            let _ = self.place(ledger, payment, now, false);
        }
        for entry in waiting {
            let _ = self.place(ledger, &entry.payment, entry.entered, false);
        }
    }

    /// Selects the best package that fits, repeatedly.
    fn template(&self, most: usize, bytes: usize) -> Vec<TxId> {
        let mut taken: Places = Vec::new();
        loop {
            let open = self.all().into_iter().filter(|p| !taken.contains(p));
            let packages = open.map(|p| {
                let package: Places = self.ancestors(p).into_iter().filter(|a| !taken.contains(a)).collect();
                (self.list[p].rate().min(self.rate(&package)), Reverse(p), package)
            });
            let fits = |package: &Places| {
                taken.len() + package.len() <= most && self.bytes(&taken) + self.bytes(package) <= bytes
            };
            match packages.filter(|(.., package)| fits(package)).max() {
                Some((.., package)) => taken.extend(package),
                None => return taken.iter().map(|p| self.list[*p].txid).collect(),
            }
        }
    }
}

/// A ledger with both mempools on top.
struct World {
    ledger: Ledger,
    now: Monotonic,
    pool: Mempool,
    naive: Naive,
}

impl World {
    fn new(policy: PoolPolicy) -> Self {
        let mut ledger = Ledger::new(params());
        for _ in 0..4 {
            ledger.connect(ledger.block(address(1), vec![], Amount::ZERO)).unwrap();
        }
        let naive = Naive { policy, list: Vec::new(), minimum: FeeRate::ZERO };
        Self { ledger, now: Monotonic(0), pool: Mempool::new(policy, common::map_key()), naive }
    }

    fn context<'a>(ledger: &'a Ledger, now: Monotonic) -> PoolContext<'a> {
        PoolContext { now, ..ledger.context() }
    }

    fn act(&mut self, action: &Action) {
        match action {
            Action::Pay { coins, outputs, fee, replaceable } => {
                let all = self.coins();
                let mut inputs: Vec<(OutPoint, u64)> = coins.iter().map(|coin| *coin.get(&all)).collect();
                inputs.sort_unstable();
                inputs.dedup();
                self.offer(&inputs, *outputs, *fee, *replaceable);
            }
            Action::Chain { length, fee } => {
                let mut coin = *self.coins().last().unwrap();
                for _ in 0..*length {
                    let payment = self.offer(&[coin], 1, *fee, false);
                    let (outpoint, output) = payment.outputs().next().unwrap();
                    coin = (outpoint, output.amount.units());
                }
            }
            Action::Mine { most, rival } => self.mine(*most, rival.as_ref()),
            Action::Reorganise { depth } => self.reorganise(*depth),
            Action::Wait => {
                self.now = self.now.after(PAYMENT_LIFETIME / 2);
                let old: Places = (0..self.naive.list.len())
                    .filter(|p| self.naive.list[*p].entered.after(PAYMENT_LIFETIME) <= self.now)
                    .collect();
                self.naive.drop(&self.naive.with_descendants(&old));
                // Six half-lives.
                self.naive.minimum = FeeRate::ZERO;
                self.pool.expire(self.now);
            }
        }
    }

    /// All outputs of key 1: mined, then waiting ones, spent by waiting payments or not.
    fn coins(&self) -> Vec<(OutPoint, u64)> {
        let mined = self.ledger.coins(address(1)).into_iter().map(|coin| (coin.outpoint, coin.amount.units()));
        let made = self.naive.list.iter().flat_map(|w| w.payment.outputs());
        let own = made.filter(|(_, output)| output.recipient == address(1));
        let waiting = own.map(|(outpoint, output)| (outpoint, output.amount.units()));
        mined.chain(waiting).collect()
    }

    fn offer(&mut self, inputs: &[(OutPoint, u64)], outputs: usize, fee: u64, replaceable: bool) -> Payment {
        let left = inputs.iter().map(|(_, worth)| worth).sum::<u64>().saturating_sub(fee).max(outputs as u64);
        let mut amounts = vec![left / outputs as u64; outputs];
        amounts[0] += left % outputs as u64;
        let unsigned = UnsignedPayment {
            sender: key(1).public_key(),
            replaceable,
            inputs: inputs.iter().map(|(outpoint, _)| *outpoint).collect(),
            outputs: amounts.iter().map(|a| Output { amount: units(*a), recipient: address(1) }).collect(),
        };
        let payment = Payment { unsigned, signature: Signature::ZERO };
        let sound = SoundPayment::from_block(payment.clone());
        let context = Self::context(&self.ledger, self.now);
        let admitted = self.pool.admit(sound.as_well_formed(), &context).map_err(|e| e.rule());
        let before: Vec<TxId> = self.pool.txids().collect();
        let result = self.pool.insert(sound, &context);
        let mut left = before;
        left.retain(|txid| !self.pool.contains(txid));
        if let Ok(dropped) = &result {
            let mut dropped: Vec<TxId> = dropped.iter().map(|dropped| dropped.txid).collect();
            dropped.sort_unstable();
            left.sort_unstable();
            assert_eq!(dropped, left);
        }
        let expected = self.naive.place(&self.ledger, &payment, self.now, true);
        let result = result.map(|_| ()).map_err(|e| e.rule());
        assert_eq!((admitted, result), (expected, expected));
        payment
    }

    fn mine(&mut self, most: u32, rival: Option<&prop::sample::Index>) {
        let params = ChainParams { max_block_payments: most, ..params() };
        let mut template = self.pool.template(&params);
        let coins = self.ledger.coins(address(1));
        if let Some(coin) = rival.map(|rival| *rival.get(&coins))
            && !template.payments.iter().any(|payment| payment.unsigned.inputs.contains(&coin.outpoint))
        {
            let outputs = vec![Output { amount: coin.amount, recipient: address(2) }];
            let inputs = vec![coin.outpoint];
            let unsigned = UnsignedPayment { sender: key(1).public_key(), replaceable: true, inputs, outputs };
            template.payments.push(Payment { unsigned, signature: Signature::ZERO });
        }
        let block = self.ledger.block(address(1), template.payments, template.fees);
        self.ledger.connect_verified(block.clone()).unwrap();
        self.pool.block_connected(&sound(&block));
        self.naive.connect(&block);
    }

    fn reorganise(&mut self, depth: usize) {
        let depth = depth.min(self.ledger.blocks.len() - 3);
        let mut blocks: Vec<Block> = (0..depth).map(|_| self.ledger.disconnect()).collect();
        blocks.reverse();
        let returned: Vec<Payment> = blocks.into_iter().flat_map(|block| block.payments).collect();
        for n in 0..=depth {
            // To another address, so that coins of the disconnected blocks are gone.
            let miner = if n == 0 { address(3) } else { address(1) };
            self.ledger.connect(self.ledger.block(miner, vec![], Amount::ZERO)).unwrap();
        }
        let sound = returned.iter().cloned().map(SoundPayment::from_block).collect();
        let change = self.pool.reorganised(sound, &Self::context(&self.ledger, self.now));
        self.naive.reorganise(&self.ledger, &returned, self.now);
        assert!(change.returned.iter().all(|txid| self.pool.contains(txid)));
        assert!(change.dropped.iter().all(|dropped| !self.pool.contains(&dropped.txid)));
    }

    fn check(&self, most: u32, bytes: u32) {
        let naive = &self.naive;
        assert_eq!(self.pool.txids().collect::<Vec<_>>(), naive.list.iter().map(|w| w.txid).collect::<Vec<_>>());
        assert_eq!(self.pool.bytes(), naive.bytes(&naive.all()));
        assert!(self.pool.len() <= naive.policy.max_payments && self.pool.bytes() <= naive.policy.max_bytes);
        assert_eq!(self.pool.minimum_fee_rate(self.now), naive.minimum.max(naive.policy.min_fee_rate));
        for (place, entry) in self.pool.iter().enumerate() {
            assert_eq!((entry.fee(), entry.fee_rate()), (units(naive.list[place].fee), naive.list[place].rate()));
            for (package, family) in
                [(entry.with_ancestors(), naive.ancestors(place)), (entry.with_descendants(), naive.descendants(place))]
            {
                let expected = (family.len(), naive.bytes(&family), naive.rate(&family));
                assert_eq!((package.count, package.bytes, package.rate()), expected);
                assert!(package.count <= 26 && package.bytes <= 101_000);
            }
            for input in &entry.payment().unsigned.inputs {
                assert_eq!(self.pool.spender(input), Some(entry.txid()), "two payments spend one coin");
            }
        }
        let (most, room) = (most as usize, (bytes - 188) as usize);
        let small = ChainParams { max_block_payments: most as u32, max_block_bytes: bytes, ..params() };
        for (params, most, room) in [(small, most, room), (params(), usize::MAX, usize::MAX)] {
            let template = self.pool.template(&params);
            let chosen: Vec<TxId> = template.payments.iter().map(Payment::txid).collect();
            assert_eq!(chosen, naive.template(most, room));
            let block = self.ledger.block(address(1), template.payments, template.fees);
            assert!(block.payments.len() <= most && block.size() <= params.max_block_bytes as usize);
            self.ledger.clone().connect_verified(block).unwrap();
            self.check_coming(&params, &chosen);
        }
    }

    /// Checks the coming blocks: the first one is the template, each follows from the one before, and none leaves out a
    /// payment that fits with its ancestors.
    fn check_coming(&self, params: &ChainParams, template: &[TxId]) {
        let coming = self.pool.coming_blocks(params, usize::MAX);
        let first: Vec<TxId> = coming.first().map_or(Vec::new(), |b| b.payments.iter().map(|p| p.txid()).collect());
        assert_eq!(first, template);
        let mut ledger = self.ledger.clone();
        for block in &coming {
            assert!(block.lowest <= block.median && block.median <= block.highest);
            let payments = block.payments.iter().map(|entry| entry.payment().clone()).collect();
            let block = ledger.block(address(1), payments, block.fees);
            assert!(block.payments.len() <= params.max_block_payments as usize);
            assert!(block.size() <= params.max_block_bytes as usize);
            ledger.connect_verified(block).unwrap();
        }
        let taken: BTreeSet<TxId> = coming.iter().flat_map(|b| b.payments.iter().map(|p| p.txid())).collect();
        let room = params.max_block_bytes as usize - 188;
        for entry in self.pool.iter().filter(|entry| !taken.contains(&entry.txid())) {
            let package = entry.with_ancestors();
            assert!(package.bytes > room || package.count > params.max_block_payments as usize);
        }
        assert_eq!(self.pool.coming_blocks(params, 2).len(), coming.len().min(2));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn the_mempool_matches_a_naive_one(
        story in prop::collection::vec(action(), 1..60),
        max_payments in 2..50_usize,
        max_bytes in 1_000..12_000_usize,
        costs in any::<bool>(),
        (most, bytes) in (1..12_u32, 300..3_000_u32),
    ) {
        let min_fee_rate = if costs { FEE_STEP } else { FeeRate::ZERO };
        let mut world = World::new(PoolPolicy { max_payments, max_bytes, min_fee_rate });
        for action in &story {
            world.act(action);
            world.check(most, bytes);
        }
    }
}
