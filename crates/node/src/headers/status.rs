use super::{Headers, State};
use crate::context::Context;
use crate::event::Event;
use crate::primitives::BlockId;
use crate::status::SyncStatus;
use crate::units::Timestamp;
use core::time::Duration;

/// A better header whose block nobody delivers stops mining no longer than this.
const WITHHELD: Duration = Duration::from_secs(10);
/// That holds for so few blocks only: further behind, the node is syncing.
const WITHHELD_BLOCKS: u32 = 2;
/// And syncing without any progress holds nothing up for longer than this: else whoever mines a few
/// blocks in secret and shows only their headers could bring a whole network to rest.
const STUCK: Duration = Duration::from_secs(60);

impl Headers {
    /// Whether no peer has told all its headers since the node was last alone.
    pub(crate) fn wait_for_peers(&self) -> bool {
        !self.caught_up
    }

    /// How far this node is behind what it has heard of.
    ///
    /// `waits` says that it waits for neighbours without which it must not mine, `latest` up to which time headers are
    /// not too early by the peers' clocks, where this machine's is behind them.
    pub(crate) fn sync_status(&self, cx: &Context, waits: bool, latest: Option<Timestamp>) -> SyncStatus {
        let (tip, best) = (cx.chain.tip(), cx.chain.best_header());
        // Anybody can claim a better chain: a node without neighbours waits for nobody's word (rule M1).
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
        // While the tip moves, it shows how far; else the blocks that are here do, which may belong to another branch.
        let height = if cx.chain.is_moving() { tip.height } else { cx.chain.stored_up_to(&best.id) };
        SyncStatus::Blocks { height, target: best.height }
    }

    /// Whether headers are refused because they are too early by this machine's clock (rule H6) and would not be by
    /// the peers' (rule M12).
    fn refuses_early(&self, latest: Timestamp) -> bool {
        self.peers.values().any(|peer| peer.early_header.is_some_and(|header| header <= latest))
    }

    /// Whether the blocks that are missing have been waited for long enough to go on without them.
    pub(crate) fn is_withheld(&self, cx: &Context) -> bool {
        let patience = if blocks_to_come(cx) <= WITHHELD_BLOCKS { WITHHELD } else { STUCK };
        cx.now.monotonic.since(self.last_progress) >= patience
    }

    /// Whether the tip is worth telling of, and payments worth asking for: the node is not syncing.
    /// A better header or two whose blocks are not here change nothing, nor do more after a while:
    /// whoever withholds them must not silence this node.
    pub(crate) fn is_current(&self, cx: &Context, status: SyncStatus) -> bool {
        match status {
            _ if cx.chain.is_moving() => false,
            SyncStatus::Synced | SyncStatus::EarlyHeaders => true,
            SyncStatus::Blocks { height, target } => target.above(height) <= WITHHELD_BLOCKS || self.is_withheld(cx),
            SyncStatus::WaitingForPeers | SyncStatus::Headers { .. } => false,
        }
    }

    /// Notes whether a peer has told all its headers since the node was last alone.
    pub(crate) fn note_caught_up(&mut self) {
        let told = self.peers.values().any(|peer| peer.state == State::Done);
        self.caught_up = !self.peers.is_empty() && (self.caught_up || told);
    }

    /// Tells of changes in sync status, and of progress every hundred blocks. Whether the node has come up to date.
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

    /// A block came, or was put on: that is progress if it leads to the best header.
    pub(crate) fn note_progress(&mut self, cx: &Context, id: &BlockId) {
        if cx.chain.is_ancestor(id, &cx.chain.best_header().id) {
            self.last_progress = cx.now.monotonic;
        }
    }
}

/// How many blocks of the best header's chain are still to come.
fn blocks_to_come(cx: &Context) -> u32 {
    let best = cx.chain.best_header();
    best.height.above(cx.chain.stored_up_to(&best.id))
}
