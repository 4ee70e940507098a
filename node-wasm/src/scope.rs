//! The node worker's end of the page.

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

/// The page, as its node worker sees it.
pub(crate) struct Scope {
    page: DedicatedWorkerGlobalScope,
    /// Bounded by what a person clicks and by the page's one ping every few seconds.
    inbox: UnboundedReceiver<ToNode>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
}

impl Scope {
    /// The page that started the worker this runs in.
    pub(crate) fn open() -> Self {
        let page: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
        let (sender, inbox) = unbounded();
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            // What is no message gets no answer, and the page says so.
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

    /// Sends; nothing is lost when the page is gone.
    pub(crate) fn tell(&self, message: &FromNode) {
        tell(&self.page, message);
    }

    /// An opening of whose progress the page is told.
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
