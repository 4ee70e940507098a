use super::Headers;
use crate::context::Context;
use crate::units::Monotonic;
use crate::wire::Message;
use bytes::Bytes;
use core::time::Duration;

/// Maximum headers in an announcement. A peer that lacks more gets only the tip, and requests the others.
const MAX_ANNOUNCED: usize = 8;
/// Average interval of announcements. At this rate, [`MAX_ANNOUNCED`] headers each stay below the budget for
/// unrequested headers (rule W3).
const TIP_EVERY: Duration = Duration::from_millis(50);
/// Burst of announcements, as time in advance.
const TIPS_IN_ADVANCE: Duration = Duration::from_secs(1);

/// Rate limit of tip announcements.
#[derive(Default)]
pub(super) struct Announcements {
    /// When to announce a tip that followed others too quickly.
    at: Option<Monotonic>,
    /// Time up to which the rate limit is used up.
    announced_until: Monotonic,
}

impl Headers {
    /// When to announce a delayed tip.
    pub(crate) fn announce_at(&self) -> Option<Monotonic> {
        self.announcements.at
    }

    /// Announces a delayed tip that is due. `current` says that the node is not syncing.
    pub(crate) fn announce_due(&mut self, cx: &mut Context, current: bool) {
        if self.announcements.at.is_some_and(|at| at <= cx.now.monotonic) {
            self.announcements.at = None;
            if current {
                self.announce_tip(cx);
            }
        }
    }

    /// Announces the tip to each peer that may lack it, with the preceding headers that the peer lacks. If tips follow
    /// each other faster than the rate limit allows, one announcement covers several.
    pub(crate) fn announce_tip(&mut self, cx: &mut Context) {
        let (tip, now) = (cx.chain.tip(), cx.now.monotonic);
        if tip.height.0 == 0 {
            return;
        }
        let ahead = self.announcements.announced_until.since(now);
        if ahead > TIPS_IN_ADVANCE {
            self.announcements.at = Some(now.after(ahead.saturating_sub(TIPS_IN_ADVANCE)));
            return;
        }
        self.announcements.at = None;
        self.announcements.announced_until = self.announcements.announced_until.max(now).after(TIP_EVERY);
        let Some(last) = cx.chain.block_info(&tip.id).map(|info| info.header) else { return };
        let mut lacking = Vec::new();
        for (id, peer) in &mut self.peers {
            let (has_parent, has_tip) = (peer.best == Some(last.previous), peer.best == Some(tip.id));
            if has_parent || !has_tip && !peer.best.is_some_and(|best| cx.chain.is_ancestor(&tip.id, &best)) {
                let best = peer.best.replace(tip.id).filter(|_| !has_parent);
                lacking.push((*id, best));
            }
        }
        let tip_alone = Bytes::from(Message::Headers(vec![last]).encode());
        for (peer, best) in lacking {
            let headers = best.map(|best| cx.chain.headers_beyond(&best, MAX_ANNOUNCED));
            let frame = headers.map(|headers| Message::Headers(headers).encode().into());
            cx.outbox.announce_frame(peer, frame.unwrap_or_else(|| tip_alone.clone()));
        }
    }
}
