//! How frames travel to the page's own relay: over a WebSocket, or in plain requests where WebSockets are blocked.

use crate::socket::{Carrier, Socket, SocketEvent};
use fedcoin_node::PeerAddress;
use gloo_timers::callback::Interval;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::WorkerGlobalScope;

/// Interval at which a connection over plain requests tries a WebSocket, in milliseconds.
const PROBE_MS: u32 = 20_000;
/// Maximum interval, after WebSockets that opened but carried nothing.
const MAX_PROBE_MS: u32 = 10 * 60 * 1_000;

/// The way to the page's own relay. Browsers let a page connect to other relays by WebSocket only.
#[derive(Debug)]
pub(crate) struct Way {
    /// The page's own relay, and the URL of the page's folder, because a proxy may serve the page below a path. Peer
    /// addresses have no such path.
    own: Option<(PeerAddress, String)>,
    carrier: Rc<Cell<Carrier>>,
    probe_ms: u32,
}

/// Tries WebSockets at intervals until it is dropped.
#[derive(Debug)]
pub(crate) struct Probe {
    _interval: Interval,
    _socket: Rc<RefCell<Option<Socket>>>,
}

impl Way {
    /// Starts with WebSockets.
    pub(crate) fn new() -> Self {
        let scope: WorkerGlobalScope = js_sys::global().unchecked_into();
        // This worker's script is beside the page.
        let (origin, script) = (scope.location().origin(), scope.location().href());
        let relay = format!("{}/ws", origin.replacen("http", "ws", 1)).parse().ok();
        let folder = script.rsplit_once('/').map(|(folder, _)| folder.to_owned());
        Self { own: relay.zip(folder), carrier: Rc::default(), probe_ms: PROBE_MS }
    }

    /// The carrier of the next connection to an address.
    pub(crate) fn carrier(&self, address: &PeerAddress) -> Carrier {
        if self.is_own(address) { self.carrier.get() } else { Carrier::WebSocket }
    }

    pub(crate) fn url(&self, address: &PeerAddress, carrier: Carrier) -> String {
        match (&self.own, carrier) {
            (Some((own, folder)), Carrier::Http) if own == address => format!("{folder}/frames"),
            (Some((own, folder)), Carrier::WebSocket) if own == address => {
                format!("{}/ws", folder.replacen("http", "ws", 1))
            }
            _ => address.as_str().to_owned(),
        }
    }

    /// Records that a connection ended before it received anything: the next one uses the other carrier.
    pub(crate) fn failed(&mut self, address: &PeerAddress) {
        if !self.is_own(address) {
            return;
        }
        self.carrier.set(match self.carrier.get() {
            Carrier::WebSocket => Carrier::Http,
            Carrier::Http => Carrier::WebSocket,
        });
    }

    /// Records that this carrier delivers frames.
    pub(crate) fn works(&mut self, carrier: Carrier) {
        if carrier == Carrier::WebSocket {
            self.probe_ms = PROBE_MS;
        }
    }

    /// While a connection runs over plain requests: tries WebSockets, and calls `found` when one opens.
    pub(crate) fn probe(&mut self, address: &PeerAddress, found: impl Fn() + 'static) -> Probe {
        let socket = Rc::<RefCell<Option<Socket>>>::default();
        let (held, carrier) = (Rc::clone(&socket), Rc::clone(&self.carrier));
        let url = self.url(address, Carrier::WebSocket);
        let found = Rc::new(found);
        let look = move || {
            let (found, carrier) = (Rc::clone(&found), Rc::clone(&carrier));
            let on_event = move |event| {
                if event == SocketEvent::Opened {
                    carrier.set(Carrier::WebSocket);
                    found();
                }
            };
            *held.borrow_mut() = Socket::dial(&url, Carrier::WebSocket, on_event).ok();
        };
        let interval = Interval::new(self.probe_ms, look);
        // Reset once a WebSocket delivers something.
        self.probe_ms = (2 * self.probe_ms).min(MAX_PROBE_MS);
        Probe { _interval: interval, _socket: socket }
    }

    fn is_own(&self, address: &PeerAddress) -> bool {
        self.own.as_ref().is_some_and(|(own, _)| own == address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn websockets_that_carry_nothing_are_tried_ever_more_rarely() {
        let (mut way, address) = (Way::new(), "127.0.0.1:1".parse().unwrap());
        for expected in [20_000, 40_000, 80_000, 160_000, 320_000, 600_000, 600_000] {
            assert_eq!(way.probe_ms, expected);
            drop(way.probe(&address, || {}));
        }
        way.works(Carrier::Http);
        assert_eq!(way.probe_ms, MAX_PROBE_MS);
        way.works(Carrier::WebSocket);
        assert_eq!(way.probe_ms, PROBE_MS);
    }
}
