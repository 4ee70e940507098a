use super::Node;
use super::blocks::{BlockSource, Connected};
use crate::command::{MiningPolicy, MiningSettings};
use crate::consensus::{HEADER_VERSION, MAX_FUTURE_TIME};
use crate::effect::Effect;
use crate::event::Event;
use crate::pow::Job;
use crate::primitives::{Block, BlockId, Coinbase, Header, MerkleRoot, Output};
use crate::status::{MiningStatus, SyncStatus};
use crate::units::{Amount, Monotonic, Timestamp};
use core::time::Duration;

/// A running job takes in new payments no more often (rule M3). Its time is the workers' business: see [`Job::header_at`].
const REFRESH_PAYMENTS: Duration = Duration::from_secs(5);

/// What is searched for, and why not if nothing is.
pub(super) struct Miner {
    settings: Option<MiningSettings>,
    job: Option<RunningJob>,
    /// Of the newest job; results of older ones do not count.
    generation: u64,
    /// The mempool, or the settings, changed since the last look.
    changed: bool,
    status: MiningStatus,
    /// A block found here that has not been connected yet.
    found: Option<BlockId>,
}

struct RunningJob {
    block: Block,
    settings: MiningSettings,
    /// See [`Job::clock_lead`].
    clock_lead: u64,
    since: Monotonic,
}

impl Default for Miner {
    fn default() -> Self {
        Self { settings: None, job: None, generation: 0, changed: true, status: MiningStatus::Off, found: None }
    }
}

impl Miner {
    pub(super) fn set(&mut self, settings: Option<MiningSettings>) {
        self.settings = settings;
        self.changed = true;
    }

    pub(super) fn pool_changed(&mut self) {
        self.changed = true;
    }

    pub(super) fn status(&self) -> MiningStatus {
        self.status
    }

    /// When a running job is to be looked at again.
    pub(super) fn refresh_at(&self) -> Option<Monotonic> {
        let job = self.job.as_ref().filter(|_| self.changed)?;
        Some(job.since.after(REFRESH_PAYMENTS))
    }
}

impl Node {
    /// Starts, replaces or stops the job as the node's state demands.
    pub(super) fn update_mining(&mut self) {
        let status = match self.miner.settings {
            None => MiningStatus::Off,
            Some(settings) => match self.reason_to_wait() {
                Some(status) => status,
                None => return self.mine_on_tip(settings),
            },
        };
        self.pause(status);
    }

    /// Why mining must wait for the chain or the clock, if it must (rules M1, M2, M11 and M12).
    fn reason_to_wait(&self) -> Option<MiningStatus> {
        let waits = match self.sync_status() {
            _ if self.chain.is_moving() => Some(MiningStatus::Syncing),
            SyncStatus::Synced => None,
            SyncStatus::EarlyHeaders if self.clock().is_some_and(|clock| clock.counts) => {
                Some(MiningStatus::ClockBehind)
            }
            SyncStatus::EarlyHeaders => None,
            SyncStatus::Blocks { .. } if self.is_withheld() => None,
            SyncStatus::Blocks { height, target } if target.above(height) <= 2 => {
                Some(MiningStatus::CheckingBlock { id: self.chain.best_header().id })
            }
            _ => Some(MiningStatus::Syncing),
        };
        waits.or_else(|| self.chain_ahead())
    }

    /// Whether the next block would be one that others must refuse, or stand on one (rules H6 and M11).
    fn chain_ahead(&self) -> Option<MiningStatus> {
        let latest = self.latest_block_time();
        let time = self.earliest_block_time().max(self.chain.tip().time);
        let until = Timestamp(time.0.saturating_sub(MAX_FUTURE_TIME.as_millis() as u64));
        (time > latest).then_some(MiningStatus::ChainAhead { until })
    }

    /// The earliest time of a block on the tip (rule H5).
    fn earliest_block_time(&self) -> Timestamp {
        Timestamp(self.chain.median_time().0.saturating_add(1))
    }

    fn pause(&mut self, status: MiningStatus) {
        if self.miner.job.take().is_some() {
            self.outbox.push(Effect::PauseMining { generation: self.miner.generation });
        }
        self.miner.changed = true;
        self.set_mining_status(status);
    }

