//! Circumstances of mining that only the page can see.

use crate::environment;
use crate::session::Session;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{BatteryManager, EventTarget, PageTransitionEvent};

/// Reports events of the tab and its device to the session, as long as the page lives.
pub(crate) fn watch(session: Session) {
    let see = move || {
        let hidden = document().hidden();
        session.change_circumstances(|seen| seen.hidden = hidden);
    };
    see();
    listen(&document(), "visibilitychange", move |_| see());
    // The worker detects its own freeze; whether it freezes together with the page is up to the browser.
    listen(&document(), "resume", move |_| session.reconnect());
    listen(&window(), "pageshow", move |event: JsValue| {
        if event.unchecked_into::<PageTransitionEvent>().persisted() {
            session.reconnect();
        }
    });
    spawn_local(async move {
        let Some(battery) = battery().await else { return };
        let tell = {
            let battery = battery.clone();
            move || {
                let on_battery = Some(!battery.charging());
                session.change_circumstances(|seen| seen.on_battery = on_battery);
            }
        };
        tell();
        listen(&battery, "chargingchange", move |_| tell());
        // The browser may drop a battery object without references, and its events with it.
        core::mem::forget(battery);
    });
}

/// The browser's battery object, which some browsers lack, and all lack over plain http.
async fn battery() -> Option<BatteryManager> {
    let requested = environment::call_method(&window().navigator(), "getBattery")?;
    JsFuture::from(requested.dyn_into::<js_sys::Promise>().ok()?).await.ok()?.dyn_into().ok()
}

/// Adds a permanent listener.
fn listen(target: &EventTarget, event: &str, listener: impl FnMut(JsValue) + 'static) {
    let listener = Closure::<dyn FnMut(JsValue)>::new(listener).into_js_value();
    // Fails only for something that is not a function.
    let _ = target.add_event_listener_with_callback(event, listener.unchecked_ref());
}
