use crate::explorer::address_text::AddressText;
use crate::explorer::block_view::TransactionLink;
use crate::i18n::{Texts, use_i18n};
use crate::ids;
use crate::parts::clock::use_clock;
use crate::session::use_session;
use crate::shapes::fee_level::{fee_level, per_kilobyte};
use crate::signals::any_signal::AnySignal;
use crate::signals::memo::Memo;
use fedcoin_node::units::Amount;
use leptos::prelude::*;
use node_wasm::messages::PaymentSummary;

/// What the table is sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Amount,
    Rate,
    Age,
}

/// The order of the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Sorting {
    column: Column,
    is_descending: bool,
}

impl Sorting {
    /// The order after a click on a column's head: largest first, at the second click smallest first.
    fn clicked(self, column: Column) -> Self {
        Self { column, is_descending: self.column != column || !self.is_descending }
    }

    /// A column's order for `aria-sort`.
    fn of(self, column: Column) -> &'static str {
        match self.is_descending {
            _ if self.column != column => "none",
            true => "descending",
            false => "ascending",
        }
    }

    fn sort(self, payments: &mut [PaymentSummary]) {
        payments.sort_by_key(|payment| match self.column {
            Column::Amount => payment.paid.units(),
            Column::Rate => rate(payment),
            // A high age is an early time.
            Column::Age => u64::MAX - payment.entered.0,
        });
        if self.is_descending {
            payments.reverse();
        }
    }
}

/// The fee in units per thousand bytes.
fn rate(payment: &PaymentSummary) -> u64 {
    per_kilobyte(payment.fee.unwrap_or(Amount::ZERO).units(), payment.bytes)
}

/// Payments in the mempool, as a table that can be sorted.
#[component]
pub(crate) fn MempoolPanel() -> impl IntoView {
    let i18n = use_i18n();
    let pool = use_session().part(|state| state.mempool.clone());
    let order = AnySignal::new(Sorting { column: Column::Rate, is_descending: true });
    let payments = Memo::new(move |_| {
        let mut payments = pool.get().map(|pool| pool.payments).unwrap_or_default();
        order.get().sort(&mut payments);
        payments
    });
    let count = Memo::new(move |_| pool.get().map_or(0, |pool| pool.count));
    let sum = move || {
        let pool = pool.get().filter(|pool| pool.count > 0)?;
        let language = i18n.language();
        Some((i18n.texts().transaction.mempool_sum)(&language.payments(pool.count), &language.bytes(pool.bytes)))
    };
    let more = move || {
        let hidden = u64::from(count.get()).saturating_sub(payments.with(Vec::len) as u64);
        (hidden > 0).then(|| (i18n.texts().transaction.mempool_more)(&i18n.language().number(hidden)))
    };
    view! {
        <section class="panel" aria-labelledby="mempool-title">
            <div class="panel-head">
                <h2 id="mempool-title">{i18n.text(|texts| texts.transaction.mempool)}</h2>
                <p class="muted small number">{sum}</p>
            </div>
            <Show
                when=move || { count.get() > 0 }
                fallback=move || view! { <p class="muted">{i18n.text(|texts| texts.transaction.mempool_none)}</p> }
            >
                <div class="mempool" role="group" tabindex="0" aria-labelledby="mempool-title">
                    <table class="payments" aria-labelledby="mempool-title" data-testid=ids::MEMPOOL>
                        <Head order />
                        <tbody>
                            <For
                                each=move || payments.get()
                                key=|payment| payment.txid.0
                                children=|payment| view! { <Row payment /> }
                            />
                        </tbody>
                    </table>
                </div>
            </Show>
            <p class="muted small">{more}</p>
        </section>
    }
}

