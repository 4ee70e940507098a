use crate::fault::Fault;
use crate::queue::Happening;
use crate::simulation::Simulation;
use fedcoin_node::mempool::PoolPolicy;
use fedcoin_node::{Command, Input, MiningSettings, Node, NodeConfig};
use std::time::Duration;

/// Starts and ends of nodes.
impl Simulation {
    /// Switches a host on. Its node starts from the disk's state.
    pub(crate) fn start(&mut self, host: usize) {
        if self.hosts[host].actor.is_some() {
            return self.start_actor(host);
        }
        if self.hosts[host].node.is_some() {
            return;
        }
        let is_tab = self.hosts[host].address.is_none();
        let config = NodeConfig {
            pool: PoolPolicy::tab(&self.config.params),
            params: self.config.params.clone(),
            seed: self.rng.u64(..),
            user_agent: format!("sim/{host}"),
            listen: self.hosts[host].address.clone(),
            peers: self.hosts[host].peers.clone(),
            target_outbound: if is_tab { self.config.tab_outbound } else { self.config.target_outbound },
            max_inbound: 125,
            secure_only: false,
            max_losing_blocks: fedcoin_node::MAX_LOSING_BLOCKS,
        };
        let h = &mut self.hosts[host];
        h.run += 1;
        h.started = self.now;
        (h.job, h.tick, h.ticks_at_once) = (None, None, 0);
        match Node::new(config, h.disk.snapshot(&self.archive), h.clocks(self.now)) {
            Ok(node) => h.node = Some(node),
            Err(e) => return self.violation(host, format!("cannot start from its store: {e}")),
        }
        let run = h.run;
        self.give(host, run, Input::Tick);
        self.apply_mining(host);
        self.look_after_payments(host);
    }

    pub(crate) fn apply_mining(&mut self, host: usize) {
        if self.hosts[host].hash_rate <= 0.0 {
            return;
        }
        let mines = self.mining && self.hosts[host].mines;
        let settings = MiningSettings { recipient: self.wallets[host].address, policy: self.config.policy };
        let command = Command::SetMining(mines.then_some(settings));
        self.give(host, self.hosts[host].run, Input::Command(command));
    }

    /// The node crashes. A prefix of the commits that were not on disk has reached it anyway.
    pub(crate) fn crash(&mut self, host: usize, down: Duration) {
        self.trace.add(self.now, host, "crash", &[]);
        self.statistics.crashes += 1;
        let h = &mut self.hosts[host];
        h.node = None;
        h.job = None;
        let waiting = h.disk.eventual_commits();
        let kept = self.rng.usize(..=waiting);
        self.statistics.commits_lost += (waiting - kept) as u64;
        h.disk.crash(kept);
        self.network.host_died(host, self.now, &mut self.queue);
        self.queue.push(self.now.after(down), Happening::Start { host });
    }

    /// The node is shut down properly.
    fn stop(&mut self, host: usize, down: Duration) {
        self.give(host, self.hosts[host].run, Input::Command(Command::Shutdown));
        let h = &mut self.hosts[host];
        if h.node.take().is_some() {
            h.job = None;
            h.disk.flush();
            self.network.host_stopped(host);
            self.queue.push(self.now.after(down), Happening::Start { host });
        }
    }

    pub(crate) fn fault(&mut self, fault: Fault) {
        match fault {
            Fault::Partition { island } => self.network.partition(&island),
            Fault::Heal => {
                self.network.heal(self.now, &mut self.queue);
                self.expect_recovery();
            }
            Fault::Crash { node, down } if self.hosts[node].node.is_some() => self.crash(node, down),
            Fault::Crash { .. } => {}
            Fault::Stop { node, down } => self.stop(node, down),
            Fault::Disconnect { node } => {
                let lost = self.network.lose_all(node, self.now, &mut self.queue);
                self.statistics.connections_lost += lost as u64;
            }
            Fault::SetClock { node, ahead_ms } => self.hosts[node].clock_ahead_ms = ahead_ms,
        }
    }
}
