use super::{PATIENCE, Scene};
use crate::chain::LongChain;
use crate::relay::Options;
use crate::relay::attack::{AttackRun, AttackTarget};
use crate::relay::probe::Probe;
use crate::relay::report::Report;
use crate::relay::round::Round;
use crate::relay::tabs::Tabs;
use anyhow::{Context, Result, ensure};
use fedcoin_node::primitives::{Block, Header};
use std::net::SocketAddr;
use std::sync::atomic::AtomicU64;
use std::time::{Duration, Instant};

/// Time between two payments.
const EVERY: Duration = Duration::from_secs(1);
/// Number of payments before a block with those that wait.
const BLOCK_AFTER: u64 = 10;
/// Time of the measurement before the attack.
const BEFORE: Duration = Duration::from_secs(60);
/// The chain under attack: payments in a block of 100 kB, and number of blocks.
const FULL_BLOCKS: usize = 20;
const PER_BLOCK: usize = 440;
const BLOCKS: usize = 500;
/// Payments of 3,400 outputs, almost as large as any, for one owner; as many in a block as fit.
const RICH: usize = 60;
const RICH_PER_BLOCK: usize = 10;
const RICH_OUTPUTS: usize = 3_400;
/// Number of headers of a branch with less work.
const SIDE: usize = 400;

/// A chain with data that attackers can request.
pub(in crate::relay) fn chain() -> Result<LongChain> {
    let mut chain = LongChain::make(FULL_BLOCKS * PER_BLOCK, PER_BLOCK)?;
    for first in (0..RICH).step_by(RICH_PER_BLOCK) {
        let payments = (first..first + RICH_PER_BLOCK).map(|payer| chain.split_for_first(payer, RICH_OUTPUTS));
        let payments = payments.collect::<Result<_>>()?;
        chain.append(payments);
    }
    while chain.blocks.len() < BLOCKS {
        chain.append(Vec::new());
    }
    Ok(chain)
}

impl Scene {
    /// Measures what the tabs get before, and while the relay is attacked in every way at once for this long.
    pub(super) fn under_attack(
        &mut self,
        options: &Options,
        report: &mut Report,
        relay: SocketAddr,
        time: Duration,
    ) -> Result<()> {
        let target = self.target(relay)?;
        let stat = self.relays.first().context("there is a relay")?.stat();
        let probe = Probe::begin(relay);
        self.watch(&probe, report, "before", BEFORE.min(time))?;
        let (run, started) = (AttackRun::begin(target, stat, &options.attackers)?, Instant::now());
        self.watch(&probe, report, "under attack", time)?;
        report.memory("the relay's peak memory under attack", &self.name, self.readers, run.peak());
        for (name, figures) in run.end(started) {
            report.attack(&self.name, self.readers, name, figures);
        }
        // The after-effects of the attack are part of the last measurement.
        self.watch(&probe, report, "after", BEFORE.min(time))?;
        report.memory("the relay's memory after it", &self.name, self.readers, self.memory());
        ensure!(
            self.crowd.lost == 0 && self.talk.goodbyes.is_empty(),
            "honest tabs were disconnected: {:?}",
            self.talk.goodbyes
        );
        Ok(())
    }

    fn target(&mut self, address: SocketAddr) -> Result<AttackTarget> {
        let mut side = LongChain { blocks: Vec::new(), ..self.chain.clone() };
        for _ in 0..SIDE {
            side.append(Vec::new());
        }
        let headers: Vec<Header> = side.blocks.iter().map(|block| block.header).collect();
        Ok(AttackTarget {
            address,
            hello: Tabs::hello(&side, 0),
            handshakes: AtomicU64::new(1 << 40),
            blocks: self.chain.blocks.iter().take(FULL_BLOCKS).map(Block::id).collect(),
            headers,
            rich: self.chain.params.genesis.recipient,
            // Its coin was spent long ago, so it can never be valid.
            payment: self.chain.blocks.get(1).and_then(|b| b.payments.first()).context("there are payments")?.clone(),
        })
    }

    /// Sends payments and blocks for this long, and reports their delivery and the relay's costs.
    fn watch(&mut self, probe: &Probe, report: &mut Report, when: &str, time: Duration) -> Result<()> {
        probe.answers();
        let (cpu, started) = (self.cost().0, Instant::now());
        let (mut payments, mut blocks) = (Round::default(), Round::default());
        let mut number = 0;
        while started.elapsed() < time {
            payments.add(self.one_payment()?);
            number += 1;
            if number % BLOCK_AFTER == 0 {
                let waiting = core::mem::take(&mut self.waiting);
                blocks.add(self.block(waiting, super::Form::Compact)?);
            }
            let due = EVERY.saturating_mul(u32::try_from(number)?);
            self.crowd.talk(&mut self.talk, due.saturating_sub(started.elapsed()), |_| false)?;
        }
        let (used, took) = (self.cost().0.saturating_sub(cpu), started.elapsed());
        report.round(&self.name, self.readers, &format!("payments, {when}"), payments.figures(used, took), 0);
        report.round(&self.name, self.readers, &format!("blocks, {when}"), blocks.figures(used, took), 0);
        let answers = probe.answers().figures(used, took);
        report.round(&self.name, self.readers, &format!("requests for the status, {when}"), answers, 0);
        report.load(&self.name, self.readers, when, used.as_secs_f64() / took.as_secs_f64(), self.memory());
        Ok(())
    }

    fn one_payment(&mut self) -> Result<Round> {
        let payments = self.make(1)?;
        self.talk.begin();
        let frames = self.talk.payments(&payments, self.readers);
        self.crowd.send(self.talk.publisher, &frames);
        self.crowd.talk(&mut self.talk, PATIENCE, |talk| talk.round.is_complete())?;
        self.waiting.extend(payments);
        Ok(self.talk.begin())
    }
}
