//! Slots: a numbered place for the chain and wallet of one tab of a network. Each is held by one tab at a time.

use super::claim::Claim;
use super::web_lock::WebLock;
use crate::messages::{Holder, MemoryReason};
use gloo_timers::future::TimeoutFuture;
use std::io;
use wasm_bindgen::JsCast;
use web_sys::WorkerGlobalScope;

/// Maximum number of tabs of one network with a file.
pub const MAX_SLOTS: u32 = 32;
/// How often and at which interval, in milliseconds, to ask for the tab's own slot that its worker before may hold.
const RETRIES: u32 = 50;
const RETRY_MS: u32 = 100;

/// A slot, locked against other tabs until dropped.
#[derive(Debug)]
pub struct Slot {
    number: u32,
    hold: Hold,
}

/// What keeps other tabs from a slot.
#[derive(Debug)]
enum Hold {
    Lock(#[expect(dead_code, reason = "held, not used")] WebLock),
    /// Other tabs' word, and why there is no lock. A tab that is frozen cannot object, so two tabs may have one slot.
    Word(#[expect(dead_code, reason = "held, not used")] Claim, MemoryReason),
}

impl Slot {
    /// Takes the tab's own slot of last time, else the first free one.
    pub async fn take(network: &str, own: Option<u32>, holder: Holder) -> Self {
        match Self::lock(network, own, holder).await {
            Ok(slot) => slot,
            Err(reason) => {
                let claim = Claim::take(network, own).await;
                Self { number: claim.slot(), hold: Hold::Word(claim, reason) }
            }
        }
    }

    /// The slot's number.
    #[must_use]
    pub const fn number(&self) -> u32 {
        self.number
    }

    /// Why it has no file, if so.
    #[must_use]
    pub fn without_file(&self) -> Option<MemoryReason> {
        match &self.hold {
            Hold::Word(_, reason) => Some(reason.clone()),
            Hold::Lock(_) if self.number >= MAX_SLOTS => Some(MemoryReason::AllSlotsBusy(MAX_SLOTS)),
            Hold::Lock(_) => None,
        }
    }

    async fn lock(network: &str, own: Option<u32>, holder: Holder) -> Result<Self, MemoryReason> {
        let scope: WorkerGlobalScope = js_sys::global().unchecked_into();
        if !scope.is_secure_context() {
            return Err(MemoryReason::NotSecure);
        }
        if let Some(number) = own {
            for retry in 0..if holder == Holder::Nobody { 1 } else { RETRIES } {
                if retry > 0 {
                    TimeoutFuture::new(RETRY_MS).await;
                }
                if let Some(slot) = Self::try_lock(network, number, false).await? {
                    return Ok(slot);
                }
            }
            // It was ended and hangs in the browser's own code, else its lock would be gone.
            if holder == Holder::EndedWorker
                && let Some(slot) = Self::try_lock(network, number, true).await?
            {
                return Ok(slot);
            }
        }
        let mut number = 0;
        loop {
            if Some(number) != own
                && let Some(slot) = Self::try_lock(network, number, false).await?
            {
                return Ok(slot);
            }
            // There are fewer tabs than numbers.
            number += 1;
        }
    }

    /// Takes a slot's lock unless another worker holds it, or by force.
    async fn try_lock(network: &str, number: u32, by_force: bool) -> Result<Option<Self>, MemoryReason> {
        let name = format!("fedcoin/{network}/slot-{number}");
        match WebLock::try_take(&name, by_force).await {
            Ok(lock) => Ok(lock.map(|lock| Self { number, hold: Hold::Lock(lock) })),
            Err(e) if e.kind() == io::ErrorKind::Unsupported => Err(MemoryReason::NotSupported),
            Err(e) => Err(MemoryReason::Refused(e.to_string())),
        }
    }
}
