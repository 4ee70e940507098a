//! Threads without which the node is none: a panic in one of them ends the program.

use crate::driver::{Inbox, Order};
use crate::failure::Failure;
use std::any::Any;
use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::thread;

/// The nice value of threads that give way: a tenth of what others get of a processor that is full.
#[cfg(target_os = "linux")]
const GIVES_WAY: i32 = 10;

/// What a damaged file makes the store panic about comes back as an error, which says what to do: nothing else is told
/// of it.
pub fn leave_the_stores_panics_to_it() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |told| {
        if !fedcoin_store::is_guarded() {
            usual(told);
        }
    }));
}

/// Starts a thread. Should it panic, the driver is told, which then ends.
///
/// # Errors
/// [`Failure::System`] when the system starts no more threads.
pub fn spawn(name: String, inbox: &Inbox, work: impl FnOnce() + Send + 'static) -> Result<(), Failure> {
    let inbox = inbox.clone();
    let named = name.clone();
    let watched = move || {
        if let Err(failure) = watch(&named, || {
            work();
            Ok(())
        }) {
            // False when the driver has ended already.
            let _ = inbox.order_blocking(Order::Fail(failure));
        }
    };
    thread::Builder::new().name(name).spawn(watched).map_err(|e| Failure::system("cannot start a thread", &e))?;
    Ok(())
}

/// Has the calling thread wait for the others when there is more to do than processors can. On systems other than Linux,
/// where a thread has no priority of its own, it goes on as they do.
pub fn give_way() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, GIVES_WAY) {
        tracing::debug!("a thread keeps its priority: {error}");
    }
}

/// Does a thread's work; its panic is a failure. What the work has changed is not used any more after that, or is
/// whole at any moment.
pub(crate) fn watch(thread: &str, work: impl FnOnce() -> Result<(), Failure>) -> Result<(), Failure> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|panic| Err(Failure::Thread { thread: thread.to_owned(), problem: words(&*panic) }))
}

fn words(panic: &(dyn Any + Send)) -> String {
    let words = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
    words.unwrap_or("it left no word").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn a_thread_gives_way_and_the_others_do_not() {
        let nice = || rustix::process::getpriority_process(None).unwrap();
        let before = nice();
        let gave_way = thread::spawn(move || {
            give_way();
            nice()
        });
        assert_eq!((gave_way.join().unwrap(), nice()), (GIVES_WAY, before));
    }

    #[test]
    fn a_thread_that_panics_ends_the_driver() {
        let (inbox, mut orders) = Inbox::new();
        spawn("reader".to_owned(), &inbox, || panic!("page {}", 7)).unwrap();
        let Some(Order::Fail(failure)) = orders.blocking_recv() else { panic!("no failure") };
        assert_eq!(failure, Failure::Thread { thread: "reader".to_owned(), problem: "page 7".to_owned() });
        assert_eq!(failure.exit_code(), 1);
    }
}
