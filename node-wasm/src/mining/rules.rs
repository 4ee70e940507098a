//! When a tab rests although its user wants to mine: on battery, hidden, or during a measurement (rule M7).

use core::time::Duration;
use serde::{Deserialize, Serialize};

/// The owner's choices for mining under different circumstances (rule M7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MiningRules {
    /// Rest while the device runs on its battery.
    pub rest_on_battery: bool,
    /// Behaviour while the program is hidden.
    pub when_hidden: WhenHidden,
}

/// Behaviour while the tab, or whatever shows the program, is hidden.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum WhenHidden {
    /// Continue to mine.
    GoOn,
    /// Continue to mine, and rest once it has been hidden for [`MiningRules::HIDDEN_AT_MOST`], because it may have been
    /// forgotten.
    #[default]
    RestLater,
    /// Rest at once.
    RestAtOnce,
}

/// The circumstances of mining besides the chain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Circumstances {
    /// Whether the device runs on its battery; `None` if unknown.
    pub on_battery: Option<bool>,
    /// How long the program has been hidden; `None` while it is visible.
    pub hidden_for: Option<Duration>,
    /// Whether the machine's speed is being measured, which needs its cores.
    pub measuring: bool,
}

/// Why mining rests although the owner wants to mine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Rest {
    /// The machine's speed is being measured.
    Measuring,
    /// The device runs on its battery.
    OnBattery,
    /// The program is hidden.
    Hidden,
}

impl MiningRules {
    /// A program hidden for this long counts as forgotten.
    pub const HIDDEN_AT_MOST: Duration = Duration::from_secs(600);

    /// Why to rest under these circumstances; `None` means to mine.
    #[must_use]
    pub fn rest(&self, circumstances: &Circumstances) -> Option<Rest> {
        let hidden_at_most = match self.when_hidden {
            WhenHidden::GoOn => None,
            WhenHidden::RestLater => Some(Self::HIDDEN_AT_MOST),
            WhenHidden::RestAtOnce => Some(Duration::ZERO),
        };
        let too_long = hidden_at_most.zip(circumstances.hidden_for).is_some_and(|(most, hidden)| hidden >= most);
        if circumstances.measuring {
            Some(Rest::Measuring)
        } else if self.rest_on_battery && circumstances.on_battery == Some(true) {
            Some(Rest::OnBattery)
        } else if too_long {
            Some(Rest::Hidden)
        } else {
            None
        }
    }
}

impl Default for MiningRules {
    /// Considerate defaults: rest on battery, and when forgotten.
    fn default() -> Self {
        Self { rest_on_battery: true, when_hidden: WhenHidden::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    const SECOND: Duration = Duration::from_secs(1);

    fn rest(rest_on_battery: bool, when_hidden: WhenHidden, circumstances: Circumstances) -> Option<Rest> {
        MiningRules { rest_on_battery, when_hidden }.rest(&circumstances)
    }

    #[wasm_bindgen_test]
    fn battery_power_counts_if_known_and_chosen() {
        for (minds, on_battery, wanted) in [
            (true, Some(true), Some(Rest::OnBattery)),
            (true, Some(false), None),
            (true, None, None),
            (false, Some(true), None),
        ] {
            let circumstances = Circumstances { on_battery, ..Circumstances::default() };
            assert_eq!(rest(minds, WhenHidden::RestAtOnce, circumstances), wanted);
        }
    }

    #[wasm_bindgen_test]
    fn a_hidden_program_rests_as_chosen() {
        let limit = MiningRules::HIDDEN_AT_MOST;
        for (when_hidden, hidden_for, wanted) in [
            (WhenHidden::GoOn, Some(1_000 * limit), None),
            (WhenHidden::RestLater, None, None),
            (WhenHidden::RestLater, Some(limit - SECOND), None),
            (WhenHidden::RestLater, Some(limit), Some(Rest::Hidden)),
            (WhenHidden::RestAtOnce, None, None),
            (WhenHidden::RestAtOnce, Some(Duration::ZERO), Some(Rest::Hidden)),
        ] {
            let circumstances = Circumstances { hidden_for, ..Circumstances::default() };
            assert_eq!(rest(true, when_hidden, circumstances), wanted, "{when_hidden:?} for {hidden_for:?}");
        }
    }

    #[wasm_bindgen_test]
    fn a_measurement_is_the_first_reason() {
        let all = Circumstances { on_battery: Some(true), hidden_for: Some(SECOND), measuring: true };
        assert_eq!(rest(true, WhenHidden::RestAtOnce, all), Some(Rest::Measuring));
        let all = Circumstances { measuring: false, ..all };
        assert_eq!(rest(true, WhenHidden::RestAtOnce, all), Some(Rest::OnBattery));
        assert_eq!(MiningRules::default().rest(&Circumstances::default()), None);
    }
}
