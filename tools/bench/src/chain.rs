use anyhow::{Context, Result};
use fedcoin_node::consensus::ChainParams;
use fedcoin_node::primitives::{Address, Block, Coinbase, NetworkId, OutPoint, Output, Payment, PrivateKey};
use fedcoin_node::units::{Amount, Height, Timestamp};
use fedcoin_testkit::blocks::{block, mined};
use fedcoin_testkit::ledger::pay;
use std::thread;

/// Number of keys that pay each other.
pub(crate) const SENDERS: usize = 1_000;
/// Amount that a payment gives to its recipient, in units.
const PAID: u64 = 1_000;

/// A chain of payments, valid from genesis on.
#[derive(Clone)]
pub(crate) struct LongChain {
    pub(crate) params: ChainParams,
    /// The blocks without genesis, lowest first.
    pub(crate) blocks: Vec<Block>,
    pub(crate) wallets: Vec<Wallet>,
}

/// A key with the one coin that it keeps spending.
#[derive(Clone)]
pub(crate) struct Wallet {
    pub(crate) key: PrivateKey,
    address: Address,
    coin: OutPoint,
    amount: u64,
}

impl LongChain {
    /// A `regtest` chain whose genesis coins are divided among [`SENDERS`] keys, which then make
    /// `payments` of one input and two outputs each, in turn.
    pub(crate) fn make(payments: usize, per_block: usize) -> Result<Self> {
        let wallets = wallets()?;
        let mut params = ChainParams { coinbase_maturity: 0, ..ChainParams::regtest() };
        let owner = wallets.first().context("there are wallets")?;
        params.genesis.recipient = owner.address;
        let mut chain = Self { params, blocks: Vec::new(), wallets };
        chain.divide_genesis()?;
        for start in (0..payments).step_by(per_block) {
            let count = per_block.min(payments - start);
            let block = chain.payments_from(start, count, 1)?;
            chain.append(block);
        }
        Ok(chain)
    }

    /// Payments in all blocks.
    pub(crate) fn payments(&self) -> usize {
        self.blocks.iter().map(|block| block.payments.len()).sum()
    }

    /// One payment with an output for everybody.
    fn divide_genesis(&mut self) -> Result<()> {
        let genesis = self.params.genesis_block();
        let share = self.params.genesis.amount.units() / SENDERS as u64;
        let outputs = self.wallets.iter().map(|w| output(share, w.address)).collect::<Result<_>>()?;
        let owner = self.wallets.first().context("there are wallets")?;
        let payment = pay(&owner.key, self.params.network_id(), vec![genesis.coinbase.outpoint()], outputs);
        let txid = payment.txid();
        for (index, wallet) in (0..).zip(&mut self.wallets) {
            (wallet.coin, wallet.amount) = (OutPoint { txid, index }, share);
        }
        self.append(vec![payment]);
        Ok(())
    }

    /// The next `count` payments by the wallets in turn, starting with the `start`th wallet. Each pays this many
    /// others. They are signed on all cores.
    pub(crate) fn payments_from(&mut self, start: usize, count: usize, recipients: usize) -> Result<Vec<Payment>> {
        let mut payments = Vec::with_capacity(count);
        let addresses: Vec<Address> = self.wallets.iter().map(|w| w.address).collect();
        // The wallets of one round are independent of each other. The next round spends their change.
        let mut done = 0;
        while done < count {
            let first = (start + done) % SENDERS;
            let round = (count - done).min(SENDERS - first);
            let network = self.params.network_id();
            let part = self.wallets.get_mut(first..first + round).context("a round stays within the wallets")?;
            payments.extend(sign_round(part, first, &addresses, network, recipients)?);
            done += round;
        }
        Ok(payments)
    }

    /// A payment by one of the wallets to the owner of genesis, in this many outputs of one unit.
    pub(crate) fn split_for_first(&mut self, payer: usize, outputs: usize) -> Result<Payment> {
        let (rich, network) = (self.params.genesis.recipient, self.params.network_id());
        let wallet = self.wallets.get_mut(payer).context("a wallet pays")?;
        wallet.spend(vec![output(1, rich)?; outputs], network)
    }

    /// Adds a block of these payments.
    pub(crate) fn append(&mut self, payments: Vec<Payment>) {
        let block = self.next_block(payments);
        self.blocks.push(block);
    }

    /// A solved block of these payments on top of the chain.
    pub(crate) fn next_block(&self, payments: Vec<Payment>) -> Block {
        let genesis = self.params.genesis_block();
        let parent = self.blocks.last().unwrap_or(&genesis);
        let height = Height(parent.coinbase.height.0 + 1);
        let reward = Output { amount: self.params.subsidy_at(height), recipient: self.params.genesis.recipient };
        let time = Timestamp(parent.header.time.0 + self.params.spacing_ms);
        let coinbase = Coinbase { height, output: reward };
        mined(block(&self.params, parent.id(), time, coinbase, payments))
    }
}

fn wallets() -> Result<Vec<Wallet>> {
    let mut rng = fastrand::Rng::with_seed(1);
    let mut wallet = || {
        let mut secret = [0; 32];
        rng.fill(&mut secret);
        let key = PrivateKey::from_random(&secret).context("almost all numbers are keys")?;
        let address = key.public_key().address();
        Ok(Wallet { key, address, coin: OutPoint { txid: Default::default(), index: 0 }, amount: 0 })
    };
    (0..SENDERS).map(|_| wallet()).collect()
}

/// A payment by each of these wallets, the first of which has index `first`.
fn sign_round(
    wallets: &mut [Wallet],
    first: usize,
    addresses: &[Address],
    network: NetworkId,
    recipients: usize,
) -> Result<Vec<Payment>> {
    let share = wallets.len().div_ceil(super::cpu::cores()).max(1);
    thread::scope(|scope| {
        let parts = (first..).step_by(share).zip(wallets.chunks_mut(share));
        let signing: Vec<_> = parts
            .map(|(first, part)| {
                scope.spawn(move || {
                    (first..)
                        .zip(part)
                        .map(|(i, w)| w.pay(i, addresses, network, recipients))
                        .collect::<Result<Vec<_>>>()
                })
            })
            .collect();
        let mut payments = Vec::new();
        for part in signing {
            payments.extend(part.join().map_err(|_| anyhow::anyhow!("a signing thread panicked"))??);
        }
        Ok(payments)
    })
}

impl Wallet {
    /// Spends the coin: a little for the wallets after it, the rest for itself in the last output.
    fn pay(&mut self, own: usize, addresses: &[Address], network: NetworkId, recipients: usize) -> Result<Payment> {
        let others = (1..=recipients).filter_map(|n| addresses.get((own + n) % addresses.len()));
        self.spend(others.map(|to| output(PAID, *to)).collect::<Result<Vec<_>>>()?, network)
    }

    /// Spends the coin for these outputs and change, which is last.
    fn spend(&mut self, mut outputs: Vec<Output>, network: NetworkId) -> Result<Payment> {
        let paid: u64 = outputs.iter().map(|output| output.amount.units()).sum();
        self.amount = self.amount.checked_sub(paid).context("the wallet is empty")?;
        let index = u32::try_from(outputs.len())?;
        outputs.push(output(self.amount, self.address)?);
        let payment = pay(&self.key, network, vec![self.coin], outputs);
        self.coin = OutPoint { txid: payment.txid(), index };
        Ok(payment)
    }
}

fn output(units: u64, recipient: Address) -> Result<Output> {
    Ok(Output { amount: Amount::from_units(units)?, recipient })
}
