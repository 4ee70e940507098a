use super::Orders;
use crate::driver::Inbox;
use fedcoin_node::Input;
use fedcoin_node::pow::{Found, Job, Task};
use std::ops::RangeInclusive;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// How long a worker hashes before it looks whether its job still stands.
const SLICE: Duration = Duration::from_micros(500);
/// Nonces tried in a slice, each with [`Task::SALTS`] salts, whatever the machine's speed.
const SLICE_NONCES: RangeInclusive<u64> = 1..=1 << 16;

/// The salts of one worker: where its next group begins, and how far it is from there to the one after.
#[derive(Clone, Copy, Debug)]
pub(super) struct Salts {
    pub(super) next: u32,
    pub(super) stride: u32,
}

/// A worker's life: wait for a job, search until it is found or no longer wanted.
pub(super) fn run(number: u32, mut salts: Salts, orders: &Orders, inbox: &Inbox) {
    let mut seen = 0;
    let mut slice = 4;
    while let Some((order, job)) = orders.next_job(seen) {
        seen = order;
        let generation = job.generation;
        tracing::debug!("miner {number} begins generation {generation}");
        let found = search(&job, &mut salts, &mut slice, order, orders);
        orders.stopped();
        tracing::debug!("miner {number} stops generation {generation}");
        if let Some(Found { salt, nonce }) = found
            && orders.done(order)
        {
            inbox.give_blocking(Input::Mined { generation, salt, nonce });
        }
    }
}

/// Searches in slices of about [`SLICE`]; `None` when the order no longer stands.
fn search(job: &Job, salts: &mut Salts, slice: &mut u64, order: u64, orders: &Orders) -> Option<Found> {
    let target = job.header.target.expand().ok()?;
    let kernel = orders.kernel();
    loop {
        let task = Task::new(&job.header, target, salts.next);
        salts.next = salts.next.wrapping_add(salts.stride);
        let mut nonce = 0;
        while nonce < 1 << 32 {
            if !orders.stands(order) {
                return None;
            }
            let began = Instant::now();
            let result = kernel.search(&task, nonce..nonce + *slice);
            orders.hashes.fetch_add(result.hashes, Ordering::Relaxed);
            if result.found.is_some() {
                return result.found;
            }
            nonce += *slice;
            *slice = adapted(*slice, began.elapsed());
        }
    }
}

/// The size that would have taken about [`SLICE`], at most doubled or halved.
fn adapted(slice: u64, took: Duration) -> u64 {
    let next = if took > SLICE * 2 {
        slice / 2
    } else if took < SLICE / 2 {
        slice * 2
    } else {
        slice
    };
    next.clamp(*SLICE_NONCES.start(), *SLICE_NONCES.end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_follow_the_machine_s_speed() {
        assert_eq!(adapted(1_000, SLICE), 1_000);
        assert_eq!(adapted(1_000, SLICE * 10), 500);
        assert_eq!(adapted(1_000, Duration::ZERO), 2_000);
        assert_eq!(adapted(1, SLICE * 10), 1);
        assert_eq!(adapted(1 << 16, Duration::ZERO), 1 << 16);
    }
}
