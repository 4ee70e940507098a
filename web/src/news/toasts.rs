use crate::i18n::{Language, use_i18n};
use crate::ids;
use crate::news::digest::{Kind, Novelty};
use crate::news::use_news;
use crate::route::{Location, Subject, use_route};
use crate::signals::memo::Memo;
use fedcoin_node::primitives::TxId;
use fedcoin_node::units::{Amount, Timestamp};
use leptos::prelude::*;

/// A message that disappears by itself. While it is shown, further news of its kind are added to it; another block does
/// not prolong it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Toast {
    kind: Kind,
    /// Number of news, and their sum.
    count: u64,
    sum: Amount,
    /// The newest of them.
    newest: TxId,
    pub(crate) until: Timestamp,
}

impl Toast {
    /// The toast of a novelty, after the one of its kind that is still there.
    pub(crate) fn of(novelty: Novelty, until: Timestamp, before: Option<Self>) -> Self {
        let Novelty { kind, txid: newest, amount } = novelty;
        let (count, sum) = before.map_or((0, Amount::ZERO), |before| (before.count, before.sum));
        let until = before.filter(|_| kind == Kind::Mined).map_or(until, |before| before.until);
        Self { kind, count: count + 1, sum: sum.saturating_add(amount), newest, until }
    }

    fn words(&self, language: Language) -> String {
        let (texts, sum) = (&language.texts().news, language.amount(self.sum));
        match (self.kind, self.count) {
            (Kind::Received, 1) => (texts.received)(&sum),
            (Kind::Received, n) => (texts.received_more)(&language.number(n), &sum),
            (Kind::Mined, 1) => (texts.mined)(&sum),
            (Kind::Mined, n) => (texts.mined_more)(&language.number(n), &sum),
        }
    }
}

/// The news of the last seconds. They never take the focus, and stay while it or the pointer is on them.
#[component]
pub(crate) fn Toasts() -> impl IntoView {
    let held = use_news().held;
    view! {
        <div
            class="toasts"
            on:mouseenter=move |_| held.set(true)
            on:mouseleave=move |_| held.set(false)
            on:focusin=move |_| held.set(true)
            on:focusout=move |_| held.set(false)
        >
            {Kind::ALL.map(|kind| view! { <OneToast kind /> }).collect_view()}
        </div>
    }
}

/// It is always in the document, even when empty, because screen readers announce what changes in it.
#[component]
fn OneToast(kind: Kind) -> impl IntoView {
    let i18n = use_i18n();
    let (news, route) = (use_news(), use_route());
    let view = route.view();
    let toast = Memo::new(move |_| news.toasts.with(|toasts| toasts[kind as usize]));
    let words = move || toast.get().map(|toast| toast.words(i18n.language()));
    let place = move || Some(Location::subject(view.get(), Subject::Transaction(toast.get()?.newest)));
    let open = move |event: leptos::ev::MouseEvent| {
        if let Some(place) = place() {
            route.follow(&event, place);
            news.dismiss(kind);
        }
    };
    view! {
        <div class="toast" class:shown=move || toast.get().is_some()>
            <p role="status" data-testid=ids::TOAST data-kind=kind.name()>{words}</p>
            <Show when=move || toast.get().is_some()>
                <a href=move || place().map(Location::fragment) on:click=open>{i18n.text(|texts| texts.news.show)}</a>
                <button type="button" class="small" data-testid=ids::TOAST_CLOSE on:click=move |_| news.dismiss(kind)>
                    {i18n.text(|texts| texts.common.close)}
                </button>
            </Show>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn news_of_one_kind_are_added_up() {
        let novelty = |kind, fed: u32| Novelty { kind, txid: TxId([fed as u8; 32]), amount: Amount::from_fed(fed) };
        let two =
            |kind| Toast::of(novelty(kind, 4), Timestamp(9), Some(Toast::of(novelty(kind, 2), Timestamp(5), None)));
        let (received, mined) = (two(Kind::Received), two(Kind::Mined));
        assert_eq!(received.words(Language::English), "You received 2 payments: 6 FED together");
        assert_eq!((received.until, mined.until), (Timestamp(9), Timestamp(5)), "blocks do not keep it on the screen");
        assert_eq!(
            Toast::of(novelty(Kind::Mined, 50), Timestamp(1), None).words(Language::German),
            "Du hast einen Block gemint: 50 FED"
        );
    }
}
