//! Detects peers dialled by this node whose chain stays behind: they take slots of peers that would provide more.

use super::{Headers, State};
use crate::context::Context;
use crate::peer_id::PeerId;
use crate::primitives::BlockId;
use crate::units::{Monotonic, Work};
use core::time::Duration;

/// A peer whose work stays below that of an earlier tip for this long gets a request for headers (rule W8).
const PATIENCE: Duration = Duration::from_secs(20 * 60);
/// Time for the answer; without enough work the peer is disconnected.
const LAST_CHANCE: Duration = Duration::from_secs(2 * 60);

/// An earlier tip of this node, whose work the peer must reach.
pub(super) struct Goal {
    tip: BlockId,
    /// The work of that tip's chain. Any chain with that work counts.
    work: Work,
    /// The deadline.
    until: Monotonic,
    /// Whether headers have been requested from the peer since.
    requested: bool,
}

impl Headers {
    /// Checks whether a dialled peer has reached its goal, which then moves to the current tip: a peer that follows
    /// late, but follows, stays connected. After the deadline, requests headers once. Returns whether to disconnect the
    /// peer, because it still has less work (rule W8).
    pub(crate) fn is_left_behind(&mut self, cx: &mut Context, id: PeerId) -> bool {
        let (tip, now) = (cx.chain.tip(), cx.now.monotonic);
        let Some(peer) = self.peers.get_mut(&id) else { return false };
        match &peer.goal {
            Some(goal) if peer.work < goal.work => {
                if now < goal.until {
                    return false;
                }
                let requested = goal.requested;
                if !requested {
                    self.ask_what_it_has(cx, id);
                }
                requested
            }
            _ => {
                peer.goal = Some(Goal { tip: tip.id, work: tip.work, until: now.after(PATIENCE), requested: false });
                false
            }
        }
    }

    /// Requests headers from below the block that the peer has not shown: it may have it, and had no reason to announce
    /// it.
    fn ask_what_it_has(&mut self, cx: &mut Context, id: PeerId) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        // While another answer is due, the next answer would not be to this request.
        let Some(goal) = peer.goal.as_mut().filter(|_| !matches!(peer.state, State::Requested(_))) else { return };
        (goal.requested, goal.until) = (true, cx.now.monotonic.after(LAST_CHANCE));
        let tip = goal.tip;
        let from = cx.chain.parent_of(&tip).unwrap_or(tip);
        self.ask_after(cx, id, &from);
    }
}
