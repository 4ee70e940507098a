//! The number of the newest assignment, in memory shared by node worker and miners: a miner that sees it change stops
//! without returning to the event loop.

use js_sys::{Atomics, Int32Array, Reflect, SharedArrayBuffer};
use wasm_bindgen::{JsCast, JsValue};

/// One shared word. The node worker writes it, the miners read it; the assignment itself still arrives as a message.
#[derive(Clone, Debug)]
pub struct Flag {
    word: Int32Array,
}

impl Flag {
    /// A word to share; `None` where the browser shares no memory: outside of cross-origin isolated pages, as over
    /// plain http, and where it has no such memory at all.
    #[must_use]
    pub fn new() -> Option<Self> {
        let of_browser = |name: &str| Reflect::get(&js_sys::global(), &name.into()).ok();
        let may_share =
            of_browser("crossOriginIsolated")? == JsValue::TRUE && of_browser("SharedArrayBuffer")?.is_function();
        may_share.then(|| Self { word: Int32Array::new(&SharedArrayBuffer::new(4)) })
    }

    /// The flag in a message made by [`Flag::message`].
    #[must_use]
    pub fn of_message(message: &JsValue) -> Option<Self> {
        message.has_type::<SharedArrayBuffer>().then(|| Self { word: Int32Array::new(message) })
    }

    /// The message that shares the flag with a miner; send it once.
    #[must_use]
    pub fn message(&self) -> JsValue {
        self.word.buffer().into()
    }

    /// Sets the newest assignment's number; only its lowest 32 bits are used.
    pub fn raise(&self, number: u64) {
        // It only fails for arrays without atomics; this one has them.
        let _ = Atomics::store(&self.word, 0, low(number));
    }

    /// Whether there is no assignment newer than this one.
    #[must_use]
    pub fn stands(&self, number: u64) -> bool {
        Atomics::load(&self.word, 0) == Ok(low(number))
    }
}

/// The lowest 32 bits.
fn low(number: u64) -> i32 {
    number as u32 as i32
}
