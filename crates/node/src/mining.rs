use crate::block_template::BlockTemplate;
use crate::command::{MiningPolicy, MiningSettings};
use crate::consensus::{MAX_FUTURE_TIME, SoundBlock};
use crate::context::Context;
use crate::effect::Effect;
use crate::event::Event;
use crate::pow::Job;
use crate::primitives::{Block, BlockId, Header, Identified};
use crate::status::{ClockComparison, MiningStatus, SyncStatus};
use crate::units::{Monotonic, Timestamp};
use core::time::Duration;
use std::sync::Arc;

/// Minimum interval at which a running job takes in new payments (rule M3). Workers update the job's time themselves:
/// see [`Job::header_at`].
const REFRESH_PAYMENTS: Duration = Duration::from_secs(5);

/// What decides, besides chain and mempool, whether to mine and how to date blocks.
pub(crate) struct Outlook {
    pub(crate) sync: SyncStatus,
    /// Whether missing blocks are overdue, so that the node continues without them.
    pub(crate) withheld: bool,
    pub(crate) clock: Option<ClockComparison>,
    /// See [`Job::clock_lead`].
    pub(crate) clock_lead: u64,
}

/// A result of a mining worker.
pub(crate) struct Find {
    /// The job's generation.
    pub(crate) generation: u64,
    pub(crate) salt: u32,
    /// The time in the header.
    pub(crate) time: Timestamp,
    pub(crate) nonce: u32,
}

/// The current job, or the reason not to mine.
pub(crate) struct Mining {
    settings: Option<MiningSettings>,
    job: Option<RunningJob>,
    /// The newest job's generation; results of older jobs do not count.
    generation: u64,
    /// Whether mempool or settings have changed since the last update.
    changed: bool,
    status: MiningStatus,
    /// A block found by this node that is not connected yet.
    found: Option<BlockId>,
}

struct RunningJob {
    job: Job,
    /// The block without its work.
    block: Block,
    settings: MiningSettings,
    since: Monotonic,
}

impl Default for Mining {
    fn default() -> Self {
        Self { settings: None, job: None, generation: 0, changed: true, status: MiningStatus::Off, found: None }
    }
}

impl Mining {
    pub(crate) fn set(&mut self, settings: Option<MiningSettings>) {
        self.settings = settings;
        self.changed = true;
    }

    pub(crate) fn pool_changed(&mut self) {
        self.changed = true;
    }

    pub(crate) fn status(&self) -> MiningStatus {
        self.status
    }

    /// When to update a running job.
    pub(crate) fn refresh_at(&self) -> Option<Monotonic> {
        let job = self.job.as_ref().filter(|_| self.changed)?;
        Some(job.since.after(REFRESH_PAYMENTS))
    }

    /// Starts, replaces or stops the job according to the node's state.
    pub(crate) fn update(&mut self, cx: &mut Context, outlook: &Outlook) {
        let status = match self.settings {
            None => MiningStatus::Off,
            Some(settings) => match reason_to_wait(cx, outlook) {
                Some(status) => status,
                None => return self.mine_on_tip(cx, settings, outlook.clock_lead),
            },
        };
        self.pause(cx, status);
    }

    fn pause(&mut self, cx: &mut Context, status: MiningStatus) {
        if self.job.take().is_some() {
            cx.outbox.push(Effect::PauseMining { generation: self.generation });
        }
        self.changed = true;
        self.set_status(cx, status);
    }

    fn set_status(&mut self, cx: &mut Context, status: MiningStatus) {
        if status != self.status {
            self.status = status;
            cx.outbox.emit(Event::MiningChanged(status));
        }
    }

    fn mine_on_tip(&mut self, cx: &mut Context, settings: MiningSettings, clock_lead: u64) {
        let now = cx.now.monotonic;
        if let Some(running) = &self.job
            && running.block.header.previous == cx.chain.tip().id
            && running.settings == settings
            && running.job.clock_lead == clock_lead
            && running.block.header.time <= latest_block_time(cx, clock_lead)
            && self.refresh_at().is_none_or(|at| now < at)
        {
            return;
        }
        if self.job.is_none() && !self.changed {
            return; // There was nothing to mine, and nothing has changed since.
        }
        self.changed = false;
        let template = BlockTemplate::new(cx, clock_lead);
        let payments = template.payments();
        let wanted = match settings.policy {
            MiningPolicy::OnDemand => 1,
            MiningPolicy::Always => 0,
        };
        if payments < wanted.max(cx.chain.params().min_block_payments) {
            self.pause(cx, MiningStatus::NothingToMine);
            self.changed = false;
            return;
        }
        self.generation += 1;
        let block = template.block(settings.recipient, cx.now.wall);
        let (generation, height, reward) = (self.generation, block.coinbase.height, block.coinbase.output.amount);
        let job = Job { generation, header: block.header, target: template.target(), clock_lead };
        cx.outbox.push(Effect::Mine(job));
        self.job = Some(RunningJob { job, block, settings, since: now });
        self.set_status(cx, MiningStatus::Mining { generation, height, payments, reward });
    }

