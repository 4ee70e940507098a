//! The node worker's connection to the page.

use crate::codec::{decode, encode};
use crate::messages::{FromNode, ToNode, Update};
use crate::storage::opening::Opening;
use futures::StreamExt;
use futures::channel::mpsc::{UnboundedReceiver, unbounded};
use futures::stream::Next;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// The page, from the node worker's side.
pub(crate) struct Scope {
    page: DedicatedWorkerGlobalScope,
    /// Bounded by the user's clicks and by the page's one ping every few seconds.
    inbox: UnboundedReceiver<ToNode>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
}

impl Scope {
    /// The page that started this worker.
    pub(crate) fn open() -> Self {
        let page: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
        let (sender, inbox) = unbounded();
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            // Invalid messages get no answer, which the page reports.
            if let Ok(message) = decode(&event.data()) {
                // The inbox lives as long as the worker.
                let _ = sender.unbounded_send(message);
            }
        });
        page.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        Self { page, inbox, _on_message: on_message }
    }

    /// The page's next message.
    pub(crate) fn next(&mut self) -> Next<'_, UnboundedReceiver<ToNode>> {
        self.inbox.next()
    }

    /// Sends a message; the page may be gone.
    pub(crate) fn tell(&self, message: &FromNode) {
        tell(&self.page, message);
    }

    /// An opening whose progress is reported to the page.
    pub(crate) fn opening(&self) -> Rc<Opening> {
        let page = self.page.clone();
        Opening::new(move |read, size| tell(&page, &FromNode::Update(Update::Opening { read, size })))
    }
}

fn tell(page: &DedicatedWorkerGlobalScope, message: &FromNode) {
    if let Ok(message) = encode(message) {
        let _ = page.post_message(&message);
    }
}
