use crate::archive::{Archive, Entry};
use crate::config::SimConfig;
use crate::fault::Fault;
use crate::host::Host;
use crate::network::Network;
use crate::queue::{Happening, Queue};
use crate::statistics::Statistics;
use crate::time::VirtualTime;
use crate::trace::Trace;
use crate::verifier::Verifier;
use crate::wallet::{PaymentRecord, Wallet};
use fastrand::Rng;
use fedcoin_node::chain::{ChangeSet, Snapshot};
use fedcoin_node::consensus::{BlockError, ChainParams};
use fedcoin_node::peers::{PeerAddress, PeerId};
use fedcoin_node::primitives::{Block, BlockId, TxId};
use fedcoin_node::units::Work;
use fedcoin_node::{
    BatchId, Durability, Effect, Event, Input, LoadId, MiningPolicy, Node, PaymentOrigin, SignatureCheck, SyncStatus,
    Verdict,
};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// A network of nodes in virtual time; see the crate's documentation.
pub struct Simulation {
    pub(crate) config: SimConfig,
    pub(crate) now: VirtualTime,
    pub(crate) queue: Queue,
    pub(crate) rng: Rng,
    pub(crate) hosts: Vec<Host>,
    pub(crate) network: Network,
    pub(crate) statistics: Statistics,
    pub(crate) archive: Archive,
    /// Addresses of honest hosts.
    pub(crate) addresses: Vec<PeerAddress>,
    pub(crate) hosts_by_address: BTreeMap<PeerAddress, usize>,
    /// Upper bound in 0..1 of the hash rate of each host and those before it.
    pub(crate) shares: Vec<f64>,
    /// The host that last had the best tip.
    leader: usize,
    best_work: Work,
    pub(crate) recovery: Option<Recovery>,
    pub(crate) is_night: bool,
    pub(crate) day_policy: MiningPolicy,
    pub(crate) wallets: Vec<Wallet>,
    pub(crate) payments: Vec<PaymentRecord>,
    /// When each payment was made, in virtual milliseconds, except during partitions.
    pub(crate) payment_births: BTreeMap<TxId, u64>,
    verifier: Verifier,
    pub(crate) trace: Trace,
    violations: Vec<String>,
    /// Whether random crashes, losses and payments continue.
    pub(crate) restless: bool,
    pub(crate) mining: bool,
}

/// Waits until all agree again after a partition.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Recovery {
    pub(crate) since: VirtualTime,
    /// A block of the chain with the most work when the partition ended.
    pub(crate) marker: BlockId,
}

/// Maximum number of violations kept; one is enough to fail.
const MAX_VIOLATIONS: usize = 20;
/// Maximum number of ticks of one node at one time; more are a violation.
const MAX_TICKS_AT_ONCE: u32 = 1_000;
/// Maximum time that a crashed node is away; a quarter of it on average.
const MAX_DOWN: Duration = Duration::from_secs(120);

impl Simulation {
    /// A network whose nodes are about to be switched on.
    #[must_use]
    pub fn new(mut config: SimConfig) -> Self {
        let mut rng = Rng::with_seed(config.seed);
        let wallets: Vec<Wallet> = (0..config.nodes).map(|_| Wallet::new(&mut rng)).collect();
        if let Some(first) = wallets.first() {
            config.params.genesis.recipient = first.address;
        }
        let genesis = config.params.genesis_block();
        let hosts: Vec<Host> = (0..config.nodes).map(|host| Host::new(host, &config, &mut rng)).collect();
        let by_address = |(host, h): (usize, &Host)| Some((h.address.clone()?, host));
        let mut up_to = 0.0;
        let share = |h: &Host| {
            up_to += h.hash_rate;
            up_to
        };
        let mut simulation = Self {
            network: Network::new(config.links.clone(), config.nodes, rng.fork()),
            now: VirtualTime::default(),
            queue: Queue::default(),
            addresses: hosts.iter().filter(|h| h.actor.is_none()).filter_map(|h| h.address.clone()).collect(),
            hosts_by_address: hosts.iter().enumerate().filter_map(by_address).collect(),
            shares: hosts.iter().map(share).collect(),
            leader: 0,
            best_work: Work::ZERO,
            recovery: None,
            is_night: false,
            day_policy: config.policy,
            hosts,
            statistics: Statistics::default(),
            archive: Archive::new(genesis),
            wallets,
            payments: Vec::new(),
            payment_births: BTreeMap::new(),
            verifier: Verifier::default(),
            trace: Trace::default(),
            violations: Vec::new(),
            restless: true,
            mining: true,
            rng,
            config,
        };
        simulation.plan();
        simulation
    }

