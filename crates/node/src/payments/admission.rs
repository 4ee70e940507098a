use super::Payments;
use crate::batches::Signed;
use crate::chain::{Chain, ChangeSet, Durability};
use crate::command::RequestId;
use crate::consensus::{PaymentError, SignatureCheck, SoundPayment, WellFormedPayment, check_payment_in_isolation};
use crate::context::Context;
use crate::effect::BatchId;
use crate::event::{Event, PaymentOrigin};
use crate::input::Verdict;
use crate::mempool::{PoolContext, PoolError};
use crate::peer_id::PeerId;
use crate::primitives::{NetworkId, Payment, TxId};
use crate::units::Monotonic;

/// Maximum number of payments whose signatures are being checked.
const MAX_CHECKS: usize = 2_000;

/// A submission by a user or a program, which gets an answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Submission {
    pub(crate) request: RequestId,
    /// Whether the payment may replace others.
    pub(crate) may_replace: bool,
}

/// A payment whose signature is being checked.
pub(super) struct PaymentCheck {
    payment: WellFormedPayment,
    origin: PaymentOrigin,
    submission: Option<Submission>,
}

/// The outcome of an offered payment: accepted if its signature is valid; `None` while the driver checks it.
pub(crate) type Offered = Result<Option<SoundPayment>, InvalidPayment>;

/// A payment is invalid on any chain.
pub(crate) struct InvalidPayment;

impl Signed for PaymentCheck {
    fn count(&self) -> usize {
        1
    }

    fn checks(&self, network: NetworkId) -> Vec<SignatureCheck> {
        vec![self.payment.signature_check(network)]
    }
}

impl Payments {
    /// Checks a payment from any source: isolation, ledger, then signature. `current` says that the node is not
    /// syncing.
    pub(crate) fn offer(
        &mut self,
        cx: &mut Context,
        payment: Payment,
        origin: PaymentOrigin,
        submission: Option<Submission>,
        current: bool,
    ) -> Offered {
        let txid = payment.txid();
        let payment = match check_payment_in_isolation(payment, cx.chain.params()) {
            Ok(payment) => payment,
            Err(error) => return refuse_invalid(cx, txid, error, submission),
        };
        let context = pool_context(&cx.chain, cx.now.monotonic);
        let admitted =
            may_conflict(cx, payment.payment(), submission).and_then(|()| cx.mempool.admit(&payment, &context));
        match admitted {
            Err(PoolError::MissingInputs { outpoint }) => {
                answer(cx, submission, txid, Err(PoolError::MissingInputs { outpoint }));
                self.wait_for_parent(cx, &payment, outpoint.txid, origin, current);
                return Ok(None);
            }
            Err(error) => return self.refuse(cx, txid, error, submission),
            Ok(()) => {}
        }
        if cx.signatures.are_valid(&payment.hash()) {
            return Ok(Some(payment.verified()));
        }
        if self.checks.len() >= MAX_CHECKS {
            return self.refuse(cx, txid, PoolError::Busy { max: MAX_CHECKS }, submission);
        }
        self.checks.ask(cx, PaymentCheck { payment, origin, submission });
        Ok(None)
    }

    fn refuse(&mut self, cx: &mut Context, txid: TxId, error: PoolError, submission: Option<Submission>) -> Offered {
        self.requests.done(&txid);
        answer(cx, submission, txid, Err(error));
        Ok(None)
    }

    /// Keeps a payment that spends an unknown output. Its signature may be forged: if so, other announcers are asked
    /// for the payment.
    fn wait_for_parent(
        &mut self,
        cx: &mut Context,
        payment: &WellFormedPayment,
        parent: TxId,
        origin: PaymentOrigin,
        current: bool,
    ) {
        let txid = payment.txid();
        for other in self.requests.done(&txid) {
            self.defer(other, &[txid]);
        }
        if let PaymentOrigin::Peer(peer) = origin {
            let disconnected = !self.peers.contains_key(&peer);
            self.orphans.insert(payment.payment().clone(), parent, peer, disconnected, cx.now.monotonic);
            self.announced(cx, peer, &[parent], current);
        }
    }

    /// Takes the driver's verdict, if the batch belongs to a payment.
    pub(crate) fn checked(
        &mut self,
        cx: &mut Context,
        batch: BatchId,
        verdicts: &[Verdict],
    ) -> Option<(Offered, PaymentOrigin, Option<Submission>)> {
        let (PaymentCheck { payment, origin, submission }, wrong) = self.checks.take(cx, batch, verdicts)?;
        let offered = match wrong {
            None => Ok(Some(payment.verified())),
            Some(_) => refuse_invalid(cx, payment.txid(), PaymentError::BadSignature, submission),
        };
        Some((offered, origin, submission))
    }

    /// Puts a payment into the mempool. Returns whether there was room.
    pub(crate) fn accept(
        &mut self,
        cx: &mut Context,
        payment: SoundPayment,
        origin: PaymentOrigin,
        submission: Option<Submission>,
    ) -> bool {
        let (txid, body) = (payment.txid(), payment.payment().clone());
        self.requests.done(&txid);
        cx.signatures.note_valid(payment.hash());
        let context = pool_context(&cx.chain, cx.now.monotonic);
        let inserted = may_conflict(cx, &body, submission).and_then(|()| cx.mempool.insert(payment, &context));
        let removed = match inserted {
            Ok(removed) => removed,
            Err(error) => {
                answer(cx, submission, txid, Err(error));
                return false;
            }
        };
        let pool_removed = removed.iter().map(|dropped| dropped.txid).collect();
        let changes = ChangeSet { pool_added: vec![body], pool_removed, ..ChangeSet::default() };
        let local = origin == PaymentOrigin::Local;
        cx.outbox.store(changes, if local { Durability::Immediate } else { Durability::Eventual });
        self.dropped(cx, removed);
        cx.outbox.emit(Event::PaymentAccepted { txid, origin });
        answer(cx, submission, txid, Ok(()));
        self.announce(cx, txid);
        true
    }

    /// Removes and returns the payments that waited for these transactions, with their senders.
    pub(crate) fn take_children(&mut self, parents: &[TxId]) -> Vec<(Payment, PeerId)> {
        self.orphans.take_children(parents)
    }
}

/// Refuses a payment that is invalid on any chain. A valid payment with another signature may have the same id: other
/// announcers are asked for it when the sender is disconnected.
fn refuse_invalid(cx: &mut Context, txid: TxId, error: PaymentError, submission: Option<Submission>) -> Offered {
    answer(cx, submission, txid, Err(PoolError::Invalid(error)));
    Err(InvalidPayment)
}

/// A submission that may not replace others must not share a coin with a waiting payment.
fn may_conflict(cx: &Context, payment: &Payment, submission: Option<Submission>) -> Result<(), PoolError> {
    if submission.is_some_and(|submission| !submission.may_replace) {
        return cx.mempool.check_coins_free(payment);
    }
    Ok(())
}

fn answer(cx: &mut Context, submission: Option<Submission>, txid: TxId, result: Result<(), PoolError>) {
    if let Err(error) = &result {
        *cx.counters.payments_refused.entry(error.rule()).or_default() += 1;
    }
    if let Some(Submission { request, .. }) = submission {
        cx.outbox.emit(Event::PaymentSubmitted { request, txid, result });
    }
}

/// The context in which the mempool judges payments.
pub(super) fn pool_context(chain: &Chain, now: Monotonic) -> PoolContext<'_> {
    PoolContext { utxos: chain.utxos(), next_height: chain.tip().height.next(), params: chain.params(), now }
}
