use crate::session::Session;
use crate::signals::any_signal::AnySignal;
use fedcoin_node::primitives::{Address, TxId};
use fedcoin_node::units::Amount;
use leptos::prelude::*;
use leptos::task::spawn_local;
use node_wasm::messages::{State, TransactionDetails};
use std::collections::VecDeque;

/// Maximum number of followed payments; the history has the others.
const MAX_FOLLOWED: usize = 5;

/// The payments sent since the page was opened, each followed into the chain; a context of the wallet.
#[derive(Clone, Copy)]
pub(crate) struct SentPayments(AnySignal<VecDeque<SentPayment>>);

/// A payment sent from this page.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SentPayment {
    pub(crate) txid: TxId,
    pub(crate) recipient: Address,
    pub(crate) amount: Amount,
    /// The node's last report on it.
    pub(crate) fate: Fate,
}

/// The state of a payment.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Fate {
    /// Nothing is known yet.
    Waiting,
    /// In the mempool or in a block.
    Known(Box<TransactionDetails>),
    /// Not in the mempool or on the primary chain.
    Gone,
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
            all.push_front(SentPayment { txid, recipient, amount, fate: Fate::Waiting });
            all.truncate(MAX_FOLLOWED);
        });
    }

    /// Records that a payment replaced another, which may be followed here.
    pub(crate) fn replace(self, old: TxId, new: TxId, amount: Amount) {
        self.0.update(|all| {
            if let Some(payment) = all.iter_mut().find(|payment| payment.txid == old) {
                (payment.txid, payment.fate) = (new, Fate::Waiting);
                payment.amount = amount;
            }
        });
    }

    /// The payments, newest first.
    pub(crate) fn all(self) -> VecDeque<SentPayment> {
        self.0.get()
    }

    /// Whether the payment is among these, with its actions.
    pub(crate) fn follows(self, txid: TxId) -> bool {
        self.0.with(|all| all.iter().any(|payment| payment.txid == txid))
    }

    fn ask(self, session: Session, txid: TxId) {
        let Some(client) = session.client() else { return };
        spawn_local(async move {
            let Ok(answer) = client.transaction(txid).await else { return };
            let fate = answer.map_or(Fate::Gone, Fate::Known);
            self.0.update(|all| {
                if let Some(payment) = all.iter_mut().find(|payment| payment.txid == txid) {
                    payment.fate = fate;
                }
            });
        });
    }
}