#[component]
fn Head(order: AnySignal<Sorting>) -> impl IntoView {
    let i18n = use_i18n();
    let plain = move |name: fn(&Texts) -> &'static str| view! { <th scope="col">{move || name(i18n.texts())}</th> };
    let sortable = move |column: Column, name: fn(&Texts) -> &'static str| {
        view! {
            <th scope="col" class="number" aria-sort=move || order.get().of(column)>
                <button
                    type="button"
                    class="plain sort"
                    data-testid=ids::MEMPOOL_SORT
                    on:click=move |_| order.update(|order| *order = order.clicked(column))
                >
                    {move || name(i18n.texts())}
                </button>
            </th>
        }
    };
    view! {
        <thead>
            <tr>
                {plain(|t| t.transaction.title)}
                {plain(|t| t.transaction.recipient)}
                {sortable(Column::Amount, |t| t.transaction.amount)}
                {sortable(Column::Rate, |t| t.transaction.rate)}
                {sortable(Column::Age, |t| t.transaction.age)}
            </tr>
        </thead>
    }
}

#[component]
fn Row(payment: PaymentSummary) -> impl IntoView {
    let i18n = use_i18n();
    let clock = use_clock();
    let recipient = payment.recipient.map(|address| view! { <AddressText address /> });
    let to_self = payment.recipient.is_none();
    let others = move || {
        let n = u64::from(payment.recipients.saturating_sub(1));
        match n {
            _ if to_self => Some(i18n.texts().transaction.to_self.to_owned()),
            0 => None,
            n => Some((i18n.texts().transaction.mempool_more)(&i18n.language().number(n))),
        }
    };
    let paid = move || format!("{} FED", i18n.language().amount(payment.paid));
    let per_kb = Amount::from_units(rate(&payment)).unwrap_or(Amount::MAX);
    let fee = move || match per_kb {
        Amount::ZERO => i18n.texts().view.fees_none.into(),
        _ => (i18n.texts().view.per_kilobyte)(&i18n.language().rounded_amount(per_kb)),
    };
    let age = move || i18n.language().age(payment.entered, clock.time());
    view! {
        <tr data-testid=ids::MEMPOOL_PAYMENT data-id=payment.txid.to_string()>
            <th scope="row"><TransactionLink id=payment.txid /></th>
            <td class="payments-recipient">{recipient} " " <span class="muted small">{others}</span></td>
            <td class="number payments-amount">{paid}</td>
            <td class="number payments-rate" data-fee=fee_level(rate(&payment)).to_string()>{fee}</td>
            <td class="number muted payments-age">{age}</td>
        </tr>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fedcoin_node::primitives::{Address, TxId};
    use fedcoin_node::units::Timestamp;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn a_column_is_sorted_from_its_largest_value_then_from_its_smallest() {
        let payment = |id: u8, paid, fee, bytes, entered| PaymentSummary {
            txid: TxId([id; 32]),
            entered: Timestamp(entered),
            sender: Address([0; 20]),
            recipient: None,
            recipients: 0,
            paid: Amount::from_fed(paid),
            fee: Amount::from_units(fee).ok(),
            bytes,
        };
        let all = [payment(1, 5, 300, 100, 9), payment(2, 7, 400, 400, 5), payment(3, 6, 0, 100, 7)];
        let start = Sorting { column: Column::Rate, is_descending: true };
        let sorted = |order: Sorting| {
            let mut payments = all;
            order.sort(&mut payments);
            payments.map(|payment| payment.txid.0[0])
        };
        assert_eq!(sorted(start), [1, 2, 3]);
        assert_eq!(sorted(start.clicked(Column::Rate)), [3, 2, 1]);
        assert_eq!(sorted(start.clicked(Column::Amount)), [2, 3, 1]);
        let oldest = start.clicked(Column::Age);
        assert_eq!(
            (sorted(oldest), oldest.of(Column::Age), oldest.of(Column::Rate)),
            ([2, 3, 1], "descending", "none")
        );
        assert_eq!(sorted(oldest.clicked(Column::Age)), [1, 3, 2]);
    }
}
