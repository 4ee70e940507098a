use std::num::NonZeroUsize;
use std::thread;
use std::time::Duration;

/// Ticks a second in `/proc`, the same on all Linux systems.
const TICKS: u64 = 100;

/// Processor time of all threads of this process, or `None` if the system has no `/proc`. Other load on the machine
/// changes it less than elapsed time.
pub(crate) fn used() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The program's name, in brackets, may contain spaces.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let (user, system) = (fields.next()?.parse::<u64>().ok()?, fields.next()?.parse::<u64>().ok()?);
    Some(Duration::from_millis((user + system) * 1_000 / TICKS))
}

/// Processor time of this thread, or `None` if the system does not report it.
pub(crate) fn used_by_this_thread() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(stat.split_whitespace().next()?.parse().ok()?))
}

/// Cores that this process may use.
pub(crate) fn cores() -> usize {
    thread::available_parallelism().map_or(1, NonZeroUsize::get)
}
