//! Two short tones, made by the browser: no file.

use crate::news::digest::Kind;
use crate::prefs;
use js_sys::Reflect;
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::AudioContext;

/// Key of the choice.
const REMEMBERED: &str = "fedcoin-sound";
const ON: &str = "on";
/// How long a tone sounds, in seconds.
const TONE: f64 = 0.14;

/// Sounds with news, if the user wants that.
#[derive(Clone, Copy)]
pub(super) struct Chime {
    on: RwSignal<bool>,
    /// Made with the first sound.
    context: StoredValue<Option<AudioContext>, LocalStorage>,
}

impl Chime {
    /// As the user last chose; off at first.
    pub(super) fn new() -> Self {
        let on = prefs::lasting(REMEMBERED).is_some_and(|choice| choice == ON);
        Self { on: RwSignal::new(on), context: StoredValue::new_local(None) }
    }

    pub(super) const fn is_on(self) -> RwSignal<bool> {
        self.on
    }

    /// Switches the sound, remembers that, and plays one to hear.
    pub(super) fn switch(self, on: bool) {
        self.on.set(on);
        prefs::set_lasting(REMEMBERED, if on { ON } else { "" });
        self.ring(Kind::Received);
    }

    /// Sounds, if it is switched on and the browser allows it: not before the first click.
    pub(super) fn ring(self, kind: Kind) {
        if self.on.get_untracked() && was_clicked() {
            // Without a loudspeaker there is no sound.
            let _ = self.play(match kind {
                Kind::Received => [660.0, 880.0],
                Kind::Mined => [523.0, 1_047.0],
            });
        }
    }

    fn play(self, pitches: [f32; 2]) -> Result<(), JsValue> {
        let context = match self.context.get_value() {
            Some(context) => context,
            None => AudioContext::new()?,
        };
        self.context.set_value(Some(context.clone()));
        let (start, volume) = (context.current_time(), context.create_gain()?);
        volume.connect_with_audio_node(&context.destination())?;
        volume.gain().set_value_at_time(0.15, start)?;
        // Without it the end cracks.
        volume.gain().exponential_ramp_to_value_at_time(0.001, start + 3.0 * TONE)?;
        for (place, pitch) in pitches.into_iter().enumerate() {
            let tone = context.create_oscillator()?;
            tone.frequency().set_value(pitch);
            tone.connect_with_audio_node(&volume)?;
            let begin = start + TONE * place as f64;
            tone.start_with_when(begin)?;
            tone.stop_with_when(begin + 2.0 * TONE)?;
        }
        Ok(())
    }
}

/// Whether the user has done anything on this page, where the browser tells: before that it allows no sound.
fn was_clicked() -> bool {
    let get =
        |object: &JsValue, name: &str| Reflect::get(object, &name.into()).ok().filter(|value| !value.is_undefined());
    let activation = get(&window().navigator(), "userActivation");
    activation.and_then(|activation| get(&activation, "hasBeenActive")).is_none_or(|active| active.is_truthy())
}
