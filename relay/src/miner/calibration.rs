//! Finds the fastest kernel: processors with the same instructions run them at different speeds.

use fedcoin_node::pow::{Kernel, Task, kernels};
use fedcoin_node::primitives::{BlockId, Commitment, Header};
use fedcoin_node::units::{CompactTarget, Target, Timestamp};
use std::time::{Duration, Instant};

/// Duration of one turn.
const TURN: Duration = Duration::from_millis(10);
/// Turns of each kernel. The best one counts, so that other load on the machine matters little.
const TURNS: usize = 4;

/// The kernels that compute correctly on this machine. Others are logged.
#[must_use]
pub fn sound_kernels() -> Vec<Kernel> {
    let (sound, faulty): (Vec<_>, Vec<_>) = kernels().into_iter().partition(Kernel::is_sound);
    for kernel in &faulty {
        tracing::warn!("kernel {} computes wrong results on this machine and is not used", kernel.name());
    }
    // The portable kernel has no alternative.
    if sound.is_empty() { vec![Kernel::SCALAR] } else { sound }
}

/// A header whose search never ends.
#[must_use]
pub fn endless_header() -> Header {
    Header {
        version: 1,
        salt: 0,
        previous: BlockId([0; 32]),
        commitment: Commitment([0; 32]),
        time: Timestamp(0),
        target: CompactTarget(0x0301_0000),
        nonce: 0,
    }
}

/// A task to measure kernels with.
#[must_use]
pub fn endless_task() -> Task {
    Task::new(&endless_header(), Target::from_be_bytes([0; 32]), 0)
}

/// The rate of a kernel that runs for about `time` on this thread, in hashes per second.
#[must_use]
pub fn rate(kernel: &Kernel, task: &Task, time: Duration) -> f64 {
    let (started, mut hashes, mut next) = (Instant::now(), 0, 0);
    loop {
        hashes += kernel.search(task, next..next + 32).hashes;
        next += 32;
        let took = started.elapsed();
        if took >= time {
            return hashes as f64 / took.as_secs_f64();
        }
    }
}

/// The fastest sound kernel. Logs the rates of all.
pub(super) fn fastest() -> Kernel {
    let task = endless_task();
    let mut rates: Vec<_> = sound_kernels().into_iter().map(|kernel| (kernel, 0.0_f64)).collect();
    if rates.len() > 1 {
        for _ in 0..TURNS {
            for (kernel, best) in &mut rates {
                *best = best.max(rate(kernel, &task, TURN));
            }
        }
    }
    let best = rates.iter().max_by(|(_, one), (_, other)| one.total_cmp(other));
    let kernel = best.map_or(Kernel::SCALAR, |(kernel, _)| *kernel);
    let rates: Vec<_> = rates.iter().map(|(k, rate)| format!("{} {:.1}", k.name(), rate / 1e6)).collect();
    tracing::info!(
        "Mining with kernel {} (million hashes per second on one core: {})",
        kernel.name(),
        rates.join(", ")
    );
    kernel
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chosen_kernel_is_sound() {
        let kernel = fastest();
        assert!(kernel.is_sound());
        assert!(sound_kernels().iter().any(|sound| sound.name() == kernel.name()));
        assert!(rate(&kernel, &endless_task(), Duration::ZERO) > 0.0);
    }
}
