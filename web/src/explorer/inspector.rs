use crate::explorer::address_view::AddressView;
use crate::explorer::block_view::BlockView;
use crate::explorer::subject::{Inspector, use_inspector};
use crate::explorer::transaction_view::TransactionView;
use crate::i18n::use_i18n;
use crate::parts::dialog::Dialog;
use crate::route::Subject;
use crate::session::{Phase, use_session};
use crate::signals::any_signal::AnySignal;
use crate::signals::memo::Memo;
use fedcoin_node::SyncStatus;
use leptos::prelude::*;
use leptos::task::spawn_local;
use node_wasm::messages::{AddressDetails, BlockDetails, Found, TransactionDetails};

/// The node's answer.
#[derive(Clone, PartialEq)]
enum Answer {
    Loading,
    /// The node will answer once it runs.
    Starting,
    NotRunning,
    /// The link names nothing.
    Odd,
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
    let session = use_session();
    let tip = session.part(|state| state.status.tip.id);
    // Requested again at every new tip, so that confirmations count up.
    Effect::new(move |before: Option<Option<Subject>>| {
        let wanted = subject.get();
        tip.get();
        let phase = session.phase();
        if let Some(wanted) = wanted {
            // What is open stays until the answer is there.
            if before.flatten().is_none() {
                answer.set(Answer::Loading);
            }
            match phase {
                _ if wanted == Subject::Odd => answer.set(Answer::Odd),
                Phase::Running => ask(wanted, inspector, subject, answer),
                Phase::Failed(_) => answer.set(Answer::NotRunning),
                Phase::Starting { .. } | Phase::Opening { .. } => answer.set(Answer::Starting),
            }
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
            Answer::Starting => texts.node.starting.into(),
            Answer::Odd => texts.chain.find.into(),
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

fn ask(wanted: Subject, inspector: Inspector, subject: Memo<Option<Subject>>, answer: AnySignal<Answer>) {
    let Some(client) = use_session().client() else { return answer.set(Answer::NotRunning) };
    spawn_local(async move {
        if let Subject::Height(height) = wanted
            && let Ok(Found::Block(id)) = client.find(height.to_string()).await
        {
            return inspector.replace(Subject::Block(id));
        }
        let got = match wanted {
            Subject::Block(id) => client.block(id).await.map(Answer::Block),
            Subject::Transaction(id) => client.transaction(id).await.map(Answer::Transaction),
            Subject::Address(address) => client.address(address).await.map(Box::new).map(Answer::Address),
            Subject::Height(_) | Subject::Odd => Ok(Answer::Block(None)),
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
        Answer::Starting => view! { <p>{i18n.text(|texts| texts.chain.find_starting)}</p> }.into_any(),
        Answer::Odd => view! { <p>{i18n.text(|texts| texts.chain.odd_link)}</p> }.into_any(),
        Answer::NotRunning => view! { <p>{i18n.text(|texts| texts.common.not_running)}</p> }.into_any(),
        Answer::Block(None) => view! { <p>{i18n.text(|texts| texts.chain.not_stored)}</p> <NotYet /> }.into_any(),
        Answer::Transaction(None) => {
            view! { <p>{i18n.text(|texts| texts.transaction.not_found)}</p> <NotYet /> }.into_any()
        }
        Answer::Block(Some(details)) => view! { <BlockView details=*details /> }.into_any(),
        Answer::Transaction(Some(details)) => view! { <TransactionView details=*details /> }.into_any(),
        Answer::Address(details) => view! { <AddressView details=*details /> }.into_any(),
    }
}

/// That the node may learn of it later.
#[component]
fn NotYet() -> impl IntoView {
    let i18n = use_i18n();
    let synced = use_session().part(|state| state.status.sync == SyncStatus::Synced);
    view! {
        <Show when=move || synced.get() != Some(true)>
            <p class="muted">{i18n.text(|texts| texts.chain.not_yet)}</p>
        </Show>
    }
}
