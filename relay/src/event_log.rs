//! Logs the node's events as lines for people. Some lines have the wording of the course.

use fedcoin_node::chain::Reorganised;
use fedcoin_node::primitives::BlockId;
use fedcoin_node::units::{Height, Now};
use fedcoin_node::{ClockComparison, Event, MiningStatus, PaymentOrigin, PeerAddress, SyncStatus, TipInfo};
use std::collections::BTreeSet;
use std::time::Duration;

/// Maximum number of addresses whose failed dials are remembered, so that each is logged once.
const MAX_FAILED: usize = 1_000;
/// Shortest interval between log lines about a long sync.
const INTERVAL: Duration = Duration::from_secs(2);

/// Up to this many missing blocks do not count as a sync: they were just mined.
const NEW_BLOCKS: u32 = 2;

/// Logs events without repetition.
#[derive(Debug, Default)]
pub struct EventLog {
    /// Height of the block being mined.
    mining: Option<Height>,
    /// Whether the node is syncing: new blocks are those missed before.
    initialising: bool,
    /// Height of the chain when the sync began, until it is complete.
    syncing_from: Option<Height>,
    /// Whether the end of a sync has been logged.
    initialised: bool,
    /// The last block found by this node.
    found: Option<BlockId>,
    height: Height,
    failed_dials: BTreeSet<PeerAddress>,
    last_progress: Now,
}

impl EventLog {
    /// A log for a node whose chain has this height.
    #[must_use]
    pub fn new(height: Height) -> Self {
        Self { height, initialising: true, ..Self::default() }
    }

    /// Logs one event. `pool` is the number of payments in the mempool.
    pub fn record(&mut self, event: &Event, pool: usize, now: Now) {
        match event {
            Event::Reorganised { tip, reorganised: Reorganised { fork, disconnected, connected } } => tracing::info!(
                "reorganisation above height {fork}: {disconnected} blocks disconnected, {connected} connected, new tip {}...",
                head(&tip.id)
            ),
            Event::TipChanged { tip, .. } => self.tip_changed(tip, now),
            Event::BlockMined { id, height, payments, reward, .. } => {
                self.mining = None;
                self.found = Some(*id);
                let id = head(id);
                tracing::info!("Successfully mined block with id {id}... ({payments} payments, reward {reward} FED)");
                tracing::info!("Current primary chain length {}, current mempool size {pool}", length(*height));
            }
            Event::SideBlock { id, height } => {
                tracing::info!("block {}... at height {height} is on a side branch", head(id));
            }
            Event::BlockRejected { id, error, peer } => {
                let from = peer.map_or(String::new(), |p| format!(" from peer {p}"));
                tracing::warn!("block {}...{from} is invalid (rule {}): {error}", head(id), error.rule());
            }
            Event::BlockSubmitted { id, result: Err(error), .. } => {
                tracing::info!("submitted block {}... refused: {error}", head(id));
            }
            Event::BlockSubmitted { .. } => {}
            Event::PaymentAccepted { .. } | Event::PaymentDropped { .. } => payments(event, pool),
            // The client gets the answer.
            Event::PaymentSubmitted { .. } => {}
            Event::PeerReady { .. } | Event::PeerGone { .. } | Event::DialFailed { .. } | Event::OwnAddress { .. } => {
                self.peers(event)
            }
            Event::SyncChanged(sync) => self.sync(sync, now),
            Event::ClockCompared(clock) => compared(clock),
            Event::MiningChanged(mining) => self.mining(mining, now),
            Event::StorageCorrupt { problem } => tracing::error!("the stored chain is damaged: {problem}"),
        }
    }

    fn tip_changed(&mut self, tip: &TipInfo, now: Now) {
        self.height = tip.height;
        if self.mining.take().is_some() {
            tracing::info!("Primary chain changed, mining paused");
        }
        if self.found.take_if(|found| *found == tip.id).is_some() {
            return; // Already logged as mined here.
        }
        if self.syncing_from.is_none() {
            tracing::info!("primary chain length {}, tip {}...", length(tip.height), head(&tip.id));
        } else if self.is_due(now) {
            tracing::info!("initialising: {} blocks so far", length(tip.height));
        }
    }

