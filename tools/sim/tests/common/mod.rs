//! Conditions that a network must meet in the end, checked with a separate ledger.

use fedcoin_node::primitives::{Address, Block, OutPoint, TxId};
use fedcoin_node::units::Amount;
use fedcoin_sim::Simulation;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Lets the network settle without faults, first with mining, then without.
pub(crate) fn settle(simulation: &mut Simulation) {
    simulation.calm();
    simulation.run_for(Duration::from_secs(1_200));
    simulation.set_mining(false);
    let agreed = simulation.run_until(Duration::from_secs(600), Simulation::has_converged);
    assert_eq!(simulation.violations(), [""; 0]);
    assert!(agreed, "{} different tips\n{}", simulation.tips().len(), simulation.statistics());
}

/// All nodes agree with each other and with the naive ledger. No payment is lost or doubled, and most are mined.
pub(crate) fn check(simulation: &Simulation) -> Ledger {
    let ledger = check_agreement(simulation);
    let made = simulation.payments().len();
    let mined = simulation.payments().iter().filter(|r| r.accepted && ledger.mined.contains(&r.txid)).count();
    assert!(mined * 2 >= made, "only {mined} of {made} payments were mined");
    ledger
}

/// Like [`check`], after a losing branch took many payments with it.
pub(crate) fn check_agreement(simulation: &Simulation) -> Ledger {
    assert_eq!(simulation.violations(), [""; 0]);
    let tip = *simulation.tips().iter().next().unwrap();
    let ledger = Ledger::replay(simulation, &simulation.chain_to(tip).unwrap());
    for host in simulation.honest() {
        let node = simulation.node(host).unwrap();
        assert_eq!(node.chain().tip().id, tip, "node {host}");
        assert_eq!(node.supply(), ledger.supply(), "node {host}");
        assert_eq!(node.chain().utxos().len(), ledger.unspent.len(), "node {host}");
        let stored = simulation.stored(host).unwrap();
        assert_eq!(stored.tip, Some(tip), "node {host}");
        let owned = |(o, u): &(OutPoint, fedcoin_node::ledger::Utxo)| (*o, (u.output.recipient, u.output.amount));
        assert_eq!(stored.utxos.iter().map(owned).collect::<BTreeMap<_, _>>(), ledger.unspent, "node {host}");
        assert!(stored.utxos.iter().all(|(o, u)| node.chain().utxos().get(o) == Some(*u)), "node {host}");
        check_mempool(simulation, host, &ledger);
    }
    check_payments(simulation, &ledger);
    ledger
}

/// The ledger, as simple as possible.
#[derive(Default)]
pub(crate) struct Ledger {
    pub(crate) unspent: BTreeMap<OutPoint, (Address, Amount)>,
    pub(crate) mined: BTreeSet<TxId>,
    pub(crate) blocks: usize,
}

impl Ledger {
    pub(crate) fn replay(simulation: &Simulation, chain: &[&Block]) -> Self {
        let params = simulation.params();
        let mut ledger = Self::default();
        for (height, block) in chain.iter().enumerate() {
            let height = u32::try_from(height).unwrap();
            assert_eq!(block.coinbase.height.0, height);
            assert_eq!(block.commitment(), block.header.commitment);
            assert!(block.payments.len() >= params.min_block_payments as usize || height == 0);
            let target = params.target.expand().unwrap();
            assert!(target.is_met_by(&block.id().0) || height == 0);
            let fees: u64 = block.payments.iter().map(|payment| ledger.pay(simulation, payment)).sum();
            let reward = block.coinbase.output;
            let subsidy = if height == 0 { params.genesis.amount.units() } else { params.subsidy.units() };
            let halvings = height / params.halving_interval;
            assert!(reward.amount.units() <= subsidy / 2_u64.pow(halvings) + fees, "height {height}");
            ledger.create(block.coinbase.txid(), 0, reward.recipient, reward.amount);
        }
        ledger.blocks = chain.len();
        ledger
    }

    /// Applies one payment and returns its fee.
    fn pay(&mut self, simulation: &Simulation, payment: &fedcoin_node::primitives::Payment) -> u64 {
        let unsigned = &payment.unsigned;
        let message = unsigned.signing_message(simulation.params().network_id());
        assert!(unsigned.sender.verifies(&message, &payment.signature));
        let mut left = 0;
        for input in &unsigned.inputs {
            let (owner, amount) = self.unspent.remove(input).expect("an output that exists and is unspent");
            assert_eq!(owner, unsigned.sender.address());
            left += amount.units();
        }
        for (index, output) in (0..).zip(&unsigned.outputs) {
            left = left.checked_sub(output.amount.units()).expect("outputs do not exceed inputs");
            self.create(payment.txid(), index, output.recipient, output.amount);
        }
        assert!(self.mined.insert(payment.txid()), "mined twice");
        left
    }

    fn create(&mut self, txid: TxId, index: u32, owner: Address, amount: Amount) {
        assert!(self.unspent.insert(OutPoint { txid, index }, (owner, amount)).is_none(), "an output created twice");
    }

    pub(crate) fn supply(&self) -> Amount {
        Amount::checked_sum(self.unspent.values().map(|(_, amount)| *amount)).unwrap()
    }
}

/// No payment in the mempool is mined, spends a spent output, or spends the same output as another.
fn check_mempool(simulation: &Simulation, host: usize, ledger: &Ledger) {
    let pool = simulation.node(host).unwrap().mempool();
    let mut spent = BTreeSet::new();
    for entry in pool.iter() {
        let payment = entry.payment();
        assert!(!ledger.mined.contains(&payment.txid()), "node {host} keeps a mined payment");
        for input in &payment.unsigned.inputs {
            let exists = ledger.unspent.contains_key(input)
                || pool.get(&input.txid).is_some_and(|p| p.unsigned.outputs.len() > input.index as usize);
            assert!(exists, "node {host} keeps a payment of a spent output");
            assert!(spent.insert(*input), "node {host} keeps two payments of the same output");
        }
    }
}

/// Each accepted payment is mined, unless a reorganisation destroyed the coins it spends.
fn check_payments(simulation: &Simulation, ledger: &Ledger) {
    let tip = *simulation.tips().iter().next().unwrap();
    let chain = simulation.chain_to(tip).unwrap();
    let mut known: BTreeSet<TxId> = chain.iter().map(|block| block.coinbase.txid()).collect();
    known.extend(&ledger.mined);
    let mut lost = Vec::new();
    for record in simulation.payments().iter().filter(|record| record.accepted) {
        let possible = record.payment.unsigned.inputs.iter().all(|input| known.contains(&input.txid));
        if possible && !ledger.mined.contains(&record.txid) {
            lost.push((record.txid, record.node));
        }
    }
    assert_eq!(lost, [], "lost payments");
}
