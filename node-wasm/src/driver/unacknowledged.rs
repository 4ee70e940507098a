//! Limits the updates to a page that does not answer. Its unread messages would pile up if it is stuck; a page in the
//! background still sends something once a minute.

/// Maximum number of updates after which a state is sent.
const MAX_BEFORE_STATE: u32 = 400;
/// Maximum number of updates after which an event is sent.
const MAX_BEFORE_EVENT: u32 = 4_000;

/// The number of updates since the last message from the page.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Unacknowledged(u32);

impl Unacknowledged {
    /// Records a message from the page.
    pub(super) fn clear(&mut self) {
        self.0 = 0;
    }

    /// Records an update.
    pub(super) fn add(&mut self) {
        self.0 += 1;
    }

    pub(super) fn has_room_for_state(self) -> bool {
        self.0 < MAX_BEFORE_STATE
    }

    pub(super) fn has_room_for_event(self) -> bool {
        self.0 < MAX_BEFORE_EVENT
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn a_page_that_does_not_answer_gets_a_limited_number_of_updates() {
        let mut updates = Unacknowledged::default();
        for _ in 0..2 {
            let (mut states, mut events) = (0, 0);
            for n in 0..10 * MAX_BEFORE_EVENT {
                // States come more often than events.
                let is_state = n % 10 > 0;
                if if is_state { updates.has_room_for_state() } else { updates.has_room_for_event() } {
                    updates.add();
                    *(if is_state { &mut states } else { &mut events }) += 1;
                }
            }
            assert_eq!((states, events), (360, MAX_BEFORE_EVENT - 360));
            updates.clear();
        }
    }
}
