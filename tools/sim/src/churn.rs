use crate::fault::Fault;
use crate::queue::Happening;
use crate::simulation::Simulation;
use fedcoin_node::MiningPolicy;

/// Departures and returns of nodes and miners, and the night.
impl Simulation {
    pub(crate) fn next_departure(&mut self) {
        if let Some(churn) = self.config.churn.clone().filter(|_| self.restless) {
            let at = self.now.after(self.draw_time(churn.every));
            self.queue.push(at, Happening::Departure);
        }
    }

    /// A node leaves, half of the time without a goodbye.
    pub(crate) fn departure(&mut self) {
        let Some(churn) = self.config.churn.clone().filter(|_| self.restless) else { return };
        let node = self.rng.usize(..self.hosts.len());
        let down = self.draw_time(churn.away);
        if self.hosts[node].node.is_some() {
            self.statistics.departures += 1;
            let in_peace = self.rng.bool();
            self.fault(if in_peace { Fault::Stop { node, down } } else { Fault::Crash { node, down } });
            if self.rng.f64() < churn.fresh {
                self.statistics.wiped += 1;
                self.hosts[node].disk = Default::default();
            }
        }
        self.next_departure();
    }

    pub(crate) fn next_miner_change(&mut self) {
        if let Some(mean) = self.config.miner_changes_every.filter(|_| self.restless) {
            let at = self.now.after(self.draw_time(mean));
            self.queue.push(at, Happening::MinerChange);
        }
    }

    /// A node starts or stops mining.
    pub(crate) fn miner_change(&mut self) {
        if !self.restless {
            return;
        }
        let host = self.rng.usize(..self.hosts.len());
        self.hosts[host].mines = !self.hosts[host].mines;
        self.apply_mining(host);
        self.next_miner_change();
    }

    /// At night nodes mine only on demand, and there are few payments.
    pub(crate) fn night(&mut self, begins: bool) {
        self.is_night = begins;
        self.config.policy = if begins { MiningPolicy::OnDemand } else { self.day_policy };
        for host in 0..self.hosts.len() {
            self.apply_mining(host);
        }
    }
}
