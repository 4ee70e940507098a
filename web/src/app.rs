use crate::about::about_line::AboutLine;
use crate::about::rules_panel::RulesPanel;
use crate::about::trust_panel::TrustPanel;
use crate::explorer::chain_panel::ChainPanel;
use crate::explorer::inspector::InspectorDialog;
use crate::explorer::mempool_panel::MempoolPanel;
use crate::explorer::subject::{Inspector, use_inspector};
use crate::header_bar::HeaderBar;
use crate::i18n::I18n;
use crate::mining::circumstances;
use crate::mining::panel::MiningPanel;
use crate::minute::first_steps::FirstSteps;
use crate::minute::other_tabs::OtherTab;
use crate::news::toasts::Toasts;
use crate::news::{News, use_news};
use crate::overview::block_tree::BlockTree;
use crate::overview::charts::Charts;
use crate::overview::coming_blocks::ComingBlocks;
use crate::parts::clock::Clock;
use crate::parts::focus;
use crate::route::{Route, View};
use crate::service_worker::{Installation, use_installation};
use crate::session::samples::Samples;
use crate::session::{Phase, Session};
use crate::signals::memo::Memo;
use crate::status::event_log::EventLog;
use crate::status::failure_panel::FailurePanel;
use crate::status::node_panel::NodePanel;
use crate::status::notices::Notices;
use crate::status::peers_panel::PeersPanel;
use crate::views::navigation::view_name;
use crate::views::stage::Stage;
use crate::wallet::panel::WalletPanel;
use crate::wallet::undone_payments::UndonePayments;
use crate::{environment, ids};
use leptos::html;
use leptos::mount::{mount_to, mount_to_body};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// Renders the page into `#app`, replacing the loading message.
pub(crate) fn mount() {
    if let Some(message) = document().get_element_by_id("boot") {
        message.remove();
    }
    let place = document().get_element_by_id("app").and_then(|app| app.dyn_into().ok());
    match place {
        Some(place) => mount_to(place, App).forget(),
        None => mount_to_body(App),
    }
}

/// The whole page.
#[component]
fn App() -> impl IntoView {
    let i18n = I18n::provide();
    let route = Route::provide();
    Clock::provide();
    Inspector::provide(route);
    Installation::provide();
    let session = Session::provide();
    circumstances::watch(session);
    Samples::provide(session, route);
    News::provide(session);
    let failed = Memo::new(move |_| matches!(session.phase(), Phase::Failed(_)));
    let main = NodeRef::<html::Main>::new();
    let enter = move || {
        if let Some(main) = main.get_untracked() {
            // Never fails for an element of the document.
            let _ = main.focus();
        }
    };
    // The browser would reload the page if its address is not its base.
    let skip = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        enter();
    };
    greet(route, i18n, enter);
    focus::keep();
    view! {
        <a class="skip" href="#main" on:click=skip>{i18n.text(|texts| texts.header.skip)}</a>
        <HeaderBar />
        <main id="main" node_ref=main class="stage" tabindex="-1" data-testid=ids::APP>
            <NewVersion />
            <Show when=move || failed.get()><FailurePanel /></Show>
            <Notices />
            <OtherTab />
            <UndonePayments />
            <FirstSteps />
            <Views />
            <Toasts />
        </main>
        <Footer />
        <InspectorDialog />
    }
}

/// Puts the name of what is open into the title, and scrolls to a view's top. Scroll and focus need the new view's
/// layout, which is computed with the next frame; here they would force it within the task that builds the view.
fn greet(route: Route, i18n: I18n, enter: impl Fn() + Copy + 'static) {
    let view = route.view();
    let subject = use_inspector().title();
    let news = use_news().title_prefix();
    Effect::new(move |_| {
        let name = subject.get().unwrap_or_else(|| view_name(view.get(), i18n.texts()).into());
        document().set_title(&format!("{}{name} – FEDCoin", news.get()));
    });
    Effect::new(move |before: Option<View>| {
        let view = view.get();
        if before.is_some_and(|before| before != view) {
            request_animation_frame(move || {
                enter();
                // Focus alone scrolls to the start of the view, past what is above it.
                window().scroll_to_with_x_and_y(0.0, 0.0);
            });
        }
        view
    });
}

#[component]
fn Views() -> impl IntoView {
    view! {
        <Stage of=View::Overview>
            <NodePanel />
            <BlockTree />
            <ComingBlocks />
            <Charts />
        </Stage>
        <Stage of=View::Blocks>
            <ChainPanel />
            <MempoolPanel />
        </Stage>
        <Stage of=View::Wallet><WalletPanel /></Stage>
        <Stage of=View::Mining><MiningPanel /></Stage>
        <Stage of=View::Node>
            <PeersPanel />
            <EventLog />
        </Stage>
        <Stage of=View::Rules>
            <RulesPanel />
            <TrustPanel />
        </Stage>
    }
}

/// The notice that a newer version of the page is ready.
#[component]
fn NewVersion() -> impl IntoView {
    let i18n = crate::i18n::use_i18n();
    let installation = use_installation();
    view! {
        <div role="status">
            <Show when=move || installation.has_newer()>
                <div class="panel notice-next" data-testid=ids::NEW_VERSION>
                    <p>{i18n.text(|texts| texts.operation.new_version)}</p>
                    <button type="button" class="small" on:click=move |_| environment::load_again()>
                        {i18n.text(|texts| texts.operation.load_again)}
                    </button>
                </div>
            </Show>
        </div>
    }
}

#[component]
fn Footer() -> impl IntoView {
    let i18n = crate::i18n::use_i18n();
    let installation = use_installation();
    let session = crate::session::use_session();
    let slot =
        move || session.ready().map(|ready| (i18n.texts().header.slot)(&i18n.language().number(ready.slot.into())));
    view! {
        <footer class="footer">
            <AboutLine testid=ids::VIEW_LINK />
            <p>{i18n.text(|texts| texts.header.footer)}</p>
            <Show when=move || installation.is_offered()>
                <button type="button" class="small" on:click=move |_| installation.install()>
                    {i18n.text(|texts| texts.operation.install)}
                </button>
            </Show>
            <p class="muted">{slot}</p>
        </footer>
    }
}
