//! Turns panics of redb into errors of the store.

use crate::StoreError;

#[cfg(not(target_arch = "wasm32"))]
thread_local! {
    static GUARDED: core::cell::Cell<bool> = const { core::cell::Cell::new(false) };
}

/// Whether the store turns a panic on this thread, at this moment, into an error. A program's panic hook need not
/// report it then.
#[cfg(not(target_arch = "wasm32"))]
#[must_use]
pub fn is_guarded() -> bool {
    GUARDED.get()
}

/// Runs work with redb. A damaged file makes cases possible that redb considers impossible. Natively its panic becomes
/// [`StoreError::Corrupt`]. In a tab a panic ends the worker, and the page starts another one.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn guarded<T>(work: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    // Unfinished work stays inside redb: after an error the store is opened again, which checks everything.
    let outside = GUARDED.replace(true);
    let done = catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(outside);
    done.unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
        Err(StoreError::corrupt(format!(
            "redb reached a state that it considers impossible: {}",
            text.unwrap_or("no details")
        )))
    })
}

#[cfg(target_arch = "wasm32")]
pub(crate) fn guarded<T>(work: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
    work()
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn panics_are_reported_as_damage() {
        let text = |result: Result<(), StoreError>| result.unwrap_err().to_string();
        assert!(text(guarded(|| panic!("page {}", 7))).ends_with("impossible: page 7"));
        assert!(text(guarded(|| panic!("a page"))).ends_with("impossible: a page"));
        assert_eq!(guarded(|| Ok(is_guarded())), Ok(true));
        assert!(!is_guarded());
        assert_eq!(guarded::<()>(|| Err(StoreError::NoIndex)), Err(StoreError::NoIndex));
    }
}
