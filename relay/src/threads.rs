//! Helpers for threads: panics as errors, and low priority.

use std::any::Any;
use std::panic::{self, AssertUnwindSafe, catch_unwind};

/// The nice value of low-priority threads: on a busy processor they get about a tenth of the time of others.
#[cfg(target_os = "linux")]
const LOW_PRIORITY: i32 = 10;

/// The system starts no more threads.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cannot start a thread: {0}")]
pub struct SpawnError(pub(crate) String);

/// A thread panicked: an internal error.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the node's thread `{thread}` panicked: {problem}; nothing announced is lost, start again")]
pub struct ThreadPanic {
    /// The thread's name.
    pub thread: String,
    /// The panic's message.
    pub problem: String,
}

/// Hides panics that a damaged file causes in the store, which turns them into errors with a remedy.
pub fn hide_store_panics() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if !fedcoin_store::is_guarded() {
            usual(info);
        }
    }));
}

/// Runs a thread's work and turns a panic into an error. After a panic, do not use what the work has changed unless it
/// is consistent at any moment.
///
/// # Errors
/// [`ThreadPanic`].
pub(crate) fn catch_panic<T>(thread: &str, work: impl FnOnce() -> T) -> Result<T, ThreadPanic> {
    catch_unwind(AssertUnwindSafe(work))
        .map_err(|panic| ThreadPanic { thread: thread.to_owned(), problem: message(&*panic) })
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
    text.unwrap_or("no message").to_owned()
}

/// Lowers the priority of the calling thread. Only Linux has a priority per thread; on other systems this does nothing.
pub fn lower_priority() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, LOW_PRIORITY) {
        tracing::debug!("cannot lower the priority of a thread: {error}");
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use std::thread;

    #[test]
    fn only_the_calling_thread_gets_a_low_priority() {
        let nice = || rustix::process::getpriority_process(None).unwrap();
        let before = nice();
        let lowered = thread::spawn(move || {
            lower_priority();
            nice()
        });
        assert_eq!((lowered.join().unwrap(), nice()), (LOW_PRIORITY, before));
    }
}
