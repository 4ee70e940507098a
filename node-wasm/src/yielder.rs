//! Returns to the event loop for a moment.

use futures::StreamExt;
use futures::channel::mpsc::{UnboundedReceiver, unbounded};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::Closure;
use web_sys::{MessageChannel, MessagePort};

/// Lets other events in between two pieces of long work.
///
/// It posts a message to itself, which queues behind the waiting messages and costs some 16 microseconds; a zero timer
/// would be clamped to four milliseconds.
#[derive(Debug)]
pub struct Yielder {
    sender: MessagePort,
    receiver: MessagePort,
    /// At most one message is in transit.
    arrived: UnboundedReceiver<()>,
    _on_message: Closure<dyn FnMut()>,
}

impl Yielder {
    /// A message channel to itself.
    ///
    /// # Errors
    /// The browser's error; browsers always have message channels.
    pub fn new() -> Result<Self, JsValue> {
        let channel = MessageChannel::new()?;
        let (sender, receiver) = (channel.port1(), channel.port2());
        let (arrival, arrived) = unbounded();
        let on_message = Closure::<dyn FnMut()>::new(move || {
            let _ = arrival.unbounded_send(());
        });
        receiver.set_onmessage(Some(wasm_bindgen::JsCast::unchecked_ref(on_message.as_ref())));
        Ok(Self { sender, receiver, arrived, _on_message: on_message })
    }

    /// Returns when all events that are waiting now have been handled.
    pub async fn yield_now(&mut self) {
        if self.sender.post_message(&JsValue::NULL).is_ok() {
            self.arrived.next().await;
        }
    }
}

impl Drop for Yielder {
    fn drop(&mut self) {
        self.receiver.set_onmessage(None);
        self.receiver.close();
        self.sender.close();
    }
}