    fn peers(&mut self, event: &Event) {
        match event {
            Event::PeerReady { peer, address, user_agent, height, .. } => {
                self.failed_dials.remove(address);
                // Escape the peer's name, so that it cannot break the line.
                let name = user_agent.escape_debug();
                tracing::info!("peer {peer} connected: {address} ({name}), chain length {}", length(*height));
            }
            Event::PeerGone { peer, reason } => {
                let why = reason.map_or_else(|| "connection closed".to_owned(), |reason| reason.to_string());
                tracing::info!("peer {peer} gone: {why}");
            }
            Event::DialFailed { address, error, retry_ms } => {
                if self.failed_dials.len() < MAX_FAILED && self.failed_dials.insert(address.clone()) {
                    tracing::warn!(
                        "cannot connect to {address}: {error}; trying again in {} s",
                        retry_ms.div_ceil(1_000).max(1)
                    );
                } else {
                    tracing::debug!("cannot connect to {address}: {error}");
                }
            }
            Event::OwnAddress { address, only } => {
                let rest = if *only { ", and it has no other neighbour" } else { "" };
                tracing::warn!("{address} is this node's own address, so it is ignored{rest}");
            }
            _ => {}
        }
    }

    fn sync(&mut self, sync: &SyncStatus, now: Now) {
        match sync {
            SyncStatus::WaitingForPeers => {
                self.initialising = true;
                tracing::info!("waiting for a neighbour");
            }
            // The number of missing blocks is not yet known.
            SyncStatus::Headers { .. } => self.sync_began(0),
            SyncStatus::Blocks { height, target } => {
                self.sync_began(target.above(*height));
                if self.syncing_from.is_some() && self.is_due(now) {
                    tracing::info!("initialising: {} of {} blocks", length(*height), length(*target));
                }
            }
            SyncStatus::Synced => {
                self.initialising = false;
                let Some(from) = self.syncing_from.take() else { return };
                let (length, first) = (length(self.height), !std::mem::replace(&mut self.initialised, true));
                match self.height.above(from) {
                    0 => tracing::info!("up to date, chain length {length}"),
                    n if first => tracing::info!("initialised from neighbour ({}), chain length {length}", blocks(n)),
                    n => tracing::info!("caught up with neighbours ({}), chain length {length}", blocks(n)),
                }
            }
            SyncStatus::EarlyHeaders => {
                self.syncing_from.get_or_insert(self.height);
                tracing::warn!(
                    "not up to date, chain length {}: neighbours' blocks are too early by this machine's clock, and \
                     not by theirs (rule H6); set the clock",
                    length(self.height)
                );
            }
        }
    }

    /// One or two missing blocks are just new. More of them, or any after a time without peers, are a sync.
    fn sync_began(&mut self, missing: u32) {
        if self.initialising || missing > NEW_BLOCKS {
            self.syncing_from.get_or_insert(self.height);
        }
    }

    fn mining(&mut self, mining: &MiningStatus, now: Now) {
        match mining {
            MiningStatus::Mining { height, payments, .. } => {
                if self.mining.replace(*height) != Some(*height) {
                    tracing::info!("Start mining block {height} ({payments} payments)");
                }
                return;
            }
            MiningStatus::Off => tracing::info!("mining is off"),
            MiningStatus::Syncing => tracing::info!("not up to date, mining paused"),
            MiningStatus::ClockBehind => {
                tracing::warn!("mining paused: this machine's clock is behind; set it (rule M12)");
            }
            MiningStatus::ChainAhead { until } => {
                let wait = span(Duration::from_millis(until.0.saturating_sub(now.wall.0)));
                tracing::warn!(
                    "mining paused for {wait}: the last blocks are dated ahead of the clock, and nobody would take \
                     another one on them (rule M11); if this machine's clock is behind, set it"
                );
            }
            MiningStatus::CheckingBlock { id } => {
                tracing::info!("Primary chain changed, mining paused (checking block {}...)", head(id));
            }
            MiningStatus::NothingToMine => tracing::info!("Nothing to mine at the moment, mining paused"),
        }
        self.mining = None;
    }