    fn set_mining_status(&mut self, status: MiningStatus) {
        if status != self.miner.status {
            self.miner.status = status;
            self.outbox.emit(Event::MiningChanged(status));
        }
    }

    fn mine_on_tip(&mut self, settings: MiningSettings) {
        let (now, clock_lead) = (self.now.monotonic, self.clock_lead());
        if let Some(job) = &self.miner.job
            && job.block.header.previous == self.chain.tip().id
            && job.settings == settings
            && job.clock_lead == clock_lead
            && job.block.header.time <= self.latest_block_time()
            && self.miner.refresh_at().is_none_or(|at| now < at)
        {
            return;
        }
        if self.miner.job.is_none() && !self.miner.changed {
            return; // Nothing to mine at the last look, and nothing new since.
        }
        self.miner.changed = false;
        let (block, reward) = self.template(settings);
        let payments = u32::try_from(block.payments.len()).unwrap_or(u32::MAX);
        let wanted = match settings.policy {
            MiningPolicy::OnDemand => 1,
            MiningPolicy::Always => 0,
        };
        if payments < wanted.max(self.chain.params().min_block_payments) {
            self.pause(MiningStatus::NothingToMine);
            self.miner.changed = false;
            return;
        }
        self.miner.generation += 1;
        let (generation, height) = (self.miner.generation, block.coinbase.height);
        self.outbox.push(Effect::Mine(Job { generation, header: block.header, clock_lead }));
        self.miner.job = Some(RunningJob { block, settings, clock_lead, since: now });
        self.set_mining_status(MiningStatus::Mining { generation, height, payments, reward });
    }

    /// The block to search for, and what it pays.
    fn template(&self, settings: MiningSettings) -> (Block, Amount) {
        let tip = self.chain.tip();
        let height = tip.height.next();
        let template = self.mempool.template(self.chain.params());
        let subsidy = self.chain.params().subsidy_at(height);
        // Subsidy and fees are parts of the supply, which has been checked to stay in range.
        let amount = subsidy.checked_add(template.fees).unwrap_or(subsidy);
        let mut block = Block {
            header: Header {
                version: HEADER_VERSION,
                salt: 0,
                previous: tip.id,
                merkle_root: MerkleRoot::default(),
                time: self.mining_clock().max(self.earliest_block_time()),
                target: self.chain.next_header().target,
                nonce: 0,
            },
            coinbase: Coinbase { height, output: Output { amount, recipient: settings.recipient } },
            payments: template.payments,
        };
        block.header.merkle_root = block.merkle_root();
        (block, amount)
    }

    /// A worker has found something. Results of old jobs (rule M2), and wrong ones, do not count.
    pub(super) fn mined(&mut self, generation: u64, salt: u32, time: Timestamp, nonce: u32) {
        if generation != self.miner.generation {
            return;
        }
        let Some(job) = &self.miner.job else { return };
        let mut block = job.block.clone();
        block.header = Header { salt, time, nonce, ..block.header };
        let id = block.id();
        let met = block.header.target.expand().is_ok_and(|target| target.is_met_by(&id.0));
        // A clock that was just put ahead dates blocks that others must refuse (rule M11).
        if !met || time < job.block.header.time || time > self.latest_block_time() {
            return;
        }
        self.miner.job = None;
        self.miner.changed = true;
        self.miner.found = Some(id);
        // Workers that have not found it go on until told otherwise.
        self.outbox.push(Effect::PauseMining { generation });
        self.take_block(block, BlockSource { peer: None, request: None, rebuilt: false });
    }

    /// Tells the user when a block found here is connected.
    pub(super) fn tell_if_mined(&mut self, connected: Connected<'_>) {
        let Some(found) = self.miner.found else { return };
        let Some(block) = connected.iter().find(|b| b.id() == found) else { return };
        self.miner.found = None;
        let output = block.block().coinbase.output;
        self.outbox.emit(Event::BlockMined {
            id: found,
            height: block.height(),
            payments: u32::try_from(block.block().payments.len()).unwrap_or(u32::MAX),
            reward: output.amount,
            recipient: output.recipient,
        });
    }
}
