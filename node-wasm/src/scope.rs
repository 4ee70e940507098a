//! The node worker's connection to the page.

use crate::codec::{decode, encode};
use crate::messages::{FromNode, ToNode, Update};
use crate::storage::opening::Opening;
use futures::channel::mpsc::{UnboundedReceiver, unbounded};
use futures::future::{Either, select};
use futures::stream::Next;
use futures::{StreamExt, poll};
use gloo_timers::future::TimeoutFuture;
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// Time between two signs of life while something takes long, in milliseconds.
const SIGN_MS: u32 = 2_000;
/// Most of them: what takes longer is given up by the page.
const MAX_SIGNS: u32 = 30;

/// The page, as its node worker sees it.
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
    pub(crate) fn send(&self, message: &FromNode) {
        send(&self.page, message);
    }

    /// Waits for something that the browser may take long for, such as its storage. The page is given a sign meanwhile,
    /// or it would give the worker up.
    pub(crate) async fn with_signs<T>(&self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        // Most work is done at once, and needs no timer.
        if let Poll::Ready(done) = poll!(work.as_mut()) {
            return done;
        }
        for _ in 0..MAX_SIGNS {
            match select(work.as_mut(), TimeoutFuture::new(SIGN_MS)).await {
                Either::Left((done, _)) => return done,
                Either::Right(_) => self.send(&FromNode::Pong),
            }
        }
        work.await
    }

    /// An opening of whose progress the page is told.
    pub(crate) fn opening(&self) -> Rc<Opening> {
        let page = self.page.clone();
        Opening::new(move |read, size| send(&page, &FromNode::Update(Update::Opening { read, size })))
    }
}

fn send(page: &DedicatedWorkerGlobalScope, message: &FromNode) {
    if let Ok(message) = encode(message) {
        let _ = page.post_message(&message);
    }
}
