//! A WebSocket to a relay.

use fedcoin_node::wire::MAX_FRAME_BYTES;
use gloo_timers::callback::Timeout;
use js_sys::{ArrayBuffer, Uint8Array};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{BinaryType, CloseEvent, MessageEvent, WebSocket};

/// Maximum time for a connection to be established in milliseconds; browsers wait for minutes.
const DIAL_MS: u32 = 10_000;
/// Maximum bytes that wait to be sent: two full answers to a request for blocks.
const MAX_UNSENT: usize = 32 * MAX_FRAME_BYTES;
/// Maximum received bytes that wait for the node.
const MAX_UNREAD: usize = 32 * MAX_FRAME_BYTES;

/// Events of a socket. [`SocketEvent::Closed`] is the last one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SocketEvent {
    /// The connection is established.
    Opened,
    /// A frame has arrived; call [`Socket::frame_read`] when it has been handled.
    Frame(Vec<u8>),
    /// The connection ended, or was never established.
    Closed(CloseCause),
}

/// Why a connection ended.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CloseCause {
    /// It was not established in time.
    #[error("no answer within {} s", DIAL_MS / 1_000)]
    DialTimeout,
    /// The connection failed. Browsers do not reveal the reason.
    #[error("no node answers at that address")]
    Unreachable,
    /// The other side closed it, or the network failed.
    #[error("closed with code {code}{}", if reason.is_empty() { String::new() } else { format!(": {reason}") })]
    Closed {
        /// The WebSocket close code.
        code: u16,
        /// The other side's reason.
        reason: String,
    },
    /// A text frame arrived.
    #[error("it sent text instead of frames")]
    Text,
    /// A frame was too large.
    #[error("it sent a frame of {got} bytes, at most {MAX_FRAME_BYTES} are allowed")]
    FrameTooLarge {
        /// Size of the frame in bytes.
        got: usize,
    },
    /// Frames arrive faster than the node processes them.
    #[error("more than {MAX_UNREAD} bytes wait to be read")]
    TooFast,
    /// The other side reads too slowly.
    #[error("more than {MAX_UNSENT} bytes wait to be sent")]
    SlowReader,
    /// Closed in order to dial again: after a sleep or a change of network, a connection may be dead for minutes before
    /// anybody notices.
    #[error("replaced by a new connection")]
    Renewed,
}

impl CloseCause {
    /// Whether the other side violated the protocol or a limit, rather than being gone.
    #[must_use]
    pub const fn is_fault(&self) -> bool {
        matches!(self, Self::Text | Self::FrameTooLarge { .. } | Self::TooFast | Self::SlowReader)
    }
}

/// A WebSocket with its handlers; dropping it closes the connection without a further event.
#[derive(Debug)]
pub struct Socket {
    socket: WebSocket,
    shared: Rc<Shared>,
    _handlers: Handlers,
}

#[derive(Debug)]
struct Handlers {
    _on_open: Closure<dyn FnMut()>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_close: Closure<dyn FnMut(CloseEvent)>,
}

struct Shared {
    report: Box<dyn Fn(SocketEvent)>,
    opened: Cell<bool>,
    over: Cell<bool>,
    unread: Cell<usize>,
    dial_timer: Cell<Option<Timeout>>,
}

impl Socket {
    /// Dials a URL. Events go to `report`, never before this returns.
    ///
    /// # Errors
    /// The browser's error for an address that it refuses to dial at all.
    pub fn dial(url: &str, report: impl Fn(SocketEvent) + 'static) -> Result<Self, String> {
        let socket = WebSocket::new(url).map_err(|e| crate::exception::text(&e))?;
        socket.set_binary_type(BinaryType::Arraybuffer);
        let shared = Rc::new(Shared {
            report: Box::new(report),
            opened: Cell::new(false),
            over: Cell::new(false),
            unread: Cell::new(0),
            dial_timer: Cell::new(None),
        });
        let (timed, timer_socket) = (Rc::clone(&shared), socket.clone());
        shared.dial_timer.set(Some(Timeout::new(DIAL_MS, move || {
            if !timed.opened.get() {
                timed.end(&timer_socket, CloseCause::DialTimeout);
            }
        })));
        let handlers = Handlers::attach(&socket, &shared);
        Ok(Self { socket, shared, _handlers: handlers })
    }