    /// Queues the regular events.
    fn plan(&mut self) {
        let late: BTreeMap<usize, Duration> = self.config.late.iter().copied().collect();
        for host in 0..self.hosts.len() {
            let moment = Duration::from_millis(self.rng.u64(0..2_000));
            let at = late.get(&host).copied().unwrap_or(moment);
            self.queue.push(self.now.after(at), Happening::Start { host });
        }
        self.next_draw();
        self.next_payment();
        self.next_loss();
        self.next_departure();
        self.next_miner_change();
        if let Some((from, until)) = self.config.night {
            self.queue.push(self.now.after(from), Happening::Night(true));
            self.queue.push(self.now.after(until), Happening::Night(false));
        }
        self.queue.push(self.now, Happening::Inspection { host: 0 });
        self.next_resubmission();
    }

    /// Schedules a fault at a time since the beginning.
    pub fn schedule(&mut self, at: Duration, fault: Fault) {
        self.queue.push(VirtualTime::default().after(at).max(self.now), Happening::Fault(fault));
    }

    /// Advances virtual time.
    pub fn run_for(&mut self, time: Duration) {
        let end = self.now.after(time);
        while self.step(end) {}
    }

    /// Advances virtual time until `done` is true, checked once a virtual second, for at most `limit`. Returns whether
    /// it is true.
    pub fn run_until(&mut self, limit: Duration, mut done: impl FnMut(&Self) -> bool) -> bool {
        let end = self.now.after(limit);
        while !done(self) {
            if self.now >= end {
                return false;
            }
            self.run_for(Duration::from_secs(1));
        }
        true
    }

    /// Ends random faults, byzantine hosts and payments; heals the partition; switches all hosts on.
    pub fn calm(&mut self) {
        self.restless = false;
        self.network.heal(self.now, &mut self.queue);
        for host in 0..self.hosts.len() {
            if self.hosts[host].actor.is_some() {
                self.retire(host);
            } else if self.hosts[host].node.is_none() {
                self.queue.push(self.now, Happening::Start { host });
            }
        }
    }

    /// Stops or resumes mining on every node.
    pub fn set_mining(&mut self, on: bool) {
        self.mining = on;
        for host in 0..self.hosts.len() {
            self.apply_mining(host);
        }
    }

    /// The hosts that are not byzantine.
    pub fn honest(&self) -> impl Iterator<Item = usize> {
        (0..self.hosts.len()).filter(|host| self.hosts[*host].actor.is_none())
    }

    /// A running node with the best tip, or nearly the best.
    pub(crate) fn leader(&self) -> Option<usize> {
        let runs = |host: &usize| self.hosts[*host].node.is_some();
        Some(self.leader).filter(runs).or_else(|| (0..self.hosts.len()).find(runs))
    }

    /// Whether all nodes run, are in sync and have the same tip.
    #[must_use]
    pub fn has_converged(&self) -> bool {
        let synced = |node: &Node| node.status().sync == SyncStatus::Synced;
        self.honest().all(|host| self.node(host).is_some_and(synced)) && self.tips().len() == 1
    }

    /// The tips of the running nodes.
    #[must_use]
    pub fn tips(&self) -> BTreeSet<BlockId> {
        (0..self.hosts.len()).filter_map(|host| self.tip(host)).collect()
    }

    /// A node, if it is running.
    #[must_use]
    pub fn node(&self, host: usize) -> Option<&Node> {
        self.hosts.get(host)?.node.as_ref()
    }

