//! Peers that the node has dialled and that stay behind its chain: they take places of others that would tell more.

use super::{Headers, State};
use crate::context::Context;
use crate::peer_id::PeerId;
use crate::primitives::BlockId;
use crate::units::{Monotonic, Work};
use core::time::Duration;

/// So long may a peer show less work than the node's tip had, before it is asked (rule W8).
const PATIENCE: Duration = Duration::from_secs(20 * 60);
/// And so long for its answer, before it is left.
const LAST_CHANCE: Duration = Duration::from_secs(2 * 60);

/// A tip of the node, which a peer is to show to have.
pub(super) struct Goal {
    tip: BlockId,
    /// The work of its chain: that of any other does as well.
    work: Work,
    /// By when.
    until: Monotonic,
    /// Whether it has been asked for its headers since.
    asked: bool,
}

impl Headers {
    /// Looks whether a peer that this node dialled has reached its goal, which then moves to the tip: who follows late,
    /// but follows, is not left. Asks a peer that has shown less work than this node's tip for long. Whether to leave
    /// it, because it still does (rule W8).
    pub(crate) fn is_left_behind(&mut self, cx: &mut Context, id: PeerId) -> bool {
        let (tip, now) = (cx.chain.tip(), cx.now.monotonic);
        let Some(peer) = self.peers.get_mut(&id) else { return false };
        match &peer.goal {
            Some(goal) if peer.work < goal.work => {
                if now < goal.until {
                    return false;
                }
                let asked = goal.asked;
                if !asked {
                    self.ask_what_it_has(cx, id);
                }
                asked
            }
            _ => {
                peer.goal = Some(Goal { tip: tip.id, work: tip.work, until: now.after(PATIENCE), asked: false });
                false
            }
        }
    }

    /// Asks for headers from below the block that the peer has not shown: it may have it, and had no cause to say so.
    fn ask_what_it_has(&mut self, cx: &mut Context, id: PeerId) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        // While another answer is due, this question would not be the one that is answered.
        let Some(goal) = peer.goal.as_mut().filter(|_| !matches!(peer.state, State::Asked(_))) else { return };
        (goal.asked, goal.until) = (true, cx.now.monotonic.after(LAST_CHANCE));
        let tip = goal.tip;
        let from = cx.chain.parent_of(&tip).unwrap_or(tip);
        self.ask_after(cx, id, &from);
    }
}
