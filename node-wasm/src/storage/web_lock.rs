use super::opfs;
use futures::channel::oneshot;
use futures::future::{Either, select};
use js_sys::{Function, Object, Promise, Reflect};
use std::io;
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::WorkerGlobalScope;

#[wasm_bindgen]
extern "C" {
    /// See <https://w3c.github.io/web-locks/>.
    type LockManager;

    #[wasm_bindgen(method, catch)]
    fn request(
        this: &LockManager,
        name: &str,
        options: &JsValue,
        granted: &JsValue,
    ) -> Result<js_sys::Promise, JsValue>;
}

/// A lock that one worker or page of this origin holds at a time, until dropped. The browser releases it when its
/// holder ends for any reason.
#[derive(Debug)]
pub(super) struct WebLock {
    /// Settles the promise for which the browser keeps the lock.
    release: Function,
}

impl WebLock {
    /// Takes a name unless it is held, or takes it from its holder by force.
    ///
    /// # Errors
    /// [`io::ErrorKind::Unsupported`] where the browser has no such locks; else what it says.
    pub(super) async fn try_take(name: &str, by_force: bool) -> io::Result<Option<Self>> {
        let Some(locks) = manager() else { return Err(io::ErrorKind::Unsupported.into()) };
        let options = Object::new();
        let how = if by_force { "steal" } else { "ifAvailable" };
        Reflect::set(&options, &how.into(), &JsValue::TRUE).map_err(opfs::error)?;
        let (answer, answered) = oneshot::channel();
        // Called at most once: with the lock, or with null if it is held.
        let granted = Closure::once_into_js(move |lock: JsValue| -> JsValue {
            if lock.is_null() {
                let _ = answer.send(None);
                return JsValue::UNDEFINED;
            }
            let mut release = None;
            let held = Promise::new(&mut |resolve, _| release = Some(resolve));
            // If nobody waits for it any more, the lock ends with the worker.
            let _ = answer.send(release);
            held.into()
        });
        let request = locks.request(name, &options, &granted).map_err(opfs::error)?;
        match select(answered, JsFuture::from(request)).await {
            Either::Left((release, _)) => Ok(release.ok().flatten().map(|release| Self { release })),
            Either::Right((Ok(_), _)) => Ok(None),
            Either::Right((Err(exception), _)) => Err(opfs::error(exception)),
        }
    }
}

impl Drop for WebLock {
    fn drop(&mut self) {
        // It settles a promise, which cannot fail.
        let _ = self.release.call0(&JsValue::UNDEFINED);
    }
}

/// The browser's lock manager, which is hidden from pages over plain http.
fn manager() -> Option<LockManager> {
    let scope: WorkerGlobalScope = js_sys::global().unchecked_into();
    let locks = Reflect::get(&scope.navigator(), &"locks".into()).ok()?;
    locks.is_object().then(|| locks.unchecked_into())
}
