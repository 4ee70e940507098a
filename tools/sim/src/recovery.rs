use crate::queue::Happening;
use crate::simulation::{Recovery, Simulation};
use fedcoin_node::mempool::PoolPolicy;
use fedcoin_node::units::Height;
use std::time::Duration;

/// Time between two checks whether all agree.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Time between two checks of bounds, one node after the other.
const INSPECT_EVERY: Duration = Duration::from_secs(10);
/// The marker is this many blocks below the tip, because the last blocks may still be replaced.
const MARKER_DEPTH: u32 = 2;

impl Simulation {
    /// A partition has ended. Measures how long all take to be on one chain.
    pub(crate) fn expect_recovery(&mut self) {
        let Some(node) = self.leader().and_then(|leader| self.hosts[leader].node.as_ref()) else { return };
        let height = Height(node.chain().tip().height.0.saturating_sub(MARKER_DEPTH));
        let Some(marker) = node.chain().id_at(height) else { return };
        self.recovery = Some(Recovery { since: self.now, marker });
        self.queue.push(self.now.after(LOOK_EVERY), Happening::Recovery);
    }

    pub(crate) fn look_for_recovery(&mut self) {
        let Some(Recovery { since, marker }) = self.recovery else { return };
        let agrees = |host: &crate::host::Host| {
            let node = host.node.as_ref().filter(|_| host.started < since);
            node.is_none_or(|node| node.chain().block_info(&marker).is_some_and(|info| info.primary))
        };
        if self.hosts.iter().all(agrees) {
            self.recovery = None;
            self.statistics.recoveries.push(self.now.since(since));
        } else {
            self.queue.push(self.now.after(LOOK_EVERY), Happening::Recovery);
        }
    }

    /// Checks the size of a node's state, which nobody may grow without bound.
    pub(crate) fn inspect(&mut self, host: usize) {
        if let Some(node) = &self.hosts[host].node {
            let status = node.status();
            let pool = PoolPolicy::tab(&self.config.params);
            let bounds = [
                ("orphans", u64::from(status.orphans), 64),
                ("side blocks", u64::from(status.side_blocks), 50_000),
                ("payments", u64::from(status.mempool_payments), pool.max_payments as u64),
                ("mempool bytes", status.mempool_bytes, pool.max_bytes as u64),
                ("peers", status.peers.len() as u64, 125 + 8 + self.config.configured_peers as u64),
            ];
            for (what, got, max) in bounds.into_iter().filter(|(_, got, max)| got > max) {
                self.violation(host, format!("keeps {got} {what}, at most {max} are allowed"));
            }
            self.statistics.most_side_blocks = self.statistics.most_side_blocks.max(status.side_blocks);
            self.statistics.most_peers = self.statistics.most_peers.max(status.peers.len());
        }
        let next = (host + 1) % self.hosts.len();
        self.queue.push(self.now.after(INSPECT_EVERY), Happening::Inspection { host: next });
    }
}
