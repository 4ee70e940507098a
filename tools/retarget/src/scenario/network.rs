//! Tabs that hear of blocks late, and whose clocks may be wrong: what the rule makes of forks.

use super::{SPACING, warm};
use crate::chain::Search;
use crate::{Candidate, Chain, ONE_TAB, percentile};
use fastrand::Rng;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// What thirty tabs mine on.
#[derive(Clone, Copy, Debug)]
pub struct Situation {
    /// For tables.
    pub name: &'static str,
    /// Hashes per second before.
    before: f64,
    /// Seconds without mining before they start.
    rest: f64,
    /// Minutes that they are observed.
    minutes: f64,
    /// How wrong clocks may be, in seconds.
    wrong: f64,
}

/// All of them.
pub const SITUATIONS: [Situation; 7] = {
    let tabs = TABS as f64 * ONE_TAB;
    [
        Situation { name: "steady", before: tabs, rest: 0.0, minutes: 20.0, wrong: 0.0 },
        Situation { name: "after 8 h of rest", before: tabs, rest: 28_800.0, minutes: 1.0, wrong: 0.0 },
        Situation { name: "after 255 s of rest", before: tabs, rest: 255.0, minutes: 1.0, wrong: 0.0 },
        Situation { name: "thirty after a lone tab", before: ONE_TAB, rest: 0.0, minutes: 1.0, wrong: 0.0 },
        Situation { name: "a fall to 1/170", before: 170.0 * tabs, rest: 0.0, minutes: 20.0, wrong: 0.0 },
        Situation { name: "a fall, clocks wrong by 5 s", before: 170.0 * tabs, rest: 0.0, minutes: 20.0, wrong: 5.0 },
        Situation {
            name: "a fall, clocks wrong by 2 min",
            before: 170.0 * tabs,
            rest: 0.0,
            minutes: 20.0,
            wrong: 120.0,
        },
    ]
};

/// What becomes of the blocks.
#[derive(Clone, Copy, Debug)]
pub struct Network {
    /// Share of blocks that do not end on the longest chain.
    pub stale: f64,
    /// Number of blocks that 99 % of the runs' deepest reorganisations do not exceed.
    pub depth: f64,
    /// Number of blocks in the first spacing that 99 % of the runs do not exceed.
    pub crowd: f64,
}

const TABS: usize = 30;
/// Seconds until half of the others know a block, and the factor that 99 of 100 stay within.
const DELAY: (f64, f64) = (0.5, 5.0);
/// A header further ahead of a clock waits (rule H6), in seconds.
const MAX_FUTURE: f64 = 120.0;

/// Many runs of one situation.
#[must_use]
pub fn run(rule: &dyn Candidate, situation: &Situation, runs: usize) -> Network {
    let mut steady = warm(rule, situation.before, 14);
    let mut rng = Rng::with_seed(15);
    let (mut found, mut stale, mut depths, mut crowds) = (0, 0, Vec::new(), Vec::new());
    for _ in 0..runs {
        for _ in 0..20 {
            steady.step(situation.before);
        }
        let mut chain = steady.branch();
        chain.wait(situation.rest);
        let mut world = World::new(chain, situation, rng.fork());
        world.run(situation.minutes * 60.0);
        let (primary, crowd) = world.primary();
        found += world.blocks.len() - 1;
        stale += world.blocks.len() - 1 - primary;
        crowds.push(crowd as f64);
        depths.push(world.deepest as f64);
    }
    Network {
        stale: stale as f64 / found.max(1) as f64,
        depth: percentile(&depths, 0.99),
        crowd: percentile(&crowds, 0.99),
    }
}

/// A block and the chain up to it.
struct Block<'a> {
    parent: usize,
    height: usize,
    /// Of the chain since the start.
    work: f64,
    id: u64,
    /// Seconds.
    found: f64,
    chain: Chain<'a>,
}

struct Tab {
    tip: usize,
    /// The number of the search; finds of older ones do not count.
    search: u64,
    /// Seconds by which its clock is ahead.
    ahead: f64,
}

/// What happens to a tab.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Finds { search: u64 },
    Hears { block: usize },
}

struct World<'a> {
    start: f64,
    blocks: Vec<Block<'a>>,
    tabs: Vec<Tab>,
    /// Microseconds, tab, event.
    queue: BinaryHeap<Reverse<(u64, usize, What)>>,
    deepest: usize,
    rng: Rng,
}

