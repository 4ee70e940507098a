use super::{Headers, State};
use crate::context::Context;
use crate::event::Event;
use crate::primitives::BlockId;
use crate::status::SyncStatus;
use crate::units::Timestamp;
use core::time::Duration;

/// Maximum time for which a better header without its block stops mining.
const WITHHELD: Duration = Duration::from_secs(10);
/// This applies to at most this many missing blocks; further behind, the node is syncing.
const WITHHELD_BLOCKS: u32 = 2;
/// Maximum time for which a sync without progress holds up mining. Otherwise a miner that mines a few blocks in secret
/// and sends only their headers could stop a whole network.
const STUCK: Duration = Duration::from_secs(60);

impl Headers {
    /// Whether no peer has sent all its headers since the node last had no peers.
    pub(crate) fn wait_for_peers(&self) -> bool {
        !self.caught_up
    }

    /// How far this node is behind the best chain it has heard of.
    ///
    /// `waits` says that it waits for neighbours without which it must not mine. `latest` is the latest header time
    /// that the peers' clocks accept, if this machine's clock is behind them.
    pub(crate) fn sync_status(&self, cx: &Context, waits: bool, latest: Option<Timestamp>) -> SyncStatus {
        let (tip, best) = (cx.chain.tip(), cx.chain.best_header());
        // Anybody can claim a better chain, so a node without neighbours does not wait for peers (rule M1).
        if waits {
            return if self.peers.is_empty() {
                SyncStatus::WaitingForPeers
            } else {
                SyncStatus::Headers { height: best.height }
            };
        }
        if best.id == tip.id {
            return if latest.is_some_and(|latest| self.refuses_early(latest)) {
                SyncStatus::EarlyHeaders
            } else {
                SyncStatus::Synced
            };
        }
        // While the tip moves, its height is the progress; otherwise the stored blocks are, which may belong to another
        // branch.
        let height = if cx.chain.is_moving() { tip.height } else { cx.chain.stored_up_to(&best.id) };
        SyncStatus::Blocks { height, target: best.height }
    }

    /// Whether headers are refused as too early by this machine's clock (rule H6) that the peers' clocks accept (rule
    /// M12).
    fn refuses_early(&self, latest: Timestamp) -> bool {
        self.peers.values().any(|peer| peer.early_header.is_some_and(|header| header <= latest))
    }

    /// Whether the missing blocks are overdue, so that the node continues without them.
    pub(crate) fn is_withheld(&self, cx: &Context) -> bool {
        let patience = if blocks_to_come(cx) <= WITHHELD_BLOCKS { WITHHELD } else { STUCK };
        cx.now.monotonic.since(self.last_progress) >= patience
    }

    /// Whether the node is not syncing, so that its tip is worth announcing and payments are worth requesting. One or
    /// two better headers without blocks change nothing, and after a while more of them do not either: a peer that
    /// withholds blocks must not silence this node.
    pub(crate) fn is_current(&self, cx: &Context, status: SyncStatus) -> bool {
        match status {
            _ if cx.chain.is_moving() => false,
            SyncStatus::Synced | SyncStatus::EarlyHeaders => true,
            SyncStatus::Blocks { height, target } => target.above(height) <= WITHHELD_BLOCKS || self.is_withheld(cx),
            SyncStatus::WaitingForPeers | SyncStatus::Headers { .. } => false,
        }
    }

    /// Records whether a peer has sent all its headers since the node last had no peers.
    pub(crate) fn note_caught_up(&mut self) {
        let complete = self.peers.values().any(|peer| peer.state == State::Done);
        self.caught_up = !self.peers.is_empty() && (self.caught_up || complete);
    }

    /// Reports changes of the sync state, and progress every hundred blocks. Returns whether the node has just come
    /// into sync.
    pub(crate) fn report(&mut self, cx: &mut Context, status: SyncStatus) -> bool {
        let step = |s: &SyncStatus| match s {
            SyncStatus::WaitingForPeers => (0, 0),
            SyncStatus::Headers { height } => (1, height.0 / 100),
            SyncStatus::Blocks { height, .. } => (2, height.0 / 100),
            SyncStatus::Synced => (3, 0),
            SyncStatus::EarlyHeaders => (4, 0),
        };
        if step(&status) == step(&self.reported) {
            return false;
        }
        self.reported = status;
        cx.outbox.emit(Event::SyncChanged(status));
        status == SyncStatus::Synced
    }

    /// Records progress, if a new or connected block is on the best header's chain.
    pub(crate) fn note_progress(&mut self, cx: &Context, id: &BlockId) {
        if cx.chain.is_ancestor(id, &cx.chain.best_header().id) {
            self.last_progress = cx.now.monotonic;
        }
    }
}

/// Number of missing blocks on the best header's chain.
fn blocks_to_come(cx: &Context) -> u32 {
    let best = cx.chain.best_header();
    best.height.above(cx.chain.stored_up_to(&best.id))
}
