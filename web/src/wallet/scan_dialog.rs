use crate::i18n::use_i18n;
use crate::ids;
use crate::parts::dialog::DialogButton;
use crate::signals::any_signal::AnySignal;
use crate::wallet::camera::Camera;
use crate::wallet::key_import::chosen_file;
use crate::wallet::scanner::{self, Scanner};
use fedcoin_node::wallet::PaymentUri;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;
use wasm_bindgen_futures::JsFuture;

/// Interval of scans of the camera's picture.
const PAUSE: Duration = Duration::from_millis(250);

/// The payment request, address or public key in a scanned or pasted text, if any.
pub(crate) fn request_in(text: &str) -> Option<PaymentUri> {
    PaymentUri::of_text(text).ok()
}

/// Reads a payment request by camera or from a picture; absent if the browser cannot read QR codes.
#[component]
pub(crate) fn ScanButton(
    /// Called with the request.
    #[prop(into)]
    on_request: Callback<PaymentUri>,
) -> impl IntoView {
    let i18n = use_i18n();
    let open = RwSignal::new(false);
    let found = move |request| {
        open.set(false);
        on_request.run(request);
    };
    scanner::is_there().then(|| {
        view! {
            <DialogButton
                open
                testid=ids::SCAN
                class="small"
                label=Signal::derive(i18n.text(|texts| texts.receive.scan))
                title=Signal::derive(i18n.text(|texts| texts.receive.scan_title))
            >
                <Contents found=Callback::new(found) />
            </DialogButton>
        }
    })
}

/// Problems to show to the user.
#[derive(Clone, Copy, PartialEq)]
enum Trouble {
    NoCamera,
    Nothing,
    Other,
}

#[component]
fn Contents(found: Callback<PaymentUri>) -> impl IntoView {
    let i18n = use_i18n();
    let trouble = AnySignal::new(None::<Trouble>);
    let video = NodeRef::<html::Video>::new();
    // The camera is dropped with the dialog's contents.
    let camera = StoredValue::new_local(None::<Camera>);
    Effect::new(move |_| {
        if video.get().is_some() {
            spawn_local(watch(video, camera, trouble, found));
        }
    });
    let choose = move |event: leptos::ev::Event| {
        let Some(file) = chosen_file(&event) else { return };
        spawn_local(async move {
            let text = async {
                let bitmap = JsFuture::from(window().create_image_bitmap_with_blob(&file).ok()?).await.ok()?;
                Scanner::new()?.read(&bitmap).await
            };
            match text.await {
                None => trouble.try_set(Some(Trouble::Nothing)),
                Some(text) => match request_in(&text) {
                    Some(request) => found.run(request),
                    None => trouble.try_set(Some(Trouble::Other)),
                },
            }
        });
    };
    let words = move || {
        let texts = &i18n.texts().receive;
        trouble.get().map(|trouble| match trouble {
            Trouble::NoCamera => texts.scan_no_camera,
            Trouble::Nothing => texts.scan_nothing,
            Trouble::Other => texts.scan_other,
        })
    };
    view! {
        <p>{i18n.text(|texts| texts.receive.scan_hint)}</p>
        <video
            node_ref=video
            class="scan-video"
            class:off=move || trouble.get() == Some(Trouble::NoCamera)
            muted
            playsinline
            data-testid=ids::SCAN_VIDEO
        ></video>
        <p class="field-error" role="alert" data-testid=ids::SCAN_PROBLEM>{words}</p>
        <div class="field">
            <label for="scan-image">{i18n.text(|texts| texts.receive.scan_image)}</label>
            <input type="file" id="scan-image" accept="image/*" data-testid=ids::SCAN_IMAGE on:change=choose />
        </div>
    }
}

/// Scans the camera's picture until a request is found or the dialog is gone.
async fn watch(
    video: NodeRef<html::Video>,
    camera: StoredValue<Option<Camera>, LocalStorage>,
    trouble: AnySignal<Option<Trouble>>,
    found: Callback<PaymentUri>,
) {
    let (Some(opened), Some(scanner)) = (Camera::open().await, Scanner::new()) else {
        trouble.try_set(Some(Trouble::NoCamera));
        return;
    };
    let Some(screen) = video.try_get_untracked().flatten() else { return };
    screen.set_src_object(Some(opened.stream()));
    // If the dialog was closed meanwhile, the camera cannot be kept, and is switched off here.
    if camera.try_set_value(Some(opened)).is_some() {
        return;
    }
    if let Ok(playing) = screen.play() {
        let _ = JsFuture::from(playing).await;
    }
    while camera.try_with_value(|_| ()).is_some() {
        match scanner.read(&screen).await.map(|text| request_in(&text)) {
            Some(Some(request)) => return found.run(request),
            Some(None) => trouble.try_set(Some(Trouble::Other)),
            None => {}
        }
        pause().await;
    }
}

/// Waits for [`PAUSE`].
async fn pause() {
    let promise = js_sys::Promise::new(&mut |done, _| {
        set_timeout(move || drop(done.call0(&wasm_bindgen::JsValue::UNDEFINED)), PAUSE);
    });
    let _ = JsFuture::from(promise).await;
}
