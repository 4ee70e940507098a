//! One slot goes from one tab to another, because the user wants its wallet there.

use super::{Problem, SLOT, Session};
use crate::prefs;
use leptos::prelude::*;

impl Session {
    /// Ends this tab's node and gives its slot away. A restarted node takes another slot.
    pub(crate) fn hand_over(self) {
        self.leave_slot("");
        self.fail(Problem::HandedOver);
    }

    /// Starts the node again in a slot that its holder is giving away.
    pub(crate) fn take_over(self, slot: u32) {
        self.leave_slot(&slot.to_string());
        self.start();
    }

    /// Ends the worker, which frees its slot; notes which slot to ask for next.
    fn leave_slot(self, next: &str) {
        // Messages that are on their way belong to the worker before.
        self.start.update_value(|start| *start += 1);
        self.client.set_value(None);
        self.ready.set(None);
        self.state.set(None);
        prefs::set_of_tab(SLOT, next);
    }
}
