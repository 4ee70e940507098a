//! Peers that the node has dialled and that stay behind its chain: they take places of others that would tell more.

use super::Node;
use crate::peers::{Direction, Goal, HeadersState, Peer, PeerId};
use crate::units::Monotonic;
use crate::wire::Goodbye;
use core::time::Duration;

/// So long may a peer show less work than the node's tip had, before it is asked (rule W8).
const PATIENCE: Duration = Duration::from_secs(20 * 60);
/// And so long for its answer, before it is left.
const LAST_CHANCE: Duration = Duration::from_secs(2 * 60);

/// What a peer that is behind has coming.
enum Step {
    Wait,
    Ask,
    Leave,
}

impl Node {
    /// Asks peers that have shown less work than this node's tip for long, and leaves those that still do (rule W8).
    /// Peers at configured addresses stay: somebody wants them.
    pub(super) fn check_laggards(&mut self) {
        let now = self.cx.now.monotonic;
        let dialled: Vec<PeerId> = self.ready_peers().filter(|p| self.is_dispensable(p)).map(|p| p.id).collect();
        for id in dialled {
            match self.look_at_goal(id, now) {
                Step::Wait => {}
                Step::Ask => self.ask_what_it_has(id, now),
                Step::Leave => self.disconnect(id, Goodbye::Stalled),
            }
        }
    }

    fn is_dispensable(&self, peer: &Peer) -> bool {
        peer.direction == Direction::Outbound && !self.dialer.is_configured(&peer.address)
    }

    /// Whether a peer has reached its goal, which then moves to the tip: who follows late, but follows, is not left.
    fn look_at_goal(&mut self, id: PeerId, now: Monotonic) -> Step {
        let tip = self.cx.chain.tip();
        let Some(peer) = self.peers.get_mut(&id) else { return Step::Wait };
        match &peer.goal {
            Some(goal) if peer.work < goal.work => match goal {
                goal if now < goal.until => Step::Wait,
                Goal { asked: false, .. } => Step::Ask,
                Goal { asked: true, .. } => Step::Leave,
            },
            _ => {
                peer.goal = Some(Goal { tip: tip.id, work: tip.work, until: now.after(PATIENCE), asked: false });
                Step::Wait
            }
        }
    }

    /// Asks for headers from below the block that the peer has not shown: it may have it, and had no cause to say so.
    fn ask_what_it_has(&mut self, id: PeerId, now: Monotonic) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        // While another answer is due, this question would not be the one that is answered.
        let Some(goal) = peer.goal.as_mut().filter(|_| !matches!(peer.headers, HeadersState::Asked(_))) else { return };
        (goal.asked, goal.until) = (true, now.after(LAST_CHANCE));
        let tip = goal.tip;
        let from = self.cx.chain.parent_of(&tip).unwrap_or(tip);
        self.ask_headers_after(id, &from);
    }
}
