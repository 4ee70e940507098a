use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MediaStream, MediaStreamConstraints, MediaStreamTrack};

/// The device's camera, switched on for as long as this lives.
pub(super) struct Camera(MediaStream);

impl Camera {
    /// Opens the camera that faces away from the user; `None` if there is none, if the user refuses, or if the page was
    /// loaded over plain http.
    pub(super) async fn open() -> Option<Self> {
        if !window().is_secure_context() {
            return None;
        }
        let facing = js_sys::Object::new();
        js_sys::Reflect::set(&facing, &"facingMode".into(), &"environment".into()).ok()?;
        let wish = MediaStreamConstraints::new();
        wish.set_video(&facing);
        let asked = window().navigator().media_devices().ok()?.get_user_media_with_constraints(&wish).ok()?;
        JsFuture::from(asked).await.ok()?.dyn_into().ok().map(Self)
    }

    /// The camera's stream.
    pub(super) const fn stream(&self) -> &MediaStream {
        &self.0
    }
}

impl Drop for Camera {
    /// Releases the camera: its light goes out.
    fn drop(&mut self) {
        for track in self.0.get_tracks().iter() {
            if let Ok(track) = JsValue::dyn_into::<MediaStreamTrack>(track) {
                track.stop();
            }
        }
    }
}
