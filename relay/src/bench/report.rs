use super::contest::Contestant;
use super::mining::{MiningRate, Preemption, ShareKept};
use super::references::{COMPRESS, PLAIN};
use serde::Serialize;

/// All results. Rates are hashes per second.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    pub(super) contestants: Vec<Contestant>,
    /// The fastest kernel, with which the miner was measured.
    pub(super) kernel: &'static str,
    pub(super) miners: Vec<MiningRate>,
    pub(super) shares: Vec<ShareKept>,
    pub(super) preemptions: Vec<Preemption>,
}

impl Report {
    pub(super) fn print_json(&self) {
        // Numbers and texts always have a JSON form.
        println!("{}", serde_json::to_string_pretty(self).unwrap_or_default());
    }

    pub(super) fn print(&self) {
        println!("One core, million hashes per second; the median also as a multiple of the two references");
        println!("{:20}{:>9}{:>9}{:>19}{:>9}", "", "median", "p90", COMPRESS, PLAIN);
        for Contestant { name, median, p90, .. } in &self.contestants {
            let [compress, plain] = [COMPRESS, PLAIN].map(|name| median / self.median_of(name));
            println!("{name:20}{:>9.2}{:>9.2}{compress:>18.2}x{plain:>8.2}x", median / 1e6, p90 / 1e6);
        }
        println!("\nThe miner with kernel {}, million hashes per second", self.kernel);
        for MiningRate { threads, rate } in &self.miners {
            println!("{:20}{:>9.2}", count(*threads), rate / 1e6);
        }
        println!("\nOne thread with a share of a core, hashes in percent of those with the whole core");
        for ShareKept { wanted, kept } in &self.shares {
            println!("{:20}{kept:>9.1}", format!("{wanted} % wanted"));
        }
        println!("\nFrom the request to stop until the last thread has stopped, milliseconds");
        println!("{:20}{:>9}{:>9}", "", "p50", "p99");
        for Preemption { threads, times, p50_ms, p99_ms } in &self.preemptions {
            println!("{:20}{p50_ms:>9.2}{p99_ms:>9.2}   ({times} times)", count(*threads));
        }
    }

    fn median_of(&self, name: &str) -> f64 {
        self.contestants.iter().find(|contestant| contestant.name == name).map_or(f64::NAN, |found| found.median)
    }
}

/// A number of threads, in words.
pub(super) fn count(threads: usize) -> String {
    format!("{threads} {}", if threads == 1 { "thread" } else { "threads" })
}
