//! The user's location on the page. It is in the URL's fragment, so that links, the back button, bookmarks and reloads
//! work: `#/wallet`, or `#/wallet/transaction/ID` with a subject in the inspector, or `#/pay/ADDRESS?amount=2` with a
//! payment request.

use crate::signals::any_signal::AnySignal;
use crate::signals::memo::Memo;
use fedcoin_node::primitives::{Address, BlockId, TxId};
use fedcoin_node::wallet::PaymentUri;
use leptos::prelude::*;

/// A view: the content of the page below the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum View {
    /// Summary of node and chain.
    Overview,
    /// Blocks and the mempool.
    Blocks,
    /// Keys, balances, payments.
    Wallet,
    /// Mining.
    Mining,
    /// Peers and events.
    Node,
    /// The network's rules, and what this is.
    Rules,
}

/// A subject of the inspector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    Block(BlockId),
    /// A payment or a mining reward.
    Transaction(TxId),
    Address(Address),
    /// The primary chain's block at a height; only in links.
    Height(u32),
    /// A link with something that is no id.
    Odd,
}

/// A view, and the subject of the inspector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Location {
    pub(crate) view: View,
    /// The subject of the inspector, if it is open.
    pub(crate) subject: Option<Subject>,
    /// What somebody asks to be paid.
    pub(crate) request: Option<PaymentUri>,
}

/// The location as a signal; a context of the whole page.
#[derive(Clone, Copy)]
pub(crate) struct Route(AnySignal<Location>);

impl View {
    /// The views of the navigation, in its order.
    pub(crate) const MAIN: [Self; 5] = [Self::Overview, Self::Blocks, Self::Wallet, Self::Mining, Self::Node];
    /// All views.
    pub(crate) const ALL: [Self; 6] =
        [Self::Overview, Self::Blocks, Self::Wallet, Self::Mining, Self::Node, Self::Rules];

    /// Its name in the URL.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Blocks => "blocks",
            Self::Wallet => "wallet",
            Self::Mining => "mining",
            Self::Node => "node",
            Self::Rules => "rules",
        }
    }

    fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|view| view.name() == name)
    }
}

impl Subject {
    fn of(kind: &str, id: &str) -> Option<Self> {
        let height = || id.parse().ok().map(Self::Height);
        let found = match kind {
            "block" => id.parse().ok().map(Self::Block).or_else(height),
            "transaction" => id.parse().ok().map(Self::Transaction),
            "address" => id.parse().ok().map(Self::Address),
            _ => return None,
        };
        Some(found.unwrap_or(Self::Odd))
    }
}

impl Location {
    /// A view with the inspector closed.
    pub(crate) const fn view(view: View) -> Self {
        Self { view, subject: None, request: None }
    }

    /// Something looked at closely in a view.
    pub(crate) const fn subject(view: View, subject: Subject) -> Self {
        Self { view, subject: Some(subject), request: None }
    }

    /// The URL's fragment.
    pub(crate) fn fragment(self) -> String {
        let view = self.view.name();
        if let Some(request) = self.request {
            return request.link("");
        }
        match self.subject {
            None => format!("#/{view}"),
            Some(Subject::Block(id)) => format!("#/{view}/block/{id}"),
            Some(Subject::Transaction(id)) => format!("#/{view}/transaction/{id}"),
            Some(Subject::Address(address)) => format!("#/{view}/address/{address}"),
            Some(Subject::Height(height)) => format!("#/{view}/block/{height}"),
            Some(Subject::Odd) => format!("#/{view}/block/odd"),
        }
    }

    /// Parses a fragment; the overview if it is invalid.
    fn parse(fragment: &str) -> Self {
        if let Some(request) = PaymentUri::of_link(fragment) {
            return Self { request: request.ok(), ..Self::view(View::Wallet) };
        }
        let mut words = fragment.trim_start_matches('#').trim_start_matches('/').split('/');
        let view = words.next().and_then(View::of).unwrap_or(View::Overview);
        let subject = words.next().zip(words.next()).and_then(|(kind, id)| Subject::of(kind, id));
        Self { subject, ..Self::view(view) }
    }
}

impl Route {
    /// Follows the URL; a context of the whole page.
    pub(crate) fn provide() -> Self {
        let route = Self(AnySignal::new(here()));
        let listener = window_event_listener(leptos::ev::hashchange, move |_| route.0.set(here()));
        on_cleanup(move || listener.remove());
        provide_context(route);
        route
    }

    /// The location; the caller follows its changes.
    pub(crate) fn location(self) -> Location {
        self.0.get()
    }

    /// The location, without following it.
    pub(crate) fn location_now(self) -> Location {
        self.0.get_untracked()
    }

    /// The view; changes only when the view does.
    pub(crate) fn view(self) -> Memo<View> {
        Memo::new(move |_| self.0.get().view)
    }

    /// Goes to a location; the back button returns.
    pub(crate) fn go(self, to: Location) {
        // Fails only in a document without a window.
        let _ = location().set_hash(&to.fragment());
    }

    /// Goes to a location in the place of this one: the back button does not lead here again.
    pub(crate) fn replace(self, to: Location) {
        let here = location();
        let page = here.href().unwrap_or_default();
        let page = page.split('#').next().unwrap_or_default();
        // Fails only in a document without a window.
        let _ = here.replace(&format!("{page}{}", to.fragment()));
    }

    /// Opens or closes the inspector in the same view.
    pub(crate) fn look_at(self, subject: Option<Subject>) {
        self.go(Location { subject, request: None, ..self.0.get_untracked() });
    }

    /// Follows a link in a picture on the Enter key, because it is not a link of the document.
    pub(crate) fn enter(self, event: &leptos::ev::KeyboardEvent, to: Location) {
        if event.key() == "Enter" {
            event.prevent_default();
            self.go(to);
        }
    }

    /// Follows a link of the page. The browser alone would reload the page if its address is not its base. A click with
    /// a modifier is left to the browser, which opens a new tab.
    pub(crate) fn follow(self, event: &leptos::ev::MouseEvent, to: Location) {
        if !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key()) {
            event.prevent_default();
            self.go(to);
        }
    }
}

pub(crate) fn use_route() -> Route {
    expect_context()
}

fn here() -> Location {
    Location::parse(&location().hash().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn fragments_and_locations_are_converted() {
        let subjects = [
            Subject::Block(BlockId([1; 32])),
            Subject::Transaction(TxId([2; 32])),
            Subject::Address(Address([3; 20])),
            Subject::Height(12),
            Subject::Odd,
        ];
        for view in View::ALL {
            for subject in subjects.map(Some).into_iter().chain([None]) {
                let place = Location { subject, ..Location::view(view) };
                assert_eq!(Location::parse(&place.fragment()), place);
            }
        }
        let request = PaymentUri { recipient: Address([3; 20]), amount: "2.5".parse().ok() };
        let place = Location { request: Some(request), ..Location::view(View::Wallet) };
        assert_eq!(Location::parse(&place.fragment()), place);
        assert_eq!(Location::parse("#/pay/nobody"), Location::view(View::Wallet));
        for odd in ["", "#", "#main", "#/elsewhere", "#/overview/block", "#/overview/x/y"] {
            assert_eq!(Location::parse(odd), Location::view(View::Overview), "{odd}");
        }
    }
}
