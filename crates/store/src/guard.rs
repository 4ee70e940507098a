//! The store's edge, which no panic of redb crosses.

use crate::StoreError;

#[cfg(not(target_arch = "wasm32"))]
thread_local! {
    static GUARDED: core::cell::Cell<bool> = const { core::cell::Cell::new(false) };
}

/// Whether a panic on this thread, now, comes back from the store as an error: a program's panic hook need not tell
/// of it.
#[cfg(not(target_arch = "wasm32"))]
#[must_use]
pub fn is_guarded() -> bool {
    GUARDED.get()
}

/// Does work with redb. What redb takes for impossible, a damaged file makes possible: natively its panic becomes
/// [`StoreError::Corrupt`]. In a tab a panic ends the worker, and the page starts another one.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn guarded<T>(work: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    // What is half done stays in redb: after an error the store is opened again, which looks at all of it.
    let outside = GUARDED.replace(true);
    let done = catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(outside);
    done.unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
        Err(StoreError::corrupt(format!(
            "redb met what it takes for impossible: {}",
            text.unwrap_or("it says no more")
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
    fn panics_are_damage() {
        let text = |result: Result<(), StoreError>| result.unwrap_err().to_string();
        assert!(text(guarded(|| panic!("page {}", 7))).ends_with("impossible: page 7"));
        assert!(text(guarded(|| panic!("a page"))).ends_with("impossible: a page"));
        assert_eq!(guarded(|| Ok(is_guarded())), Ok(true));
        assert!(!is_guarded());
        assert_eq!(guarded::<()>(|| Err(StoreError::NoIndex)), Err(StoreError::NoIndex));
    }
}
