use super::Payments;
use crate::context::Context;
use crate::peer_id::PeerId;
use crate::primitives::TxId;
use crate::units::Monotonic;
use crate::wire::{MAX_INV, MAX_PAYMENTS_REQUESTED, Message};
use bytes::Bytes;
use core::time::Duration;

/// Delay after which payments are announced together.
const ANNOUNCE_DELAY: Duration = Duration::from_millis(5);
/// Minimum interval between announcements: under load, each frame has more payments.
const ANNOUNCE_EVERY: Duration = Duration::from_millis(50);
/// Average rate at which payments are sent whole: half of the budget for unrequested payments (rule W3).
const PAYMENT_EVERY: Duration = Duration::from_millis(1);
/// Burst of whole payments, as time in advance.
const PAYMENTS_IN_ADVANCE: Duration = Duration::from_secs(5);
/// Approximate size of frames with unrequested payments.
const BUNDLE_BYTES: usize = 64 * 1024;

/// Payments to announce to peers.
///
/// Bound: [`MAX_INV`].
#[derive(Default)]
pub(super) struct Announcements {
    waiting: Vec<TxId>,
    /// When to announce them.
    at: Option<Monotonic>,
    /// Time of the last announcement.
    last: Monotonic,
    /// Time up to which the rate limit for whole payments is used up.
    announced_until: Monotonic,
}

impl Announcements {
    /// Whether the rate limit allows `count` more whole payments now; if so, counts them.
    fn may_announce_whole(&mut self, now: Monotonic, count: usize) -> bool {
        let cost = PAYMENT_EVERY * u32::try_from(count).unwrap_or(u32::MAX);
        let until = self.announced_until.max(now).after(cost);
        let may = until.since(now) <= PAYMENTS_IN_ADVANCE;
        if may {
            self.announced_until = until;
        }
        may
    }
}

impl Payments {
    /// When to announce payments.
    pub(crate) fn announce_at(&self) -> Option<Monotonic> {
        self.announcements.at
    }

    /// Announces payments that are due.
    pub(crate) fn announce_due(&mut self, cx: &mut Context) {
        if self.announcements.at.is_some_and(|at| at <= cx.now.monotonic) {
            self.announce_waiting(cx);
        }
    }

    pub(super) fn announce(&mut self, cx: &mut Context, txid: TxId) {
        self.announcements.waiting.push(txid);
        if self.announcements.waiting.len() >= MAX_INV {
            return self.announce_waiting(cx);
        }
        let at = cx.now.monotonic.after(ANNOUNCE_DELAY).max(self.announcements.last.after(ANNOUNCE_EVERY));
        self.announcements.at.get_or_insert(at);
    }

    /// Announces the collected payments to each peer, except those that the peer announced itself. Other nodes get ids.
    /// Tabs, which would request them all, get whole payments within the rate limit. Most peers get the same frame,
    /// which is encoded once.
    fn announce_waiting(&mut self, cx: &mut Context) {
        self.announcements.at = None;
        self.announcements.last = cx.now.monotonic;
        let all = core::mem::take(&mut self.announcements.waiting);
        let ids_of_all = Bytes::from(Message::Inv(all.clone()).encode());
        let whole = self.announcements.may_announce_whole(cx.now.monotonic, all.len());
        let bundles_of_all = if whole { bundles(cx, &all) } else { Vec::new() };
        for (id, peer) in &self.peers {
            let new: Vec<TxId> = all.iter().filter(|txid| !peer.known.contains(txid)).copied().collect();
            match (whole && peer.is_leaf, new.len() == all.len()) {
                (_, _) if new.is_empty() => {}
                (false, true) => cx.outbox.send_frame(*id, ids_of_all.clone()),
                (false, false) => cx.outbox.send(*id, &Message::Inv(new)),
                (true, true) => bundles_of_all.iter().for_each(|b| cx.outbox.send_frame(*id, b.clone())),
                (true, false) => bundles(cx, &new).into_iter().for_each(|b| cx.outbox.send_frame(*id, b)),
            }
        }
    }

    /// Announces the mempool, or its best part, to a new peer.
    pub(crate) fn offer_mempool(&self, cx: &mut Context, id: PeerId) {
        let ids = cx.mempool.best(MAX_INV);
        if !ids.is_empty() {
            cx.outbox.send(id, &Message::Inv(ids));
        }
    }
}

/// Frames with those of the payments that still wait.
fn bundles(cx: &Context, txids: &[TxId]) -> Vec<Bytes> {
    let (mut bundles, mut bundle, mut size) = (Vec::new(), Vec::new(), 0);
    for payment in txids.iter().filter_map(|txid| cx.mempool.get(txid)) {
        if size + payment.size() > BUNDLE_BYTES || bundle.len() >= MAX_PAYMENTS_REQUESTED {
            bundles.push(core::mem::take(&mut bundle));
            size = 0;
        }
        size += payment.size();
        bundle.push(payment);
    }
    bundles.push(bundle);
    let full = bundles.iter().filter(|bundle| !bundle.is_empty());
    full.map(|bundle| Message::encode_payments(bundle).into()).collect()
}
