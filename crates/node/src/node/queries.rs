use super::Node;
use crate::chain::Chain;
use crate::consensus::ChainParams;
use crate::counters::{Counters, PeerCounts};
use crate::mempool::{FeeEstimate, FeeRate, Mempool};
use crate::primitives::{Address, NetworkId, TxId};
use crate::status::{AbsentNeighbour, ClockComparison, MiningStatus, Status, SyncStatus};
use crate::units::Amount;
use crate::wallet::{
    Balance, Coin, Confirmed, Fee, Pending, Plan, Waiting, WalletError, plan_replacement, spendable_coins,
};
use crate::wire::PeerAddress;

/// Questions that change nothing.
impl Node {
    /// The node's state in one look.
    #[must_use]
    pub fn status(&self) -> Status {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Status {
            network: self.cx.chain.params().name.clone(),
            network_id: self.cx.chain.network(),
            tip: self.cx.chain.tip(),
            sync: self.sync_status(),
            peers: self.peers.infos(|peer| self.headers.height_of(peer)),
            mempool_payments: count(self.cx.mempool.len()),
            mempool_bytes: self.cx.mempool.bytes() as u64,
            supply: self.supply(),
            utxos: count(self.cx.chain.utxos().len()),
            side_blocks: count(self.cx.chain.side_blocks()),
            orphans: count(self.cx.chain.orphan_count()),
            mining: self.mining.status(),
            clock: self.clock(),
        }
    }

    /// The configured addresses at which no peer is connected, and why.
    #[must_use]
    pub fn absent_neighbours(&self) -> Vec<AbsentNeighbour> {
        self.peers.absent_neighbours(self.cx.now.monotonic)
    }

    /// Whether [`crate::Command::AddPeer`] has room for this address.
    #[must_use]
    pub fn has_room_for_neighbour(&self, address: &PeerAddress) -> bool {
        self.peers.has_room_for_neighbour(address)
    }

    /// Whether an address is one to stay connected to.
    #[must_use]
    pub fn is_neighbour(&self, address: &PeerAddress) -> bool {
        self.peers.is_neighbour(address)
    }

    /// What has been counted since the start.
    #[must_use]
    pub fn counters(&self) -> &Counters {
        &self.cx.counters
    }

    /// The connections, by what they are.
    #[must_use]
    pub fn peer_counts(&self) -> PeerCounts {
        self.peers.counts()
    }

    /// How many hosts are banned from the last places at present (rule W9).
    #[must_use]
    pub fn banned_hosts(&self) -> usize {
        self.peers.banned_hosts(self.cx.now.monotonic)
    }

    /// What the peers' clocks say of this machine's (rule M10); `None` without a peer. At most a few seconds old.
    #[must_use]
    pub fn clock(&self) -> Option<ClockComparison> {
        self.peers.clock(self.cx.now)
    }

    /// How far the node is behind what it has heard of.
    #[must_use]
    pub fn sync(&self) -> SyncStatus {
        self.sync_status()
    }

    /// Whether and why (not) the node mines.
    #[must_use]
    pub fn mining(&self) -> MiningStatus {
        self.mining.status()
    }

    /// The least fee rate that a payment must pay at present (rules P7 and P8).
    #[must_use]
    pub fn minimum_fee_rate(&self) -> FeeRate {
        self.cx.mempool.minimum_fee_rate(self.cx.now.monotonic)
    }

    /// All money there is.
    #[must_use]
    pub fn supply(&self) -> Amount {
        self.cx.chain.utxos().supply()
    }

    /// The chain.
    #[must_use]
    pub fn chain(&self) -> &Chain {
        &self.cx.chain
    }

    /// The mempool.
    #[must_use]
    pub fn mempool(&self) -> &Mempool {
        &self.cx.mempool
    }

    /// The network's rules.
    #[must_use]
    pub fn params(&self) -> &ChainParams {
        self.cx.chain.params()
    }

    /// The network's id.
    #[must_use]
    pub fn network(&self) -> NetworkId {
        self.cx.chain.network()
    }

    /// Fee rates with which a payment sent now would be mined soon. Takes no time while one block holds
    /// all that waits; each ten thousand payments above cost tens of milliseconds.
    #[must_use]
    pub fn fee_estimate(&self) -> FeeEstimate {
        self.cx.mempool.fee_estimate(self.cx.chain.params(), self.cx.now.monotonic)
    }

    /// What an address owns, told apart.
    #[must_use]
    pub fn balance(&self, address: &Address) -> Balance {
        let outputs = self.cx.chain.utxos().of(address);
        let confirmed = Confirmed::of(outputs, self.cx.chain.tip().height.next(), self.cx.chain.params());
        Balance::of(confirmed, &self.pending(address))
    }

    /// What the payments that wait mean for an address.
    #[must_use]
    pub fn pending(&self, address: &Address) -> Pending {
        let next = self.cx.chain.tip().height.next();
        Pending::of(address, &self.cx.mempool, self.cx.chain.utxos(), next, self.cx.chain.params())
    }

    /// What an address can spend now.
    #[must_use]
    pub fn spendable_coins(&self, address: &Address) -> Vec<Coin> {
        let next = self.cx.chain.tip().height.next();
        spendable_coins(self.cx.chain.utxos(), &self.cx.mempool, address, next, self.cx.chain.params())
    }

    /// A waiting payment again with a higher fee: `wish`, or what it needs to be taken and to be mined
    /// within 3 blocks.
    ///
    /// # Errors
    /// [`WalletError::NotWaiting`], or what [`plan_replacement`] says.
    pub fn plan_replacement(&self, txid: &TxId, wish: Option<Fee>) -> Result<Plan, WalletError> {
        let payment = self.cx.mempool.get(txid).ok_or(WalletError::NotWaiting)?;
        let (fee, fees) = self.cx.mempool.fees_with_descendants(txid).ok_or(WalletError::NotWaiting)?;
        let waiting = Waiting { unsigned: &payment.unsigned, fee, fees };
        let mut spare = self.spendable_coins(&payment.unsigned.sender.address());
        spare.retain(|coin| self.cx.chain.utxos().get(&coin.outpoint).is_some());
        plan_replacement(&waiting, &spare, wish, self.fee_estimate().within_3_blocks)
    }
}
