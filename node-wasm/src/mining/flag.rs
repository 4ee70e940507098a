//! The newest order's number in memory that node worker and miners share: a miner that sees it change stops without
//! asking the event loop.

use js_sys::{Atomics, Int32Array, Reflect, SharedArrayBuffer};
use wasm_bindgen::{JsCast, JsValue};

/// One shared word. The node worker writes it, the miners read it; what the order says still comes as a message.
#[derive(Clone, Debug)]
pub struct Flag {
    word: Int32Array,
}

impl Flag {
    /// A word to share; `None` where the browser shares no memory: outside of cross-origin isolated pages, as over
    /// plain http.
    #[must_use]
    pub fn new() -> Option<Self> {
        let isolated = Reflect::get(&js_sys::global(), &"crossOriginIsolated".into()).ok()?;
        (isolated == JsValue::TRUE).then(|| Self { word: Int32Array::new(&SharedArrayBuffer::new(4)) })
    }

    /// The flag in a message that [`Flag::message`] made.
    #[must_use]
    pub fn of_message(message: &JsValue) -> Option<Self> {
        message.has_type::<SharedArrayBuffer>().then(|| Self { word: Int32Array::new(message) })
    }

    /// What to send to a miner, once.
    #[must_use]
    pub fn message(&self) -> JsValue {
        self.word.buffer().into()
    }

    /// The newest order's number, of which the lowest 32 bits do.
    pub fn raise(&self, number: u64) {
        // It fails only where the array does not belong to atomics; this one does.
        let _ = Atomics::store(&self.word, 0, low(number));
    }

    /// Whether no order newer than this one was given.
    #[must_use]
    pub fn stands(&self, number: u64) -> bool {
        Atomics::load(&self.word, 0) == Ok(low(number))
    }
}

/// The lowest 32 bits.
fn low(number: u64) -> i32 {
    number as u32 as i32
}
