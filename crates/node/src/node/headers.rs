//! The path of headers, and the sync state that follows from them.

use super::Node;
use crate::peer_id::PeerId;
use crate::primitives::Header;
use crate::status::SyncStatus;
use crate::wire::Goodbye;

impl Node {
    /// Processes headers, requested or within the budget for others (rule W3).
    pub(super) fn headers_received(&mut self, id: PeerId, headers: Vec<Header>) {
        let now = self.cx.now.monotonic;
        let may = self.headers.are_due_from(id) || self.peers.pay_for_headers(id, headers.len(), now);
        if !may {
            return self.disconnect(id, Goodbye::TooManyMessages);
        }
        match self.headers.received(&mut self.cx, id, headers) {
            Ok(true) => self.peers.answered_headers(id),
            Ok(false) => {}
            Err(reason) => self.disconnect(id, reason),
        }
    }

    /// How far this node is behind the best chain it has heard of.
    #[must_use]
    pub fn sync_status(&self) -> SyncStatus {
        // Anybody can claim a better chain, so a node without neighbours does not wait for peers (rule M1).
        let waits = self.headers.wait_for_peers() && self.peers.are_needed();
        self.headers.sync_status(&self.cx, waits, self.peers.latest_header_time(self.cx.now))
    }

    /// Whether the missing blocks are overdue, so that the node continues without them.
    pub(super) fn is_withheld(&self) -> bool {
        self.headers.is_withheld(&self.cx)
    }

    /// Whether the node is not syncing, so that its tip is worth announcing and payments are worth requesting.
    pub(super) fn is_current(&self) -> bool {
        self.headers.is_current(&self.cx, self.sync_status())
    }

    /// Reports changes of the sync state. When the node comes into sync, announces its tip and requests payments.
    pub(super) fn report_sync(&mut self) {
        let status = self.sync_status();
        if self.headers.report(&mut self.cx, status) {
            self.headers.announce_tip(&mut self.cx);
            let current = self.is_current();
            self.payments.ask_all_deferred(&mut self.cx, current);
        }
    }

    /// Disconnects peers that stay behind this node's chain, because they take slots of peers that would provide more
    /// (rule W8). Peers at configured addresses stay.
    pub(super) fn check_laggards(&mut self) {
        for id in self.peers.dispensable() {
            if self.headers.is_left_behind(&mut self.cx, id) {
                self.disconnect(id, Goodbye::Stalled);
            }
        }
    }
}