    /// Queues a frame.
    ///
    /// # Errors
    /// [`CloseCause`] if that is not possible; the socket must then be dropped.
    pub fn send(&self, frame: &[u8]) -> Result<(), CloseCause> {
        if self.socket.buffered_amount() as usize + frame.len() > MAX_UNSENT {
            return Err(CloseCause::SlowReader);
        }
        // It throws only while connecting, and the node has no peer before it is connected.
        self.socket.send_with_u8_array(frame).map_err(|_| CloseCause::Unreachable)
    }

    /// Whether the connection was ever established.
    #[must_use]
    pub fn has_stood(&self) -> bool {
        self.shared.opened.get()
    }

    /// Releases the memory quota of a handled frame.
    pub fn frame_read(&self, bytes: usize) {
        self.shared.unread.set(self.shared.unread.get().saturating_sub(bytes));
    }
}

impl Drop for Socket {
    /// The browser sends what is queued before it closes.
    fn drop(&mut self) {
        self.shared.over.set(true);
        self.shared.dial_timer.take();
        detach(&self.socket);
        // It throws only for codes and reasons out of range.
        let _ = self.socket.close();
    }
}

impl Handlers {
    fn attach(socket: &WebSocket, shared: &Rc<Shared>) -> Self {
        let opened = Rc::clone(shared);
        let on_open = Closure::<dyn FnMut()>::new(move || {
            opened.opened.set(true);
            opened.dial_timer.take();
            opened.tell(SocketEvent::Opened);
        });
        let (receiving, this) = (Rc::clone(shared), socket.clone());
        let on_message =
            Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| match receiving.frame(&event) {
                Ok(frame) => receiving.tell(SocketEvent::Frame(frame)),
                Err(cause) => receiving.end(&this, cause),
            });
        let (closing, this) = (Rc::clone(shared), socket.clone());
        let on_close = Closure::<dyn FnMut(CloseEvent)>::new(move |event: CloseEvent| {
            let cause = if closing.opened.get() {
                CloseCause::Closed { code: event.code(), reason: event.reason() }
            } else {
                CloseCause::Unreachable
            };
            closing.end(&this, cause);
        });
        socket.set_onopen(Some(on_open.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        socket.set_onclose(Some(on_close.as_ref().unchecked_ref()));
        Self { _on_open: on_open, _on_message: on_message, _on_close: on_close }
    }
}

impl Shared {
    fn tell(&self, event: SocketEvent) {
        if !self.over.get() {
            (self.report)(event);
        }
    }

    fn end(&self, socket: &WebSocket, cause: CloseCause) {
        self.tell(SocketEvent::Closed(cause));
        self.over.set(true);
        // A close that is never answered must not block anything: nobody listens any more.
        let _ = socket.close();
    }

    fn frame(&self, event: &MessageEvent) -> Result<Vec<u8>, CloseCause> {
        let buffer = event.data().dyn_into::<ArrayBuffer>().map_err(|_| CloseCause::Text)?;
        let got = buffer.byte_length() as usize;
        if got > MAX_FRAME_BYTES {
            return Err(CloseCause::FrameTooLarge { got });
        }
        if self.unread.get() + got > MAX_UNREAD {
            return Err(CloseCause::TooFast);
        }
        self.unread.set(self.unread.get() + got);
        Ok(Uint8Array::new(&buffer).to_vec())
    }
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").field("opened", &self.opened).field("unread", &self.unread).finish_non_exhaustive()
    }
}

fn detach(socket: &WebSocket) {
    socket.set_onopen(None);
    socket.set_onmessage(None);
    socket.set_onclose(None);
}
