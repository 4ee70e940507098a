use super::Node;
use crate::block_template::BlockTemplate;
use crate::chain::Chain;
use crate::consensus::ChainParams;
use crate::counters::{Counters, PeerCounts};
use crate::mempool::{FeeEstimate, FeeRate, Mempool};
use crate::mining;
use crate::primitives::{Address, NetworkId, TxId};
use crate::status::{AbsentNeighbour, ClockComparison, MiningStatus, Status, SyncStatus};
use crate::units::Amount;
use crate::wallet::{
    Balance, Coin, Confirmed, Fee, Pending, Plan, Waiting, WalletError, plan_replacement, spendable_coins,
};
use crate::wire::PeerAddress;

/// Queries, which change nothing.
impl Node {
    /// A summary of the node's state.
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

    /// The neighbours that are not connected, with the reasons.
    #[must_use]
    pub fn absent_neighbours(&self) -> Vec<AbsentNeighbour> {
        self.peers.absent_neighbours(self.cx.now.monotonic)
    }

    /// Whether [`crate::Command::AddPeer`] has room for this address.
    #[must_use]
    pub fn has_room_for_neighbour(&self, address: &PeerAddress) -> bool {
        self.peers.has_room_for_neighbour(address)
    }

    /// Whether an address is a neighbour's.
    #[must_use]
    pub fn is_neighbour(&self, address: &PeerAddress) -> bool {
        self.peers.is_neighbour(address)
    }

    /// Counts since the start.
    #[must_use]
    pub fn counters(&self) -> &Counters {
        &self.cx.counters
    }

    /// The number of connections of each kind.
    #[must_use]
    pub fn peer_counts(&self) -> PeerCounts {
        self.peers.counts()
    }

    /// Number of banned hosts (rule W9).
    #[must_use]
    pub fn banned_hosts(&self) -> usize {
        self.peers.banned_hosts(self.cx.now.monotonic)
    }

    /// This machine's clock compared with the peers' clocks (rule M10); `None` without peers. At most a few seconds
    /// old.
    #[must_use]
    pub fn clock(&self) -> Option<ClockComparison> {
        self.peers.clock(self.cx.now)
    }

    /// How far the node is behind the best chain it has heard of.
    #[must_use]
    pub fn sync(&self) -> SyncStatus {
        self.sync_status()
    }

    /// Whether the node mines, and if not, why.
    #[must_use]
    pub fn mining(&self) -> MiningStatus {
        self.mining.status()
    }

    /// The next block, for a miner outside of the node.
    ///
    /// # Errors
    /// Why mining must wait: the node is not in sync, say, or the network forbids an empty block.
    pub fn block_template(&self) -> Result<BlockTemplate, MiningStatus> {
        mining::template(&self.cx, &self.outlook())
    }

    /// The minimum fee rate that payments must pay now (rules P7 and P8).
    #[must_use]
    pub fn minimum_fee_rate(&self) -> FeeRate {
        self.cx.mempool.minimum_fee_rate(self.cx.now.monotonic)
    }

    /// The sum of all unspent outputs.
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

    /// Fee rates for a payment sent now to be mined soon. Fast while all waiting payments fit into one block; each ten
    /// thousand payments beyond that take tens of milliseconds.
    #[must_use]
    pub fn fee_estimate(&self) -> FeeEstimate {
        self.cx.mempool.fee_estimate(self.cx.chain.params(), self.cx.now.monotonic)
    }

    /// The balance of an address, by kind.
    #[must_use]
    pub fn balance(&self, address: &Address) -> Balance {
        let outputs = self.cx.chain.utxos().of(address);
        let confirmed = Confirmed::of(outputs, self.cx.chain.tip().height.next(), self.cx.chain.params());
        Balance::of(confirmed, &self.pending(address))
    }

    /// The effect of waiting payments on an address.
    #[must_use]
    pub fn pending(&self, address: &Address) -> Pending {
        let next = self.cx.chain.tip().height.next();
        Pending::of(address, &self.cx.mempool, self.cx.chain.utxos(), next, self.cx.chain.params())
    }

    /// The coins that an address can spend now.
    #[must_use]
    pub fn spendable_coins(&self, address: &Address) -> Vec<Coin> {
        let next = self.cx.chain.tip().height.next();
        spendable_coins(self.cx.chain.utxos(), &self.cx.mempool, address, next, self.cx.chain.params())
    }

    /// Plans a replacement of a waiting payment with a higher fee: `wish`, or the fee needed to be accepted and mined
    /// within 3 blocks.
    ///
    /// # Errors
    /// [`WalletError::NotWaiting`], or an error of [`plan_replacement`].
    pub fn plan_replacement(&self, txid: &TxId, wish: Option<Fee>) -> Result<Plan, WalletError> {
        let payment = self.cx.mempool.get(txid).ok_or(WalletError::NotWaiting)?;
        let (fee, fees) = self.cx.mempool.fees_with_descendants(txid).ok_or(WalletError::NotWaiting)?;
        let waiting = Waiting { unsigned: &payment.unsigned, fee, fees };
        let mut spare = self.spendable_coins(&payment.unsigned.sender.address());
        spare.retain(|coin| self.cx.chain.utxos().get(&coin.outpoint).is_some());
        plan_replacement(&waiting, &spare, wish, self.fee_estimate().within_3_blocks)
    }
}
