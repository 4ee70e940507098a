//! The way of headers, and what they say of how far the node is behind.

use super::Node;
use crate::peer_id::PeerId;
use crate::primitives::Header;
use crate::status::SyncStatus;
use crate::wire::Goodbye;

impl Node {
    /// Takes headers: those asked for, and so many others (rule W3).
    pub(super) fn headers_received(&mut self, id: PeerId, headers: &[Header]) {
        let now = self.cx.now.monotonic;
        let may = self.headers.are_due_from(id) || self.peers.pay_for_headers(id, headers.len(), now);
        if !may {
            return self.disconnect(id, Goodbye::TooManyMessages);
        }
        match self.headers.received(&mut self.cx, id, headers) {
            Ok(true) => self.peers.has_told_headers(id),
            Ok(false) => {}
            Err(reason) => self.disconnect(id, reason),
        }
    }

    /// How far this node is behind what it has heard of.
    #[must_use]
    pub fn sync_status(&self) -> SyncStatus {
        // Anybody can claim a better chain: a node without neighbours waits for nobody's word (rule M1).
        let waits = self.headers.wait_for_peers() && self.peers.are_needed();
        self.headers.sync_status(&self.cx, waits, self.peers.latest_header_time(self.cx.now))
    }

    /// Whether the blocks that are missing have been waited for long enough to go on without them.
    pub(super) fn is_withheld(&self) -> bool {
        self.headers.is_withheld(&self.cx)
    }

    /// Whether the tip is worth telling of, and payments worth asking for: the node is not syncing.
    pub(super) fn is_current(&self) -> bool {
        self.headers.is_current(&self.cx, self.sync_status())
    }

    /// Tells of changes in sync status. When the node has come up to date, it tells its tip, and asks for payments.
    pub(super) fn report_sync(&mut self) {
        let status = self.sync_status();
        if self.headers.report(&mut self.cx, status) {
            self.headers.announce_tip(&mut self.cx);
            let current = self.is_current();
            self.payments.ask_all_deferred(&mut self.cx, current);
        }
    }

    /// Leaves peers that stay behind this node's chain: they take places of others that would tell more (rule W8).
    /// Peers at configured addresses stay: somebody wants them.
    pub(super) fn check_laggards(&mut self) {
        for id in self.peers.dispensable() {
            if self.headers.is_left_behind(&mut self.cx, id) {
                self.disconnect(id, Goodbye::Stalled);
            }
        }
    }
}
