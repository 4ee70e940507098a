use crate::i18n::use_i18n;
use crate::ids;
use crate::session::use_session;
use crate::signals::memo::Memo;
use fedcoin_node::{MiningPolicy, MiningStatus};
use leptos::prelude::*;
use node_wasm::messages::MiningOptions;

/// Where mining waits for payments: why, and the offer to mine empty blocks too where the network allows them.
#[component]
pub(crate) fn EmptyBlocks() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let nothing = session.part(|state| state.status.mining == MiningStatus::NothingToMine);
    let waits = Memo::new(move |_| nothing.get() == Some(true) && session.mining().on);
    let allowed = Memo::new(move |_| session.params().is_some_and(|params| params.min_block_payments == 0));
    let mine_empty = move |_| {
        session.set_mining(MiningOptions { policy: MiningPolicy::Always, ..session.mining_now() });
    };
    let words = move || {
        let texts = &i18n.texts().minute;
        if allowed.get() { texts.no_payment } else { texts.no_payment_forbidden }
    };
    view! {
        <Show when=move || waits.get()>
            <div class="callout notice-next">
                <p>{words}</p>
                <Show when=move || allowed.get()>
                    <button type="button" class="primary" data-testid=ids::MINE_EMPTY on:click=mine_empty>
                        {i18n.text(|texts| texts.minute.mine_empty)}
                    </button>
                </Show>
            </div>
        </Show>
    }
}
