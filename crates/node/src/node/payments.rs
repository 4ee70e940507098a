//! The path of a payment from a peer, a user or a program to the mempool.

use super::Node;
use crate::consensus::SoundPayment;
use crate::event::PaymentOrigin;
use crate::payments::{InvalidPayment, Offered, Submission};
use crate::peer_id::PeerId;
use crate::primitives::{Payment, TxId};
use crate::wire::{Goodbye, Message};

impl Node {
    pub(super) fn payment_received(&mut self, id: PeerId, payment: Payment) {
        if self.payments.delivered(id, payment.txid()) {
            self.peers.give_back(id, Message::PAYMENT);
        }
        self.take_payment(payment, PaymentOrigin::Peer(id), None);
        let current = self.is_current();
        self.payments.ask_more(&mut self.cx, id, current);
    }

    /// Processes unrequested payments (rule W5). A syncing node cannot judge them; it only remembers which peers have
    /// them.
    pub(super) fn payments_received(&mut self, id: PeerId, payments: Vec<Payment>) {
        let now = self.cx.now.monotonic;
        if !self.peers.pay_for_payments(id, payments.len(), now) {
            return self.disconnect(id, Goodbye::TooManyMessages);
        }
        let current = self.is_current();
        for payment in payments {
            if !self.peers.is_connected(id) {
                return; // One of them was invalid.
            }
            let txid = payment.txid();
            if current || self.payments.is_requested(&txid) {
                self.payment_received(id, payment);
            } else {
                self.payments.announced(&mut self.cx, id, &[txid], current);
            }
        }
    }

    /// Processes an announcement of payments (rule W5).
    pub(super) fn payments_announced(&mut self, id: PeerId, ids: &[TxId]) {
        let current = self.is_current();
        self.payments.announced(&mut self.cx, id, ids, current);
    }

    /// Processes a payment from any source.
    pub(super) fn take_payment(&mut self, payment: Payment, origin: PaymentOrigin, submission: Option<Submission>) {
        let current = self.is_current();
        let offered = self.payments.offer(&mut self.cx, payment, origin, submission, current);
        self.payment_offered(offered, origin, submission);
    }

    /// Acts on the outcome of a payment.
    pub(super) fn payment_offered(&mut self, offered: Offered, origin: PaymentOrigin, submission: Option<Submission>) {
        match offered {
            Ok(Some(payment)) => self.payment_sound(payment, origin, submission),
            Ok(None) => {}
            Err(InvalidPayment) => {
                if let PaymentOrigin::Peer(peer) = origin {
                    self.disconnect(peer, Goodbye::InvalidPayment);
                }
            }
        }
    }

    fn payment_sound(&mut self, payment: SoundPayment, origin: PaymentOrigin, submission: Option<Submission>) {
        let txid = payment.txid();
        let accepted = self.payments.accept(&mut self.cx, payment, origin, submission);
        self.mining.pool_changed();
        if !accepted {
            return;
        }
        if let PaymentOrigin::Peer(peer) = origin {
            self.peers.brought_payment(peer, self.cx.now.monotonic);
        }
        self.retry_orphan_payments(&[txid]);
    }

    /// Tries again the payments that waited for these transactions.
    pub(super) fn retry_orphan_payments(&mut self, parents: &[TxId]) {
        for (payment, peer) in self.payments.take_children(parents) {
            self.take_payment(payment, PaymentOrigin::Peer(peer), None);
        }
    }
}
