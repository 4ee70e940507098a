use fedcoin_node::primitives::BlockId;
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// Figures of a run.
#[derive(Clone, Debug, Default)]
pub struct Statistics {
    /// Virtual time so far.
    pub elapsed: Duration,
    /// Inputs given to nodes.
    pub inputs: u64,
    /// Effects carried out.
    pub effects: u64,
    /// Change sets stored.
    pub commits: u64,
    /// Change sets stored that had to be on disk at once.
    pub immediate_commits: u64,
    /// Frames sent by kind of message.
    pub traffic: BTreeMap<&'static str, Traffic>,
    /// Blocks found and accepted by their finder.
    pub blocks: u64,
    /// Results of mining workers that came after their job had ended.
    pub stale_results: u64,
    /// Times that a node took blocks off its primary chain.
    pub reorganisations: u64,
    /// The most blocks taken off at once.
    pub deepest_reorganisation: usize,
    /// Nodes killed.
    pub crashes: u64,
    /// Commits that had not reached a disk when its node was killed.
    pub commits_lost: u64,
    /// Connections made.
    pub connections: u64,
    /// Connections broken by the network.
    pub connections_lost: u64,
    /// Connections closed by a node, by reason.
    pub goodbyes: BTreeMap<String, u64>,
    /// Payments submitted for the first time.
    pub payments: u64,
    /// Times that a node took a payment again that it had forgotten in a crash or dropped.
    pub resubmissions: u64,
    /// From a block's birth to each other node's tip, in milliseconds.
    pub(crate) propagation: Vec<u64>,
    /// When each block was born, in virtual milliseconds.
    pub(crate) births: BTreeMap<BlockId, u64>,
}

/// Frames of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// How many.
    pub frames: u64,
    /// Their size together.
    pub bytes: u64,
}

impl Statistics {
    /// The time within which so many percent of the blocks that came one at a time, not to a node
    /// catching up, reached a node.
    #[must_use]
    pub fn propagation(&self, percent: usize) -> Duration {
        let mut sorted = self.propagation.clone();
        sorted.sort_unstable();
        let at = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
        Duration::from_millis(sorted.get(at).copied().unwrap_or_default())
    }
}

impl fmt::Display for Statistics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "virtual time           {:.2} h", self.elapsed.as_secs_f64() / 3_600.0)?;
        writeln!(f, "inputs, effects        {}, {}", self.inputs, self.effects)?;
        writeln!(f, "commits                {}, {} of them at once", self.commits, self.immediate_commits)?;
        writeln!(f, "blocks found           {}, and {} results too late", self.blocks, self.stale_results)?;
        let (reorganisations, deepest) = (self.reorganisations, self.deepest_reorganisation);
        writeln!(f, "reorganisations        {reorganisations}, the deepest of {deepest} blocks")?;
        let [p50, p90, p99] = [50, 90, 99].map(|percent| self.propagation(percent).as_millis());
        writeln!(f, "propagation            p50 {p50} ms, p90 {p90} ms, p99 {p99} ms")?;
        writeln!(f, "payments               {}, and {} taken again", self.payments, self.resubmissions)?;
        writeln!(f, "crashes                {}, {} commits lost", self.crashes, self.commits_lost)?;
        writeln!(f, "connections            {}, {} lost", self.connections, self.connections_lost)?;
        for (reason, count) in &self.goodbyes {
            writeln!(f, "  closed because {reason}: {count}")?;
        }
        for (name, traffic) in &self.traffic {
            writeln!(f, "  {name:<20} {:>9} frames {:>12} bytes", traffic.frames, traffic.bytes)?;
        }
        Ok(())
    }
}
