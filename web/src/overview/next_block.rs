use crate::i18n::{Language, ends, use_i18n};
use crate::ids;
use crate::route::{Location, Subject, View, use_route};
use crate::session::use_session;
use crate::shapes::fee_level::fee_level;
use crate::shapes::treemap::{Rect, treemap};
use crate::signals::any_signal::AnySignal;
use crate::signals::memo::Memo;
use fedcoin_node::primitives::TxId;
use leptos::prelude::*;
use node_wasm::messages::{ComingBlockSummary, ComingPayment};
use wasm_bindgen::JsCast;

/// The map's sides; it is stretched to the place it gets.
const WHOLE: Rect = Rect { x: 0.0, y: 0.0, width: 200.0, height: 100.0 };
/// A part with these sides, in percent of the map's, has room for words.
const ROOMY: (f64, f64) = (13.0, 20.0);

/// A part of the map: a payment, or all that are not shown one by one.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Part {
    payment: Option<ComingPayment>,
    rect: Rect,
}

/// The next block payment by payment: each as large as its share of the bytes, own ones marked.
#[component]
pub(crate) fn NextBlock(block: Memo<Option<ComingBlockSummary>>) -> impl IntoView {
    let i18n = use_i18n();
    let parts = Memo::new(move |_| block.with(|block| block.as_ref().map(parts).unwrap_or_default()));
    let count = Memo::new(move |_| block.with(|block| block.as_ref().map_or(0, |block| block.count)));
    let pointed = AnySignal::new(None::<TxId>);
    // One stop of the Tab key: the payment reached with the arrow keys, otherwise the first.
    let chosen = AnySignal::new(None::<TxId>);
    let reached = Memo::new(move |_| {
        let known = parts.with(|parts| ids(parts));
        chosen.get().filter(|id| known.contains(id)).or(known.first().copied())
    });
    let walk = move |event: leptos::ev::KeyboardEvent| {
        if let Some(to) = parts.with(|parts| step(&ids(parts), reached.get_untracked()?, &event.key())) {
            event.prevent_default();
            chosen.set(Some(to));
            focus(to);
        }
    };
    let told = move || {
        let language = i18n.language();
        let payment = |id| parts.with(|parts| parts.iter().filter_map(|part| part.payment).find(|p| p.txid == id));
        match pointed.get().and_then(payment) {
            Some(payment) => payment_words(&payment, language),
            None => language.plural(language.texts().view.coming_map, count.get().into()),
        }
    };
    let rest = move || {
        let hidden = u64::from(count.get()).saturating_sub(parts.with(|parts| ids(parts).len()) as u64);
        (i18n.texts().view.coming_rest)(&i18n.language().number(hidden))
    };
    let part = move |part: Part| {
        let id = part.payment.map(|payment| payment.txid);
        let rect = Memo::new(move |_| {
            let now = |parts: &Vec<Part>| parts.iter().find(|part| part.payment.map(|p| p.txid) == id).map(|p| p.rect);
            parts.with(now).unwrap_or(part.rect)
        });
        let side = move |n: usize| sides(rect.get())[n].clone();
        let content = match part.payment {
            Some(payment) => view! { <PaymentPart payment rect reached pointed /> }.into_any(),
            None => view! { <span class="map-rest">{rest}</span> }.into_any(),
        };
        view! {
            <li
                class="map-part"
                style:left=move || side(0)
                style:top=move || side(1)
                style:width=move || side(2)
                style:height=move || side(3)
            >
                {content}
            </li>
        }
    };
    view! {
        <ul class="map" on:keydown=walk on:pointerleave=move |_| pointed.set(None)>
            <For each=move || parts.get() key=|part| part.payment.map(|payment| payment.txid.0) children=part />
        </ul>
        <p class="map-words small number">{told}</p>
    }
}

/// The payments shown one by one.
fn ids(parts: &[Part]) -> Vec<TxId> {
    parts.iter().filter_map(|part| part.payment).map(|payment| payment.txid).collect()
}

