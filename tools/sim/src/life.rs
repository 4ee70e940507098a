use crate::byzantine::{Actor, behaviour};
use crate::config::SimConfig;
use crate::conversation::address_of;
use crate::disk::Disk;
use crate::fault::Fault;
use crate::host::Host;
use crate::queue::Happening;
use crate::simulation::Simulation;
use crate::time::VirtualTime;
use fastrand::Rng;
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
        self.tell_mining(host);
        self.look_after_payments(host);
    }

    pub(crate) fn tell_mining(&mut self, host: usize) {
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

/// A machine that has never been on.
pub(crate) fn new_host(host: usize, config: &SimConfig, rng: &mut Rng) -> Host {
    const PORT: u64 = 5_000;
    let servers = config.nodes.saturating_sub(config.tabs);
    let known = host.min(servers);
    let peers = rng.choose_multiple(0..known, config.configured_peers);
    let error = i64::try_from(config.clock_error.as_millis()).unwrap_or(0);
    let strong = config.miners.div_ceil(4);
    let hash_rate = match host {
        h if h >= config.miners => 0.0,
        h if strong == config.miners || h >= strong => 0.5 / (config.miners - strong).max(1) as f64,
        _ => 0.5 / strong as f64,
    };
    Host {
        node: None,
        run: 0,
        disk: Disk::default(),
        actor: byzantine(host, config).map(|n| Actor::new(behaviour(n))),
        started: VirtualTime::default(),
        address: (host < servers).then(|| address_of(host, PORT)),
        peers: peers.into_iter().map(|peer| address_of(peer, PORT)).collect(),
        clock_ahead_ms: rng.i64(-error..=error),
        monotonic_origin: rng.u64(0..1_000_000_000),
        hash_rate,
        mines: true,
        job: None,
        tick: None,
        ticks_at_once: 0,
    }
}

/// The number of a byzantine host among all byzantine hosts. They are spread evenly, and the first host is honest.
fn byzantine(host: usize, config: &SimConfig) -> Option<usize> {
    let so_far = |hosts: usize| (hosts as f64 * config.byzantine) as usize;
    let before = so_far(host);
    (host > 0 && so_far(host + 1) > before).then_some(before)
}
