//! A miner that withholds blocks so that others mine in vain (Eyal and Sirer, 2013).

use super::{SPACING, WARM_UP};
use crate::{Candidate, Chain, THIRTY_TABS};

/// Who wins when the withheld branch and the public one have the same work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tie {
    /// The public branch, which all nodes saw first.
    Public,
    /// Either, by chance: the one with the lower id.
    LowerId,
    /// The withheld branch, whose last block was found and stamped earlier.
    EarlierTime,
}

/// The gain of withholding (0.02 is 2 % more than honest mining).
#[derive(Clone, Copy, Debug)]
pub struct Selfish {
    /// Rewards per time and per hash.
    pub per_time: f64,
    /// Share of all rewards, compared with the share of the hash rate.
    pub part: f64,
}

/// The state of a run.
struct Race<'a> {
    public: Chain<'a>,
    /// The selfish miner's own branch.
    withheld: Option<Branch<'a>>,
    own: f64,
    others: f64,
}

/// Blocks after the fork.
struct Branch<'a> {
    chain: Chain<'a>,
    own_blocks: f64,
    own_work: f64,
    public_blocks: f64,
    public_work: f64,
    /// The published branch is equal and was not chosen. The next block decides.
    lost_tie: bool,
}

/// Lets a miner with this share of the hash rate be selfish, over this many finds.
#[must_use]
pub fn run(rule: &dyn Candidate, share: f64, tie: Tie, finds: usize) -> Selfish {
    let public = Chain::new(rule, THIRTY_TABS, 8);
    let mut start = public.seconds();
    let mut race = Race { public, withheld: None, own: 0.0, others: 0.0 };
    for n in 0..WARM_UP + finds {
        if n == WARM_UP {
            (start, race.own, race.others) = (race.public.seconds(), 0.0, 0.0);
        }
        let honest = race.public.draw(THIRTY_TABS * (1.0 - share));
        let selfish = match &mut race.withheld {
            Some(branch) => {
                branch.chain.set_time_of(&race.public);
                branch.chain.draw(THIRTY_TABS * share)
            }
            None => race.public.draw(THIRTY_TABS * share),
        };
        race.public.wait(honest.min(selfish));
        if selfish < honest { race.selfish_find() } else { race.honest_find(tie) }
    }
    let spacings = (race.public.seconds() - start) / SPACING;
    Selfish { per_time: race.own / spacings / share - 1.0, part: race.own / (race.own + race.others) / share - 1.0 }
}

impl<'a> Race<'a> {
    fn selfish_find(&mut self) {
        let mut branch = self.withheld.take().unwrap_or_else(|| Branch::new(&mut self.public));
        branch.chain.set_time_of(&self.public);
        branch.own_blocks += 1.0;
        let stamp = branch.chain.honest_stamp(0.0);
        branch.own_work += branch.chain.work_at(stamp);
        branch.chain.push(stamp);
        if branch.lost_tie { self.win(branch) } else { self.withheld = Some(branch) }
    }

    fn honest_find(&mut self, tie: Tie) {
        let stamp = self.public.honest_stamp(0.0);
        let work = self.public.work_at(stamp);
        self.public.push(stamp);
        let Some(mut branch) = self.withheld.take() else {
            self.others += 1.0;
            return;
        };
        branch.public_blocks += 1.0;
        branch.public_work += work;
        if branch.lost_tie || branch.own_work < branch.public_work {
            self.others += branch.public_blocks;
        } else if branch.own_blocks > branch.public_blocks + 1.0 {
            // It is far ahead: the others mine in vain.
            self.withheld = Some(branch);
        } else if branch.own_work > branch.public_work || self.wins(tie) {
            self.win(branch);
        } else {
            branch.lost_tie = true;
            self.withheld = Some(branch);
        }
    }

    fn wins(&mut self, tie: Tie) -> bool {
        match tie {
            Tie::Public => false,
            Tie::LowerId => self.public.rng().bool(),
            Tie::EarlierTime => true,
        }
    }

    /// All move to the selfish miner's branch.
    fn win(&mut self, mut branch: Branch<'a>) {
        self.own += branch.own_blocks;
        branch.chain.set_time_of(&self.public);
        self.public = branch.chain;
    }
}

impl<'a> Branch<'a> {
    fn new(public: &mut Chain<'a>) -> Self {
        Self {
            chain: public.branch(),
            own_blocks: 0.0,
            own_work: 0.0,
            public_blocks: 0.0,
            public_work: 0.0,
            lost_tie: false,
        }
    }
}