    /// The state on a node's disk.
    #[must_use]
    pub fn stored(&self, host: usize) -> Option<Snapshot> {
        self.hosts.get(host).map(|h| h.disk.snapshot(&self.archive))
    }

    /// The network's rules, with the actual recipient of the genesis coins.
    #[must_use]
    pub fn params(&self) -> &ChainParams {
        &self.config.params
    }

    /// The blocks from genesis to `tip`, if all are known.
    #[must_use]
    pub fn chain_to(&self, tip: BlockId) -> Option<Vec<&Block>> {
        self.archive.chain_to(tip)
    }

    /// All payments that wallets have made.
    #[must_use]
    pub fn payments(&self) -> &[PaymentRecord] {
        &self.payments
    }

    /// Violations by nodes; see the crate's documentation. At most 20 are kept.
    #[must_use]
    pub fn violations(&self) -> &[String] {
        &self.violations
    }

    /// A hash over all inputs and effects so far, with the contents of the effects and their times.
    #[must_use]
    pub fn trace(&self) -> [u8; 32] {
        self.trace.hash()
    }

    /// Figures so far.
    #[must_use]
    pub fn statistics(&self) -> Statistics {
        let leader = self.leader().and_then(|leader| self.node(leader));
        Statistics {
            elapsed: self.now.since(VirtualTime::default()),
            nodes: self.honest().count(),
            stale: self.stale_blocks(),
            height: leader.map_or(0, |node| node.chain().tip().height.0.into()),
            ..self.statistics.clone()
        }
    }

    /// Processes the next event, if it is not after `end`.
    fn step(&mut self, end: VirtualTime) -> bool {
        let Some((at, happening)) = self.queue.pop_until(end) else {
            self.now = self.now.max(end);
            return false;
        };
        self.now = at;
        match happening {
            Happening::Input { host, run, input } => self.give(host, run, input),
            Happening::Tick { host, run } => self.tick(host, run),
            Happening::Dial { from, run, to } => self.dialled(from, run, to),
            Happening::Connected { end } => self.connected(end),
            Happening::Delivered { end, bytes } => self.delivered(end, bytes),
            Happening::Closed { end } => self.closed(end),
            Happening::Lottery => self.lottery(),
            Happening::Reported { host, run, find } => self.report(host, run, find),
            Happening::Start { host } => self.start(host),
            Happening::Fault(fault) => self.fault(fault),
            Happening::ConnectionLoss => self.lose_connection(),
            Happening::PaymentDue => self.pay_somebody(),
            Happening::Resubmission => self.resubmit(),
            Happening::Mischief { host } => self.mischief(host),
            Happening::Departure => self.departure(),
            Happening::MinerChange => self.miner_change(),
            Happening::Night(begins) => self.night(begins),
            Happening::Recovery => self.look_for_recovery(),
            Happening::Inspection { host } => self.inspect(host),
        }
        true
    }

    pub(crate) fn is_running(&self, host: usize, run: u32) -> bool {
        self.hosts[host].run == run
            && (self.hosts[host].node.is_some() || (self.hosts[host].actor.is_some() && run > 0))
    }

    /// Gives a node one input and carries out the effects, unless it crashes on the way.
    pub(crate) fn give(&mut self, host: usize, run: u32, input: Input) {
        if !self.is_running(host, run) {
            return;
        }
        // The content of a received frame was added when it was sent.
        self.trace.add(self.now, host, input_name(&input), &[]);
        self.statistics.inputs += 1;
        let clocks = self.hosts[host].clocks(self.now);
        if let Some(node) = &mut self.hosts[host].node {
            node.handle(input, clocks);
        }
        loop {
            if self.restless && self.config.crash_chance > 0.0 && self.rng.f64() < self.config.crash_chance {
                let down = self.draw_time(MAX_DOWN / 4).min(MAX_DOWN);
                return self.crash(host, down);
            }
            let Some(effect) = self.hosts[host].node.as_mut().and_then(Node::poll_effect) else { break };
            self.statistics.effects += 1;
            self.carry_out(host, effect);
        }
        self.check_job(host);
        self.plan_tick(host);
    }

