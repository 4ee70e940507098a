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
    /// Begins the addresses of the page's own relay.
    own: Option<String>,
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
        let origin = scope.location().origin();
        let own = origin.strip_prefix("http").map(|rest| format!("ws{rest}/"));
        Self { own, carrier: Rc::default(), probe_ms: PROBE_MS }
    }

    /// What is to carry the next connection to an address.
    pub(crate) fn carrier(&self, address: &PeerAddress) -> Carrier {
        if self.is_own(address) { self.carrier.get() } else { Carrier::WebSocket }
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
        let (held, address, carrier) = (Rc::clone(&socket), address.clone(), Rc::clone(&self.carrier));
        let found = Rc::new(found);
        let look = move || {
            let (found, carrier) = (Rc::clone(&found), Rc::clone(&carrier));
            let told = move |event| {
                if event == SocketEvent::Opened {
                    carrier.set(Carrier::WebSocket);
                    found();
                }
            };
            *held.borrow_mut() = Socket::dial(&address, Carrier::WebSocket, told).ok();
        };
        let interval = Interval::new(self.probe_ms, look);
        // Until a WebSocket carries something.
        self.probe_ms = (2 * self.probe_ms).min(MAX_PROBE_MS);
        Probe { _interval: interval, _socket: socket }
    }

    fn is_own(&self, address: &PeerAddress) -> bool {
        self.own.as_ref().is_some_and(|own| address.as_str().starts_with(own.as_str()))
    }
}
