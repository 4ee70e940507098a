use crate::byzantine::Actor;
use crate::queue::{Find, Happening};
use crate::simulation::Simulation;
use fedcoin_node::Input;
use fedcoin_node::pow::{self, Job};
use fedcoin_node::primitives::{BlockId, Header};
use std::time::Duration;

/// Mining with virtual hash rates.
impl Simulation {
    pub(crate) fn start_job(&mut self, host: usize, job: Job) {
        self.hosts[host].job = Some(job);
    }

    pub(crate) fn pause_jobs(&mut self, host: usize, generation: u64) {
        if self.hosts[host].job.is_some_and(|job| job.generation <= generation) {
            self.hosts[host].job = None;
        }
    }

    /// Searching has no memory. When a hash meets the easiest target, its searcher finds a block with the probability
    /// that the hash meets the job's own target.
    pub(crate) fn next_draw(&mut self) {
        let mean = self.config.spacing.div_f64(self.config.hash_rate);
        let at = self.now.after(self.draw_time(mean));
        self.queue.push(at, Happening::Lottery);
    }

    pub(crate) fn lottery(&mut self) {
        self.next_draw();
        let drawn = self.rng.f64();
        let host = self.shares.partition_point(|up_to| *up_to <= drawn).min(self.hosts.len() - 1);
        let luck = self.rng.f64();
        let wall = self.hosts[host].clocks(self.now).wall;
        let wins = |job: &Job| {
            let easiest = self.config.params.target.expand().map_or(0.0, |target| target.work().as_f64());
            let own = job.header_at(wall).target.expand().map_or(f64::INFINITY, |target| target.work().as_f64());
            luck < easiest / own
        };
        if self.hosts[host].actor.as_ref().is_some_and(Actor::mines) {
            let job = self.leader().and_then(|leader| self.hosts[leader].job);
            if let Some(job) = job.filter(|job| self.restless && wins(job)) {
                self.actor_found(host, &job);
            }
        } else if let Some(job) = self.hosts[host].job.filter(wins) {
            self.found(host, job);
        }
    }

    /// A worker finds a nonce.
    fn found(&mut self, host: usize, job: Job) {
        let (generation, header) = (job.generation, job.header_at(self.hosts[host].clocks(self.now).wall));
        let Ok(target) = header.target.expand() else { return };
        let salt = self.rng.u32(..);
        let Some(nonce) = pow::search(&header, target, salt, 0..1 << 32) else { return };
        let find = Find { generation, header: Header { salt, nonce, ..header } };
        let delay = self.rng.u64(0..self.config.report_delay.as_micros().max(1) as u64);
        let run = self.hosts[host].run;
        self.queue.push(self.now.after(Duration::from_micros(delay)), Happening::Reported { host, run, find });
    }

    /// Gives the node a result, and checks the reaction.
    pub(crate) fn report(&mut self, host: usize, run: u32, find: Find) {
        if !self.is_running(host, run) {
            return;
        }
        let current = self.hosts[host].job.is_some_and(|job| job.generation == find.generation);
        let tip = self.tip(host);
        let known = self.archive.blocks();
        let Header { salt, time, nonce, .. } = find.header;
        let input = Input::Mined { generation: find.generation, salt, time, nonce };
        self.give(host, run, input);
        let used = self.archive.blocks() > known;
        if used && !current {
            self.violation(host, format!("used a result of old job {}", find.generation));
        }
        if used && self.archive.block(&find.header.id()).is_none() {
            self.violation(host, format!("used a result of job {} for another block", find.generation));
        }
        if used && Some(find.header.previous) != tip {
            self.violation(host, format!("used a result on {} while the tip was {tip:?}", find.header.previous));
        }
        self.statistics.blocks += u64::from(used);
        self.statistics.stale_results += u64::from(!current);
    }

    /// Workers may search only on the tip.
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
