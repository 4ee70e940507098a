use crate::histogram::Histogram;
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// Figures of a run. Figures on nodes cover honest nodes; byzantine hosts are counted separately.
#[derive(Clone, Debug, Default)]
pub struct Statistics {
    /// Virtual time so far.
    pub elapsed: Duration,
    /// Honest nodes.
    pub nodes: usize,
    /// The height of the best tip.
    pub height: u64,
    /// Inputs to nodes.
    pub inputs: u64,
    /// Effects carried out.
    pub effects: u64,
    /// Change sets stored.
    pub commits: u64,
    /// Stored change sets that had to be on disk at once.
    pub immediate_commits: u64,
    /// Frames sent by kind of message.
    pub traffic: BTreeMap<&'static str, Traffic>,
    /// Frames sent by byzantine hosts.
    pub byzantine_traffic: Traffic,
    /// Blocks found and accepted by their finder.
    pub blocks: u64,
    /// How many of them are not on the best chain: of all, and of those found while all nodes could reach one another.
    pub stale: [u64; 2],
    /// Blocks found by byzantine hosts: they are invalid, or withheld.
    pub byzantine_blocks: u64,
    /// Times that a node rejected a block that a byzantine host made or changed.
    pub rejected: u64,
    /// Results of mining workers that came after their job had ended.
    pub stale_results: u64,
    /// Number of times that a node disconnected this many blocks.
    pub reorganisations: BTreeMap<usize, u64>,
    /// Nodes killed.
    pub crashes: u64,
    /// Commits that had not reached a disk when its node was killed.
    pub commits_lost: u64,
    /// Nodes that left and returned later.
    pub departures: u64,
    /// How many of them returned with an empty disk.
    pub wiped: u64,
    /// Connections made.
    pub connections: u64,
    /// Connections broken by the network.
    pub connections_lost: u64,
    /// Connections closed by a node, by reason.
    pub goodbyes: BTreeMap<String, u64>,
    /// Those of them between honest nodes because of a stall.
    pub honest_stalls: u64,
    /// Those of them with byzantine hosts, by behaviour and reason.
    pub cut_off: BTreeMap<(&'static str, String), u64>,
    /// Payments submitted for the first time.
    pub payments: u64,
    /// Number of times that a node accepted a payment again that it had lost in a crash or dropped.
    pub resubmissions: u64,
    /// Time until all nodes were on one chain, after each partition.
    pub recoveries: Vec<Duration>,
    /// Maximum number of blocks beside the primary chain of a node.
    pub most_side_blocks: u32,
    /// Maximum number of peers of a node.
    pub most_peers: usize,
    /// Time from finding a block to each other node's tip, for blocks that came one at a time, not to a syncing node.
    pub propagation: Histogram,
    /// Time from making a payment to each other node's mempool.
    pub payment_propagation: Histogram,
}

/// Frames of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Number of frames.
    pub frames: u64,
    /// Their total size.
    pub bytes: u64,
}

impl Traffic {
    pub(crate) fn add(&mut self, bytes: usize) {
        self.frames += 1;
        self.bytes += bytes as u64;
    }
}

impl Statistics {
    /// Maximum number of blocks that a node disconnected at once.
    #[must_use]
    pub fn deepest_reorganisation(&self) -> usize {
        self.reorganisations.keys().next_back().copied().unwrap_or_default()
    }

    fn fmt_chain(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "virtual time           {:.2} h of {} nodes", self.elapsed.as_secs_f64() / 3_600.0, self.nodes)?;
        writeln!(f, "inputs, effects        {}, {}", self.inputs, self.effects)?;
        writeln!(f, "commits                {}, {} of them immediate", self.commits, self.immediate_commits)?;
        writeln!(f, "blocks found           {}, and {} results too late", self.blocks, self.stale_results)?;
        let [stale, outside] = self.stale;
        let rate = |stale| 100.0 * stale as f64 / self.blocks.max(1) as f64;
        let (of_all, of_outside) = (rate(stale), rate(outside));
        writeln!(f, "stale                  {stale} ({of_all:.2} %), {outside} ({of_outside:.2} %) not in partitions")?;
        let (times, deepest) = (self.reorganisations.values().sum::<u64>(), self.deepest_reorganisation());
        writeln!(f, "reorganisations        {times}, the deepest with {deepest} blocks")?;
        for (name, times) in [("block", &self.propagation), ("payment", &self.payment_propagation)] {
            let [p50, p90, p99] = [50, 90, 99].map(|percent| times.percentile(percent).as_millis());
            let name = format!("{name} propagation");
            writeln!(f, "{name:<22} p50 {p50} ms, p90 {p90} ms, p99 {p99} ms ({} arrivals)", times.len())?;
        }
        writeln!(f, "payments               {}, and {} taken again", self.payments, self.resubmissions)
    }

    fn fmt_trouble(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "crashes                {}, {} commits lost", self.crashes, self.commits_lost)?;
        writeln!(f, "departures             {}, {} returned with an empty disk", self.departures, self.wiped)?;
        writeln!(f, "connections            {}, {} lost", self.connections, self.connections_lost)?;
        let recoveries: Vec<String> = self.recoveries.iter().map(|d| format!("{:.0} s", d.as_secs_f64())).collect();
        if !recoveries.is_empty() {
            writeln!(f, "partitions             on one chain again after {}", recoveries.join(", "))?;
        }
        writeln!(f, "honest peers           0 bans; {} disconnected because they stalled", self.honest_stalls)?;
        writeln!(f, "maximum per node       {} peers, {} side blocks", self.most_peers, self.most_side_blocks)?;
        for (reason, count) in &self.goodbyes {
            writeln!(f, "  closed because {reason}: {count}")?;
        }
        if self.byzantine_traffic.frames == 0 {
            return Ok(());
        }
        let Traffic { frames, bytes } = self.byzantine_traffic;
        writeln!(f, "byzantine hosts sent   {frames} frames, {bytes} bytes")?;
        writeln!(f, "  blocks found         {}, blocks rejected {}", self.byzantine_blocks, self.rejected)?;
        for ((behaviour, reason), count) in &self.cut_off {
            writeln!(f, "  {behaviour}: cut off because {reason}: {count}")?;
        }
        Ok(())
    }

    /// Frames and bytes that a node sends in a day.
    fn per_node_and_day(&self, n: u64) -> f64 {
        n as f64 / self.nodes.max(1) as f64 * 86_400.0 / self.elapsed.as_secs_f64().max(1.0)
    }
}

impl fmt::Display for Statistics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fmt_chain(f)?;
        self.fmt_trouble(f)?;
        writeln!(f, "sent per node and day")?;
        let mut all = Traffic::default();
        for (name, traffic) in &self.traffic {
            let (frames, bytes) = (self.per_node_and_day(traffic.frames), self.per_node_and_day(traffic.bytes));
            writeln!(f, "  {name:<20} {frames:>10.0} messages {:>11.1} kB", bytes / 1_000.0)?;
            all.frames += traffic.frames;
            all.bytes += traffic.bytes;
        }
        let (frames, bytes) = (self.per_node_and_day(all.frames), self.per_node_and_day(all.bytes));
        writeln!(f, "  all                  {frames:>10.0} messages {:>11.1} kB", bytes / 1_000.0)
    }
}