/// The parts of a block's map, the largest payments first, what is not shown last.
fn parts(block: &ComingBlockSummary) -> Vec<Part> {
    let mut payments: Vec<ComingPayment> = block.payments.clone();
    payments.sort_by_key(|payment| std::cmp::Reverse((payment.bytes, payment.rate)));
    let shown: u32 = payments.iter().map(|payment| payment.bytes).sum();
    let rest = block.bytes.saturating_sub(shown);
    let is_more = block.count as usize > payments.len();
    let sizes: Vec<f64> =
        payments.iter().map(|payment| payment.bytes).chain(is_more.then_some(rest)).map(f64::from).collect();
    let payments = payments.into_iter().map(Some).chain(is_more.then_some(None));
    payments.zip(treemap(&sizes, WHOLE)).map(|(payment, rect)| Part { payment, rect }).collect()
}

/// The payment that an arrow key leads to.
fn step(ids: &[TxId], from: TxId, key: &str) -> Option<TxId> {
    let at = ids.iter().position(|id| *id == from)?;
    let to = match key {
        "ArrowRight" | "ArrowDown" => at + 1,
        "ArrowLeft" | "ArrowUp" => at.checked_sub(1)?,
        "Home" => 0,
        "End" => ids.len() - 1,
        _ => return None,
    };
    ids.get(to).copied()
}

fn focus(id: TxId) {
    let element = document().get_element_by_id(&element_id(id));
    if let Some(element) = element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        // Never fails for an element of the document.
        let _ = element.focus();
    }
}

fn element_id(id: TxId) -> String {
    format!("map-{id}")
}

/// A part's left and top edge, its width and its height, relative to the map.
fn sides(rect: Rect) -> [String; 4] {
    let Rect { x, y, width, height } = rect;
    [x / WHOLE.width, y / WHOLE.height, width / WHOLE.width, height / WHOLE.height]
        .map(|share| format!("{:.3}%", share * 100.0))
}

#[component]
fn PaymentPart(
    payment: ComingPayment,
    rect: Memo<Rect>,
    reached: Memo<Option<TxId>>,
    pointed: AnySignal<Option<TxId>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let route = use_route();
    let addresses = use_session().own_addresses();
    let id = payment.txid;
    let to = Location::subject(View::Overview, Subject::Transaction(id));
    let own = Memo::new(move |_| {
        let parties = [Some(payment.sender), payment.recipient];
        addresses.with(|own| parties.into_iter().flatten().any(|party| own.contains(&party)))
    });
    let label = move || {
        let mine = if own.get() { format!(", {}", i18n.texts().common.you) } else { String::new() };
        format!("{}{mine}", payment_words(&payment, i18n.language()))
    };
    let is_roomy = Memo::new(move |_| {
        let Rect { width, height, .. } = rect.get();
        width > ROOMY.0 / 100.0 * WHOLE.width && height > ROOMY.1 / 100.0 * WHOLE.height
    });
    let words = move || {
        let language = i18n.language();
        is_roomy.get().then(|| view! {
            <span class="map-amount" aria-hidden="true">{language.rounded_amount(payment.paid)} " FED"</span>
            <span class="map-rate" aria-hidden="true">{(i18n.texts().view.coming_rate)(&language.rounded_amount(payment.rate))}</span>
        })
    };
    view! {
            <a
                class="map-payment"
                href=to.fragment()
                id=element_id(id)
                tabindex=move || if reached.get() == Some(id) { "0" } else { "-1" }
                title=label
                data-testid=ids::COMING_PAYMENT
                data-id=id.to_string()
                data-fee=fee_level(payment.rate.units()).to_string()
                data-own=move || own.get().to_string()
                on:click=move |event| route.follow(&event, to)
                on:pointerenter=move |_| pointed.set(Some(id))
                on:focus=move |_| pointed.set(Some(id))
                on:blur=move |_| pointed.set(None)
            >
                {words}
            </a>
    }
}

/// A payment's amount, recipient, fee and size.
fn payment_words(payment: &ComingPayment, language: Language) -> String {
    let texts = language.texts();
    let amount = match payment.recipient {
        Some(recipient) => (texts.view.pays)(&language.amount(payment.paid), &ends(&recipient.to_string(), 8, 4)),
        None => texts.transaction.to_self.into(),
    };
    let size = language.bytes(payment.bytes.into());
    format!("{amount}, {}, {size}", (texts.view.coming_rate)(&language.rounded_amount(payment.rate)))
}