    fn carry_out(&mut self, host: usize, effect: Effect) {
        self.trace.add_effect(self.now, host, &effect);
        match effect {
            Effect::Store { changes, durability } => self.store_changes(host, &changes, durability),
            Effect::Load { request, blocks } => self.load(host, request, &blocks),
            Effect::Verify { batch, checks } => self.verify(host, batch, &checks),
            Effect::Connect { address } => self.dial(host, &address),
            Effect::Send { peer, bytes } => self.send(host, peer, bytes),
            Effect::Disconnect { peer, reason } => self.close(host, peer, reason),
            Effect::Mine(job) => self.start_job(host, job),
            Effect::PauseMining { generation } => self.pause_jobs(host, generation),
            Effect::Emit(event) => self.event(host, event),
        }
    }

    fn store_changes(&mut self, host: usize, changes: &ChangeSet, durability: Durability) {
        self.statistics.commits += 1;
        self.statistics.immediate_commits += u64::from(durability == Durability::Immediate);
        if let Err(problem) = self.hosts[host].disk.apply(changes, durability, &mut self.archive) {
            self.violation(host, problem);
        }
        for block in &changes.blocks {
            if let Some(entry) = self.archive.find_mut(&block.id()).filter(|entry| entry.born.is_none()) {
                (entry.born, entry.in_partition) = (Some(self.now.millis()), self.network.is_partitioned());
            }
        }
    }

    fn load(&mut self, host: usize, request: LoadId, ids: &[BlockId]) {
        let blocks = self.hosts[host].disk.load(ids, &self.archive);
        let delay = Duration::from_micros(self.rng.u64(100..20_000));
        self.answer(host, delay, Input::Loaded { request, blocks });
    }

    /// Verdicts arrive after a random delay, so that batches overtake one another.
    fn verify(&mut self, host: usize, batch: BatchId, checks: &[SignatureCheck]) {
        let unknown = self.rng.f64() < self.config.unknown_verdict_chance;
        let verdicts = checks.iter().map(|check| self.verifier.verdict(check));
        let verdicts = if unknown { vec![Verdict::Unknown; checks.len()] } else { verdicts.collect() };
        let delay = Duration::from_micros(self.rng.u64(50..5_000) + 300 * checks.len() as u64);
        self.answer(host, delay, Input::Verified { batch, verdicts });
    }

    fn answer(&mut self, host: usize, delay: Duration, input: Input) {
        let run = self.hosts[host].run;
        self.queue.push(self.now.after(delay), Happening::Input { host, run, input });
    }

    fn event(&mut self, host: usize, event: Event) {
        match event {
            Event::TipChanged { tip, disconnected, connected, .. } => {
                if tip.work > self.best_work {
                    (self.best_work, self.leader) = (tip.work, host);
                }
                self.tip_changed(host, disconnected.len(), &connected);
            }
            Event::PaymentAccepted { txid, origin: PaymentOrigin::Peer(_) } => {
                let was_running = |born: &&u64| **born > self.hosts[host].started.millis();
                if let Some(born) = self.payment_births.get(&txid).filter(was_running) {
                    self.statistics.payment_propagation.add(self.now.millis().saturating_sub(*born));
                }
            }
            Event::PaymentSubmitted { request, result, .. } => self.payment_submitted(request, result.is_ok()),
            Event::PaymentDropped { dropped, .. } => self.payment_dropped(host, dropped.txid),
            Event::BlockRejected { id, error, peer } => self.block_rejected(host, id, &error, peer),
            Event::StorageCorrupt { problem } => self.violation(host, format!("stored data is corrupt: {problem}")),
            _ => {}
        }
    }

    /// Blocks may be rejected only if a byzantine host made or changed them.
    fn block_rejected(&mut self, host: usize, id: BlockId, error: &BlockError, peer: Option<PeerId>) {
        let sender = peer.and_then(|peer| self.network.other_host(peer));
        let changed = error.is_mutation() && sender.is_some_and(|sender| self.hosts[sender].actor.is_some());
        if changed || self.archive.find(&id).is_some_and(|entry| entry.breaks_a_rule) {
            self.statistics.rejected += 1;
        } else {
            self.violation(host, format!("rejected {id}: {error}"));
        }
    }

