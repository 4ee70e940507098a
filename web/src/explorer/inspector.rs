use crate::explorer::address_view::AddressView;
use crate::explorer::block_view::BlockView;
use crate::explorer::subject::use_inspector;
use crate::explorer::transaction_view::TransactionView;
use crate::i18n::use_i18n;
use crate::parts::dialog::Dialog;
use crate::route::Subject;
use crate::session::use_session;
use crate::signals::any_signal::AnySignal;
use crate::signals::memo::Memo;
use leptos::prelude::*;
use leptos::task::spawn_local;
use node_wasm::messages::{AddressDetails, BlockDetails, TransactionDetails};

/// The node's answer.
#[derive(Clone, PartialEq)]
enum Answer {
    Loading,
    NotRunning,
    Block(Option<Box<BlockDetails>>),
    Transaction(Option<Box<TransactionDetails>>),
    Address(Box<AddressDetails>),
}

/// The dialog that shows a block, transaction or address.
#[component]
pub(crate) fn InspectorDialog() -> impl IntoView {
    let i18n = use_i18n();
    let inspector = use_inspector();
    let route = inspector.route();
    let subject = Memo::new(move |_| route.location().subject);
    let answer = AnySignal::new(Answer::Loading);
    let tip = use_session().part(|state| state.status.tip.id);
    // Requested again at every new tip, so that confirmations count up.
    Effect::new(move |before: Option<Option<Subject>>| {
        let wanted = subject.get();
        tip.get();
        if let Some(wanted) = wanted {
            if before.flatten() != Some(wanted) {
                answer.set(Answer::Loading);
            }
            ask(wanted, subject, answer);
        }
        wanted
    });
    let title = move || {
        let texts = i18n.texts();
        match answer.get() {
            Answer::Block(Some(details)) => {
                (texts.chain.block)(&i18n.language().number(details.summary.height.0.into()))
            }
            Answer::Transaction(Some(details)) if details.sender.is_none() => texts.transaction.coinbase_title.into(),
            Answer::Transaction(_) => texts.transaction.title.into(),
            Answer::Block(None) => texts.chain.title.into(),
            Answer::Address(_) => texts.view.address.into(),
            Answer::Loading => texts.common.loading.into(),
            Answer::NotRunning => texts.failure.title.into(),
        }
    };
    Effect::new(move |_| inspector.title().set(subject.get().map(|_| title())));
    view! {
        <Dialog
            open=Signal::derive(move || subject.get().is_some())
            on_close=move |()| route.look_at(None)
            title=Signal::derive(title)
        >
            {move || show(answer.get())}
        </Dialog>
    }
}

fn ask(wanted: Subject, subject: Memo<Option<Subject>>, answer: AnySignal<Answer>) {
    let Some(client) = use_session().client() else { return answer.set(Answer::NotRunning) };
    spawn_local(async move {
        let got = match wanted {
            Subject::Block(id) => client.block(id).await.map(Answer::Block),
            Subject::Transaction(id) => client.transaction(id).await.map(Answer::Transaction),
            Subject::Address(address) => client.address(address).await.map(Box::new).map(Answer::Address),
        };
        let got = got.unwrap_or(Answer::NotRunning);
        // Do not render unchanged content again while the user reads it.
        if subject.get_untracked() == Some(wanted) && answer.with_untracked(|old| *old != got) {
            answer.set(got);
        }
    });
}

fn show(answer: Answer) -> AnyView {
    let i18n = use_i18n();
    match answer {
        Answer::Loading => ().into_any(),
        Answer::NotRunning => view! { <p>{i18n.text(|texts| texts.common.not_running)}</p> }.into_any(),
        Answer::Block(None) => view! { <p>{i18n.text(|texts| texts.chain.not_stored)}</p> }.into_any(),
        Answer::Transaction(None) => view! { <p>{i18n.text(|texts| texts.transaction.not_found)}</p> }.into_any(),
        Answer::Block(Some(details)) => view! { <BlockView details=*details /> }.into_any(),
        Answer::Transaction(Some(details)) => view! { <TransactionView details=*details /> }.into_any(),
        Answer::Address(details) => view! { <AddressView details=*details /> }.into_any(),
    }
}
