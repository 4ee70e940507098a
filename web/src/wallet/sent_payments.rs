use crate::prefs;
use crate::session::Session;
use crate::signals::any_signal::AnySignal;
use crate::signals::memo::Memo;
use fedcoin_node::SyncStatus;
use fedcoin_node::mempool::DropReason;
use fedcoin_node::primitives::{Address, TxId};
use fedcoin_node::units::Amount;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use node_wasm::client::{NodeClient, NotRunning};
use std::collections::VecDeque;

/// Payments followed at a time.
const MAX_FOLLOWED: usize = 10;
/// In this time, in milliseconds, a node that kept no mempool gets the relay's.
const PATIENCE_MS: u32 = 5_000;
/// Where they are remembered; the network's id and the slot follow.
const REMEMBERED: &str = "fedcoin-sent-";

/// The last payments sent from this slot; a context of the wallet. The history has each of them until it is dropped,
/// this knows it after that, also after a reload.
#[derive(Clone, Copy)]
pub(crate) struct SentPayments {
    all: AnySignal<VecDeque<SentPayment>>,
    /// Where they are remembered, once that is known.
    place: Memo<Option<String>>,
}

/// A payment sent from here.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SentPayment {
    pub(crate) txid: TxId,
    /// Who should get it.
    pub(crate) recipient: Address,
    pub(crate) amount: Amount,
    /// Why it was dropped, if it was and the node said it.
    pub(crate) reason: Option<DropReason>,
    /// It is neither in the mempool nor on the primary chain.
    gone: bool,
}

impl SentPayments {
    /// Those remembered. Requests their state from the node at every new tip and change of the mempool.
    pub(crate) fn provide(session: Session) {
        let place = Memo::new(move |_| {
            let (params, slot) = (session.params()?, session.ready()?.slot);
            Some(format!("{REMEMBERED}{}-{slot}", params.network_id()))
        });
        let sent = Self { all: AnySignal::new(VecDeque::new()), place };
        provide_context(sent);
        Effect::new(move |_| {
            if let Some(place) = place.get() {
                sent.all.set(read(&prefs::lasting(&place).unwrap_or_default()));
            }
        });
        let moment = session.part(|state| (state.moment(), state.status.sync == SyncStatus::Synced));
        Effect::new(move |_| {
            // A node that is not up to date does not know all payments.
            if moment.get().is_some_and(|(_, synced)| synced) {
                sent.all.get_untracked().into_iter().for_each(|payment| sent.ask(session, payment.txid));
            }
        });
    }

    /// Follows a payment from now on.
    pub(crate) fn follow(self, txid: TxId, recipient: Address, amount: Amount) {
        self.change(|all| {
            all.push_front(SentPayment { txid, recipient, amount, reason: None, gone: false });
            all.truncate(MAX_FOLLOWED);
            true
        });
    }

    /// Records that a payment replaced another, which may be followed here.
    pub(crate) fn replace(self, old: TxId, new: TxId, amount: Amount) {
        self.change(|all| {
            let payment = all.iter_mut().find(|payment| payment.txid == old);
            let replaced = |payment: &mut SentPayment| {
                *payment = SentPayment { txid: new, amount, reason: None, gone: false, ..*payment };
            };
            payment.map(replaced).is_some()
        });
    }

    /// Those that were dropped, newest first.
    pub(crate) fn dropped(self) -> Vec<SentPayment> {
        self.all.with(|all| all.iter().filter(|payment| payment.gone).cloned().collect())
    }

    fn ask(self, session: Session, txid: TxId) {
        let Some(client) = session.client() else { return };
        spawn_local(async move {
            let Ok(gone) = self.is_gone(&client, session, txid).await else { return };
            let reason = session.drop_reason(txid);
            self.change(|all| {
                let Some(payment) = all.iter_mut().find(|payment| payment.txid == txid) else { return false };
                let is_news = gone != payment.gone || reason.is_some() && reason != payment.reason;
                payment.gone = gone;
                payment.reason = reason.or(payment.reason.take());
                is_news
            });
        });
    }

    /// Whether a payment is neither waiting nor in a block. After a start the mempool may still be on its way.
    async fn is_gone(self, client: &NodeClient, session: Session, txid: TxId) -> Result<bool, NotRunning> {
        let was_gone = self.all.with_untracked(|all| all.iter().any(|payment| payment.txid == txid && payment.gone));
        let gone = client.transaction(txid).await?.is_none();
        if gone && !was_gone && session.drop_reason(txid).is_none() {
            TimeoutFuture::new(PATIENCE_MS).await;
            return Ok(client.transaction(txid).await?.is_none());
        }
        Ok(gone)
    }

    /// Changes and remembers them, if the closure says that it changed something.
    fn change(self, change: impl FnOnce(&mut VecDeque<SentPayment>) -> bool) {
        self.all.maybe_update(|all| {
            let is_changed = change(all);
            if let Some(place) = self.place.get_untracked().filter(|_| is_changed) {
                prefs::set_lasting(&place, &written(all));
            }
            is_changed
        });
    }
}

/// One line each: id, recipient, amount, and the reason why it was dropped with the payment that took its coins.
fn written(all: &VecDeque<SentPayment>) -> String {
    let line = |payment: &SentPayment| {
        let SentPayment { txid, recipient, amount, reason, .. } = payment;
        let why = reason.as_ref().map_or("", DropReason::name);
        let by = reason.as_ref().and_then(DropReason::replaced_by).map(|by| by.to_string()).unwrap_or_default();
        format!("{txid} {recipient} {amount} {why} {by}\n")
    };
    all.iter().map(line).collect()
}

/// Lines that are none are left out, and so are reasons that need more words.
fn read(text: &str) -> VecDeque<SentPayment> {
    let line = |line: &str| {
        let mut words = line.split(' ');
        let (txid, recipient) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
        let amount = words.next()?.parse().ok()?;
        let (why, by) = (words.next(), words.next().and_then(|by| by.parse().ok()));
        let reason = match (why?, by) {
            ("expired", _) => Some(DropReason::Expired),
            ("pushed_out", _) => Some(DropReason::PushedOut),
            ("replaced", Some(by)) => Some(DropReason::Replaced { by }),
            ("conflict", Some(by)) => Some(DropReason::Conflict { by }),
            _ => None,
        };
        Some(SentPayment { txid, recipient, amount, reason, gone: false })
    };
    text.lines().filter_map(line).take(MAX_FOLLOWED).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn payments_are_read_as_written() {
        let by = TxId([9; 32]);
        let reasons = [
            None,
            Some(DropReason::Expired),
            Some(DropReason::PushedOut),
            Some(DropReason::Replaced { by }),
            Some(DropReason::Conflict { by }),
        ];
        let payment = |(n, reason): (usize, Option<DropReason>)| SentPayment {
            txid: TxId([n as u8; 32]),
            recipient: Address([3; 20]),
            amount: "2.5".parse().unwrap(),
            reason,
            gone: false,
        };
        let all: VecDeque<SentPayment> = reasons.into_iter().enumerate().map(payment).collect();
        assert_eq!(read(&written(&all)), all);
        let parent = payment((7, Some(DropReason::ParentDropped { parent: by })));
        let without = SentPayment { reason: None, ..parent.clone() };
        assert_eq!(read(&format!("x\n{}", written(&VecDeque::from([parent])))), [without]);
        assert!(read("a b c\n\n").is_empty());
    }
}
