use crate::queue::Happening;
use crate::simulation::Simulation;
use fedcoin_node::Input;
use fedcoin_node::pow::{self, Job};
use fedcoin_node::primitives::{BlockId, Header};
use std::time::Duration;

/// A worker's result.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Find {
    generation: u64,
    header: Header,
}

/// A result takes at most so long from the worker to its node: long enough to be overtaken often.
const MAX_REPORT_MICROS: u64 = 500_000;

/// Mining with virtual hash rates.
impl Simulation {
    pub(crate) fn start_job(&mut self, host: usize, job: Job) {
        self.hosts[host].job = Some(job);
        self.draw_find(host, job.generation);
    }

    pub(crate) fn pause_jobs(&mut self, host: usize, generation: u64) {
        if self.hosts[host].job.is_some_and(|job| job.generation <= generation) {
            self.hosts[host].job = None;
        }
    }

    /// Searching has no memory: the time to a find does not depend on how long it has lasted.
    fn draw_find(&mut self, host: usize, generation: u64) {
        let Some(mean) =
            Duration::try_from_secs_f64(self.config.spacing.as_secs_f64() / self.hosts[host].hash_rate).ok()
        else {
            return;
        };
        let at = self.now.after(self.draw_time(mean));
        let run = self.hosts[host].run;
        self.queue.push(at, Happening::Found { host, run, generation });
    }

    /// A worker finds a nonce, unless it has been told to stop since.
    pub(crate) fn found(&mut self, host: usize, run: u32, generation: u64) {
        let job = self.hosts[host].job.filter(|job| job.generation == generation && self.hosts[host].run == run);
        let Some(Job { header, .. }) = job else { return };
        let Ok(target) = header.target.expand() else { return };
        let salt = self.rng.u32(..);
        let Some(nonce) = pow::search(&header, target, salt, 0..1 << 32).found else { return };
        let find = Find { generation, header: Header { salt, nonce, ..header } };
        let at = self.now.after(Duration::from_micros(self.rng.u64(0..MAX_REPORT_MICROS)));
        self.queue.push(at, Happening::Reported { host, run, find });
        self.draw_find(host, generation);
    }

    /// Gives the node a result, and watches what it makes of it.
    pub(crate) fn report(&mut self, host: usize, run: u32, find: Find) {
        if !self.is_running(host, run) {
            return;
        }
        let current = self.hosts[host].job.is_some_and(|job| job.generation == find.generation);
        let tip = self.tip(host);
        let known = self.blocks.len();
        let input = Input::Mined { generation: find.generation, salt: find.header.salt, nonce: find.header.nonce };
        self.give(host, run, input);
        let used = self.blocks.len() > known;
        if used && !current {
            self.violation(host, format!("used a result of old job {}", find.generation));
        }
        if used && !self.blocks.contains_key(&find.header.id()) {
            self.violation(host, format!("used a result of job {} for another block", find.generation));
        }
        if used && Some(find.header.previous) != tip {
            self.violation(host, format!("used a result on {} while the tip was {tip:?}", find.header.previous));
        }
        self.statistics.blocks += u64::from(used);
        self.statistics.stale_results += u64::from(!current);
    }

    /// Workers may search on the tip only.
    pub(crate) fn check_job(&mut self, host: usize) {
        let (tip, job) = (self.tip(host), self.hosts[host].job);
        if let (Some(tip), Some(job)) = (tip, job)
            && job.header.previous != tip
        {
            self.violation(host, format!("searches on {} while the tip is {tip}", job.header.previous));
        }
    }

    /// The last block of a running node's primary chain.
    pub(crate) fn tip(&self, host: usize) -> Option<BlockId> {
        Some(self.hosts[host].node.as_ref()?.chain().tip().id)
    }
}
