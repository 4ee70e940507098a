use crate::codec::{decode, encode};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ErrorEvent, Event, MessageEvent, Worker, WorkerOptions, WorkerType};

/// A worker started from here; dropping it ends it at once, whatever it is doing.
#[derive(Debug)]
pub(crate) struct Thread {
    worker: Worker,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(Event)>,
}

impl Thread {
    /// Starts the script at `url`, relative to the starting script. Calls `failed` when the script does not load or
    /// dies, with what the browser says of an error.
    pub(crate) fn spawn<T: for<'de> Deserialize<'de>>(
        url: &str,
        message: impl Fn(T) + 'static,
        failed: impl Fn(Option<String>) + 'static,
    ) -> Result<Self, String> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(url, &options).map_err(|e| crate::exception::text(&e))?;
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            // Invalid messages count as silence.
            if let Ok(report) = decode(&event.data()) {
                message(report);
            }
        });
        let on_error = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
            // A script that does not load is an event without a message.
            failed(event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message));
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(Self { worker, _on_message: on_message, _on_error: on_error })
    }

    /// Sends a message. A dead thread shows by its silence.
    pub(crate) fn send(&self, message: &impl Serialize) {
        if let Ok(message) = encode(message) {
            self.send_value(&message);
        }
    }

    /// Sends a JavaScript value as it is.
    pub(crate) fn send_value(&self, value: &JsValue) {
        let _ = self.worker.post_message(value);
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}
