use super::Line;
use fedcoin_node::ConnectionError;
use js_sys::{ArrayBuffer, Uint8Array};
use std::rc::Rc;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BinaryType, CloseEvent, MessageEvent, WebSocket};

/// A WebSocket with its handlers.
#[derive(Debug)]
pub(super) struct Connected {
    socket: WebSocket,
    _handlers: Handlers,
}

#[derive(Debug)]
struct Handlers {
    _on_open: Closure<dyn FnMut()>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_close: Closure<dyn FnMut(CloseEvent)>,
}

impl Connected {
    pub(super) fn dial(url: &str, line: &Rc<Line>) -> Result<Self, JsValue> {
        let socket = WebSocket::new(url)?;
        socket.set_binary_type(BinaryType::Arraybuffer);
        let dialled = socket.clone();
        line.expect(move || close(&dialled));
        let handlers = Handlers::attach(&socket, line);
        Ok(Self { socket, _handlers: handlers })
    }

    pub(super) fn unsent(&self) -> usize {
        self.socket.buffered_amount() as usize
    }

    pub(super) fn send(&self, frame: &[u8]) -> Result<(), ConnectionError> {
        // It throws only while connecting, and the node knows no peer before it is connected.
        self.socket.send_with_u8_array(frame).map_err(|_| ConnectionError::Unreachable)
    }
}

impl Drop for Connected {
    /// The browser sends what is queued before it closes.
    fn drop(&mut self) {
        self.socket.set_onopen(None);
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
        close(&self.socket);
    }
}

impl Handlers {
    fn attach(socket: &WebSocket, line: &Rc<Line>) -> Self {
        let opened = Rc::clone(line);
        let on_open = Closure::<dyn FnMut()>::new(move || opened.opened());
        let (receiving, this) = (Rc::clone(line), socket.clone());
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let buffer = event.data().dyn_into::<ArrayBuffer>().map_err(|_| ConnectionError::Text);
            let told = buffer.and_then(|buffer| {
                receiving.received(buffer.byte_length() as usize, || Uint8Array::new(&buffer).to_vec())
            });
            if let Err(cause) = told {
                receiving.end(cause);
                close(&this);
            }
        });
        let closing = Rc::clone(line);
        let on_close = Closure::<dyn FnMut(CloseEvent)>::new(move |event: CloseEvent| {
            closing.end(match closing.has_stood() {
                true => ConnectionError::ClosedWithCode { code: event.code(), reason: event.reason() },
                false => ConnectionError::Unreachable,
            });
        });
        socket.set_onopen(Some(on_open.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        socket.set_onclose(Some(on_close.as_ref().unchecked_ref()));
        Self { _on_open: on_open, _on_message: on_message, _on_close: on_close }
    }
}

/// Closes; a close that is never answered must not hold anything up, as nobody listens any more.
fn close(socket: &WebSocket) {
    // It throws for codes and reasons out of range only.
    let _ = socket.close();
}
