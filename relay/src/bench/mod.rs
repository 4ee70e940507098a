//! `fedcoin bench`: measures this machine's kernels and miner.

mod contest;
mod mining;
mod references;
mod report;

use crate::args::BenchArgs;
use crate::failure::Failure;
use report::{Report, count};
use std::num::NonZeroUsize;
use std::thread;
use std::time::Duration;

/// Numbers of threads whose preemption is measured.
const PREEMPTED_THREADS: [usize; 3] = [1, 2, 8];
/// Shares of a core that are measured, in percent.
const SHARES: [u8; 3] = [25, 50, 75];
/// Preemptions measured for each requested second.
const PREEMPTIONS_PER_SECOND: u64 = 20;

/// Measures, reports progress on standard error, and prints the results.
///
/// # Errors
/// [`Failure::Miner`] if the system starts no more threads.
pub fn run(args: &BenchArgs) -> Result<(), Failure> {
    let time = Duration::from_secs(args.seconds);
    eprintln!("kernels on one core, {} s ...", args.seconds);
    let contestants = contest::run(time);

    let threads = args.threads.or(thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get);
    let kernel = contest::fastest(&contestants);
    let numbers = if threads == 1 { vec![1] } else { vec![1, threads] };
    let mut miners = Vec::new();
    for threads in numbers {
        eprintln!("mining with {}, {} ...", kernel.name(), count(threads));
        miners.push(mining::rate(kernel, threads, time / 5)?);
    }

    eprintln!("mining with shares of a core ...");
    let shares = mining::shares(kernel, &SHARES, time / 5)?;

    let mut preemptions = Vec::new();
    for threads in PREEMPTED_THREADS {
        let times = args.seconds * PREEMPTIONS_PER_SECOND;
        eprintln!("stopping {} {times} times ...", count(threads));
        preemptions.push(mining::preemption(kernel, threads, times)?);
    }
    let report = Report { contestants, kernel: kernel.name(), miners, shares, preemptions };
    if args.json {
        report.print_json()
    } else {
        report.print()
    }
    Ok(())
}

/// The value that `percent` of the sorted values do not exceed; 0 for an empty list.
fn percentile(sorted: &[f64], percent: usize) -> f64 {
    let place = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(place).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_elements_of_the_list() {
        let values: Vec<f64> = (1..=10).map(f64::from).collect();
        assert_eq!([1, 50, 90, 99, 100].map(|p| percentile(&values, p)), [1.0, 5.0, 9.0, 10.0, 10.0]);
        assert_eq!((percentile(&[7.0], 50), percentile(&[], 50)), (7.0, 0.0));
    }
}
