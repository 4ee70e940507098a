use crate::session::Session;
use crate::signals::any_signal::AnySignal;
use fedcoin_node::primitives::{Address, TxId};
use fedcoin_node::units::Amount;
use leptos::prelude::*;
use leptos::task::spawn_local;
use node_wasm::messages::State;
use std::collections::VecDeque;

/// Payments followed at a time.
const MAX_FOLLOWED: usize = 10;

/// The last payments sent since the page was opened; a context of the wallet. The history has each of them until it
/// is dropped, this knows it after that.
#[derive(Clone, Copy)]
pub(crate) struct SentPayments(AnySignal<VecDeque<SentPayment>>);

/// A payment sent from here.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct SentPayment {
    pub(crate) txid: TxId,
    /// Who should get it.
    pub(crate) recipient: Address,
    pub(crate) amount: Amount,
    /// It is neither in the mempool nor on the primary chain.
    gone: bool,
}

impl SentPayments {
    /// No payments yet. Requests their state from the node at every new tip and change of the mempool.
    pub(crate) fn provide(session: Session) {
        let sent = Self(AnySignal::new(VecDeque::new()));
        provide_context(sent);
        let moment = session.part(State::moment);
        Effect::new(move |_| {
            // Read, not only tracked: a memo that nobody reads never starts to watch.
            moment.get();
            for payment in sent.0.get_untracked() {
                sent.ask(session, payment.txid);
            }
        });
    }

    /// Follows a payment from now on.
    pub(crate) fn follow(self, txid: TxId, recipient: Address, amount: Amount) {
        self.0.update(|all| {
            all.push_front(SentPayment { txid, recipient, amount, gone: false });
            all.truncate(MAX_FOLLOWED);
        });
    }

    /// Records that a payment replaced another, which may be followed here.
    pub(crate) fn replace(self, old: TxId, new: TxId, amount: Amount) {
        self.0.update(|all| {
            if let Some(payment) = all.iter_mut().find(|payment| payment.txid == old) {
                *payment = SentPayment { txid: new, amount, gone: false, ..*payment };
            }
        });
    }

    /// Those that were dropped, newest first.
    pub(crate) fn dropped(self) -> Vec<SentPayment> {
        self.0.with(|all| all.iter().filter(|payment| payment.gone).copied().collect())
    }

    fn ask(self, session: Session, txid: TxId) {
        let Some(client) = session.client() else { return };
        spawn_local(async move {
            let Ok(answer) = client.transaction(txid).await else { return };
            self.0.maybe_update(|all| {
                let payment = all.iter_mut().find(|payment| payment.txid == txid && payment.gone != answer.is_none());
                payment.map(|payment| payment.gone = !payment.gone).is_some()
            });
        });
    }
}