    /// Takes a worker's result; returns the block if it counts. Results of old jobs (rule M2) and invalid results do
    /// not.
    pub(crate) fn mined(&mut self, cx: &mut Context, find: Find, clock_lead: u64) -> Option<Identified<Block>> {
        let Find { generation, salt, time, nonce } = find;
        let running = self.job.as_ref().filter(|_| generation == self.generation)?;
        let header = Identified::from(Header { salt, nonce, ..running.job.header_of(time) });
        let met = header.target.expand().is_ok_and(|target| target.is_met_by(&header.id().0));
        // After a jump ahead of the clock, the block's time may be one that others must refuse (rule M11).
        if !met || time < running.block.header.time || time > latest_block_time(cx, clock_lead) {
            return None;
        }
        let running = self.job.take()?;
        self.changed = true;
        self.found = Some(header.id());
        // Workers other than the finder continue until told otherwise.
        cx.outbox.push(Effect::PauseMining { generation });
        Some(header.with_body(running.block.roots, running.block.coinbase, running.block.payments))
    }

    /// Reports a block found by this node when it is connected.
    pub(crate) fn report_if_mined(&mut self, cx: &mut Context, connected: &[Arc<SoundBlock>]) {
        let Some(found) = self.found else { return };
        let Some(block) = connected.iter().find(|b| b.id() == found) else { return };
        self.found = None;
        let output = block.block().coinbase.output;
        cx.outbox.emit(Event::BlockMined {
            id: found,
            height: block.height(),
            payments: u32::try_from(block.block().payments.len()).unwrap_or(u32::MAX),
            reward: output.amount,
            recipient: output.recipient,
        });
    }
}

/// The next block, for a miner outside of the node.
///
/// # Errors
/// Why mining must wait.
pub(crate) fn template(cx: &Context, outlook: &Outlook) -> Result<BlockTemplate, MiningStatus> {
    if let Some(reason) = reason_to_wait(cx, outlook) {
        return Err(reason);
    }
    let template = BlockTemplate::new(cx, outlook.clock_lead);
    if template.payments() < cx.chain.params().min_block_payments {
        return Err(MiningStatus::NothingToMine);
    }
    Ok(template)
}

/// Why mining must wait for the chain or the clock, if it must (rules M1, M2, M11 and M12).
fn reason_to_wait(cx: &Context, outlook: &Outlook) -> Option<MiningStatus> {
    let waits = match outlook.sync {
        _ if cx.chain.is_moving() => Some(MiningStatus::Syncing),
        SyncStatus::Synced => None,
        SyncStatus::EarlyHeaders if outlook.clock.is_some_and(|clock| clock.counts) => Some(MiningStatus::ClockBehind),
        SyncStatus::EarlyHeaders => None,
        SyncStatus::Blocks { .. } if outlook.withheld => None,
        SyncStatus::Blocks { height, target } if target.above(height) <= 2 => {
            Some(MiningStatus::CheckingBlock { id: cx.chain.best_header().id })
        }
        _ => Some(MiningStatus::Syncing),
    };
    waits.or_else(|| chain_ahead(cx, outlook.clock_lead))
}

/// Whether others would refuse the next block, or the tip it builds on, as too early (rules H6 and M11).
fn chain_ahead(cx: &Context, clock_lead: u64) -> Option<MiningStatus> {
    let latest = latest_block_time(cx, clock_lead);
    let time = earliest_block_time(cx).max(cx.chain.tip().time);
    let until = Timestamp(time.0.saturating_sub(MAX_FUTURE_TIME.as_millis() as u64));
    (time > latest).then_some(MiningStatus::ChainAhead { until })
}

/// The earliest valid time of a block on the tip (rule H5).
fn earliest_block_time(cx: &Context) -> Timestamp {
    Timestamp(cx.chain.median_time().0.saturating_add(1))
}

/// The latest time of a block that others accept now (rules H6 and M11).
fn latest_block_time(cx: &Context, clock_lead: u64) -> Timestamp {
    mining_clock(cx, clock_lead).after(MAX_FUTURE_TIME)
}

/// The time for new blocks, by this machine's clock or the peers' clocks (rule M11).
fn mining_clock(cx: &Context, clock_lead: u64) -> Timestamp {
    Timestamp(cx.now.wall.0.saturating_sub(clock_lead))
}
