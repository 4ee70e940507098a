use crate::codec::{from_js, to_js};
use gloo_timers::future::TimeoutFuture;
use serde::{Deserialize, Serialize};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{BroadcastChannel, MessageEvent};

/// Time in milliseconds in which other tabs can object.
const OBJECTION_MS: u32 = 150;

/// A slot number claimed by messages only: without files to lock, tabs still need separate wallets.
///
/// A tab that is frozen cannot object; then two tabs share a wallet, and both follow what the other stores
/// ([`crate::keys::KeyStore`]).
#[derive(Debug)]
pub(super) struct Claim {
    state: Rc<State>,
    /// Absent if the browser has no such channels: then each tab is alone.
    channel: Option<Channel>,
}

/// The channel that the tabs of a network share, and its listener.
type Channel = (BroadcastChannel, Closure<dyn FnMut(MessageEvent)>);

#[derive(Debug)]
struct State {
    slot: Cell<u32>,
    /// Random for each tab: of two tabs that claim at once, the lower one gets the slot.
    ticket: u64,
    settled: Cell<bool>,
    refused: Cell<bool>,
}

/// Messages between tabs.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
enum Word {
    /// The sender claims this slot.
    Claim { slot: u32, ticket: u64 },
    /// The slot is taken.
    Taken { slot: u32, ticket: u64 },
}

impl Claim {
    /// Claims the own slot of last time, else the first to which nobody objects.
    pub(super) async fn take(network: &str, own: Option<u32>) -> Self {
        let mut ticket = [0; 8];
        // Without randomness all tickets are equal, and two tabs may share a wallet.
        let _ = getrandom::fill(&mut ticket);
        let state = Rc::new(State {
            slot: Cell::new(0),
            ticket: u64::from_le_bytes(ticket),
            settled: Cell::new(false),
            refused: Cell::new(false),
        });
        let channel = listen(&format!("fedcoin-slots-{network}"), &state);
        let claim = Self { state, channel };
        for slot in own.into_iter().chain(0..) {
            claim.state.slot.set(slot);
            claim.state.refused.set(false);
            let Some((channel, _)) = &claim.channel else { break };
            say(channel, Word::Claim { slot, ticket: claim.state.ticket });
            TimeoutFuture::new(OBJECTION_MS).await;
            if !claim.state.refused.get() {
                break;
            }
        }
        claim.state.settled.set(true);
        claim
    }

    /// The claimed number.
    pub(super) fn slot(&self) -> u32 {
        self.state.slot.get()
    }
}

fn listen(name: &str, state: &Rc<State>) -> Option<Channel> {
    let channel = BroadcastChannel::new(name).ok()?;
    let (answering, state) = (channel.clone(), Rc::clone(state));
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        // Another version of the page may send other messages.
        let Ok(word) = from_js::<Word>(event.data()) else { return };
        match word {
            Word::Claim { slot, ticket } if slot == state.slot.get() => {
                if state.settled.get() || ticket > state.ticket {
                    say(&answering, Word::Taken { slot, ticket });
                }
            }
            Word::Taken { slot, ticket } if slot == state.slot.get() && ticket == state.ticket => {
                state.refused.set(true);
            }
            Word::Claim { .. } | Word::Taken { .. } => {}
        }
    });
    channel.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    Some((channel, on_message))
}

fn say(channel: &BroadcastChannel, word: Word) {
    // At worst, lost messages lead to a shared wallet.
    let _ = to_js(&word).map(|word| channel.post_message(&word));
}

impl Drop for Claim {
    fn drop(&mut self) {
        if let Some((channel, _)) = &self.channel {
            channel.set_onmessage(None);
            channel.close();
        }
    }
}
