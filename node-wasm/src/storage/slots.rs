//! Slots: a numbered place for the chain and wallet of one tab of a network. Each is held by one tab at a time.

use super::web_lock::WebLock;
use crate::messages::MemoryReason;
use gloo_timers::future::TimeoutFuture;
use std::io;
use wasm_bindgen::JsCast;
use web_sys::WorkerGlobalScope;

/// Maximum number of tabs of one network with a file.
pub const MAX_SLOTS: u32 = 32;
/// Number and interval in milliseconds of attempts to get the tab's own slot after a reload.
const RETRIES: u32 = 50;
const RETRY_MS: u32 = 100;

/// A slot, locked against other tabs until dropped.
#[derive(Debug)]
pub struct Slot {
    number: u32,
    _lock: WebLock,
}

/// Takes the tab's previous slot, or the first free one. After a reload, waits for the previous slot.
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
