use super::Node;
use crate::peers::{Peer, PeerId};
use crate::units::Monotonic;
use crate::wire::{Goodbye, Message};
use core::time::Duration;

/// How often time-outs are looked after: they may come so much later than stated.
const HOUSEKEEPING: Duration = Duration::from_secs(5);
/// While blocks or payments are due, it is looked so often whether to ask others for them.
const IMPATIENCE: Duration = Duration::from_secs(2);
/// A handshake must be complete by then.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// A peer that has sent nothing for so long is pinged (below the idle limit of common proxies).
const PING_SILENT: Duration = Duration::from_secs(30);
/// Any other peer is pinged so often, to know its round trip.
const PING_EVERY: Duration = Duration::from_secs(5 * 60);
/// A peer that has sent nothing for so long is gone.
const SILENCE: Duration = Duration::from_secs(90);

impl Node {
    /// When the node wants [`crate::Input::Tick`], at the latest.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Monotonic> {
        let (dial, refresh) = (self.dialer.next_due(), self.mining.refresh_at());
        let announce = [self.payments.announce_at(), self.headers.announce_at()];
        let times = [Some(self.housekeeping_at), self.impatient_at, dial, refresh].into_iter().chain(announce);
        times.flatten().min()
    }

    pub(super) fn run_timers(&mut self) {
        let now = self.cx.now.monotonic;
        self.payments.announce_due(&mut self.cx);
        let current = self.is_current();
        self.headers.announce_due(&mut self.cx, current);
        if self.impatient_at.is_some_and(|at| at <= now) {
            self.impatient_at = None;
            self.blocks.hurry(&mut self.cx, |id| self.headers.tip_of(id), current);
            self.payments.ask_again(&mut self.cx, current);
        }
        if self.housekeeping_at > now {
            return;
        }
        self.housekeeping_at = now.after(HOUSEKEEPING);
        self.cx.chain.expire_orphans(now);
        self.payments.expire(&mut self.cx);
        self.check_peers(now);
        for peer in self.blocks.overdue(&self.cx) {
            self.disconnect(peer, Goodbye::Stalled);
        }
        self.compare_clocks();
        self.report_clock();
        self.check_laggards();
        self.headers.ask_early(&mut self.cx);
        self.ask_addresses_again();
    }

    /// Plans when to ask others for what is due, if anything is.
    pub(super) fn plan_impatience(&mut self) {
        if !self.blocks.are_due() && !self.payments.are_due() {
            self.impatient_at = None;
        } else {
            self.impatient_at.get_or_insert(self.cx.now.monotonic.after(IMPATIENCE));
        }
    }

    fn check_peers(&mut self, now: Monotonic) {
        let late: Vec<(PeerId, Goodbye)> =
            self.peers.values().filter_map(|p| Some((p.id, self.overdue(p, now)?))).collect();
        for (peer, reason) in late {
            self.disconnect(peer, reason);
        }
        for peer in self.peers.values_mut().filter(|p| p.is_ready() && p.ping.is_none()) {
            let silent = now.since(peer.last_received.max(peer.last_pinged)) >= PING_SILENT;
            if silent || now.since(peer.last_pinged) >= PING_EVERY {
                let nonce = self.cx.rng.u64(..);
                peer.ping = Some((nonce, now));
                peer.last_pinged = now;
                self.cx.outbox.send(peer.id, &Message::Ping(nonce));
            }
        }
    }

    /// What a peer has failed to do in time, if anything.
    fn overdue(&self, peer: &Peer, now: Monotonic) -> Option<Goodbye> {
        if peer.hello.is_none() {
            return (now.since(peer.since) >= HANDSHAKE).then_some(Goodbye::HandshakeTimeout);
        }
        if now.since(peer.last_received) >= SILENCE {
            return Some(Goodbye::Unresponsive);
        }
        self.headers.are_overdue(peer.id, now).then_some(Goodbye::Stalled)
    }
}