    fn tip_changed(&mut self, host: usize, disconnected: usize, connected: &[BlockId]) {
        if disconnected > 0 {
            *self.statistics.reorganisations.entry(disconnected).or_default() += 1;
        }
        let broken = connected.iter().find(|id| self.archive.find(id).is_some_and(|entry| entry.breaks_a_rule));
        if let Some(id) = broken {
            self.violation(host, format!("accepted the invalid block {id}"));
        }
        // Several blocks at once mean a syncing node; a delay of zero means the finder.
        let [id] = connected else { return };
        // Do not count blocks found while the node could not hear of them.
        let was_running = |entry: &&Entry| !entry.in_partition && entry.born > Some(self.hosts[host].started.millis());
        let born = self.archive.find(id).filter(was_running).and_then(|entry| entry.born);
        let age = born.map_or(0, |born| self.now.millis().saturating_sub(born));
        if age > 0 {
            self.statistics.propagation.add(age);
        }
    }

    /// Numbers of honest blocks that are not on the best chain: of all, and of those found while all nodes could reach
    /// one another.
    fn stale_blocks(&self) -> [u64; 2] {
        let Some(node) = self.leader().and_then(|leader| self.node(leader)) else { return [0, 0] };
        let off = |entry: &&Entry| !node.chain().block_info(&entry.header.id()).is_some_and(|info| info.primary);
        let stale: Vec<&Entry> = self.archive.born().filter(off).collect();
        [stale.len() as u64, stale.iter().filter(|entry| !entry.in_partition).count() as u64]
    }

    fn plan_tick(&mut self, host: usize) {
        let (now, h) = (self.now, &mut self.hosts[host]);
        let Some(at) = h.node.as_ref().and_then(Node::poll_timeout) else { return };
        let at = h.time_of(at).max(now);
        if h.tick != Some(at) {
            h.tick = Some(at);
            self.queue.push(at, Happening::Tick { host, run: h.run });
        }
    }

    fn tick(&mut self, host: usize, run: u32) {
        if !self.is_running(host, run) || self.hosts[host].tick != Some(self.now) {
            return;
        }
        self.hosts[host].tick = None;
        self.give(host, run, Input::Tick);
        let h = &mut self.hosts[host];
        h.ticks_at_once = if h.tick == Some(self.now) { h.ticks_at_once + 1 } else { 0 };
        if h.ticks_at_once > MAX_TICKS_AT_ONCE {
            h.tick = None;
            self.violation(host, "requests the same time-out endlessly".into());
        }
    }

    fn lose_connection(&mut self) {
        if self.restless && self.network.lose_one(self.now, &mut self.queue) {
            self.statistics.connections_lost += 1;
        }
        self.next_loss();
    }

    fn next_loss(&mut self) {
        if let Some(mean) = self.config.losses_every.filter(|_| self.restless) {
            let at = self.now.after(self.draw_time(mean));
            self.queue.push(at, Happening::ConnectionLoss);
        }
    }

    pub(crate) fn violation(&mut self, host: usize, what: String) {
        if self.violations.len() < MAX_VIOLATIONS {
            let at = self.now.since(VirtualTime::default());
            self.violations.push(format!("seed {}, {at:?}: node {host} {what}", self.config.seed));
        }
    }

    /// A random time with this mean, until an event without memory.
    pub(crate) fn draw_time(&mut self, mean: Duration) -> Duration {
        mean.mul_f64(-(1.0 - self.rng.f64()).ln())
    }
}

fn input_name(input: &Input) -> &'static str {
    match input {
        Input::Connected { .. } => "connected",
        Input::ConnectFailed { .. } => "connect failed",
        Input::Disconnected { .. } => "disconnected",
        Input::Received { .. } => "received",
        Input::Receiving { .. } => "receiving",
        Input::Loaded { .. } => "loaded",
        Input::Verified { .. } => "verified",
        Input::Mined { .. } => "mined",
        Input::Command(_) => "command",
        Input::Tick => "tick",
    }
}
