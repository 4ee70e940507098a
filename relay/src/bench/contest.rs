use super::percentile;
use super::references::{REFERENCES, Reference};
use crate::miner::calibration::{endless_header, endless_task, rate, sound_kernels};
use fedcoin_node::pow::{Kernel, Task};
use serde::Serialize;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Duration of one turn.
const TURN: Duration = Duration::from_millis(50);
/// Minimum number of turns for each contestant.
const LEAST_ROUNDS: usize = 5;
/// Nonces that a reference tries between two readings of the clock.
const NONCES: u32 = 4_096;

/// Results of one way of hashing on one core.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Contestant {
    pub(super) name: &'static str,
    /// Median of all turns, in hashes per second.
    pub(super) median: f64,
    /// 90th percentile of all turns, in hashes per second.
    pub(super) p90: f64,
    /// `None` for a reference.
    #[serde(skip)]
    kernel: Option<Kernel>,
}

/// Lets references and kernels take turns for about `time`. The kernels come last in the result.
pub(super) fn run(time: Duration) -> Vec<Contestant> {
    let (kernels, task) = (sound_kernels(), endless_task());
    let mut rates = vec![Vec::new(); REFERENCES.len() + kernels.len()];
    let rounds = (time.as_millis() / (TURN.as_millis() * rates.len() as u128)) as usize;
    for _ in 0..rounds.max(LEAST_ROUNDS) {
        let references = REFERENCES.iter().map(reference_rate);
        let all = references.chain(kernels.iter().map(|kernel| kernel_rate(kernel, &task)));
        for (rates, rate) in rates.iter_mut().zip(all) {
            rates.push(rate);
        }
    }
    let names = REFERENCES.iter().map(|reference| (reference.name, None));
    let all = names.chain(kernels.into_iter().map(|kernel| (kernel.name(), Some(kernel))));
    all.zip(rates)
        .map(|((name, kernel), mut rates)| {
            rates.sort_by(f64::total_cmp);
            Contestant { name, median: percentile(&rates, 50), p90: percentile(&rates, 90), kernel }
        })
        .collect()
}

/// The kernel with the highest median.
pub(super) fn fastest(contestants: &[Contestant]) -> Kernel {
    let kernels = contestants.iter().filter_map(|contestant| Some((contestant.median, contestant.kernel?)));
    kernels.max_by(|(one, _), (other, _)| one.total_cmp(other)).map_or(Kernel::SCALAR, |(_, kernel)| kernel)
}

fn kernel_rate(kernel: &Kernel, task: &Task) -> f64 {
    rate(kernel, task, TURN)
}

fn reference_rate(reference: &Reference) -> f64 {
    let (started, header, mut next) = (Instant::now(), endless_header(), 0_u32);
    loop {
        black_box((reference.search)(black_box(&header), 0, next..next + NONCES));
        next += NONCES;
        let took = started.elapsed();
        if took >= TURN {
            return f64::from(next) / took.as_secs_f64();
        }
    }
}
