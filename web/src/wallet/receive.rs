use crate::environment;
use crate::i18n::use_i18n;
use crate::ids;
use crate::parts::amount_field::AmountField;
use crate::parts::copy_button::CopyButton;
use crate::parts::dialog::DialogButton;
use crate::parts::input_check;
use crate::parts::qr_code::QrCodeImage;
use crate::session::use_session;
use crate::signals::memo::Memo;
use fedcoin_node::primitives::Address;
use fedcoin_node::units::Amount;
use fedcoin_node::wallet::PaymentUri;
use leptos::prelude::*;

/// The address of the key in use, in all forms in which others can pay to it.
#[component]
pub(crate) fn Receive() -> impl IntoView {
    let i18n = use_i18n();
    let key = use_session().key();
    let address = Memo::new(move |_| key.get().map(|key| key.address.to_string()).unwrap_or_default());
    // The public key of a private key has a DER form.
    let public_key = Memo::new(move |_| key.get().and_then(|key| key.public_key.to_hex().ok()).unwrap_or_default());
    view! {
        <h2 id="receive-title">{i18n.text(|texts| texts.receive.title)}</h2>
        <div class="field">
            <h3>{i18n.text(|texts| texts.wallet.address)}</h3>
            <div class="copy-line">
                <code class="break" data-testid=ids::ADDRESS>{move || address.get()}</code>
                <div class="buttons">
                    <CopyButton text=address />
                    <RequestDialog />
                </div>
            </div>
            <details>
                <summary>{i18n.text(|texts| texts.wallet.public_key)}</summary>
                <p class="muted small">{i18n.text(|texts| texts.wallet.public_key_hint)}</p>
                <div class="copy-line">
                    <code class="break" data-testid=ids::PUBLIC_KEY>{move || public_key.get()}</code>
                    <CopyButton text=public_key />
                </div>
            </details>
        </div>
    }
}

/// A payment request as a QR code and a link.
#[component]
fn RequestDialog() -> impl IntoView {
    let i18n = use_i18n();
    let key = use_session().key();
    let open = RwSignal::new(false);
    view! {
        <DialogButton
            open
            testid=ids::RECEIVE
            class="small"
            label=Signal::derive(i18n.text(|texts| texts.receive.action))
            title=Signal::derive(i18n.text(|texts| texts.receive.title))
        >
            {key.get_untracked().map(|key| view! { <Request recipient=key.address /> })}
        </DialogButton>
    }
}

#[component]
fn Request(recipient: Address) -> impl IntoView {
    let i18n = use_i18n();
    let typed = RwSignal::new(String::new());
    let amount = Memo::new(move |_| {
        typed.with(|text| match text.trim() {
            "" => Ok(None),
            text => input_check::amount(text, i18n.language()).map(Some),
        })
    });
    let request = move || {
        let amount = amount.get().ok().flatten().filter(|amount| *amount > Amount::ZERO);
        PaymentUri { recipient, amount }
    };
    let uri = Memo::new(move |_| request().to_string());
    let link = Memo::new(move |_| request().link(&environment::page()));
    view! {
        <div class="request">
            // A phone's camera opens the page with it.
            <QrCodeImage
                text=link
                label=Signal::derive(move || (i18n.texts().receive.qr_code)(&link.get()))
                testid=ids::QR_CODE
            />
            <div class="fields">
                <AmountField
                    id=ids::RECEIVE_AMOUNT
                    label=Signal::derive(i18n.text(|texts| texts.receive.amount))
                    text=typed
                    error=Signal::derive(move || amount.get().err())
                />
                <div class="field">
                    <h3>{i18n.text(|texts| texts.receive.page_link)}</h3>
                    <p class="muted small">{i18n.text(|texts| texts.receive.page_link_hint)}</p>
                    <div class="copy-line">
                        <code class="break" data-testid=ids::PAYMENT_LINK>{move || link.get()}</code>
                        <CopyButton text=link />
                    </div>
                </div>
                <div class="field">
                    <h3>{i18n.text(|texts| texts.receive.link)}</h3>
                    <div class="copy-line">
                        <code class="break" data-testid=ids::PAYMENT_URI>{move || uri.get()}</code>
                        <CopyButton text=uri />
                    </div>
                </div>
            </div>
        </div>
    }
}
