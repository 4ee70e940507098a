use super::Orders;
use crate::driver::Inbox;
use fedcoin_node::Input;
use fedcoin_node::pow::{self, Job};
use std::ops::RangeInclusive;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// How long a worker hashes before it looks whether its job still stands.
const SLICE: Duration = Duration::from_micros(500);
/// Nonces tried in a slice, whatever the machine's speed.
const SLICE_NONCES: RangeInclusive<u64> = 64..=1 << 20;

/// The salts of one worker.
#[derive(Clone, Copy, Debug)]
pub(super) struct Salts {
    pub(super) next: u32,
    pub(super) stride: u32,
}

/// A worker's life: wait for a job, search until it is found or no longer wanted.
pub(super) fn run(number: u32, mut salts: Salts, orders: &Orders, inbox: &Inbox) {
    let mut seen = 0;
    let mut slice = 1_000;
    while let Some((order, job)) = orders.next_job(seen) {
        seen = order;
        let generation = job.generation;
        tracing::debug!("miner {number} begins generation {generation}");
        let found = search(&job, &mut salts, &mut slice, order, orders);
        tracing::debug!("miner {number} stops generation {generation}");
        if let Some((salt, nonce)) = found
            && orders.done(order)
        {
            inbox.give_blocking(Input::Mined { generation, salt, nonce });
        }
    }
}

/// Searches in slices of about [`SLICE`]; `None` when the order no longer stands.
fn search(job: &Job, salts: &mut Salts, slice: &mut u64, order: u64, orders: &Orders) -> Option<(u32, u32)> {
    let target = job.header.target.expand().ok()?;
    loop {
        let salt = salts.next;
        salts.next = salt.wrapping_add(salts.stride);
        let mut nonce = 0;
        while nonce < 1 << 32 {
            if !orders.stands(order) {
                return None;
            }
            let began = Instant::now();
            let result = pow::search(&job.header, target, salt, nonce..nonce + *slice);
            orders.hashes.fetch_add(result.hashes, Ordering::Relaxed);
            if let Some(found) = result.found {
                return Some((salt, found));
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
        assert_eq!(adapted(64, SLICE * 10), 64);
        assert_eq!(adapted(1 << 20, Duration::ZERO), 1 << 20);
    }
}