impl<'a> World<'a> {
    fn new(chain: Chain<'a>, situation: &Situation, mut rng: Rng) -> Self {
        let start = chain.seconds();
        let tabs = (0..TABS).map(|_| Tab { tip: 0, search: 0, ahead: (rng.f64() * 2.0 - 1.0) * situation.wrong });
        let tabs = tabs.collect();
        let root = Block { parent: 0, height: 0, work: 0.0, id: 0, found: start, chain };
        Self { start, blocks: vec![root], tabs, queue: BinaryHeap::new(), deepest: 0, rng }
    }

    fn run(&mut self, seconds: f64) {
        let end = self.start + seconds;
        (0..TABS).for_each(|tab| self.search(tab, self.start));
        while let Some(Reverse((at, tab, what))) = self.queue.pop() {
            let now = at as f64 / 1e6;
            match what {
                _ if now > end => return,
                What::Finds { search } if search == self.tabs[tab].search => self.find(tab, now),
                What::Finds { .. } => {}
                What::Hears { block } => self.hear(tab, block, now),
            }
        }
    }

    fn plan(&mut self, at: f64, tab: usize, what: What) {
        self.queue.push(Reverse(((at * 1e6) as u64, tab, what)));
    }

    /// Begins to search on the tab's tip.
    fn search(&mut self, tab: usize, now: f64) {
        let luck = -(1.0 - self.rng.f64()).ln();
        let Tab { tip, ahead, .. } = self.tabs[tab];
        self.tabs[tab].search += 1;
        let chain = &self.blocks[tip].chain;
        let search = Search { target: chain.target(), earliest: chain.earliest_stamp(), rate: ONE_TAB, ahead };
        let at = now + search.seconds(now * 1e3, luck);
        self.plan(at, tab, What::Finds { search: self.tabs[tab].search });
    }

    fn find(&mut self, tab: usize, now: f64) {
        let Tab { tip, ahead, .. } = self.tabs[tab];
        let parent = &self.blocks[tip];
        let mut chain = parent.chain.clone();
        chain.wait(now - chain.seconds());
        let stamp = chain.honest_stamp(ahead);
        let (work, height) = (parent.work + chain.work_at(stamp), parent.height + 1);
        chain.push(stamp);
        let block = self.blocks.len();
        self.blocks.push(Block { parent: tip, height, work, id: self.rng.u64(..), found: now, chain });
        self.tabs[tab].tip = block;
        self.search(tab, now);
        for other in (0..TABS).filter(|other| *other != tab) {
            let allowed = stamp.0 as f64 / 1e3 - MAX_FUTURE - self.tabs[other].ahead;
            let at = (now + self.delay()).max(allowed);
            self.plan(at, other, What::Hears { block });
        }
    }

    /// Seconds until somebody else knows a block: log-normal.
    fn delay(&mut self) -> f64 {
        let normal = (-2.0 * (1.0 - self.rng.f64()).ln()).sqrt() * (core::f64::consts::TAU * self.rng.f64()).cos();
        let (median, factor) = DELAY;
        median * (factor.ln() / 2.326 * normal).exp()
    }

    fn hear(&mut self, tab: usize, block: usize, now: f64) {
        let tip = self.tabs[tab].tip;
        if self.rank(block) <= self.rank(tip) {
            return;
        }
        self.deepest = self.deepest.max(self.blocks[tip].height - self.fork(tip, block));
        self.tabs[tab].tip = block;
        self.search(tab, now);
    }

    /// The higher wins (rules F1 and F2).
    fn rank(&self, block: usize) -> (u64, Reverse<u64>) {
        (self.blocks[block].work as u64, Reverse(self.blocks[block].id))
    }

    /// The height up to which both chains are the same.
    fn fork(&self, mut a: usize, mut b: usize) -> usize {
        while a != b {
            // Parents come before their children.
            if a > b { a = self.blocks[a].parent } else { b = self.blocks[b].parent }
        }
        self.blocks[a].height
    }

    /// Number of blocks on the best chain, and how many of them were found within a spacing.
    fn primary(&self) -> (usize, usize) {
        let mut at = (0..self.blocks.len()).max_by_key(|block| self.rank(*block)).unwrap_or(0);
        let (height, mut early) = (self.blocks[at].height, 0);
        while at > 0 {
            early += usize::from(self.blocks[at].found <= self.start + SPACING);
            at = self.blocks[at].parent;
        }
        (height, early)
    }
}