    /// Whether another progress line is due.
    fn is_due(&mut self, now: Now) -> bool {
        let due = now.monotonic.since(self.last_progress.monotonic) >= INTERVAL;
        if due {
            self.last_progress = now;
        }
        due
    }
}

fn compared(clock: &ClockComparison) {
    let neighbours = match clock.votes {
        1 => "the neighbour's".to_owned(),
        votes => format!("that of {votes} neighbours (median)"),
    };
    if !clock.differs() {
        return tracing::info!("this machine's clock agrees with {neighbours} again");
    }
    let way = if clock.ahead_ms > 0 { "ahead of" } else { "behind" };
    let outcome = match (clock.counts, clock.ahead_ms > 0) {
        (false, _) => "one of them is wrong; check this machine's",
        (true, true) => "set it; until then blocks found here bear the neighbours' time (rule M11)",
        (true, false) => "set it; until then blocks of others may come too early (rule H6)",
    };
    tracing::warn!(
        "this machine's clock is {} {way} {neighbours}: {outcome}",
        span(Duration::from_millis(clock.ahead_ms.unsigned_abs()))
    );
}

/// A duration in words.
pub(crate) fn span(time: Duration) -> String {
    match time.as_secs() {
        s @ 0..120 => format!("{s} s"),
        s @ 120..7_200 => format!("{} min", s / 60),
        s @ 7_200..172_800 => format!("{} h {} min", s / 3_600, s / 60 % 60),
        s => format!("{} days", s / 86_400),
    }
}

fn blocks(n: u32) -> String {
    if n == 1 { "1 block".to_owned() } else { format!("{n} blocks") }
}

fn payments(event: &Event, pool: usize) {
    match event {
        Event::PaymentAccepted { txid, origin } => {
            let from = match origin {
                PaymentOrigin::Local => "submitted here".to_owned(),
                PaymentOrigin::Peer(peer) => format!("from peer {peer}"),
                PaymentOrigin::Returned => "from a disconnected block or from disk".to_owned(),
            };
            tracing::info!("payment {} {from}, current mempool size {pool}", &txid.to_string()[..8]);
        }
        Event::PaymentDropped { dropped, undone } => {
            let (txid, reason) = (&dropped.txid.to_string()[..8], &dropped.reason);
            match undone {
                Some(_) => {
                    tracing::warn!("payment {txid} was confirmed, and a reorganisation undid it for good: {reason}")
                }
                None => tracing::info!("payment {txid} dropped unmined: {reason}"),
            }
        }
        _ => {}
    }
}

/// The chain length as the course counts it: the genesis block included.
fn length(height: Height) -> u64 {
    u64::from(height.0) + 1
}

/// The first digits of a block id.
fn head(id: &BlockId) -> String {
    id.short()
}

#[cfg(test)]
mod tests {
    use super::*;
    use fedcoin_node::ConnectionError;

    #[test]
    fn remembered_failed_dials_are_limited() {
        let mut log = EventLog::new(Height::GENESIS);
        for n in 0..10 * MAX_FAILED {
            let address: PeerAddress = format!("10.0.0.1:{}", n + 1).parse().unwrap();
            let event =
                Event::DialFailed { address, error: ConnectionError::System("refused".to_owned()), retry_ms: 1_000 };
            log.record(&event, 0, Now::default());
            log.record(&event, 0, Now::default());
            assert_eq!(log.failed_dials.len(), MAX_FAILED.min(n + 1));
        }
    }
}
