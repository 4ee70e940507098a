//! Slots: what one tab of a network has for itself, a chain and a wallet, under a number. Each is held by one tab at
//! a time.

use super::web_lock::WebLock;
use crate::messages::MemoryReason;
use gloo_timers::future::TimeoutFuture;
use std::io;
use wasm_bindgen::JsCast;
use web_sys::WorkerGlobalScope;

/// Most tabs of one network that have a file.
pub const MAX_SLOTS: u32 = 32;
/// How often and at which interval, in milliseconds, to ask for the tab's own slot after a reload.
const RETRIES: u32 = 50;
const RETRY_MS: u32 = 100;

/// A slot, held against other tabs until this is dropped.
#[derive(Debug)]
pub struct Slot {
    number: u32,
    _lock: WebLock,
}

/// Takes the tab's own slot of last time, else the first free one. After a reload the own one is
/// waited for.
///
/// # Errors
/// Why there is none.
pub async fn acquire(network: &str, own: Option<u32>, reloaded: bool) -> Result<Slot, MemoryReason> {
    let scope: WorkerGlobalScope = js_sys::global().unchecked_into();
    if !scope.is_secure_context() {
        return Err(MemoryReason::NotSecure);
    }
    let own = own.filter(|slot| *slot < MAX_SLOTS);
    if let Some(number) = own {
        for retry in 0..if reloaded { RETRIES } else { 1 } {
            if retry > 0 {
                TimeoutFuture::new(RETRY_MS).await;
            }
            if let Some(slot) = Slot::try_take(network, number).await? {
                return Ok(slot);
            }
        }
    }
    for number in (0..MAX_SLOTS).filter(|number| Some(*number) != own) {
        if let Some(slot) = Slot::try_take(network, number).await? {
            return Ok(slot);
        }
    }
    Err(MemoryReason::AllSlotsBusy(MAX_SLOTS))
}

impl Slot {
    /// Takes a slot unless another tab holds it.
    async fn try_take(network: &str, number: u32) -> Result<Option<Self>, MemoryReason> {
        match WebLock::try_take(&format!("fedcoin/{network}/slot-{number}")).await {
            Ok(lock) => Ok(lock.map(|lock| Self { number, _lock: lock })),
            Err(e) if e.kind() == io::ErrorKind::Unsupported => Err(MemoryReason::NotSupported),
            Err(e) => Err(MemoryReason::Refused(e.to_string())),
        }
    }

    /// The slot's number.
    #[must_use]
    pub const fn number(&self) -> u32 {
        self.number
    }
}
