//! What carries the frames to the page's own relay: a WebSocket, or plain requests where WebSockets are blocked.

use crate::socket::{Carrier, Socket, SocketEvent};
use fedcoin_node::PeerAddress;
use gloo_timers::callback::Interval;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::WorkerGlobalScope;

/// How often a connection over plain requests looks whether WebSockets work, in milliseconds.
const PROBE_MS: u32 = 20_000;
/// The same where they seemed to work again and again and did not.
const MAX_PROBE_MS: u32 = 10 * 60 * 1_000;

/// The way to the page's own relay. A page may ask no other for anything but a WebSocket.
#[derive(Debug)]
pub(crate) struct Way {
    /// The page's own relay, and the folder of its page: a proxy may serve it below a path, which no peer address has.
    own: Option<(PeerAddress, String)>,
    carrier: Rc<Cell<Carrier>>,
    probe_ms: u32,
}

/// Looks whether WebSockets work, until it is dropped.
#[derive(Debug)]
pub(crate) struct Probe {
    _interval: Interval,
    _socket: Rc<RefCell<Option<Socket>>>,
}

impl Way {
    /// A WebSocket, until one fails.
    pub(crate) fn new() -> Self {
        let scope: WorkerGlobalScope = js_sys::global().unchecked_into();
        // This worker's script is beside the page.
        let (origin, script) = (scope.location().origin(), scope.location().href());
        let relay = format!("{}/ws", origin.replacen("http", "ws", 1)).parse().ok();
        let folder = script.rsplit_once('/').map(|(folder, _)| folder.to_owned());
        Self { own: relay.zip(folder), carrier: Rc::default(), probe_ms: PROBE_MS }
    }

    /// What is to carry the next connection to an address.
    pub(crate) fn carrier(&self, address: &PeerAddress) -> Carrier {
        if self.is_own(address) { self.carrier.get() } else { Carrier::WebSocket }
    }

    /// The URL of an address for a carrier.
    pub(crate) fn url(&self, address: &PeerAddress, carrier: Carrier) -> String {
        match (&self.own, carrier) {
            (Some((own, folder)), Carrier::Http) if own == address => format!("{folder}/frames"),
            (Some((own, folder)), Carrier::WebSocket) if own == address => {
                format!("{}/ws", folder.replacen("http", "ws", 1))
            }
            _ => address.as_str().to_owned(),
        }
    }

    /// A connection ended on which nothing ever came: the next one takes the other way.
    pub(crate) fn failed(&mut self, address: &PeerAddress) {
        if !self.is_own(address) {
            return;
        }
        self.carrier.set(match self.carrier.get() {
            Carrier::WebSocket => Carrier::Http,
            Carrier::Http => Carrier::WebSocket,
        });
    }

    /// A WebSocket carries frames.
    pub(crate) fn works(&mut self, carrier: Carrier) {
        if carrier == Carrier::WebSocket {
            self.probe_ms = PROBE_MS;
        }
    }

    /// Beside a connection over plain requests: looks whether WebSockets work now, and calls `found` when they do.
    pub(crate) fn probe(&mut self, address: &PeerAddress, found: impl Fn() + 'static) -> Probe {
        let socket = Rc::<RefCell<Option<Socket>>>::default();
        let (held, carrier) = (Rc::clone(&socket), Rc::clone(&self.carrier));
        let url = self.url(address, Carrier::WebSocket);
        let found = Rc::new(found);
        let look = move || {
            let (found, carrier) = (Rc::clone(&found), Rc::clone(&carrier));
            let told = move |event| {
                if event == SocketEvent::Opened {
                    carrier.set(Carrier::WebSocket);
                    found();
                }
            };
            *held.borrow_mut() = Socket::dial(&url, Carrier::WebSocket, told).ok();
        };
        let interval = Interval::new(self.probe_ms, look);
        // Until a WebSocket carries something.
        self.probe_ms = (2 * self.probe_ms).min(MAX_PROBE_MS);
        Probe { _interval: interval, _socket: socket }
    }

    fn is_own(&self, address: &PeerAddress) -> bool {
        self.own.as_ref().is_some_and(|(own, _)| own == address)
    }
}
