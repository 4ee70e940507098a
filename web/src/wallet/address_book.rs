use crate::i18n::{short, use_i18n};
use crate::ids;
use crate::parts::dialog::DialogButton;
use crate::parts::input_check;
use crate::signals::any_signal::AnySignal;
use crate::wallet::contacts::{Contact, Contacts, MAX_CONTACTS};
use fedcoin_keyring::KeyName;
use fedcoin_node::primitives::Address;
use leptos::prelude::*;

/// Opens the address book: to pay somebody in it, and to name addresses.
#[component]
pub(crate) fn AddressBookButton(
    /// The recipient typed, to be named.
    recipient: Signal<Option<Address>>,
    /// Somebody is to be paid.
    #[prop(into)]
    on_pay: Callback<Address>,
) -> impl IntoView {
    let i18n = use_i18n();
    let open = RwSignal::new(false);
    let pay = move |address| {
        open.set(false);
        on_pay.run(address);
    };
    view! {
        <DialogButton
            open
            testid=ids::CONTACTS
            class="small"
            label=Signal::derive(i18n.text(|texts| texts.contacts.action))
            title=Signal::derive(i18n.text(|texts| texts.contacts.action))
        >
            <NewContact recipient />
            <ContactList on_pay=pay />
        </DialogButton>
    }
}

#[component]
fn ContactList(#[prop(into)] on_pay: Callback<Address>) -> impl IntoView {
    let i18n = use_i18n();
    let contacts = expect_context::<Contacts>();
    let item = move |Contact { address, name }: Contact| {
        // Taking one out never makes it too full.
        let remove = move |_| drop(contacts.set(address, None));
        view! {
            <li class="row contact" data-testid=ids::CONTACT data-id=address.to_string()>
                <span class="break">
                    {name.to_string()} " " <code class="muted small">{short(&address.to_string())}</code>
                </span>
                <span class="buttons">
                    <button type="button" class="small" data-testid=ids::CONTACT_PAY on:click=move |_| on_pay.run(address)>
                        {i18n.text(|texts| texts.contacts.pay)}
                    </button>
                    <button type="button" class="small danger" data-testid=ids::CONTACT_REMOVE on:click=remove>
                        {i18n.text(|texts| texts.contacts.remove)}
                    </button>
                </span>
            </li>
        }
    };
    view! {
        <Show when=move || contacts.all().is_empty()>
            <p class="muted">{i18n.text(|texts| texts.contacts.none)}</p>
        </Show>
        <ul class="rows">{move || contacts.all().into_iter().map(item).collect_view()}</ul>
    }
}

/// Names an address: the recipient that stands in the form, if it has no name.
#[component]
fn NewContact(recipient: Signal<Option<Address>>) -> impl IntoView {
    let i18n = use_i18n();
    let contacts = expect_context::<Contacts>();
    let typed = recipient.get_untracked().filter(|address| contacts.name(address).is_none());
    let address = RwSignal::new(typed.map(|address| address.to_string()).unwrap_or_default());
    let name = RwSignal::new(String::new());
    let problem = AnySignal::new(None::<String>);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let language = i18n.language_now();
        let texts = &language.texts().contacts;
        let named = || {
            let name = name.get_untracked().parse().ok().filter(|name: &KeyName| !name.as_str().is_empty());
            let name = name.ok_or_else(|| texts.name_needed.to_owned())?;
            let address = input_check::recipient(&address.get_untracked(), language)?;
            contacts.set(address, Some(name)).map_err(|_| (texts.full)(&language.number(MAX_CONTACTS as u64)))
        };
        let outcome = named();
        if outcome.is_ok() {
            address.set(String::new());
            name.set(String::new());
        }
        problem.set(outcome.err());
    };
    view! {
        <form class="fields" on:submit=submit>
            <p class="muted small">{i18n.text(|texts| texts.contacts.hint)}</p>
            <div class="field">
                <label for="contact-name">{i18n.text(|texts| texts.contacts.name)}</label>
                <input type="text" id="contact-name" maxlength="40" autocomplete="off" data-testid=ids::CONTACT_NAME bind:value=name />
            </div>
            <div class="field">
                <label for="contact-address">{i18n.text(|texts| texts.contacts.address)}</label>
                <input
                    type="text"
                    id="contact-address"
                    class="mono"
                    maxlength="400"
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    data-testid=ids::CONTACT_ADDRESS
                    bind:value=address
                />
            </div>
            <p class="field-error" role="alert" data-testid=ids::CONTACT_PROBLEM>{move || problem.get()}</p>
            <div class="buttons">
                <button type="submit" class="primary" data-testid=ids::CONTACT_SAVE>
                    {i18n.text(|texts| texts.contacts.save)}
                </button>
            </div>
        </form>
    }
}
