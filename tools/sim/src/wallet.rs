use fastrand::Rng;
use fedcoin_node::Node;
use fedcoin_node::mempool::FeeRate;
use fedcoin_node::primitives::{Address, OutPoint, Payment, PrivateKey, TxId};
use fedcoin_node::units::Amount;
use fedcoin_node::wallet::{Coin, Fee, PaymentOrder, build_payment};
use std::collections::BTreeSet;

/// A wallet at one node. It never spends a coin twice, even if its node has lost the first payment in a crash.
pub(crate) struct Wallet {
    key: PrivateKey,
    pub(crate) address: Address,
    offered: BTreeSet<OutPoint>,
}

/// A payment made in the run.
#[derive(Clone, Debug)]
pub struct PaymentRecord {
    /// Its id.
    pub txid: TxId,
    /// The payment.
    pub payment: Payment,
    /// The node it was submitted to.
    pub node: usize,
    /// Whether that node ever accepted it.
    pub accepted: bool,
    /// Whether to submit it again, because it was refused or dropped, or the node has restarted.
    pub(crate) due: bool,
}

/// The largest amount in units. The smallest is 1.
const MAX_AMOUNT: u64 = 2 * Amount::UNITS_PER_FED;
/// The largest fee in units per thousand bytes, above the node's minimum. The smallest is 0.
const MAX_EXTRA_FEE: u64 = 500_000;

impl Wallet {
    pub(crate) fn new(rng: &mut Rng) -> Self {
        loop {
            let mut secret = [0; 32];
            rng.fill(&mut secret);
            if let Some(key) = PrivateKey::from_random(&secret) {
                let address = key.public_key().address();
                return Self { key, address, offered: BTreeSet::new() };
            }
        }
    }

    pub(crate) fn key(&self) -> &PrivateKey {
        &self.key
    }

    /// A payment to an address, if the wallet's node knows coins for it.
    pub(crate) fn pay(&mut self, node: &Node, recipient: Address, rng: &mut Rng) -> Option<Payment> {
        let mut coins = node.spendable_coins(&self.address);
        coins.retain(|coin: &Coin| !self.offered.contains(&coin.outpoint));
        let amount = Amount::from_units(rng.u64(1..=MAX_AMOUNT)).ok()?;
        let extra = if rng.bool() { 0 } else { rng.u64(1..=MAX_EXTRA_FEE) };
        let extra = FeeRate::per_kilobyte(Amount::from_units(extra).ok()?);
        let fee = Fee::Rate(node.fee_estimate().minimum.plus(extra));
        let order = PaymentOrder { replaceable: rng.bool(), ..PaymentOrder::new(recipient, amount, fee) };
        let payment = build_payment(&self.key, node.network(), &coins, &order).ok()?;
        self.offered.extend(&payment.unsigned.inputs);
        Some(payment)
    }
}
