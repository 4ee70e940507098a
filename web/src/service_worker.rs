//! The service worker (`service-worker.js`), which lets the page start without its relay; newer versions of the page
//! that it finds; and the browser's offer to install the page.

use crate::environment;
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Event, MessageEvent, ServiceWorkerRegistration};

/// Its script, beside the page.
const SCRIPT: &str = "sw.js";
/// How `index.html` says its build.
const BUILD: &str = "<meta name=\"build\" content=\"";
/// How long the relay may take to tell its build, in milliseconds.
const PATIENCE_MS: u32 = 10_000;
/// The node starts first: fetching the page a second time must not hold it up.
const DELAY: Duration = Duration::from_secs(5);
/// Interval of checks for a newer version on an open page.
const LOOK: Duration = Duration::from_secs(60 * 60);

/// The page's installation state; a context of the whole page.
#[derive(Clone, Copy)]
pub(crate) struct Installation {
    newer: RwSignal<bool>,
    offer: StoredValue<Option<Event>, LocalStorage>,
    offered: RwSignal<bool>,
}

impl Installation {
    /// Has the browser keep the page's files; a context of the whole page.
    pub(crate) fn provide() -> Self {
        let installation =
            Self { newer: RwSignal::new(false), offer: StoredValue::new_local(None), offered: RwSignal::new(false) };
        provide_context(installation);
        installation.wait_for_offer();
        // Absent over plain http; a page that is not installed works as well.
        if window().is_secure_context() {
            let register = async move { drop(installation.register().await) };
            set_timeout(move || leptos::task::spawn_local(register), DELAY);
        }
        installation
    }

    /// Whether a newer version of the page is ready.
    pub(crate) fn has_newer(self) -> bool {
        self.newer.get()
    }

    /// Asks the relay which build of the page it serves.
    pub(crate) async fn look(self) {
        let Ok(index) = environment::fetch_text("index.html", PATIENCE_MS).await else { return };
        let served = index.split_once(BUILD).and_then(|(_, rest)| rest.split_once('"')).map(|(id, _)| id.to_owned());
        if served.is_some() && served != environment::of_build("build") {
            self.newer.set(true);
        }
    }

    /// Whether the browser offers to install the page.
    pub(crate) fn is_offered(self) -> bool {
        self.offered.get()
    }

    /// Accepts the browser's offer: the browser asks the user.
    pub(crate) fn install(self) {
        self.offered.set(false);
        let offer = self.offer.try_update_value(Option::take).flatten();
        if let Some(offer) = offer
            && let Ok(prompt) = js_sys::Reflect::get(&offer, &"prompt".into())
            && let Ok(prompt) = prompt.dyn_into::<js_sys::Function>()
        {
            // Refused only if it was accepted before.
            let _ = prompt.call0(&offer);
        }
    }

    async fn register(self) -> Result<(), JsValue> {
        let container = window().navigator().service_worker();
        // The worker reports the build that it stores as soon as it is complete.
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let (Some(kept), Some(own)) = (event.data().as_string(), environment::of_build("build")) {
                self.newer.set(kept != own);
            }
        });
        container.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        on_message.forget();
        let registration = JsFuture::from(container.register(SCRIPT)).await?;
        let registration: ServiceWorkerRegistration = registration.unchecked_into();
        set_interval(
            move || {
                // Without a relay there is no newer version either.
                let _ = registration.update();
            },
            LOOK,
        );
        Ok(())
    }

    fn wait_for_offer(self) {
        let offered = window_event_listener_untyped("beforeinstallprompt", move |event| {
            event.prevent_default();
            self.offer.set_value(Some(event));
            self.offered.set(true);
        });
        on_cleanup(move || offered.remove());
    }
}

pub(crate) fn use_installation() -> Installation {
    expect_context()
}
